"""The graph as a network of things: neighbourhoods and projections, each edge with the evidence behind it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph import query
from kgraph.errors import NotFound
from kgraph.facts import Fact, Place, facts
from kgraph.vocab import STATED, TYPE, term

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
        return dict(self.labels).get(lang, self.iri)


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
        return any(place.status == STATED.value for place in self.places)


@dataclass(frozen=True)
class Network:
    """Things and the facts between them; every end of an edge is among the nodes."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def whole(store: ox.Store) -> Network:
    """All facts between things, and those inferred ones that a picture needs."""
    return _network(store, _edges(store))


def neighbourhood(store: ox.Store, focus: str, depth: int = 1) -> Network:
    """The things within `depth` steps of `focus`, in either direction; NotFound for a thing without a name."""
    seen: set[str] = set()
    frontier = {focus}
    edges: set[Edge] = set()
    for _ in range(depth):
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
    ends = {end for edge in edges for end in (edge.source, edge.target)}.union(others)
    nodes = {node.iri: node for node in _nodes(store, sorted(ends))}
    return Network(tuple(nodes.values()), tuple(e for e in edges if e.source in nodes and e.target in nodes))


def _nodes(store: ox.Store, iris: Sequence[str]) -> Iterator[Node]:
    labels: dict[str, set[tuple[str, str]]] = defaultdict(set)
    kinds: dict[str, str] = {}
    if not iris:
        return
    for node, label, kind in query.named(store, "nodes", node=[ox.NamedNode(iri) for iri in iris]):
        assert isinstance(label, ox.Literal)
        labels[node.value].add((label.language or "", label.value))
        kinds.setdefault(node.value, kind.value)
    for iri in sorted(kinds):
        yield Node(iri, kinds[iri], tuple(sorted(labels[iri])))
