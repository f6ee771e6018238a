"""Two things side by side, field by field: numbers, names, places, streets, legal forms, dates, activities, sources."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

from kgraph.base.likeness import DEDUCTIONS, Likeness, is_slip, is_slip_apart, likeness, parts
from kgraph.base.stemming import stem, words_in
from kgraph.graph.identity import comparison
from kgraph.graph.identity.comparison import NUMBERED, REGISTERS, RENAMED, SURE, Comparison, Larger, Verdict

LEAST = 0.6
"""The least score of a pair that is worth a look."""

SHARED_BY = 60
"""The most things that share a word, or a pair of words, by which pairs are found."""

SLIPS, UNLIKE = 0.94, 0.85
"""The score of names that differ by slips of the pen only; the most for those of similar letters otherwise."""

FAINT = 0.5
"""The score of names below which nothing but a common number makes a pair."""

CONTESTED = 0.89
"""The most for a pair without a common number that a third thing or a source speaks against, or without a place and
whole names."""

LIKELIEST = 0.99
"""The most for a pair without a common number."""


@dataclass(frozen=True)
class Record:
    """What is compared of a thing: `numbers` by register, `places` its seats, `forms` its legal forms.

    `towns` are the stems of names of its places, `levels` what its places are, `streets` its addresses, `days` those of
    its beginning, `sources` those that speak of it. It `is_written` when a source other than a register says something
    of it; of two things that are one, its address stays.
    """

    iri: str
    names: tuple[str, ...] = ()
    classes: frozenset[str] = frozenset()
    numbers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    is_written: bool = False
    towns: frozenset[str] = frozenset()
    levels: Mapping[str, str] = field(default_factory=dict)
    streets: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pair:
    """Two things that may be one, a score from 0 to 1, and the comparisons behind it."""

    one: str
    other: str
    score: float
    comparisons: tuple[Comparison, ...]

    @property
    def is_sure(self) -> bool:
        return self.score >= SURE

    def told(self, lang: str) -> str:
        """The reasons in words, one after another."""
        return "; ".join(each.told(lang) for each in self.comparisons)

    @property
    def numbers(self) -> tuple[Comparison, ...]:
        """The numbers that both have."""
        return tuple(each for each in self.comparisons if (each.field, each.verdict) == ("number", "equal"))


def compared(one: Record, other: Record, larger: Larger) -> Pair | None:
    """Two things side by side; None for those of different classes, with different numbers, or with faint names."""
    if one.classes.isdisjoint(other.classes):
        return None
    if (not one.is_written, one.iri) > (not other.is_written, other.iri):
        one, other = other, one
    numbers = [*_numbers(one, other)] if one.numbers and other.numbers else []
    if any(each.verdict == "different" for each in numbers):
        return None
    rating = _best(one, other)
    if not numbers and (rating is None or rating[0].score < FAINT):
        return None
    name, place = _name(one, other, rating), _place(one, other, larger)
    if place.verdict in ("equal", "alike"):
        name = _without_town(name, one, other)
    rest = [place, *_street(one, other), _form(one, other), *_days(one, other), *_activity(one, other)]
    if numbers:
        score = NUMBERED if name.like and name.like.score >= LEAST else RENAMED
    else:
        rest += _source(one, other)
        score = _score(name, rest)
    return Pair(one.iri, other.iri, round(score, 2), (*numbers, name, *rest))


def are_apart(one: Record, other: Record) -> bool:
    """Whether two things are two: a source names both, or they have different numbers of one register."""
    return any(each.verdict == "different" for each in _numbers(one, other)) or (
        bool(one.sources & other.sources) and not any(_numbers(one, other))
    )


def _score(name: Comparison, rest: list[Comparison]) -> float:
    """The score of names that are alike, with what the other fields add or take."""
    like = name.like or Likeness(0, "words")
    verdicts = [(each.field, each.verdict) for each in rest]
    is_form_left_out = "legal form" in like.without
    is_form_known = is_form_left_out and ("form", "equal") in verdicts
    is_whole = like.way == "name" and (is_form_known or not is_form_left_out)
    given_back = DEDUCTIONS["legal form"] if is_form_known else 0
    score = comparison.rated(like.score + given_back, *rest)
    is_doubtful = ("source", "equal") in verdicts or (("place", "unknown") in verdicts and not is_whole)
    return max(0.0, min(score, CONTESTED if is_doubtful else LIKELIEST))


def _numbers(one: Record, other: Record) -> Iterator[Comparison]:
    for agency in REGISTERS:
        mine, theirs = one.numbers.get(agency), other.numbers.get(agency)
        if mine and theirs:
            common = mine & theirs
            one_has, other_has = (f"{agency} {', '.join(sorted(common or has))}" for has in (mine, theirs))
            yield Comparison("number", "equal" if common else "different", one_has, other_has)


Rating = tuple[Likeness, str, str]
"""How alike a name of each thing are."""


def _best(one: Record, other: Record) -> Rating | None:
    """The names that are most alike."""
    rated = [(like, a, b) for a in one.names for b in other.names if (like := _likeness(a, b))]
    return max(rated, key=lambda rating: (rating[0].score, rating[1], rating[2]), default=None)


def _name(one: Record, other: Record, rating: Rating | None) -> Comparison:
    """The names that are most alike, side by side."""
    if not rating:
        mine, theirs = (next(iter(each.names), "") for each in (one, other))
        return Comparison("name", "different", mine, theirs)
    like, mine, theirs = rating
    return Comparison("name", "equal" if like.way == "name" else "alike", mine, theirs, like)


def _likeness(one: str, other: str) -> Likeness | None:
    """How alike two names are; slips of the pen make them nearly equal, other letters do not."""
    like = likeness(one, other)
    if like and like.score >= SLIPS:
        return like
    if is_slip_apart(one, other) or (like and like.way == "spelling" and _are_slips(one, other)):
        return replace(like, score=SLIPS) if like and like.way == "name" else Likeness(SLIPS, "spelling")
    return Likeness(min(like.score, UNLIKE), "spelling") if like and like.way == "spelling" else like


def _are_slips(one: str, other: str) -> bool:
    """Whether the words of two names are the same but for slips of the pen; other numbers are no slips."""
    mine, theirs = parts(one).words, parts(other).words
    unlike = [pair for pair in zip(mine, theirs, strict=False) if pair[0] != pair[1]]
    return len(mine) == len(theirs) and all(is_slip(*pair) and not "".join(pair).isdigit() for pair in unlike)


def _without_town(name: Comparison, one: Record, other: Record) -> Comparison:
    """The comparison of two names of which one says the town besides, where both things are there."""
    if not name.like or name.like.way != "part":
        return name
    mine, theirs = ({*parts(text).stems} for text in (name.one, name.other))
    if not mine ^ theirs <= one.towns | other.towns:
        return name
    forms = {form for text in (name.one, name.other) if (form := parts(text).form)}
    left_out = ("legal form",) if len(forms) == 1 and parts(name.one).form != parts(name.other).form else ()
    if len(forms) > 1:
        return name
    without = ("place", *left_out)
    score = round(1 - sum(DEDUCTIONS[each] for each in without), 2)
    return replace(name, verdict="equal", like=Likeness(score, "name", without))


def _place(one: Record, other: Record, larger: Larger) -> Comparison:
    """How the places compare; of a common one, what it is."""
    found = comparison.place(one.places, other.places, larger)
    if found.verdict == "equal":
        return replace(found, kind={**one.levels, **other.levels}.get(found.one, ""))
    return Comparison("place", found.verdict, min(one.places, default=""), min(other.places, default=""))


POST_CODE = re.compile(r"\d\d-\d{3}")
WAYS = frozenset({"ul", "ulica", "al", "aleja", "pl", "plac", "os", "osiedle", "street", "st"})
"""Words for streets, which addresses have or leave out."""

Street = tuple[frozenset[str], str]
"""The stems of the name of a street, and the number of the house."""


@lru_cache(100_000)
def _streets(address: str) -> frozenset[Street]:
    """The streets and houses in an address.

    >>> _streets("08-110 Siedlce, ul. Budowlana 1") == _streets("Budowlanej 1")
    True
    """
    lines = (line for line in address.split(",") if not POST_CODE.search(line))
    split = [words_in(line) for line in lines]
    houses = [next((word for word in line if word[0].isdigit()), "") for line in split]
    return frozenset(
        (frozenset(stem(word) for word in line if not word[0].isdigit() and word not in WAYS), house)
        for line, house in zip(split, houses, strict=True)
        if house
    )


def _street(one: Record, other: Record) -> Iterator[Comparison]:
    if not one.streets or not other.streets:
        return
    mine, theirs = ({*chain.from_iterable(map(_streets, each.streets))} for each in (one, other))
    if mine and theirs:
        is_alike = {street for street, _ in mine} & {street for street, _ in theirs}
        verdict: Verdict = "equal" if mine & theirs else "alike" if is_alike else "different"
        yield Comparison("street", verdict, min(one.streets), min(other.streets))


def _form(one: Record, other: Record) -> Comparison:
    """The legal forms that the graph states, else those that the names have."""
    mine, theirs = (each.forms or {form for name in each.names if (form := parts(name).form)} for each in (one, other))
    shown = (min(mine, default=""), min(theirs, default=""))
    if not mine or not theirs:
        return Comparison("form", "unknown", *shown)
    return Comparison("form", "equal" if mine & theirs else "different", *shown)


def _days(one: Record, other: Record) -> Iterator[Comparison]:
    """The years in which both things began."""
    if not one.days or not other.days:
        return
    mine, theirs = ({day[:4] for day in each.days if day[:4].isdigit()} for each in (one, other))
    if mine and theirs:
        yield Comparison("date", "equal" if mine & theirs else "different", min(one.days), min(other.days))


def _activity(one: Record, other: Record) -> Iterator[Comparison]:
    if one.activities and other.activities:
        common = one.activities & other.activities
        yield Comparison(
            "activity",
            "equal" if common else "different",
            min(common or one.activities),
            min(common or other.activities),
        )


def _source(one: Record, other: Record) -> Iterator[Comparison]:
    """A source that names both things, which speaks against their being one."""
    if common := one.sources & other.sources:
        yield Comparison("source", "equal", min(common), min(common))
