"""The command line: parse, call, print. Data goes to stdout, everything else to stderr."""

from kgraph.cli import analyse, ask, curate, handoff, publish, serve
from kgraph.cli.group import main

__all__ = ["analyse", "ask", "curate", "handoff", "main", "publish", "serve"]
