"""Commands that ask the graph."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import click
import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.vocab import STATE
from kgraph.cli.options import (
    AS_OF,
    AS_TREE,
    ENDPOINT,
    FORMAT,
    GRAPH,
    LANG,
    OUTPUT,
    PARAMETER,
    PATH,
    TABLE_FORMAT,
    TIMEOUT,
    Where,
    main,
    opened,
    options,
)
from kgraph.cli.output import (
    TABLE_FORMATS,
    is_watched,
    put,
    put_json,
    put_rows,
    put_written,
    read_stdin,
    say,
    say_day,
    stopped_after,
    written,
)
from kgraph.rdf import sparql


@main.command("query")
@click.argument("text", required=False)
@click.option("-f", "--file", type=PATH, help="Read the query from a file.")
@options(FORMAT, PARAMETER, AS_OF, GRAPH, ENDPOINT, TIMEOUT, OUTPUT)
def query_(
    text: str | None,
    file: Path | None,
    form: str | None,
    parameters: Sequence[str],
    timeout: float,
    output: Path | None,
    **where: Unpack[Where],
) -> None:
    """Answer a SPARQL query; known prefixes may be left out, “-” reads the query from stdin.

    \b
    Examples:
      kgraph query "SELECT ?name WHERE { ?c a se:Cluster ; skos:prefLabel ?name }"
      kgraph query -f question.rq -o answer.csv
      kgraph query --param who=id:mcps "SELECT ?who ?event WHERE { ?who se:representedAt ?event }"
      kgraph query --endpoint https://example.org/sparql "SELECT ?c WHERE { ?c a se:Cluster }"
      kgraph query --as-of 2020-09-14 "SELECT ?t ?state WHERE { ?t a org:Membership ; se:state ?state }"
    """
    if (text is None) == (file is None):
        raise click.UsageError("give a query, or “-”, or a file with -f; “kgraph questions” lists prepared ones")
    if text and text != "-" and len(text) < LONGEST_PATH and Path(text).is_file():
        raise click.UsageError(f"{text} is a file: “kgraph query -f {text}” asks what it says")
    asked = paths.read_text(file, pipes=True) if file else read_stdin() if text == "-" else text or ""
    terms = dict(map(sparql.parameter, parameters))
    graph = opened(**where)
    with stopped_after(timeout):
        answer = written(sparql.run(graph.store, asked, **terms), form, output)
        mentioned = [*sparql.mentioned(asked), *terms.values()]
        doubts = graph.doubts(mentioned, text=asked)
    put_written(answer, output)
    say_day(graph.on if STATE in mentioned else None)
    note(doubts)


LONGEST_PATH = 256
"""The characters from which on a text is no name of a file; most systems refuse to look for one."""


def note(doubts: Iterable[str]) -> None:
    """Print notes on terms that are not in the graph."""
    for doubt in doubts:
        say(f"note: {doubt}")


@main.command()
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Answer every question.")
@click.option("--sparql", "as_sparql", is_flag=True, help="Print the question's SPARQL instead of its answer.")
@options(TABLE_FORMAT, PARAMETER, AS_OF, LANG, GRAPH, ENDPOINT, TIMEOUT, OUTPUT)
def questions(
    name: str | None,
    every: bool,
    as_sparql: bool,
    form: str | None,
    parameters: Sequence[str],
    lang: str,
    timeout: float,
    output: Path | None,
    **where: Unpack[Where],
) -> None:
    """List the prepared questions, or answer one, or with --all every one.

    \b
    Examples:
      kgraph questions
      kgraph questions founders --lang pl
      kgraph questions words-behind-edge --param object=id:zaz-siedlce
      kgraph questions --all --lang pl
    """
    from kgraph.graph import questions as prepared

    if every and (output or name):
        raise click.UsageError("--all prints every answer; for one file of them use “kgraph report”")
    ontology = paths.folders().ontology
    if name is not None:
        asked = [prepared.named(ontology, name)]
    elif every:
        asked = list(prepared.all_in(ontology).values())
    else:
        put_rows(prepared.table(prepared.all_in(ontology).values(), lang), form, output)
        return
    if as_sparql:
        put("\n".join(question.text for question in asked).encode(), output)
        return
    graph = opened(**where)
    given = dict(map(sparql.parameter, parameters))
    if "lang" in given:
        raise click.UsageError("the language is chosen with --lang pl or --lang en")
    for question in prepared.fitting(graph.store, asked).values():
        terms: Mapping[str, sparql.Value] = {
            name: graph.meant(question, name, value, lang) for name, value in given.items()
        }
        say("\n".join(prepared.introduction(question, lang, terms)))
        one = prepared.given(question, lang, terms, graph.day)
        with stopped_after(timeout):
            answer = written(one.answer(graph.store, graph.folder), form, output, TABLE_FORMATS)
            doubts = graph.doubts(terms.values(), lang)
        put_written(answer, output)
        say_day(one.day, lang)
        note((*doubts, *one.doubts(lang)))


@main.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many things at most.")
@click.option("--kind", metavar="CLASS", help="Only things of a class, such as cluster or foaf:Person.")
@options(TABLE_FORMAT, LANG, GRAPH, ENDPOINT, OUTPUT)
def search(
    words: Sequence[str],
    limit: int,
    kind: str | None,
    form: str | None,
    lang: str,
    output: Path | None,
    **where: Unpack[Where],
) -> None:
    """Find things, prepared questions, passages of sources and facts by their words.

    The beginning of a word or another form of it will do, and diacritics may be left out. A year may be one of a thing
    or of a source.

    \b
    Examples:
      kgraph search ziola
      kgraph search "osrodek wsparcia" --format json
      kgraph search kto założył klaster
      kgraph search caritas 2020
      kgraph search siedlce --kind cluster
    """
    from kgraph.graph import questions as prepared
    from kgraph.graph.names import finding

    graph, known = opened(**where), prepared.all_in(paths.folders().ontology)
    hits = finding.hits(graph.store, graph.index, known.values(), " ".join(words), limit + 1, kind, lang)
    shown = replace(hits, things=hits.things[:limit])
    put_rows(finding.table(graph.store, known, shown, lang), form, output)
    if len(hits.things) > limit:
        say(f"note: there are more than {limit}; give more words, or a higher --limit")


@main.command()
@click.argument("thing")
@click.option("--all", "unfolded", is_flag=True, help="Also what only repeats other facts or follows from them.")
@options(AS_TREE, AS_OF, LANG, GRAPH, ENDPOINT)
def show(thing: str, unfolded: bool, form: str, lang: str, **where: Unpack[Where]) -> None:
    """Show one thing: a sentence, key facts, and facts by relation, each with its sources and their words.

    THING is a name, a CURIE such as id:mcps, or an IRI.

    \b
    Examples:
      kgraph show id:mcps
      kgraph show "Zioła Siedleckie" --lang pl
      kgraph show id:mcps --format json
    """
    from kgraph.graph.entity import as_json, as_text, cards

    graph = opened(**where)
    shown = cards.card(graph.store, graph.resolve(thing, lang), lang)
    if form == "json":
        put_json(as_json.shown(shown))
    else:
        as_text.console().print(as_text.card(shown, lang, unfolded=unfolded))


@main.command()
@click.argument("subject")
@click.argument("predicate")
@click.argument("object_", metavar="OBJECT")
@options(AS_TREE, LANG, GRAPH, ENDPOINT)
def why(subject: str, predicate: str, object_: str, form: str, lang: str, **where: Unpack[Where]) -> None:
    """Explain a fact: the rule and its premises, down to the words of the sources.

    SUBJECT and OBJECT are names, CURIEs or IRIs; PREDICATE is a relation by its name, also by the
    one that “kgraph show” prints, or “a”.

    \b
    Examples:
      kgraph why id:relaksownia se:foundingMemberOf id:cluster-siedlce
      kgraph why Relaksownia "founding member of" id:cluster-siedlce
      kgraph why MCPS se:representedAt id:signing-2018 --lang pl
      kgraph why "Artur Pozorek" "in office at" MCPS
    """
    from kgraph.graph.entity import as_json, as_text
    from kgraph.graph.names import labels
    from kgraph.graph.statements import reasons as explaining

    graph = opened(**where)
    reason = explaining.why_written(graph.store, lambda: graph.index, subject, predicate, object_, graph.rules, lang)
    called = labels.names(graph.store, reason.terms(), lang)
    if form == "json":
        put_json(as_json.explained(reason, called))
    else:
        as_text.console().print(as_text.reason(reason, called, lang))


@main.command()
@click.argument("thing", required=False)
@click.option("--source", metavar="SOURCE", help="Only the claims of this source.")
@click.option("--status", metavar="STATUS", help="Only claims of this status, such as status:opinion.")
@click.option("--until", metavar="DATE", help="Only sources up to this day or year; of registers, their own day.")
@click.option("--undated", is_flag=True, help="With --until, also sources without a day, except on later days.")
@click.option("--offices", is_flag=True, help="Also the claims about tenures and memberships of THING.")
@options(TABLE_FORMAT, LANG, GRAPH, ENDPOINT, OUTPUT)
def claims(
    thing: str | None,
    source: str | None,
    status: str | None,
    until: str | None,
    undated: bool,
    offices: bool,
    form: str | None,
    lang: str,
    output: Path | None,
    **where: Unpack[Where],
) -> None:
    """Show what sources claim, one row for each passage: the fact, its status, the source, and its words.

    With THING, a name, CURIE or IRI, only claims about it.

    \b
    Examples:
      kgraph claims -o claims.csv
      kgraph claims "Zioła Siedleckie" --lang pl
      kgraph claims --source source:mcps-2018-klaster --status status:opinion
      kgraph claims id:caritas-siedlce --until 2019-12-31
      kgraph claims "Artur Pozorek" --offices
    """
    from kgraph.graph.statements import claims as claiming

    graph = opened(**where)
    if undated and not until:
        raise click.UsageError("--undated goes with --until")
    if offices and not thing:
        raise click.UsageError("--offices goes with THING")
    chosen = claiming.choose(
        graph.store,
        lang,
        thing=graph.resolve(thing, lang) if thing else None,
        source=graph.resolve(source, lang) if source else None,
        status=claiming.status(graph.store, status) if status else None,
        until=claiming.until(until) if until else None,
        undated=undated,
        offices=offices,
    )
    put_rows(claiming.table(graph.store, lang, chosen), form, output)
    note((*chosen.doubts(lang), *chosen.notes(lang)))


@main.command()
@options(TABLE_FORMAT, LANG, GRAPH, ENDPOINT, OUTPUT)
def sources(form: str | None, lang: str, output: Path | None, **where: Unpack[Where]) -> None:
    """Show what each source contributes: facts it shares or states alone, refinements, contradictions, unknowns.

    \b
    Examples:
      kgraph sources
      kgraph sources --lang pl -o sources.csv
    """
    put_rows(sparql.run(opened(**where).store, paths.query_text("contributions"), lang=ox.Literal(lang)), form, output)


@main.command()
@options(TABLE_FORMAT, LANG, GRAPH, ENDPOINT, OUTPUT)
def disputes(form: str | None, lang: str, output: Path | None, **where: Unpack[Where]) -> None:
    """Show where sources contradict or refine each other, both sides with their words.

    \b
    Examples:
      kgraph disputes
      kgraph disputes --lang pl
      kgraph disputes -o disputes.csv
    """
    from kgraph.graph.entity import as_text
    from kgraph.graph.names.labels import names
    from kgraph.graph.statements import disputes as differing

    store = opened(**where).store
    found = differing.disputes(store)
    if form or not is_watched(output):
        put_rows(differing.table(found), form, output)
        return
    terms = [term for dispute in found for term in dispute.terms()]
    as_text.console().print(as_text.disputes(found, names(store, terms, lang), lang))
