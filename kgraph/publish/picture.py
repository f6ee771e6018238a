"""The picture: a network as one HTML file, made with pyvis, that opens offline."""

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.palette import Mark, palette, properties
from kgraph.base.text import letters
from kgraph.base.vocab import short, term
from kgraph.base.words import LANGUAGES, Text, sections, text
from kgraph.errors import BadQuery
from kgraph.graph.entity import as_json
from kgraph.graph.network.layout import lines, positions
from kgraph.graph.network.networks import Edge, Network, Node
from kgraph.graph.statements.facts import Passage

if TYPE_CHECKING:
    import jinja2


def kinds(curies: str) -> frozenset[str]:
    return frozenset(term(curie).value for curie in curies.split())


STRUCTURAL = kinds("org:Membership org:Post org:Role skos:Concept")
"""Kinds that connect other things, hidden in the first view."""

PARTIES = kinds(
    "se:Agreement se:Cluster se:SocialEconomyEntity se:SupportInstitution "
    "cv:PublicOrganisation org:Organization foaf:Group"
)
"""Kinds of the two-mode network of agreements and parties."""

READABLE = 60
"""The most things whose labels fit on a screen."""

SHAPES = {"circle": "dot", "wedge": "triangleDown"}
"""The names of shapes in vis-network, where they differ from the palette."""

LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"}
"""Characters that end a line in Python only, as JavaScript escapes, because notebooks store a page by such lines."""


def page(store: ox.Store, network: Network, lang: str = "pl") -> str:
    """The network as HTML without requests to any host, opened in `lang` (pl or en)."""
    from pyvis.network import Network as Drawing  # pulls IPython: slow

    if lang not in LANGUAGES:
        raise BadQuery(f"no page in {lang!r}; choose one of {', '.join(LANGUAGES)}")
    drawing = Drawing(directed=True, cdn_resources="in_line")
    drawing.toggle_physics(False)
    drawing.path = "picture.html"
    drawing.templateEnv = _environment(Path(drawing.template_dir))
    drawing.templateEnv.globals.update(_given(lang), names=_called(store, network))
    first = first_view(network)
    places = positions(network, first)
    for node in network.nodes:
        drawing.add_node(node.iri, **_node(node, *places[node.iri]), hidden=node.iri not in first)
    for edge in network.edges:
        drawing.add_edge(edge.source, edge.target, **_edge(edge))
    return str(drawing.generate_html()).translate(LINE_ENDS)


def _environment(pyvis: Path) -> "jinja2.Environment":
    """Our templates, and those of pyvis for the vis-network that it bundles."""
    import jinja2

    folders = [paths.packaged("publish/templates"), pyvis]
    return jinja2.Environment(loader=jinja2.FileSystemLoader(folders), autoescape=True)


def _given(lang: str) -> dict[str, object]:
    """The values of the template that do not depend on the network."""
    return {
        "lang": lang,
        "words": {one: _words(one) for one in LANGUAGES},
        "letters": letters(),
        "marks": {short(kind): _mark(mark) for kind, mark in palette()["kinds"].items()}
        | {"rdfs:Resource": _mark(palette()["other"])},
        "order": [*map(short, palette()["kinds"]), "rdfs:Resource"],
        "light": properties("light"),
        "dark": properties("dark"),
    }


def _words(lang: str) -> dict[str, Text]:
    """The texts of the page; lines are called as in the explorer."""
    keys = {"stated": "explorer.manners.stated", "inferred": "common.marks.inferred", "said": "common.unasserted"}
    lines = {manner: text(lang, key) for manner, key in keys.items()}
    return {**sections(lang, "common", "cards", "picture"), **lines}


def _mark(mark: Mark) -> tuple[str, str]:
    """The hue of a mark, and its shape by vis-network's name."""
    return mark["hue"], SHAPES.get(mark["shape"], mark["shape"])


def _node(node: Node, x: int, y: int) -> dict[str, object]:
    labels = {lang: node.label(lang) for lang in LANGUAGES}
    drawn = {lang: "\n".join(lines(label)) for lang, label in labels.items()}
    return {"group": short(node.kind), "names": labels, "drawn": drawn, "x": x, "y": y}


def _edge(edge: Edge) -> dict[str, object]:
    return {
        "id": f"{edge.source} {edge.predicate} {edge.target}",
        "predicate": short(edge.predicate),
        "manner": "stated" if edge.asserted else "inferred" if edge.rule else "said",
        "places": [_passage(passage) for passage in edge.passages],
        "rule": edge.rule,
    }


def _passage(passage: Passage) -> dict[str, object]:
    return {
        "source": short(passage.source),
        "status": short(passage.status),
        "start": passage.start,
        "end": passage.end,
        "words": passage.words,
        "row": passage.row,
        "copy_of": short(passage.copy_of) if passage.copy_of else None,
    }


def _called(store: ox.Store, network: Network) -> as_json.Json:
    """By CURIE and language, the names of the kinds, relations, sources and statuses in this network."""
    used = {node.kind for node in network.nodes} | {edge.predicate for edge in network.edges}
    for passage in (passage for edge in network.edges for passage in edge.passages):
        used |= {passage.source, passage.status, passage.copy_of or passage.source}
    called = as_json.labels(store, map(ox.NamedNode, used))
    return {short(iri): called.get(iri, {}) for iri in sorted(used)}


def first_view(network: Network) -> set[str]:
    """The things shown at first: non-structural ones if their labels fit, else agreements and parties.

    All things where that would show no fact.
    """
    shown = {node.iri for node in network.nodes if node.kind not in STRUCTURAL}
    if len(shown) > READABLE:
        shown = {node.iri for node in network.nodes if node.kind in PARTIES}
    if any(edge.source in shown and edge.target in shown for edge in network.edges):
        return shown
    return {node.iri for node in network.nodes}
