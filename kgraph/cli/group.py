"""The command `kgraph`: how every command begins and how its errors end."""

import atexit
import gc
from typing import Any

import click

from kgraph._version import __version__
from kgraph.base.problems import worded
from kgraph.base.text import seen
from kgraph.cli.options import SAID_IN
from kgraph.errors import CannotWrite, KgraphError


class Commands(click.Group):
    """Turns every expected error into one sentence and its exit code."""

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Run as a process; at its end Python need not search the objects that are left for cycles."""
        atexit.register(gc.freeze)
        return super().__call__(*given, **named)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgraphError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(f"kgraph: {seen(worded(error, ctx.meta.get(SAID_IN, 'en')))}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            raise
        except OSError as error:
            click.echo(f"kgraph: {error.strerror or error}; the answer is not complete", err=True)
            ctx.exit(CannotWrite.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kgraph")
@click.option("--debug", is_flag=True, help="Show the Python traceback of an error.")
def main(debug: bool) -> None:
    """A knowledge graph of the social economy: ask it, look at it, take it.

    \b
    kgraph search ziola                      find things by name, diacritics or not
    kgraph show "Zioła Siedleckie"           what is known of one, and on whose word
    kgraph questions founders                answer a prepared question
    kgraph query "SELECT ?o WHERE { ?o a se:Cluster }"
    kgraph picture -o picture.html           the network, for a browser

    Exit codes: 0 ok, 1 check failed, 2 usage or SPARQL syntax, 3 data, 4 timeout,
    5 network, 6 limit.
    """
