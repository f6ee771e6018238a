"""Parts of both figures: rows of names, marks for kinds, bars of betweenness, a legend."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from textwrap import wrap
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.base.palette import palette
from kgraph.base.words import text
from kgraph.graph.names.labels import name, names
from kgraph.graph.network.analysis import Measured
from kgraph.rdf import sparql

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

HUES = ("blue", "red", "green", "purple", "orange", "sky", "black")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""The colours and markers of kinds, by number. Colours after Okabe and Ito, https://jfly.uni-koeln.de/color/"""


@dataclass(frozen=True)
class Row:
    """A thing in a figure: label in lines, number of its kind, distance from the top, betweenness."""

    iri: str
    lines: tuple[str, ...]
    kind: int
    top: float
    betweenness: float

    @property
    def end(self) -> float:
        return self.top + len(self.lines) / 2


Days = Mapping[str, tuple[str, str]]


def days(store: ox.Store) -> Days:
    """The first and the last day on which each agreement can have been signed."""
    return {agreement.value: (first.value, last.value) for agreement, first, last in sparql.named(store, "signed")}


def since(dated: Days, one: Measured) -> tuple[str, str]:
    """The days of an agreement as a sort key, the undated last."""
    return dated.get(one.node.iri, ("9999", ""))


def day(known: tuple[str, str] | None, lang: str) -> str:
    """A day, a year or a range of years, as exact as the sources are."""
    if known is None:
        return text(lang, "figures.undated")
    first, last = known
    years = dict.fromkeys((first[:4], last[:4]))
    return first if first == last else "–".join(years)


GAP = 0.6
"""The space between two rows, in lines of text."""


def rows(
    things: Iterable[Measured],
    kinds: Sequence[str],
    lang: str,
    dated: Days | None = None,
    width: int = 46,
    middles: Mapping[str, float] | None = None,
) -> Iterator[Row]:
    """Things below one another: names in lines of a width in characters and, if given, days.

    A row stands at its middle, if one is given, or lower where there is no room.
    """
    free = 0.0
    for one in things:
        when = [] if dated is None else [day(dated.get(one.node.iri), lang)]
        lines = (*wrap(one.node.label(lang), width), *when)
        top = max(free + len(lines) / 2, (middles or {}).get(one.node.iri, 0))
        row = Row(one.node.iri, lines, kinds.index(one.node.kind) if kinds else 0, top, one.betweenness)
        yield row
        free = row.end + GAP


def kinds_of(store: ox.Store, things: Iterable[Measured], lang: str) -> tuple[list[str], tuple[str, ...]]:
    """The kinds of things in a fixed order, and their names."""
    kinds = sorted({one.node.kind for one in things})
    called = names(store, map(ox.NamedNode, kinds), lang)
    return kinds, tuple(name(called, ox.NamedNode(kind)) for kind in kinds)


LINE = 0.135
"""The height of a line of text in inches."""

WIDTH, TOP, BOTTOM = 7.2, 0.35, 0.33
"""Inches: the width of a page between its margins, the room above the rows, and that below them without a legend."""

ABREAST = 3
"""Entries in one line of a legend."""

HEAD = -0.6
"""Where the headings stand, in lines of text above the first row."""


def sheet(height: float, entries: int, footer: str) -> tuple["Figure", "Axes", "Axes"]:
    """A page with axes for a network `height` lines high and for bars at its right, and room for a legend below."""
    from matplotlib.figure import Figure

    below = BOTTOM + LINE * (ceil(entries / ABREAST) + 0.2)
    inches = height * LINE + TOP + below
    drawn = Figure(figsize=(WIDTH, inches))
    bottom, tall = below / inches, height * LINE / inches
    network = drawn.add_axes((0.0, bottom, 0.82, tall))
    network.set_xlim(0, 1)
    network.axis("off")
    bars = drawn.add_axes((0.84, bottom, 0.14, tall))
    for axes in (network, bars):
        axes.set_ylim(height, 0)
    drawn.text(0.01, 0.08 / inches, footer, va="bottom", size=6, color=palette()["figure"]["soft"])
    return drawn, network, bars


def draw_bars(axes: "Axes", drawn: Sequence[Row], lang: str, head: float = HEAD) -> None:
    """The betweenness of each row, under a heading."""
    tops, lengths = [row.top for row in drawn], [row.betweenness for row in drawn]
    axes.barh(tops, lengths, height=0.7, color=[colour(row.kind) for row in drawn])
    most = max(lengths) or 1
    for row in drawn:
        if row.betweenness:
            axes.text(row.betweenness + most * 0.04, row.top, number(row.betweenness, lang), va="center", size=6)
    axes.set_xlim(0, most * 1.35)
    axes.set_xticks([0, most / 2, most], [number(value, lang) for value in (0, most / 2, most)], size=6)
    axes.set_yticks([])
    axes.axvline(0, color=palette()["figure"]["soft"], linewidth=0.6)
    axes.text(0, head, text(lang, "figures.betweenness"), va="bottom", weight="bold")


def draw_legend(drawn: "Figure", kinds: Sequence[str], *others: "Line2D") -> None:
    """A legend of the marks of kinds and of other marks."""
    handles = [mark(label, _marker(kind), colour(kind)) for kind, label in enumerate(kinds)]
    look = {"bbox_to_anchor": (0, 0.24 / drawn.get_figheight()), "ncols": ABREAST, "frameon": False, "fontsize": 6}
    drawn.legend(handles=[*handles, *others], loc="lower left", **look)


def mark(label: str, marker: str, filled: str, edge: str | None = None) -> "Line2D":
    """A mark for the legend."""
    from matplotlib.lines import Line2D

    return Line2D(
        [], [], linestyle="", marker=marker, color=filled, markeredgecolor=edge or filled, markersize=4, label=label
    )


def draw_mark(axes: "Axes", x: float, row: Row) -> None:
    """The mark of the kind of a row."""
    axes.scatter([x], [row.top], s=22, marker=_marker(row.kind), color=colour(row.kind), zorder=2)


def draw_label(axes: "Axes", x: float, row: Row, side: str) -> None:
    """The lines of a row; `side` is where they end or begin, right or left."""
    axes.text(x, row.top, "\n".join(row.lines), ha=side, va="center", linespacing=1.15)


def _marker(kind: int) -> str:
    return MARKERS[kind % len(MARKERS)]


def colour(kind: int) -> str:
    """The colour of a kind, by its number."""
    return {**palette()["hues"]["light"], **palette()["figure"]}[HUES[kind % len(HUES)]]


def number(value: float, lang: str) -> str:
    """A number with two decimals, as the language writes it.

    >>> number(0.25, "pl")
    '0,25'
    """
    written = f"{value:.2f}"
    return written.replace(".", ",") if lang == "pl" else written
