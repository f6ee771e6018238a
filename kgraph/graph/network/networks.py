"""The graph as a network of things: neighbourhoods and projections, each edge with the evidence behind it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kgraph.base.palette import Fold, palette
from kgraph.base.vocab import STATED, TYPE, short, term
from kgraph.errors import NotFound
from kgraph.graph.statements import states
from kgraph.graph.statements.facts import Passage, behind, facts, lapsed, statements, tenures
from kgraph.rdf import sparql
from kgraph.rdf.encoding import LOW, join, swap
from kgraph.rdf.sparql import Value

if TYPE_CHECKING:
    import networkx as nx

SIGNATORY = term("se:hasSignatory").value

LEFT_OUT = {TYPE, term("adms:identifier"), term("geo:hasGeometry")}
"""Predicates that describe one thing rather than link two."""

DRAWN_INFERRED = {term("se:foundingMemberOf"), term("se:representedAt"), term("se:hasOfficeHolder")}
"""Inferred predicates that are drawn."""


@dataclass(frozen=True, order=True)
class Node:
    """A thing: its IRI, its most specific class, its names by language."""

    iri: str
    kind: str
    labels: tuple[tuple[str, str], ...]

    def label(self, lang: str) -> str:
        """Its name in a language, else in any, else its IRI."""
        labels = dict(self.labels)
        return labels.get(lang) or next(iter(labels.values()), self.iri)


@dataclass(frozen=True, order=True)
class Edge:
    """A fact between two things, its passages or rule, and the memberships that it lasts as long as (`tenures`)."""

    source: str
    predicate: str
    target: str
    passages: tuple[Passage, ...]
    rule: str | None
    tenures: tuple[str, ...] = ()

    @property
    def asserted(self) -> bool:
        """Whether a source states it; False for inferred facts and those only recorded, such as opinions."""
        return any(passage.is_stated for passage in self.passages)

    @property
    def values(self) -> tuple[str, str, str]:
        return self.source, self.predicate, self.target


@dataclass(frozen=True)
class Centrality:
    """A thing with its share of shortest paths, and whether it is a cut vertex."""

    iri: str
    betweenness: float
    cuts: bool


@dataclass(frozen=True)
class Network:
    """Things and the facts between them; every end of an edge is among the nodes."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def whole(store: ox.Store) -> Network:
    """All stated facts between things, and the inferred facts that are drawn."""
    return with_ends(store, _edges(store))


OVERVIEW = 300
"""The most facts in an overview."""


def overview(store: ox.Store) -> Network:
    """Who signed, attended or was represented, who founded what, who runs whom; in a large graph, the largest hubs."""
    rows = [(s.value, p.value, o.value) for s, p, o in sparql.named(store, "overview")]
    count = Counter(source for source, _, _ in rows)
    shown = {*sorted(rows, key=lambda row: (-count[row[0]], row[0]))[:OVERVIEW]}
    edges = _edges(store, sorted({source for source, _, _ in shown}))
    return with_ends(store, [edge for edge in edges if edge.values in shown])


def with_ends(store: ox.Store, edges: Iterable[Edge], *others: str) -> Network:
    """The edges whose both ends have a name, with those ends and the `others` that have one."""
    edges = list(edges)
    nodes = {node.iri: node for node in nodes_of(store, sorted({*_ends(edges), *others}))}
    kept = tuple(edge for edge in edges if edge.source in nodes and edge.target in nodes)
    return Network(tuple(nodes[iri] for iri in sorted({*_ends(kept), *others} & nodes.keys())), kept)


def among(store: ox.Store, things: Sequence[str]) -> Network:
    """Some things, and the facts between them."""
    kept = set(things)
    return with_ends(store, [edge for edge in _edges(store, things) if {edge.source, edge.target} <= kept], *things)


