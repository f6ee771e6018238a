"""The command line: parse, call, print. Data goes to stdout, everything else to stderr."""

from kgraph.cli import analyse, ask, curate, publish, serve, sheet  # noqa: F401 -- each adds its commands to `main`
from kgraph.cli.options import main as main
