"""The command line: parse, call, print. Data goes to stdout, everything else to stderr."""

from kgraph.cli import ask, export, make, publish, serve
from kgraph.cli.group import main

__all__ = ["ask", "export", "main", "make", "publish", "serve"]
