"""The graph as others take it: files in standard formats, and what they say of themselves."""

from kgraph.publish.annotated import annotated, plain
from kgraph.publish.serialize import (
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
