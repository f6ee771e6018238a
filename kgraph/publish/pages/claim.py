"""The pages of records: claims of sources, inferred facts, named graphs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

import pyoxigraph as ox

from kgraph.base.vocab import CLAIM_LINKS, DERIVED_FROM, OBJECT, PREDICATE, REFINES, STATUS, SUBJECT, short
from kgraph.errors import NotFound
from kgraph.graph.statements.facts import Fact
from kgraph.publish.pages.book import Book
from kgraph.publish.pages.removed import Removed, removed
from kgraph.publish.pages.thing import Shown, shown
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value

MOST = 5000
"""The most records on a page."""


@dataclass(frozen=True)
class Record:
    """A claim with its fact and its source."""

    claim: ox.NamedNode
    fact: Fact
    source: Value


@dataclass(frozen=True)
class Linked:
    """Two claims that differ, and how: `one` refines or contradicts the `other`, or both hold."""

    link: Value
    one: Record
    other: Record


@dataclass(frozen=True)
class Claimed:
    """A claim with its status, its fact as a page shows it, and its differences from other claims."""

    record: Record
    status: Value
    shown: Shown
    links: tuple[Linked, ...]


def claimed(book: Book, claims: Sequence[ox.NamedNode]) -> dict[ox.NamedNode, Claimed | Removed]:
    """Each claim with its evidence, or the record of a removed one; NotFound for an unknown claim."""
    gone = {node: left for node in claims if (left := removed(book.store, node, "en"))}
    links = {node: [*_links(book.store, node)] for node in claims if node not in gone}
    ends = {end for found in links.values() for _, *pair in found for end in pair}
    facts = _facts(book, {*links, *ends})
    known = {node: Record(node, fact, _value(book.store, node, DERIVED_FROM)) for node, fact in facts.items()}

    def known_claim(node: ox.NamedNode) -> Claimed:
        fact, status = facts[node], _value(book.store, node, STATUS)
        differing = tuple(Linked(link, known[one], known[other]) for link, one, other in links[node])
        return Claimed(known[node], status, shown(book, fact, fact.object), differing)

    return {node: gone.get(node) or known_claim(node) for node in claims}


def inferred(book: Book, inferences: Sequence[ox.NamedNode]) -> dict[ox.NamedNode, Shown]:
    """The inferred fact of each record, with its reason; NotFound when there is no such record."""
    known = _facts(book, inferences)
    return {node: shown(book, known[node], known[node].object) for node in inferences}


def _facts(book: Book, records: Iterable[ox.NamedNode]) -> Mapping[ox.NamedNode, Fact]:
    """The fact that each record is about, all looked up at once."""
    parts = {one: tuple(_value(book.store, one, part) for part in (SUBJECT, PREDICATE, OBJECT)) for one in records}
    subjects = {subject for subject, *_ in parts.values() if isinstance(subject, ox.NamedNode)}
    by_parts = {fact.triple: fact for fact in book.facts(tuple(sorted(subjects, key=str)))}
    return {record: by_parts[found] for record, found in parts.items()}  # type: ignore[index]


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


def inferences(book: Book) -> list[tuple[str, list[tuple[Value, ...]]]]:
    """The records of inferred facts with their facts, by the rule that gave them; at most MOST of them."""
    rows = islice(sparql.named(book.store, "inferences"), MOST)
    return [(rule, [row[:-1] for row in same]) for rule, same in groupby(rows, key=lambda row: row[-1].value)]
