"""The version of kgraph, of its builds and of its releases."""

__version__ = "0.1.0"
