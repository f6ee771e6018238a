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

from kgraph import __version__, query, resources, vocab
from kgraph.errors import BadQuery, CannotWrite, KgraphError, NotFound, Problem, Timeout
from kgraph.query import Value

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

    Exit codes: 0 ok, 1 check failed, 2 usage or SPARQL syntax, 3 data, 4 timeout.
    """


def example(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put examples under a command's help, kept as written."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        lines = "\n".join(f"  {line}" for line in text.strip().splitlines())
        function.__doc__ = f"{function.__doc__}\n\n    \b\n    Examples:\n{lines}"
        return function

    return add


def open_graph(folder: Path | None, as_of: str | None = None) -> ox.Store:
    """The built graph in a folder or, without one, the bundled graph in memory; with what is known of a day."""
    from kgraph import build, states, store

    graph = store.open_built(folder) if folder else build.graph(resources.folders())
    return states.as_of(graph, states.day(as_of)) if as_of is not None else graph


def resolve(store: ox.Store, folder: Path | None, name: str) -> ox.NamedNode:
    """The thing that somebody means by a name."""
    from kgraph import names
    from kgraph.search import open_index

    return names.resolve(store, open_index(store, folder), name)


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


def read_stdin() -> str:
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise BadQuery("the query on stdin is not UTF-8") from error


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
    kgraph query --as-of 2020-09-14 "SELECT ?t ?state WHERE { ?t a org:Membership ; se:state ?state }"
    """
)
@click.argument("text", required=False)
@click.option("-f", "--file", type=click.Path(path_type=Path), help="Read the query from a file.")
@FORMAT
@PARAMETER
@AS_OF
@GRAPH
@TIMEOUT
@OUTPUT
def query_(
    text: str | None,
    file: Path | None,
    form: str | None,
    parameters: Sequence[str],
    as_of: str | None,
    folder: Path | None,
    timeout: float,
    output: Path | None,
) -> None:
    """Answer a SPARQL query; known prefixes may be left out, “-” reads the query from stdin."""
    if (text is None) == (file is None):
        raise click.UsageError("give a query, or “-”, or a file with -f; “kgraph questions” lists prepared ones")
    sparql = resources.read_text(file) if file else read_stdin() if text == "-" else text or ""
    store = open_graph(folder, as_of)
    for name in query.undefined(store, sparql):
        say(f"note: {name} is not in the ontology; is it a typing error?")
    with stopped_after(timeout):
        answer(query.run(store, sparql, **dict(map(query.parameter, parameters))), form, output)


