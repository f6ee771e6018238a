"""Positions of things in a drawing: labels apart, few crossings, equal for equal networks.

A layout takes seconds, so that each is kept in the user's cache, by a hash of its network and of what computes it.
"""

import hashlib
import json
import textwrap
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kgraph.base import palette, paths
from kgraph.base.vocab import term
from kgraph.base.words import LANGUAGES
from kgraph.graph.network.networks import Network, Node, composed

if TYPE_CHECKING:
    import networkx as nx

Points = NDArray[np.float64]
"""One row of x and y each, in the units of the page at its natural size."""

Spots = NDArray[np.complex128]
"""Points, or vectors between them, as complex numbers: x + iy."""
Costs = NDArray[np.float64]
Flags = NDArray[np.bool_]

LAYOUT = "layout.json"
"""The name of the layout inside a build folder."""
LINE = 24
"""The characters of a label that fit in a line."""
CHARACTER, LEADING, MARK = 8, 18, 30
"""The width of a character, the height of a line, and the height of the mark above a label."""
RELATION = np.complex128(56 + 16j)
"""Half the width and height of the name of a relation, in the middle of its line."""
ASPECT, ROOM = 1.25, 4.5
"""The width of a drawing by its height (a screen without its panels), and its first area by that of its labels."""
BESIDE = (200, 140)
"""The usual distance between neighbours, across and down."""
CLUSTER, SMALL = term("se:Cluster").value, 2.5
"""The kind whose labels are legible in a small drawing too: of half the size."""
GAP = 70
"""The distance between the connected parts of a network."""
STEPS, ROUNDS, TRIES = 1000, (10, 120), 16
"""The moves in a layout, the fewest and most moves of a thing, and the places around it (or beside its neighbours) that
a move compares."""
CROWD, DENSE, COUNTRY = 300, 500, 3000
"""Numbers of things (for a crowd, of things or facts): from CROWD the first guess is kept, since labels collide at any
readable size; from DENSE the springs of networkx need SciPy; from COUNTRY springs take too long."""


def lines(name: str) -> list[str]:
    """A label as it is drawn, broken into lines."""
    return textwrap.wrap(name, LINE, break_on_hyphens=False)


@dataclass(frozen=True)
class _Sheet:
    """A network to lay out: each thing's width and height with its label, and each line's two ends as indices."""

    things: Sequence[str]
    boxes: Points
    ends: NDArray[np.intp]


Places = dict[str, tuple[int, int]]
"""The position of each thing, by its IRI."""


def positions(network: Network, first: Set[str]) -> Places:
    """Positions as `computed` gives them, from the user's cache where it has them."""
    kept = paths.cache_folder()
    if kept is None or not network.nodes:
        return computed(network, first)
    path = kept / f"layout-{_digest(network, first)}.json"
    with suppress(OSError, ValueError, TypeError, AttributeError):
        return _read(path)
    places = computed(network, first)
    paths.keep(path, json.dumps(places).encode())
    return places


def _digest(network: Network, first: Set[str]) -> str:
    """A hash of all that determines a layout: its network, this module, the palette and the libraries."""
    nodes = [(node.iri, node.kind, node.labels) for node in network.nodes]
    edges = [(edge.source, edge.predicate, edge.target) for edge in network.edges]
    used = [_version(name) for name in ("numpy", "networkx", "scipy")]
    asked = json.dumps([nodes, edges, sorted(first), used, palette.palette()])
    return hashlib.sha256(Path(__file__).read_bytes() + asked.encode()).hexdigest()[:32]


