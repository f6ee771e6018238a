"""The ontology against the rules of OWL 2 DL and OWL 2 RL, and its header against what registries ask for.

Sections are those of https://www.w3.org/TR/owl2-syntax/ and https://www.w3.org/TR/owl2-profiles/.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.vocab import PREFIXES, TURTLE_PREFIXES, TYPE, short, term
from kgraph.evidence import turtle

ONTOLOGY = ox.NamedNode("https://w3id.org/sekg/ns")
RESERVED = tuple(PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs", "xsd"))
"""The reserved vocabulary (section 2.4)."""

KINDS: dict[object, str] = {
    term("owl:Class"): "class",
    term("owl:ObjectProperty"): "object property",
    term("owl:DatatypeProperty"): "data property",
    term("owl:AnnotationProperty"): "annotation property",
}
CHARACTERS: dict[object, str] = {
    term("owl:SymmetricProperty"): "object property",
    term("owl:TransitiveProperty"): "object property",
}
"""The other types that an entity may have here; a new one has to be looked up in the specification."""
BUILT_IN: dict[object, str] = {
    **{term(f"rdfs:{name}"): "annotation property" for name in ("label", "comment", "seeAlso", "isDefinedBy")},
    **{term(f"owl:{name}"): "annotation property" for name in ("deprecated", "versionInfo", "priorVersion")},
}
"""Annotation properties that need no declaration (section 5.5)."""
HEADER = {term("owl:versionIRI"), term("owl:imports")}
DATATYPES = {
    *map(term, ("rdf:langString", "rdfs:Literal")),
    *(
        term(f"xsd:{name}")
        for name in re.findall(
            r"\w+",
            "decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte "
            "unsignedLong unsignedInt unsignedShort unsignedByte float double string normalizedString token language "
            "Name NCName NMTOKEN boolean hexBinary base64Binary anyURI dateTime dateTimeStamp",
        )
    ),
}
"""The datatypes of OWL 2 RL (profiles, section 4.2.1), with that of language-tagged strings."""

CLASS_AXIOMS = {term("rdfs:subClassOf"), term("owl:disjointWith"), term("owl:equivalentClass")}
PROPERTY_AXIOMS = {term("rdfs:subPropertyOf"), term("owl:inverseOf"), term("owl:equivalentProperty")}
CHAIN = term("owl:propertyChainAxiom")
LIST = {term("rdf:first"), term("rdf:rest")}


class Profile:
    """The triples of an ontology with the kinds of its entities, and every place where they break a rule."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.triples = list(triples)
        self.kinds: dict[object, set[str]] = defaultdict(set, {node: {kind} for node, kind in BUILT_IN.items()})
        for triple in self.triples:
            if triple.predicate == TYPE and triple.object in KINDS:
                self.kinds[triple.subject].add(KINDS[triple.object])

    def violations(self) -> list[str]:
        """Where the ontology is not of OWL 2 DL and OWL 2 RL, in a stable order."""
        checks = (self._reserved(), self._puns(), self._triples(), self._literals(), self._cyclic())
        return sorted({fault for found in checks for fault in found})

    def _reserved(self) -> Iterator[str]:
        """Entities of the reserved vocabulary (sections 5.1 to 5.6)."""
        for triple in self.triples:
            named = [triple.object] if triple.predicate in CLASS_AXIOMS | {term("rdfs:domain")} else []
            named += [triple.subject] if triple.predicate == TYPE else []
            for node in named:
                if isinstance(node, ox.NamedNode) and node.value.startswith(RESERVED) and node not in BUILT_IN:
                    yield f"{short(node.value)} is reserved"

    def _puns(self) -> Iterator[str]:
        """Names of properties of two kinds (section 5.8.1)."""
        return (f"{node} is of two kinds" for node, kinds in self.kinds.items() if len(kinds) > 1)

    def _is(self, node: object, kind: str) -> bool:
        return kind in self.kinds[node]

    def _triples(self) -> Iterator[str]:
        """Triples that are no axiom of declared entities (mapping to RDF graphs, section 3)."""
        for triple in self.triples:
            if triple.predicate not in LIST and not self._is_axiom(triple):
                yield f"{triple} is no axiom of declared entities"

    def _is_axiom(self, triple: ox.Triple) -> bool:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        mine = self.kinds[subject]
        if predicate == TYPE:
            known = value in KINDS or CHARACTERS.get(value, "") in mine or self._is(value, "class")
            return known or (subject, value) == (ONTOLOGY, term("owl:Ontology"))
        if predicate in CLASS_AXIOMS:  # named classes only, and not owl:Thing: within OWL 2 RL
            return "class" in mine and self._is(value, "class")
        if predicate in PROPERTY_AXIOMS:
            return bool(mine & self.kinds[value])
        if predicate == CHAIN:
            return "object property" in mine and all(self._is(one, "object property") for one in self._chain(value))
        if predicate == term("rdfs:domain"):
            return bool(mine) and self._is(value, "class")
        if predicate == term("rdfs:range"):
            return self._is(value, "class") if "object property" in mine else value in DATATYPES
        return predicate in HEADER or self._is_said(predicate, value)

    def _is_said(self, predicate: ox.NamedNode, value: object) -> bool:
        """Whether an annotation or assertion is of a declared property of the right kind."""
        if self._is(predicate, "annotation property"):
            return True
        return self._is(predicate, "data property" if isinstance(value, ox.Literal) else "object property")

    def _literals(self) -> Iterator[str]:
        """Literals outside the datatype map (section 4)."""
        for triple in self.triples:
            if isinstance(triple.object, ox.Literal) and triple.object.datatype not in DATATYPES:
                yield f"{triple.object} is outside the datatype map"

    def _cyclic(self) -> Iterator[str]:
        """Property hierarchies with chains that no strict order allows (section 11.2)."""
        below: dict[object, set[object]] = defaultdict(set)
        for triple in self.triples:
            if triple.predicate == CHAIN:
                below[triple.subject] |= set(self._chain(triple.object)) - {triple.subject}
            elif triple.predicate == term("rdfs:subPropertyOf"):
                below[triple.object].add(triple.subject)
        try:
            TopologicalSorter(below).prepare()
        except CycleError as error:
            yield f"{error.args[1][0]} is below itself"

    def _chain(self, node: object) -> list[object]:
        firsts: dict[object, object] = {t.subject: t.object for t in self.triples if t.predicate == term("rdf:first")}
        rests: dict[object, object] = {t.subject: t.object for t in self.triples if t.predicate == term("rdf:rest")}
        found = []
        while node in firsts:
            found.append(firsts[node])
            node = rests[node]
        return found


