"""The command that serves programs which call tools, over the Model Context Protocol."""

import sys
from pathlib import Path

import click

from kgraph.base import paths
from kgraph.base.problems import fault
from kgraph.base.words import text
from kgraph.cli.options import GRAPH, LANG, main, opened, options, seconds
from kgraph.cli.output import say
from kgraph.cli.serve import handle_signals
from kgraph.errors import NotFound
from kgraph.rdf.store import is_build


@main.command("mcp", cls=click.Command)
@click.option(
    "--http",
    "port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Listen on a port of this machine instead of stdin; 0 takes a free one.",
)
@seconds(30.0, "Seconds a query may take.")
@options(GRAPH, LANG)
def mcp_(port: int | None, timeout: float, folder: Path | None, lang: str) -> None:
    """Serve tools to programs that speak the Model Context Protocol: search, card, why, questions, ask, sparql.

    Each answer is JSON and text, with the sources, their words and the status of each claim. A client starts the
    command itself and speaks over stdin and stdout. Needs pip install 'kgraph-social-economy[mcp]'.

    \b
    Examples:
      kgraph mcp
      kgraph mcp --graph my-graph --lang pl
      kgraph mcp --http 8001
    """
    try:
        from kgraph.server.mcp import serving
    except ModuleNotFoundError as error:
        raise NotFound(fault("mcp-missing")) from error
    from kgraph.server import run
    from kgraph.server.pool.limits import Limits

    handle_signals()
    listener = None if port is None else run.listening("127.0.0.1", port, "--http")
    limits = Limits(seconds=timeout, answer=serving.ANSWER)
    built = folder if folder and is_build(folder) else None
    served = run.Setup(paths.folders(), limits, built, lambda: opened(folder).store, tools=True).start()
    try:
        if listener:
            serving.over_http(served.evaluator, lang, listener)
        else:
            if sys.stdin.isatty():
                say(text(lang, "mcp.waits"))
            serving.over_stdio(served.evaluator, lang)
    finally:
        run.close(served)
