"""Measures of the network of agreements, by projection and day, as networkx defines them, and as tables.

Paths are counted in steps; weights are strengths. Numbers have nine decimals, which do not depend on the order of sums.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pyoxigraph as ox

from kgraph._version import __version__
from kgraph.base import words
from kgraph.base.text import printable
from kgraph.base.vocab import term
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadData, BadQuery
from kgraph.graph.network import edges, networks
from kgraph.graph.network.edges import Days, Told
from kgraph.graph.network.networks import Centrality, Edge, Network, Node
from kgraph.graph.statements import states
from kgraph.rdf import sparql
from kgraph.rdf.sparql import DECIMAL, Table, Value

if TYPE_CHECKING:
    import networkx as nx

PROJECTIONS = ("bipartite", "signatories", "agreements")
"""Agreements with their signatories; signatories with common agreements; agreements with common signatories."""

MEASURES = ("degree", "weight", "betweenness", "core", "community", "cuts")
DECIMALS = 9

Said = Mapping[frozenset[str], frozenset[str]]
"""Sources, or shared things, of each pair of things."""

Witnessed = Mapping[frozenset[str], tuple[frozenset[str], bool]]
"""The sources of each pair of things, and whether each of them states both ends."""


@dataclass(frozen=True)
class Basis:
    """What was measured: the projection and its day, the seed of the communities, the version of kgraph."""

    projection: str
    day: str
    seed: int
    version: str

    def __post_init__(self) -> None:
        if self.projection not in PROJECTIONS:
            raise BadQuery(f"no projection {self.projection!r}; there are {', '.join(PROJECTIONS)}")


@dataclass(frozen=True)
class Measured:
    """A thing, its seat (`place`) if a source gives one, and its measures.

    `degree` counts ties and `weight` sums their weights; `betweenness` is 0 to 1; `core` is the largest k of its
    k-cores; communities are numbered from 1, the largest first; `cuts` marks a cut vertex.
    """

    node: Node
    place: str | None
    degree: int
    weight: int
    betweenness: float
    core: int
    community: int
    cuts: bool


@dataclass(frozen=True, order=True)
class Tie:
    """Two things (in the bipartite network an agreement first), the count of what they share, and the sources.

    The sources state both ends of something shared, `together`; where none does, they are those of either end. `since`
    and `until` are the first and last day of the agreements that tie them, empty where none is known.
    """

    one: str
    other: str
    weight: int
    is_bridge: bool
    sources: tuple[str, ...]
    since: str = ""
    until: str = ""
    together: bool = True


@dataclass(frozen=True)
class Whole:
    """Measures of the network; None where it is too small or too uniform for one.

    `by_kind` and `by_place` are assortativity: 1 when only equals are tied, 0 at random, negative when unequals are
    tied more often. `by_place` leaves out things without a place.
    """

    things: int
    ties: int
    parts: int
    density: float
    cutting: int
    bridges: int
    communities: int
    modularity: float | None
    by_kind: float | None
    by_place: float | None


@dataclass(frozen=True)
class Analysis:
    """The measures of things (the strongest brokers first), of ties, and of the whole."""

    basis: Basis
    things: tuple[Measured, ...]
    ties: tuple[Tie, ...]
    whole: Whole


def changed_on(store: ox.Store) -> str | None:
    """The day when the data was last modified, None when it names none."""
    found = store.quads_for_pattern(term("id:dataset"), term("dcterms:modified"), None)
    return max((quad.object.value for quad in found if isinstance(quad.object, ox.Literal)), default=None)


def day_of(store: ox.Store) -> str:
    """The day when the data was last modified; BadData when it names none."""
    if day := changed_on(store):
        return day
    raise BadData("the graph does not say when it was last changed; give a day with --as-of 2020-09-14")


def analyse(store: ox.Store, projection: str = "bipartite", day: str | None = None, seed: int = 0) -> Analysis:
    """The measures of a projection on a day, by default the day of the last change."""
    basis = Basis(projection, day or day_of(store), seed, __version__)
    found = networks.as_of(store, networks.agreements(store), states.day(basis.day))
    places = {thing.value: place.value for thing, place in sparql.named(store, "seated")}
    return measure(found, places, basis, edges.days(store, {edge.source for edge in found.edges}))


def measure(found: Network, places: Mapping[str, str], basis: Basis, days: Days = MappingProxyType({})) -> Analysis:
    """The measures of a bipartite network or of its projection; `days` are those of its agreements."""
    import networkx as nx

    graph, said, hubs = project(found, basis.projection)
    nodes = {node.iri: node for node in found.nodes if node.iri in graph}
    communities = _communities(graph, basis.seed)
    numbers = {name: number for number, name in enumerate(graph)}
    ends = np.array([(numbers[one], numbers[other]) for one, other in graph.edges], dtype=np.int64).reshape(-1, 2)
    shares = {one.iri: one for one in networks.measured([*graph], ends)}
    bridges = {frozenset(pair) for pair in nx.bridges(graph)}
    signed = {edge.source for edge in found.edges if basis.projection == "bipartite"}
    pairs = [pair if pair[1] not in signed else pair[::-1] for pair in graph.edges]
    ties = (
        Tie(
            *pair,
            graph.edges[pair]["weight"],
            both in bridges,
            tuple(sorted(said[both][0])),
            *edges.span(hubs[both], days),
            said[both][1],
        )
        for pair in pairs
        for both in [frozenset(pair)]
    )
    whole = Whole(
        things=len(graph),
        ties=graph.number_of_edges(),
        parts=nx.number_connected_components(graph),
        density=round(nx.density(graph), DECIMALS),
        cutting=sum(one.cuts for one in shares.values()),
        bridges=len(bridges),
        communities=len(set(communities.values())),
        modularity=_modularity(graph, communities),
        by_kind=_assortativity(graph, lambda iri: nodes[iri].kind),
        by_place=_assortativity(graph, places.get),
    )
    return Analysis(basis, _things(graph, nodes, places, communities, shares), tuple(sorted(ties)), whole)


def project(found: Network, projection: str) -> tuple["nx.Graph[str]", Witnessed, Said]:
    """The graph of a projection, each edge with its `weight`; the sources and the shared things of each edge.

    In the bipartite network the shared thing is the agreement.
    """
    import networkx as nx

    said = stated(found.edges)
    joined: nx.Graph[str] = nx.Graph((edge.source, edge.target, {"weight": 1}) for edge in found.edges)
    if projection == "bipartite":
        hubs = {frozenset((e.source, e.target)): frozenset({e.source}) for e in found.edges}
        return _ordered(joined), {pair: (sources, True) for pair, sources in said.items()}, hubs
    if projection == "agreements":
        found = replace(found, edges=tuple(replace(e, source=e.target, target=e.source) for e in found.edges))
    projected = _ordered(networks.co_signing(found))
    hubs = {frozenset(pair): frozenset({*joined[pair[0]]} & {*joined[pair[1]]}) for pair in projected.edges}
    return projected, {pair: shared(said, hubs[pair], pair) for pair in hubs}, hubs


def stated(edges: Iterable[Edge]) -> Said:
    """The sources that state each of some edges, by its ends."""
    return {frozenset((e.source, e.target)): frozenset(p.source for p in e.passages if p.is_stated) for e in edges}


def shared(said: Said, hubs: Iterable[str], pair: Iterable[str]) -> tuple[frozenset[str], bool]:
    """The sources that state the ties of two things to something they share; those of either tie where none does."""
    ends = [[said[frozenset((hub, end))] for end in pair] for hub in hubs]
    both = frozenset[str]().union(*(frozenset.intersection(*own) for own in ends))
    return both or frozenset[str]().union(*(sources for own in ends for sources in own)), bool(both)


def _ordered(graph: "nx.Graph[str]") -> "nx.Graph[str]":
    """A graph with sorted nodes and edges, so that equal graphs give equal measures."""
    import networkx as nx

    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(sorted(graph))
    pairs = sorted((min(pair), max(pair)) for pair in graph.edges)
    ordered.add_weighted_edges_from((one, other, graph[one][other]["weight"]) for one, other in pairs)
    return ordered


def _communities(graph: "nx.Graph[str]", seed: int) -> dict[str, int]:
    """The community of each node by the Louvain method, numbered by size and then by name."""
    import networkx as nx

    names = list(graph)
    numbered = nx.relabel_nodes(graph, {name: number for number, name in enumerate(names)})
    found = nx.community.louvain_communities(numbered, weight="weight", seed=seed)
    largest_first = sorted((sorted(members) for members in found), key=lambda members: (-len(members), members))
    return {names[member]: number for number, members in enumerate(largest_first, 1) for member in members}


def _things(
    graph: "nx.Graph[str]",
    nodes: Mapping[str, Node],
    places: Mapping[str, str],
    communities: Mapping[str, int],
    shares: Mapping[str, Centrality],
) -> tuple[Measured, ...]:
    import networkx as nx

    cores = nx.core_number(graph)
    weights = dict(graph.degree(weight="weight"))
    found = [
        Measured(
            node=nodes[iri],
            place=places.get(iri),
            degree=degree,
            weight=int(weights[iri]),
            betweenness=round(shares[iri].betweenness, DECIMALS),
            core=cores[iri],
            community=communities[iri],
            cuts=shares[iri].cuts,
        )
        for iri, degree in graph.degree()
    ]
    return tuple(sorted(found, key=lambda one: (-one.betweenness, -one.degree, one.node.iri)))


def _modularity(graph: "nx.Graph[str]", communities: Mapping[str, int]) -> float | None:
    import networkx as nx

    if not graph.number_of_edges():
        return None
    members = [{iri for iri in graph if communities[iri] == number} for number in sorted({*communities.values()})]
    return round(nx.community.modularity(graph, members, weight="weight"), DECIMALS)


def _assortativity(graph: "nx.Graph[str]", of: Callable[[str], str | None]) -> float | None:
    """The assortativity of a property, over edges both of whose ends have it."""
    import networkx as nx

    known = nx.Graph(pair for pair in graph.edges if all(of(end) for end in pair))
    values = {iri: of(iri) for iri in known}
    if len(set(values.values())) < 2:
        return None
    nx.set_node_attributes(known, values, "value")
    return round(float(nx.attribute_assortativity_coefficient(known, "value")), DECIMALS)


def things(found: Analysis, lang: str) -> Table:
    """A row for each thing, the strongest brokers first."""
    return ("thing", "name", "kind", "place", *MEASURES), [
        [
            *(ox.NamedNode(one.node.iri), ox.Literal(one.node.label(lang)), ox.NamedNode(one.node.kind)),
            ox.NamedNode(one.place) if one.place else None,
            *(_value(getattr(one, name)) for name in MEASURES),
        ]
        for one in found.things
    ]


def ties(found: Analysis, lang: str) -> Table:
    """One row for each source of each tie."""
    names = {one.node.iri: ox.Literal(one.node.label(lang)) for one in found.things}
    return ("one", "name", "other", "othername", "weight", "bridge", "together", "source"), [
        [
            *(ox.NamedNode(tie.one), names[tie.one], ox.NamedNode(tie.other), names[tie.other]),
            *(ox.Literal(tie.weight), ox.Literal(tie.is_bridge), ox.Literal(tie.together), ox.NamedNode(source)),
        ]
        for tie in found.ties
        for source in tie.sources
    ]


def network(found: Analysis, lang: str) -> Table:
    """A row for each part of the basis and each measure of the whole."""
    measured = {**vars(found.basis), **vars(found.whole)}
    return ("measure", "meaning", "value"), [
        [ox.Literal(name), ox.Literal(words.text(lang, f"measures.{name}")), _value(value)]
        for name, value in measured.items()
    ]


AS_TABLE: Mapping[str, Callable[[Analysis, str], Table]] = {"things": things, "ties": ties, "network": network}
"""Makes each table of measures, in a language."""


def chain(steps: Sequence[Edge]) -> Table:
    """A row for each fact of a chain, with its source and words, or its rule."""
    return ("step", "subject", "predicate", "object", "source", "words"), [
        [ox.Literal(number), *map(ox.NamedNode, (edge.source, edge.predicate, edge.target)), *_witness(edge)]
        for number, edge in enumerate(steps, 1)
    ]


def _witness(edge: Edge) -> Iterator[Value | None]:
    """The source and words of a passage that states the edge, if possible one with words; else the rule."""
    stated = sorted((passage for passage in edge.passages if passage.is_stated), key=lambda at: at.words is None)
    yield ox.NamedNode(stated[0].source) if stated else ox.Literal(edge.rule or "")
    yield ox.Literal(stated[0].words) if stated and stated[0].words else None


def _value(value: str | int | float | None) -> Value | None:
    if isinstance(value, float):
        return ox.Literal(f"{value:.6f}", datatype=DECIMAL)
    return None if value is None else ox.Literal(value)


NOTHING = Told({}, {})


def to_networkx(found: Analysis, lang: str = "en", told: Told = NOTHING) -> "nx.Graph[str]":
    """The network for networkx, with measures, sources and days as attributes of nodes and edges; things are IRIs.

    `told` has the titles and the days of issue of the sources.
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph(**vars(found.basis))
    graph.add_nodes_from((one.node.iri, _attributes(one, lang)) for one in found.things)
    for tie in found.ties:
        graph.add_edge(tie.one, tie.other, weight=tie.weight, bridge=tie.is_bridge, together=tie.together)
        graph.edges[tie.one, tie.other].update(told.attributes(tie.sources), **edges.dated(tie.since, tie.until))
    return graph


def _attributes(one: Measured, lang: str) -> dict[str, str | int | float | bool]:
    names = {"label": lang} | {f"label_{each}": each for each in LANGUAGES}
    labels = {name: printable(one.node.label(each)) for name, each in names.items()}
    place = {"place": one.place} if one.place else {}
    return labels | {"kind": one.node.kind} | place | {name: getattr(one, name) for name in MEASURES}
