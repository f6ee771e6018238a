"""The network of agreements by year: who signed together, what and when, and the network of each year."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph._version import __version__
from kgraph.base.text import printable
from kgraph.base.vocab import compact
from kgraph.graph.network import analysis, edges
from kgraph.graph.network.analysis import MEASURES, Analysis, Basis
from kgraph.graph.network.edges import Days
from kgraph.graph.network.networks import Edge, Network, without_isolates
from kgraph.graph.statements.facts import Passage
from kgraph.rdf.sparql import Table, Value

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, order=True)
class Tie:
    """Two signatories of an agreement with its year, its first and last known day, and sources.

    `until` is empty where no last day is known. The sources state both signatures, `together`; where none does, they
    are those of either.
    """

    year: int
    agreement: str
    one: str
    other: str
    since: str
    until: str
    sources: tuple[str, ...]
    together: bool


@dataclass(frozen=True)
class Years:
    """The agreements and signatories of each year, the ties of all, and the agreements whose year is not known."""

    networks: Mapping[int, Network]
    ties: tuple[Tie, ...]
    undated: tuple[str, ...]


def by_year(store: ox.Store, bipartite: Network) -> Years:
    """The network of agreements and signatories by the year of the first known day of each agreement."""
    dated = edges.days(store, {edge.source for edge in bipartite.edges})
    years = {agreement: int(since[:4]) for agreement, (since, _) in dated.items() if since}
    found: dict[int, list[Edge]] = defaultdict(list)
    for edge in bipartite.edges:
        if edge.source in years:
            found[years[edge.source]].append(edge)
    undated = {edge.source for edge in bipartite.edges} - years.keys()
    yearly = {year: without_isolates(Network(bipartite.nodes, tuple(found[year]))) for year in sorted(found)}
    ties = (tie for year, network in yearly.items() for tie in _ties(year, network, dated))
    return Years(yearly, tuple(sorted(ties)), tuple(sorted(undated)))


def _ties(year: int, network: Network, dated: Days) -> Iterator[Tie]:
    said = analysis.stated(network.edges)
    signed: dict[str, set[str]] = defaultdict(set)
    for edge in network.edges:
        signed[edge.source].add(edge.target)
    for agreement, signatories in signed.items():
        for one, other in combinations(sorted(signatories), 2):
            sources, together = analysis.shared(said, [agreement], (one, other))
            yield Tie(year, agreement, one, other, *dated[agreement], tuple(sorted(sources)), together)


def ties(store: ox.Store, found: Years, lang: str) -> Table:
    """One row for each source of each tie."""
    called = {node.iri: node.label(lang) for network in found.networks.values() for node in network.nodes}
    told = edges.told(store, {source for tie in found.ties for source in tie.sources}, lang)

    def row(tie: Tie, source: str) -> list[Value | None]:
        named = (
            part for iri in (tie.agreement, tie.one, tie.other) for part in (ox.NamedNode(iri), _text(called[iri]))
        )
        about = (_text(tie.since), _text(tie.until), ox.Literal(tie.together))
        return [ox.Literal(tie.year), *named, *about, ox.NamedNode(source), _text(told.titles.get(source, ""))]

    columns = ("year", "agreement", "agreement_name", "one", "one_name", "other", "other_name", "since", "until")
    return (*columns, "together", "source", "title"), [row(tie, source) for tie in found.ties for source in tie.sources]


def signatures(store: ox.Store, found: Years, lang: str) -> Table:
    """One row for each passage that states a signature, with the days of the agreement and the words of the source."""
    called = {node.iri: node.label(lang) for network in found.networks.values() for node in network.nodes}
    signed = [
        (year, edge, at)
        for year, network in found.networks.items()
        for edge in sorted(network.edges, key=lambda edge: (edge.source, edge.target))
        for at in edge.passages
    ]
    told = edges.told(store, {at.source for _, _, at in signed}, lang)
    dated = edges.days(store, {edge.source for _, edge, _ in signed})

    def row(year: int, edge: Edge, at: Passage) -> list[Value | None]:
        named = (part for iri in (edge.source, edge.target) for part in (ox.NamedNode(iri), _text(called[iri])))
        source = (ox.NamedNode(at.source), _text(told.titles.get(at.source, "")), _text(at.words or ""))
        return [ox.Literal(year), *named, *map(_text, dated[edge.source]), *source]

    columns = ("year", "agreement", "agreement_name", "thing", "name", "since", "until", "source", "title", "words")
    return columns, [row(*one) for one in signed]


def _text(value: str) -> ox.Literal | None:
    return ox.Literal(value) if value else None


def measures(found: Years, projection: str, lang: str) -> Table:
    """A row for each thing of each year, with the measures of its network, the strongest brokers first."""
    rows: list[Sequence[Value | None]] = []
    for year, network in found.networks.items():
        columns, own = analysis.things(_measure(year, network, projection), lang)
        at = [columns.index(name) for name in KEPT]
        rows += [[ox.Literal(year), *(row[number] for number in at)] for row in own]
    return ("year", *KEPT), rows


def _measure(year: int, network: Network, projection: str) -> Analysis:
    return analysis.measure(network, {}, Basis(projection, str(year), 0, __version__))


KEPT = ("thing", "name", "kind", *MEASURES)


def to_networkx(store: ox.Store, found: Years, lang: str, *, curies: bool = False) -> "nx.MultiGraph[str]":
    """Signatories, joined once for each agreement: the key of an edge is its IRI; edges have year, days and sources.

    Those who signed alone are there too, without edges. `years` of a node are those in which it signed.
    """
    import networkx as nx

    graph: nx.MultiGraph[str] = nx.MultiGraph()
    written = compact if curies else str
    nodes = {node.iri: node for network in found.networks.values() for node in network.nodes}
    told = edges.told(store, {source for tie in found.ties for source in tie.sources}, lang)
    for iri, signing in sorted(_signing(found).items()):
        about = {"kind": written(nodes[iri].kind), "years": " ".join(map(str, signing))}
        graph.add_node(written(iri), label=printable(nodes[iri].label(lang)), **about)
    for tie in found.ties:
        key = written(tie.agreement)
        shown: dict[str, str | int] = {"year": tie.year, "agreement": key, "together": tie.together}
        shown |= edges.dated(tie.since, tie.until)
        shown |= {"label": printable(nodes[tie.agreement].label(lang))}
        shown |= told.attributes(tie.sources, curies=curies)
        graph.add_edge(written(tie.one), written(tie.other), key=key, **shown)
    return graph


def measured(graph: "nx.MultiGraph[str]", found: Years, *, curies: bool) -> "nx.MultiGraph[str]":
    """The graph of signatories of one year, whose nodes have their measures."""
    for year, network in found.networks.items():
        for one in _measure(year, network, "signatories").things:
            node = compact(one.node.iri) if curies else one.node.iri
            graph.nodes[node].update({name: getattr(one, name) for name in MEASURES})
    return graph


def _signing(found: Years) -> Mapping[str, list[int]]:
    """The years in which each signatory signed, alone or with others."""
    years: dict[str, set[int]] = defaultdict(set)
    for year, network in found.networks.items():
        for edge in network.edges:
            years[edge.target].add(year)
    return {iri: sorted(own) for iri, own in years.items()}


def dynamic(graph: "nx.MultiGraph[str]", *, growing: bool = False) -> "nx.MultiGraph[str]":
    """The graph with `start` and `end` of each edge and `spells` of each node, for a timeline.

    A tie is there from its day to the end of its year; in a `growing` network it stays.
    """
    timed = graph.copy()
    for one, other, key, about in graph.edges(keys=True, data=True):
        times = {"start": first_day(about["since"])} | ({} if growing else {"end": f"{about['year']}-12-31"})
        timed.edges[one, other, key].update(times)
    for node, own in graph.nodes(data=True):
        years = own["years"].split(" ")
        spells = [(f"{year}-01-01", None if growing else f"{year}-12-31") for year in years[: 1 if growing else None]]
        timed.nodes[node]["spells"] = spells
    return timed


def first_day(known: str) -> str:
    """The first day of a day or year."""
    return known if len(known) > 4 else f"{known}-01-01"