def _version(name: str) -> str:
    """The version of a library; empty when it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _read(path: Path) -> Places:
    """The positions in a file."""
    return {thing: (int(x), int(y)) for thing, (x, y) in json.loads(path.read_text(encoding="utf-8")).items()}


def computed(network: Network, first: Set[str]) -> Places:
    """Positions in a network: things of the first view laid out by themselves, the rest around them."""
    if not network.nodes:
        return {}
    whole = _sheet(network, {node.iri for node in network.nodes})
    drawn = composed(_part(network, first))
    chosen = _sheet(drawn, {node.iri for node in drawn.nodes})
    if not chosen.things or _is_crowd(chosen) or len(whole.things) >= DENSE:
        at = _guess(whole)
    else:
        at = _around(whole, _composition(drawn))
    return {thing: (round(x), round(y)) for thing, (x, y) in zip(whole.things, at.tolist(), strict=True)}


def _part(network: Network, things: Set[str]) -> Network:
    edges = tuple(edge for edge in network.edges if {edge.source, edge.target} <= things)
    return Network(tuple(node for node in network.nodes if node.iri in things), edges)


def _composition(network: Network) -> dict[str, Points]:
    """Positions of a first view: each connected part tidy by itself, the others beside the largest."""
    sheets = _parts(network)
    return _packed([(one.things, _tidied(one, _guess(one), np.arange(len(one.things))), _room(one)) for one in sheets])


def _parts(network: Network) -> list[_Sheet]:
    """The connected parts of a network, the largest first."""
    import networkx as nx

    parts = nx.connected_components(_graph(_sheet(network, {node.iri for node in network.nodes})))
    return [_sheet(network, part) for part in sorted(parts, key=lambda part: (-len(part), min(part)))]


def around(network: Network, origin: str | None = None) -> Places:
    """Positions in a part of a large network relative to its origin, by springs alone."""
    places = _packed([(sheet.things, _guess(sheet), _room(sheet)) for sheet in _parts(network)])
    middle = places.get(origin or "", np.zeros(2))
    return {thing: (round(x), round(y)) for thing, (x, y) in ((t, at - middle) for t, at in places.items())}


def _room(sheet: _Sheet) -> Points:
    """The half width and the height below its mark that the largest label of a part takes."""
    room: Points = sheet.boxes.max(axis=0) * [0.5, 1]
    return room


def _packed(parts: Sequence[tuple[Sequence[str], Points, Points]]) -> dict[str, Points]:
    """Positions of things: the parts of the network beside each other, around the first, in the shape of a screen."""
    places: dict[str, Points] = {}
    taken: list[tuple[Points, Points]] = []
    for things, at, room in parts:
        low, high = at.min(axis=0) - [room[0], MARK / 2], at.max(axis=0) + room + [GAP, GAP]
        corner = _corner(high - low, taken)
        taken.append((corner, corner + high - low))
        places |= zip(things, at - low + corner, strict=True)
    return places


def _corner(size: Points, taken: Sequence[tuple[Points, Points]]) -> Points:
    """Where a rectangle goes so that it is clear of those that are there, and all stay compact."""
    if not taken:
        return np.zeros(2)
    low, high = np.array([one for one, _ in taken]), np.array([other for _, other in taken])
    across, down = (np.unique([*high[:, axis], *low[:, axis], *(low[:, axis] - size[axis])]) for axis in (0, 1))
    corners = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    ends = corners + size
    clear = ((ends[:, None] <= low) | (corners[:, None] >= high)).any(axis=-1).all(axis=-1)
    least, most = np.minimum(corners, low.min(axis=0)), np.maximum(ends, high.max(axis=0))
    extent = np.maximum((most - least)[:, 0] / ASPECT, (most - least)[:, 1])
    far = np.abs((corners + ends) / 2 - (low[0] + high[0]) / 2) @ [1 / ASPECT, 1]
    best: Points = corners[np.lexsort((corners[:, 0], corners[:, 1], far, extent, ~clear))[0]]
    return best


def save(network: Network, first: Set[str], folder: Path) -> None:
    """Write the positions of a network's things into a build folder."""
    (folder / LAYOUT).write_text(json.dumps(positions(network, first)), encoding="utf-8")


def load(folder: Path) -> Places | None:
    """The positions in a build folder; None when it has no layout."""
    try:
        return _read(folder / LAYOUT)
    except FileNotFoundError:
        return None


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
    scale = SMALL if node.kind == CLUSTER else 1
    return max(MARK, int(scale * CHARACTER * width)), MARK + int(scale * LEADING * max(map(len, labels)))


def _graph(sheet: _Sheet) -> "nx.Graph[str]":
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sheet.things)
    graph.add_edges_from((sheet.things[a], sheet.things[b]) for a, b in sheet.ends)
    return graph


def _guess(sheet: _Sheet) -> Points:
    """A layout by springs, as large as its labels need."""
    import networkx as nx

    graph = _graph(sheet)
    places: Mapping[str, NDArray[np.floating]]
    if len(graph) >= COUNTRY:
        places = _spiral(graph)
    elif len(graph) < DENSE:
        places = nx.spring_layout(graph, seed=0, iterations=300)
    else:
        places = nx.forceatlas2_layout(graph, seed=0, max_iter=50)
    at = np.array([places[thing] for thing in sheet.things], float)
    height = float(np.sqrt(ROOM * sheet.boxes.prod(axis=1).sum() / ASPECT))
    at *= np.array([ASPECT * height / 2, height / 2]) / max(float(np.abs(at).max()), 1e-9)
    return at


def _spiral(graph: "nx.Graph[str]") -> dict[str, Points]:
    """Things on a spiral, each part of the network by itself, in the order of a breadth-first search."""
    import networkx as nx

    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    order = [thing for part in parts for thing in nx.bfs_tree(graph, max(part, key=lambda t: (graph.degree(t), t)))]
    number = np.arange(len(order))
    turns, radius = number * np.pi * (3 - np.sqrt(5)), np.sqrt(number / len(order))
    return dict(zip(order, np.column_stack((radius * np.cos(turns), radius * np.sin(turns))), strict=True))


