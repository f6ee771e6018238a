"""The command that matches a table: each row with the things that it may mean, scores and reasons."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from kgraph.base.words import text
from kgraph.cli.options import ENDPOINT, GRAPH, LANG, OUTPUT, PATH, Where, main, opened, options
from kgraph.cli.output import bar, put, say
from kgraph.errors import BadQuery

if TYPE_CHECKING:
    from kgraph.api.opening import Graph
    from kgraph.base.tables import Cell, Table
    from kgraph.graph.identity.corroborating import Evidence
    from kgraph.graph.identity.matching import Candidate, Wanted

AT_ONCE = 100
"""The rows between two steps of the progress."""


@main.command()
@click.argument("file", type=PATH)
@click.option("--column", required=True, metavar="NAME", help="The column with names or numbers.")
@click.option(
    "--near", metavar="PLACE", help="A column of places, or one place: leave out things known to be elsewhere."
)
@click.option(
    "--evidence",
    "given",
    multiple=True,
    metavar="PROPERTY=COLUMN",
    help="A column that speaks for or against a thing: KRS, NIP, REGON, RJPS, year, place, or a relation; repeatable.",
)
@click.option(
    "--type", "--kind", "kind", metavar="CLASS", help="Only things of a class, such as cluster or foaf:Person."
)
@click.option("--most", type=click.IntRange(min=1), default=1, show_default=True, help="Candidates for each row.")
@click.option("--least", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="The least score.")
@click.option("--sheet", default="", metavar="NAME", help="The sheet of a workbook; by default the fullest.")
@options(LANG, GRAPH, ENDPOINT, OUTPUT)
def reconcile(
    file: Path,
    column: str,
    near: str | None,
    given: Sequence[str],
    kind: str | None,
    most: int,
    least: float,
    sheet: str,
    lang: str,
    output: Path | None,
    **where: Unpack[Where],
) -> None:
    """Match the names in a table with things: each row with its candidate, score, and reason in words.

    FILE is CSV, XLSX or ODS; so is the file of -o, else CSV is printed. Names are compared without legal forms,
    diacritics and quotation marks; numbers of NIP, REGON and KRS are recognised. `match` says whether a candidate may
    be taken without a look. A row without a candidate stays.

    \b
    Examples:
      kgraph reconcile grants.xlsx --column name --near place -o matched.xlsx
      kgraph reconcile dotacje.csv --column nazwa --near Siedlce --evidence KRS=krs --lang pl -o wynik.csv
      kgraph reconcile mine.csv --column organisation --least 0.9 -o matched.csv
      kgraph reconcile mine.ods --column organisation --type cluster --most 5
    """
    from kgraph.base import tables
    from kgraph.graph.identity import matching

    if output and output.exists() and output.samefile(file):
        raise click.UsageError(text(lang, "matching.sameFile", file=file))
    own = tables.read(file, sheet)
    graph = opened(**where)
    wanted = _wanted(graph, own, column, near, given, kind, lang)
    found: list[list[Candidate]] = []
    with bar(text(lang, "matching.title"), text(lang, "matching.unit")) as step:
        for begin in range(0, len(wanted), AT_ONCE):
            found += matching.match(graph.store, graph.index, wanted[begin : begin + AT_ONCE], most)
            step(len(found), len(wanted))
    put(_written(own, list(_rows(graph, found, least, lang)), output), output)
    matched = sum(any(one.score >= least for one in several) for several in found)
    say(text(lang, "matching.matched", matched=matched, n=len(found)))
    say(f"{text(lang, 'matching.note')}: {matching.summary(found, lang)}")


def _wanted(
    graph: "Graph", own: "Table", column: str, near: str | None, given: Sequence[str], kind: str | None, lang: str
) -> "list[Wanted]":
    """What each row wants, with its evidence."""
    from kgraph.graph.identity import corroborating
    from kgraph.graph.identity.matching import Wanted
    from kgraph.graph.names import labels

    names = own.column(column)
    kinds = (labels.kind(graph.store, kind, lang),) if kind else ()
    evidence: list[Sequence[Evidence | None]] = [_column(graph, own, one, lang) for one in given]
    if near is not None and near in own.header:
        evidence.append(_near(graph, own.column(near), lang))
    elif near is not None:
        evidence.append([corroborating.near(graph.place(near, lang).value)] * len(names))
    rows = zip(*evidence, strict=True) if evidence else [()] * len(names)
    return [Wanted(name, tuple(filter(None, row)), kinds) for name, row in zip(names, rows, strict=True)]


def _near(graph: "Graph", places: Sequence[str], lang: str) -> "list[Evidence | None]":
    """The evidence of a column of places; a note names those that the graph does not know."""
    from kgraph.graph.identity import corroborating

    known = {place: corroborating.places(graph.index, place) for place in {*places} - {""}}
    if unknown := sorted(place for place, found in known.items() if not found):
        shown = ", ".join(unknown[:LISTED]) + (" …" if len(unknown) > LISTED else "")
        say(f"{text(lang, 'matching.note')}: {text(lang, 'matching.unknownPlaces', places=shown)}")
    return [corroborating.near(*known[place]) if known.get(place) else None for place in places]


LISTED = 20
"""The places that a note names."""


def _column(graph: "Graph", own: "Table", given: str, lang: str) -> "list[Evidence | None]":
    """The evidence of a column, given as PROPERTY=COLUMN."""
    from kgraph.graph.identity import corroborating

    property_, sign, column = given.partition("=")
    if not sign:
        raise BadQuery(text(lang, "matching.noColumn", given=given))
    field = corroborating.field(graph.store, property_, lang)
    name = corroborating.name(graph.store, field, lang)
    return [
        corroborating.Evidence(field, (meant,), label=name)
        if (meant := corroborating.meant(graph.index, field, cell))
        else None
        for cell in own.column(column)
    ]


def _rows(
    graph: "Graph", found: "Sequence[Sequence[Candidate]]", least: float, lang: str
) -> "Iterator[tuple[int, list[Cell]]]":
    """The cells beside each row: the thing, its label and kind, the score, whether it is a match, and the reason."""
    from kgraph.graph.identity import matching

    for number, one, (thing, label, kind, score, reason) in matching.table(graph.store, found, lang, least):
        verdict = text(lang, f"matching.match.{str(one.is_match).lower()}") if one else ""
        texts = ("" if cell is None else cell.value for cell in (thing, label, kind))
        yield number, [*texts, float(score.value) if score else "", verdict, reason.value if reason else ""]


COLUMNS = ("thing", "label", "kind", "score", "match", "reason")


def _written(own: "Table", added: "list[tuple[int, list[Cell]]]", output: Path | None) -> bytes:
    """The table with the cells beside it, in the format of the file to write."""
    from kgraph.base.tables import MARK
    from kgraph.publish.formats import spreadsheet

    rows, ending = own.beside(COLUMNS, added), output.suffix.lower() if output else ""
    if ending == ".xlsx":
        return spreadsheet.xlsx(rows, Path(own.name).stem)
    if ending == ".ods":
        return spreadsheet.ods(rows, Path(own.name).stem)
    mark = MARK.encode() if own.is_marked else b""
    return mark + spreadsheet.csv(rows, delimiter=own.delimiter, with_numbers=True)
