"""Measures as tables that every result format can hold: columns, and rows of terms."""

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from kgraph.base import words
from kgraph.graph.analysis.measures import Analysis, Measured
from kgraph.graph.networks import Edge
from kgraph.rdf.sparql import DECIMAL, Table, Value


def things(found: Analysis, lang: str) -> Table:
    """One row for each thing, the strongest brokers first."""
    columns = ("thing", "name", "kind", "place", "degree", "weight", "betweenness", "core", "community", "cuts")
    return columns, [_thing(one, lang) for one in found.things]


def _thing(one: Measured, lang: str) -> list[Value | None]:
    return [
        ox.NamedNode(one.node.iri),
        ox.Literal(one.node.label(lang)),
        ox.NamedNode(one.node.kind),
        ox.NamedNode(one.place) if one.place else None,
        ox.Literal(one.degree),
        ox.Literal(one.weight),
        _decimal(one.betweenness),
        ox.Literal(one.core),
        ox.Literal(one.community),
        ox.Literal(one.cuts),
    ]


def ties(found: Analysis, lang: str) -> Table:
    """One row for each source of each tie."""
    names = {one.node.iri: ox.Literal(one.node.label(lang)) for one in found.things}
    return ("one", "name", "other", "othername", "weight", "bridge", "source"), [
        [
            *(ox.NamedNode(tie.one), names[tie.one], ox.NamedNode(tie.other), names[tie.other]),
            *(ox.Literal(tie.weight), ox.Literal(tie.is_bridge), ox.NamedNode(source)),
        ]
        for tie in found.ties
        for source in tie.sources
    ]


def network(found: Analysis, lang: str) -> Table:
    """One row for each measure of the whole, and before them what was measured."""
    measured = {**vars(found.basis), **vars(found.whole)}
    return ("measure", "meaning", "value"), [
        [ox.Literal(name), ox.Literal(words.text(lang, f"measures.{name}")), _value(value)]
        for name, value in measured.items()
    ]


def chain(steps: Sequence[Edge]) -> Table:
    """One row for each fact of a chain, with the source and the words that state it, or the rule that gave it."""
    return ("step", "subject", "predicate", "object", "source", "words"), [
        [ox.Literal(number), *map(ox.NamedNode, (edge.source, edge.predicate, edge.target)), *_witness(edge)]
        for number, edge in enumerate(steps, 1)
    ]


def _witness(edge: Edge) -> Iterator[Value | None]:
    """The first place with words that states the edge, else the first that states it, else the rule."""
    stated = sorted(
        (passage for passage in edge.passages if passage.is_stated), key=lambda passage: passage.words is None
    )
    yield ox.NamedNode(stated[0].source) if stated else ox.Literal(edge.rule or "")
    yield ox.Literal(stated[0].words) if stated and stated[0].words else None


def _value(value: str | int | float | None) -> Value | None:
    match value:
        case None:
            return None
        case float():
            return _decimal(value)
    return ox.Literal(value)


def _decimal(number: float) -> ox.Literal:
    return ox.Literal(f"{number:.6f}", datatype=DECIMAL)