@main.command()
@example(
    """
    kgraph questions
    kgraph questions founders --lang pl
    kgraph questions words-behind-edge --param object=id:zaz-siedlce
    kgraph questions --all --lang pl
    """
)
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Answer every question.")
@click.option("--sparql", is_flag=True, help="Print the question's SPARQL instead of its answer.")
@FORMAT
@PARAMETER
@LANG
@GRAPH
@TIMEOUT
@OUTPUT
def questions(
    name: str | None,
    every: bool,
    sparql: bool,
    form: str | None,
    parameters: Sequence[str],
    lang: str,
    folder: Path | None,
    timeout: float,
    output: Path | None,
) -> None:
    """List the prepared questions, or answer one, or with --all every one."""
    from kgraph import questions as prepared

    if every and (output or name):
        raise click.UsageError("--all prints every answer; for one file of them use “kgraph report”")
    ontology = resources.folders().ontology
    if name is not None:
        asked = [prepared.named(ontology, name)]
    elif every:
        asked = list(prepared.all_in(ontology).values())
    else:
        rows = [[ox.Literal(q.name), ox.Literal(q.title[lang])] for q in prepared.all_in(ontology).values()]
        put_table(("name", "question"), rows, output, None)
        return
    if sparql:
        put("\n".join(question.text for question in asked).encode(), output)
        return
    store = open_graph(folder)
    terms = dict(map(query.parameter, parameters))
    if "lang" in terms:
        raise click.UsageError("the language is chosen with --lang pl or --lang en")
    for question in asked:
        say(f"{question.title[lang]}\n{question.meaning[lang]}")
        with stopped_after(timeout):
            answer(prepared.ask(store, question, lang, **terms), form, output)


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
    from kgraph import search as finding
    from kgraph.names import names

    store = open_graph(folder)
    found = finding.find(finding.open_index(store, folder), " ".join(words), limit)
    if not found:
        raise NotFound(f"no name has words beginning with {' '.join(words)!r}; try fewer or shorter words")
    called = names(store, [ox.NamedNode(hit.kind) for hit in found], lang)
    rows: list[list[Value | None]] = [
        [ox.NamedNode(hit.iri), ox.Literal(hit.name), ox.Literal(called.get(ox.NamedNode(hit.kind), ""))]
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
@AS_OF
@LANG
@GRAPH
def show(thing: str, as_of: str | None, lang: str, folder: Path | None) -> None:
    """Show one thing: its facts by relation, each with its sources and their words.

    THING is a name, a CURIE such as id:mcps, or an IRI.
    """
    from kgraph import card, terminal

    store = open_graph(folder, as_of)
    shown = card.card(store, resolve(store, folder, thing), lang)
    terminal.console().print(terminal.card(shown, lang))


@main.command()
@example(
    """
    kgraph why id:relaksownia se:foundingMemberOf id:cluster-siedlce
    kgraph why MCPS se:representedAt id:signing-2018 --lang pl
    """
)
@click.argument("subject")
@click.argument("predicate")
@click.argument("object_", metavar="OBJECT")
@LANG
@GRAPH
def why(subject: str, predicate: str, object_: str, lang: str, folder: Path | None) -> None:
    """Explain a fact: the rule and its premises, down to the words of the sources."""
    from kgraph import build, terminal
    from kgraph import why as explaining
    from kgraph.names import names

    store = open_graph(folder)
    thing = resolve(store, folder, subject)
    relation = vocab.TYPE if predicate == "a" else resolve(store, folder, predicate)
    is_literal = object_[:1] in '"-+0123456789'
    fact = ox.Triple(thing, relation, query.parse_term(object_) if is_literal else resolve(store, folder, object_))
    reason = explaining.why(store, fact, build.rules(resources.folders()))
    terminal.console().print(terminal.reason(reason, names(store, reason.terms(), lang), lang))


@main.command()
@example(
    """
    kgraph sources
    kgraph sources --lang pl --format csv
    """
)
@FORMAT
@LANG
@GRAPH
@OUTPUT
def sources(form: str | None, lang: str, folder: Path | None, output: Path | None) -> None:
    """Show what each source contributes: facts it shares or states alone, refinements, contradictions, unknowns."""
    text = resources.query_text("contributions")
    answer(query.run(open_graph(folder), text, lang=ox.Literal(lang)), form, output)


@main.command()
@example(
    """
    kgraph disputes
    kgraph disputes --lang pl
    """
)
@LANG
@GRAPH
def disputes(lang: str, folder: Path | None) -> None:
    """Show where sources contradict or refine each other, both sides with their words."""
    from kgraph import disputes as differing
    from kgraph import terminal
    from kgraph.names import names

    store = open_graph(folder)
    found = differing.disputes(store)
    terms = [term for dispute in found for term in dispute.terms()]
    terminal.console().print(terminal.disputes(found, names(store, terms, lang), lang))


@main.command("new-source")
@example(
    """
    kgraph new-source https://example.org/news/agreement --text agreement.txt --data my-data
    """
)
@click.argument("url")
@click.option(
    "--text", type=click.Path(path_type=Path), help="The source's text, for its hash and length; it is not copied."
)
@click.option("--slug", help="The name of the file and of the source; by default made from the address.")
@DATA
def new_source(url: str, text: Path | None, slug: str | None, data: Path | None) -> None:
    """Write the head of a new source file, with what is not known yet left to fill."""
    from kgraph import sources
    from kgraph.store import write_file

    if data is None and not resources.is_checkout():
        raise click.UsageError("say with --data into which data folder to write; the installed one is not to be edited")
    wording = resources.read_text(text) if text else None
    name = sources.slug(url) if slug is None else slug
    target = resources.folders(data=data).data / "sources" / f"{name}.ttl"
    if target.exists():
        raise CannotWrite(f"{target} exists; choose another name with --slug")
    write_file(target, sources.head(url, name, wording).encode())
    say(f"wrote {target}; fill in the titles and the publisher, add facts, then run “kgraph check”")


@main.command()
@example(
    """
    kgraph picture -o picture.html
    kgraph picture "Zioła Siedleckie" --depth 2 -o ziola.html
    kgraph picture --as-of 2018-01-01 -o before.html
    """
)
@click.argument("thing", required=False)
@click.option("--depth", type=click.IntRange(1, 10), default=1, show_default=True, help="Steps around THING.")
@AS_OF
@LANG
@GRAPH
@OUTPUT
def picture(
    thing: str | None, depth: int, as_of: str | None, lang: str, folder: Path | None, output: Path | None
) -> None:
    """Draw the network as one page that opens offline: all of it, or what is around THING.

    With --as-of, what had ended or had not begun on that day is left out.
    """
    from kgraph import network, states
    from kgraph import picture as drawing

    store = open_graph(folder)
    focus = resolve(store, folder, thing).value if thing else None
    drawn = network.neighbourhood(store, focus, depth) if focus else network.whole(store)
    if as_of is not None:
        drawn = network.without(drawn, states.absent(store, states.day(as_of)))
    put(drawing.page(store, drawn, lang).encode(), output)


@main.command()
@example(
    """
    kgraph export turtle -o sekg.ttl
    kgraph export --graphs -o sekg.trig
    kgraph export jsonld --asserted
    """
)
@click.argument("form", type=click.Choice(["turtle", "nt", "jsonld", "trig", "context"]), required=False)
@click.option("--asserted", is_flag=True, help="Leave the inferred facts out.")
@click.option("--graphs", is_flag=True, help="TriG, with a graph for each source.")
@DATA
@GRAPH
@OUTPUT
def export(
    form: str | None, asserted: bool, graphs: bool, data: Path | None, folder: Path | None, output: Path | None
) -> None:
    """Write the graph in a standard format; the same data gives the same bytes.

    turtle (the default), nt, jsonld, trig, or the JSON-LD context alone.
    """
    from kgraph import build, publish

    if graphs and form not in (None, "trig"):
        raise click.UsageError(f"--graphs is for trig; {form} has no graphs")
    if data and folder:
        raise click.UsageError("give --data or --graph, not both")
    store = build.graph(resources.folders(data=data)) if data else open_graph(folder)
    put(publish.export(store, "trig" if graphs else form or "turtle", inferred=not asserted), output)


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
    from kgraph import questions as prepared
    from kgraph import report as reporting

    known = prepared.all_in(resources.folders().ontology)
    put(reporting.markdown(open_graph(folder), known.values(), lang).encode(), output)


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
