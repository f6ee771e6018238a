"""A large graph by region and kind: how many things each group has, the most connected of them, and a first picture."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from kgraph.base.borders import centres
from kgraph.base.vocab import BASE, PREF_LABEL, TYPE, term
from kgraph.base.words import LANGUAGES, texts
from kgraph.errors import NotFound
from kgraph.graph.names.labels import names_by_language
from kgraph.graph.network import networks
from kgraph.graph.network.networks import Edge, Network, Node

GROUPS = "groups.json"
"""The name of the groups inside a build folder."""
LARGE = 3000
"""From this number of named things on, a graph is shown by groups first."""
PORTION = 24
"""The things of a group that are shown at once."""

GROUP = f"{BASE}group/"
"""How the address of a group begins: `group/REGION`, `group/REGION/KIND`, and with `/NUMBER` what comes after."""
HOLDS, NEXT = (f"{GROUP}{name}" for name in ("holds", "next"))
"""What links a region with its kinds, or a group with its things; and a group with what comes after."""

KINDS = tuple(
    term(kind).value
    for kind in (
        *("se:Cluster", "se:Agreement", "se:SupportInstitution", "se:SocialEconomyEntity"),
        *("cv:PublicOrganisation", "org:Organization"),
    )
)
"""The kinds that are counted; a thing of several kinds counts as the first of them."""
SEATED = [term(f"se:{name}") for name in ("seatIn", "locatedIn", "tookPlaceIn", "activeIn")]
"""What says where a thing is, the most telling first."""
LINKS = [term(f"se:{name}") for name in ("hasSignatory", "establishes", "coordinatedBy", "foundedBy", "operatedBy")]
"""What tells the region of a thing that has no place of its own, and how connected a thing is."""
LINES = (HOLDS, NEXT)
NOWHERE = "nowhere"

Point = tuple[int, int]


@dataclass(frozen=True)
class Groups:
    """The things of each region by kind, the most connected first."""

    members: Mapping[str, Mapping[str, Sequence[str]]]

    def things(self, region: str, kind: str | None) -> Sequence[str]:
        """The things of a group; of a region, kind by kind."""
        of_region = self.members.get(region, {})
        return of_region.get(kind, ()) if kind else [thing for things in of_region.values() for thing in things]


@dataclass(frozen=True)
class Picture:
    """A network of groups and things, its positions, and how many things stand behind each group."""

    network: Network
    positions: Mapping[str, Point]
    counts: Mapping[str, int]


def is_large(store: ox.Store) -> bool:
    """Whether a graph has too many things for one picture."""
    named = store.quads_for_pattern(None, PREF_LABEL, None, ox.DefaultGraph())
    return any(islice(named, LARGE * len(LANGUAGES), None))


def grouped(store: ox.Store) -> Groups:
    """The things of a graph by region and kind."""
    kinds = _kinds(store)
    links = [ends for relation in LINKS for ends in _facts(store, relation)]
    regions = _regions(store, kinds, links)
    degrees = Counter(end for ends in links for end in ends)
    members: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for thing in sorted(kinds, key=lambda thing: (KINDS.index(kinds[thing]), -degrees[thing], thing)):
        members[regions.get(thing, NOWHERE)][kinds[thing]].append(thing)
    return Groups({region: dict(of) for region, of in sorted(members.items())})


def _facts(store: ox.Store, predicate: ox.NamedNode, value: ox.NamedNode | None = None) -> Iterator[tuple[str, str]]:
    """The ends of the facts of a relation between things."""
    for subject, _, object_, _ in store.quads_for_pattern(None, predicate, value, ox.DefaultGraph()):
        if isinstance(subject, ox.NamedNode) and isinstance(object_, ox.NamedNode):
            yield subject.value, object_.value


def _kinds(store: ox.Store) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for kind in KINDS:
        for thing, _ in _facts(store, TYPE, ox.NamedNode(kind)):
            kinds.setdefault(thing, kind)
    return kinds


def _regions(store: ox.Store, kinds: Mapping[str, str], links: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The voivodeship of each thing: where it is seated, else where most of what it is linked with is."""
    regions: dict[str, str] = {}
    units = sorted(unit for unit, _ in _facts(store, term("cv:level"), term("level:voivodeship")))
    for predicate in SEATED:
        for unit in units:
            for thing, _ in _facts(store, predicate, ox.NamedNode(unit)):
                if thing in kinds:
                    regions.setdefault(thing, unit)
    for _ in range(2):  # an agreement by its signatories, then a cluster by its agreement
        beside: dict[str, Counter[str]] = defaultdict(Counter)
        for one, other in [*links, *((other, one) for one, other in links)]:
            if one in kinds and one not in regions and other in regions:
                beside[one][regions[other]] += 1
        regions |= {thing: min(found, key=lambda r: (-found[r], r)) for thing, found in beside.items()}
    return regions


def save(groups: Groups, folder: Path) -> None:
    """Write the groups into a build folder."""
    (folder / GROUPS).write_text(json.dumps(asdict(groups)), encoding="utf-8")


