"""Networks for networkx, whose edges carry their sources with titles and days of issue, and their own days."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.base.text import printable
from kgraph.base.vocab import compact
from kgraph.graph.names.labels import names
from kgraph.graph.network.networks import Edge, Network
from kgraph.graph.statements.sources import day_of, links_of
from kgraph.rdf import sparql

if TYPE_CHECKING:
    import networkx as nx

SEPARATOR = "; "
"""Between the titles of several sources."""


@dataclass(frozen=True)
class Told:
    """Sources by IRI: their titles, and their days of issue, of a register its own, as far as they are known."""

    titles: Mapping[str, str]
    issued: Mapping[str, str]

    def attributes(self, sources: Sequence[str], *, curies: bool = False) -> dict[str, str]:
        """Sources as attributes that GEXF and GraphML can hold: IRIs and days with spaces between, and titles."""
        days = sorted({self.issued[source] for source in sources if source in self.issued})
        titles = (self.titles.get(source, compact(source)) for source in sources)
        found = {
            "sources": " ".join(map(compact, sources) if curies else sources),
            "titles": printable(SEPARATOR.join(titles)),
            "issued": " ".join(days),
        }
        return {name: value for name, value in found.items() if value}


def told(store: ox.Store, sources: Iterable[str], lang: str) -> Told:
    """The titles in a language and the days of issue of some sources."""
    known = links_of(store, sources)
    issued = {source.value: day.value for source, links in known.items() if (day := day_of(links))}
    return Told({source.value: title for source, title in names(store, known, lang).items()}, issued)


Days = Mapping[str, tuple[str, str]]
"""The first and the last known day or year of things; an empty text where it is not known."""


def days(store: ox.Store, things: Iterable[str]) -> Days:
    """The days of agreements (those of their signing), events and memberships among some things."""
    asked = [ox.NamedNode(iri) for iri in sorted({*things})]
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for thing, part, value in sparql.named(store, "edge-days", thing=asked) if asked else ():
        found[thing.value][part.value].append(value.value)
    return {thing: (min(own["since"], default=""), max(own["until"], default="")) for thing, own in found.items()}


def lasting(edge: Edge, known: Days) -> dict[str, str]:
    """The first and last day of a fact: those of its memberships, else of the agreement or event at one end."""
    return dated(*span(edge.tenures or (edge.source, edge.target), known))


def span(things: Iterable[str], known: Days) -> tuple[str, str]:
    """The first and the last day of some things together; an empty text where it is not known."""
    found = [known[thing] for thing in things if thing in known]
    return min((since for since, _ in found if since), default=""), max((until for _, until in found), default="")


def dated(since: str, until: str) -> dict[str, str]:
    """A first and a last day as attributes, as far as they are known."""
    return {name: day for name, day in (("since", since), ("until", until)) if day}


def sources_of(edge: Edge) -> list[str]:
    return sorted({passage.source for passage in edge.passages})


def to_networkx(store: ox.Store, network: Network, lang: str = "en", *, curies: bool = False) -> "nx.MultiDiGraph[str]":
    """The network for networkx: nodes with `label` and `kind`, edges keyed by predicate.

    Edges have `asserted`, `inferred`, `sources`, `titles`, `issued`, `since` and `until`, as far as they are known.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    written = compact if curies else str
    for node in network.nodes:
        graph.add_node(written(node.iri), label=printable(node.label(lang)), kind=written(node.kind))
    for edge, attributes in zip(network.edges, _attributes(store, network, lang, curies=curies), strict=True):
        graph.add_edge(written(edge.source), written(edge.target), key=written(edge.predicate), **attributes)
    return graph


def _attributes(store: ox.Store, network: Network, lang: str, *, curies: bool) -> Iterator[dict[str, str | bool]]:
    known = told(store, (source for edge in network.edges for source in sources_of(edge)), lang)
    lasted = days(store, {thing for edge in network.edges for thing in (*edge.tenures, edge.source, edge.target)})
    for edge in network.edges:
        standing = {"asserted": edge.asserted, "inferred": edge.rule is not None}
        yield {**standing, **known.attributes(sources_of(edge), curies=curies), **lasting(edge, lasted)}
