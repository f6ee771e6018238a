"""A kept file is checked and read into quads by its description."""

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from stdnum.pl import nip

from kgraph.base.problems import fault
from kgraph.base.vocab import EDITORIAL_GRAPH, PREFIXES, term
from kgraph.errors import BadData
from kgraph.evidence.registers import FACTS, METADATA, quads
from kgraph.evidence.registers.editions import lookups_for
from kgraph.evidence.registers.embedded import DuckDB
from kgraph.evidence.registers.engine import Engine, Lookup
from kgraph.evidence.registers.kept import compressed, unpacked
from kgraph.evidence.registers.readers import table
from kgraph.rdf import csvw


@dataclass(frozen=True)
class Added:
    """What was read: the name of the source, its rows and facts, and rows in which a look-up found nothing."""

    name: str
    rows: int
    facts: int
    unmatched: Mapping[str, int]


Engines = Callable[[Path], Engine]
"""Makes an engine that works in a folder."""


@dataclass(frozen=True)
class Shards:
    """A folder for the facts of a register as plain N-Quads, and the graph that holds all triples beside their own.

    The graph is in angle brackets; empty, it is the default graph.
    """

    folder: Path
    beside: str = ""


def read(
    data: Path,
    metadata: Mapping[str, Any],
    edition: str,
    kept: Path,
    encoding: str,
    fresh: Path,
    engines: Engines = DuckDB,
    shards: Shards | None = None,
) -> Added:
    """Write what a kept file says, its description and the file itself to a fresh folder; BadData for a bad table.

    Places are those of a data folder.
    """
    description = csvw.parsed(edition, metadata)
    known = lookups_for(data, description)
    work = fresh / "work"
    work.mkdir()
    engine = engines(work)
    try:
        described = _load(engine, work, metadata, description, kept, encoding)
        added = _read(engine, description, known, described, fresh)
        if shards:
            engine.shards(quads.facts(description, _iri(edition), shards.beside), shards.folder, edition)
    finally:
        engine.close()
        shutil.rmtree(work)
    with compressed(fresh / f"{kept.name}.gz") as out, kept.open("rb") as content_of:
        shutil.copyfileobj(content_of, out)
    (fresh / METADATA).write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return added


def _iri(edition: str) -> str:
    return f"{PREFIXES['source']}{edition}"


def _read(
    engine: Engine,
    description: csvw.Description,
    known: Mapping[str, Lookup],
    described: Mapping[str, Any],
    fresh: Path,
) -> Added:
    """Check the rows of an engine, and write their facts to a fresh folder."""
    check(engine, description)
    looked_up = [column for column in description.columns if column.lookup]
    engine.look_up(looked_up, known)
    needed = [column.name for column in looked_up if column.required]
    rows, facts, *unmatched = engine.totals(
        [
            "1",
            quads.stated(description),
            *(f"CASE WHEN {quads.name(name)} IS NULL THEN 1 ELSE 0 END" for name in needed),
        ]
    )
    source = _iri(description.name)
    with compressed(fresh / FACTS) as out:
        out.write(_metadata_line(source, described))
    engine.compressed_lines(quads.facts(description, source), fresh / FACTS)
    return Added(description.name, rows, facts, dict(zip(needed, unmatched, strict=True)))


def _load(
    engine: Engine,
    work: Path,
    metadata: Mapping[str, Any],
    description: csvw.Description,
    kept: Path,
    encoding: str,
) -> dict[str, Any]:
    """Load the rows of a kept file; the description of that file."""
    text = table(unpacked(kept, work), description, encoding)
    header = next(csv.reader(io.StringIO(text), delimiter=description.delimiter), [])
    places = description.placed(header)
    described = _of_file(metadata, places, header, kept.name)
    if encoding != "utf-8":
        described["dialect"] = described.get("dialect", {}) | {"encoding": encoding}
    file = work / "table.csv"
    file.write_text(text, encoding="utf-8", newline="")
    engine.load(file, description, places, len(header))
    return described


def _of_file(
    metadata: Mapping[str, Any], places: Mapping[str, int], header: Sequence[str], name: str
) -> dict[str, Any]:
    """The metadata of the file as it came: its columns in their order, with the titles that they have."""
    given = {column["name"]: column for column in metadata["tableSchema"]["columns"]}
    at = {place: column for column, place in places.items()}
    read = [
        given[at[place]] | {"titles": title}
        if place in at
        else {"name": f"_col{place + 1}", "titles": title, "suppressOutput": True}
        for place, title in enumerate(header)
    ]
    virtual = [column for column in given.values() if column.get("virtual")]
    schema = metadata["tableSchema"] | {"columns": [*read, *virtual]}
    return {**metadata, "url": name, "tableSchema": schema}


def check(engine: Engine, description: csvw.Description) -> None:
    """BadData for the first fault: a missing value, a value of another form, or a key that stands twice."""
    found = [fault for column in description.read for fault in _faults(engine, column)]
    key = next((column for column in description.read if column.name == description.key), None)
    if key and engine.repeats(key.name):
        found.append((key, "key-twice", quads.repeated(key.name)))
    for (column, code, condition), n in zip(found, engine.counts([condition for *_, condition in found]), strict=True):
        if n:
            row, value = engine.rows(condition, (quads.ROW, column.name), 1)[0]
            given = {"row": int(row or 0), "column": column.titles[0], "value": str(value or "")}
            raise BadData(fault(code, **given, n=n))


def _faults(engine: Engine, column: csvw.Column) -> Iterator[tuple[csvw.Column, str, str]]:
    """The faults that a column may have, each with the condition of SQL that finds its rows."""
    named = quads.name(column.name)
    if column.required:
        yield column, "cell-missing", f"{named} IS NULL"
    if column.check:
        odd = engine.distinct(column.name, f"NOT ({quads.surely_nip(column.name)})")
        wrong = ", ".join(f"'{quads.text(value)}'" for value in odd if not nip.is_valid(value))
        yield column, "cell-check", f"{named} IN ({wrong or 'NULL'})"
    if column.pattern:
        yield column, "cell-odd", f"NOT regexp_matches({named}, '^(?:{quads.text(column.pattern)})$')"


def _metadata_line(source: str, described: Mapping[str, Any]) -> bytes:
    text = ox.Literal(json.dumps(described, ensure_ascii=False, sort_keys=True))
    return f"<{source}> {term('se:tableMetadata')} {text} {EDITORIAL_GRAPH} .\n".encode()
