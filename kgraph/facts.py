"""Facts with what stands behind them: the places where sources say them, or the rule that inferred them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kgraph import resources, sparql
from kgraph.sparql import Value
from kgraph.vocab import STATED


@dataclass(frozen=True, order=True)
class Place:
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

    def order(self) -> tuple[str, int]:
        return (self.source, self.start or 0)


@dataclass(frozen=True)
class Fact:
    """A triple, the places that say it, and the rule that inferred it if no source states it."""

    subject: ox.NamedNode
    predicate: ox.NamedNode
    object: Value
    places: tuple[Place, ...]
    rule: str | None

    @property
    def asserted(self) -> bool:
        """Whether a source states it; False for what is inferred, and for what is said without being asserted."""
        return any(place.is_stated for place in self.places)

    @property
    def witnesses(self) -> frozenset[str]:
        """The sources that say it; places in one source, and copies of one text, are one witness."""
        return frozenset(place.copy_of or place.source for place in self.places)


def facts(store: ox.Store, about: Sequence[ox.NamedNode] = ()) -> list[Fact]:
    """The facts that have one of the things at either end, or all facts, in a stable order."""
    places: dict[tuple[Value, Value, Value], set[Place]] = defaultdict(set)
    rules: dict[tuple[Value, Value, Value], str] = {}
    for subject, predicate, object_, status, source, original, start, end, words, rule in _rows(store, about):
        fact = (subject, predicate, object_)
        if rule is not None:
            rules[fact] = rule.value
        else:
            places[fact].add(
                Place(source.value, status.value, _number(start), _number(end), _text(words), _text(original))
            )
    return [
        Fact(*fact, tuple(sorted(places[fact], key=Place.order)), rules.get(fact))  # type: ignore[arg-type]
        for fact in sorted({*places, *rules}, key=lambda fact: tuple(map(str, fact)))
    ]


def _rows(store: ox.Store, about: Sequence[ox.NamedNode]) -> Iterator[tuple[Any, ...]]:
    """The rows of facts.rq, some of whose variables are bound in some rows only."""
    return sparql.rows(sparql.run(store, resources.query_text("facts"), **({"focus": about} if about else {})))


def _text(term: Value | None) -> str | None:
    return None if term is None else term.value


def _number(term: Value | None) -> int | None:
    return None if term is None else int(term.value)
