"""The pages of records: claims of sources, inferred facts, named graphs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

import pyoxigraph as ox

from kgraph.base.vocab import CLAIM_LINKS, DERIVED_FROM, OBJECT, PREDICATE, REFINES, STATUS, SUBJECT, short
from kgraph.errors import NotFound
from kgraph.graph.facts import Fact, Passage, facts
from kgraph.publish.pages.book import Book
from kgraph.publish.pages.removed import Removed, removed
from kgraph.publish.pages.thing import Shown, shown
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value

MOST = 5000
"""The most records on a page."""

Facts = Mapping[ox.NamedNode, Fact]
"""The fact that each record is about."""


@dataclass(frozen=True)
class Record:
    """A claim with its fact and its source."""

    claim: ox.NamedNode
    fact: Fact
    source: ox.NamedNode


@dataclass(frozen=True)
class Linked:
    """Two claims that differ, and how: `one` refines or contradicts the `other`, or both hold."""

    link: Value
    one: Record
    other: Record


@dataclass(frozen=True)
class Claimed:
    """A claim, the passages where its source says it, the passages where others do, and the claims it differs from."""

    record: Record
    status: Value
    shown: Shown
    own: tuple[Passage, ...]
    others: tuple[Passage, ...]
    links: tuple[Linked, ...]


def claimed(book: Book, claims: Sequence[ox.NamedNode]) -> dict[ox.NamedNode, Claimed | Removed]:
    """Each claim with its evidence, or the remains of a removed one; NotFound for an unknown claim."""
    gone = {node: left for node in claims if (left := removed(book.store, node, "en"))}
    kept = [node for node in claims if node not in gone]
    links = {node: [*_links(book.store, node)] for node in kept}
    ends = {end for found in links.values() for _, *pair in found for end in pair}
    known = _facts(book.store, {*kept, *ends})
    records = {node: Record(node, fact, _source(book.store, node)) for node, fact in known.items()}
    found = {node: _claimed(book, records[node], [Linked(link, records[a], records[b]) for link, a, b in links[node]])
             for node in kept}  # fmt: skip
    return {node: gone.get(node) or found[node] for node in claims}


def _claimed(book: Book, record: Record, links: Iterable[Linked]) -> Claimed:
    own = [passage for passage in record.fact.passages if passage.source == record.source.value]
    others = [passage for passage in record.fact.passages if passage.source != record.source.value]
    told = shown(book, record.fact, record.fact.object)
    return Claimed(record, _value(book.store, record.claim, STATUS), told, tuple(own), tuple(others), tuple(links))


def inferred(book: Book, inferences: Sequence[ox.NamedNode]) -> dict[ox.NamedNode, Shown]:
    """The inferred fact of each record, with its reason; NotFound when there is no such record."""
    known = _facts(book.store, inferences)
    return {node: shown(book, known[node], known[node].object) for node in inferences}


def _facts(store: ox.Store, records: Iterable[ox.NamedNode]) -> Facts:
    """The facts of records, all looked up at once."""
    parts = {record: tuple(_value(store, record, part) for part in (SUBJECT, PREDICATE, OBJECT)) for record in records}
    subjects = {subject for subject, *_ in parts.values() if isinstance(subject, ox.NamedNode)}
    known = facts(store, sorted(subjects, key=str))
    by_parts = {fact.triple: fact for fact in known}
    return {record: by_parts[found] for record, found in parts.items()}  # type: ignore[index]


def _source(store: ox.Store, claim: ox.NamedNode) -> ox.NamedNode:
    source = _value(store, claim, DERIVED_FROM)
    assert isinstance(source, ox.NamedNode)
    return source


def _value(store: ox.Store, node: ox.NamedNode, predicate: ox.NamedNode) -> Value:
    for quad in store.quads_for_pattern(node, predicate, None, ox.DefaultGraph()):
        if isinstance(quad.object, ox.NamedNode | ox.Literal):
            return quad.object
    raise NotFound(f"nothing is known of {short(node.value)}")


def _links(store: ox.Store, claim: ox.NamedNode) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]]:
    """The relation and both claims of each difference that a claim has."""
    pairs = [(link, (claim, None)) for link in CLAIM_LINKS] + [(REFINES, (None, claim))]
    for link, (one, other) in pairs:
        for quad in store.quads_for_pattern(one, link, other, ox.DefaultGraph()):
            assert isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
            yield link, quad.subject, quad.object


def size(book: Book, graph: ox.NamedNode) -> int:
    """The number of triples in a named graph; NotFound when it has none."""
    found = sum(1 for _ in book.store.quads_for_pattern(None, None, None, graph))
    if not found:
        raise NotFound(f"there is no graph {short(graph.value)}")
    return found


def inferences(book: Book) -> list[tuple[str, list[tuple[Value, ...]]]]:
    """The records of inferred facts with their facts, by the rule that gave them; at most MOST of them."""
    rows = islice(sparql.named(book.store, "inferences"), MOST)
    return [(rule, [row[:-1] for row in same]) for rule, same in groupby(rows, key=lambda row: row[-1].value)]
