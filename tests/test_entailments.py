"""Forbidden entailments: over the bundled data by owlrl, and on a small graph by our reasoner and by owlrl."""

from collections.abc import Iterable, Iterator
from itertools import chain

import owlrl
import pyoxigraph as ox
import pytest
from rdflib import Literal

from kgraph.base.paths import Folders
from kgraph.base.vocab import BASE, INFERRED_GRAPH, ONTOLOGY_GRAPH, PREFIXES, TURTLE_PREFIXES, TYPE, short, term
from kgraph.build import pipeline
from kgraph.evidence import turtle
from kgraph.rdf import inference, sparql
from kgraph.rdf.store import fill, to_rdflib
from kgraph.rdf.store import graph as triples_of
from tests.conftest import holds

FORBIDDEN = (
    ("a thing belongs to two disjoint classes", "?x a ?one , ?other . ?one owl:disjointWith ?other"),
    ("a thing is impossible", "?x a owl:Nothing"),
    ("two things are one", "?x owl:sameAs ?y FILTER(ISIRI(?x) && ?x != ?y)"),
    ("a person is an organisation", "?x a foaf:Person , org:Organization"),
    ("a group is a person", "?x a foaf:Group , foaf:Person"),
    ("a place is an agent", "?x a dcterms:Location , foaf:Agent"),
    ("a concept is an agent", "?x a skos:Concept , foaf:Agent"),
    ("a source is an agent", "?x a se:Source , foaf:Agent"),
    (
        "what has a legal form is a cluster",
        "?x a se:Cluster ; org:classification ?f . ?f skos:inScheme kind:legal-form FILTER(?f != legal:none)",
    ),
    ("a group without named members is a founder", "?x a foaf:Group ; se:foundingMemberOf ?y"),
    ("who acceded later is a founder", "?x se:accededTo ?a ; se:foundingMemberOf ?y . ?a se:establishes ?y"),
    ("who acceded later took part in the signing", "?x se:accededTo/se:signedAt/se:hasParticipant ?x"),
    ("an event has founding members", "?x se:foundingMemberOf ?y . ?y a se:Event"),
    ("an agent cooperates with itself", "?x se:cooperatesWith ?x"),
    ("a unit cooperates with its operator", "?x se:operatedBy ?y ; se:cooperatesWith ?y"),
    ("an operator cooperates with its unit", "?x se:operates ?y ; se:cooperatesWith ?y"),
    ("who only attended has signed", "?x ^se:hasAttendee/se:signingOf/se:hasSignatory ?x"),
    ("who only attended is a member", "?x ^se:hasAttendee/se:signingOf/se:establishes ?y . ?x se:memberOf ?y"),
    ("who holds an office is a member by it", "?x a foaf:Person ; org:holds/org:postIn ?y ; se:memberOf ?y"),
    ("a stakeholder group has signed", "?a se:targetsStakeholder ?x ; se:hasSignatory ?x"),
    ("a place lies within itself", "?x se:within ?x"),
    ("a superlative is a fact", "?x se:firstOfKindIn ?y"),
    ("an expectation is a fact", "?x se:expectedEffect ?y"),
)  # fmt: skip
"""Entailments that are false for any data: a description and a SPARQL pattern each."""


