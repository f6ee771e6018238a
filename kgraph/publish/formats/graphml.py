"""Networks for tools that draw and measure them: GraphML and GEXF; equal networks give equal bytes."""

import io
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.base.vocab import compact
from kgraph.graph import networks
from kgraph.graph.analysis import Analysis, to_networkx

if TYPE_CHECKING:
    import networkx as nx

UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets)."""


def graphml(store: ox.Store) -> bytes:
    """The graph as GraphML: things with names and class, facts with sources and whether asserted or inferred."""
    import networkx as nx

    found = networks.whole(store)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in found.nodes:
        names = {f"label_{lang}": printable(node.label(lang)) for lang in ("pl", "en")}
        graph.add_node(node.iri, **names, kind=compact(node.kind))
    for edge in found.edges:
        said_by = " ".join(sorted({at.source for at in edge.passages}))
        standing = {"asserted": edge.asserted, "inferred": edge.rule is not None}
        graph.add_edge(edge.source, edge.target, key=compact(edge.predicate), sources=said_by, **standing)
    return _graphml(graph)


def _graphml(graph: "nx.Graph[str]") -> bytes:
    import networkx as nx

    written = io.BytesIO()
    nx.write_graphml_xml(graph, written, prettyprint=True)
    return written.getvalue()


def measured_graphml(found: Analysis, lang: str = "en") -> bytes:
    """The measured network as GraphML; its projection, day and seed are attributes of the graph."""
    return _graphml(_printable(found, lang))


def measured_gexf(found: Analysis, lang: str = "en") -> bytes:
    """The measured network as GEXF 1.2 for Gephi; its head names the projection, its day and seed, not today."""
    from networkx.readwrite.gexf import GEXFWriter

    graph, basis = _printable(found, lang), found.basis
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


def _printable(found: Analysis, lang: str) -> "nx.Graph[str]":
    graph = to_networkx(found, lang)
    for attributes in graph.nodes.values():
        attributes.update({name: printable(text) for name, text in attributes.items() if isinstance(text, str)})
    return graph


def printable(text: str) -> str:
    """A text without the characters that XML cannot hold, each replaced by U+FFFD."""
    return UNPRINTABLE.sub("\ufffd", text)
