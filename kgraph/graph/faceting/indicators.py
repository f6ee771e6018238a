"""Indicators by powiat and year: organisations by legal form and status, agreements signed, people as reported.

Each number is a set of things, so that it can be opened. Beside it is the set of what may belong to it, but is not
known to. All sets are rows of one array.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import groupby, pairwise

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kgraph.base import words
from kgraph.base.vocab import PREFIXES, TYPE, term
from kgraph.graph.entity.as_json import Dates
from kgraph.graph.faceting.facets import CLASSIFICATION, HOLDER, RECORDED, SEAT, SIGNED, TOOK_PLACE
from kgraph.graph.names import labels
from kgraph.graph.names.labels import Names
from kgraph.graph.network.analysis import changed_on
from kgraph.rdf.sparql import Table, Value

Numbers = NDArray[np.int64]

ORGANISATION, AGREEMENT = term("org:Organization"), term("se:Agreement")
LASTING = (term("org:Membership"), term("se:StatusRecord"))
"""Classes of what lasts: its first known day attests its holder, its last may be its end."""
LEVEL = term("cv:level")
POWIATS = (term("level:powiat"), term("level:city-with-powiat-rights"))
"""The levels of the places that are counted by."""

ABOUT, WHO, VALUE = term("schema:observationAbout"), term("schema:measuredProperty"), term("schema:value")
WHEN, ONLY_OF = term("schema:observationDate"), term("se:targetGroup")
ENDED_BY, EARLIEST, LATEST = term("se:endedBy"), term("se:earliest"), term("se:latest")
OPERATING, STRUCK_OFF = term("rov:orgStatus"), term("operating:struck-off").value
ATTESTING = (term("se:signatoryOf"), term("se:participatedIn"))
"""Relations of an organisation to what has a day, by which it had begun."""
ATTESTED = (HOLDER, term("org:organization"))
"""Relations to an organisation of what has a day, by which it had begun."""

TOTAL, NOT_KNOWN = term("measure:total").value, term("measure:not-known").value
"""The codes of all values of a breakdown, and of things without a known value."""
UNPLACED = term("measure:no-powiat").value
"""Stands for the place of what has no known powiat."""

NAMES = ("forms", "statuses", "agreements", "people")
"""The indicators, in the order in which they are shown."""

MOST_YEARS = 30
"""The years before the last one that are counted."""

AREA, CODE, YEAR, THING, IS_UNKNOWN, BY = range(6)
"""The columns of an indicator's rows."""


@dataclass(frozen=True)
class Span:
    """The years, first and last, in which a thing counts under a code, or may count; `by` is what says so."""

    code: str
    thing: str
    by: str
    first: int
    last: int
    is_known: bool = True


@dataclass(frozen=True)
class Listed:
    """A thing that a number counts, and the nodes whose claims say so."""

    thing: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """The number of things that count in a place and year under a code, and of those that may count.

    `people` is the sum of what the counted things report; None where an indicator counts things.
    `rows` are its rows in the indicator.
    """

    area: str
    code: str
    year: int
    counted: int
    unknown: int
    rows: tuple[int, int]
    people: Decimal | None = None


@dataclass(frozen=True, eq=False)
class Indicator:
    """One indicator: rows of area, code, year, thing, whether it is unknown, what says so; as indices into `names`."""

    name: str
    names: Sequence[str]
    rows: Numbers
    values: Mapping[tuple[str, str, int], Decimal]

    @cached_property
    def numbers(self) -> Mapping[str, Sequence[Number]]:
        """The numbers of each place, by code and year."""
        found: dict[str, list[Number]] = defaultdict(list)
        for number in self._numbers():
            found[number.area].append(number)
        return found

    def _numbers(self) -> Iterator[Number]:
        rows = self.rows
        starts = _starts(rows[:, : YEAR + 1])
        if not starts.size:
            return
        # each thing once, however many nodes say that it counts
        is_first = np.zeros(len(rows), dtype=np.int64)
        is_first[_starts(rows[:, : THING + 1])] = 1
        unknown = np.add.reduceat(is_first * rows[:, IS_UNKNOWN], starts)
        counted = np.add.reduceat(is_first, starts) - unknown
        keys = rows[starts, : YEAR + 1].tolist()
        ends = pairwise([*starts.tolist(), len(rows)])
        for (area, code, year), known, other, span in zip(keys, counted.tolist(), unknown.tolist(), ends, strict=True):
            key = self.names[area], self.names[code], year
            yield Number(*key, known, other, span, self._people(key, *span))

    def _people(self, key: tuple[str, str, int], start: int, end: int) -> Decimal | None:
        if self.name != "people":
            return None
        things = {
            self.names[row] for row in self.rows[start:end][self.rows[start:end, IS_UNKNOWN] == 0, THING].tolist()
        }
        return sum((self.values[thing, key[1], key[2]] for thing in things), Decimal(0))

    def listed(self, number: Number, *, unknown: bool = False) -> tuple[Listed, ...]:
        """What a number counts, or what may belong to it."""
        own = self.rows[slice(*number.rows)]
        pairs = own[own[:, IS_UNKNOWN] == int(unknown)][:, [THING, BY]].tolist()
        return tuple(
            Listed(self.names[thing], tuple(self.names[by] for _, by in same))
            for thing, same in groupby(pairs, key=lambda pair: int(pair[0]))
        )


