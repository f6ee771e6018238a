"""A kept file is checked and read into quads by its description."""

import csv
import inspect
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
from kgraph.evidence.registers import FACTS, METADATA, Step, quads, stated, unchanged, unwatched
from kgraph.evidence.registers.descriptions import Register
from kgraph.evidence.registers.editions import Changes, basis, changed, keyed, lookups_for
from kgraph.evidence.registers.engine import Engine, Lookup
from kgraph.evidence.registers.kept import compressed, metadata, unpacked, unzip
from kgraph.evidence.registers.readers import Table, written
from kgraph.evidence.registers.unchanged import Difference
from kgraph.rdf import csvw


@dataclass(frozen=True)
class Added:
    """What was read: the name of the source, its rows and facts, and rows in which a look-up found nothing.

    `anew` are the rows that an earlier edition does not have, which alone were read; `facts` are those of them.
    """

    name: str
    rows: int
    facts: int
    unmatched: Mapping[str, int]
    anew: int
    changes: Changes | None = None


@dataclass(frozen=True)
class Loaded:
    """The rows to be read in an engine, how the file is described, its rows, and which of them an earlier one has."""

    engine: Engine
    described: dict[str, Any]
    rows: int
    difference: Difference | None = None


def read(
    data: Path,
    register: Register,
    kept: Path,
    encoding: str,
    fresh: Path,
    step: Step = unwatched,
    before: Path | None = None,
) -> Added:
    """Write what a kept file says, its description and the file itself to a fresh folder; BadData for a bad table.

    Places are those of a data folder. `register` has the name of the edition; of rows that the edition in the folder
    `before` has, only their numbers are written.
    """
    description, edition = register.description, register.name
    known = lookups_for(data, description)
    _check_lookups(description, known)
    comparable = before if before and _basis_of(before) == basis(data) else None
    loaded = _loaded(fresh, register.metadata, description, kept, encoding, comparable)
    engine, difference = loaded.engine, loaded.difference
    _check(engine, description)
    looked_up = [column for column in description.columns if column.lookup]
    engine.look_up(looked_up, known)
    facts = _write_facts(engine, description, edition, loaded.described, fresh, step)
    with compressed(fresh / f"{kept.name}.gz") as out, kept.open("rb") as content_of:
        shutil.copyfileobj(content_of, out)
    (fresh / METADATA).write_text(json.dumps(loaded.described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    unmatched = _unmatched(engine, looked_up, difference, before)
    (fresh / READ).write_text(json.dumps({"basis": basis(data), "unmatched": unmatched}), encoding="utf-8")
    counts = {name: len(rows) for name, rows in unmatched.items()}
    if difference is None:
        return Added(edition, loaded.rows, facts, counts, loaded.rows)
    unchanged.keep(fresh, difference.unchanged)
    described = csvw.parsed(edition, loaded.described)
    sides = (keyed(described, side.values()) for side in (difference.before, difference.now))
    return Added(edition, loaded.rows, facts, counts, len(difference.now), changed(*sides))


READ = "read.json"
"""The file of an edition with what its look-ups rest on, and the rows in which they found nothing."""


def _basis_of(folder: Path) -> str:
    found: dict[str, str] = json.loads((folder / READ).read_text()) if (folder / READ).is_file() else {}
    return found.get("basis", "")


def _write_facts(
    engine: Engine, description: csvw.Description, edition: str, described: Mapping[str, Any], fresh: Path, step: Step
) -> int:
    """Write the facts of all rows of an engine; their number."""
    source, facts, done, rows = f"{PREFIXES['source']}{edition}", 0, 0, engine.count("TRUE")
    step(0, rows)
    with compressed(fresh / FACTS) as out:
        out.write(_metadata_line(source, described))
        for lines in engine.lines(description, source):
            content = lines.encode()
            facts += stated(content)
            out.write(content)
            done += content.count(CELLS)
            step(done, rows)
    return facts


CELLS = f" <{term('se:cells').value}> ".encode()


def _unmatched(
    engine: Engine, looked_up: Sequence[csvw.Column], difference: Difference | None, before: Path | None
) -> dict[str, list[int]]:
    """The rows in which a look-up that is needed found nothing, by the name of its column."""
    needed = [column.name for column in looked_up if column.required]
    every = 1 << 62
    found = {name: engine.rows(f"{quads.name(name)} IS NULL", (quads.ROW,), every) for name in needed}
    rows = {name: [int(row or 0) for (row,) in listed] for name, listed in found.items()}
    if difference and before:
        earlier = json.loads((before / READ).read_text())["unmatched"]
        for name in needed:
            missed = set(earlier.get(name, ()))
            rows[name] += [now for now, old in difference.unchanged.rows() if old in missed] if missed else []
    return rows


def _check_lookups(description: csvw.Description, known: Mapping[str, Lookup]) -> None:
    """BadData for a look-up that is not known, or not of as many columns as its own names."""
    for column in description.columns:
        if column.lookup and not _takes(known.get(column.lookup), len(column.sources)):
            values = {"lookup": column.lookup, "column": column.name, "known": ", ".join(sorted(known))}
            raise BadData(fault("description-lookup", file=description.name, **values))


def _takes(lookup: Lookup | None, values: int) -> bool:
    try:
        return lookup is not None and bool(inspect.signature(lookup).bind(*[None] * values).args)
    except TypeError:
        return False


def _loaded(
    fresh: Path,
    given: Mapping[str, Any],
    description: csvw.Description,
    kept: Path,
    encoding: str,
    before: Path | None,
) -> Loaded:
    """An engine with the rows of a kept file, or with those alone that an earlier edition does not have."""
    file = fresh / "table.csv"
    table = written(unpacked(kept, fresh), description, encoding, file)
    places = description.placed(table.header)
    described = _of_file(given, places, table.header, kept.name)
    if encoding != "utf-8":
        described["dialect"] = described.get("dialect", {}) | {"encoding": encoding}
    if table.sheet:
        described |= {"se:sheet": table.sheet, "dialect": described.get("dialect", {}) | {"skipRows": table.above}}
    comparing = Comparing(description, encoding, described, table, file)
    difference = _difference(before, comparing, fresh / "earlier") if before else None
    if difference:
        unchanged.write_numbered(file, description.delimiter, table.header, difference.now)
        _check_keys(difference, description, places)
    engine, is_numbered = Engine(), table.is_numbered or difference is not None
    rows = engine.load(file, kept.name, description, places, table.header, is_numbered=is_numbered)
    file.unlink()
    for folder in (fresh / "files", fresh / "earlier"):
        shutil.rmtree(folder, ignore_errors=True)
    return Loaded(engine, described, rows + (len(difference.same) if difference else 0), difference)


MOST_COMPARED = 256 * 1024**2
"""The most bytes of a table that is held in memory to compare it with an earlier one."""


@dataclass(frozen=True)
class Comparing:
    """A table that is to be compared with that of an earlier edition."""

    description: csvw.Description
    encoding: str
    described: Mapping[str, Any]
    table: Table
    file: Path

    def rows(self, file: Path) -> dict[int, unchanged.Cells] | None:
        """The rows of a table with the same header; None for one that is too large, or is cut."""
        delimiter, width = self.description.delimiter, len(self.table.header)
        if file.stat().st_size > MOST_COMPARED:
            return None
        try:
            found = unchanged.numbered(file, delimiter, is_numbered=self.table.is_numbered)
        except (csv.Error, ValueError):
            return None
        return found if all(len(cells) == width for cells in found.values()) else None


def _difference(before: Path, now: Comparing, folder: Path) -> Difference | None:
    """How a table differs from that of an earlier edition; None when that was described otherwise."""
    earlier = metadata(before)
    if {**earlier, "url": ""} != {**now.described, "url": ""}:
        return None
    (folder / "table").mkdir(parents=True)
    kept, table = folder / earlier["url"], folder / "table" / "earlier"
    unzip(before, kept)
    written(unpacked(kept, folder), now.description, now.encoding, table)
    found, rows = now.rows(table), now.rows(now.file)
    return unchanged.difference(before.name, found, rows) if found is not None and rows is not None else None


def _check_keys(difference: Difference, description: csvw.Description, places: Mapping[str, int]) -> None:
    """BadData for a new row with the key of one that stands in both editions."""
    at = places.get(description.key)
    if at is None:
        return
    known = {cells[at].strip() for cells in difference.same.values()}
    twice = [(row, cells[at].strip()) for row, cells in difference.now.items() if cells[at].strip() in known]
    if twice:
        (row, value), title = twice[0], next(c.titles[0] for c in description.read if c.name == description.key)
        raise BadData(fault("key-twice", row=row, column=title, value=value, n=len(twice)))


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
