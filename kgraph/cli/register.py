"""`kgraph register`: describe, add, look at, check and remove the registers of a data folder."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click
import pyoxigraph as ox

from kgraph.base import addresses, paths
from kgraph.base.problems import fault
from kgraph.base.text import seen
from kgraph.base.vocab import PREFIXES, term
from kgraph.base.words import text
from kgraph.cli.options import DATA, LANG, OUTPUT, PATH, TABLE_FORMAT, main, options, refuse_installed
from kgraph.cli.output import bar, put, put_rows, report_problems, say
from kgraph.errors import NotFound

if TYPE_CHECKING:
    from kgraph.evidence.registers.editions import Changes
    from kgraph.evidence.registers.fetching import Wanted
    from kgraph.evidence.registers.reading import Added, Using

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
      kgraph register add krs --numbers numbers.txt --data my-data
      kgraph register update opp opp-2025.csv --as-of 2025-12-31 --data my-data
      kgraph register describe members.xlsx -o members.json --data my-data
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


class Reading(TypedDict):
    """The options of commands that read the files of a register."""

    given: tuple[str, ...]
    as_of: datetime | None
    encoding: str
    sheet: str
    numbers: Path | None
    skip_missing: bool
    templates: tuple[str, ...]
    pause: float
    hosts: tuple[str, ...]
    dry_run: bool
    engine: str
    master: str
    shards: Path | None
    data: Path | None
    lang: str


READING = options(
    click.argument("name"),
    click.argument("given", nargs=-1, metavar="FILE|URL|NUMBER..."),
    click.option(
        "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day whose state is given; for numbers, today."
    ),
    click.option("--encoding", default="", help="By default that of the description, else utf-8; cp1250 for Windows."),
    click.option("--sheet", default="", help="The sheet of a workbook, when several have such a table."),
    click.option("--numbers", type=PATH, help="A file with one number a line, for which extracts are fetched."),
    click.option("--skip-missing", is_flag=True, help="Leave out numbers for which the register has nothing."),
    click.option(
        "--from", "templates", multiple=True, metavar="URL", help="Fetch extracts here: https://…/{krs}; repeatable."
    ),
    click.option(
        "--pause", type=click.FloatRange(0, 3600), default=1.0, show_default=True, help="Seconds between two requests."
    ),
    click.option(
        "--allow-host", "hosts", multiple=True, metavar="HOST", help="Fetch from this host of a private network too."
    ),
    click.option("--dry-run", is_flag=True, help="Print the first ten rows as facts, and write nothing."),
    click.option(
        "--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", help="duckdb is enough for one machine."
    ),
    click.option("--master", default="", metavar="URL", help="The master of Spark; by default all cores here."),
    click.option("--shards", type=PATH, help="Write the facts to this folder of “kgraph handoff” too."),
    DATA,
    LANG,
)


@register.command()
@READING
def add(name: str, **reading: Unpack[Reading]) -> None:
    """Read a register into the data folder: files, or what is fetched from addresses or by numbers.

    NAME is one of “kgraph register list”, or a file NAME.json of “kgraph register describe”. Files are kept byte for
    byte. Places need TERC, the register of territorial units: add it first. Of a workbook, the values of formulas
    count. What broke off goes on when the command is run again.

    \b
    Examples:
      kgraph register add opp opp.csv --as-of 2024-12-31 --data my-data
      kgraph register add opp opp.xlsx --as-of 2024-12-31 --data my-data --dry-run
      kgraph register add opp https://example.org/opp.csv --as-of 2024-12-31 --data my-data
      kgraph register add krs 0000123456 0000654321 --data my-data
      kgraph register add krs --numbers numbers.txt --data my-data
      kgraph register add my.json my.ods --as-of 2024-12-31 --data my-data
      kgraph register add opp opp.csv --as-of 2024-12-31 --data my-data --engine spark --master spark://host:7077
    """
    _add(name, reading)


@register.command()
@READING
def update(name: str, **reading: Unpack[Reading]) -> None:
    """Read a newer edition of a register that the data folder has, and say what changed.

    Rows that stand word for word in the edition before are not read again.

    \b
    Examples:
      kgraph register update opp opp-2025.csv --as-of 2025-12-31 --data my-data
      kgraph register update krs --numbers numbers.txt --data my-data
    """
    from kgraph.evidence.registers import descriptions, editions

    known = descriptions.register(name).name
    if not editions.of_register(_data(reading["data"], to_write=True), known):
        raise NotFound(fault("update-first", name=known))
    _add(name, reading)


def _add(name: str, reading: Reading) -> None:
    from kgraph.evidence.registers import adding, descriptions, fetching

    lang, folder = reading["lang"], _data(reading["data"], to_write=True)
    chosen = descriptions.register(name).reading(reading["sheet"], reading["templates"])
    wanted = fetching.sorted_out(reading["given"], reading["numbers"], chosen.description)
    wanted = replace(wanted, day=_day(reading, wanted, lang).isoformat(), skips_missing=reading["skip_missing"])
    network = fetching.Network(tuple(map(addresses.host, reading["hosts"])), reading["pause"])
    with ExitStack() as stack:
        unit = "B" if wanted.addresses else text(lang, "registers.extract")
        with bar(text(lang, "registers.fetching"), unit) as step:
            fetched = stack.enter_context(fetching.gathered(wanted, chosen.description, network, step))
        if fetched.missing:
            listed = ", ".join(fetched.missing)
            say(text(lang, "registers.left out", n=len(fetched.missing), numbers=listed))
        encoding = reading["encoding"] or chosen.encoding
        given = adding.Given(fetched.files, date.fromisoformat(wanted.day), encoding, wanted.addresses)
        with bar(text(lang, "registers.reading"), text(lang, "registers.row")) as step:
            if reading["dry_run"]:
                added, lines = adding.first_facts(folder, chosen, given, _names(reading["data"], lang), step)
            else:
                added, lines = adding.add(folder, chosen, given, step, _using(reading)), []
    if reading["dry_run"]:
        click.echo("\n".join(map(seen, lines)))
        say(text(lang, "registers.would add", rows=added.rows, facts=added.facts))
    else:
        _say_added(folder, added, lang)
        if reading["shards"]:
            from kgraph.publish import handoff

            handoff.add_graph(reading["shards"], f"{PREFIXES['source']}{added.name}")
            say(text(lang, "registers.shards", name=added.name, folder=reading["shards"]))
    _say_doubts(added, lang)


def _say_doubts(added: "Added", lang: str) -> None:
    """Say whether the file may be cut off, and in how many rows a look-up found nothing."""
    if added.unfinished:
        say(text(lang, "registers.unfinished"))
    for column, count in added.unmatched.items():
        if count:
            say(text(lang, "registers.unmatched", column=column, n=count, share=f"{count / added.rows:.1%}"))


def _using(reading: Reading) -> "Using":
    """The engine that is asked for, and where shards go."""
    from kgraph.evidence.registers.embedded import DuckDB
    from kgraph.evidence.registers.reading import Using
    from kgraph.evidence.registers.spark import Spark

    if reading["master"] and reading["engine"] != "spark":
        raise click.UsageError(text(reading["lang"], "registers.master"))
    engine = partial(Spark, master=reading["master"] or "local[*]") if reading["engine"] == "spark" else DuckDB
    folder = reading["shards"]
    if folder is None:
        return Using(engine)
    from kgraph.publish import handoff

    return Using(engine, folder / "data", handoff.everything_in(folder))


def _day(reading: Reading, wanted: "Wanted", lang: str) -> date:
    """The day of an edition: for extracts that are fetched, today by default."""
    if not (wanted.files or wanted.addresses or wanted.numbers):
        raise click.UsageError(text(lang, "registers.nothing"))
    if reading["as_of"]:
        return reading["as_of"].date()
    if wanted.files or wanted.addresses:
        raise click.UsageError(text(lang, "registers.day"))
    return date.today()


def _say_added(folder: Path, added: "Added", lang: str) -> None:
    from kgraph.evidence.registers import editions

    before = editions.earlier(folder, added.name)
    code = "updated" if added.changes else "added"
    say(text(lang, f"registers.{code}", name=added.name, rows=added.rows, facts=added.facts, anew=added.anew))
    if before:
        found = added.changes or editions.changes(folder, before, added.name)
        _say_changes(found, before, lang)
        if found.appeared or found.changed or found.gone:
            say(text(lang, "registers.see changes", before=before, name=added.name, data=folder))


@register.command()
@click.argument("file", type=PATH)
@click.option("--sheet", default="", help="The sheet of a workbook; by default the one with the most cells.")
@click.option("--encoding", default="", help="By default utf-8 or cp1250, whichever fits.")
@OUTPUT
@DATA
@LANG
def describe(file: Path, sheet: str, encoding: str, output: Path | None, data: Path | None, lang: str) -> None:
    """Propose the description of a table of your own, CSV or a workbook, from its headings and values.

    Identifiers are told by their check digits, places by TERC when the data folder has it. The description is CSVW
    metadata with a note on each column: edit it before you add the table.

    \b
    Examples:
      kgraph register describe members.xlsx -o members.json --data my-data
      kgraph register add members.json members.xlsx --as-of 2024-12-31 --data my-data --dry-run
    """
    from kgraph.evidence.registers import editions, proposing, readers

    sample = readers.sampled(file, encoding, sheet)
    found = proposing.proposed(sample, output or file.with_suffix(".json"), editions.territory(_data(data)), lang)
    for finding in found.findings:
        say(text(lang, "registers.describe.column", title=finding.title, why=finding.why(lang)))
    if found.key:
        say(text(lang, "registers.describe.key of", title=found.key))
    else:
        say(text(lang, "registers.describe.noKey"))
    put(proposing.written(found), output)
    if output:
        say(text(lang, "registers.describe.wrote", file=output, table=file))


def _say_changes(found: "Changes", before: str, lang: str) -> None:
    counts = {name: len(getattr(found, name)) for name in ("appeared", "changed", "gone")}
    say(text(lang, "registers.changes", before=before, **counts))


@register.command()
@click.argument("old")
@click.argument("new")
@options(TABLE_FORMAT, OUTPUT, DATA, LANG)
def diff(old: str, new: str, form: str | None, output: Path | None, data: Path | None, lang: str) -> None:
    """What changed between two editions of a register: rows that appeared and went, and each cell that changed.

    \b
    Examples:
      kgraph register diff opp-2023-12-31 opp-2024-12-31 --data my-data
      kgraph register diff opp-2023-12-31 opp-2024-12-31 --data my-data -o changes.csv
    """
    from kgraph.evidence.registers import editions

    found = editions.changes(_data(data), old, new)
    put_rows(found.table(), form, output)
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
    """The labels of the ontology, the kinds, the gazetteer and the units of TERC by IRI."""
    from kgraph.evidence.registers import editions
    from kgraph.evidence.turtle import parse

    folders = paths.folders(data=data)
    files = (*folders.ontologies(), folders.ontology / "kinds.ttl", folders.data / "places.ttl")
    quads = (quad for file in files for quad in parse(file) if quad.predicate in LABELS)
    named = ((quad.subject, quad.object) for quad in quads if isinstance(quad.object, ox.Literal))
    units = editions.unit_labels(folders.data, lang)
    return units | {subject.value: label.value for subject, label in named if label.language == lang}  # type: ignore[union-attr]


def _data(data: Path | None, *, to_write: bool = False) -> Path:
    if to_write:
        refuse_installed(data, "say with --data into which data folder to write; the installed one is not to be edited")
    return paths.folders(data=data).data
