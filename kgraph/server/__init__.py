"""The graph on the web: the explorer, its data, SPARQL, and a page for each thing."""

from kgraph.server.app import Served, create_app

__all__ = ["Served", "create_app"]
