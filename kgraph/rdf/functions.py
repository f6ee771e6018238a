"""The one function that kgraph adds to SPARQL: the distance between two points."""

import re
from math import asin, cos, radians, sin, sqrt
from types import MappingProxyType

import pyoxigraph as ox

from kgraph.base.vocab import term

EARTH_RADIUS = 6371.0088
"""Mean radius in kilometres (IUGG)."""

POINT = re.compile(r"\s*POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*", re.IGNORECASE)


def distance_km(one: ox.Literal, other: ox.Literal) -> ox.Literal | None:
    """The great-circle distance in kilometres between two WKT points (longitude first); None for anything else."""
    found = [POINT.fullmatch(getattr(term, "value", "")) for term in (one, other)]
    if not all(found):
        return None
    (x1, y1), (x2, y2) = (tuple(radians(float(number)) for number in match.groups()) for match in found if match)
    half = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2
    return ox.Literal(2 * EARTH_RADIUS * asin(sqrt(half)))


FUNCTIONS = MappingProxyType({term("call:distance-km"): distance_km})