@dataclass(frozen=True, eq=False)
class Indicators:
    """The indicators by name, the years that they cover, and the powiats where anything is."""

    of: Mapping[str, Indicator]
    first: int
    last: int
    areas: tuple[str, ...]


def _starts(rows: Numbers) -> Numbers:
    """The indices at which sorted rows differ from the row before."""
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)]))


def indicators(store: ox.Store, dates: Mapping[str, Dates]) -> Indicators:
    """The indicators of a store, for all years that had ended when it was last changed; `dates` are of its things."""
    day = changed_on(store) or max((known.last for known in dates.values()), default="1970-01-01")
    last = int(day[:4]) - ("" < day[5:] < "12-31")
    years = [int(known.first[:4]) for known in dates.values()]
    first = min([last, *(year for year in years if year > last - MOST_YEARS)])
    reading = _Reading(store, dates, first, last)
    found = {name: reading.indicator(name) for name in NAMES}
    areas = {area for one in found.values() for area in one.numbers}
    return Indicators(found, first, last, tuple(sorted(areas - {UNPLACED})))


COLUMNS = ("indicator", "powiat", "powiat_name", "year", "code", "code_name", "counted", "unknown", "people")
THINGS = ("thing", "name", "is_unknown", "by")
"""The columns of a table, and those of the things that its numbers count."""


def table(
    store: ox.Store, found: Indicators, lang: str, place: str | None = None, year: int | None = None, *, things: bool
) -> Table:
    """The numbers as rows, all or those of a place or year; with `things`, a row for each thing that one counts."""
    numbers = [
        (one, number)
        for one in found.of.values()
        for area, own in one.numbers.items()
        for number in own
        if place in (None, area) and year in (None, number.year)
    ]
    called = labels.names(store, _named(found, numbers, things=things), lang)
    rows = (
        [*_row(one, number, called, lang), *of]
        for one, number in numbers
        for of in (_things(one, number, called) if things else [[]])
    )
    return (*COLUMNS, *(THINGS if things else ())), [*rows]


def _named(found: Indicators, numbers: Sequence[tuple[Indicator, Number]], *, things: bool) -> set[ox.NamedNode]:
    every = {iri for one in found.of.values() for iri in one.names} if things else set()
    return {ox.NamedNode(iri) for iri in every.union(*((number.area, number.code) for _, number in numbers))}


def _row(one: Indicator, number: Number, called: Names, lang: str) -> list[Value | None]:
    special = {UNPLACED: "no powiat", TOTAL: "total", NOT_KNOWN: "not-known"}

    def name(iri: str) -> ox.Literal:
        known = words.text(lang, f"numbers.{special[iri]}") if iri in special else called.get(ox.NamedNode(iri), iri)
        return ox.Literal(known)

    area, code = ((ox.NamedNode(iri), name(iri)) for iri in (number.area, number.code))
    people = None if number.people is None else ox.Literal(str(number.people), datatype=term("xsd:decimal"))
    counts = (ox.Literal(number.counted), ox.Literal(number.unknown), people)
    return [ox.Literal(one.name), *area, ox.Literal(number.year), *code, *counts]


def _things(one: Indicator, number: Number, called: Names) -> Iterator[list[Value | None]]:
    for unknown in (False, True):
        for listed in one.listed(number, unknown=unknown):
            node = ox.NamedNode(listed.thing)
            by = ox.Literal(" ".join(listed.by))
            yield [node, ox.Literal(called.get(node, listed.thing)), ox.Literal(unknown), by]


