"""The Jupyter cell magic `%%sparql`: a query whose answer is shown as a table, a network or a map."""

import argparse
import keyword
import shlex
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from kgraph.api import as_map, as_network
from kgraph.api.display import ShownMap, ShownNetwork
from kgraph.api.functions import Lang, answered
from kgraph.api.opening import Graph, open  # noqa: A004
from kgraph.api.result import Result
from kgraph.errors import BadQuery, KgraphError, NotFound
from kgraph.rdf.sparql import parameter

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

Shown = Result | ShownNetwork | ShownMap


class _Options(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise BadQuery(f"{message}; “%%sparql?” tells how it is used")


def _options() -> argparse.ArgumentParser:
    options = _Options(prog="%%sparql", add_help=False, description="The answer to the SPARQL in the cell.")
    add = options.add_argument
    add("-o", dest="name", metavar="NAME", help="keep it as a pandas data frame of that name")
    add("--graph", metavar="NAME", help="ask the graph in this variable; by default `graph`, else the bundled one")
    add("--endpoint", metavar="URL", help="ask this SPARQL endpoint")
    add("--as", dest="form", choices=FORMS, default="table", help="show a table, a network or a map")
    term = 'bind a variable: id:mcps, <iri>, 2018, text, or "text"@pl'
    add("--param", dest="parameters", action="append", default=[], metavar="NAME=TERM", help=term)
    add("--lang", choices=("pl", "en"), default="en", help="language of the network")
    add("--limit", type=int, metavar="N", help="the most rows")
    add("--seconds", type=float, metavar="N", help="the longest time to wait")
    return options


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """What `%load_ext kgraph` calls.

    >>> from IPython.core.interactiveshell import InteractiveShell
    >>> shell = InteractiveShell()
    >>> shell.run_line_magic("load_ext", "kgraph")
    >>> bool(shell.run_cell_magic("sparql", "", "ASK { ?c a se:Cluster }"))
    True
    """
    from IPython.core.error import UsageError

    bundled = cache(open)

    def sparql(line: str, cell: str) -> Shown:
        try:
            return run_cell(shell.user_ns, bundled, line, cell)
        except KgraphError as error:
            raise UsageError(str(error)) from error

    sparql.__doc__ = _options().format_help()
    shell.register_magic_function(sparql, "cell", "sparql")  # type: ignore[arg-type]


def run_cell(names: dict[str, object], bundled: Callable[[], Graph], line: str, cell: str) -> Shown:
    """The answer to a cell; `-o` also puts its data frame among `names`, the variables of the notebook."""
    given = _options().parse_args(_words(line))
    if given.name and (not given.name.isidentifier() or keyword.iskeyword(given.name)):
        raise BadQuery(f"-o {given.name}: a variable cannot have this name; give one such as answer")
    graph = _graph(names, bundled, given)
    terms = dict(map(parameter, given.parameters))
    result = answered(graph, cell, terms, given.limit, given.seconds)
    if given.name:
        names[given.name] = result.to_pandas()
    if given.form != "table":
        for doubt in result.doubts:
            print(f"note: {doubt}", file=sys.stderr)
    return FORMS[given.form](graph, result, given.lang)


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        raise BadQuery(f"the line of %%sparql cannot be read: {error}") from error


def _graph(names: Mapping[str, object], bundled: Callable[[], Graph], given: argparse.Namespace) -> Graph:
    if given.endpoint:
        return open(given.endpoint)
    name = given.graph or "graph"
    if name not in names and not given.graph:
        return bundled()
    found = names.get(name)
    if isinstance(found, Graph):
        return found
    raise NotFound(f"{name} is not a graph of kgraph; write {name} = kgraph.open() first, or give another with --graph")


FORMS: Mapping[str, Callable[[Graph, Result, Lang], Shown]] = {
    "table": lambda _, result, __: result,
    "graph": lambda graph, result, lang: ShownNetwork(as_network.network(graph.store, result), graph.store, lang),
    "map": lambda _, result, __: ShownMap(as_map.svg(found := as_map.spots(result)), len(found)),
}
