"""The Jupyter magics `%%sparql` and `%sparql`: a query whose answer is shown as a table, a network or a map."""

import argparse
import io
import keyword
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import islice
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
    told = "The answer to the SPARQL in the cell, or after the options in a line that begins with %sparql."
    options = _Options(prog="%%sparql", add_help=False, description=told)
    add = options.add_argument
    add("-o", dest="name", metavar="NAME", help="keep it as a pandas data frame of that name, and show nothing")
    add("--graph", metavar="NAME", help="ask the graph in this variable; by default `graph`, else the bundled one")
    add("--endpoint", metavar="URL", help="ask this SPARQL endpoint")
    add("--as", dest="form", choices=FORMS, help="show a table (the default), a network or a map")
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
    >>> len(shell.run_line_magic("sparql", "--limit 2 SELECT ?c { ?c a se:Cluster }"))
    2
    """
    from IPython.core.error import UsageError
    from IPython.core.magic import no_var_expand

    bundled = cache(open)

    @no_var_expand
    def sparql(line: str, cell: str | None = None) -> Shown | None:
        try:
            given, rest = _divided(line)
            if cell is not None and rest:
                raise BadQuery(f"{rest!r} stands before the query; “%%sparql?” tells which options there are")
            return run(shell.user_ns, bundled, given, rest if cell is None else cell)
        except KgraphError as error:
            raise UsageError(str(error)) from error

    sparql.__doc__ = _options().format_help()
    shell.register_magic_function(sparql, "line_cell", "sparql")  # type: ignore[arg-type]


def run(names: dict[str, object], bundled: Callable[[], Graph], options: Sequence[str], text: str) -> Shown | None:
    """The answer to a query, None with `-o` alone, which puts its data frame among the variables of the notebook."""
    given = _options().parse_args(options)
    if given.name and (not given.name.isidentifier() or keyword.iskeyword(given.name)):
        raise BadQuery(f"-o {given.name}: a variable cannot have this name; give one such as answer")
    graph = _graph(names, bundled, given)
    terms = dict(map(parameter, given.parameters))
    result = answered(graph, text, terms, given.limit, given.seconds)
    if given.name:
        names[given.name] = result.to_pandas()
    if given.name and not given.form:
        return None
    if given.form not in (None, "table"):
        for doubt in result.doubts:
            print(f"note: {doubt}", file=sys.stderr)
    return FORMS[given.form or "table"](graph, result, given.lang)


def _divided(line: str) -> tuple[list[str], str]:
    """The options at the beginning of a line, each with its value, and the query after them as it is written.

    >>> _divided('--param who="a b" -o x SELECT ?a { ?a ?b "c" }')
    (['--param', 'who=a b', '-o', 'x'], 'SELECT ?a { ?a ?b "c" }')
    """
    options: list[str] = []
    rest = line.strip()
    while rest.startswith("-"):
        read = io.StringIO(rest)
        words = shlex.shlex(read, posix=True)
        words.whitespace_split, words.commenters = True, ""
        try:
            option = next(words)
            options += [option] if "=" in option else [option, *islice(words, 1)]
        except ValueError as error:
            raise BadQuery(f"the line of %%sparql cannot be read: {error}") from error
        rest = read.read().strip()
    return options, rest


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
