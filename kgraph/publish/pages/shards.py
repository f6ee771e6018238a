"""Shards: what shares a page and data files, such as the claims of `claim/a` and the concepts of `kind/activity`."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from kgraph.base.vocab import BASE, CLAIM, INFERENCE, PREFIXES, TYPE, term
from kgraph.rdf.terms import HASHED

RECORD = re.compile(rf"(claim|inference)/([0-9a-f]{{{HASHED}}})(?:-[\w-]+)?")
"""The path of a claim, of a piece of its evidence, or of an inference."""
SHARD = re.compile(rf"(claim|inference)/[0-9a-f]{{1,{HASHED - 1}}}")
CONCEPT = re.compile(r"(kind/[^/]+)/(.+)", re.DOTALL)
"""The path of a concept: that of its scheme, and its name."""


def concept(path: str) -> tuple[str, str] | None:
    """The path of the scheme of a concept, and the anchor of the concept there; None for any other path."""
    found = CONCEPT.fullmatch(path)
    return (found[1], found[2]) if found else None


MOST = 200
"""The greatest mean number of records on a page."""
DEPRECATED, TRUE = term("owl:deprecated"), ox.Literal(True)


@dataclass(frozen=True)
class Shards:
    """The number of hex `digits` that the records of a shard share, and the members of each shard by its path.

    Where no number keeps shards of records small it is `HASHED`: each record is a shard, and is no member. The members
    of a shard of concepts are their scheme and they.
    """

    digits: int
    members: Mapping[str, tuple[ox.NamedNode, ...]]

    def find(self, path: str) -> tuple[str, str] | None:
        """The path of the shard with a record, its evidence or a concept, and the anchor there; None for another path.

        >>> Shards(1, {}).find("claim/002321a97ce5e671-1-quote")
        ('claim/0', '002321a97ce5e671')
        >>> Shards(1, {}).find("kind/role/director"), Shards(1, {}).find("kind/role")
        (('kind/role', 'director'), None)
        """
        if found := RECORD.fullmatch(path):
            return f"{found[1]}/{found[2][: self.digits]}", found[2]
        return concept(path)

    def home(self, path: str) -> str:
        """The path of the page that shows what has a path: that of its shard, else the same.

        >>> Shards(1, {}).home("kind/role/director"), Shards(1, {}).home("id/mcps")
        ('kind/role', 'id/mcps')
        """
        found = self.find(path)
        return found[0] if found else path

    def records(self, path: str) -> tuple[ox.NamedNode, ...]:
        """The claims, inferences or concepts of a shard; none for any other path."""
        own = (ox.NamedNode(BASE + path),) if self.digits == HASHED and RECORD.fullmatch(path) else ()
        return self.members.get(path, own)


def shards(store: ox.Store) -> Shards:
    """The shards of the claims and concepts, removed ones included, and of the inferences in a graph."""
    digits = _digits(store)
    found: dict[str, set[ox.NamedNode]] = defaultdict(set)
    known = Shards(digits, {})
    for node in _records(store) if digits < HASHED else ():
        if place := known.find(node.value.removeprefix(BASE)):
            found[place[0]].add(node)
    for node in _concepts(store):
        found[known.home(node.value.removeprefix(BASE))].add(node)
    return Shards(digits, {path: tuple(sorted(found[path], key=str)) for path in sorted(found)})


def _digits(store: ox.Store) -> int:
    """The fewest digits that keep the shards small."""
    for digits in (1, 2):
        kinds = (store.quads_for_pattern(None, TYPE, kind, ox.DefaultGraph()) for kind in (CLAIM, INFERENCE))
        if not any(any(islice(records, MOST * 16**digits, None)) for records in kinds):
            return digits
    return HASHED


def _records(store: ox.Store) -> Iterator[ox.NamedNode]:
    return _subjects(store, (TYPE, CLAIM), (TYPE, INFERENCE), (DEPRECATED, TRUE))


def _concepts(store: ox.Store) -> Iterator[ox.NamedNode]:
    """The concepts and their schemes, as far as their addresses are ours; one that was removed is one still."""
    found = _subjects(store, (TYPE, term("skos:Concept")), (TYPE, term("skos:ConceptScheme")), (DEPRECATED, TRUE))
    return (node for node in found if node.value.startswith(PREFIXES["kind"]))


def _subjects(store: ox.Store, *ends: tuple[ox.NamedNode, ox.NamedNode | ox.Literal]) -> Iterator[ox.NamedNode]:
    for predicate, end in ends:
        for quad in store.quads_for_pattern(None, predicate, end, ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject
