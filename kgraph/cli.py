"""The command line: parse, call, print. Data goes to stdout, everything else to stderr."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from kgraph import __version__, query, resources
from kgraph.errors import KgraphError, NotFound, Problem, Timeout
from kgraph.query import Question, Value
from kgraph.resources import Folders

LANG = click.option(
    "--lang", type=click.Choice(["pl", "en"]), default="en", show_default=True, help="Language of names and notes."
)
GRAPH = click.option(
    "--graph",
    "folder",
    type=click.Path(path_type=Path),
    envvar="KGRAPH_GRAPH",
    help="A folder written by “kgraph build”; by default the graph that comes with kgraph.",
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
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds until the query is stopped.",
)
PARAMETER = click.option(
    "--param", "parameters", multiple=True, metavar="NAME=TERM", help="Bind a variable: id:mcps, <iri>, 2018, or text."
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["table", *query.TABLES, "ndjson", "md", *query.GRAPHS]),
    help="By default a table on a screen; in a pipe or file csv, or ttl for triples.",
)


class Commands(click.Group):
    """Turns every expected error into one sentence and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgraphError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(f"kgraph: {error}", err=True)
            ctx.exit(error.exit_code)


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

    Exit codes: 0 ok, 1 check failed, 2 usage or SPARQL syntax, 3 data, 4 timeout.
    """


def example(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put examples under a command's help, kept as written."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        lines = "\n".join(f"  {line}" for line in text.strip().splitlines())
        function.__doc__ = f"{function.__doc__}\n\n    \b\n    Examples:\n{lines}"
        return function

    return add


def open_graph(folder: Path | None) -> ox.Store:
    """The built graph in a folder or, without one, the bundled graph in memory."""
    from kgraph import build, store

    return store.open_built(folder) if folder else build.graph(resources.folders())


def say(message: str) -> None:
    click.echo(message, err=True)


@contextmanager
def steps(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show what is going on while somebody watches."""
    from kgraph import terminal

    console = terminal.console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    with console.status("") as status:
        yield lambda message: status.update(f"{message} …")


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """End the process when the time is over or on Ctrl-C: a running SPARQL query cannot be interrupted otherwise."""

    def end() -> None:
        say(f"kgraph: stopped after {seconds:g} s; ask for less, or for more time with --timeout")
        os._exit(Timeout.exit_code)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    previous = signal.signal(signal.SIGINT, signal.SIG_DFL)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, previous)


def put(content: bytes, output: Path | None) -> None:
    """Give bytes to a file or to stdout."""
    from kgraph.store import write_file

    if output:
        write_file(output, content)
        say(f"wrote {output}")
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()


def answer(result: query.Result, form: str | None, output: Path | None, title: str | None = None) -> None:
    """Print an answer in the format that was asked for, or the one that fits the place."""
    graph = isinstance(result, ox.QueryTriples)
    watched = sys.stdout.isatty() and not output
    chosen = form or ("ttl" if graph else "table" if watched or isinstance(result, ox.QueryBoolean) else "csv")
    if chosen != "table":
        put(query.serialize(result, chosen), output)
    elif isinstance(result, ox.QueryBoolean):
        put(b"true\n" if result else b"false\n", output)
    elif isinstance(result, ox.QuerySolutions):
        put_table(query.columns(result), list(query.rows(result)), output, title)
    else:
        put(query.serialize(result, chosen), output)


def put_table(
    columns: Sequence[str], rows: Sequence[Sequence[Value | None]], output: Path | None, title: str | None
) -> None:
    from kgraph import terminal

    console = terminal.console()
    with console.capture() as captured:
        console.print(terminal.table(columns, rows, title))
    put(captured.get().encode(), output)
    say(f"{len(rows)} {'row' if len(rows) == 1 else 'rows'}")


def report_problems(found: Sequence[Problem]) -> None:
    """Print faults to stdout, their number to stderr, and end with exit code 1 when there are any."""
    for problem in found:
        click.echo(str(problem))
    if found:
        say(f"{len(found)} {'problem' if len(found) == 1 else 'problems'} found")
        raise SystemExit(1)