@dataclass(frozen=True, eq=False)
class _Reading:
    """The making of indicators from a store, for the years from `first` to `last`."""

    store: ox.Store
    dates: Mapping[str, Dates]
    first: int
    last: int

    def pairs(self, *predicates: ox.NamedNode, backwards: bool = False) -> Mapping[str, set[str]]:
        """The objects of each subject in the default graph; `backwards`, the subjects of each object."""
        found: dict[str, set[str]] = defaultdict(set)
        for predicate in predicates:
            for quad in self.store.quads_for_pattern(None, predicate, None, ox.DefaultGraph()):
                ends = (quad.object, quad.subject) if backwards else (quad.subject, quad.object)
                found[ends[0].value].add(ends[1].value)  # type: ignore[union-attr]
        return found

    def members(self, kind: ox.NamedNode) -> list[str]:
        found = self.store.quads_for_pattern(None, TYPE, kind, ox.DefaultGraph())
        return sorted(quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode))

    @cached_property
    def powiats(self) -> frozenset[str]:
        levels = {level.value for level in POWIATS}
        return frozenset(place for place, known in self.pairs(LEVEL).items() if known & levels)

    @cached_property
    def seats(self) -> Mapping[str, set[str]]:
        """The powiats of the seat of each organisation."""
        return {thing: places & self.powiats for thing, places in self.pairs(SEAT).items()}

    @cached_property
    def places(self) -> Mapping[str, set[str]]:
        """The powiats in which each agreement was signed."""
        took_place = self.pairs(TOOK_PLACE)
        signed = self.pairs(SIGNED)
        return {
            thing: {place for at in {thing, *signed.get(thing, ())} for place in took_place.get(at, ())} & self.powiats
            for thing in self.members(AGREEMENT)
        }

    @cached_property
    def existing(self) -> list[Span]:
        """The years in which each organisation existed, or may have existed."""
        joined, attesting = self.pairs(*ATTESTING), self.pairs(*ATTESTED, backwards=True)
        found: list[Span] = []
        for thing in self.members(ORGANISATION):
            known = self.dates.get(thing)
            could = int(known.first[:4]) if known and known.has_begun else self.first
            telling = (thing, *joined.get(thing, ()), *attesting.get(thing, ()))
            begun = [(year, one) for one in telling if (year := self.by_then(one)) is not None]
            year, by = min(begun, default=(None, thing))
            seen = max(begun, default=(self.first - 1, thing))[0]
            found += self.until_end(self.since(TOTAL, thing, by, could, year), seen)
        return found

    @cached_property
    def ends(self) -> Mapping[str, tuple[int, int]]:
        """The years between which each organisation ended, by the events that ended it."""
        first, last = self.pairs(EARLIEST), self.pairs(LATEST)
        found = {}
        for thing, events in self.pairs(ENDED_BY).items():
            bounds = [{day for event in events for day in days.get(event, ())} for days in (first, last)]
            if all(bounds):
                found[thing] = int(min(bounds[0])[:4]), int(max(bounds[1])[:4])
        return found

    @cached_property
    def struck_off(self) -> frozenset[str]:
        """The organisations that a register calls struck off."""
        return frozenset(thing for thing, states in self.pairs(OPERATING).items() if STRUCK_OFF in states)

    def until_end(self, spans: Iterable[Span], seen: int) -> Iterator[Span]:
        """Spans of an organisation that stop with its end, unknown while it may have ended.

        An organisation that a register calls struck off, without a day, is unknown after the last year in which it
        was `seen`.
        """
        for span in spans:
            open_end = (seen + 1, self.last + 1) if span.thing in self.struck_off else (self.last + 1, self.last + 1)
            sure, over = self.ends.get(span.thing, open_end)
            yield replace(span, last=min(span.last, sure - 1))
            yield replace(span, first=max(span.first, sure), last=min(span.last, over - 1), is_known=False)

    def by_then(self, thing: str) -> int | None:
        """The year by whose end a thing had begun; None when no day of it is known."""
        known = self.dates.get(thing)
        if known is None:
            return None
        return int((known.first if thing in self.lasting else known.last)[:4])

    @cached_property
    def lasting(self) -> frozenset[str]:
        return frozenset(thing for kind in LASTING for thing in self.members(kind))

    def since(self, code: str, thing: str, by: str, could: int, begun: int | None) -> Iterator[Span]:
        """A span that is known from the year `begun` on, and possible from the year that it `could` begin in."""
        if begun is None or could < begun:
            yield Span(code, thing, by, could, self.last if begun is None else begun - 1, is_known=False)
        if begun is not None:
            yield Span(code, thing, by, begun, self.last)

    def indicator(self, name: str) -> Indicator:
        spans, places = {
            "forms": (self.forms, self.seats),
            "statuses": (self.statuses, self.seats),
            "agreements": (self.agreements, self.places),
            "people": (self.people, self.seats),
        }[name]
        names, rows = _numbered(spans(), places, (self.first, self.last))
        return Indicator(name, names, rows, self.reported if name == "people" else {})

    def forms(self) -> Iterator[Span]:
        """Organisations by each legal form that is given, not by broader ones."""
        classified = self.pairs(CLASSIFICATION)
        for span in self.existing:
            codes = [code for code in classified.get(span.thing, ()) if code.startswith(PREFIXES["legal"])]
            for code in (TOTAL, *(codes or [NOT_KNOWN])):
                yield Span(code, span.thing, span.by, span.first, span.last, span.is_known)

    def statuses(self) -> Iterator[Span]:
        """Organisations by the status that a record gives them."""
        statuses = self.pairs(RECORDED)
        for record, holders in self.pairs(HOLDER).items():
            for code in (TOTAL, *statuses.get(record, ())):
                for holder in holders:
                    yield from self.held(code, holder, record)

    def held(self, code: str, holder: str, record: str) -> Iterator[Span]:
        """The years at whose end a status was held, not known to have ended, or perhaps held."""
        known = self.dates.get(record)
        end = known.last if known and known.has_ended else f"{self.last}-12-31"
        last = int(end[:4]) - (len(end) == len("2018-12-31") and end[5:] < "12-31")
        begun = int(known.first[:4]) if known else None
        could = begun if known and known.has_begun and begun is not None else self.first
        for span in self.until_end(self.since(code, holder, record, could, begun), self.last):
            yield replace(span, last=min(span.last, last))

    def agreements(self) -> Iterator[Span]:
        """Agreements in the year of their signing."""
        for thing in self.members(AGREEMENT):
            known = self.dates.get(thing)
            first, last = (int(day[:4]) for day in (known.first, known.last)) if known else (self.first, self.last)
            yield Span(TOTAL, thing, thing, first, last, is_known=bool(known) and first == last)

    @cached_property
    def observed(self) -> Mapping[tuple[str, str, int], Mapping[str, Decimal]]:
        """What each organisation reports of whom in which year, by observation; those of a group only are left out."""
        parts = [self.pairs(part) for part in (ABOUT, WHO, VALUE, WHEN)]
        partial = self.pairs(ONLY_OF)
        found: dict[tuple[str, str, int], dict[str, Decimal]] = defaultdict(dict)
        for node in sorted(parts[0].keys() - partial.keys()):
            about, who, values, years = (part.get(node, set()) for part in parts)
            if about and who and len(values) == 1 and len(years) == 1:
                key = min(about), min(who), int(min(years)[:4])
                found[key][node] = Decimal(min(values))
        return found

    @cached_property
    def reported(self) -> Mapping[tuple[str, str, int], Decimal]:
        """The numbers on which all observations agree."""
        agreed = {key: set(given.values()) for key, given in self.observed.items()}
        return {key: min(values) for key, values in agreed.items() if len(values) == 1}

    def people(self) -> Iterator[Span]:
        """Organisations that report a number, and those that exist and report none, or different ones."""
        asked = {key[1:] for key in self.observed}
        for thing, code, year in self.reported:
            for node in self.observed[thing, code, year]:
                yield Span(code, thing, node, year, year)
        for span in self.existing:
            for code, year in asked:
                if span.first <= year <= span.last and (span.thing, code, year) not in self.reported:
                    yield Span(code, span.thing, span.by, year, year, is_known=False)


