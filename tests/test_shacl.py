"""Compiled shapes find what pySHACL finds, and refuse what they do not cover."""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph import resources, shapes
from kgraph.vocab import TURTLE_PREFIXES
from tests.test_shapes import EXAMPLES, FAULTS, FORGOTTEN, about

SHAPES = resources.bundled().ontology / "shapes.ttl"
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
    """What is found, apart from the labels of blank nodes."""
    return {
        (str(fault.node), *sorted(fault.messages.values()), _named(fault.path), _named(fault.value))
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


@settings(max_examples=12, deadline=None)
@given(st.sets(st.sampled_from(GOOD), max_size=60), st.sets(st.sampled_from(BAD), max_size=60), st.randoms())
def test_any_faults_are_found_as_pyshacl_finds_them(lost: set[ox.Triple], more: set[ox.Triple], chance: object) -> None:
    objects = [triple.object for triple in BAD]
    mixed = [ox.Triple(t.subject, t.predicate, chance.choice(objects)) for t in sorted(lost, key=str)]  # type: ignore[attr-defined]
    data = [*(set(GOOD) - lost), *more, *mixed]
    assert report(data, "kgraph") == report(data, "pyshacl")


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
