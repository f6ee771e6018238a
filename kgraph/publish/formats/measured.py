"""What was measured of a network, for tools that draw networks: GraphML and GEXF; equal measures give equal bytes."""

import io
from typing import TYPE_CHECKING

from kgraph.graph.analysis import Analysis, to_networkx
from kgraph.publish.formats.graphml import as_graphml, printable

if TYPE_CHECKING:
    import networkx as nx
    from networkx.readwrite.gexf import GEXFWriter


def graphml(found: Analysis, lang: str = "en") -> bytes:
    """The measured network as GraphML; what was measured, and on which day, is said of the graph."""
    return as_graphml(_printable(found, lang))


def gexf(found: Analysis, lang: str = "en") -> bytes:
    """The measured network as GEXF 1.2 for Gephi; what was measured, and on which day, is said in its head."""
    from networkx.readwrite.gexf import GEXFWriter

    graph = _printable(found, lang)
    graph.graph.clear()
    writer = GEXFWriter(graph)
    _describe(writer, found)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue() + b"\n"


def _describe(writer: "GEXFWriter", found: Analysis) -> None:
    """Name kgraph and the day of the data in the place of networkx and today, which would differ from run to run."""
    head = writer.xml.find("meta")
    basis = found.basis
    head.set("lastmodifieddate", basis.day)
    head.find("creator").text = f"kgraph {basis.version}"
    description = head.makeelement("description", {})
    description.text = f"{basis.projection}, {basis.day}, seed {basis.seed}"
    head.append(description)


def _printable(found: Analysis, lang: str) -> "nx.Graph[str]":
    graph = to_networkx(found, lang)
    for attributes in graph.nodes.values():
        attributes.update({name: printable(text) for name, text in attributes.items() if isinstance(text, str)})
    return graph
