"""The published graph: files in standard formats, with their catalogues and citations."""

from kgraph.publish.formats.annotated import annotated, plain
from kgraph.publish.formats.serialize import context, default_graph, export, json_ld, n_triples, trig, turtle

__all__ = ["annotated", "context", "default_graph", "export", "json_ld", "n_triples", "plain", "trig", "turtle"]