def _numbered(
    spans: Iterable[Span], places: Mapping[str, set[str]], years: tuple[int, int]
) -> tuple[Sequence[str], Numbers]:
    """The names in spans, and a row for each place and year of each span; what is known of a thing is not unknown."""
    at: dict[str, int] = {}
    entries = [
        [at.setdefault(name, len(at)) for name in (area, span.code, span.thing, span.by)]
        + [max(span.first, years[0]), min(span.last, years[1]), not span.is_known]
        for span in spans
        for area in sorted(places.get(span.thing) or {UNPLACED})
    ]
    given = np.array(entries, dtype=np.int64).reshape(-1, 7)
    names = sorted(at)
    rank = np.zeros(len(at), dtype=np.int64)
    rank[[at[name] for name in names]] = np.arange(len(at))
    area, code, thing, by = (rank[given[:, column]] for column in range(4))
    lasts = np.maximum(given[:, 5] - given[:, 4] + 1, 0)
    which = np.repeat(np.arange(len(given)), lasts)
    year = given[which, 4] + np.arange(len(which)) - np.repeat(np.cumsum(lasts) - lasts, lasts)
    rows = np.stack([area[which], code[which], year, thing[which], given[which, 6], by[which]], axis=1)
    return names, _without_known(_sorted(rows))


def _sorted(rows: Numbers) -> Numbers:
    """Rows in their order, each once."""
    ordered = rows[np.lexsort(rows.T[::-1])]
    return ordered[_starts(ordered)]


def _without_known(rows: Numbers) -> Numbers:
    """Sorted rows without those of a thing as unknown where another row knows it, which comes first."""
    starts = _starts(rows[:, : THING + 1])
    sizes = np.diff([*starts, len(rows)]) if starts.size else starts
    is_first_known = np.repeat(rows[starts, IS_UNKNOWN] == 0, sizes)
    kept: Numbers = rows[(rows[:, IS_UNKNOWN] == 0) | ~is_first_known]
    return kept
