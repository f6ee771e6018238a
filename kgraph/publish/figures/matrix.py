"""A one-mode projection as a matrix, in which labels never overlap."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.base.palette import palette
from kgraph.base.text import fold
from kgraph.base.words import text
from kgraph.graph.network.analysis import Analysis, Measured
from kgraph.publish.figures import page
from kgraph.publish.figures.page import HEAD, Days, Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

THINGS = 30
"""The most rows on a page; beyond that, those of the highest betweenness are drawn."""


@dataclass(frozen=True, order=True)
class Cell:
    """A tie by the numbers of its two rows: its weight, and whether both are of one community."""

    row: int
    column: int
    weight: int
    is_within: bool


@dataclass(frozen=True)
class Drawing:
    """Rows, and each tie twice, on both sides of the diagonal; lengths are in lines of text."""

    projection: str
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]
    kinds: tuple[str, ...]
    height: float
    footer: str


def arrange(store: ox.Store, found: Analysis, lang: str) -> Drawing:
    """The layout: community by community, so that each forms a block."""
    dated = page.days(store) if found.basis.projection == "agreements" else None
    things = sorted(found.things[:THINGS], key=partial(_order, dated, lang))
    kinds, called = page.kinds_of(store, things, lang)
    rows = tuple(page.rows(things, kinds, lang, dated))
    return Drawing(
        projection=found.basis.projection,
        rows=rows,
        cells=_cells(found, things),
        kinds=called,
        height=rows[-1].end,
        footer=_footer(found, len(rows), lang),
    )


def _order(dated: Days | None, lang: str, one: Measured) -> tuple[object, ...]:
    """The sort key: by community; in each, agreements by day, signatories by betweenness, degree and name."""
    if dated is not None:
        return one.community, page.since(dated, one), one.node.iri
    return one.community, -one.betweenness, -one.degree, fold(one.node.label(lang)), one.node.iri


def _cells(found: Analysis, things: list[Measured]) -> tuple[Cell, ...]:
    at = {one.node.iri: number for number, one in enumerate(things)}
    community = {one.node.iri: one.community for one in things}
    return tuple(
        sorted(
            Cell(at[one], at[other], tie.weight, community[one] == community[other])
            for tie in found.ties
            if tie.one in at and tie.other in at
            for one, other in ((tie.one, tie.other), (tie.other, tie.one))
        )
    )


def _footer(found: Analysis, drawn: int, lang: str) -> str:
    """The day, the numbers of things drawn and measured, the meaning of a square, and the version of kgraph."""
    weights = sorted({tie.weight for tie in found.ties}) or [0]
    weight = "none" if weights == [0] else "alike" if len(weights) == 1 else "by area"
    return text(
        lang,
        "figures.one footer" if drawn == len(found.things) else "figures.one some",
        day=found.basis.day,
        what=text(lang, f"figures.{found.basis.projection}"),
        drawn=drawn,
        all=len(found.things),
        shared=text(lang, f"figures.{found.basis.projection} shared"),
        weight=text(lang, f"figures.{weight}", least=weights[0], most=weights[-1]),
        version=found.basis.version,
    )


FILLS = {"within": "ink", "between": "paper"}
"""The colours of squares within a community and between two."""

HEADING = 2 * HEAD
"""The height of the headings above the numbers of the columns, in lines of text."""


def draw(drawing: Drawing, lang: str) -> "Figure":
    greys = palette()["figure"]
    used = {_fill(cell) for cell in drawing.cells}
    shown = [fill for fill in FILLS if fill in used]
    squares = [page.mark(text(lang, f"figures.{fill}"), "s", greys[FILLS[fill]], greys["ink"]) for fill in shown]
    drawn, matrix, bars = page.sheet(drawing.height, len(drawing.kinds) + len(squares), drawing.footer)
    _names(matrix, drawing, lang)
    _squares(matrix, drawing, lang)
    page.draw_bars(bars, drawing.rows, lang, HEADING)
    page.draw_legend(drawn, drawing.kinds, *squares)
    return drawn


def _fill(cell: Cell) -> str:
    return "within" if cell.is_within else "between"


LEFT, RIGHT = 0.50, 0.98
"""Where the columns begin and end, as shares of the width of the network."""

WIDEST = 0.03
"""The greatest width of a column."""


def _names(axes: "Axes", drawing: Drawing, lang: str) -> None:
    """Each row with its name, mark and number, and a guide line."""
    for number, row in enumerate(drawing.rows, 1):
        page.draw_label(axes, LEFT - 0.06, row, "right")
        page.draw_mark(axes, LEFT - 0.04, row)
        axes.text(LEFT - 0.005, row.top, str(number), ha="right", va="center", size=5)
        axes.plot((LEFT, RIGHT), (row.top, row.top), color=palette()["figure"]["rule"], linewidth=0.4, zorder=0)
    axes.text(LEFT - 0.06, HEADING, text(lang, f"figures.{drawing.projection}"), ha="right", va="bottom", weight="bold")


def _squares(axes: "Axes", drawing: Drawing, lang: str) -> None:
    """A square for each tie, hollow between communities; its area grows with the weight."""
    greys = palette()["figure"]
    pitch = min((RIGHT - LEFT) / len(drawing.rows), WIDEST)
    middles = [LEFT + pitch * (number + 0.5) for number in range(len(drawing.rows))]
    side = 0.7 * pitch * page.WIDTH * 0.82 * 72
    most = max((cell.weight for cell in drawing.cells), default=1)
    for number, (x, row) in enumerate(zip(middles, drawing.rows, strict=True), 1):
        axes.text(x, HEAD / 2, str(number), ha="center", va="bottom", size=5)
        axes.scatter([x], [row.top], s=1, color=greys["faint"], zorder=1)
    for cell in drawing.cells:
        axes.scatter(
            [middles[cell.column]],
            [drawing.rows[cell.row].top],
            s=side**2 * cell.weight / most,
            marker="s",
            facecolor=greys[FILLS[_fill(cell)]],
            edgecolor=greys["ink"],
            linewidth=0.6,
            zorder=2,
        )
    axes.text(LEFT, HEADING, text(lang, f"figures.{drawing.projection} shared"), va="bottom", weight="bold")
