"""Disputes between sources: refinements and contradictions, both sides with their passages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.vocab import CONTRADICTS, REFINES
from kgraph.graph.statements.facts import Passage, Triple, facts
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value

Passages = Mapping[Triple, Sequence[Passage]]


@dataclass(frozen=True)
class Side:
    """The claim of one source, with its passages."""

    subject: Value
    predicate: Value
    object: Value
    source: Value
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Dispute:
    """Two claims that differ; in a refinement, the more precise one is first."""

    contradiction: bool
    one: Side
    other: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.one, self.other

    def terms(self) -> Iterator[Value]:
        """Every term on both sides."""
        for side in self.sides:
            yield from (side.subject, side.predicate, side.object, side.source)


def disputes(store: ox.Store) -> list[Dispute]:
    """Every refinement and contradiction between two sources, contradictions first."""
    rows = list(sparql.named(store, "disputes"))
    subjects = {node for row in rows for node in (row[1], row[5]) if isinstance(node, ox.NamedNode)}
    passages = {fact.triple: fact.passages for fact in facts(store, sorted(subjects, key=str))} if rows else {}
    found = [
        Dispute(link == CONTRADICTS, _side(passages, *sides[:4]), _side(passages, *sides[4:])) for link, *sides in rows
    ]
    return sorted(found, key=lambda dispute: not dispute.contradiction)


def table(found: Iterable[Dispute]) -> sparql.Table:
    """The disputes by number, a row for each passage of a source; side 1 is the more precise one of a refinement."""
    names = ("dispute", "link", "side", "subject", "predicate", "object", "source", "start", "end", "words")
    return names, [
        [
            *(ox.Literal(number), CONTRADICTS if dispute.contradiction else REFINES, ox.Literal(at)),
            *(side.subject, side.predicate, side.object, side.source),
            *(None if value is None else ox.Literal(value) for value in (passage.start, passage.end, passage.words)),
        ]
        for number, dispute in enumerate(found, 1)
        for at, side in enumerate(dispute.sides, 1)
        for passage in side.passages
    ]


def _side(passages: Passages, subject: Value, predicate: Value, object_: Value, source: Value) -> Side:
    own = (passage for passage in passages.get((subject, predicate, object_), ()) if passage.source == source.value)
    return Side(subject, predicate, object_, source, tuple(own))