@main.command()
@example(
    """
    kgraph build --out my-graph
    kgraph build --data my-data --out my-graph
    kgraph query --graph my-graph "SELECT (COUNT(*) AS ?n) WHERE { ?c a se:Claim }"
    """
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("kgraph-build"),
    show_default=True,
    help="The folder to write.",
)
@DATA
@ONTOLOGY
@click.option(
    "--reasoner",
    type=click.Choice(["kgraph", "owlrl"]),
    default="kgraph",
    show_default=True,
    help="owlrl is the reference: complete and slow.",
)
@LANG
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def build(out: Path, data: Path | None, ontology: Path | None, reasoner: str, lang: str, quiet: bool) -> None:
    """Read the sources, validate, infer, and write the graph to a folder."""
    from kgraph import build as pipeline

    with steps(quiet) as step:
        built = pipeline.build(out, resources.folders(ontology, data), reasoner=reasoner, lang=lang, step=step)
    report_problems(built.problems)
    if not quiet:
        say(f"{out}: {built.facts} stated facts, {built.claims} claims, {built.inferred} inferred facts, no problems")


@main.command("query")
@example(
    """
    kgraph query "SELECT ?name WHERE { ?c a se:Cluster ; skos:prefLabel ?name }"
    kgraph query -f question.rq --format csv -o answer.csv
    kgraph query --param who=id:mcps "SELECT ?who ?event WHERE { ?who se:representedAt ?event }"
    """
)
@click.argument("text", required=False)
@click.option("-f", "--file", type=click.Path(path_type=Path), help="Read the query from a file.")
@FORMAT
@PARAMETER
@GRAPH
@TIMEOUT
@OUTPUT
def query_(
    text: str | None,
    file: Path | None,
    form: str | None,
    parameters: Sequence[str],
    folder: Path | None,
    timeout: float,
    output: Path | None,
) -> None:
    """Answer a SPARQL query; known prefixes may be left out, “-” reads the query from stdin."""
    if (text is None) == (file is None):
        raise click.UsageError("give a query, or “-”, or a file with -f; “kgraph questions” lists prepared ones")
    sparql = resources.read_text(file) if file else sys.stdin.read() if text == "-" else text or ""
    with stopped_after(timeout):
        answer(query.run(open_graph(folder), sparql, **dict(map(query.parameter, parameters))), form, output)


@main.command()
@example(
    """
    kgraph questions
    kgraph questions founders --lang pl
    kgraph questions words-behind-edge --param object=id:zaz-siedlce
    """
)
@click.argument("name", required=False)
@click.option("--sparql", is_flag=True, help="Print the question's SPARQL instead of its answer.")
@FORMAT
@PARAMETER
@LANG
@GRAPH
@TIMEOUT
@OUTPUT
def questions(
    name: str | None,
    sparql: bool,
    form: str | None,
    parameters: Sequence[str],
    lang: str,
    folder: Path | None,
    timeout: float,
    output: Path | None,
) -> None:
    """List the prepared questions, or answer one."""
    known = prepared(resources.folders())
    if name is None:
        rows = [[ox.Literal(q.name), ox.Literal(q.title[lang])] for q in known.values()]
        put_table(("name", "question"), rows, output, None)
        return
    if name not in known:
        raise NotFound(f"no question {name!r}; there are {', '.join(known)}")
    asked = known[name]
    if sparql:
        put(asked.text.encode(), output)
        return
    say(f"{asked.title[lang]}\n{asked.meaning[lang]}")
    terms: dict[str, Value] = {"lang": ox.Literal(lang)} if "lang" in asked.parameters else {}
    with stopped_after(timeout):
        answer(
            query.run(open_graph(folder), asked.text, **terms | dict(map(query.parameter, parameters))), form, output
        )


def prepared(folders: Folders) -> dict[str, Question]:
    return {
        name: query.question(name, resources.read_text(path))
        for name, path in resources.questions(folders.ontology).items()
    }


@main.command()
@example(
    """
    kgraph search ziola
    kgraph search "osrodek wsparcia"
    """
)
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many things at most.")
@LANG
@GRAPH
def search(words: Sequence[str], limit: int, lang: str, folder: Path | None) -> None:
    """Find things by the beginnings of words in their names; diacritics may be left out."""
    from kgraph import card
    from kgraph import search as finding

    store = open_graph(folder)
    found = finding.find(finding.open_index(store, folder), " ".join(words), limit)
    if not found:
        raise NotFound(f"no name has words beginning with {' '.join(words)!r}; try fewer or shorter words")
    kinds = card.names(store, [ox.NamedNode(hit.kind) for hit in found], lang)
    rows: list[list[Value | None]] = [
        [ox.NamedNode(hit.iri), ox.Literal(hit.name), ox.Literal(kinds.get(ox.NamedNode(hit.kind), ""))]
        for hit in found
    ]
    put_table(("thing", "name", "kind"), rows, None, None)


@main.command()
@example(
    """
    kgraph show id:mcps
    kgraph show "Zioła Siedleckie" --lang pl
    """
)
@click.argument("thing")
@LANG
@GRAPH
def show(thing: str, lang: str, folder: Path | None) -> None:
    """Show one thing: its facts by relation, each with its sources and their words.

    THING is a name, a CURIE such as id:mcps, or an IRI.
    """
    from kgraph import card, terminal
    from kgraph.search import open_index

    store = open_graph(folder)
    node = card.resolve(store, open_index(store, folder), thing)
    terminal.console().print(terminal.card(card.card(store, node, lang), lang))


@main.command()
@example(
    """
    kgraph picture -o picture.html
    kgraph picture "Zioła Siedleckie" --depth 2 -o ziola.html
    """
)
@click.argument("thing", required=False)
@click.option("--depth", type=click.IntRange(min=1), default=1, show_default=True, help="Steps around THING.")
@LANG
@GRAPH
@OUTPUT
def picture(thing: str | None, depth: int, lang: str, folder: Path | None, output: Path | None) -> None:
    """Draw the network as one page that opens offline: all of it, or what is around THING."""
    from kgraph import card, network
    from kgraph import picture as drawing
    from kgraph.search import open_index

    store = open_graph(folder)
    if thing:
        node = card.resolve(store, open_index(store, folder), thing)
        drawn = network.neighbourhood(store, node.value, depth)
    else:
        drawn = network.whole(store)
    put(drawing.page(store, drawn, lang).encode(), output)


@main.command()
@example(
    """
    kgraph export turtle -o sekg.ttl
    kgraph export --graphs -o sekg.trig
    kgraph export jsonld --asserted
    """
)
@click.argument("form", type=click.Choice(["turtle", "nt", "jsonld", "trig", "context"]), default="turtle")
@click.option("--asserted", is_flag=True, help="Leave the inferred facts out.")
@click.option("--graphs", is_flag=True, help="TriG, with a graph for each source.")
@GRAPH
@OUTPUT
def export(form: str, asserted: bool, graphs: bool, folder: Path | None, output: Path | None) -> None:
    """Write the graph in a standard format; the same data gives the same bytes.

    turtle (the default), nt, jsonld, trig, or the JSON-LD context alone.
    """
    from kgraph import publish

    put(publish.export(open_graph(folder), "trig" if graphs else form, inferred=not asserted), output)


@main.command()
@example(
    """
    kgraph check
    kgraph check --text article.txt
    """
)
@click.option(
    "--text",
    "texts",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A source's text; its offsets are compared word for word.",
)
@DATA
@ONTOLOGY
@LANG
def check(texts: Sequence[Path], data: Path | None, ontology: Path | None, lang: str) -> None:
    """Check the data: shapes, classes, names, offsets, and that data/sekg.ttl is up to date."""
    from kgraph import check as checking

    report_problems(checking.problems(resources.folders(ontology, data), texts, lang))
    say("no problems")


@main.command()
@example(
    """
    kgraph report --lang pl -o report.md
    """
)
@LANG
@GRAPH
@OUTPUT
def report(lang: str, folder: Path | None, output: Path | None) -> None:
    """Write a Markdown page: sizes, sources, what is not known, all questions with their answers."""
    from kgraph import report as reporting

    put(reporting.markdown(open_graph(folder), prepared(resources.folders()).values(), lang).encode(), output)
