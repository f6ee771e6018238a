"""What the rows of registers say: worked out from a row, its cells, and the description of the register."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import pyoxigraph as ox

from kgraph.base.vocab import ROW, term
from kgraph.rdf import csvw, sparql
from kgraph.rdf.sparql import Value
from kgraph.rdf.terms import claim_iri

METADATA = term("se:tableMetadata")


class RowFact(NamedTuple):
    """A fact of a register: the IRI of its claim, its triple, its source, its row (the header is 1), and its cells.

    `columns` are those of the cells, from 1.
    """

    claim: ox.NamedNode
    triple: tuple[Value, Value, Value]
    source: ox.NamedNode
    row: int
    words: str
    columns: tuple[int, ...] = ()


def registers(store: ox.Store) -> list[ox.NamedNode]:
    """The sources that are registers: the facts of each are its graph."""
    described = store.quads_for_pattern(None, METADATA, None, ox.DefaultGraph())
    return [quad.subject for quad in described if isinstance(quad.subject, ox.NamedNode)]


def every(store: ox.Store, source: ox.NamedNode | None = None) -> Iterator[RowFact]:
    """All facts of registers, or those of one, in no order."""
    return worked_out(store, sparql.named(store, "rows", **{"source": source} if source else {}))


def worked_out(store: ox.Store, rows: Iterable[tuple[Value, ...]]) -> Iterator[RowFact]:
    """The facts of rows with subject, predicate, object, source, row and cells."""
    described: dict[Value, csvw.Description] = {}
    stated = cache(lambda: _stated(store))
    for subject, predicate, object_, source, row, cells in rows:
        assert isinstance(source, ox.NamedNode) and isinstance(predicate, ox.NamedNode)
        if source not in described:
            described[source] = description(store, source)
        own = [(one, other) for one in stated()(subject) for other in stated()(object_)]
        places, (one, other) = _standing(described[source], predicate, own)
        claim = claim_iri(source, one, predicate, other)
        found = json.loads(cells.value)
        words = ", ".join(dict.fromkeys(found[at] for at in places if at < len(found) and found[at]))
        columns = tuple(at + 1 for at in places if at < len(found))
        number = int(row.value.rpartition(ROW)[2])
        yield RowFact(claim, (subject, predicate, object_), source, number, words, columns)


def _stated(store: ox.Store) -> Callable[[Value], Sequence[Value]]:
    """A function for the things that a register may mean by one: itself, and those that were merged into it."""
    found: defaultdict[Value, list[Value]] = defaultdict(list)
    for thing, stays in sparql.named(store, "merged"):
        found[stays].append(thing)
    return lambda thing: [thing, *found.get(thing, ())]


def _standing(
    register: csvw.Description, predicate: Value, parts: Sequence[tuple[Value, Value]]
) -> tuple[Sequence[int], tuple[Value, Value]]:
    """The cells in which a fact stands, with the subject and object by which the register states it."""
    for one, other in parts:
        if places := register.stands_in(one.value, predicate.value, other.value):
            return places, (one, other)
    return (), parts[0]


def description(store: ox.Store, source: ox.NamedNode) -> csvw.Description:
    quads = store.quads_for_pattern(source, METADATA, None, ox.DefaultGraph())
    [text] = (quad.object.value for quad in quads if isinstance(quad.object, ox.Literal))
    return _parsed(text)


@lru_cache(maxsize=64)
def _parsed(text: str) -> csvw.Description:
    return csvw.parsed("", json.loads(text))
