"""Triples as numbers: terms are numbered, and each predicate is one sorted array of 64-bit keys.

A key is `subject << 32 | object`. A class is a predicate whose object is always 0, the number of no term. Terms are
bytes as N-Triples writes them, so that a dump of a store is read without making an object of each term.
"""

import json
from array import array
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kgraph.base.vocab import TYPE

Keys = NDArray[np.int64]
Predicate = ox.NamedNode
NONE: Keys = np.empty(0, dtype=np.int64)

LOW = 0xFFFFFFFF
END = len(b" .\n")
IS_A = str(TYPE).encode()

Numbered = dict[bytes, "array[int]"]
"""The keys of each predicate and class in no order."""


def numbering() -> dict[bytes, int]:
    """A dictionary that gives each new term the next number, from 1 on; 0 stands for no term."""
    numbers: defaultdict[bytes, int] = defaultdict(int)
    numbers.default_factory = numbers.__len__
    numbers[b""] = 0
    return numbers


@dataclass
class Facts:
    """Numbered terms, and per predicate or class its sorted keys."""

    numbers: dict[bytes, int] = field(default_factory=numbering)
    keys: dict[Predicate, Keys] = field(default_factory=dict)

    def of(self, predicate: Predicate) -> Keys:
        return self.keys.get(predicate, NONE)

    def members(self, name: Predicate) -> Keys:
        """The numbers of the things of a class, sorted; faulty data may use the name as a property, too."""
        keys = self.of(name)
        things: Keys = keys[keys & LOW == 0] >> 32
        return things

    def add(self, predicate: Predicate, keys: Keys) -> None:
        """Add keys that are sorted, distinct and new."""
        self.keys[predicate] = merged(self.of(predicate), keys)

    def numbered(self, terms: Iterable[object]) -> Keys:
        """The numbers of the terms that have one, sorted."""
        found = {self.numbers.get(str(term).encode(), 0) for term in terms} - {0}
        return np.array(sorted(found), dtype=np.int64)

    def size(self) -> int:
        """The number of triples."""
        return sum(keys.size for keys in self.keys.values())

    def terms(self) -> list[bytes]:
        """All terms; the index of each is its number."""
        return list(self.numbers)


def read(facts: Facts, lines: Iterable[bytes], wanted: Container[bytes] | None = None) -> dict[Predicate, Keys]:
    """Add the lines of an N-Triples file; the new keys by predicate and class.

    `wanted` are the predicates and classes to read, by default all.
    """
    return settle(facts, number(facts, lines, wanted=wanted))


def read_some(
    facts: Facts, store: ox.Store, predicates: Iterable[ox.NamedNode], classes: Iterable[ox.NamedNode]
) -> None:
    """Add the facts with some predicates of a store's default graph, and which things are of some classes.

    Of a store on disk this takes a third of the time of reading the whole graph.
    """
    numbers = facts.numbers
    found: Numbered = {}
    for node in predicates:
        ends = (row.split(b"\t", 1) for row in _rows(store, f"SELECT ?one ?other WHERE {{ ?one {node} ?other }}"))
        found[str(node).encode()] = array("q", (numbers[one] << 32 | numbers[other] for one, other in ends))
    for node in classes:
        things = _rows(store, f"SELECT ?one WHERE {{ ?one a {node} }}")
        found[str(node).encode()] = array("q", (numbers[one] << 32 for one in things))
    settle(facts, found)


def _rows(store: ox.Store, query: str) -> list[bytes]:
    """The rows of an answer, their terms as N-Triples writes them, but numbers without their datatype."""
    answer = store.query(query)
    assert isinstance(answer, ox.QuerySolutions)
    return (answer.serialize(format=ox.QueryResultsFormat.TSV) or b"").split(b"\n")[1:-1]


def settle(facts: Facts, found: Numbered) -> dict[Predicate, Keys]:
    """Add keys that may be unsorted, repeated or known; the new ones, sorted, by predicate and class."""
    fresh = {}
    for name, numbers in found.items():
        predicate = ox.NamedNode(name[1:-1].decode())
        keys = absent(distinct(np.frombuffer(numbers, dtype=np.int64)), facts.of(predicate))
        if keys.size:
            facts.add(predicate, keys)
            fresh[predicate] = keys
    return fresh


