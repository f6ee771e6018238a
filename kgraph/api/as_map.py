"""A result as a map: its places among the borders of voivodeships and on a grid of degrees, in one SVG."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians

import pyoxigraph as ox
from markupsafe import Markup

from kgraph.api.outline import borders
from kgraph.api.result import Result
from kgraph.api.values import Term, written
from kgraph.errors import BadQuery
from kgraph.rdf.functions import POINT


@dataclass(frozen=True)
class Spot:
    """A place on a map, in degrees, with its name."""

    longitude: float
    latitude: float
    name: str


LATITUDE, LONGITUDE = ("lat", "latitude"), ("long", "lon", "lng", "longitude")


def spots(result: Result) -> list[Spot]:
    """The places of a result, from a WKT point or from `lat` and `long`; the last text of a row is the name.

    Raises BadQuery when it has none.
    """
    found = [spot for row in result.terms if (spot := _spot(dict(zip(result.columns, row, strict=True))))]
    if not found:
        raise BadQuery("the answer has no place; select a point (geo:asWKT), or ?lat and ?long, beside a name")
    return found


def _spot(row: Mapping[str, Term | None]) -> Spot | None:
    point = next((found for cell in row.values() if (found := _point(cell))), None) or _pair(row)
    if point is None or not _is_on_earth(*point):
        return None
    names = [cell for name, cell in row.items() if name not in {*LATITUDE, *LONGITUDE} and not _point(cell)]
    texts = [cell for cell in names if isinstance(cell, ox.Literal)]
    return Spot(*point, next((written(cell) for cell in reversed([*names, *texts]) if cell is not None), ""))


def _is_on_earth(longitude: float, latitude: float) -> bool:
    """Whether there is such a place; it is not where a number is none (NaN)."""
    return abs(longitude) <= 180 and abs(latitude) <= 90


def _point(cell: Term | None) -> tuple[float, float] | None:
    found = POINT.fullmatch(cell.value) if isinstance(cell, ox.Literal) else None
    try:
        return (float(found[1]), float(found[2])) if found else None
    except ValueError:  # more than one decimal point
        return None


def _pair(row: Mapping[str, Term | None]) -> tuple[float, float] | None:
    numbers = [next((row[name] for name in names if row.get(name)), None) for names in (LONGITUDE, LATITUDE)]
    try:
        longitude, latitude = (float(cell.value) for cell in numbers if isinstance(cell, ox.Literal))
    except ValueError:
        return None
    return longitude, latitude


WIDTH, TALLEST, MARGIN = 720, 720, 48
ACROSS, UP = 4.0, 2.0
"""Degrees that a map spans at least, so that a border comes into it by which one knows where it is."""
STEPS = (0.5, 1, 2, 5, 10, 20, 45)
"""Distances between the lines of the grid, in degrees."""


HALO = (
    "paint-order: stroke; stroke: var(--jp-layout-color0, var(--vscode-editor-background, Canvas)); stroke-width: 3px;"
    " stroke-linejoin: round"
)
"""Around names, in the colour of the notebook behind them, so that borders do not run through them."""


@dataclass(frozen=True)
class Sheet:
    """Where degrees come to lie, in pixels; a degree of longitude is as short as it is in the middle of the map."""

    west: float
    north: float
    across: float
    down: float

    def x(self, longitude: float) -> float:
        return round(MARGIN + (longitude - self.west) * self.across, 1)

    def y(self, latitude: float) -> float:
        return round(MARGIN + (self.north - latitude) * self.down, 1)


def svg(found: Sequence[Spot]) -> str:
    """A map of places, borders and degrees, in the colours of the text around it; it asks no host for anything."""
    west, east = _span([spot.longitude for spot in found], ACROSS)
    south, north = _span([spot.latitude for spot in found], UP)
    narrow = cos(radians((south + north) / 2))
    down = min((WIDTH - 2 * MARGIN) / ((east - west) * narrow), (TALLEST - 2 * MARGIN) / (north - south))
    sheet = Sheet(west, north, down * narrow, down)
    height = round(2 * MARGIN + (north - south) * down)
    step = next((step for step in STEPS if (east - west) / step <= 6 and (north - south) / step <= 6), STEPS[-1])
    grid = _grid(sheet, (west, east), (south, north), step, height)
    drawn = Markup("").join((*grid, *_outline(sheet, height), *map(_mark, *_places(sheet, found))))
    return Markup(
        '<svg viewBox="0 0 {} {}" width="{}" style="max-width: 100%" role="img" aria-label="{}" fill="currentColor" '
        'font-family="sans-serif" font-size="12">{}</svg>'
    ).format(WIDTH, height, WIDTH, f"{len(found)} places on a map", drawn)


def _span(degrees: Sequence[float], least: float) -> tuple[float, float]:
    """From the smallest to the largest, or further in both directions."""
    low, high = min(degrees), max(degrees)
    more = max(least - (high - low), 0) / 2
    return low - more, high + more


def _grid(
    sheet: Sheet, across: tuple[float, float], down: tuple[float, float], step: float, height: int
) -> Iterator[Markup]:
    line = Markup('<path d="{}" stroke="currentColor" opacity="0.2"/><text x="{}" y="{}" opacity="0.6">{}</text>')
    for degree in _between(*across, step):
        x = sheet.x(degree)
        yield line.format(f"M{x} 0V{height}", x + 3, height - 4, f"{degree:g}°")
    for degree in _between(*down, step):
        y = sheet.y(degree)
        yield line.format(f"M0 {y}H{WIDTH}", 2, y - 3, f"{degree:g}°")


def _outline(sheet: Sheet, height: int) -> Iterator[Markup]:
    """Those borders of voivodeships that come into the map."""
    lines = [[(sheet.x(longitude), sheet.y(latitude)) for longitude, latitude in border] for border in borders()]
    seen = [line for line in lines if _meets(line, height)]
    if seen:
        path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in line) for line in seen)
        yield Markup('<path class="borders" d="{}" fill="none" stroke="currentColor" opacity="0.5"/>').format(path)


def _meets(line: Sequence[tuple[float, float]], height: int) -> bool:
    """Whether the box around a line and the map have something in common."""
    xs, ys = zip(*line, strict=True)
    return bool(min(xs) < WIDTH and max(xs) > 0 and min(ys) < height and max(ys) > 0)


def _between(low: float, high: float, step: float) -> list[float]:
    return [round(number * step, 4) for number in range(round(low / step), round(high / step) + 1)]


def _places(sheet: Sheet, found: Iterable[Spot]) -> tuple[list[float], list[float], list[list[str]]]:
    """Where something is, and the names of what is there."""
    by_point: dict[tuple[float, float], list[str]] = defaultdict(list)
    for spot in found:
        names = by_point[sheet.x(spot.longitude), sheet.y(spot.latitude)]
        if spot.name not in names:
            names.append(spot.name)
    return [x for x, _ in by_point], [y for _, y in by_point], list(by_point.values())


def _mark(x: float, y: float, names: Sequence[str]) -> Markup:
    """A dot and the first of its names, on the side where there is room; all of them under the pointer."""
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    side, anchor = (8, "start") if x < WIDTH * 0.6 else (-8, "end")
    dot = Markup('<circle cx="{}" cy="{}" r="5"/>').format(x, y)
    name = Markup('<text x="{}" y="{}" text-anchor="{}" style="{}">{}</text>')
    drawn = name.format(x + side, y + 4, anchor, HALO, names[0] + more)
    return Markup("<g><title>{}</title>{}{}</g>").format("\n".join(names), dot, drawn)
