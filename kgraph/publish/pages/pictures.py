"""The pictures that links to pages show elsewhere: a thing among its neighbours, as PNG of 1200 × 630 pixels."""

import hashlib
import json
import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.metadata import version

import pyoxigraph as ox
import resvg_py
from markupsafe import escape

from kgraph.base import paths
from kgraph.base.palette import Mark, palette
from kgraph.base.vocab import BASE
from kgraph.base.words import LANGUAGES
from kgraph.graph.entity.sentence import sentence
from kgraph.graph.network import networks
from kgraph.graph.network.networks import Node, composed
from kgraph.publish.pages import writing
from kgraph.publish.pages.addresses import picture as address
from kgraph.publish.pages.book import Book
from kgraph.publish.picture import STRUCTURAL

WIDTH, HEIGHT = 1200, 630
NEIGHBOURS = 10
CENTRE, RADII = (825, 290), (275, 205)
"""The middle of the neighbourhood, and the half widths of the ellipse around it."""
LEFT, LETTERS, LINES = 56, 34, 10
"""Where the text begins, its letters in a line, and its most lines."""
TITLED = 19
"""Letters in a line of the title."""
NAMED, ROWS = 19, 3
"""Letters in a line of a name, and its most lines."""
FONTS = ("figtree-regular.ttf", "figtree-bold.ttf")
LICENCE = "CC BY 4.0"
END = b"IEND\xaeB`\x82"
"""The end of each PNG (https://www.w3.org/TR/png-3/#11IEND)."""
SIDES = {"triangle": 3, "wedge": 3, "square": 4, "diamond": 4, "hexagon": 6, "star": 10}
TURNS = {"wedge": 180, "square": 45, "hexagon": 30}
"""Degrees by which a shape is turned from standing on its lower edge, or with a corner up."""


def pictures(book: Book, langs: Iterable[str] = LANGUAGES) -> Iterator[tuple[str, bytes]]:
    """The pictures of a site by address: one for the whole, and those of the leading things, in each language."""
    for lang in langs:
        words = writing.words_of(lang)
        for path in book.pictured:
            card = book.cards(ox.NamedNode(BASE + path)).read_in(lang)
            yield address(path, lang), png(drawing(book, path, lang, card.name(card.thing), sentence(card)))
        for path in book.pictured[:1]:
            yield address("site", lang), png(drawing(book, path, lang, str(words["site"]), str(words["tagline"])))


def png(svg: str) -> bytes:
    """A drawing as PNG as `painted` gives it, from the user's cache where it has it: most releases change few."""
    folder = paths.cache_folder()
    if folder is None:
        return painted(svg)
    asked = json.dumps([svg, version("resvg-py"), *_fonts()])
    path = folder / f"picture-{hashlib.sha256(asked.encode()).hexdigest()[:32]}.png"
    with suppress(OSError):
        if (kept := path.read_bytes()).endswith(END):
            return kept
    made = painted(svg)
    paths.keep(path, made)
    return made


