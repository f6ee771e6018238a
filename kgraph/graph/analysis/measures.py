"""The measures of a projection on a day, as networkx defines them, over nodes and edges in a fixed order.

Paths are counted in steps, weights are strengths and not lengths. Numbers are given to nine decimals, below which the
order of a sum shows, so that equal data gives equal numbers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyoxigraph as ox

from kgraph._version import __version__
from kgraph.base.vocab import compact, term
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadData, BadQuery
from kgraph.graph import networks, states
from kgraph.graph.networks import Broker, Network, Node
from kgraph.rdf import sparql

if TYPE_CHECKING:
    import networkx as nx

PROJECTIONS = ("bipartite", "signatories", "agreements")
"""Agreements with those who signed them; signatories that share agreements; agreements that share signatories."""

DECIMALS = 9

Said = Mapping[frozenset[str], frozenset[str]]
"""The sources that state each pair of a bipartite network."""


@dataclass(frozen=True)
class Basis:
    """What was measured: a projection, the day it is of, the seed of the communities, the version of kgraph."""

    projection: str
    day: str
    seed: int
    version: str


@dataclass(frozen=True)
class Measured:
    """A thing and its measures.

    `degree` counts its ties and `weight` adds up theirs; `betweenness` is its share of shortest paths, 0 to 1;
    `core` is the largest k for which it is in the k-core; communities are numbered from 1, the largest first;
    without a thing that `cuts`, the network falls apart. `place` is where it is at home, if a source says so.
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
    """Two things, what they share by number, whether nothing else joins their parts, and the sources that say so.

    In the bipartite network `one` is the agreement.
    """

    one: str
    other: str
    weight: int
    is_bridge: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Whole:
    """The network as one: None stands for a measure that it is too small or too uniform to have.

    `by_kind` and `by_place` are assortativity: 1 when like is tied to like only, 0 when it makes no difference, less
    when unlike attract. Things whose place is not known do not count for the latter.
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


def day_of(store: ox.Store) -> str:
    """The day of the last change of the data, as it says itself; BadData when it does not."""
    found = [q.object for q in store.quads_for_pattern(term("id:dataset"), term("dcterms:modified"), None)]
    days = sorted(value.value for value in found if isinstance(value, ox.Literal))
    if not days:
        raise BadData("the graph does not say when it was last changed; give a day with --as-of 2020-09-14")
    return days[-1]


def analyse(store: ox.Store, projection: str = "bipartite", day: str | None = None, seed: int = 0) -> Analysis:
    """The measures of a projection on a day, by default that of the last change of the data."""
    if projection not in PROJECTIONS:
        raise BadQuery(f"no projection {projection!r}; there are {', '.join(PROJECTIONS)}")
    basis = Basis(projection, day or day_of(store), seed, __version__)
    found = networks.as_of(store, networks.agreements(store), states.day(basis.day))
    places = {thing.value: place.value for thing, place in sparql.named(store, "seated")}
    return measure(found, places, basis)


def measure(found: Network, places: Mapping[str, str], basis: Basis) -> Analysis:
    """The measures of a bipartite network that is given, or of its projection."""
    import networkx as nx

    graph, said = project(found, basis.projection)
    nodes = {node.iri: node for node in found.nodes if node.iri in graph}
    communities = _communities(graph, basis.seed)
    brokers = _brokers(graph)
    bridges = {frozenset(pair) for pair in nx.bridges(graph)}
    things = _things(graph, nodes, places, communities, brokers)
    signed = {edge.source for edge in found.edges if basis.projection == "bipartite"}
    pairs = [pair if pair[1] not in signed else pair[::-1] for pair in graph.edges]
    ties = tuple(sorted(_tie(*pair, graph.edges[pair]["weight"], bridges, said) for pair in pairs))
    cutting = sum(broker.cuts for broker in brokers.values())
    return Analysis(basis, things, ties, _whole(graph, nodes, places, communities, cutting, len(bridges)))


def project(found: Network, projection: str) -> tuple["nx.Graph[str]", Said]:
    """The graph of a projection, each edge with its `weight`, and the sources that state each of its edges."""
    import networkx as nx

    said = {
        frozenset((e.source, e.target)): frozenset(p.source for p in e.passages if p.is_stated) for e in found.edges
    }
    joined: nx.Graph[str] = nx.Graph((edge.source, edge.target, {"weight": 1}) for edge in found.edges)
    if projection == "bipartite":
        return _ordered(joined), said
    turned = found if projection == "signatories" else _turned(found)
    projected = _ordered(networks.co_signing(turned))
    return projected, {frozenset(pair): _shared(joined, said, *pair) for pair in projected.edges}


def _turned(found: Network) -> Network:
    """The network with its edges the other way round."""
    return Network(found.nodes, tuple(replace(edge, source=edge.target, target=edge.source) for edge in found.edges))


def _shared(joined: "nx.Graph[str]", said: Said, one: str, other: str) -> frozenset[str]:
    """The sources that join two things through what they share."""
    between = set(joined[one]) & set(joined[other])
    return frozenset(source for hub in between for end in (one, other) for source in said[frozenset((hub, end))])


def _ordered(graph: "nx.Graph[str]") -> "nx.Graph[str]":
    """The same graph, its nodes and edges in an order that does not change from run to run."""
    import networkx as nx

    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(sorted(graph))
    pairs = sorted((min(pair), max(pair)) for pair in graph.edges)
    ordered.add_weighted_edges_from((one, other, graph[one][other]["weight"]) for one, other in pairs)
    return ordered


def _brokers(graph: "nx.Graph[str]") -> Mapping[str, Broker]:
    """The betweenness of each node, and whether it cuts, by the fastest library at hand."""
    names = list(graph)
    numbers = {name: number for number, name in enumerate(names)}
    ends = [(numbers[one], numbers[other]) for one, other in graph.edges]
    found = networks.measured(names, np.array(ends, dtype=np.int64).reshape(-1, 2))
    return {broker.iri: broker for broker in found}


def _communities(graph: "nx.Graph[str]", seed: int) -> dict[str, int]:
    """The community of each node by the Louvain method, numbered by size and then by name."""
    import networkx as nx

    names = list(graph)
    numbered = nx.relabel_nodes(graph, {name: number for number, name in enumerate(names)})
    found = nx.community.louvain_communities(numbered, weight="weight", seed=seed)
    largest_first = sorted((sorted(members) for members in found), key=lambda members: (-len(members), members))
    return {names[member]: place for place, members in enumerate(largest_first, 1) for member in members}


def _things(
    graph: "nx.Graph[str]",
    nodes: Mapping[str, Node],
    places: Mapping[str, str],
    communities: Mapping[str, int],
    brokers: Mapping[str, Broker],
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
            betweenness=round(brokers[iri].betweenness, DECIMALS),
            core=cores[iri],
            community=communities[iri],
            cuts=brokers[iri].cuts,
        )
        for iri, degree in graph.degree()
    ]
    return tuple(sorted(found, key=lambda one: (-one.betweenness, -one.degree, one.node.iri)))


def _tie(one: str, other: str, weight: int, bridges: set[frozenset[str]], said: Said) -> Tie:
    pair = frozenset((one, other))
    return Tie(one, other, weight, pair in bridges, tuple(sorted(said[pair])))


def _whole(
    graph: "nx.Graph[str]",
    nodes: Mapping[str, Node],
    places: Mapping[str, str],
    communities: Mapping[str, int],
    cutting: int,
    bridges: int,
) -> Whole:
    import networkx as nx

    return Whole(
        things=graph.number_of_nodes(),
        ties=graph.number_of_edges(),
        parts=nx.number_connected_components(graph),
        density=round(nx.density(graph), DECIMALS),
        cutting=cutting,
        bridges=bridges,
        communities=len(set(communities.values())),
        modularity=_modularity(graph, communities),
        by_kind=_assortativity(graph, lambda iri: nodes[iri].kind),
        by_place=_assortativity(graph, places.get),
    )


def _modularity(graph: "nx.Graph[str]", communities: Mapping[str, int]) -> float | None:
    import networkx as nx

    if not graph.number_of_edges():
        return None
    members = [{iri for iri in graph if communities[iri] == number} for number in sorted(set(communities.values()))]
    return round(nx.community.modularity(graph, members, weight="weight"), DECIMALS)


def _assortativity(graph: "nx.Graph[str]", of: Callable[[str], str | None]) -> float | None:
    """How far ends of an edge are alike, over the edges both of whose ends have the property."""
    import networkx as nx

    known = nx.Graph(pair for pair in graph.edges if all(of(end) for end in pair))
    values = {iri: of(iri) for iri in known}
    if len(set(values.values())) < 2:
        return None
    nx.set_node_attributes(known, values, "value")
    return round(float(nx.attribute_assortativity_coefficient(known, "value")), DECIMALS)


def to_networkx(found: Analysis, lang: str = "en") -> "nx.Graph[str]":
    """The measured network for networkx and other tools, measures and sources as attributes of nodes and edges."""
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph(**vars(found.basis))
    for one in found.things:
        graph.add_node(one.node.iri, **dict(_attributes(one, lang)))
    for tie in found.ties:
        said = " ".join(tie.sources)
        graph.add_edge(tie.one, tie.other, weight=tie.weight, bridge=tie.is_bridge, sources=said)
    return graph


def _attributes(one: Measured, lang: str) -> Iterable[tuple[str, str | int | float | bool]]:
    yield "label", one.node.label(lang)
    yield from ((f"label_{each}", one.node.label(each)) for each in LANGUAGES)
    yield "kind", compact(one.node.kind)
    if one.place:
        yield "place", compact(one.place)
    yield from ((name, getattr(one, name)) for name in ("degree", "weight", "betweenness", "core", "community", "cuts"))
