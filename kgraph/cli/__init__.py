"""The command line: parse, call, print. Data goes to stdout, everything else to stderr."""

from kgraph.cli import (  # noqa: F401 -- each adds its commands to `main`
    analyse,
    ask,
    curate,
    identity,
    mcp,
    publish,
    reconcile,
    register,
    serve,
    sheet,
    vocabulary,
)
from kgraph.cli.options import main as main
