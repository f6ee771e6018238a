"""Commands that ask the graph."""

from collections.abc import Sequence
from pathlib import Path

import click
import pyoxigraph as ox

from kgraph import resources, sparql, vocab
from kgraph.cli.group import main
from kgraph.cli.options import (
    AS_OF,
    ENDPOINT,
    FORMAT,
    GRAPH,
    LANG,
    OUTPUT,
    PARAMETER,
    TIMEOUT,
    example,
    open_graph,
    resolve,
)
from kgraph.cli.output import answer, put, put_table, read_stdin, say, stopped_after
from kgraph.errors import NotFound
from kgraph.sparql import Value


@main.command("query")
@example(
    """
    kgraph query "SELECT ?name WHERE { ?c a se:Cluster ; skos:prefLabel ?name }"
    kgraph query -f question.rq --format csv -o answer.csv
    kgraph query --param who=id:mcps "SELECT ?who ?event WHERE { ?who se:representedAt ?event }"
    kgraph query --endpoint https://example.org/sparql "SELECT ?c WHERE { ?c a se:Cluster }"
    kgraph query --as-of 2020-09-14 "SELECT ?t ?state WHERE { ?t a org:Membership ; se:state ?state }"
    """
)
@click.argument("text", required=False)
@click.option("-f", "--file", type=click.Path(path_type=Path), help="Read the query from a file.")
@FORMAT
@PARAMETER
@AS_OF
@GRAPH
@ENDPOINT
@TIMEOUT
@OUTPUT
def query_(
    text: str | None,
    file: Path | None,
    form: str | None,
    parameters: Sequence[str],
    as_of: str | None,
    folder: Path | None,
    endpoint: str | None,
    timeout: float,
    output: Path | None,
) -> None:
    """Answer a SPARQL query; known prefixes may be left out, “-” reads the query from stdin."""
    if (text is None) == (file is None):
        raise click.UsageError("give a query, or “-”, or a file with -f; “kgraph questions” lists prepared ones")
    asked = resources.read_text(file) if file else read_stdin() if text == "-" else text or ""
    store = open_graph(folder, as_of, endpoint)
    for name in () if endpoint else sparql.undefined(store, asked):
        say(f"note: {name} is not in the ontology; is it a typing error?")
    with stopped_after(timeout):
        answer(sparql.run(store, asked, **dict(map(sparql.parameter, parameters))), form, output)


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
@click.option("--sparql", "as_sparql", is_flag=True, help="Print the question's SPARQL instead of its answer.")
@FORMAT
@PARAMETER
@LANG
@GRAPH
@ENDPOINT
@TIMEOUT
@OUTPUT
def questions(
    name: str | None,
    every: bool,
    as_sparql: bool,
    form: str | None,
    parameters: Sequence[str],
    lang: str,
    folder: Path | None,
    endpoint: str | None,
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
    if as_sparql:
        put("\n".join(question.text for question in asked).encode(), output)
        return
    store = open_graph(folder, endpoint=endpoint)
    terms = dict(map(sparql.parameter, parameters))
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
@ENDPOINT
def search(words: Sequence[str], limit: int, lang: str, folder: Path | None, endpoint: str | None) -> None:
    """Find things by the beginnings of words in their names; diacritics may be left out."""
    from kgraph import lookup as finding
    from kgraph.names import names

    store = open_graph(folder, endpoint=endpoint)
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
@ENDPOINT
def show(thing: str, as_of: str | None, lang: str, folder: Path | None, endpoint: str | None) -> None:
    """Show one thing: its facts by relation, each with its sources and their words.

    THING is a name, a CURIE such as id:mcps, or an IRI.
    """
    from kgraph import card, terminal

    store = open_graph(folder, as_of, endpoint)
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
@ENDPOINT
def why(subject: str, predicate: str, object_: str, lang: str, folder: Path | None, endpoint: str | None) -> None:
    """Explain a fact: the rule and its premises, down to the words of the sources."""
    from kgraph import build, terminal
    from kgraph import reasons as explaining
    from kgraph.names import names

    store = open_graph(folder, endpoint=endpoint)
    thing = resolve(store, folder, subject)
    relation = vocab.TYPE if predicate == "a" else resolve(store, folder, predicate)
    is_literal = object_[:1] in '"-+0123456789'
    fact = ox.Triple(thing, relation, sparql.parse_term(object_) if is_literal else resolve(store, folder, object_))
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
@ENDPOINT
@OUTPUT
def sources(form: str | None, lang: str, folder: Path | None, endpoint: str | None, output: Path | None) -> None:
    """Show what each source contributes: facts it shares or states alone, refinements, contradictions, unknowns."""
    text = resources.query_text("contributions")
    answer(sparql.run(open_graph(folder, endpoint=endpoint), text, lang=ox.Literal(lang)), form, output)


@main.command()
@example(
    """
    kgraph disputes
    kgraph disputes --lang pl
    """
)
@LANG
@GRAPH
@ENDPOINT
def disputes(lang: str, folder: Path | None, endpoint: str | None) -> None:
    """Show where sources contradict or refine each other, both sides with their words."""
    from kgraph import disputes as differing
    from kgraph import terminal
    from kgraph.names import names

    store = open_graph(folder, endpoint=endpoint)
    found = differing.disputes(store)
    terms = [term for dispute in found for term in dispute.terms()]
    terminal.console().print(terminal.disputes(found, names(store, terms, lang), lang))
