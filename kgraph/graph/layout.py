"""Positions of a network's things in a drawing: labels apart, few lines crossing, equal for equal networks."""

import json
import textwrap
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kgraph.base.words import LANGUAGES
from kgraph.graph.networks import Network, Node

if TYPE_CHECKING:
    import networkx as nx

Points = NDArray[np.float64]
"""One row of x and y each, in the units of the page at its natural size."""

LAYOUT = "layout.json"
"""The name of the layout inside a build folder."""
LINE = 24
"""The characters of a label that fit in a line."""
CHARACTER, LEADING, MARK = 8, 18, 30
"""The width of a character, the height of a line, and the height of the mark above a label."""
RELATION = np.array([112, 32])
"""The width and height of the name of a relation, in the middle of its line."""
ASPECT, ROOM = 1.45, 4.5
"""The width of a drawing by its height (a screen without its header), and its first area by that of its labels."""
BESIDE = (200, 140)
"""The usual distance between neighbours, across and down."""
SEEDS = range(12)
STEPS, STEPS_A_THING, EFFORT = 8000, 400, 80_000_000
"""The most steps of tidying a layout: in all, for each thing that may move, and in pairs of things compared."""
CROWD, DENSE, COUNTRY = 300, 500, 3000
"""The numbers of things (for a crowd, or facts) from which labels collide at any readable size and the first guess is
kept; the spring layout of networkx asks for SciPy; springs take too long and things are set on a spiral."""


def lines(name: str) -> list[str]:
    """A label as it is drawn, broken into lines."""
    return textwrap.wrap(name, LINE, break_on_hyphens=False)


@dataclass(frozen=True)
class _Sheet:
    """What has to be laid out: the size of each thing with its label, and the two ends of each line."""

    things: Sequence[str]
    boxes: Points
    ends: NDArray[np.intp]


def positions(network: Network, first: Set[str]) -> dict[str, tuple[int, int]]:
    """Where each thing stands: the things of the first view laid out by themselves, the rest around them.

    Equal networks give equal places.
    """
    if not network.nodes:
        return {}
    whole, chosen = _sheet(network, {node.iri for node in network.nodes}), _sheet(network, first)
    at = _guess(whole, 0) if _is_crowd(chosen) or len(whole.things) >= COUNTRY else _around(whole, _laid_out(chosen))
    return {thing: (round(x), round(y)) for thing, (x, y) in zip(whole.things, at.tolist(), strict=True)}


def around(network: Network, origin: str | None = None) -> dict[str, tuple[int, int]]:
    """Positions in a part of a network that is too large to be laid out whole, by springs alone, from its origin."""
    import networkx as nx

    parts = nx.connected_components(_graph(_sheet(network, {node.iri for node in network.nodes})))
    sheets = [_sheet(network, part) for part in sorted(parts, key=lambda part: (-len(part), min(part)))]
    places = _packed([(sheet.things, _guess(sheet, 0)) for sheet in sheets])
    middle = places.get(origin or "", np.zeros(2))
    return {thing: (round(x), round(y)) for thing, (x, y) in ((t, at - middle) for t, at in places.items())}


def _packed(parts: Sequence[tuple[Sequence[str], Points]]) -> dict[str, Points]:
    """Where things stand when their parts are set beside each other in rows."""
    sizes = [np.ptp(at, axis=0) + 2 * np.array(BESIDE) for _, at in parts]
    width = np.sqrt(sum(size.prod() for size in sizes) * ASPECT)
    places: dict[str, Points] = {}
    corner, row = np.zeros(2), 0.0
    for (things, at), size in zip(parts, sizes, strict=True):
        if corner[0] + size[0] > width:
            corner, row = np.array([0, corner[1] + row]), 0.0
        places |= zip(things, at - at.min(axis=0) + corner, strict=True)
        corner, row = corner + np.array([size[0], 0]), max(row, size[1])
    return places


def save(network: Network, first: Set[str], folder: Path) -> None:
    """Put the places of a network's things into a build folder."""
    (folder / LAYOUT).write_text(json.dumps(positions(network, first)), encoding="utf-8")


