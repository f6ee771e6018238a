"""The graph as others take it: files in standard formats, and what they say of themselves."""

from kgraph.publish.formats.annotated import annotated, plain
from kgraph.publish.formats.serialize import (
    asserted,
    context,
    context_document,
    default_graph,
    export,
    json_ld,
    n_triples,
    trig,
    turtle,
)

__all__ = [
    "annotated",
    "asserted",
    "context",
    "context_document",
    "default_graph",
    "export",
    "json_ld",
    "n_triples",
    "plain",
    "trig",
    "turtle",
]