def _around(sheet: _Sheet, first: Mapping[str, Points]) -> Points:
    """Positions of all things; those of the first view keep theirs."""
    import networkx as nx

    free = np.flatnonzero([thing not in first for thing in sheet.things])
    if len(free):
        first = nx.spring_layout(_graph(sheet), pos=dict(first), fixed=list(first), k=BESIDE[1], seed=0)
    at = np.array([first[thing] for thing in sheet.things], float)
    return _tidied(sheet, at, free) if len(free) and not _is_crowd(sheet) else at


def _tidied(sheet: _Sheet, at: Points, free: NDArray[np.intp]) -> Points:
    """Positions with the `free` things moved until lines and labels are clear.

    Simulated annealing: each thing in turn takes the best of several places, by a cost with noise that fades out.
    Coordinates are whole and costs exact, so that every machine takes the same moves.
    """
    chance = np.random.default_rng(4)
    spots = np.rint(at) @ np.array([1, 1j])
    for heat in np.linspace(1, 0, min(max(STEPS // len(free), ROUNDS[0]), ROUNDS[1])):
        for one in chance.permutation(free):
            places = _places(sheet, spots, one, heat, chance)
            cost = _tangle(sheet, spots, one, places) + 10 * heat * chance.random(len(places))
            spots[one] = places[cost.argmin()]
    return np.column_stack((spots.real, spots.imag))


def _places(sheet: _Sheet, spots: Spots, one: int, heat: float, chance: np.random.Generator) -> Spots:
    """Places for a thing: where it is, around there (farther while it is hot), and beside things linked with it."""
    reach = np.array([[20 + int(350 * heat)] * 2, BESIDE])[..., None]
    around, beside = chance.integers(-reach, reach + 1, (2, 2, TRIES)).transpose(0, 2, 1) @ np.array([1, 1j])
    linked = sheet.ends[(sheet.ends == one).any(axis=1)].sum(axis=1) - one
    return np.concatenate((spots[[one]], spots[one] + around, spots[chance.choice([one, *linked], TRIES)] + beside))


def _tangle(sheet: _Sheet, spots: Spots, one: int, places: Spots) -> Costs:
    """How hard a drawing is to read with a thing at each of several places, as far as these differ.

    Weighs labels on each other, names of relations on labels and on each other, lines over labels, lines across lines,
    the extent of the drawing and the length of lines.
    """
    moved = np.repeat(spots[None], len(places), axis=0)
    moved[:, one] = places
    start, end, is_own = moved[:, sheet.ends[:, 0]], moved[:, sheet.ends[:, 1]], (sheet.ends == one).any(axis=1)
    middle, half, box = (start + end) / 2, (end - start) / 2, sheet.boxes @ np.array([0.5, 0.5j])
    own, own_half, labels = middle[:, is_own, None], half[:, is_own, None], moved + 1j * (box.imag - MARK / 2)
    to_lines, to_labels, label = own - middle[:, None], own - labels[:, None], labels[:, [one]]
    tangle: Costs = (
        30 * _overlap(label - labels, box + box[one] + 16 + 16j).sum(axis=1)
        + 1.5 * _overlap(to_lines, 2 * RELATION).sum(axis=(1, 2))
        + 6 * _overlap(to_labels, box + RELATION).sum(axis=(1, 2))
        + 6 * _overlap(middle - label, box[one] + RELATION).sum(axis=1)
        + 12 * _runs_over(own_half, to_labels, box).sum(axis=(1, 2))
        + 12 * _runs_over(half, middle - label, box[one]).sum(axis=1)
        + 2.5 * _crosses(own_half, half[:, None], to_lines).sum(axis=(1, 2))
        + np.maximum(np.ptp(moved.real, axis=1) / ASPECT, np.ptp(moved.imag, axis=1)) / 8
        + np.rint(2 * np.abs(own_half)).sum(axis=(1, 2)) / max(1, len(half.T)) / 20
    )
    return tangle


def _overlap(between: Spots, reach: Spots | np.complex128) -> Costs:
    """How far boxes lie on each other, 0 to 1: by the vector between their centres and the sum of their half sizes."""
    x, y = reach.real - np.abs(between.real), reach.imag - np.abs(between.imag)
    return np.minimum(np.maximum(x, 0), 30) * np.minimum(np.maximum(y, 0), 30) / 900


def _runs_over(half: Spots, between: Spots, box: Spots) -> Flags:
    """Whether lines run over boxes: by half a line, the vector between their centres, and half a box."""
    width, height = np.abs(half.real), np.abs(half.imag)
    is_near = (np.abs(between.real) < box.real + width) & (np.abs(between.imag) < box.imag + height)
    return is_near & (_area(half, between) < box.real * height + box.imag * width)


def _crosses(half: Spots, other: Spots, between: Spots) -> Flags:
    """Whether lines cross, other than at their ends: by half of each and the vector between their centres."""
    area = _area(half, other)
    return (_area(half, between) < area) & (_area(other, between) < area)


def _area(one: Spots, other: Spots) -> Costs:
    return np.abs(one.real * other.imag - one.imag * other.real)
