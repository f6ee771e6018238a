"""The network of things for tools that draw and measure networks: GraphML."""

import io
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.base.vocab import compact
from kgraph.graph import networks

if TYPE_CHECKING:
    import networkx as nx

UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets)."""


def graphml(store: ox.Store) -> bytes:
    """Things with their names and class, and the facts between them with their sources.

    A fact that is neither asserted nor inferred is what a source says as an opinion or a plan.
    """
    import networkx as nx

    found = networks.whole(store)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in found.nodes:
        names = {f"label_{lang}": printable(node.label(lang)) for lang in ("pl", "en")}
        graph.add_node(node.iri, **names, kind=compact(node.kind))
    for edge in found.edges:
        said_by = " ".join(sorted({at.source for at in edge.passages}))
        predicate = compact(edge.predicate)
        graph.add_edge(edge.source, edge.target, key=predicate, sources=said_by, **_standing(edge))
    return as_graphml(graph)


def as_graphml(graph: "nx.Graph[str]") -> bytes:
    """A graph of networkx as GraphML, its attributes with their types."""
    import networkx as nx

    written = io.BytesIO()
    nx.write_graphml_xml(graph, written, prettyprint=True)
    return written.getvalue()


def _standing(edge: networks.Edge) -> dict[str, bool]:
    return {"asserted": edge.asserted, "inferred": edge.rule is not None}


def printable(text: str) -> str:
    """A text without the characters that XML cannot hold, each replaced by U+FFFD."""
    return UNPRINTABLE.sub("\ufffd", text)
