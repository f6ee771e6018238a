"""Networks for tools that draw and measure them: GraphML and GEXF; equal networks give equal bytes."""

import io
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph._version import __version__
from kgraph.base.text import printable
from kgraph.base.words import LANGUAGES
from kgraph.graph.network import edges, networks
from kgraph.graph.network.analysis import NOTHING, Analysis, to_networkx
from kgraph.graph.network.edges import Told

if TYPE_CHECKING:
    import networkx as nx

XSI = "http://www.w3.org/2001/XMLSchema-instance"
TIMED = "1.3"
"""The version of GEXF for networks with times."""


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
    return _graphml(to_networkx(found, lang, told))


def measured_gexf(found: Analysis, lang: str = "en", told: Told = NOTHING) -> bytes:
    """The measured network as GEXF 1.2 for Gephi; its head names the projection, its day and seed, not today."""
    graph, basis = to_networkx(found, lang, told), found.basis
    graph.graph.clear()
    return gexf(graph, basis.day, f"{basis.projection}, {basis.day}, seed {basis.seed}")


def gexf(graph: "nx.Graph[str]", day: str, description: str, version: str = "1.2draft") -> bytes:
    """A network as GEXF (https://gexf.net), with a head that does not name today; versions are those of networkx."""
    from networkx.readwrite.gexf import GEXFWriter

    writer = GEXFWriter(graph, version=version)
    writer.xml.set("xmlns:xsi", XSI)  # networkx writes another namespace in 1.3
    if version == TIMED:
        del writer.graph_element.attrib["name"]  # which GEXF 1.3 does not have
    head = writer.xml.find("meta")
    head.set("lastmodifieddate", day)
    head.find("creator").text = f"kgraph {__version__}"
    about = head.makeelement("description", {})
    about.text = description
    head.append(about)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue() + b"\n"
