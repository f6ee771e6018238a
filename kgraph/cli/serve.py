"""The command that serves."""

from pathlib import Path

import click

from kgraph import resources
from kgraph.cli.group import main
from kgraph.cli.options import GRAPH, example, open_graph
from kgraph.cli.output import put
from kgraph.errors import NotFound


@main.command()
@example(
    """
    kgraph serve --open
    kgraph serve --port 8080 --graph my-graph
    kgraph serve --get /things/id/mcps
    """
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0 takes a free one."
)
@click.option("--open", "browser", is_flag=True, help="Open the explorer in a browser.")
@click.option("--get", "path", metavar="PATH", help="Answer one address on stdout instead of listening.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=86_400),
    default=30.0,
    show_default=True,
    help="Seconds a query may take.",
)
@GRAPH
def serve(host: str, port: int, browser: bool, path: str | None, timeout: float, folder: Path | None) -> None:
    """Serve the explorer, its data, SPARQL at /sparql, and a page for each thing."""
    from kgraph.server import run
    from kgraph.server.evaluator import Limits

    served = run.prepare(open_graph(folder), resources.folders(), folder, Limits(seconds=timeout))
    try:
        if path is None:
            run.serve(served, host, port, browser=browser)
            return
        status, content = run.get(served, path)
    finally:
        served.evaluator.close()
    put(content, None)
    if status >= 400:
        raise NotFound(f"{path} answered {status}")