def load(folder: Path) -> Groups | None:
    """The groups in a build folder; None when it has none."""
    try:
        found = json.loads((folder / GROUPS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Groups(found["members"])


def of(store: ox.Store, folder: Path | None = None) -> Groups | None:
    """The groups of a large graph, from its build folder where that has them; None for a small graph."""
    return (folder and load(folder)) or (grouped(store) if is_large(store) else None)


def is_group(iri: str) -> bool:
    return iri.startswith(GROUP)


def address(region: str, kind: str | None = None, start: int = 0) -> str:
    """The address of a group, and of what comes after the first `start` things."""
    parts = [_local(region), *([_local(kind)] if kind else []), *([str(start)] if start else [])]
    return GROUP + "/".join(parts)


def _local(iri: str) -> str:
    """The end of an IRI, which tells regions, and kinds, apart."""
    return iri.removeprefix(BASE).rpartition("/")[2].rpartition("#")[2]


def overview(store: ox.Store, groups: Groups) -> Picture:
    """Each region with its kinds, as tiles in the order of the map."""
    named = _names(store, groups.members)
    spots = _spots({region: dict(named[region])["pl"] for region in groups.members})
    nodes, positions, edges, counts = [], dict[str, Point](), [], dict[str, int]()
    for region, kinds in groups.members.items():
        middle = address(region)
        nodes.append(Node(middle, term("cv:AdminUnit").value, named[region]))
        positions[middle], counts[middle] = spots[region], sum(map(len, kinds.values()))
        for kind, (x, y) in zip(kinds, _satellites(len(kinds)), strict=True):
            group = address(region, kind)
            nodes.append(Node(group, kind, _called(store, named[region], kind)))
            positions[group] = (spots[region][0] + x, spots[region][1] + y)
            counts[group] = len(kinds[kind])
            edges.append(Edge(middle, HOLDS, group, (), None))
    return Picture(Network(tuple(nodes), tuple(edges)), positions, counts)


def portion(store: ox.Store, groups: Groups, iri: str) -> Picture:
    """Some things of a group around it, the most connected first, and a group of those that come after."""
    region, kind, start = _read(groups, iri)
    things = groups.things(region, kind)
    shown, rest = things[start : start + PORTION], len(things) - start - PORTION
    found = networks.among(store, sorted(shown))
    name = _names(store, [region])[region]
    called = _called(store, name, kind) if kind else name
    middle = Node(iri, kind or term("cv:AdminUnit").value, called)
    after = address(region, kind, start + PORTION)
    more = [Node(after, middle.kind, tuple(texts("explorer.groups.further", n=rest).items()))] if rest > 0 else []
    edges = [
        *(Edge(iri, HOLDS, thing, (), None) for thing in shown),
        *(Edge(iri, NEXT, n.iri, (), None) for n in more),
    ]
    counts = {iri: len(things)} | ({after: rest} if rest > 0 else {})
    return Picture(Network((middle, *more, *found.nodes), (*edges, *found.edges)), {}, counts)


def portions(groups: Groups) -> Iterator[str]:
    """The addresses of all groups and of what comes after in each."""
    for region, kinds in groups.members.items():
        for kind in (None, *kinds):
            for start in range(0, len(groups.things(region, kind)), PORTION):
                yield address(region, kind, start)


def _read(groups: Groups, iri: str) -> tuple[str, str | None, int]:
    """The region, kind and first number of a group's address; NotFound for others."""
    names = iri.removeprefix(GROUP).split("/")
    start = int(names.pop()) if names[-1].isdecimal() and len(names) > 1 else 0
    region = next((one for one in groups.members if _local(one) == names[0]), None)
    kind = next((one for one in KINDS if len(names) > 1 and _local(one) == names[1]), None)
    if (
        region is None
        or len(names) > 2
        or (len(names) == 2 and kind is None)
        or start >= len(groups.things(region, kind))
    ):
        raise NotFound(f"no group at <{iri}>")
    return region, kind, start


def _names(store: ox.Store, regions: Mapping[str, object] | Sequence[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """The names of regions by language."""
    found = {node.iri: node.labels for node in networks.nodes_of(store, [one for one in regions if one != NOWHERE])}
    nowhere = tuple(texts("explorer.groups.nowhere").items())
    return {region: found.get(region, nowhere if region == NOWHERE else (("pl", region),)) for region in regions}


def _called(store: ox.Store, region: tuple[tuple[str, str], ...], kind: str) -> tuple[tuple[str, str], ...]:
    """The name of the things of a kind in a region."""
    kinds = names_by_language(store, [ox.NamedNode(kind)], LANGUAGES)
    return tuple((lang, f"{kinds[lang].get(ox.NamedNode(kind), kind)}: {name}") for lang, name in region)


def _satellites(count: int) -> list[Point]:
    """Positions around a region, above and beside its name."""
    turns = np.linspace(-200, 20, count) if count > 1 else np.array([-90.0])
    return [(round(150 * np.cos(turn)), round(120 * np.sin(turn))) for turn in np.radians(turns)]


CELL = np.array([460, 360])
"""The width and height of a region with its kinds."""
COLUMNS, ROWS = 5, 4
"""The cells of the drawing from west to east and from north to south."""


def _spots(names: Mapping[str, str]) -> dict[str, Point]:
    """The cell of each region: the free one nearest to where it is on a map; what is on no map stands below."""
    known = {region: at for region, name in names.items() for on, at in centres().items() if name.endswith(on)}
    at = np.array([[lon, -lat] for lon, lat in known.values()]).reshape(-1, 2)
    low, high = at.min(axis=0, initial=np.inf), at.max(axis=0, initial=-np.inf)
    places = (at - low) / np.maximum(high - low, 1e-9) * [COLUMNS - 1, ROWS - 1]
    free = {(x, y) for x in range(COLUMNS) for y in range(ROWS)}
    cells: dict[str, tuple[int, int]] = {}
    for region, place in sorted(zip(known, places.tolist(), strict=True), key=lambda one: (one[1][1], one[1][0])):
        cells[region] = min(free, key=lambda cell: ((cell[0] - place[0]) ** 2 + (cell[1] - place[1]) ** 2, cell))
        free.discard(cells[region])
    below = (region for region in names if region not in cells)
    cells |= {region: (n % COLUMNS, ROWS + n // COLUMNS) for n, region in enumerate(below)}
    return {region: (int(x * CELL[0]), int(y * CELL[1])) for region, (x, y) in cells.items()}