def painted(svg: str) -> bytes:
    """A drawing as PNG, in the typeface of the explorer whatever the machine has."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, font_files=_fonts(), skip_system_fonts=True))


def _fonts() -> list[str]:
    return [str(paths.packaged("publish/fonts") / name) for name in FONTS]


def drawing(book: Book, path: str, lang: str, title: str, text: str) -> str:
    """A thing and its neighbours beside a title and a text, as SVG."""
    network = composed(networks.neighbourhood(book.store, BASE + path))
    nodes = {node.iri: node for node in network.nodes}
    focus = nodes.pop(BASE + path)
    ends = {frozenset((edge.source, edge.target)) for edge in network.edges}
    near = [node for node in nodes.values() if frozenset((focus.iri, node.iri)) in ends]
    shown = sorted((node for node in near if node.kind not in STRUCTURAL), key=_order)[:NEIGHBOURS]
    spots = {focus.iri: CENTRE, **dict(zip((node.iri for node in shown), _around(len(shown)), strict=True))}
    lines = sorted(tuple(sorted(pair)) for pair in ends if pair <= spots.keys() and len(pair) == 2)
    page = palette()["page"]["light"]
    foot = " · ".join(filter(None, (book.site.lasting, LICENCE)))
    parts = (
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{page["paper"]}"/>',
        f'<rect width="12" height="{HEIGHT}" fill="{page["accent"]}"/>',
        *(_line(spots[one], spots[other], page["line"]) for one, other in lines),
        *(_thing(node, spots[node.iri], lang, is_focus=node == focus) for node in (*shown, focus)),
        *_beside(title, text, str(writing.words_of(lang)["site"]), foot),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="Figtree">'
        f"{''.join(parts)}</svg>"
    )


def _order(node: Node) -> tuple[int, str]:
    kinds = list(palette()["kinds"])
    return (kinds.index(node.kind) if node.kind in kinds else len(kinds), node.iri)


def _around(count: int) -> Iterator[tuple[int, int]]:
    """Positions on an ellipse, from the top on."""
    for number in range(count):
        angle = math.tau * number / count - math.pi / 2
        yield round(CENTRE[0] + RADII[0] * math.cos(angle)), round(CENTRE[1] + RADII[1] * math.sin(angle))


def _line(one: tuple[int, int], other: tuple[int, int], colour: str) -> str:
    return f'<path d="M{one[0]} {one[1]}L{other[0]} {other[1]}" stroke="{colour}" stroke-width="1.5"/>'


def _thing(node: Node, spot: tuple[int, int], lang: str, *, is_focus: bool) -> str:
    """A mark with its name below it."""
    mark, page = palette()["kinds"].get(node.kind, palette()["other"]), palette()["page"]["light"]
    radius = mark["size"] * (1.7 if is_focus else 1.1)
    rows = _wrapped(node.label(lang), NAMED, ROWS)
    size = 20 if is_focus else 17
    return _shape(mark, spot, radius) + _text(
        rows, spot[0], spot[1] + radius + size + 1, size, page["ink"], middle=True, bold=is_focus
    )


def _shape(mark: Mark, spot: tuple[int, int], radius: float) -> str:
    paint = f'fill="{palette()["hues"]["light"][mark["hue"]]}" stroke="{palette()["page"]["light"]["ink"]}"'
    sides = SIDES.get(mark["shape"])
    if not sides:
        return f'<circle cx="{spot[0]}" cy="{spot[1]}" r="{radius:.1f}" {paint}/>'
    return f'<polygon points="{_corners(mark["shape"], sides, spot, radius)}" {paint}/>'


def _corners(shape: str, sides: int, spot: tuple[int, int], radius: float) -> str:
    """The corners of a regular shape; a star has every other one nearer to the middle."""
    turn = math.radians(TURNS.get(shape, 0) - 90)
    far = [radius * (0.5 if shape == "star" and number % 2 else 1) for number in range(sides)]
    angles = [turn + math.tau * number / sides for number in range(sides)]
    corners = zip(far, angles, strict=True)
    return " ".join(f"{spot[0] + r * math.cos(a):.1f},{spot[1] + r * math.sin(a):.1f}" for r, a in corners)


def _beside(title: str, text: str, site: str, foot: str) -> Iterable[str]:
    """The title and the text at the left, and below them the site with its address and licence."""
    page = palette()["page"]["light"]
    head = _wrapped(title, TITLED, 4)
    yield _text(head, LEFT, 104, 40, page["ink"], bold=True)
    yield _text(_wrapped(text, LETTERS, LINES), LEFT, 104 + 48 * len(head), 23, page["soft"])
    yield _text([site], LEFT, HEIGHT - 62, 20, page["accent"], bold=True)
    yield _text([foot], LEFT, HEIGHT - 34, 18, page["soft"])


def _wrapped(text: str, letters: int, most: int) -> list[str]:
    return textwrap.wrap(text, letters, max_lines=most, placeholder=" …")


def _text(
    rows: Sequence[str], x: float, y: float, size: int, colour: str, *, middle: bool = False, bold: bool = False
) -> str:
    """Lines of text; behind them the paper, so that lines of the network do not cross them."""
    paper = palette()["page"]["light"]["paper"]
    tops = (round(y + number * size * 1.2) for number in range(len(rows)))
    spans = "".join(f'<tspan x="{x:.0f}" y="{top}">{escape(row)}</tspan>' for row, top in zip(rows, tops, strict=True))
    anchor, weight = "middle" if middle else "start", 700 if bold else 400
    return (
        f'<text font-size="{size}" fill="{colour}" stroke="{paper}" stroke-width="4" paint-order="stroke"'
        f' text-anchor="{anchor}" font-weight="{weight}">{spans}</text>'
    )
