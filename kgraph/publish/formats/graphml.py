"""Networks for tools that draw and measure them: GraphML and GEXF; equal networks give equal bytes."""

import io
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.base.text import printable
from kgraph.base.words import LANGUAGES
from kgraph.graph import edges, networks
from kgraph.graph.analysis import NOTHING, Analysis, to_networkx
from kgraph.graph.edges import Told

if TYPE_CHECKING:
    import networkx as nx


def graphml(store: ox.Store) -> bytes:
    """The graph as GraphML: things with names and class, facts with sources and days; all things are IRIs."""
    found = networks.whole(store)
    graph = edges.to_networkx(store, found)
    for node in found.nodes:
        graph.nodes[node.iri].update({f"label_{lang}": printable(node.label(lang)) for lang in LANGUAGES})
    return _graphml(graph)


def _graphml(graph: "nx.Graph[str]") -> bytes:
    import networkx as nx

    written = io.BytesIO()
    nx.write_graphml_xml(graph, written, prettyprint=True)
    return written.getvalue()


def measured_graphml(found: Analysis, lang: str = "en", told: Told = NOTHING) -> bytes:
    """The measured network as GraphML; its projection, day and seed are attributes of the graph."""
    return _graphml(_printable(found, lang, told))


def measured_gexf(found: Analysis, lang: str = "en", told: Told = NOTHING) -> bytes:
    """The measured network as GEXF 1.2 for Gephi; its head names the projection, its day and seed, not today."""
    from networkx.readwrite.gexf import GEXFWriter

    graph, basis = _printable(found, lang, told), found.basis
    graph.graph.clear()
    writer = GEXFWriter(graph)
    head = writer.xml.find("meta")
    head.set("lastmodifieddate", basis.day)
    head.find("creator").text = f"kgraph {basis.version}"
    description = head.makeelement("description", {})
    description.text = f"{basis.projection}, {basis.day}, seed {basis.seed}"
    head.append(description)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue() + b"\n"


def _printable(found: Analysis, lang: str, told: Told) -> "nx.Graph[str]":
    graph = to_networkx(found, lang, told)
    for attributes in graph.nodes.values():
        attributes.update({name: printable(text) for name, text in attributes.items() if isinstance(text, str)})
    return graph
