"""Pairs of things that may be one: found by the numbers, words and places they share, compared, held against rivals."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, combinations, pairwise
from sqlite3 import Connection

import pyoxigraph as ox

from kgraph.base.likeness import parts
from kgraph.base.stemming import stem
from kgraph.base.text import fold
from kgraph.base.vocab import PREFIXES, term
from kgraph.graph.identity import backing
from kgraph.graph.identity.comparison import MARGIN, SURE, Comparison, Larger, containing, narrowest
from kgraph.graph.identity.records import CONTESTED, LEAST, SHARED_BY, Pair, Record, are_apart, compared
from kgraph.graph.names import labels, search, searchable
from kgraph.graph.names.searchable import AUXILIARY
from kgraph.rdf import sparql

__all__ = ["LEAST", "SURE", "Comparison", "Pair", "Record", "compared", "near", "of_graph", "pairs", "records"]

NEARNESS = {"different": 0, "unknown": 1, "alike": 2, "equal": 3}
"""How two places compare, from the weakest evidence to the strongest."""


Near = Callable[[Iterable[Record], frozenset[str]], Iterable[tuple[str, str]]]
"""What finds the pairs to compare: `near`, or `linkage.near` with splink."""


def pairs(
    known: Iterable[Record], larger: Larger, about: Collection[str] = (), found_by: Near | None = None
) -> list[Pair]:
    """The pairs of things that may be one, the surest first; with `about`, only pairs with one of these things.

    No pair is sure while one of its things is as much like a third, unless this one is like both.
    """
    by_iri = {record.iri: record for record in known}
    found = (compared(by_iri[a], by_iri[b], larger) for a, b in (found_by or near)(by_iri.values(), frozenset(about)))
    rated = weighed([pair for pair in found if pair and (pair.score >= LEAST or _is_namesake(pair))], by_iri)
    return [pair for pair in rated if pair.score >= LEAST]


# Rivals


def weighed(found: Sequence[Pair], known: Mapping[str, Record]) -> list[Pair]:
    """The pairs, the surest first; one without a common number is not sure beside a rival."""
    settled, excluded = _settled(found, known)
    rated = (
        replace(pair, score=CONTESTED, comparisons=(*pair.comparisons, _rival(_ends(pair) in excluded)))
        if pair.is_sure and _ends(pair) not in settled
        else pair
        for pair in found
    )
    return sorted(rated, key=lambda pair: (-pair.score, pair.one, pair.other))


Ends = frozenset[str]


def _ends(pair: Pair) -> Ends:
    return frozenset((pair.one, pair.other))


def _rival(is_excluded: bool) -> Comparison:
    return Comparison("rival", "different" if is_excluded else "alike")


def _settled(found: Iterable[Pair], known: Mapping[str, Record]) -> tuple[set[Ends], set[Ends]]:
    """The sure pairs without a rival, and the pairs that cannot be true beside these.

    What cannot be true is no rival any more, so that further pairs may be without one. Only pairs with a common place
    rule others out; without a place, a name of several things says too little.
    """
    likely = {_ends(pair): pair for pair in found if pair.score >= SURE - MARGIN or _is_namesake(pair)}
    by_end: defaultdict[str, list[Pair]] = defaultdict(list)
    for ends, pair in likely.items():
        for end in ends:
            by_end[end].append(pair)
    beside = {ends: [other for end in ends for other in by_end[end] if _ends(other) != ends] for ends in likely}
    sure = {ends for ends, pair in likely.items() if pair.is_sure}
    rivals = {
        ends: {_ends(other) for other in beside[ends] if _is_rival(other, likely[ends], sure, known)} for ends in sure
    }
    placed = {ends for ends in sure if _nearness(likely[ends]) > NEARNESS["unknown"]}
    waiting = set(sure)
    settled: set[Ends] = set()
    excluded: set[Ends] = set()
    while free := {ends for ends in waiting - excluded if rivals[ends] <= excluded}:
        settled |= free
        waiting -= free
        near = ((_ends(other), ends) for ends in free & placed for other in beside[ends])
        excluded |= {other for other, ends in near if _is_ruled_out(other, ends, known)} - settled
    return settled, excluded


def _is_rival(other: Pair, pair: Pair, sure: Collection[Ends], known: Mapping[str, Record]) -> bool:
    """Whether another pair with one of the things is as likely: by its place, then by its score.

    It is none when all three things may be one, or when the pair has a common number. Of a thing without a place, one
    whose name has another legal form is a rival too, unless the form of the thing is known twice.
    """
    if pair.numbers or _ends(other) ^ _ends(pair) in sure:
        return False
    if _is_namesake(other):
        [shared] = (known[end] for end in _ends(other) & _ends(pair))
        is_vague = not shared.places and not _is_formed_twice(shared)
        return is_vague and not are_apart(known[other.one], known[other.other])
    mine, theirs = _nearness(pair), _nearness(other)
    return theirs > mine or (theirs == mine and other.score >= pair.score - MARGIN)


def _is_formed_twice(record: Record) -> bool:
    """Whether a thing has its legal form in a name and beside it."""
    return bool(record.forms) and any(parts(name).form for name in record.names)


def _is_namesake(pair: Pair) -> bool:
    """Whether two things have one name with different legal forms, and a place of one is not known."""
    verdicts = {(each.field, each.verdict) for each in pair.comparisons}
    return verdicts >= {("name", "equal"), ("place", "unknown"), ("form", "different")}


def _nearness(pair: Pair) -> int:
    return next(NEARNESS[each.verdict] for each in pair.comparisons if each.field == "place")


def _is_ruled_out(one: Ends, settled: Ends, known: Mapping[str, Record]) -> bool:
    """Whether a pair says of a thing of a settled pair that it is also one with a third, which is known to be apart."""
    first, second = one ^ settled
    return are_apart(known[first], known[second])


COLUMNS = ("one", "one_label", "other", "other_label", "score", "reason", "evidence")


def table(store: ox.Store, found: Sequence[Pair], lang: str) -> sparql.Table:
    """The pairs with their names, scores, reasons and evidence in a language."""
    shown = backing.with_evidence(store, found)
    things = [ox.NamedNode(iri) for pair in shown for iri in (pair.one, pair.other)]
    called = labels.names(store, [*things, *backing.sources(shown)], lang)
    rows: list[list[sparql.Value | None]] = []
    for pair, one, other in zip(shown, things[::2], things[1::2], strict=True):
        reasons = (ox.Literal(pair.told(lang)), ox.Literal(backing.told(pair, called, lang)))
        named = (one, ox.Literal(labels.name(called, one)), other, ox.Literal(labels.name(called, other)))
        rows.append([*named, ox.Literal(pair.score), *reasons])
    return COLUMNS, rows


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
    levels = _levels(store)
    for iri, found in values.items():
        numbers: defaultdict[str, set[str]] = defaultdict(set)
        for register, number in found["number"]:
            numbers[register].add(number)
        only = {sort: frozenset(value for _, value in those) for sort, those in found.items()}
        places = narrowest(only.get("place", frozenset()), larger)
        yield Record(
            iri,
            tuple(names[iri].values()),
            only.get("class", frozenset()),
            {register: frozenset(given) for register, given in numbers.items()},
            places,
            frozenset(form.removeprefix(PREFIXES["legal"]) for form in only.get("form", ())),
            "written" in only,
            frozenset(word for place in places for name in names.get(place, ()) for word in parts(name).stems),
            {place: levels[place] for place in places if place in levels},
            only.get("street", frozenset()),
            only.get("day", frozenset()),
            only.get("activity", frozenset()),
            only.get("written", frozenset()) | only.get("listed", frozenset()),
        )


LEVELS = {
    "gmina": ("gmina", "rural-gmina", "urban-rural-gmina"),
    "city": ("urban-gmina", "city-with-powiat-rights", "town-of-gmina"),
    "powiat": ("powiat",),
    "voivodeship": ("voivodeship",),
    "district": ("district",),
}
"""What a common place is in words, by the levels of territorial units."""


def _levels(store: ox.Store) -> Mapping[str, str]:
    """What each territorial unit is: a gmina, a city, a powiat, a voivodeship or a district."""
    named = {PREFIXES["level"] + level: name for name, levels in LEVELS.items() for level in levels}
    quads = store.quads_for_pattern(None, term("cv:level"), None, ox.DefaultGraph())
    return {
        quad.subject.value: named[quad.object.value]
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value in named
    }


def of_graph(
    store: ox.Store, index: Connection, about: Collection[str] = (), found_by: Near | None = None
) -> list[Pair]:
    """The pairs of a graph that may be one, without those about which something is decided."""
    larger = containing(store)
    known = records(store, search.names(index), larger)
    decided = {frozenset((one.value, other.value)) for one, other in sparql.named(store, "decided")}
    return [pair for pair in pairs(known, larger, about, found_by) if frozenset((pair.one, pair.other)) not in decided]


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
    """By what a thing is found: its numbers, and parts of its names, some of them together with its place."""
    for agency, numbers in record.numbers.items():
        yield from ((agency, number) for number in numbers)
    for name in record.names:
        of = parts(name)
        yield tuple(sorted(of.stems))
        yield from of.stems
        yield from pairwise(of.stems)
        yield from ((of.beginning, "begin"), (of.ending, "end"), (of.mixed, "all"))
        if len(of.initials) > 2:
            yield stem(of.initials)
        yield from ((place, word[:4]) for place in record.places for word in of.stems)
