"""A query result as an SVG map: its places, the borders of the voivodeships of Poland, and a grid of degrees."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians

import pyoxigraph as ox

from kgraph.api.grid import filled
from kgraph.api.result import Result
from kgraph.api.values import written
from kgraph.base.borders import Point, borders
from kgraph.errors import BadQuery
from kgraph.rdf.functions import POINT
from kgraph.rdf.terms import Term


@dataclass(frozen=True)
class Spot:
    """A place on a map, in degrees, with its name."""

    longitude: float
    latitude: float
    name: str


LATITUDE, LONGITUDE = ("lat", "latitude"), ("long", "lon", "lng", "longitude")


def spots(result: Result) -> list[Spot]:
    """The places of a result, from WKT points or `lat` and `long`, named by the row's last text, or BadQuery."""
    found = [spot for row in result.terms if (spot := _spot(dict(zip(result.columns, row, strict=True))))]
    if not found:
        raise BadQuery("the answer has no place; select a point (geo:asWKT), or ?lat and ?long, beside a name")
    return found


def _spot(row: Mapping[str, Term | None]) -> Spot | None:
    point = next((found for cell in row.values() if (found := _point(cell))), None) or _pair(row)
    if point is None or not (abs(point[0]) <= 180 and abs(point[1]) <= 90):  # also refuses NaN
        return None
    names = [cell for name, cell in row.items() if name not in {*LATITUDE, *LONGITUDE} and not _point(cell)]
    texts = [cell for cell in names if isinstance(cell, ox.Literal)]
    return Spot(*point, next((written(cell) for cell in reversed([*names, *texts]) if cell is not None), ""))


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
"""The least degrees that a map spans, so that it shows a border."""
STEPS = (0.5, 1, 2, 5, 10, 20, 45)
"""Distances between the lines of the grid, in degrees."""

Line = Sequence[Point]


@dataclass(frozen=True)
class Sheet:
    """The conversion of degrees to pixels, with the length of a degree of longitude at the middle of the map."""

    west: float
    north: float
    across: float
    down: float

    def x(self, longitude: float) -> float:
        return round(MARGIN + (longitude - self.west) * self.across, 1)

    def y(self, latitude: float) -> float:
        return round(MARGIN + (self.north - latitude) * self.down, 1)


def svg(found: Sequence[Spot]) -> str:
    """A map of places, borders and degrees, in the colours of the surrounding text; it loads nothing."""
    west, east = _span([spot.longitude for spot in found], ACROSS)
    south, north = _span([spot.latitude for spot in found], UP)
    narrow = cos(radians((south + north) / 2))
    down = min((WIDTH - 2 * MARGIN) / ((east - west) * narrow), (TALLEST - 2 * MARGIN) / (north - south))
    sheet = Sheet(west, north, down * narrow, down)
    height = round(2 * MARGIN + (north - south) * down)
    step = next((step for step in STEPS if max(east - west, north - south) / step <= 6), STEPS[-1])
    drawn = [[(sheet.x(longitude), sheet.y(latitude)) for longitude, latitude in border] for border in borders()]
    return filled(
        "map.svg",
        found=found,
        width=WIDTH,
        height=height,
        sheet=sheet,
        meridians=_between(west, east, step),
        parallels=_between(south, north, step),
        borders=[line for line in drawn if _meets(line, height)],
        places=_places(sheet, found),
    )


def _span(degrees: Sequence[float], least: float) -> tuple[float, float]:
    """The smallest and largest value, moved apart to span at least `least` degrees."""
    more = max(least - (max(degrees) - min(degrees)), 0) / 2
    return min(degrees) - more, max(degrees) + more


def _meets(line: Line, height: int) -> bool:
    """Whether the bounding box of a line overlaps the map."""
    xs, ys = zip(*line, strict=True)
    return bool(min(xs) < WIDTH and max(xs) > 0 and min(ys) < height and max(ys) > 0)


def _between(low: float, high: float, step: float) -> list[float]:
    return [round(number * step, 4) for number in range(round(low / step), round(high / step) + 1)]


def _places(sheet: Sheet, found: Iterable[Spot]) -> Sequence["Label"]:
    """The distinct names of the places at each point, beside the point where there is space."""
    by_point: dict[tuple[float, float], dict[str, None]] = defaultdict(dict)
    for spot in found:
        by_point[sheet.x(spot.longitude), sheet.y(spot.latitude)][spot.name] = None
    taken: list[Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y in by_point]
    return [_label(x, y, list(names), taken) for (x, y), names in by_point.items()]


Box = tuple[float, float, float, float]
"""Left, upper, right and lower edge in pixels."""

LETTER, LINE_HEIGHT = 6.8, 14
"""About the width of a letter and the height of a line of text, in pixels."""


@dataclass(frozen=True)
class Label:
    """A point with its names, and where the text begins (`start`) or ends (`end`)."""

    x: float
    y: float
    names: Sequence[str]
    text: str
    at: tuple[float, float]
    anchor: str


def _label(x: float, y: float, names: Sequence[str], taken: list[Box]) -> Label:
    """The label at the first side of its point, or the nearest line above or below, where nothing else is."""
    text = names[0] + (f" +{len(names) - 1}" if names[1:] else "")
    wide = len(text) * LETTER
    sides = (("start", 8), ("end", -8))
    places = [
        (anchor, x + by, y + 4 + line * LINE_HEIGHT)
        for line in sorted(range(-12, 13), key=abs)
        for anchor, by in (sides if x < WIDTH * 0.6 else reversed(sides))
    ]
    boxes = [
        (left := at if anchor == "start" else at - wide, down - 11, left + wide, down + 3)
        for anchor, at, down in places
    ]
    free = (n for n, box in enumerate(boxes) if box[0] >= 0 and box[2] <= WIDTH and not _overlaps(box, taken))
    chosen = next(free, 0)
    taken.append(boxes[chosen])
    anchor, at, down = places[chosen]
    return Label(x, y, names, text, (round(at, 1), round(down, 1)), anchor)


def _overlaps(box: Box, others: Iterable[Box]) -> bool:
    left, upper, right, lower = box
    return any(left < r and l < right and upper < b and t < lower for l, t, r, b in others)  # noqa: E741
