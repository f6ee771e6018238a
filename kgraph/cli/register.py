"""`kgraph register`: add, look at, check and remove the registers of a data folder."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.vocab import term
from kgraph.base.words import text
from kgraph.cli.options import DATA, LANG, PATH, main, refuse_installed
from kgraph.cli.output import report_problems, say

if TYPE_CHECKING:
    from kgraph.evidence.registers.editions import Changes

LABELS = {term("rdfs:label"), term("skos:prefLabel")}
"""The properties that name terms and things."""


@main.group()
def register() -> None:
    """Take in official registers: each fact keeps its row and its cells.

    \b
    Examples:
      kgraph register list
      kgraph register add terc TERC.csv --as-of 2024-01-01 --data my-data
      kgraph register add opp opp.csv --as-of 2024-12-31 --data my-data
      kgraph register show opp-2024-12-31 --data my-data
      kgraph build --data my-data --out my-graph
    """


@register.command("list")
@DATA
@LANG
def list_(data: Path | None, lang: str) -> None:
    """The registers that kgraph can read, and those in the data folder."""
    from kgraph.evidence.registers import descriptions, editions

    for name in descriptions.shipped():
        known = descriptions.described(name)
        click.echo(f"{name:8} {known.title[lang]}\n         {known.seen[lang]}")
    found = editions.editions(_data(data))
    say(text(lang, "registers.none" if not found else "registers.there", names=", ".join(found)))


@register.command()
@click.argument("name")
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day whose state the file gives.")
@click.option("--encoding", default="utf-8", show_default=True, help="cp1250 for files of Windows.")
@click.option("--dry-run", is_flag=True, help="Print the first rows as facts, and write nothing.")
@DATA
@LANG
def add(
    name: str, files: Sequence[Path], as_of: datetime, encoding: str, dry_run: bool, data: Path | None, lang: str
) -> None:
    """Read the FILES of the register NAME into the data folder.

    The files are kept byte for byte. Places need TERC, the register of territorial units: add it first.

    \b
    Examples:
      kgraph register add opp opp.csv --as-of 2024-12-31 --data my-data
      kgraph register add opp opp.csv --as-of 2024-12-31 --data my-data --dry-run
    """
    from kgraph.evidence.registers import adding, editions

    folder = _data(data, to_write=True)
    if dry_run:
        added, lines = adding.first_facts(folder, name, files, encoding, _names(data, lang))
        click.echo("\n".join(lines))
        say(text(lang, "registers.would add", rows=added.rows, facts=added.facts))
    else:
        added = adding.add(folder, name, files, as_of.date(), encoding)
        say(text(lang, "registers.added", name=added.name, rows=added.rows, facts=added.facts))
        before = editions.earlier(folder, added.name)
        if before:
            _say_changes(editions.changes(folder, before, added.name), before, lang)
    for column, count in added.unmatched.items():
        if count:
            say(text(lang, "registers.unmatched", column=column, n=count, share=f"{count / added.rows:.1%}"))


def _say_changes(found: "Changes", before: str, lang: str) -> None:
    counts = {name: len(getattr(found, name)) for name in ("appeared", "changed", "gone")}
    say(text(lang, "registers.changes", before=before, **counts))


@register.command()
@click.argument("old")
@click.argument("new")
@DATA
@LANG
def diff(old: str, new: str, data: Path | None, lang: str) -> None:
    """What changed between two editions of a register: the keys of rows, as a table.

    \b
    Examples:
      kgraph register diff opp-2023-12-31 opp-2024-12-31 --data my-data
    """
    from kgraph.evidence.registers import editions

    found = editions.changes(_data(data), old, new)
    for name in ("appeared", "changed", "gone"):
        for key in getattr(found, name):
            click.echo(f"{name}\t{key}")
    _say_changes(found, old, lang)


@register.command()
@click.argument("edition")
@DATA
@LANG
def show(edition: str, data: Path | None, lang: str) -> None:
    """What was read of an EDITION, such as opp-2024-12-31, with its first rows as facts."""
    from kgraph.evidence.registers import adding, editions

    say(editions.description(_data(data), edition).seen.get(lang, ""))
    for line in adding.shown(_data(data), edition, _names(data, lang)):
        click.echo(line)


@register.command()
@DATA
@LANG
def check(data: Path | None, lang: str) -> None:
    """Read each kept file again: whether it is the one of its head, and gives the same facts."""
    from kgraph.evidence.registers import adding, editions

    folder = _data(data)
    found = [problem for edition in editions.editions(folder) for problem in adding.problems(folder, edition)]
    report_problems(found, lang)
    say(text(lang, "faults.none"))


@register.command()
@click.argument("edition")
@DATA
@LANG
def remove(edition: str, data: Path | None, lang: str) -> None:
    """Remove an EDITION from the data folder."""
    from kgraph.evidence.registers import editions

    editions.remove(_data(data, to_write=True), edition)
    say(text(lang, "registers.removed", name=edition))


def _names(data: Path | None, lang: str) -> dict[str, str]:
    """The labels of the ontology, the kinds and the gazetteer by IRI."""
    from kgraph.evidence.turtle import parse

    folders = paths.folders(data=data)
    files = (*folders.ontologies(), folders.ontology / "kinds.ttl", folders.data / "places.ttl")
    quads = (quad for file in files for quad in parse(file) if quad.predicate in LABELS)
    named = ((quad.subject, quad.object) for quad in quads if isinstance(quad.object, ox.Literal))
    return {subject.value: label.value for subject, label in named if label.language == lang}  # type: ignore[union-attr]


def _data(data: Path | None, *, to_write: bool = False) -> Path:
    if to_write:
        refuse_installed(data, "say with --data into which data folder to write; the installed one is not to be edited")
    return paths.folders(data=data).data