def load(folder: Path) -> dict[str, tuple[int, int]] | None:
    """Where things stand, from a build folder; None when it has no layout."""
    try:
        places = json.loads((folder / LAYOUT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return {thing: (x, y) for thing, (x, y) in places.items()}


def _is_crowd(sheet: _Sheet) -> bool:
    return max(len(sheet.things), len(sheet.ends)) >= CROWD


def _sheet(network: Network, shown: Set[str]) -> _Sheet:
    boxes = {node.iri: _box(node) for node in network.nodes if node.iri in shown}
    index = {thing: number for number, thing in enumerate(boxes)}
    ends = [(index[edge.source], index[edge.target]) for edge in network.edges if {edge.source, edge.target} <= shown]
    return _Sheet(list(boxes), np.array([*boxes.values()], float).reshape(-1, 2), np.array(ends, int).reshape(-1, 2))


def _box(node: Node) -> tuple[int, int]:
    """The width and height of a thing with its label, whichever language needs more."""
    labels = [lines(node.label(lang)) for lang in LANGUAGES]
    width = max((len(line) for lines in labels for line in lines), default=0)
    return max(MARK, CHARACTER * width), MARK + LEADING * max(map(len, labels))


def _array(places: Mapping[str, NDArray[np.floating]], things: Sequence[str]) -> Points:
    return np.array([places[thing] for thing in things], float).reshape(-1, 2)


def _graph(sheet: _Sheet) -> "nx.Graph[str]":
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sheet.things)
    graph.add_edges_from((sheet.things[a], sheet.things[b]) for a, b in sheet.ends)
    return graph


def _laid_out(sheet: _Sheet) -> dict[str, Points]:
    """The best of several spring layouts, tidied up."""
    best = min((_guess(sheet, seed) for seed in SEEDS), key=lambda at: _tangle(sheet, at))
    return dict(zip(sheet.things, _tidied(sheet, best, np.arange(len(best))), strict=True))


def _guess(sheet: _Sheet, seed: int) -> Points:
    """A layout by springs, as large as its labels need."""
    import networkx as nx

    graph = _graph(sheet)
    if len(graph) >= COUNTRY:
        at = _spiral(graph, sheet.things)
    elif len(graph) < DENSE:
        at = _array(nx.spring_layout(graph, seed=seed, iterations=300), sheet.things)
    else:
        at = _array(nx.forceatlas2_layout(graph, seed=seed, max_iter=50), sheet.things)
    height = float(np.sqrt(ROOM * sheet.boxes.prod(axis=1).sum() / ASPECT))
    at *= np.array([ASPECT * height / 2, height / 2]) / max(float(np.abs(at).max()), 1e-9)
    return at


def _spiral(graph: "nx.Graph[str]", things: Sequence[str]) -> Points:
    """Things on a spiral, each part of the network by itself, in the order of a breadth-first search."""
    import networkx as nx

    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    order = [thing for part in parts for thing in nx.bfs_tree(graph, max(part, key=lambda t: (graph.degree(t), t)))]
    turns = np.arange(len(order)) * np.pi * (3 - np.sqrt(5))
    radius = np.sqrt(np.arange(len(order)) / len(order))
    places = dict(zip(order, np.column_stack((radius * np.cos(turns), radius * np.sin(turns))), strict=True))
    return _array(places, things)


def _around(sheet: _Sheet, first: Mapping[str, Points]) -> Points:
    """All things, where those of the first view keep their places."""
    import networkx as nx

    free = np.flatnonzero([thing not in first for thing in sheet.things])
    if not len(free):
        return _array(first, sheet.things)
    springs = nx.spring_layout(_graph(sheet), pos=dict(first), fixed=list(first) or None, seed=0)
    around = _array(springs, sheet.things)
    return around if _is_crowd(sheet) else _tidied(sheet, around, free)


def _tidied(sheet: _Sheet, at: Points, free: NDArray[np.intp]) -> Points:
    """Positions with the `free` things moved until lines and labels are clear (simulated annealing, seeded)."""
    chance = np.random.default_rng(0)
    tangle = _tangle(sheet, at)
    size = len(sheet.things) + len(sheet.ends)
    for heat in np.linspace(1, 0, min(STEPS, STEPS_A_THING * len(free), EFFORT // size**2)):
        tried = _moved(sheet, at, chance.choice(free, 2), heat, chance)
        worse = _tangle(sheet, tried) - tangle
        if worse <= 0 or chance.random() < np.exp(-worse / (4 * heat**2 + 1e-9)):
            at, tangle = tried, tangle + worse
    return at


def _moved(sheet: _Sheet, at: Points, pair: NDArray[np.intp], heat: float, chance: np.random.Generator) -> Points:
    """Two things in each other's places, or the first beside a neighbour or somewhere else, farther while it is hot."""
    at, one, dice = at.copy(), pair[0], chance.random()
    lines = sheet.ends[(sheet.ends == one).any(axis=1)]
    if dice < 0.15:
        at[pair] = at[pair[::-1]]
    elif dice < 0.35 and len(lines):
        at[one] = at[lines[chance.integers(len(lines))].sum() - one] + chance.normal(size=2) * BESIDE
    else:
        at[one] += chance.normal(size=2) * (15 + 250 * heat)
    return at


def _tangle(sheet: _Sheet, at: Points) -> float:
    """How hard a drawing is to read: labels on each other, lines over labels, lines across lines, and its size."""
    start, end = at[sheet.ends[:, 0]], at[sheet.ends[:, 1]]
    labels = at + np.array([0, 0.5]) * (sheet.boxes - MARK)
    middles, relations = (start + end) / 2, np.broadcast_to(RELATION, start.shape)
    extent = (at.max(axis=0) - at.min(axis=0)) / np.array([ASPECT, 1])
    return float(
        10 * _overlap(labels, sheet.boxes, labels, sheet.boxes, 16)
        + 1.5 * _overlap(middles, relations, middles, relations)
        + 4 * _overlap(middles, relations, labels, sheet.boxes)
        + 5 * _run_over(sheet, labels, start, end)
        + _crossings(start, end)
        + extent.max() / 6
        + np.hypot(*(end - start).T).sum() / max(1, len(start)) / 30
    )


def _overlap(at: Points, sizes: Points, others: Points, other_sizes: Points, gap: float = 0) -> float:
    """How far boxes lie on each other, each pair as 0 to 1; a box is not compared with itself."""
    share = np.ones((len(at), len(others)))
    for one, size, other, other_size in zip(at.T, sizes.T, others.T, other_sizes.T, strict=True):
        inside = np.add.outer(size, other_size) / 2 + gap - np.abs(np.subtract.outer(one, other))
        share *= np.clip(inside, 0, 30) / 30
    return float(share.sum() if at is not others else (share.sum() - share.trace()) / 2)


def _run_over(sheet: _Sheet, labels: Points, start: Points, end: Points) -> int:
    """How many labels have a line over them that does not begin or end there."""
    enters, leaves = np.zeros((len(start), len(labels))), np.ones((len(start), len(labels)))
    for first, last, middle, size in zip(start.T, end.T, labels.T, sheet.boxes.T, strict=True):
        way = (last - first + 1e-9)[:, None]
        one, other = ((middle + side * size / 2 - first[:, None]) / way for side in (-1, 1))
        enters, leaves = np.maximum(enters, np.minimum(one, other)), np.minimum(leaves, np.maximum(one, other))
    over = enters < leaves
    np.put_along_axis(over, sheet.ends, False, axis=1)
    return int(over.sum())


def _crossings(start: Points, end: Points) -> int:
    """How many pairs of lines cross."""
    a, b, c, d = start[:, None], end[:, None], start[None], end[None]
    return int(((_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0)).sum()) // 2


def _side(a: Points, b: Points, c: Points) -> Points:
    """On which side of the line from a to b the point c lies: by sign."""
    side: Points = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    return side
