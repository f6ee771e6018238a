"""Disputes between sources: both sides, their order, and the counts of each source."""

import pyoxigraph as ox

from kgraph.base.vocab import term
from kgraph.graph.faceting import facets
from kgraph.graph.statements import disputes
from kgraph.graph.statements.contributions import Contribution
from kgraph.graph.statements.rows import METADATA
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


COUNTS = ("stated", "shared", "alone", "unasserted", "refines", "contradicts", "unknown")


def test_contributions_are_counted_as_by_the_query(graph: ox.Store) -> None:
    """Also of a register, whose facts have no claims in the store; it repeats a fact of a text."""
    store, register = ox.Store(), term("source:list")
    store.bulk_extend(graph)
    store.add(ox.Quad(register, METADATA, ox.Literal("{}")))
    store.add(ox.Quad(register, term("dcterms:title"), ox.Literal("List", language="en")))
    claim = next(quad.subject for quad in graph.quads_for_pattern(None, term("rdf:subject"), None, None))
    parts = (
        graph.quads_for_pattern(claim, term(f"rdf:{part}"), None, None) for part in ("subject", "predicate", "object")
    )
    subject, predicate, stated = (next(quads).object for quads in parts)
    assert isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode)
    store.add(ox.Quad(subject, predicate, stated, register))
    counted = facets.index(store, facets.dates(store)).contributions
    asked = {
        source.value: tuple(int(count.value) for count in counts)
        for source, _, _, *counts in sparql.named(store, "contributions", lang=ox.Literal("en"))
    }
    assert {source: tuple(getattr(row, name) for name in COUNTS) for source, row in counted.items()} == asked
    assert counted[register.value] == Contribution(stated=1)
    assert any(row.shared and row.alone for row in counted.values())
