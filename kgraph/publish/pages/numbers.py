"""The pages of indicators by powiat and year, on which each number opens what it counts, with the claims."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pyoxigraph as ox

from kgraph.base.text import fold
from kgraph.base.vocab import CLAIM, TYPE, term
from kgraph.errors import NotFound
from kgraph.graph.faceting.facets import CLASSIFICATION, HOLDER, RECORDED, SEAT, SIGNED, TOOK_PLACE
from kgraph.graph.faceting.indicators import (
    NAMES,
    NOT_KNOWN,
    TOTAL,
    UNPLACED,
    VALUE,
    Indicator,
    Indicators,
    Listed,
    Number,
)
from kgraph.publish.pages.book import Book
from kgraph.publish.pages.page import Page
from kgraph.rdf.sparql import Value

PATH = "numbers"
"""The path of the page of all powiats; those of each are below it."""
WITHOUT_PLACE = "no-powiat"
"""The last segment of the path of what has no known powiat."""
MOST = 100
"""The things of a number that the page of its place lists; more have a page of their own."""

SUBJECT, OBJECT, PREDICATE, DESCRIBES = map(term, ("rdf:subject", "rdf:object", "rdf:predicate", "se:describes"))
DATED = tuple(map(term, ("se:date", "se:validFrom", "se:validUntil", "se:fromYear", "se:untilYear", "se:lastAttested")))
PLACED = (SEAT, CLASSIFICATION)
SHOWN: Mapping[str, frozenset[ox.NamedNode]] = {
    "forms": frozenset((*PLACED, *DATED)),
    "statuses": frozenset((SEAT, HOLDER, RECORDED, *DATED)),
    "agreements": frozenset((SIGNED, TOOK_PLACE, *DATED)),
    "people": frozenset((SEAT, VALUE, *DATED)),
}
"""The relations whose claims say that a thing counts, by indicator."""


@dataclass(frozen=True)
class Opened:
    """What a number opens: its things, counted or unknown, in the years in which they are the same.

    `anchor` is its place on the page of its powiat, or the last segment of its own page where it `is_long`.
    """

    name: str
    code: str
    anchor: str
    years: tuple[int, ...]
    things: tuple[Listed, ...]
    is_unknown: bool

    @property
    def is_long(self) -> bool:
        return len(self.things) > MOST


@dataclass(frozen=True)
class Cell:
    """A number with what it opens."""

    number: Number
    counted: Opened | None
    unknown: Opened | None


@dataclass(frozen=True)
class Row:
    """The numbers of years in which they are the same, by code."""

    first: int
    last: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Table:
    """The numbers of an indicator in a place, and what they open; the newest years first."""

    name: str
    codes: tuple[str, ...]
    rows: tuple[Row, ...]
    opened: tuple[Opened, ...]


def slug(area: str) -> str:
    """The last segment of the path of a place."""
    return WITHOUT_PLACE if area == UNPLACED else area.rpartition("/")[2]


def paths(found: Indicators) -> Iterator[str]:
    """The paths of all pages of indicators."""
    yield PATH
    for area in areas(found):
        yield f"{PATH}/{slug(area)}"
        has_long = any(max(one.counted, one.unknown) > MOST for name in NAMES for one in _of(found, name, area))
        for table in tables(found, area) if has_long else ():
            yield from (f"{PATH}/{slug(area)}/{one.anchor}" for one in table.opened if one.is_long)


def areas(found: Indicators) -> list[str]:
    """The places with numbers, and last what has no known powiat."""
    return [*found.areas, *([UNPLACED] if any(UNPLACED in one.numbers for one in found.of.values()) else [])]


def area_at(found: Indicators, path: str) -> str:
    """The place at a path; NotFound when nothing is counted there."""
    named = path.split("/")[1]
    for area in areas(found):
        if slug(area) == named:
            return area
    raise NotFound(f"nothing is counted at /page/{path}")


def opened_at(found: Indicators, path: str) -> Opened:
    """What the number at a path of three segments opens; NotFound when there is none."""
    last = path.rpartition("/")[2]
    for table in tables(found, area_at(found, path)):
        for one in table.opened:
            if one.anchor == last:
                return one
    raise NotFound(f"there is no number at /page/{path}")


def tables(found: Indicators, area: str, rank: Callable[[str], str] = str) -> list[Table]:
    """The tables of a place; `rank` gives the order of codes."""
    return [_table(found.of[name], area, rank) for name in NAMES if area in found.of[name].numbers]


def _table(indicator: Indicator, area: str, rank: Callable[[str], str]) -> Table:
    numbers = indicator.numbers[area]
    codes = sorted({one.code for one in numbers}, key=lambda code: (code != TOTAL, code == NOT_KNOWN, rank(code)))
    opened = {key: one for own in (False, True) for key, one in _opened(indicator, numbers, own)}
    cells = {
        (one.year, one.code): Cell(one, opened.get((one.code, one.year, False)), opened.get((one.code, one.year, True)))
        for one in numbers
    }
    years = sorted({one.year for one in numbers}, reverse=True)
    lines = [(year, tuple(cells.get((year, code)) for code in codes)) for year in years]
    listed = dict.fromkeys(opened.values())
    return Table(indicator.name, tuple(codes), tuple(_runs(lines)), tuple(sorted(listed, key=_order(codes))))


def _order(codes: Sequence[str]) -> Callable[[Opened], tuple[int, int, bool]]:
    return lambda one: (codes.index(one.code), -one.years[-1], one.is_unknown)


def _opened(
    indicator: Indicator, numbers: Iterable[Number], unknown: bool
) -> Iterator[tuple[tuple[str, int, bool], Opened]]:
    """What the numbers of a place open, by code and year; equal sets of things are one."""
    same: dict[tuple[str, tuple[Listed, ...]], list[int]] = {}
    for number in numbers:
        if things := indicator.listed(number, unknown=unknown):
            same.setdefault((number.code, things), []).append(number.year)
    for (code, things), years in same.items():
        anchor = f"{indicator.name}-{code.rpartition('/')[2]}-{max(years)}{'-unknown' if unknown else ''}"
        one = Opened(indicator.name, code, anchor, tuple(sorted(years)), things, unknown)
        yield from (((code, year, unknown), one) for year in years)


def _runs(lines: Iterable[tuple[int, tuple[Cell | None, ...]]]) -> Iterator[Row]:
    """Rows of years that follow each other and open the same things."""
    for _, same in groupby(enumerate(lines), key=lambda one: (one[1][0] + one[0], _shown(one[1][1]))):
        years = [line for _, line in same]
        yield Row(years[-1][0], years[0][0], years[0][1])


def _shown(cells: Iterable[Cell | None]) -> tuple[object, ...]:
    return tuple(cell and (cell.counted, cell.unknown, cell.number.people) for cell in cells)


def spans(years: Sequence[int]) -> str:
    """Years as spans of those that follow each other.

    >>> spans([2003, 2004, 2005, 2010])
    '2003–2005, 2010'
    """
    runs = [[year for _, year in same] for _, same in groupby(enumerate(years), key=lambda one: one[1] - one[0])]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


@dataclass(frozen=True)
class Summary:
    """What the first page shows of a place: cells of the last year, and agreements of all years."""

    area: str
    forms: Cell | None
    statuses: Cell | None
    agreements: int
    undated: int


def summaries(found: Indicators, page: Page) -> list[Summary]:
    """The places by name, and last what has no known powiat."""
    known = sorted(found.areas, key=lambda area: (fold(page.name(ox.NamedNode(area))), area))
    return [_summary(found, area) for area in (*known, *areas(found)[len(known) :])]


def _summary(found: Indicators, area: str) -> Summary:
    dated, undated = (
        {
            each.thing
            for one in _of(found, "agreements", area)
            for each in found.of["agreements"].listed(one, unknown=own)
        }
        for own in (False, True)
    )
    forms, statuses = (_newest(found, name, area) for name in ("forms", "statuses"))
    return Summary(area, forms, statuses, len(dated), len(undated - dated))


def _of(found: Indicators, name: str, area: str) -> Sequence[Number]:
    return found.of[name].numbers.get(area, ())


def _newest(found: Indicators, name: str, area: str) -> Cell | None:
    """The cell of all values in the last year."""
    newest = [one for one in _of(found, name, area) if (one.code, one.year) == (TOTAL, found.last)]
    opened = {own: one for own in (False, True) for _, one in _opened(found.of[name], newest, own)}
    return Cell(newest[0], opened.get(False), opened.get(True)) if newest else None


@dataclass(frozen=True)
class Said:
    """A relation, and the addresses of the claims in which sources state it."""

    predicate: Value
    claims: tuple[ox.NamedNode, ...]


def claims(book: Book, name: str, listed: Listed) -> list[Said]:
    """The claims by which a thing counts: of it, of what says that it counts, and those that link the two."""
    ends = {ox.NamedNode(iri) for iri in (listed.thing, *listed.by)}
    found: dict[Value, set[ox.NamedNode]] = {}
    for claim in _about(book.store, ends):
        predicate, one, other = (_only(book.store, claim, part) for part in (PREDICATE, SUBJECT, OBJECT))
        if predicate is not None and (one in ends and (predicate in SHOWN[name] or other in ends)):
            found.setdefault(predicate, set()).add(claim)
    rows = {quad.subject for end in ends for quad in book.store.quads_for_pattern(None, DESCRIBES, end)}
    if rows:
        found[DESCRIBES] = rows  # type: ignore[assignment]
    return [Said(predicate, tuple(sorted(found[predicate], key=str))) for predicate in sorted(found, key=str)]


def _about(store: ox.Store, ends: Iterable[ox.NamedNode]) -> Iterator[ox.NamedNode]:
    for end in ends:
        for quad in store.quads_for_pattern(None, SUBJECT, end, ox.DefaultGraph()):
            if ox.Quad(quad.subject, TYPE, CLAIM, ox.DefaultGraph()) in store:
                yield quad.subject  # type: ignore[misc]


def _only(store: ox.Store, node: ox.NamedNode, part: ox.NamedNode) -> Value | None:
    found = store.quads_for_pattern(node, part, None, ox.DefaultGraph())
    return next((quad.object for quad in found if isinstance(quad.object, ox.NamedNode | ox.Literal)), None)