def number(
    facts: Facts, lines: Iterable[bytes], found: Numbered | None = None, wanted: Container[bytes] | None = None
) -> Numbered:
    """Append the keys of lines to `found`, by predicate and class, in the order of the lines."""
    found = defaultdict(partial(array, "q")) if found is None else found
    numbers = facts.numbers
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if predicate == IS_A and rest.startswith(b"<"):
            predicate = rest[:-END]
            if wanted is None or predicate in wanted:
                found[predicate].append(numbers[subject] << 32)
        elif wanted is None or predicate in wanted:
            found[predicate].append(numbers[subject] << 32 | numbers[rest[:-END]])
    return found


def union(*parts: Facts) -> Facts:
    """The facts of several parts that share their numbers, each once."""
    names = dict.fromkeys(name for part in parts for name in part.keys)
    keys = {name: distinct(np.concatenate([part.of(name) for part in parts])) for name in names}
    return Facts(parts[0].numbers, keys)


def line(triple: ox.Triple) -> bytes:
    """A triple as a line of N-Triples."""
    return f"{triple} .\n".encode()


def lines_of(store: ox.Store, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> Iterable[bytes]:
    """A graph of a store as the lines of an N-Triples file, in no order."""
    return BytesIO(store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b"")


def written(predicate: Predicate, keys: Keys, terms: Sequence[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """The triples that keys stand for, their terms as N-Triples; triples with a literal as subject are left out."""
    name = str(predicate).encode()
    for subject, object_ in zip((keys >> 32).tolist(), (keys & LOW).tolist(), strict=True):
        thing = terms[subject]
        if not thing.startswith(b'"'):
            yield (thing, name, terms[object_]) if object_ else (thing, IS_A, name)


def all_lines(facts: Facts) -> Iterator[bytes]:
    """All facts as lines of N-Triples."""
    terms = facts.terms()
    return (b"%b %b %b .\n" % triple for name, keys in facts.keys.items() for triple in written(name, keys, terms))


def literal(written: bytes) -> tuple[str, str]:
    """The text and the language of a literal of N-Triples."""
    text, quote, end = written.decode().rpartition('"')
    lang = end[1:] if end.startswith("@") else ""
    if "\\" in text:
        with suppress(ValueError):  # JSON has nearly all escapes of N-Triples, and its parser is fast
            return str(JSON.decode(text + quote)), lang
        (quad,) = ox.parse(b"<a:a> <a:a> " + written + b" .", ox.RdfFormat.N_TRIPLES)
        return quad.object.value, lang
    return text[1:], lang


JSON = json.JSONDecoder(strict=False)


def triples(facts: Facts) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(b"".join(all_lines(facts)), ox.RdfFormat.N_TRIPLES)]


def distinct(keys: Keys) -> Keys:
    """The keys sorted and without repetitions."""
    keys = np.sort(keys)
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if keys.size else keys


def absent(keys: Keys, known: Keys) -> Keys:
    """The keys that are not known; both arrays are sorted."""
    return keys[~among(keys, known)]


def among(keys: Keys, known: Keys) -> NDArray[np.bool_]:
    """For each key whether it is known; the known ones are sorted."""
    if not known.size:
        return np.zeros(keys.shape, dtype=bool)
    places = np.minimum(np.searchsorted(known, keys), known.size - 1)
    found: NDArray[np.bool_] = known[places] == keys
    return found


def merged(one: Keys, other: Keys) -> Keys:
    """Two sorted arrays that share no key as one sorted array."""
    if not one.size or not other.size:
        return one if one.size else other
    return np.insert(one, np.searchsorted(one, other), other)


def swap(keys: Keys) -> Keys:
    """The keys with subject and object exchanged, unsorted."""
    return (keys & LOW) << 32 | keys >> 32


def join(left: Keys, right: Keys) -> Keys:
    """The subject of `left` with the object of `right`, wherever object and subject are equal; `right` is sorted."""
    one, other = partners(left, left & LOW, right)
    return one >> 32 << 32 | other & LOW


def partners(left: Keys, nodes: Keys, right: Keys) -> tuple[Keys, Keys]:
    """The pairs of a key of `left`, which has its node in `nodes`, and a key of `right` with this node as subject.

    `right` is sorted. The pairs are two arrays of one length.
    """
    first, counts = runs(nodes, right)
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(left, counts), right[np.repeat(first, counts) + offsets]


def runs(nodes: Keys, keys: Keys) -> tuple[Keys, Keys]:
    """For each node the index of its first key in sorted keys, and the number of its keys."""
    first = np.searchsorted(keys, nodes << 32, side="left")
    return first, np.searchsorted(keys, (nodes + 1) << 32, side="left") - first
