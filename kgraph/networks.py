"""The graph as a network of things: neighbourhoods and projections, each edge with the evidence behind it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kgraph import sparql
from kgraph.errors import NotFound
from kgraph.facts import Fact, Place, facts
from kgraph.keys import LOW, join, swap
from kgraph.vocab import TYPE, short, term

if TYPE_CHECKING:
    import networkx as nx

SIGNATORY = term("se:hasSignatory").value

LEFT_OUT = {TYPE, term("adms:identifier"), term("geo:hasGeometry")}
"""Predicates of claims that tell about one thing rather than link two."""

DRAWN_INFERRED = {term("se:foundingMemberOf"), term("se:representedAt"), term("se:hasOfficeHolder")}
"""Inferred predicates that say more than the asserted edges beside them."""


@dataclass(frozen=True, order=True)
class Node:
    """A thing: its IRI, its most specific class, its names by language."""

    iri: str
    kind: str
    labels: tuple[tuple[str, str], ...]

    def label(self, lang: str) -> str:
        """Its name in a language, or else in another, or else its IRI."""
        labels = dict(self.labels)
        return labels.get(lang) or next(iter(labels.values()), self.iri)


@dataclass(frozen=True, order=True)
class Edge:
    """A fact between two things: the places that say it, or the rule that inferred it."""

    source: str
    predicate: str
    target: str
    places: tuple[Place, ...]
    rule: str | None

    @property
    def asserted(self) -> bool:
        """Whether a source states it; False for what is inferred, and for what is said without being asserted."""
        return any(place.is_stated for place in self.places)


@dataclass(frozen=True)
class Broker:
    """How a thing holds a network together: its share of shortest paths, and whether it falls apart without it."""

    iri: str
    betweenness: float
    cuts: bool


@dataclass(frozen=True)
class Network:
    """Things and the facts between them; every end of an edge is among the nodes."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def whole(store: ox.Store) -> Network:
    """All facts between things, and those inferred ones that a picture needs."""
    return _network(store, _edges(store))


def overview(store: ox.Store) -> Network:
    """What a first look needs: who signed, attended or was represented, what was set up, and who runs whom."""
    shown = {(s.value, p.value, o.value) for s, p, o in sparql.named(store, "overview")}
    found = whole(store)
    return of_edges(found, [edge for edge in found.edges if (edge.source, edge.predicate, edge.target) in shown])


def of_edges(network: Network, edges: Sequence[Edge]) -> Network:
    """Some edges of a network, in their order, with their ends."""
    ends = _ends(edges)
    return Network(tuple(node for node in network.nodes if node.iri in ends), tuple(edges))


def without(network: Network, things: Collection[str]) -> Network:
    """The network without some things and their edges."""
    return Network(
        tuple(node for node in network.nodes if node.iri not in things),
        tuple(edge for edge in network.edges if not {edge.source, edge.target} & set(things)),
    )


def neighbourhood(store: ox.Store, focus: str, depth: int = 1) -> Network:
    """The things within `depth` steps of `focus`, in either direction; NotFound for a thing without a name."""
    seen: set[str] = set()
    frontier = {focus}
    edges: set[Edge] = set()
    for _ in range(depth):
        if not frontier:
            break
        edges |= set(_edges(store, sorted(frontier)))
        seen |= frontier
        frontier = {end for edge in edges for end in (edge.source, edge.target)} - seen
    found = _network(store, sorted(edges), focus)
    if focus not in {node.iri for node in found.nodes}:
        raise NotFound(f"nothing is known of <{focus}>; “kgraph search” finds things by name")
    return found


def agreements(store: ox.Store) -> Network:
    """The bipartite network of agreements and those who signed them."""
    return _network(store, [edge for edge in _edges(store) if edge.predicate == SIGNATORY and edge.asserted])


def co_signing(network: Network) -> "nx.Graph[str]":
    """Signatories of a bipartite network, joined when they signed together; `weight` counts the agreements."""
    import networkx as nx

    if not network.edges:
        return nx.Graph()
    bipartite = nx.Graph((edge.source, edge.target) for edge in network.edges)
    projected: nx.Graph[str] = nx.bipartite.weighted_projected_graph(
        bipartite, sorted({e.target for e in network.edges})
    )
    return projected


@dataclass(frozen=True)
class Signatures:
    """The bipartite network of agreements and those who signed them, as arrays, for a whole country.

    `ends` has a row for each signature: the numbers of an agreement and of a signatory among the `things`.
    """

    things: tuple[str, ...]
    ends: NDArray[np.int64]


def signatures(store: ox.Store) -> Signatures:
    """The same network as `agreements`, without names and evidence, by one query."""
    rows = [(one.value, other.value) for one, other in sparql.named(store, "signatures")]
    things = sorted({end for row in rows for end in row})
    numbers = {thing: number for number, thing in enumerate(things)}
    ends = [(numbers[one], numbers[other]) for one, other in rows]
    return Signatures(tuple(things), np.array(sorted(ends), dtype=np.int64).reshape(-1, 2))


def co_signers(signed: Signatures) -> NDArray[np.int64]:
    """For each pair that signed together: the numbers of the two, the smaller first, and how many agreements."""
    by_agreement = np.sort(signed.ends[:, 0] << 32 | signed.ends[:, 1])
    pairs = join(swap(by_agreement), by_agreement)
    pairs = np.sort(pairs[pairs >> 32 < pairs & LOW])
    firsts = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1]))) if pairs.size else np.empty(0, np.int64)
    counts = np.diff(np.append(firsts, pairs.size))
    return np.column_stack((pairs[firsts] >> 32, pairs[firsts] & LOW, counts))


