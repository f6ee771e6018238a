"""Shards: pages and data files of the claims or inferences whose hashes begin alike, such as `claim/a`."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from kgraph.base.vocab import BASE, CLAIM, INFERENCE, TYPE, term
from kgraph.rdf.terms import HASHED

RECORD = re.compile(rf"(claim|inference)/([0-9a-f]{{{HASHED}}})(?:-[\w-]+)?")
"""The path of a claim, of a piece of its evidence, or of an inference."""
SHARD = re.compile(rf"(claim|inference)/[0-9a-f]{{1,{HASHED - 1}}}")

MOST = 200
"""The greatest mean number of records on a page."""
DEPRECATED, TRUE = term("owl:deprecated"), ox.Literal(True)


@dataclass(frozen=True)
class Shards:
    """The number of hex `digits` that the records of a shard share, and the records by the path of their shard.

    Where no number keeps shards small it is `HASHED`: each record is a shard, and `members` is empty.
    """

    digits: int
    members: Mapping[str, tuple[ox.NamedNode, ...]]

    def find(self, path: str) -> tuple[str, str] | None:
        """The path of the shard with a record or its evidence, and the record's anchor there; None for another path.

        >>> Shards(1, {}).find("claim/002321a97ce5e671-1-quote")
        ('claim/0', '002321a97ce5e671')
        """
        found = RECORD.fullmatch(path)
        return (f"{found[1]}/{found[2][: self.digits]}", found[2]) if found else None

    def records(self, path: str) -> tuple[ox.NamedNode, ...]:
        """The claims or inferences of a shard; none for any other path."""
        own = (ox.NamedNode(BASE + path),) if self.digits == HASHED and RECORD.fullmatch(path) else ()
        return self.members.get(path, own)


def shards(store: ox.Store) -> Shards:
    """The shards of the claims, removed ones included, and of the inferences in a graph."""
    digits = _digits(store)
    found: dict[str, set[ox.NamedNode]] = defaultdict(set)
    if digits < HASHED:
        known = Shards(digits, {})
        for node in _records(store):
            if place := known.find(node.value.removeprefix(BASE)):
                found[place[0]].add(node)
    return Shards(digits, {path: tuple(sorted(found[path], key=str)) for path in sorted(found)})


def _digits(store: ox.Store) -> int:
    """The fewest digits that keep the shards small."""
    for digits in (1, 2):
        kinds = (store.quads_for_pattern(None, TYPE, kind, ox.DefaultGraph()) for kind in (CLAIM, INFERENCE))
        if not any(any(islice(records, MOST * 16**digits, None)) for records in kinds):
            return digits
    return HASHED


def _records(store: ox.Store) -> Iterator[ox.NamedNode]:
    for predicate, end in ((TYPE, CLAIM), (TYPE, INFERENCE), (DEPRECATED, TRUE)):
        for quad in store.quads_for_pattern(None, predicate, end, ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject
