"""Triples as numbers: terms are numbered, and each predicate is one sorted array of 64-bit keys.

A key is `subject << 32 | object`. A class is a predicate whose object is always 0, the number of no term. Terms are
bytes as N-Triples writes them, so that a dump of a store is read without making an object of each term.
"""

from array import array
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
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
    """A dictionary that gives each term that is asked for the next number; 0 is taken."""
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

    def add(self, predicate: Predicate, keys: Keys) -> None:
        """Add keys that are sorted, distinct and new."""
        self.keys[predicate] = merged(self.of(predicate), keys)

    def numbered(self, terms: Iterable[object]) -> Keys:
        """The numbers of those terms that have one, sorted."""
        found = {self.numbers.get(str(term).encode(), 0) for term in terms} - {0}
        return np.array(sorted(found), dtype=np.int64)

    def terms(self) -> list[bytes]:
        """Every term at its number."""
        return list(self.numbers)


def read(facts: Facts, lines: Iterable[bytes], wanted: Container[bytes] | None = None) -> dict[Predicate, Keys]:
    """Add the lines of an N-Triples file, and give back which keys of them are new.

    `wanted` are the predicates and classes to read, by default all.
    """
    return settle(facts, number(facts, lines, wanted=wanted))


def settle(facts: Facts, found: Numbered) -> dict[Predicate, Keys]:
    """Add keys in any order, and give back which of them are new."""
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
    """The keys of each predicate and class in the order of the lines, added to those that were found before."""
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
    """All facts of some parts, which share their numbers."""
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
    """The triples behind keys, as N-Triples writes their terms; those with a literal as subject are not RDF."""
    name = str(predicate).encode()
    for subject, object_ in zip((keys >> 32).tolist(), (keys & LOW).tolist(), strict=True):
        thing = terms[subject]
        if not thing.startswith(b'"'):
            yield (thing, name, terms[object_]) if object_ else (thing, IS_A, name)


def all_lines(facts: Facts) -> Iterator[bytes]:
    """Everything as lines of N-Triples."""
    terms = facts.terms()
    return (b"%b %b %b .\n" % triple for name, keys in facts.keys.items() for triple in written(name, keys, terms))


def distinct(keys: Keys) -> Keys:
    """The keys, sorted, each once."""
    keys = np.sort(keys)
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if keys.size else keys


def absent(keys: Keys, known: Keys) -> Keys:
    """Those keys that are not among the known ones; both are sorted."""
    return keys[~among(keys, known)]


def among(keys: Keys, known: Keys) -> NDArray[np.bool_]:
    """Which keys are among the known ones, which are sorted."""
    if not known.size:
        return np.zeros(keys.shape, dtype=bool)
    places = np.minimum(np.searchsorted(known, keys), known.size - 1)
    found: NDArray[np.bool_] = known[places] == keys
    return found


def merged(one: Keys, other: Keys) -> Keys:
    """Two sorted arrays without a common key as one."""
    if not one.size or not other.size:
        return one if one.size else other
    return np.insert(one, np.searchsorted(one, other), other)


def swap(keys: Keys) -> Keys:
    """The keys with subject and object exchanged, unsorted."""
    return (keys & LOW) << 32 | keys >> 32


def join(left: Keys, right: Keys) -> Keys:
    """Subject of `left`, object of `right`, wherever the one's object is the other's subject; `right` is sorted."""
    middle = left & LOW
    first = np.searchsorted(right, middle << 32, side="left")
    counts = np.searchsorted(right, (middle + 1) << 32, side="left") - first
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    partners = right[np.repeat(first, counts) + offsets]
    joined: Keys = np.repeat(left >> 32 << 32, counts) | partners & LOW
    return joined
