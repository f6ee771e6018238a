"""The commands of workbooks: a source file out to one, and in again."""

from pathlib import Path

import click

from kgraph.base import paths
from kgraph.base.words import text
from kgraph.cli.options import DATA, LANG, ONTOLOGY, PATH, Isolated, main, options, refuse_installed
from kgraph.cli.output import report_problems, say
from kgraph.errors import CannotWrite


@main.group()
def sheet() -> None:
    """Edit a source in a spreadsheet: one row a fact, with lists to choose from.

    \b
    Examples:
      kgraph sheet out data/sources/curator.ttl curator.xlsx --lang pl
      kgraph sheet in curator.xlsx --data my-data
    """


@sheet.command("out", cls=Isolated)
@click.argument("source", type=PATH)
@click.argument("file", type=PATH)
@options(DATA, ONTOLOGY, LANG)
def out(source: Path, file: Path, data: Path | None, ontology: Path | None, lang: str) -> None:
    """Write a source file as a workbook (.xlsx) or as CSV (.csv).

    Names and relations to choose from are those of the data folder and the ontology.

    \b
    Examples:
      kgraph sheet out data/sources/curator.ttl curator.xlsx
      kgraph sheet out data/sources/curator.ttl curator.csv --lang pl
    """
    from kgraph.publish.sheets import files
    from kgraph.publish.sheets.names import names
    from kgraph.rdf.store import write_file

    if file.suffix.lower() not in (".xlsx", ".csv"):
        raise click.UsageError(text(lang, "sheets.ending", file=file))
    made = files.workbook(source, names(paths.folders(ontology, data), lang), file)
    write_file(file, made.content)
    given = f" --data {data}" if data else ""
    say(text(lang, "sheets.wrote", file=file, back=f"{file}{given}", n=made.facts))
    if made.comments:
        say(text(lang, "sheets.comments", n=made.comments))


@sheet.command("in", cls=Isolated)
@click.argument("file", type=PATH)
@click.option("-o", "--output", type=PATH, help="The source file to write instead of the one in the data folder.")
@click.option("--replace", is_flag=True, help="Replace a file that says something else; its comments are lost.")
@options(DATA, ONTOLOGY, LANG)
def into(file: Path, output: Path | None, replace: bool, data: Path | None, ontology: Path | None, lang: str) -> None:
    """Read a workbook or CSV file of “kgraph sheet out” and write the source file.

    Names may be typed instead of ids. A cell that cannot be read is a problem with its sheet, cell and similar names.

    \b
    Examples:
      kgraph sheet in curator.xlsx --data my-data
      kgraph sheet in curator.csv -o curator.ttl
    """
    from kgraph.publish.sheets import files
    from kgraph.publish.sheets.names import names
    from kgraph.rdf.store import write_file

    if output is None:
        refuse_installed(data, text(lang, "sheets.where"))
    folders = paths.folders(ontology, data)
    found = files.source(file, names(folders, lang))
    report_problems(found.problems, lang)
    target = output or files.target(folders.data, found, file)
    if target.is_file() and files.says_the_same(target, found):
        say(text(lang, "sheets.same", file=target))
        return
    if target.exists() and not replace:
        raise CannotWrite(text(lang, "sheets.exists", file=target))
    write_file(target, found.content)
    say(text(lang, "sheets.read", file=target, n=found.claims()))