def without(network: Network, things: Collection[str]) -> Network:
    """The network without some things and the edges at them."""
    return Network(
        tuple(node for node in network.nodes if node.iri not in things),
        tuple(edge for edge in network.edges if not {edge.source, edge.target} & set(things)),
    )


def without_isolates(network: Network) -> Network:
    """The network without things that have no edge."""
    ends = _ends(network.edges)
    return Network(tuple(node for node in network.nodes if node.iri in ends), network.edges)


def as_of(store: ox.Store, network: Network, on: ox.Literal, focus: str | None = None) -> Network:
    """The network on a day, without things that had ended or not begun; NotFound when the focus is one of them."""
    gone = states.absent(store, on)
    if focus in gone:
        raise NotFound(f"{short(focus)} was not there on {on.value}: it had ended or had not begun")
    held = [edge for edge in network.edges if not lapsed(edge.tenures, gone)]
    return without(Network(network.nodes, tuple(held)), gone)


def neighbourhood(store: ox.Store, focus: str, depth: int = 1) -> Network:
    """The things within `depth` steps of `focus`, in either direction; NotFound for a thing without a name.

    What is drawn as a line, such as a membership, is no step of its own: its other end is there too.
    """
    seen: set[str] = set()
    edges: set[Edge] = set()
    for _ in range(depth):
        frontier = (_ends(edges) or {focus}) - seen
        near = _edges(store, sorted(frontier)) if frontier else []
        edges |= {*near, *_far_ends(store, near, frontier)}
        seen |= frontier
    found = with_ends(store, sorted(edges), focus)
    if focus not in {node.iri for node in found.nodes}:
        raise NotFound(f"nothing is known of <{focus}>; “kgraph search” finds things by name")
    return found


def _far_ends(store: ox.Store, near: Sequence[Edge], frontier: Set[str]) -> list[Edge]:
    """The facts of things that are drawn as lines beside `frontier`: to the other end, or to what names the line."""
    beside = {edge: edge.target if edge.source in frontier else edge.source for edge in near}
    kinds = {node.iri: node.kind for node in nodes_of(store, sorted({*beside.values()}))}
    asked: dict[str, set[str]] = defaultdict(set)
    for edge, thing in beside.items():
        if fold := palette()["folds"].get(kinds.get(thing, "")):
            is_hub = edge.predicate == fold["hub"]
            if is_hub or edge.predicate in fold["partners"]:
                asked[thing] |= {*(fold["partners"] if is_hub else [fold["hub"]]), fold["title"] or ""}
    found = _edges(store, sorted(asked)) if asked else []
    return [edge for edge in found if any(edge.predicate in asked.get(end, ()) for end in (edge.source, edge.target))]


def composed(network: Network) -> Network:
    """The network as it is drawn: with a line from hub to partner in place of each thing that is drawn as a line.

    These lines have the thing as their predicate and no evidence. A pair that has a fact of its own gets none. What was
    linked with such things only is left out.
    """
    folds = {node.iri: fold for node in network.nodes if (fold := palette()["folds"].get(node.kind))}
    hubs, partners = _sides(network, folds, lambda fold: [fold["hub"]]), _sides(network, folds, lambda f: f["partners"])
    rest = [edge for edge in network.edges if not {edge.source, edge.target} & hubs.keys()]
    known = {frozenset((edge.source, edge.target)) for edge in rest}
    lines = sorted({(hub, thing, end) for thing in hubs for hub in hubs[thing] for end in partners.get(thing, ())})
    edges = (*rest, *(Edge(*line, (), None) for line in lines if frozenset(line[::2]) not in known))
    linked, alone = _ends(edges), {node.iri for node in network.nodes} - _ends(network.edges)
    return Network(tuple(node for node in network.nodes if node.iri in linked | alone), edges)


def _sides(
    network: Network, folds: Mapping[str, Fold], relations: Callable[[Fold], Collection[str]]
) -> dict[str, set[str]]:
    """The things that each of `folds` is linked with by some of its relations."""
    found: dict[str, set[str]] = defaultdict(set)
    for edge in network.edges:
        for thing, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if thing in folds and edge.predicate in relations(folds[thing]):
                found[thing].add(other)
    return found


