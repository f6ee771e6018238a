"""Compiled shapes: the same results as pySHACL, and an error for unsupported constructs."""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.base import paths
from kgraph.base.vocab import TURTLE_PREFIXES
from kgraph.build import shapes
from tests.test_shapes import EXAMPLES, FAULTS, FORGOTTEN, about

SHAPES = paths.bundled().ontology / "shapes.ttl"
SUBCLASSES = """
se:SocialEconomyEntity rdfs:subClassOf org:Organization . se:SupportInstitution rdfs:subClassOf org:Organization .
se:Cluster rdfs:subClassOf org:OrganizationalCollaboration . cv:PublicOrganisation rdfs:subClassOf org:Organization .
org:OrganizationalCollaboration rdfs:subClassOf org:Organization . org:Organization rdfs:subClassOf foaf:Agent .
foaf:Person rdfs:subClassOf foaf:Agent . foaf:Group rdfs:subClassOf foaf:Agent .
se:SigningEvent rdfs:subClassOf se:Event . cv:AdminUnit rdfs:subClassOf dcterms:Location .
"""


def triples(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(TURTLE_PREFIXES + turtle, ox.RdfFormat.TURTLE)]


def report(data: Iterable[ox.Triple], validator: str, against: Path = SHAPES) -> set[tuple[str, ...]]:
    """The validation results, without blank-node labels."""
    return {
        (
            str(fault.node),
            str(fault.component),
            *sorted(fault.messages.values()),
            _named(fault.path),
            _named(fault.value),
        )
        for fault in shapes.faults(data, against, validator)
    }


def _named(part: object) -> str:
    return (
        str(part) if isinstance(part, ox.NamedNode) or (isinstance(part, ox.Literal) and len(part.value) < 30) else ""
    )


GOOD = triples(SUBCLASSES + "\n".join(about(*row) for row in EXAMPLES))
BAD = sorted(
    {
        t
        for row in (*FAULTS, *FORGOTTEN)
        for t in triples(about(row[0], row[-1]))
        if not isinstance(t.object, ox.BlankNode)
    },
    key=str,
)


def test_every_fault_is_found_as_pyshacl_finds_it() -> None:
    found = report([*GOOD, *BAD], "kgraph")
    assert found == report([*GOOD, *BAD], "pyshacl")
    assert len(found) > 400


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(st.sets(st.sampled_from(GOOD), max_size=60), st.sets(st.sampled_from(BAD), max_size=60), st.randoms())
def test_any_faults_are_found_as_pyshacl_finds_them(lost: set[ox.Triple], more: set[ox.Triple], chance: object) -> None:
    objects = [triple.object for triple in BAD]
    mixed = [ox.Triple(t.subject, t.predicate, chance.choice(objects)) for t in sorted(lost, key=str)]  # type: ignore[attr-defined]
    data = [*(set(GOOD) - lost), *more, *mixed]
    assert report(data, "kgraph") == report(data, "pyshacl")


SELECT = "id:S a sh:NodeShape ; sh:targetClass foaf:Group ;"
SELECT += " sh:sparql [ sh:prefixes id:P ; sh:select 'SELECT $this WHERE { %s }' ] ."
PREFIXED = 'id:P sh:declare [ sh:prefix "%s" ; sh:namespace "http://xmlns.com/foaf/0.1/"^^xsd:anyURI ] .'


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("id:S a sh:NodeShape ; sh:targetNode id:a ; sh:property id:short .", "sh:targetNode"),
        ("foaf:Group a sh:NodeShape , rdfs:Class ; sh:property id:short .", "a class that is a shape"),
        ("foaf:Group a rdfs:Class ; sh:property id:short .", "a class that is a shape"),
        (SELECT % "$this <http://xmlns.com/foaf/0.1/name> ?name", "'<http://xmlns.com/foaf/0.1/name>'"),
        (SELECT % "$this :name ?name", "':n'"),
        (SELECT % "$this a foaf:Group ; ?p ?name FILTER(isLiteral(?name))", r"'; \?'"),
        (SELECT % "$this !foaf:mbox ?name FILTER(isLiteral(?name))", "sh:sparql with"),
        (SELECT % "$this a ?class", r"'a \?'"),
    ],
)
def test_nothing_goes_unchecked_in_silence(tmp_path: Path, said: str, message: str) -> None:
    unusual = tmp_path / "unusual.ttl"
    declared = PREFIXED % ("" if " :name" in said else "foaf")
    unusual.write_text(f"{TURTLE_PREFIXES}{said}\n{declared}\nid:short sh:path foaf:name ; sh:maxCount 0 .")
    data = triples('id:a a foaf:Group ; foaf:name "Anna" .')
    with pytest.warns(UserWarning, match=message):
        [fault] = shapes.faults(data, unusual)
    assert str(fault.node) == str(data[0].subject)


def test_a_filter_needs_no_predicate(tmp_path: Path) -> None:
    usual = tmp_path / "usual.ttl"
    select = SELECT % "$this foaf:name ?name FILTER(!(?name = 3) && ?name != 4)"
    usual.write_text(f"{TURTLE_PREFIXES}{select}\n{PREFIXED % 'foaf'}")
    assert len(list(shapes.faults(triples('id:a a foaf:Group ; foaf:name "Anna" .'), usual))) == 1


def test_what_is_not_covered_is_left_to_pyshacl_aloud(tmp_path: Path) -> None:
    unusual = tmp_path / "unusual.ttl"
    unusual.write_text(
        TURTLE_PREFIXES
        + "id:S a sh:NodeShape ; sh:targetClass foaf:Group ;"
        + ' sh:property [ sh:path foaf:name ; sh:maxLength 3 ; sh:message "long"@en ] .'
    )
    with pytest.warns(UserWarning, match="sh:maxLength, so pySHACL checks it"):
        [fault] = shapes.faults(triples('id:a a foaf:Group ; foaf:name "Anna" .'), unusual)
    assert fault.message("en") == "long"
