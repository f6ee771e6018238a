"""A figure for a paper: agreements in the order of their days, those who signed them, and how they hold the network.

Kinds differ in colour and in shape, so that it can be read in grey print and by the colour-blind. Equal data gives
equal bytes.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from operator import attrgetter
from statistics import mean
from textwrap import wrap
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph import sparql
from kgraph.analysis import Analysis, Measured
from kgraph.errors import BadQuery, NotFound
from kgraph.lookup import fold
from kgraph.names import name, names

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Ties = tuple[tuple[str, str], ...]
"""Agreements and signatories, in pairs."""

AGREEMENTS, SIGNATORIES = 15, 40
"""How many fit on a page; of more, the strongest brokers are drawn."""

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""Kinds, by their number. The colours are those of Okabe and Ito, https://jfly.uni-koeln.de/color/"""

FORMS = {
    "svg": {"Date": None, "Creator": "kgraph"},
    "pdf": {"CreationDate": None, "Creator": "kgraph", "Producer": "matplotlib"},
}
"""What is written into a file beside the drawing: nothing that changes from day to day."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "agreements": "Agreements",
        "signatories": "Signatories",
        "betweenness": "Betweenness",
        "undated": "day not known",
        "footer": "As of {day}. Agreements: {agreements}, signatories: {signatories}. kgraph {version}, CC BY 4.0.",
        "some": "As of {day}. The strongest brokers: agreements {agreements} of {agreed}, signatories {signatories} "
        "of {signed}. kgraph {version}, CC BY 4.0.",
    },
    "pl": {
        "agreements": "Porozumienia",
        "signatories": "Sygnatariusze",
        "betweenness": "Pośrednictwo",
        "undated": "dzień nieznany",
        "footer": "Stan na {day}. Porozumienia: {agreements}, sygnatariusze: {signatories}. "
        "kgraph {version}, CC BY 4.0.",
        "some": "Stan na {day}. O najwyższym pośrednictwie: porozumienia {agreements} z {agreed}, sygnatariusze "
        "{signatories} z {signed}. kgraph {version}, CC BY 4.0.",
    },
}


@dataclass(frozen=True)
class Row:
    """A thing that is drawn: its label in lines, its kind by number, where it stands from the top, its betweenness."""

    iri: str
    lines: tuple[str, ...]
    kind: int
    top: float
    betweenness: float


@dataclass(frozen=True)
class Drawing:
    """What is drawn, measured in lines of text: two columns and the lines between them."""

    agreements: tuple[Row, ...]
    signatories: tuple[Row, ...]
    ties: Ties
    kinds: tuple[str, ...]
    height: float
    footer: str


def figure(store: ox.Store, found: Analysis, form: str, lang: str = "en") -> bytes:
    """The bipartite network as svg or pdf; NotFound when matplotlib is missing or nothing was signed."""
    if form not in FORMS:
        raise BadQuery(f"a figure is written as {' or '.join(FORMS)}, not as {form!r}")
    try:
        styled = _style()
    except ImportError as error:
        raise NotFound("figures need matplotlib; pip install 'kgraph[analysis]'") from error
    drawing = arrange(store, found, lang)
    written = io.BytesIO()
    with styled:
        _draw(drawing, lang).savefig(written, format=form, metadata=FORMS[form])
    return written.getvalue()


def _style() -> AbstractContextManager[None]:
    """Small plain type, names taken as they are, and no identifiers that change from run to run."""
    import matplotlib

    return matplotlib.rc_context(
        {
            "font.family": "DejaVu Sans",
            "font.size": 7,
            "text.parse_math": False,
            "svg.hashsalt": "kgraph",
            "pdf.fonttype": 42,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.spines.left": False,
            "axes.linewidth": 0.6,
            "xtick.major.width": 0.6,
        }
    )


def arrange(store: ox.Store, found: Analysis, lang: str) -> Drawing:
    """Where everything stands: agreements by day, signatories by what they signed, so that few lines cross."""
    if found.basis.projection != "bipartite" or not found.ties:
        raise NotFound("a figure is drawn of agreements and their signatories, and there is none")
    days = {agreement.value: (first.value, last.value) for agreement, first, last in sparql.named(store, "signed")}
    agreements, signatories, ties = _strongest(found)
    agreements.sort(key=lambda one: (days.get(one.node.iri, ("9999", "")), one.node.iri))
    order = {one.node.iri: number for number, one in enumerate(agreements)}
    signatories.sort(key=lambda one: _barycentre(one, ties, order, lang))
    kinds = sorted({one.node.kind for one in signatories})
    called = names(store, map(ox.NamedNode, kinds), lang)
    right = tuple(_rows(signatories, kinds, lang, 46))
    left = tuple(_beside(agreements, right, ties, days, lang))
    return Drawing(
        agreements=left,
        signatories=right,
        ties=ties,
        kinds=tuple(name(called, ox.NamedNode(kind)) for kind in kinds),
        height=max(column[-1].top + len(column[-1].lines) / 2 for column in (left, right)),
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


def _rows(things: Sequence[Measured], kinds: Sequence[str], lang: str, width: int) -> Iterator[Row]:
    top = 0.0
    for one in things:
        lines = tuple(wrap(one.node.label(lang), width))
        yield Row(one.node.iri, lines, kinds.index(one.node.kind), top + len(lines) / 2, one.betweenness)
        top += len(lines) + 0.6


def _beside(
    agreements: Sequence[Measured],
    signatories: Sequence[Row],
    ties: Ties,
    days: Mapping[str, tuple[str, str]],
    lang: str,
) -> Iterator[Row]:
    """Agreements at the middle of those who signed them, each below the one before."""
    tops = {row.iri: row.top for row in signatories}
    free = 0.0
    for one in agreements:
        day = _day(days.get(one.node.iri), lang)
        lines = (*wrap(one.node.label(lang), 30), day)
        middle = mean(tops[end] for agreement, end in ties if agreement == one.node.iri)
        top = max(middle, free + len(lines) / 2)
        yield Row(one.node.iri, lines, 0, top, one.betweenness)
        free = top + len(lines) / 2 + 0.6


def _day(known: tuple[str, str] | None, lang: str) -> str:
    """A day, a year or years, as exactly as the sources say."""
    if known is None:
        return WORDS[lang]["undated"]
    first, last = known
    years = dict.fromkeys((first[:4], last[:4]))
    return first if first == last else "–".join(years)


def _footer(found: Analysis, agreements: int, signatories: int, lang: str) -> str:
    """The day, how much is drawn of how much, and whose the numbers are."""
    agreed, signed = (len({end(tie) for tie in found.ties}) for end in (attrgetter("one"), attrgetter("other")))
    whole = (agreements, signatories) == (agreed, signed)
    return WORDS[lang]["footer" if whole else "some"].format(
        day=found.basis.day,
        agreements=agreements,
        signatories=signatories,
        agreed=agreed,
        signed=signed,
        version=found.basis.version,
    )


LINE = 0.135
"""The height of a line of text in inches."""

WIDTH, TOP, BOTTOM = 7.2, 0.35, 0.75
"""Inches: the width of a page between its margins, and the room above and below the rows."""


def _draw(drawing: Drawing, lang: str) -> "Figure":
    from matplotlib.figure import Figure

    inches = drawing.height * LINE + TOP + BOTTOM
    drawn = Figure(figsize=(WIDTH, inches))
    bottom, tall = BOTTOM / inches, drawing.height * LINE / inches
    network = drawn.add_axes((0.0, bottom, 0.82, tall))
    bars = drawn.add_axes((0.84, bottom, 0.14, tall))
    for axes in (network, bars):
        axes.set_ylim(drawing.height, 0)
    _network(network, drawing, lang)
    _bars(bars, drawing, lang)
    drawn.text(0.01, 0.08 / inches, drawing.footer, va="bottom", size=6, color="#444444")
    _legend(drawn, drawing, 0.24 / inches)
    return drawn


LEFT, RIGHT = 0.30, 0.50
"""Where agreements and signatories stand, as shares of the width of the network."""


def _network(axes: "Axes", drawing: Drawing, lang: str) -> None:
    axes.set_xlim(0, 1)
    axes.axis("off")
    at = {row.iri: row for row in (*drawing.agreements, *drawing.signatories)}
    for agreement, signatory in drawing.ties:
        ends = at[agreement].top, at[signatory].top
        axes.plot((LEFT, RIGHT), ends, color="#888888", linewidth=0.6, zorder=1)
    for row in drawing.agreements:
        axes.scatter([LEFT], [row.top], s=26, marker="s", color="#333333", zorder=2)
        axes.text(LEFT - 0.02, row.top, "\n".join(row.lines), ha="right", va="center", linespacing=1.15)
    for row in drawing.signatories:
        axes.scatter([RIGHT], [row.top], s=22, marker=_marker(row.kind), color=_colour(row.kind), zorder=2)
        axes.text(RIGHT + 0.02, row.top, "\n".join(row.lines), ha="left", va="center", linespacing=1.15)
    for x, side, word in ((LEFT - 0.02, "right", "agreements"), (RIGHT + 0.02, "left", "signatories")):
        axes.text(x, -0.6, WORDS[lang][word], ha=side, va="bottom", weight="bold")


def _bars(axes: "Axes", drawing: Drawing, lang: str) -> None:
    rows = drawing.signatories
    axes.barh(
        [row.top for row in rows],
        [row.betweenness for row in rows],
        height=0.7,
        color=[_colour(row.kind) for row in rows],
    )
    for row in rows:
        if row.betweenness:
            axes.text(row.betweenness + 0.01, row.top, _number(row.betweenness, lang), va="center", size=6)
    most = max(row.betweenness for row in rows) or 1
    axes.set_xlim(0, most * 1.35)
    axes.set_xticks([0, most / 2, most], [_number(value, lang) for value in (0, most / 2, most)], size=6)
    axes.set_yticks([])
    axes.axvline(0, color="#444444", linewidth=0.6)
    axes.text(0, -0.6, WORDS[lang]["betweenness"], va="bottom", weight="bold")


def _legend(drawn: "Figure", drawing: Drawing, bottom: float) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], linestyle="", marker=_marker(kind), color=_colour(kind), markersize=4, label=label)
        for kind, label in enumerate(drawing.kinds)
    ]
    drawn.legend(handles=marks, loc="lower left", bbox_to_anchor=(0, bottom), ncols=3, frameon=False, fontsize=6)


def _marker(kind: int) -> str:
    return MARKERS[kind % len(MARKERS)]


def _colour(kind: int) -> str:
    return COLOURS[kind % len(COLOURS)]


def _number(value: float, lang: str) -> str:
    """A number with two decimals, as the language writes it.

    >>> _number(0.25, "pl")
    '0,25'
    """
    text = f"{value:.2f}"
    return text.replace(".", ",") if lang == "pl" else text