def agreements(store: ox.Store) -> Network:
    """The bipartite network of agreements and those who signed them."""
    signed = sorted({agreement.value for agreement, _ in sparql.named(store, "signatures")})
    return with_ends(store, [e for e in _edges(store, signed) if e.predicate == SIGNATORY and e.asserted])


def co_signing(network: Network) -> "nx.Graph[str]":
    """Signatories of a bipartite network, joined when they signed together; `weight` counts the agreements."""
    import networkx as nx

    things, ends = numbered(network)
    projected: nx.Graph[str] = nx.Graph()
    projected.add_nodes_from(sorted({edge.target for edge in network.edges}))
    shared = co_signers(ends).tolist()
    projected.add_weighted_edges_from((things[one], things[other], number) for one, other, number in shared)
    return projected


def numbered(network: Network) -> tuple[list[str], NDArray[np.int64]]:
    """The things that have edges, and the numbers of the two ends of each edge among them."""
    things = sorted(_ends(network.edges))
    numbers = {thing: number for number, thing in enumerate(things)}
    ends = {(numbers[edge.source], numbers[edge.target]) for edge in network.edges}
    return things, np.array(sorted(ends), dtype=np.int64).reshape(-1, 2)


def co_signers(ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """A row for each pair of co-signers: two numbers, the smaller first, and the count of shared agreements.

    `ends` has a row for each signature: the numbers of its agreement and of its signatory.
    """
    by_agreement = np.sort(ends[:, 0] << 32 | ends[:, 1])
    pairs = join(swap(by_agreement), by_agreement)
    pairs, counts = np.unique(pairs[pairs >> 32 < pairs & LOW], return_counts=True)
    return np.column_stack((pairs >> 32, pairs & LOW, counts))


def measured(things: Sequence[str], ends: NDArray[np.int64]) -> list[Centrality]:
    """Betweenness (0 to 1) and cut vertices of a network read without directions, the strongest first.

    By rustworkx where it is installed (the extra `fast`), else by networkx; equal to twelve decimals.
    """
    try:
        import rustworkx as rx
    except ImportError:
        import networkx as nx

        slow: nx.Graph[int] = nx.empty_graph(len(things))
        slow.add_edges_from(ends.tolist())
        shares, cuts = dict(nx.betweenness_centrality(slow)), set(nx.articulation_points(slow))
    else:
        graph = rx.PyGraph(multigraph=False)
        graph.add_nodes_from(range(len(things)))
        graph.add_edges_from_no_data([(one, other) for one, other in ends.tolist()])
        shares, cuts = dict(rx.betweenness_centrality(graph)), set(rx.articulation_points(graph))
    found = [Centrality(things[number], round(share, 12), number in cuts) for number, share in shares.items()]
    return sorted(found, key=lambda one: (-one.betweenness, one.iri))


NOT_STEPPED_THROUGH = {term(kind).value for kind in ("skos:Concept", "org:Role", "dcterms:Location", "cv:AdminUnit")}
"""Kinds of hubs that a chain does not pass through."""

Around = Callable[[Sequence[str]], Mapping[str, list[str]]]
"""Gives the neighbours of each of some things."""


def chain(store: ox.Store, one: str, other: str, on: ox.Literal | None = None) -> list[Edge]:
    """The facts on a shortest path between two things, in either direction; NotFound when there is none.

    A bidirectional breadth-first search in the order of IRIs, as in networkx. On a day, it leaves out things that were
    not there, and all inferred facts, because these have no dates.
    """
    inferred, gone = on is None, states.absent(store, on) if on else set()

    def around(things: Sequence[str]) -> Mapping[str, list[str]]:
        near = _linked(store, things, gone, inferred=inferred)
        further = sorted({end for thing in things for end in near[thing]} - gone)
        passable = {
            n.iri for n in nodes_of(store, further) if n.iri in (one, other) or n.kind not in NOT_STEPPED_THROUGH
        }
        return {thing: sorted((near[thing] & passable) - {thing}) for thing in things}

    path = [] if {one, other} & gone else shortest_path(around, one, other)
    if not path:
        raise NotFound(f"no chain of facts between {short(one)} and {short(other)}")
    by_ends: dict[frozenset[str], Edge] = {}
    for edge in sorted(_edges(store, path[1:-1] or path[:1]), key=lambda edge: (not edge.asserted, edge)):
        if (edge.asserted or (edge.rule and inferred)) and not lapsed(edge.tenures, gone):
            by_ends.setdefault(frozenset((edge.source, edge.target)), edge)
    return [by_ends[frozenset(step)] for step in pairwise(path)]


def _linked(store: ox.Store, things: Sequence[str], gone: Set[str], *, inferred: bool) -> Mapping[str, set[str]]:
    """The neighbours of each thing by stated facts, and by drawn inferred ones, that have not lapsed."""
    found = statements(store, list(map(ox.NamedNode, things)))
    said = [claim.triple for claim in found.claims if claim.status == STATED]
    follows = [triple for triple in found.rules if triple[1] in DRAWN_INFERRED] if inferred else []
    known = tenures(store, said) if gone else {}
    near: dict[str, set[str]] = defaultdict(set)
    for triple in (*said, *follows):
        subject, predicate, object_ = triple
        if _joins(predicate, object_) and not lapsed(behind(triple, known), gone):
            near[subject.value].add(object_.value)
            near[object_.value].add(subject.value)
    return near


def shortest_path(around: Around, one: str, other: str) -> list[str]:
    """The things on a shortest path, the smaller side searched first; empty when there is no path."""
    sides, fringes = ({one: [one]}, {other: [other]}), [[one], [other]]
    meeting = one if one == other and any(around([one]).values()) else None
    while meeting is None and all(fringes):
        side = int(len(fringes[0]) > len(fringes[1]))
        fringes[side], meeting = _advance(around(fringes[side]), fringes[side], sides[side], sides[1 - side])
    return [] if meeting is None else sides[0][meeting] + sides[1][meeting][-2::-1]


def _advance(
    near: Mapping[str, list[str]], fringe: Sequence[str], paths: dict[str, list[str]], other: Container[str]
) -> tuple[list[str], str | None]:
    """The next level on one side, with the path to each thing added to `paths`; and where the sides meet."""
    level = []
    for thing in fringe:
        for further in near.get(thing, []):
            if further not in paths:
                paths[further] = [*paths[thing], further]
                level.append(further)
            if further in other:
                return level, further
    return level, None


def _edges(store: ox.Store, about: Sequence[str] | None = None) -> list[Edge]:
    """The facts between things that do not yield, all of them or those with one of some things at either end."""
    things = None if about is None else [ox.NamedNode(iri) for iri in about]
    linking = (fact for fact in facts(store, things) if _joins(fact.predicate, fact.object) and not fact.yields)
    drawn = [fact for fact in linking if fact.rule is None or fact.predicate in DRAWN_INFERRED]
    known = tenures(store, (fact.triple for fact in drawn))
    return [Edge(*fact.values, fact.passages, fact.rule, behind(fact.triple, known)) for fact in drawn]


def _joins(predicate: Value, object_: Value) -> bool:
    """Whether a fact links two things."""
    return isinstance(object_, ox.NamedNode) and predicate not in LEFT_OUT


def _ends(edges: Iterable[Edge]) -> set[str]:
    return {end for edge in edges for end in (edge.source, edge.target)}


def nodes_of(store: ox.Store, iris: Sequence[str]) -> Iterator[Node]:
    """The nodes of those things that have a name."""
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
