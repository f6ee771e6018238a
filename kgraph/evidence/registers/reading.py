"""A kept file is checked and read into quads by its description."""

import csv
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from stdnum.pl import nip

from kgraph.base.problems import fault
from kgraph.base.vocab import EDITORIAL_GRAPH, PREFIXES, term
from kgraph.errors import BadData
from kgraph.evidence.registers import FACTS, METADATA, quads, stated
from kgraph.evidence.registers.editions import lookups_for
from kgraph.evidence.registers.engine import Engine
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


def read(data: Path, metadata: Mapping[str, Any], edition: str, kept: Path, encoding: str, fresh: Path) -> Added:
    """Write what a kept file says, its description and the file itself to a fresh folder; BadData for a bad table.

    Places are those of a data folder.
    """
    description = csvw.parsed(edition, metadata)
    source = f"{PREFIXES['source']}{edition}"
    known = lookups_for(data, description)
    engine, described, rows = _loaded(fresh, metadata, description, kept, encoding)
    _check(engine, description)
    looked_up = [column for column in description.columns if column.lookup]
    engine.look_up(looked_up, known)
    facts = 0
    with compressed(fresh / FACTS) as out:
        out.write(_metadata_line(source, described))
        for lines in engine.lines(description, source, rows):
            content = lines.encode()
            facts += stated(content)
            out.write(content)
    with compressed(fresh / f"{kept.name}.gz") as out, kept.open("rb") as content_of:
        shutil.copyfileobj(content_of, out)
    (fresh / METADATA).write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    needed = (column.name for column in looked_up if column.required)
    return Added(edition, rows, facts, {name: engine.count(f"{quads.name(name)} IS NULL") for name in needed})


def _loaded(
    fresh: Path, metadata: Mapping[str, Any], description: csvw.Description, kept: Path, encoding: str
) -> tuple[Engine, dict[str, Any], int]:
    """An engine with the rows of a kept file, the description of that file, and the number of rows."""
    text = _from_header(table(unpacked(kept, fresh), description, encoding), description)
    header = next(csv.reader(io.StringIO(text), delimiter=description.delimiter), [])
    places = description.placed(header)
    described = _of_file(metadata, places, header, kept.name)
    if encoding != "utf-8":
        described["dialect"] = described.get("dialect", {}) | {"encoding": encoding}
    file = fresh / "table.csv"
    file.write_text(text, encoding="utf-8", newline="")
    engine = Engine()
    rows = engine.load(file, description, places, len(header))
    file.unlink()
    shutil.rmtree(fresh / "files", ignore_errors=True)
    return engine, described, rows


def _from_header(text: str, description: csvw.Description) -> str:
    """A table without the rows above its header."""
    lines = io.StringIO(text, newline="")
    rows = csv.reader(lines, delimiter=description.delimiter)
    for _ in range(description.skipped):
        next(rows, None)
    return lines.read() if description.skipped else text


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


def _check(engine: Engine, description: csvw.Description) -> None:
    """BadData for the first fault: a missing value, a value of another form, or a key that stands twice."""
    for column in description.read:
        named = quads.name(column.name)
        if column.required:
            _refuse(engine, f"{named} IS NULL", column, "cell-missing")
        if column.check:
            wrong = [value for (value,) in engine.distinct(column.name) if not nip.is_valid(value)]
            listed = ", ".join(f"'{quads.text(value)}'" for value in wrong)
            _refuse(engine, f"{named} IN ({listed or 'NULL'})", column, "cell-check")
        if column.pattern:
            _refuse(engine, f"NOT regexp_matches({named}, '^(?:{quads.text(column.pattern)})$')", column, "cell-odd")
    key = quads.name(description.key)
    if any(column.name == description.key for column in description.read):
        twice = f"{key} IN (SELECT {key} FROM cells GROUP BY {key} HAVING count(*) > 1)"
        _refuse(engine, twice, next(c for c in description.read if c.name == description.key), "key-twice")


def _refuse(engine: Engine, condition: str, column: csvw.Column, code: str) -> None:
    found = engine.rows(condition, (quads.ROW, column.name), 1)
    if found:
        row, value = found[0]
        raise BadData(
            fault(code, row=int(row or 0), column=column.titles[0], value=str(value or ""), n=engine.count(condition))
        )


def _metadata_line(source: str, described: Mapping[str, Any]) -> bytes:
    text = ox.Literal(json.dumps(described, ensure_ascii=False, sort_keys=True))
    return f"<{source}> {term('se:tableMetadata')} {text} {EDITORIAL_GRAPH} .\n".encode()
