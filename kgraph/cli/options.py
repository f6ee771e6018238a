"""The command `kgraph`: how its commands begin and end, the options they share, and the graph they name."""

import atexit
import gc
from collections.abc import Callable
from functools import reduce
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import click

from kgraph._version import __version__
from kgraph.base import paths
from kgraph.base.problems import worded
from kgraph.base.text import seen
from kgraph.base.words import text
from kgraph.cli.isolation import isolate
from kgraph.errors import CannotWrite, KgraphError, LimitExceeded
from kgraph.rdf import sparql

if TYPE_CHECKING:
    from kgraph.api.opening import Graph

SAID_IN = "kgraph.lang"
"""The key of `Context.meta` for the language of error messages."""


IS_PROCESS = "process"
"""The object of a context when the command runs as a process of its own."""


class Isolated(click.Command):
    """A command that runs in a child process, if it runs as a process at all."""

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.find_root().obj == IS_PROCESS:
            isolate(ctx.meta.get(SAID_IN, "en"), quiet=not ctx.find_root().params.get("debug"))
        return super().invoke(ctx)


class Commands(click.Group):
    """A group of commands that prints an expected error as one sentence and exits with its code."""

    command_class = Isolated

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Run as a process, which at its end does not search the remaining objects for cycles."""
        atexit.register(gc.freeze)
        return super().__call__(*given, obj=IS_PROCESS, **named)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgraphError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(f"kgraph: {seen(worded(error, ctx.meta.get(SAID_IN, 'en')))}", err=True)
            ctx.exit(error.exit_code)
        except MemoryError:
            click.echo(f"kgraph: {text(ctx.meta.get(SAID_IN, 'en'), 'faults.out-of-memory')}", err=True)
            ctx.exit(LimitExceeded.exit_code)
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


def _remembered(context: click.Context, _: click.Parameter, lang: str) -> str:
    context.meta[SAID_IN] = lang
    return lang


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

PATH = click.Path(path_type=Path)


def choice(name: str, *values: str, help: str) -> Decorator:  # noqa: A002 -- click's own name
    """An option with a few values, the first of which is the default; `--format` is passed as `form`."""
    names = (name, "form") if name == "--format" else (name,)
    return click.option(*names, type=click.Choice(values), default=values[0], show_default=True, help=help)


class Seconds(click.FloatRange):
    """A number of seconds, at most a day; `nan` is none, though it is in no order with the ends of the range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found = float(super().convert(value, param, ctx))
        return self.fail(f"{value} is not a number of seconds.", param, ctx) if isnan(found) else found


def seconds(default: float, help: str) -> Decorator:  # noqa: A002 -- click's own name
    """The option --timeout, at most a day."""
    allowed = Seconds(min=0, min_open=True, max=86_400)
    return click.option("--timeout", type=allowed, default=default, show_default=True, help=help)


LANG = click.option(
    "--lang",
    type=click.Choice(["pl", "en"]),
    default="en",
    show_default=True,
    callback=_remembered,
    is_eager=True,  # the errors of the other options are told in it
    help="Language of names, notes and faults.",
)
GRAPH = click.option(
    "--graph",
    "folder",
    type=PATH,
    envvar="KGRAPH_GRAPH",
    help="A folder that “kgraph build” or “kgraph release” wrote, or one of sources, or an RDF file; "
    "by default the graph that comes with kgraph.",
)
ENDPOINT = click.option(
    "--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of a graph on this machine."
)
AS_OF = click.option(
    "--as-of",
    metavar="DATE",
    help="Say what is known of a day: ?tenure se:state state:certainly, state:not-known-to-have-ended, state:ended …",
)
OUTPUT = click.option("-o", "--output", type=PATH, help="Write to a file, whole or not at all, instead of stdout.")
DATA = click.option("--data", type=PATH, help="A data folder (sources/, places.ttl) instead of the bundled one.")
ONTOLOGY = click.option("--ontology", type=PATH, help="An ontology folder instead of the bundled one.")
CURATOR = "KGRAPH_CURATOR"
"""The environment variable with who decides."""
QUIET = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
TIMEOUT = seconds(60.0, "Seconds until the query is stopped.")
PARAMETER = click.option(
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=TERM",
    help='Bind a variable: id:mcps, <iri>, 2018, text, or "text"@pl with its quotes.',
)
BY_ENDING = "By default what the ending of the file says; else a table on a screen, csv in a pipe"
TABLES = ["table", *sparql.TABLES, "ndjson", "md"]
TABLE_FORMAT = click.option("--format", "form", type=click.Choice(TABLES), help=f"{BY_ENDING}.")
FORMAT = click.option(
    "--format", "form", type=click.Choice([*TABLES, *sparql.GRAPHS]), help=f"{BY_ENDING}, ttl for triples."
)
AS_TREE = choice("--format", "tree", "json", help="json: for programs; docs/commands.md tells what it holds.")


def options(*several: Decorator) -> Decorator:
    """One decorator for several options, in the order of the help."""
    return lambda command: reduce(lambda done, option: option(done), reversed(several), command)


def refuse_installed(data: Path | None, message: str) -> None:
    """Raise UsageError when the data folder to write, by default the bundled one, is that of an installed wheel."""
    if data in (None, paths.bundled().data) and not paths.is_checkout():
        raise click.UsageError(message)


class Where(TypedDict, total=False):
    """The values of --graph, --endpoint and --as-of."""

    folder: Path | None
    endpoint: str | None
    as_of: str | None


def opened(folder: Path | None, as_of: str | None = None, endpoint: str | None = None) -> "Graph":
    """The graph of an endpoint, a folder or a file, or the bundled one; with the states of a day."""
    from kgraph.api import opening  # takes a while to import

    if endpoint is None:
        return opening.open(*([folder] if folder else []), as_of=as_of)
    chosen = click.get_current_context().get_parameter_source("folder")
    if as_of is not None or (folder and chosen is not click.core.ParameterSource.ENVIRONMENT):
        raise click.UsageError("--endpoint goes with neither --graph nor --as-of")
    return opening.open(endpoint)
