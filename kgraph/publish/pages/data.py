"""The data behind each page: the triples of a thing with those of its parts, in every form."""

from collections.abc import Iterator
from itertools import islice
from typing import IO

import pyoxigraph as ox

from kgraph.base.vocab import ONTOLOGY_GRAPH, PREFIXES, short
from kgraph.errors import BadData, NotFound
from kgraph.publish.formats import cube, serialize
from kgraph.publish.pages import addresses, numbers
from kgraph.publish.pages.book import Book
from kgraph.rdf import sparql
from kgraph.rdf.store import graph

WHOLE = "sekg"
"""The path of the whole graph among the data."""

LARGE = 500_000
"""The number of triples above which the whole graph is written as the store has it, neither sorted nor grouped."""


def content(book: Book, path: str, suffix: str) -> bytes:
    """The data at a path as ttl, jsonld, nt or rdf; NotFound when there is none."""
    return written(book, serialize.default_graph(book.store) if path == WHOLE else described(book, path), suffix)


def is_large(store: ox.Store) -> bool:
    """Whether the default graph has too many triples to be sorted on request."""
    every = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    return next(islice(every, LARGE, None), None) is not None


def write_large(store: ox.Store, suffix: str, out: IO[bytes]) -> None:
    """The default graph as ttl, jsonld, nt or rdf, in the order of the store, without holding it in memory."""
    found = sparql.run(store, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(found, ox.QueryTriples)
    found.serialize(out, sparql.GRAPHS[suffix])


def written(book: Book, triples: list[ox.Triple], suffix: str) -> bytes:
    """Triples as ttl, jsonld, nt or rdf; blank nodes, which updates may bring, have labels that are good once."""
    if suffix == "jsonld":
        return serialize.json_ld(triples, book.context)
    if suffix == "nt":
        return serialize.n_triples(triples)
    if suffix == "rdf":
        return serialize.rdf_xml(triples)
    try:
        return serialize.turtle(triples)
    except BadData:
        return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES)) or b""


def described(book: Book, path: str) -> list[ox.Triple]:
    """The triples of a thing, claims and evidence, a graph, the ontology or the indicators; NotFound without any."""
    store, node = book.store, addresses.node_at(path)
    if path == numbers.PATH:
        return cube.indicators(book.indicators)
    if path == "ns" or path.startswith("graph/"):
        triples = list(graph(store, ONTOLOGY_GRAPH if path == "ns" else node))
    elif path.startswith("ns/"):
        triples = list(_with_parts(store, node, ONTOLOGY_GRAPH))
    else:
        nodes = book.shards.records(path) or (node,)
        triples = [triple for one in nodes for triple in _with_parts(store, one, ox.DefaultGraph())]
    if not triples:
        raise NotFound(f"nothing is known of {short(node.value)}")
    return triples


def _with_parts(
    store: ox.Store, node: ox.NamedNode | ox.BlankNode, name: ox.NamedNode | ox.DefaultGraph
) -> Iterator[ox.Triple]:
    """The triples of a thing and those of its parts: the evidence of a claim, the lists of a term."""
    for quad in store.quads_for_pattern(node, None, None, name):
        yield quad.triple
        if _is_part(quad.object):
            yield from _with_parts(store, quad.object, name)  # type: ignore[arg-type]


def _is_part(end: object) -> bool:
    if isinstance(end, ox.NamedNode):
        return end.value.startswith(PREFIXES["claim"]) and "-" in end.value
    return isinstance(end, ox.BlankNode)
