"""Match the names in a table of one's own with the things of a graph, and search for things of a kind."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

import pyoxigraph as ox

from kgraph.api import result
from kgraph.api.calling import checked
from kgraph.api.functions import Lang
from kgraph.api.opening import Graph, Name, open, written  # noqa: A004, F401 -- the examples open one
from kgraph.api.result import Result
from kgraph.api.values import is_missing
from kgraph.base import words
from kgraph.base.words import known
from kgraph.errors import BadQuery, NotFound
from kgraph.graph.identity import matching as comparing
from kgraph.graph.identity.corroborating import LEAST
from kgraph.graph.identity.corroborating import near as in_area
from kgraph.graph.identity.matching import Wanted
from kgraph.graph.names import labels
from kgraph.rdf.sparql import Value


@checked
def match(
    graph: Graph,
    series: Iterable[object],
    *,
    kind: Name | None = None,
    near: Name | Iterable[object] | None = None,
    most: int = 5,
    least: float = LEAST,
    lang: Lang = "en",
) -> Result:
    """Things that names may mean: one row for each candidate, the best first, and one for each name without any.

    `series` has names, IRIs, CURIEs, or numbers of NIP, REGON or KRS; `row` is its index, else the number of the item.
    `score` is 1 for the same name or number, less for each difference, which `reason` says. From 0.9 on the words are
    the same. `least` leaves out what has less, `most=1` gives each name one row. `kind` is a class, `near` a place or
    one for each name: things known to be elsewhere are left out.

    >>> [(row.thing, row.score, row.reason) for row in match(open(), ["ziola siedleckie"], most=1)]
    [('id:ziola-siedleckie', 0.98, 'same name without diacritics')]
    """
    if not isinstance(most, int) or most < 1:
        raise BadQuery(f"most={most!r}; give how many candidates each name has at most, such as 5")
    if not isinstance(least, int | float) or not 0 <= least <= 1:
        raise BadQuery(f"least={least!r}; give the least score of a candidate, such as 0.9")
    started = time.perf_counter()
    given = [*_texts(series)]
    kinds = (labels.kind(graph.store, written(kind), known(lang)),) if kind else ()
    areas, doubts = _areas(graph, [text for _, text in given], near, lang)
    wanted = [
        Wanted(text, (in_area(area.value),) if area else (), kinds)
        for (_, text), area in zip(given, areas, strict=True)
    ]
    found = comparing.match(graph.store, graph.index, wanted, most)
    rows = [
        [_row(given[number][0]), ox.Literal(wanted[number].text) if wanted[number].text else None, *rest]
        for number, _, rest in comparing.table(graph.store, found, lang, least)
    ]
    places = "…" if near is not None else None
    call = f"kgraph.match(graph, series, kind={kind!r}, near={places}, most={most}, least={least})"
    remarks = (("given", _column([text for _, text in given])),)
    columns = ("row", "name", *comparing.COLUMNS)
    if several := [str(given[number][0]) for number in comparing.tied(found)]:
        doubts = (*doubts, words.text(lang, "matching.several", rows=", ".join(several[:LISTED])))
    answer = result.table(graph, columns, rows, call, started, doubts=doubts, remarks=remarks)
    return replace(answer, notes=(comparing.summary(found, known(lang)),))


LISTED = 20
"""The rows that a doubt names."""


def _column(texts: Sequence[str]) -> str:
    """A column of one's own for a citation, which does not have it: its length, and the hash of its lines."""
    lines = "".join(f"{text}\n" for text in texts)
    return f"series, {len(texts)} lines, SHA-256 {sha256(lines.encode()).hexdigest()}"


def _texts(series: Iterable[object]) -> Iterable[tuple[object, str]]:
    """The index and the text of each item; the text of a missing value is empty."""
    if isinstance(series, str) or not isinstance(series, Iterable):
        raise BadQuery(f"{series!r} is not a column; give a list or a column of a data frame")
    if hasattr(series, "columns"):
        columns = ", ".join(map(str, series.columns))
        raise BadQuery(f"this is a whole table; give the column with the names, one of {columns}")
    items = getattr(series, "items", None)  # pandas has an index, a list and Polars have none
    for index, value in items() if callable(items) else enumerate(series):
        yield index, _text(value)


def _text(value: object) -> str:
    """A cell as text, empty for a missing value; pandas keeps whole numbers as floats where some are missing."""
    if is_missing(value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _row(index: object) -> Value:
    return ox.Literal(int(str(index))) if str(index).isdecimal() else ox.Literal(str(index))


def _areas(
    graph: Graph, given: Sequence[str], near: Name | Iterable[object] | None, lang: str
) -> tuple[Sequence[ox.NamedNode | None], tuple[str, ...]]:
    """The area of each name, and a sentence for each place of a row that the graph does not know."""
    if near is None or isinstance(near, Name):
        return [graph.place(near, lang) if near is not None else None] * len(given), ()
    places = [text for _, text in _texts(near)]
    if len(places) != len(given):
        raise BadQuery(f"near has {len(places)} places for {len(given)} names; give one place, or one for each name")
    areas, doubts = {}, []
    for place in sorted({*places} - {""}):
        try:
            areas[place] = graph.place(place, lang)
        except NotFound as error:
            doubts.append(f"{error}; its rows are matched everywhere")
    return [areas.get(place) for place in places], tuple(doubts)