def measured(things: Sequence[str], ends: NDArray[np.int64]) -> list[Broker]:
    """Betweenness (0 to 1) and cut vertices of a network read without directions, the strongest first.

    By rustworkx where it is installed (the extra `fast`), else by networkx, with the same numbers.
    """
    try:
        import rustworkx as rx
    except ImportError:
        shares, cuts = _measured_by_networkx(len(things), ends)
    else:
        graph = rx.PyGraph(multigraph=False)
        graph.add_nodes_from(range(len(things)))
        graph.add_edges_from_no_data([(one, other) for one, other in ends.tolist()])
        shares, cuts = dict(rx.betweenness_centrality(graph)), set(rx.articulation_points(graph))
    found = [Broker(things[number], round(share, DIGITS), number in cuts) for number, share in shares.items()]
    return sorted(found, key=lambda broker: (-broker.betweenness, broker.iri))


DIGITS = 12
"""To which sums taken in another order still agree."""


def _measured_by_networkx(size: int, ends: NDArray[np.int64]) -> tuple[dict[int, float], set[int]]:
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(ends.tolist())
    return dict(nx.betweenness_centrality(graph)), set(nx.articulation_points(graph))


NOT_STEPPED_THROUGH = {term(kind).value for kind in ("skos:Concept", "org:Role", "dcterms:Location", "cv:AdminUnit")}
"""Kinds of things that would join everything with everything."""


def chain(network: Network, one: str, other: str) -> list[Edge]:
    """The facts on a shortest path between two things, in either direction; NotFound when there is none."""
    import networkx as nx

    passable = {n.iri for n in network.nodes if n.kind not in NOT_STEPPED_THROUGH} | {one, other}
    usable = [e for e in network.edges if {e.source, e.target} <= passable and (e.asserted or e.rule)]
    by_ends: dict[frozenset[str], Edge] = {}
    for edge in sorted(usable, key=lambda edge: (not edge.asserted, edge)):
        by_ends.setdefault(frozenset((edge.source, edge.target)), edge)
    steps = sorted((min(ends), max(ends)) for ends in by_ends if len(ends) == 2)
    try:
        path = nx.shortest_path(nx.Graph(steps), one, other)
    except (nx.NetworkXNoPath, nx.NodeNotFound) as error:
        raise NotFound(f"no chain of facts between {short(one)} and {short(other)}") from error
    return [by_ends[frozenset(step)] for step in pairwise(path)]


def brokers(network: Network) -> list[Broker]:
    """Betweenness (0 to 1) and cut vertices of the network read without directions, the strongest first."""
    things = sorted(_ends(network.edges))
    numbers = {thing: number for number, thing in enumerate(things)}
    ends = {(numbers[edge.source], numbers[edge.target]) for edge in network.edges}
    return measured(things, np.array(sorted(ends), dtype=np.int64).reshape(-1, 2))


def to_networkx(network: Network, lang: str = "en") -> "nx.MultiDiGraph[str]":
    """The same for networkx: nodes with `label` and `kind`, edges keyed by predicate with `asserted`."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in network.nodes:
        graph.add_node(node.iri, label=node.label(lang), kind=node.kind)
    for edge in network.edges:
        graph.add_edge(edge.source, edge.target, key=edge.predicate, asserted=edge.asserted)
    return graph


def _edges(store: ox.Store, about: Sequence[str] = ()) -> list[Edge]:
    return [
        Edge(fact.subject.value, fact.predicate.value, fact.object.value, fact.places, fact.rule)
        for fact in facts(store, [ox.NamedNode(iri) for iri in about])
        if _is_drawn(fact)
    ]


def _is_drawn(fact: Fact) -> bool:
    linking = isinstance(fact.object, ox.NamedNode) and fact.predicate not in LEFT_OUT
    return linking and (fact.rule is None or fact.predicate in DRAWN_INFERRED)


def _network(store: ox.Store, edges: Iterable[Edge], *others: str) -> Network:
    """The edges whose both ends have a name, and those ends."""
    edges = list(edges)
    nodes = {node.iri: node for node in _nodes(store, sorted({*_ends(edges), *others}))}
    kept = tuple(edge for edge in edges if edge.source in nodes and edge.target in nodes)
    return Network(tuple(nodes[iri] for iri in sorted({*_ends(kept), *others} & nodes.keys())), kept)


def _ends(edges: Iterable[Edge]) -> set[str]:
    return {end for edge in edges for end in (edge.source, edge.target)}


def _nodes(store: ox.Store, iris: Sequence[str]) -> Iterator[Node]:
    labels: dict[str, set[tuple[str, str]]] = defaultdict(set)
    kinds: dict[str, str] = {}
    if not iris:
        return
    for node, label, kind in sparql.named(store, "nodes", node=[ox.NamedNode(iri) for iri in iris]):
        assert isinstance(label, ox.Literal)
        labels[node.value].add((label.language or "", label.value))
        kinds.setdefault(node.value, kind.value)
    for iri in sorted(kinds):
        yield Node(iri, kinds[iri], tuple(sorted(labels[iri])))
