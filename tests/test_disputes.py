"""Disputes between sources: both sides, their order, and the counts of each source."""

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.vocab import term
from kgraph.graph import disputes
from kgraph.rdf import sparql


def test_a_refinement_has_the_more_precise_side_first(graph: ox.Store) -> None:
    found = [d for d in disputes.disputes(graph) if d.one.subject == term("id:signing-2018")]
    assert [(d.contradiction, d.one.object, d.other.object) for d in found] == [
        (
            False,
            ox.Literal("2018-03-22", datatype=term("xsd:date")),
            ox.Literal("--03-22", datatype=term("xsd:gMonthDay")),
        )
    ]
    assert {place.words for place in found[0].other.passages} == {"22 marca"}


def test_contradictions_come_first_and_once(graph: ox.Store) -> None:
    found = disputes.disputes(graph)
    assert [d.contradiction for d in found] == sorted((d.contradiction for d in found), reverse=True)
    pairs = [frozenset((side.source, side.object) for side in (d.one, d.other)) for d in found]
    assert len(pairs) == len(set(pairs))


def test_contributions_add_up(graph: ox.Store) -> None:
    result = sparql.run(graph, paths.query_text("contributions"))
    assert isinstance(result, ox.QuerySolutions)
    for row in result:
        assert int(row["shared"].value) + int(row["alone"].value) == int(row["stated"].value)
