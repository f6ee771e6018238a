"""The pages of records: one claim of one source, one inferred fact, one named graph."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice

import pyoxigraph as ox

from kgraph.base.vocab import CONTRADICTS, DERIVED_FROM, OBJECT, PREDICATE, REFINES, STATUS, SUBJECT, short
from kgraph.errors import NotFound
from kgraph.graph.facts import Fact, Passage, facts
from kgraph.publish.pages.book import Book
from kgraph.publish.pages.thing import Shown, shown
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value

MOST = 5000
"""As many records fit on a page."""


@dataclass(frozen=True)
class Record:
    """A claim without what stands around it."""

    claim: ox.NamedNode
    fact: Fact
    source: ox.NamedNode


@dataclass(frozen=True)
class Linked:
    """How two claims differ: the more precise one, or either of two at odds, and the other."""

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


def claimed(book: Book, claim: ox.NamedNode) -> Claimed:
    """What is known of a claim; NotFound when there is no such claim."""
    record = _record(book.store, claim)
    passages = record.fact.passages
    return Claimed(
        record,
        _value(book.store, claim, STATUS),
        shown(book, record.fact, record.fact.object),
        tuple(passage for passage in passages if passage.source == record.source.value),
        tuple(passage for passage in passages if passage.source != record.source.value),
        tuple(_links(book.store, record)),
    )


def inferred(book: Book, inference: ox.NamedNode) -> Shown:
    """An inferred fact with its reason; NotFound when there is no such record."""
    fact = _fact(book.store, inference)
    return shown(book, fact, fact.object)


def _record(store: ox.Store, claim: ox.NamedNode) -> Record:
    source = _value(store, claim, DERIVED_FROM)
    assert isinstance(source, ox.NamedNode)
    return Record(claim, _fact(store, claim), source)


def _fact(store: ox.Store, record: ox.NamedNode) -> Fact:
    subject, predicate, object_ = (_value(store, record, part) for part in (SUBJECT, PREDICATE, OBJECT))
    assert isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode)
    known = facts(store, [subject])
    return next(f for f in known if (f.subject, f.predicate, f.object) == (subject, predicate, object_))


def _value(store: ox.Store, node: ox.NamedNode, predicate: ox.NamedNode) -> Value:
    for quad in store.quads_for_pattern(node, predicate, None, ox.DefaultGraph()):
        if isinstance(quad.object, ox.NamedNode | ox.Literal):
            return quad.object
    raise NotFound(f"nothing is known of {short(node.value)}")


def _links(store: ox.Store, record: Record) -> Iterator[Linked]:
    for link in (REFINES, CONTRADICTS):
        for quad in store.quads_for_pattern(record.claim, link, None, ox.DefaultGraph()):
            assert isinstance(quad.object, ox.NamedNode)
            yield Linked(link, record, _record(store, quad.object))
    for quad in store.quads_for_pattern(None, REFINES, record.claim, ox.DefaultGraph()):
        assert isinstance(quad.subject, ox.NamedNode)
        yield Linked(REFINES, _record(store, quad.subject), record)


def size(book: Book, graph: ox.NamedNode) -> int:
    """How many triples a named graph has; NotFound when it has none."""
    found = sum(1 for _ in book.store.quads_for_pattern(None, None, None, graph))
    if not found:
        raise NotFound(f"there is no graph {short(graph.value)}")
    return found


def inferences(book: Book) -> list[tuple[str, list[tuple[Value, ...]]]]:
    """The records of inferred facts with their facts, by the rule that gave them; at most MOST of them."""
    rows = islice(sparql.named(book.store, "inferences"), MOST)
    return [(rule, [row[:-1] for row in same]) for rule, same in groupby(rows, key=lambda row: row[-1].value)]
