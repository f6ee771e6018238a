"""The two-mode network: agreements by day beside their signatories, with bars of betweenness."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.base.palette import palette
from kgraph.base.text import fold
from kgraph.base.words import text
from kgraph.graph.network.analysis import Analysis, Measured
from kgraph.publish.figures import page
from kgraph.publish.figures.page import HEAD, Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Ties = tuple[tuple[str, str], ...]
"""Agreements and signatories, in pairs."""

AGREEMENTS, SIGNATORIES = 15, 40
"""The most rows on a page; beyond that, those of the highest betweenness are drawn."""


@dataclass(frozen=True)
class Drawing:
    """Two columns and the ties between them; lengths are in lines of text."""

    agreements: tuple[Row, ...]
    signatories: tuple[Row, ...]
    ties: Ties
    kinds: tuple[str, ...]
    height: float
    footer: str


def arrange(store: ox.Store, found: Analysis, lang: str) -> Drawing:
    """The layout: agreements by day, signatories near the agreements that they signed, so that few lines cross."""
    dated = page.days(store)
    agreements, signatories, ties = _strongest(found)
    agreements.sort(key=lambda one: (page.since(dated, one), one.node.iri))
    order = {one.node.iri: number for number, one in enumerate(agreements)}
    signatories.sort(key=lambda one: _barycentre(one, ties, order, lang))
    kinds, called = page.kinds_of(store, signatories, lang)
    right = tuple(page.rows(signatories, kinds, lang))
    tops = {row.iri: row.top for row in right}
    middles = {one.node.iri: mean(tops[end] for tied, end in ties if tied == one.node.iri) for one in agreements}
    left = tuple(page.rows(agreements, [], lang, dated, 30, middles))
    return Drawing(
        agreements=left,
        signatories=right,
        ties=ties,
        kinds=called,
        height=max(column[-1].end for column in (left, right)),
        footer=_footer(found, len(left), len(right), lang),
    )


def _strongest(found: Analysis) -> tuple[list[Measured], list[Measured], Ties]:
    """The agreements that fit, those of their signatories that fit, and the ties between them."""
    agreed = {tie.one for tie in found.ties}
    agreements = [one for one in found.things if one.node.iri in agreed][:AGREEMENTS]
    kept = {one.node.iri for one in agreements}
    signed = {tie.other for tie in found.ties if tie.one in kept}
    signatories = [one for one in found.things if one.node.iri in signed][:SIGNATORIES]
    drawn = {one.node.iri for one in signatories}
    ties = tuple((tie.one, tie.other) for tie in found.ties if tie.one in kept and tie.other in drawn)
    tied = {agreement for agreement, _ in ties}
    return [one for one in agreements if one.node.iri in tied], signatories, ties


def _barycentre(one: Measured, ties: Ties, order: Mapping[str, int], lang: str) -> tuple[float, str]:
    return mean(order[agreement] for agreement, end in ties if end == one.node.iri), fold(one.node.label(lang))


def _footer(found: Analysis, agreements: int, signatories: int, lang: str) -> str:
    """The day, the numbers of things drawn and measured, and the version of kgraph."""
    agreed, signed = len({tie.one for tie in found.ties}), len({tie.other for tie in found.ties})
    counts = {"agreements": agreements, "signatories": signatories, "agreed": agreed, "signed": signed}
    basis, whole = found.basis, (agreements, signatories) == (agreed, signed)
    return text(lang, "figures.footer" if whole else "figures.some", day=basis.day, version=basis.version, **counts)


def draw(drawing: Drawing, lang: str) -> "Figure":
    drawn, network, bars = page.sheet(drawing.height, len(drawing.kinds), drawing.footer)
    _network(network, drawing, lang)
    page.draw_bars(bars, drawing.signatories, lang)
    page.draw_legend(drawn, drawing.kinds)
    return drawn


LEFT, RIGHT = 0.30, 0.50
"""Where agreements and signatories stand, as shares of the width of the network."""


def _network(axes: "Axes", drawing: Drawing, lang: str) -> None:
    at = {row.iri: row for row in (*drawing.agreements, *drawing.signatories)}
    for agreement, signatory in drawing.ties:
        ends = at[agreement].top, at[signatory].top
        axes.plot((LEFT, RIGHT), ends, color=palette()["figure"]["line"], linewidth=0.6, zorder=1)
    for row in drawing.agreements:
        axes.scatter([LEFT], [row.top], s=26, marker="s", color=palette()["figure"]["ink"], zorder=2)
        page.draw_label(axes, LEFT - 0.02, row, "right")
    for row in drawing.signatories:
        page.draw_mark(axes, RIGHT, row)
        page.draw_label(axes, RIGHT + 0.02, row, "left")
    for x, side, word in ((LEFT - 0.02, "right", "agreements"), (RIGHT + 0.02, "left", "signatories")):
        axes.text(x, HEAD, text(lang, f"figures.{word}"), ha=side, va="bottom", weight="bold")