@pytest.fixture(scope="module")
def closure(graph: ox.Store) -> ox.Store:
    """The OWL RL closure of the ontology, the stated facts and our inferred facts, without claims."""
    reasoned = to_rdflib((*inference.facts_of(graph), *triples_of(graph, ONTOLOGY_GRAPH)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(reasoned)  # else it patches rdflib
    lines = (" ".join(part.n3() for part in triple) for triple in reasoned if not isinstance(triple[0], Literal))
    store = ox.Store()
    store.bulk_load("".join(f"{line} .\n" for line in lines).encode(), format=ox.RdfFormat.TURTLE, lenient=True)
    return store


@pytest.mark.parametrize("pattern", [pattern for _, pattern in FORBIDDEN], ids=[what for what, _ in FORBIDDEN])
@pytest.mark.whole
def test_the_data_entails_nothing_forbidden(closure: ox.Store, pattern: str) -> None:
    found = closure.query(f"SELECT * WHERE {{ {pattern} }} LIMIT 5", prefixes=dict(PREFIXES))
    assert [[str(value) for value in row] for row in found] == []  # type: ignore[union-attr]


@pytest.mark.whole
def test_the_class_of_every_thing_stays_what_its_source_says(graph: ox.Store, closure: ox.Store) -> None:
    stated = (q for q in graph.quads_for_pattern(None, TYPE, None, None) if q.graph_name not in NOT_STATED)
    allowed = {(quad.subject, kind) for quad in stated for kind in above(graph, quad.object)}
    entailed = {(q.subject, q.object) for q in closure.quads_for_pattern(None, TYPE, None, None)}
    added = {(thing, kind) for thing, kind in entailed - allowed if is_of_data(graph, thing) and is_class(graph, kind)}
    assert sorted(f"{thing} a {kind}" for thing, kind in added) == []


NOT_STATED = (ox.DefaultGraph(), INFERRED_GRAPH, ONTOLOGY_GRAPH)


def above(graph: ox.Store, kind: object) -> Iterator[object]:
    """A class and its superclasses."""
    query = (
        f"SELECT ?above WHERE {{ GRAPH <{ONTOLOGY_GRAPH.value}> {{ {kind} <{PREFIXES['rdfs']}subClassOf>* ?above }} }}"
    )
    return (row["above"] for row in graph.query(query))  # type: ignore[union-attr]


def is_of_data(graph: ox.Store, thing: object) -> bool:
    """Whether a node is a thing of the data, not a term of the ontology."""
    ours = isinstance(thing, ox.NamedNode) and thing.value.startswith(BASE)
    return ours and not any(graph.quads_for_pattern(thing, None, None, ONTOLOGY_GRAPH))  # type: ignore[arg-type]


def is_class(graph: ox.Store, kind: object) -> bool:
    """Whether the ontology declares the class; owlrl adds others, such as rdfs:Resource."""
    return ox.Quad(kind, TYPE, term("owl:Class"), ONTOLOGY_GRAPH) in graph  # type: ignore[arg-type]


PACT = "id:pact a se:Agreement ; se:hasSignatory id:first , id:many , id:late , id:unit , id:operator ."

SMALL = f"""
id:coop a se:SocialEconomyEntity ; se:numberOfMembers 12 .
{PACT} id:pact se:establishes id:cluster ; se:signedAt id:signing . id:cluster a se:Cluster .
id:many a foaf:Group . id:late se:accededTo id:pact . id:unit se:operatedBy id:operator .
id:later se:accededTo id:pact .
id:deed a se:Agreement ; se:establishes id:council ; se:hasSignatory id:gmina . id:council a org:Organization .
id:resolution a eli:LegalResource ; se:establishes id:centre .
id:anna a foaf:Person . id:mark se:hasLaureate id:anna .
id:programme a se:Event ; se:coordinatedBy id:anna . id:network a org:Organization ; se:coordinatedBy id:coop .
id:network se:hasPurpose purpose:quality . id:fair a se:Event ; se:hasPurpose purpose:quality .
id:entities a foaf:Group ; se:activeIn id:powiat . id:powiat se:within id:region .
id:workshop a org:Organization ; se:firstOfKindIn id:region .
id:office org:postIn id:coop ; org:heldBy id:board . id:board a foaf:Group .
id:city a cv:PublicOrganisation . id:unit-of-land a cv:AdminUnit .
id:membership org:member id:anna ; org:organization id:coop .
source:text a se:Source , se:Agreement ; se:hasSignatory id:coop .
source:l0 dcterms:valid "2030-01-01"^^xsd:date ; se:listsAll orgstatus:cis-status .
source:l1 dcterms:valid "2031-01-01"^^xsd:date ; se:listsAll orgstatus:cis-status .
source:l2 dcterms:valid "2032-01-01"^^xsd:date ; se:listsAll orgstatus:cis-status .
source:part dcterms:valid "2033-01-01"^^xsd:date . id:elsewhere a dcterms:Location .
source:far dcterms:valid "2033-01-01"^^xsd:date ; se:listsAll orgstatus:cis-status ; dcterms:spatial id:elsewhere .
id:gone se:holder id:one ; se:recordedStatus orgstatus:cis-status ; se:listedOn source:l0 .
id:back se:holder id:two ; se:recordedStatus orgstatus:cis-status ; se:listedOn source:l0 , source:l2 .
id:new se:holder id:three ; se:recordedStatus orgstatus:cis-status ; se:listedOn source:l2 .
id:twin se:holder id:four ; se:recordedStatus orgstatus:cis-status ; se:listedOn source:l0 .
id:twin-of se:holder id:four ; se:recordedStatus orgstatus:cis-status ; se:listedOn source:l1 , source:l2 .
"""

ENTAILED = (
    ("numberOfMembers", "id:coop a org:Organization", "id:coop a se:Cluster"),
    ("founders sign", "id:first se:foundingMemberOf id:cluster ; se:memberOf id:cluster", "id:many se:memberOf ?x"),
    ("a group signs", "id:many se:signatoryOf id:pact", "id:many se:foundingMemberOf ?x"),
    ("a signatory that acceded later", "id:late se:accededTo id:pact", "id:late se:foundingMemberOf ?x"),
    ("accession", "id:later a foaf:Agent", "id:later se:participatedIn|se:foundingMemberOf|se:signatoryOf ?x"),
    ("an agreement establishes", "id:council se:establishedBy id:deed", "id:council a se:Cluster"),
    ("who signs for a council", "id:gmina se:signatoryOf id:deed", "id:gmina se:memberOf ?x"),
    ("an act establishes", "id:centre a org:Organization", "id:resolution a se:Agreement"),
    ("hasLaureate", "id:mark a se:Award", "id:anna a org:Organization"),
    ("coordinatedBy, its values", "id:anna a foaf:Agent", "id:anna a org:Organization"),
    ("coordinatedBy, an event", "id:programme a prov:Activity", "id:programme a foaf:Agent"),
    ("coordinatedBy, an organisation", "id:network a foaf:Agent", "id:network a se:Cluster"),
    ("hasPurpose, an organisation", "purpose:quality a skos:Concept", "id:network a se:Agreement"),
    ("hasPurpose, an event", "id:fair a prov:Activity", "id:fair a se:Agreement"),
    ("activeIn", "id:entities se:activeIn id:region", "id:entities a org:Organization"),
    ("firstOfKindIn", "id:region a dcterms:Location", "id:workshop a se:Cluster"),
    ("units sign with their operator", "id:unit se:cooperatesWith id:first", "id:unit se:cooperatesWith id:operator"),
    ("operators sign with a unit", "id:operator se:cooperatesWith id:first", "id:operator se:cooperatesWith id:unit"),
    ("heldBy", "id:coop se:hasOfficeHolder id:board", "id:board a foaf:Person"),
    ("a public organisation", "id:city a org:Organization", "id:city a dcterms:Location"),
    ("an administrative unit", "id:unit-of-land a dcterms:Location", "id:unit-of-land a foaf:Agent"),
    ("a membership", "id:anna org:memberOf id:coop", "id:anna se:memberOf id:coop"),
    ("absence", "id:gone se:absentFrom source:l1 , source:l2", "id:gone se:absentFrom source:part"),
    ("absence, elsewhere", "id:gone se:listedOn source:l0", "id:gone se:absentFrom source:far"),
    ("absence, came back", "id:back se:listedOn source:l2", "id:back se:absentFrom ?x"),
    ("absence, not yet there", "id:new se:listedOn source:l2", "id:new se:absentFrom ?x"),
    ("absence, another record", "id:twin se:listedOn source:l0", "id:twin se:absentFrom ?x"),
    ("a published agreement", "source:text a se:Source , se:Agreement", "source:text a se:Event"),
)  # fmt: skip
"""Cases in the small graph: a name, a pattern that is stated or entailed, and a pattern that is not."""


@pytest.fixture(scope="module", params=["kgraph", pytest.param("owlrl", marks=pytest.mark.slow)])
def small(request: pytest.FixtureRequest, folders: Folders) -> ox.Store:
    """The closure of the small graph with the bundled ontology and rules, by our reasoner or by owlrl."""
    store = ox.Store()
    facts = ox.parse(TURTLE_PREFIXES + SMALL, ox.RdfFormat.TURTLE)
    fill(store, [ox.Quad(q.subject, q.predicate, q.object, term("graph:facts")) for q in facts])
    axioms = chain.from_iterable(map(turtle.parse, folders.ontologies()))
    fill(store, [ox.Quad(q.subject, q.predicate, q.object, ONTOLOGY_GRAPH) for q in axioms])
    inference.infer(store, pipeline.rules(folders), reasoner=request.param)
    return store


@pytest.mark.parametrize(("follows", "forbidden"), [row[1:] for row in ENTAILED], ids=[row[0] for row in ENTAILED])
def test_an_axiom_entails_no_more_than_it_says(small: ox.Store, follows: str, forbidden: str) -> None:
    assert holds(small, follows)
    assert not holds(small, forbidden)


def test_a_published_agreement_is_a_source_without_contradiction(small: ox.Store) -> None:
    assert list(sparql.named(small, "disjoint")) == []


AXIOMS = {
    *(term(f"rdfs:{name}") for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(term(f"owl:{name}") for name in ("inverseOf", "disjointWith", "equivalentClass", "propertyChainAxiom")),
}


def test_axioms_on_reused_terms_stand_in_the_bridge(folders: Folders) -> None:
    ours, bridge = ([quad for quad in turtle.parse(path) if quad.predicate in AXIOMS] for path in folders.ontologies())
    assert ours and {str(quad.subject) for quad in ours if not is_ours(quad.subject)} == set()
    assert bridge and {str(quad.subject) for quad in bridge if is_ours(quad.subject)} == set()


def is_ours(node: object) -> bool:
    return isinstance(node, ox.NamedNode) and node.value.startswith(PREFIXES["se"])


OWL_2_DATATYPES = {
    *("xsd:string", "xsd:boolean", "xsd:decimal", "xsd:integer", "xsd:dateTime", "xsd:anyURI"),
    *("rdf:langString", "rdfs:Literal"),
}
"""Datatypes of the OWL 2 datatype map that the ontology may use: https://www.w3.org/TR/owl2-syntax/#Datatype_Maps."""


def test_the_ontology_uses_datatypes_of_owl_2_only(folders: Folders) -> None:
    quads = list(chain.from_iterable(map(turtle.parse, folders.ontologies())))
    ranges = {q.object for q in quads if q.predicate == term("rdfs:range") and is_datatype(q.object)}
    literals = {quad.object.datatype for quad in quads if isinstance(quad.object, ox.Literal)}
    assert curies(ranges | literals) <= OWL_2_DATATYPES


def is_datatype(node: object) -> bool:
    return isinstance(node, ox.NamedNode) and node.value.startswith(PREFIXES["xsd"])


def curies(nodes: Iterable[object]) -> set[str]:
    return {short(node.value) for node in nodes if isinstance(node, ox.NamedNode)}


def test_every_property_of_ours_says_of_what_it_is_used(folders: Folders) -> None:
    """By rdfs:domain, by schema:domainIncludes, which entails nothing, or by an inverse property."""
    quads = turtle.parse(folders.ontology / "sekg.ttl")
    telling = (term("rdfs:domain"), term("schema:domainIncludes"))
    told: set[object] = {quad.subject for quad in quads if quad.predicate in telling}
    told |= {quad.object for quad in quads if quad.predicate == term("owl:inverseOf")}
    kinds = (term("owl:ObjectProperty"), term("owl:DatatypeProperty"))
    former = {quad.subject for quad in quads if quad.predicate == term("owl:deprecated")}
    properties = {quad.subject for quad in quads if quad.object in kinds and is_ours(quad.subject)} - former
    assert properties and curies(properties - told) == set()
