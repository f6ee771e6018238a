"""Options that several commands share, and the graph they name."""

from collections.abc import Callable
from functools import partial
from inspect import cleandoc
from pathlib import Path
from textwrap import dedent, indent
from typing import Any, cast

import click
import pyoxigraph as ox

from kgraph.base import paths
from kgraph.rdf import sparql

SAID_IN = "kgraph.lang"
"""Where a command keeps for the one who words its errors in which language it was asked to speak."""


def _remembered(context: click.Context, _: click.Parameter, lang: str) -> str:
    context.meta[SAID_IN] = lang
    return lang


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
    type=click.Path(path_type=Path),
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
OUTPUT = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to a file, whole or not at all, instead of stdout."
)
DATA = click.option(
    "--data", type=click.Path(path_type=Path), help="A data folder (sources/, places.ttl) instead of the bundled one."
)
ONTOLOGY = click.option(
    "--ontology", type=click.Path(path_type=Path), help="An ontology folder instead of the bundled one."
)
TIMEOUT = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=86_400),
    default=60.0,
    show_default=True,
    help="Seconds until the query is stopped.",
)
PARAMETER = click.option(
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=TERM",
    help='Bind a variable: id:mcps, <iri>, 2018, text, or "text"@pl with its quotes.',
)
TABLE_FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["table", *sparql.TABLES, "ndjson", "md"]),
    help="By default what the ending of the file says; else a table on a screen, csv in a pipe.",
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["table", *sparql.TABLES, "ndjson", "md", *sparql.GRAPHS]),
    help="By default what the ending of the file says; else a table on a screen, csv in a pipe, ttl for triples.",
)
AS_TREE = click.option(
    "--format",
    "form",
    type=click.Choice(["tree", "json"]),
    default="tree",
    show_default=True,
    help="json: for programs; docs/commands.md tells what it holds.",
)


def example(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put examples under a command's help, kept as written."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        lines = indent(dedent(text).strip(), "  ")
        function.__doc__ = f"{cleandoc(function.__doc__ or '')}\n\n\b\nExamples:\n{lines}"
        return function

    return add


def open_graph(folder: Path | None, as_of: str | None = None, endpoint: str | None = None) -> ox.Store:
    """The graph at an endpoint, in a folder or a file, or the bundled one; with what is known of a day."""
    from kgraph.build import pipeline
    from kgraph.graph import states

    if endpoint is not None:
        return _remote(endpoint, folder, as_of)
    graph = _local(folder) if folder else pipeline.graph(paths.folders())
    return states.as_of(graph, states.day(as_of)) if as_of is not None else graph


def _local(place: Path) -> ox.Store:
    """The built graph in a folder, or whatever else Python can open."""
    if is_build(place):
        from kgraph.rdf.store import open_built

        return open_built(place)
    from kgraph.api import functions  # takes a while to import

    return functions.open(place).store


def is_build(place: Path) -> bool:
    """Whether a folder is one of “kgraph build”, or is not there, so that one may have to be put back."""
    from kgraph.rdf.store import STORE

    is_file = ox.RdfFormat.from_extension(place.suffix.removeprefix(".")) is not None
    return (place / STORE).is_dir() or not (place.exists() or is_file)


def _remote(url: str, folder: Path | None, as_of: str | None) -> ox.Store:
    """An endpoint, which has those verbs of a store that a command needs for reading."""
    from kgraph.rdf.endpoint import Endpoint

    chosen = click.get_current_context().get_parameter_source("folder")
    if as_of is not None or (folder and chosen is not click.core.ParameterSource.ENVIRONMENT):
        raise click.UsageError("--endpoint goes with neither --graph nor --as-of")
    return cast("ox.Store", Endpoint(url))


def resolve(store: ox.Store, folder: Path | None, name: str, lang: str = "en") -> ox.NamedNode:
    """The thing that somebody means by a name; a language to list in what else may be meant."""
    from kgraph.graph import labels
    from kgraph.graph.search import open_index

    return labels.resolve(store, partial(open_index, store, folder), name, lang)
