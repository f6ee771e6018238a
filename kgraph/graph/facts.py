"""Facts with what stands behind them: the passages where sources say them, or the rule that inferred them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.vocab import STATED
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value


@dataclass(frozen=True, order=True)
class Passage:
    """Where a source says something: characters and words are None when the wording is not at hand.

    `copy_of` is the source whose text this one repeats, if it is a copy.
    """

    source: str
    status: str
    start: int | None
    end: int | None
    words: str | None
    copy_of: str | None = None

    @property
    def is_stated(self) -> bool:
        return self.status == STATED.value

    def order(self) -> tuple[str, int, str]:
        return (self.source, self.start or 0, self.words or "")


@dataclass(frozen=True)
class Fact:
    """A triple, the passages that say it, and the rule that inferred it if no source states it."""

    subject: ox.NamedNode
    predicate: ox.NamedNode
    object: Value
    passages: tuple[Passage, ...]
    rule: str | None

    @property
    def asserted(self) -> bool:
        """Whether a source states it; False for what is inferred, and for what is said without being asserted."""
        return any(passage.is_stated for passage in self.passages)

    @property
    def witnesses(self) -> frozenset[str]:
        """The sources that say it; passages in one source, and copies of one text, are one witness."""
        return frozenset(passage.copy_of or passage.source for passage in self.passages)


Said = tuple[Value, Value, Value]
"""The subject, predicate and object of a fact."""


def facts(store: ox.Store, about: Sequence[ox.NamedNode] | None = None) -> list[Fact]:
    """The facts that have one of the things at either end, or all facts, in a stable order."""
    if about is None:
        return _sorted(_said(store), inferences(store))
    records = records_of(store, about)
    return _sorted(_said(store, record=records), inferences(store, about, records))


def records_of(store: ox.Store, about: Sequence[ox.NamedNode]) -> list[Value]:
    """The records of what is said or inferred with one of the things at either end."""
    return [record for (record,) in sparql.named(store, "records", focus=about)]


UNRECORDED = "…"
"""Stands for the rule in a build that keeps no records of inferences; `reasons` works out which it is."""


def inferences(
    store: ox.Store, about: Sequence[ox.NamedNode] | None = None, records: Sequence[Value] | None = None
) -> Mapping[Said, str]:
    """The inferred facts of the things whose records these are, or all, each with its rule."""
    kept = {} if records is None else {"record": records}
    rules = {(one, link, other): rule.value for one, link, other, rule in sparql.named(store, "inferred", **kept)}
    return rules or dict.fromkeys(_unrecorded(store, about), UNRECORDED)


def _unrecorded(store: ox.Store, about: Sequence[ox.NamedNode] | None) -> Iterator[Said]:
    """What was inferred, where no records are kept."""
    for ends in [{}] if about is None else [{"subject": about}, {"object": about}]:
        yield from ((one, link, other) for one, link, other in sparql.named(store, "inferred-unrecorded", **ends))


def said_by(store: ox.Store, source: ox.NamedNode) -> list[Fact]:
    """What a source says, each fact with its passages in this source only, in a stable order."""
    return _sorted(_said(store, source=[source]), {})


def _sorted(said: Iterable[tuple[Said, Passage]], rules: Mapping[Said, str]) -> list[Fact]:
    passages: dict[Said, set[Passage]] = defaultdict(set)
    for fact, passage in said:
        passages[fact].add(passage)
    return [
        Fact(*fact, tuple(sorted(passages[fact], key=Passage.order)), rules.get(fact))  # type: ignore[arg-type]
        for fact in sorted({*passages, *rules}, key=lambda fact: tuple(map(str, fact)))
    ]


def _said(store: ox.Store, **which: Sequence[Value]) -> Iterator[tuple[Said, Passage]]:
    """The claims of some records or sources, or all, once for each passage in the source's text."""
    claims = list(sparql.named(store, "claims", **which))
    texts = _texts(store, **({"record": [record for record, *_ in claims]} if which else {}))
    originals = {copy.value: original.value for copy, original in sparql.named(store, "copies")}
    for record, subject, predicate, object_, status, source in claims:
        for start, end, words in texts.get(record, [(None, None, None)]):
            passage = Passage(source.value, status.value, start, end, words, originals.get(source.value))
            yield (subject, predicate, object_), passage


def _texts(store: ox.Store, **which: Sequence[Value]) -> Mapping[Value, list[tuple[int | None, int | None, str]]]:
    """The words behind claims, and between which characters they stand if that is known.

    Asked in two queries: as optional parts of one, the engine would go through the evidence of everything each time.
    """
    positions = {passage: (int(a.value), int(b.value)) for passage, a, b in sparql.named(store, "positions", **which)}
    texts: dict[Value, list[tuple[int | None, int | None, str]]] = defaultdict(list)
    for record, passage, words in sparql.named(store, "quotes", **which):
        texts[record].append((*positions.get(passage, (None, None)), words.value))
    return texts