@cache
def triples(folders: Folders) -> list[ox.Triple]:
    """The ontology with its bridge, as `data/ns.ttl` of a release has them."""
    return [quad.triple for path in folders.ontologies() for quad in turtle.parse(path)]


def test_the_ontology_is_of_owl_2_dl_and_owl_2_rl(folders: Folders) -> None:
    assert Profile(triples(folders)).violations() == []


DECLARED = """
ex:A a owl:Class . ex:p a owl:ObjectProperty . ex:q a owl:ObjectProperty . ex:n a owl:DatatypeProperty .
"""


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ("ex:A rdfs:subClassOf rdf:Statement .", "rdf:Statement is reserved"),
        ("rdf:subject a owl:ObjectProperty .", "rdf:subject is reserved"),
        ("ex:n rdfs:range xsd:date .", "is no axiom"),
        ("ex:p a owl:AnnotationProperty .", "is of two kinds"),
        ("ex:A rdfs:subClassOf ex:B .", "is no axiom"),
        ("ex:A rdfs:subClassOf owl:Thing .", "is no axiom"),
        ("ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:someValuesFrom ex:A ] .", "is no axiom"),
        ("ex:p a owl:FunctionalProperty .", "is no axiom"),
        ("ex:x ex:unknown ex:y .", "is no axiom"),
        ("ex:x ex:n ex:y .", "is no axiom"),
        ('ex:x ex:n "2026-11-30"^^xsd:date .', "is outside the datatype map"),
        ("ex:p owl:propertyChainAxiom ( ex:q ex:q ) . ex:q owl:propertyChainAxiom ( ex:p ex:p ) .", "is below itself"),
    ],
)
def test_what_is_outside_the_profiles_is_found(facts: str, fault: str) -> None:
    text = f"{TURTLE_PREFIXES}@prefix ex: <http://example.org/> .\n{DECLARED}{facts}"
    found = Profile(quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)).violations()
    assert any(fault in line for line in found), found


def header(folders: Folders) -> dict[ox.NamedNode, list[object]]:
    found: dict[ox.NamedNode, list[object]] = defaultdict(list)
    for triple in triples(folders):
        if triple.subject == ONTOLOGY:
            found[triple.predicate].append(triple.object)
    return found


def test_the_header_has_what_registries_of_vocabularies_ask_for(folders: Folders) -> None:
    about = header(folders)
    asked = re.findall(
        r"\S+",
        "dcterms:title dcterms:description dcterms:creator dcterms:publisher dcterms:license dcterms:created "
        "dcterms:issued dcterms:modified dcterms:source dcterms:bibliographicCitation foaf:logo owl:priorVersion "
        "schema:includedInDataCatalog",
    )
    assert [name for name in asked if not about[term(name)]] == []
    assert about[ox.NamedNode("http://purl.org/ontology/bibo/status")]
    assert ox.NamedNode("http://purl.org/vocommons/voaf#Vocabulary") in about[TYPE]


def test_the_citation_and_the_prior_version_follow_the_version(folders: Folders) -> None:
    about = header(folders)
    [version], [iri], [prior] = (about[term(f"owl:{name}")] for name in ("versionInfo", "versionIRI", "priorVersion"))
    assert isinstance(version, ox.Literal)
    assert str(iri) == f"<{ONTOLOGY.value}/{version.value}>"
    for citation in about[term("dcterms:bibliographicCitation")]:
        assert f" {version.value}, " in str(citation)
        assert f"{ONTOLOGY.value}/{version.value}" in str(citation)
    earlier = str(prior).strip("<>").removeprefix(f"{ONTOLOGY.value}/")
    assert tuple(map(int, earlier.split("."))) < tuple(map(int, version.value.split(".")))


def test_each_property_of_ours_has_a_domain_and_a_range_or_says_why_not(folders: Folders) -> None:
    said: dict[object, dict[object, str]] = defaultdict(lambda: defaultdict(str))
    for triple in triples(folders):
        said[triple.subject][triple.predicate] += f"{triple.object} "
    silent = [
        f"{node}: {axiom}"
        for node, about in said.items()
        if str(node).startswith(f"<{PREFIXES['se']}") and ("ObjectProperty" in about[TYPE] or "Datatype" in about[TYPE])
        for axiom in ("rdfs:domain", "rdfs:range")
        if not about[term(axiom)] and not about[term("owl:deprecated")]
        if axiom not in about[term("rdfs:comment")]
    ]
    assert silent == []
