"""Pairs of things that may be one: compared by numbers, names, places and legal forms, each with reasons in words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, combinations, pairwise
from sqlite3 import Connection

import pyoxigraph as ox

from kgraph.base.likeness import is_slip, likeness, parts
from kgraph.base.text import fold
from kgraph.base.vocab import PREFIXES
from kgraph.graph import comparison, labels, search, searchable
from kgraph.graph.comparison import MARGIN, NUMBERED, RENAMED, SURE, Comparison, Larger
from kgraph.graph.searchable import AUXILIARY
from kgraph.rdf import sparql

LEAST = 0.6
"""The least score of a pair that is worth a look."""

SHARED_BY = 60
"""The most things that share a word, or a pair of words, by which pairs are found."""

SLIPS, UNLIKE = 0.94, 0.85
"""The score of names that differ by slips of the pen only; the most for those of similar letters otherwise."""

CONTESTED = 0.89
"""The score of a pair with a rival: another pair that is nearly as likely."""

REGISTERS = ("KRS", "NIP", "REGON", "RJPS")
"""The registers that give an organisation one number."""


@dataclass(frozen=True)
class Record:
    """What is compared of a thing: `numbers` by register, `places` its seats, `forms` its legal forms.

    It `is_written` when a source other than a register says something of it; of two things that are one, its address
    stays.
    """

    iri: str
    names: tuple[str, ...] = ()
    classes: frozenset[str] = frozenset()
    numbers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    is_written: bool = False


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


def pairs(known: Iterable[Record], larger: Larger, about: Collection[str] = ()) -> list[Pair]:
    """The pairs of things that may be one, the surest first; with `about`, only pairs with one of these things.

    No pair is sure while one of its things is as much like a third.
    """
    by_iri = {record.iri: record for record in known}
    found = (compared(by_iri[a], by_iri[b], larger) for a, b in near(by_iri.values(), frozenset(about)))
    rated = _contested([pair for pair in found if pair and pair.score >= LEAST])
    return sorted(rated, key=lambda pair: (-pair.score, pair.one, pair.other))


def _contested(found: Sequence[Pair]) -> Iterator[Pair]:
    """The pairs; one without a common number is not sure beside another pair that is nearly as likely."""
    best: defaultdict[str, list[float]] = defaultdict(list)
    for pair in found:
        best[pair.one].append(pair.score)
        best[pair.other].append(pair.score)
    for pair in found:
        rivals = sum(score >= pair.score - MARGIN for score in (*best[pair.one], *best[pair.other])) - 2
        if pair.score >= SURE and not pair.numbers and rivals:
            rival = Comparison("rival", "alike")
            yield replace(pair, score=CONTESTED, comparisons=(*pair.comparisons, rival))
        else:
            yield pair


COLUMNS = ("one", "one_label", "other", "other_label", "score", "reason")


def table(store: ox.Store, found: Sequence[Pair], lang: str) -> sparql.Table:
    """The pairs with their names, scores and reasons in a language."""
    things = [ox.NamedNode(iri) for pair in found for iri in (pair.one, pair.other)]
    called = labels.names(store, things, lang)
    rows = [
        (one, labels.name(called, one), other, labels.name(called, other), pair.score, pair.told(lang))
        for pair, one, other in zip(found, things[::2], things[1::2], strict=True)
    ]
    return COLUMNS, [[node if isinstance(node, ox.NamedNode) else ox.Literal(node) for node in row] for row in rows]


# What is compared


def records(store: ox.Store, named: Iterable[searchable.Name], larger: Larger) -> Iterator[Record]:
    """The organisations and people of a graph, as they are compared; `named` are the names of all things."""
    values: defaultdict[str, defaultdict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    for thing, sort, value, agency in sparql.named(store, "compared"):
        values[thing.value][sort.value].add((agency.value, value.value))
    names: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for called in named:
        if called.rank < AUXILIARY:
            names[called.iri].setdefault(fold(called.name), called.name)
    for iri, found in values.items():
        numbers: defaultdict[str, set[str]] = defaultdict(set)
        for register, number in found["number"]:
            numbers[register].add(number)
        yield Record(
            iri,
            tuple(names[iri].values()),
            frozenset(value for _, value in found["class"]),
            {register: frozenset(given) for register, given in numbers.items()},
            comparison.narrowest({value for _, value in found["place"]}, larger),
            frozenset(value.removeprefix(PREFIXES["legal"]) for _, value in found["form"]),
            bool(found["written"]),
        )


def containing(store: ox.Store) -> Larger:
    """All places that lie in another, with those that contain them."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for place, larger in sparql.named(store, "containing"):
        found[place.value].add(larger.value)
    return {place: frozenset(larger) for place, larger in found.items()}


