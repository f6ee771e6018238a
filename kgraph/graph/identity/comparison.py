"""How a field of two things compares, in words, and what this makes of the likeness of their names."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.likeness import Likeness
from kgraph.graph.statements.facts import Passage
from kgraph.rdf import sparql

Verdict = Literal["equal", "alike", "different", "unknown"]
AGREE: Collection[Verdict] = ("equal", "alike")

REGISTERS: Mapping[str, int] = {"KRS": 10, "NIP": 10, "REGON": 9, "RJPS": 0}
"""The registers of Poland that give an organisation one number, with its digits, 0 where they vary.

A REGON of 14 digits is that of a unit.
"""

SURE = 0.9
"""The score from which two things are suggested as the same."""

FACTORS: Mapping[tuple[str, str], float] = {
    ("number", "unknown"): 0.96,
    ("number", "different"): 0.6,
    ("place", "unknown"): 0.96,
    ("place", "different"): 0.6,
    ("form", "different"): 0.6,
    ("absence", "different"): 0.6,
    ("relation", "different"): 0.9,
    ("type", "different"): 0.9,
    ("date", "different"): 0.8,
}
"""By what the score of the names is multiplied."""

TELLING = ("place", "year", "relation")
"""The fields that speak for a thing when they agree."""

DOUBTS: Mapping[tuple[str, str], float] = {(field, str(verdict)): 0.8 for field in TELLING for verdict in AGREE} | {
    ("street", "equal"): 0.5,
    ("street", "different"): 1.2,
    ("date", "equal"): 0.5,
    ("activity", "equal"): 0.8,
}
"""By what the doubt about the names, which is 1 less their score, is multiplied."""

NUMBERED, RENAMED = 1.0, 0.95
"""The score of a common number, with names that are alike and with others."""

MARGIN = 0.02
"""How near another thing may come in its score."""

Larger = Mapping[str, frozenset[str]]
"""Places, each with those that contain it."""

Sides = tuple[tuple[Passage, ...], tuple[Passage, ...]]
"""Words of texts and cells of registers that say what the one thing has, and what the other."""


@dataclass(frozen=True)
class Comparison:
    """One field of two things: how it compares, what each has, and for names what was disregarded.

    `name` is that of a register or of a relation; `kind` tells more of the verdict, such as `gmina` of a common place.
    `evidence` has the passages behind both sides, where they were asked for (`backing.with_evidence`).
    """

    field: str
    verdict: Verdict
    one: str = ""
    other: str = ""
    like: Likeness | None = None
    name: str = ""
    kind: str = ""
    evidence: Sides = ((), ())

    @property
    def agrees(self) -> bool:
        return self.verdict in AGREE

    def told(self, lang: str) -> str:
        """The comparison in words."""
        if self.like:
            return told(lang, self.like.way, self.like.without)
        key = f"matching.fields.{self.field}.{self.verdict}"
        return words.text(
            lang, f"{key} {self.kind}" if self.kind else key, one=self.one, other=self.other, name=self.name
        )


def told(lang: str, reason: str, without: Sequence[str] = ()) -> str:
    """Why two names are alike, and what was disregarded, in words of a language."""
    differences = [words.text(lang, f"matching.differences.{name}") for name in without]
    if len(differences) > 1:
        *others, last = differences
        differences = [words.text(lang, "matching.and", one=", ".join(others), other=last)]
    found = words.text(lang, f"matching.reasons.{reason}")
    return words.text(lang, "matching.without", reason=found, differences=differences[0]) if differences else found


def rated(score: float, *compared: Comparison) -> float:
    """The score of two things by that of their names: less for fields that differ, less doubt for those that agree."""
    for each in compared:
        score *= FACTORS.get((each.field, each.verdict), 1.0)
    for each in compared:
        score = 1 - (1 - score) * DOUBTS.get((each.field, each.verdict), 1.0)
    return score


def containing(store: ox.Store, places: Iterable[str] | None = None) -> Larger:
    """The places with those that contain them, all of a graph or some."""
    wanted = {} if places is None else {"place": [ox.NamedNode(iri) for iri in sorted(places)]}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for inner, larger in sparql.named(store, "containing", **wanted) if all(wanted.values()) else ():
        found[inner.value].add(larger.value)
    return {inner: frozenset(larger) for inner, larger in found.items()}


def narrowest(places: Collection[str], larger: Larger) -> frozenset[str]:
    """The places without those that contain another of them."""
    return frozenset(places) - {*chain.from_iterable(larger.get(place, ()) for place in places)}


def place(mine: Collection[str], theirs: Collection[str], larger: Larger) -> Comparison:
    """The places of two things: the same, one within the other, or elsewhere."""
    if not mine or not theirs:
        return Comparison("place", "unknown")
    if common := {*mine} & {*theirs}:
        return Comparison("place", "equal", min(common), min(common))
    around = ({*chain.from_iterable(larger.get(place, ()) for place in each)} for each in (mine, theirs))
    around_mine, around_theirs = around
    is_inside = not around_mine.isdisjoint(theirs) or not around_theirs.isdisjoint(mine)
    return Comparison("place", "alike" if is_inside else "different", min(mine), min(theirs))
