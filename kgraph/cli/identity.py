"""`kgraph identity`: decide which things are one, list the decisions, and take them back."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click
import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.vocab import short
from kgraph.base.words import text, texts
from kgraph.cli.options import (
    CURATOR,
    DATA,
    GRAPH,
    LANG,
    OUTPUT,
    TABLE_FORMAT,
    Where,
    main,
    opened,
    options,
    refuse_installed,
)
from kgraph.cli.output import put_rows, say
from kgraph.errors import BadData
from kgraph.rdf.sparql import parse_term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgraph.evidence.identity import Decision, Verdict
    from kgraph.graph.identity.candidates import Pair

BY = click.option("--by", required=True, envvar=CURATOR, help=f"Who decides; or set {CURATOR}.")
WHY = click.option("--why", required=True, help="The reason, in the language of --lang.")


PAIR = options(click.argument("one"), click.argument("other"), DATA, LANG)


@main.group()
def identity() -> None:
    """Decide which things are one and the same; a build merges them, and a decision can be taken back.

    \b
    Examples:
      kgraph identity candidates --lang pl
      kgraph identity same id:caritas-siedlce id:org-krs-0000223111 --by "A. Kowalska" --why "ten sam adres" --lang pl
      kgraph identity list
      kgraph identity undo id:caritas-siedlce id:org-krs-0000223111
    """


@identity.command()
@PAIR
@BY
@WHY
def same(one: str, other: str, by: str, why: str, data: Path | None, lang: str) -> None:
    """ONE and OTHER are the same thing; the address of ONE stays."""
    _decide(one, other, "same", by, why, data, lang)


@identity.command()
@PAIR
@BY
@WHY
def different(one: str, other: str, by: str, why: str, data: Path | None, lang: str) -> None:
    """ONE and OTHER are two things, however similar."""
    _decide(one, other, "different", by, why, data, lang)


@identity.command()
@PAIR
@BY
@WHY
def undecided(one: str, other: str, by: str, why: str, data: Path | None, lang: str) -> None:
    """ONE and OTHER cannot be told apart or joined yet; the reason says what is missing."""
    _decide(one, other, "undecided", by, why, data, lang)


def _decide(one: str, other: str, verdict: "Verdict", by: str, why: str, data: Path | None, lang: str) -> None:
    from kgraph.evidence.identity import Decision

    folder, ends = _data(data, lang), (_thing(one, lang), _thing(other, lang))
    if ends[0] == ends[1]:
        raise click.UsageError(text(lang, "identity.itself"))
    day = date.today().isoformat()
    _write(folder, Decision(*ends, verdict, by, day, (ox.Literal(why, language=lang),)))
    say(text(lang, f"identity.{verdict}", one=short(ends[0].value), other=short(ends[1].value)))


def _write(data: Path, *decisions: "Decision") -> None:
    """Write decisions; BadData for those that contradict others, with the path."""
    from kgraph.evidence import deciding
    from kgraph.evidence.identity import objection, read

    if found := objection(read(data).decisions, *decisions):
        raise BadData(found)
    deciding.decide(data, *decisions)


@identity.command()
@PAIR
def undo(one: str, other: str, data: Path | None, lang: str) -> None:
    """Take the decision about ONE and OTHER back; a build is then as if it had not been made."""
    from kgraph.evidence import deciding

    ends = (_thing(one, lang), _thing(other, lang))
    deciding.undo(_data(data, lang), *ends)
    say(text(lang, "identity.undone", one=short(ends[0].value), other=short(ends[1].value)))


@identity.command()
@click.argument("thing", required=False)
@click.option("--sure", is_flag=True, help="Only pairs that kgraph suggests as one thing.")
@click.option(
    "--accept",
    type=click.Choice(["identifiers"]),
    help="Decide that things with the same number of KRS, NIP, REGON or RJPS are one; say by whom with --by.",
)
@click.option("--by", envvar=CURATOR, help="Who accepts.")
@click.option(
    "--engine",
    type=click.Choice(["plain", "duckdb", "spark"]),
    default="plain",
    help="What finds pairs: kgraph itself, or splink on DuckDB or on Apache Spark.",
)
@click.option("--master", default="", metavar="URL", help="The master of Spark; by default all cores here.")
@options(TABLE_FORMAT, DATA, LANG, GRAPH, OUTPUT)
def candidates(
    thing: str | None,
    sure: bool,
    accept: str | None,
    by: str | None,
    engine: str,
    master: str,
    form: str | None,
    data: Path | None,
    lang: str,
    output: Path | None,
    **where: Unpack[Where],
) -> None:
    """Pairs of things that may be one, with a score and the reasons; of a THING, or of the whole graph.

    Organisations and people are compared by numbers of registers, names, places, addresses, legal forms, dates and
    activities; the evidence quotes the words and cells behind both sides. Nothing is decided, unless you accept what
    has the same number.

    \b
    Examples:
      kgraph identity candidates --lang pl
      kgraph identity candidates "Caritas Diecezji Siedleckiej"
      kgraph identity candidates --engine duckdb -o pairs.csv
      kgraph identity candidates --graph my-graph --data my-data --accept identifiers --by "A. Kowalska"
    """
    from kgraph.graph.identity import candidates as comparing
    from kgraph.graph.identity import linkage

    if master and engine != "spark":
        raise click.UsageError(text(lang, "registers.master"))
    if accept and not by:
        raise click.UsageError(text(lang, "identity.by"))
    graph = opened(**where)
    about = {graph.resolve(thing, lang).value} if thing else ()
    ways: dict[str, comparing.Near] = {
        "plain": comparing.near,
        "duckdb": linkage.near,
        "spark": partial(linkage.near, master=master or "local[*]"),
    }
    found = comparing.of_graph(graph.store, graph.index, about, ways[engine])
    shown = [pair for pair in found if (pair.is_sure or not sure) and (pair.numbers or not accept)]
    put_rows(comparing.table(graph.store, shown, lang), form, output)
    if accept and by:
        _accept(shown, by, _data(data, lang))
        say(text(lang, "identity.accepted", n=len(shown)))


def _accept(found: "Sequence[Pair]", by: str, data: Path) -> None:
    """Decide that pairs with a common number are one, and say by which number."""
    from kgraph.evidence.identity import Decision

    def accepted(pair: "Pair") -> Decision:
        numbers = ", ".join(each.one for each in pair.numbers)
        why = [ox.Literal(said, language=lang) for lang, said in texts("identity.sameNumber", numbers=numbers).items()]
        ends = (ox.NamedNode(pair.one), ox.NamedNode(pair.other))
        return Decision(*ends, "same", by, date.today().isoformat(), tuple(why))

    if found:
        _write(data, *map(accepted, found))


@identity.command("list")
@DATA
@LANG
def list_(data: Path | None, lang: str) -> None:
    """The decisions, each with who made it, when and why."""
    from kgraph.evidence import identity as deciding

    found = deciding.read(paths.folders(data=data).data).decisions
    for one in found:
        sign = text(lang, f"identity.signs.{one.verdict}")
        why = next((note.value for note in one.why if note.language == lang), one.why[0].value if one.why else "")
        click.echo(f"{short(one.one.value)} {sign} {short(one.other.value)}\t{one.day}\t{one.by}\t{why}")
    if not found:
        say(text(lang, "identity.none"))


def _thing(written: str, lang: str) -> ox.NamedNode:
    node = parse_term(written)
    if not isinstance(node, ox.NamedNode):
        raise click.UsageError(text(lang, "identity.noThing", text=written))
    return node


def _data(data: Path | None, lang: str) -> Path:
    """The data folder to write."""
    refuse_installed(data, text(lang, "curating.whichFolder"))
    return paths.folders(data=data).data