def of_graph(store: ox.Store, index: Connection, about: Collection[str] = ()) -> list[Pair]:
    """The pairs of a graph that may be one, without those about which something is decided."""
    larger = containing(store)
    known = records(store, search.names(index), larger)
    decided = {frozenset((one.value, other.value)) for one, other in sparql.named(store, "decided")}
    return [pair for pair in pairs(known, larger, about) if frozenset((pair.one, pair.other)) not in decided]


# Which are compared


def near(known: Iterable[Record], about: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """The pairs that share a number, all words of a name, a rare word, or a rare pair of words."""
    keyed: defaultdict[object, list[str]] = defaultdict(list)
    for record in known:
        for key in dict.fromkeys(_keys(record)):
            keyed[key].append(record.iri)
    chosen = (sorted(things) for things in keyed.values() if 1 < len(things) <= SHARED_BY)
    yield from dict.fromkeys(chain.from_iterable(map(partial(_pairs, about=about), chosen)))


def _pairs(things: Sequence[str], about: frozenset[str]) -> Iterator[tuple[str, str]]:
    return (pair for pair in combinations(things, 2) if not about or not about.isdisjoint(pair))


def _keys(record: Record) -> Iterator[object]:
    """By what a thing is found: its numbers, and of each name all words, each word, and each pair of neighbours."""
    for agency, numbers in record.numbers.items():
        yield from ((agency, number) for number in numbers)
    for name in record.names:
        stems = parts(name).stems
        yield tuple(sorted(stems))
        yield from stems
        yield from pairwise(stems)
        if record.places:
            yield from ((place, stem[:4]) for place in record.places for stem in stems)


# How they compare


def compared(one: Record, other: Record, larger: Larger) -> Pair | None:
    """Two things side by side; None for those of different classes or with different numbers of one register."""
    one, other = sorted((one, other), key=lambda each: (not each.is_written, each.iri))
    numbers = [*_numbers(one, other)]
    if not one.classes & other.classes or any(each.verdict == "different" for each in numbers):
        return None
    name = _name(one, other)
    place, form = comparison.place(one.places, other.places, larger), _form(one, other)
    is_numbered = any(each.verdict == "equal" for each in numbers)
    like = name.like.score if name.like else 0.0
    score = NUMBERED if is_numbered and like >= LEAST else RENAMED if is_numbered else like
    if not is_numbered:
        score = comparison.rated(score, place, form)
    return Pair(one.iri, other.iri, round(score, 2), (*numbers, name, place, form))


def _numbers(one: Record, other: Record) -> Iterator[Comparison]:
    for agency in REGISTERS:
        mine, theirs = one.numbers.get(agency), other.numbers.get(agency)
        if mine and theirs:
            common = mine & theirs
            one_has, other_has = (f"{agency} {', '.join(sorted(common or has))}" for has in (mine, theirs))
            yield Comparison("number", "equal" if common else "different", one_has, other_has)


def _name(one: Record, other: Record) -> Comparison:
    """The names that are most alike."""
    rated = [(like, a, b) for a in one.names for b in other.names if (like := likeness(a, b))]
    if not rated:
        mine, theirs = (next(iter(each.names), "") for each in (one, other))
        return Comparison("name", "different", mine, theirs)
    like, mine, theirs = max(rated, key=lambda rating: (rating[0].score, rating[1], rating[2]))
    if like.way == "spelling":
        like = replace(like, score=SLIPS if _are_slips(mine, theirs) else min(like.score, UNLIKE))
    return Comparison("name", "equal" if like.way == "name" else "alike", mine, theirs, like)


def _are_slips(one: str, other: str) -> bool:
    """Whether the words of two names are the same but for slips of the pen; other numbers are no slips."""
    mine, theirs = parts(one).words, parts(other).words
    unlike = [pair for pair in zip(mine, theirs, strict=False) if pair[0] != pair[1]]
    return len(mine) == len(theirs) and all(is_slip(*pair) and not "".join(pair).isdigit() for pair in unlike)


def _form(one: Record, other: Record) -> Comparison:
    """The legal forms that the graph states, else those that the names have."""
    mine, theirs = (
        {*each.forms} or {form for name in each.names if (form := parts(name).form)} for each in (one, other)
    )
    if not mine or not theirs:
        return Comparison("form", "unknown")
    shown = (min(mine), min(theirs))
    return Comparison("form", "equal" if mine & theirs else "different", *shown)
