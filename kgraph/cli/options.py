"""Options that several commands share, and the graph they name."""

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import click

from kgraph.rdf import sparql

if TYPE_CHECKING:
    from kgraph.api.opening import Graph

SAID_IN = "kgraph.lang"
"""The key in the meta of a context for the language of its error messages."""


def _remembered(context: click.Context, _: click.Parameter, lang: str) -> str:
    context.meta[SAID_IN] = lang
    return lang


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

PATH = click.Path(path_type=Path)


def choice(name: str, *values: str, help: str) -> Decorator:  # noqa: A002 -- click's own name
    """An option with a few values, the first of which is the default; `--format` is passed as `form`."""
    names = (name, "form") if name == "--format" else (name,)
    return click.option(*names, type=click.Choice(values), default=values[0], show_default=True, help=help)


def seconds(default: float, help: str) -> Decorator:  # noqa: A002 -- click's own name
    """The option --timeout, at most a day."""
    allowed = click.FloatRange(min=0, min_open=True, max=86_400)
    return click.option("--timeout", type=allowed, default=default, show_default=True, help=help)


LANG = click.option(
    "--lang",
    type=click.Choice(["pl", "en"]),
    default="en",
    show_default=True,
    callback=_remembered,
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
    """Several options as one decorator, in the order of the help."""
    return lambda command: reduce(lambda done, option: option(done), reversed(several), command)


class Where(TypedDict, total=False):
    """The values of --graph, --endpoint and --as-of."""

    folder: Path | None
    endpoint: str | None
    as_of: str | None


def opened(folder: Path | None, as_of: str | None = None, endpoint: str | None = None) -> "Graph":
    """The graph at an endpoint, in a folder or a file, or the bundled one; with what is known of a day."""
    from kgraph.api import opening  # takes a while to import

    if endpoint is None:
        return opening.open(*([folder] if folder else []), as_of=as_of)
    chosen = click.get_current_context().get_parameter_source("folder")
    if as_of is not None or (folder and chosen is not click.core.ParameterSource.ENVIRONMENT):
        raise click.UsageError("--endpoint goes with neither --graph nor --as-of")
    return opening.open(endpoint)
