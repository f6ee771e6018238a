"""A kept file is checked and read into quads by its description."""

import codecs
import inspect
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from stdnum.pl import nip

from kgraph.base.problems import fault
from kgraph.base.vocab import EDITORIAL_GRAPH, PREFIXES, term
from kgraph.errors import BadData
from kgraph.evidence.registers import FACTS, METADATA, Step, quads, unchanged, unwatched
from kgraph.evidence.registers.descriptions import Register
from kgraph.evidence.registers.editions import Changes, basis, changed, keyed, lookups_for
from kgraph.evidence.registers.embedded import DuckDB
from kgraph.evidence.registers.engine import Engine, File, Lookup
from kgraph.evidence.registers.kept import compressed, content, metadata, must_end, unpacked, unzip
from kgraph.evidence.registers.readers import Table, is_text, written
from kgraph.evidence.registers.unchanged import Difference
from kgraph.rdf import csvw


@dataclass(frozen=True)
class Added:
    """What was read: the name of the source, its rows and facts, and rows in which a look-up found nothing.

    `anew` are the rows that an earlier edition does not have, which alone were read; `facts` are those of them. The
    last line of a file that is `unfinished` has no line break.
    """

    name: str
    rows: int
    facts: int
    unmatched: Mapping[str, int]
    anew: int
    changes: Changes | None = None
    unfinished: bool = False


@dataclass(frozen=True)
class Loaded:
    """How a file is described, the number of its rows, and which of them an earlier one has."""

    described: dict[str, Any]
    rows: int
    difference: Difference | None = None


@dataclass(frozen=True)
class Using:
    """The engine, which works in a folder, and a folder for the facts as plain N-Quads in shards.

    In the shards, each triple also stands in the graph `beside`, in angle brackets, or in the default graph if it is
    empty.
    """

    engine: Callable[[Path], Engine]
    shards: Path | None = None
    beside: str = ""


EMBEDDED = Using(DuckDB)


def read(
    data: Path,
    register: Register,
    kept: Path,
    encoding: str,
    fresh: Path,
    step: Step = unwatched,
    before: Path | None = None,
    using: Using = EMBEDDED,
) -> Added:
    """Write what a kept file says, its description and the file itself to a fresh folder; BadData for a bad table.

    Places are those of a data folder. `register` has the name of the edition; of rows that the edition in the folder
    `before` has, only their numbers are written.
    """
    description = register.description
    known = lookups_for(data, description)
    _check_lookups(description, known)
    is_by_row = not using.shards and not any(column.first for column in description.columns)
    comparable = before if before and is_by_row and _basis_of(before) == basis(data) else None
    work = fresh / "work"
    work.mkdir()
    engine = using.engine(work)
    try:
        loaded = _loaded(engine, fresh, register.metadata, description, kept, encoding, comparable)
        unfinished = is_text(kept, description) and must_end(kept, before)
        check(engine, description)
        engine.look_up([column for column in description.columns if column.lookup], known)
        if numbered := quads.numbered(description):
            engine.keep(numbered)
        facts = _write_facts(engine, description, loaded.described, fresh, step)
        unmatched = _unmatched(engine, description, loaded.difference, before)
        (fresh / READ).write_text(json.dumps({"basis": basis(data), "unmatched": unmatched}), encoding="utf-8")
        (fresh / METADATA).write_text(_json(loaded.described), encoding="utf-8")
        with compressed(fresh / f"{kept.name}.gz") as out, kept.open("rb") as content_of:
            shutil.copyfileobj(content_of, out)
        if using.shards:
            _write_shards(engine, description, using.shards, using.beside)
    finally:
        engine.close()
        shutil.rmtree(work)
    return replace(_added(register.name, loaded, facts, unmatched, fresh), unfinished=unfinished)


def _added(edition: str, loaded: Loaded, facts: int, unmatched: Mapping[str, Sequence[int]], fresh: Path) -> Added:
    """What was read; the rows that an earlier edition has are noted in the fresh folder."""
    counts, difference = {name: len(rows) for name, rows in unmatched.items()}, loaded.difference
    if difference is None:
        return Added(edition, loaded.rows, facts, counts, loaded.rows)
    unchanged.keep(fresh, difference.unchanged)
    described = csvw.parsed(edition, loaded.described)
    tables = (unchanged.cells(side.values(), described.delimiter) for side in (difference.before, difference.now))
    sides = (keyed(described, table) for table in tables)
    return Added(edition, loaded.rows, facts, counts, len(difference.now), changed(*sides))


def _write_shards(engine: Engine, description: csvw.Description, folder: Path, beside: str) -> None:
    """Write the facts as plain N-Quads to a folder; the names of the files begin with that of the edition."""
    for shard in engine.shards(quads.facts(description, _iri(description), beside)):
        shutil.move(shard, folder / f"{description.name}-{shard.name}")


def _json(described: Mapping[str, Any]) -> str:
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def _iri(description: csvw.Description) -> str:
    """The IRI of the source; the description has the name of the edition."""
    return f"{PREFIXES['source']}{description.name}"


READ = "read.json"
"""The file of an edition with what its look-ups rest on, and the rows in which they found nothing."""


def _basis_of(folder: Path) -> str:
    found: dict[str, str] = json.loads((folder / READ).read_text()) if (folder / READ).is_file() else {}
    return found.get("basis", "")


def _write_facts(
    engine: Engine, description: csvw.Description, described: Mapping[str, Any], fresh: Path, step: Step
) -> int:
    """Write the facts of all rows of an engine; their number."""
    source = _iri(description)
    with compressed(fresh / FACTS) as out:
        out.write(_metadata_line(source, described))
    engine.compressed_lines(quads.facts(description, source), fresh / FACTS, step)
    [facts] = engine.totals([quads.stated(description)])
    return facts


def _unmatched(
    engine: Engine, description: csvw.Description, difference: Difference | None, before: Path | None
) -> dict[str, list[int]]:
    """The rows in which a look-up that is needed found nothing, by the name of its column."""
    needed = [column.name for column in description.columns if column.lookup and column.required]
    every = (1 << 31) - 1
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
    engine: Engine,
    fresh: Path,
    given: Mapping[str, Any],
    description: csvw.Description,
    kept: Path,
    encoding: str,
    before: Path | None,
) -> Loaded:
    """Load the rows of a kept file, or those alone that an earlier edition does not have."""
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
        unchanged.write_numbered(file, description.delimiter, difference)
        _check_keys(difference, description, places)
    is_numbered = table.is_numbered or difference is not None
    engine.load(File(file, kept.name, table.header, is_numbered), description, places)
    [rows] = engine.totals(["1"])
    file.unlink()
    for folder in (fresh / "files", fresh / "earlier"):
        shutil.rmtree(folder, ignore_errors=True)
    return Loaded(described, len(difference.every.records) if difference else rows, difference)


MOST_COMPARED = 160 * 1024**2
"""The most bytes of a table that is compared with an earlier one: in memory, which takes some four times as much."""


@dataclass(frozen=True)
class Comparing:
    """A table that is to be compared with that of an earlier edition."""

    description: csvw.Description
    encoding: str
    described: Mapping[str, Any]
    table: Table
    file: Path

    def records(self, content: bytes) -> unchanged.Rows | None:
        """The rows of a table with the same header; None for one that is too large."""
        if len(content) > MOST_COMPARED:
            return None
        first = 2 + self.description.skipped
        return unchanged.records(content, self.description.delimiter, first, is_numbered=self.table.is_numbered)

    def earlier(self, before: Path, folder: Path) -> bytes:
        """The table of an earlier edition that is described in the same way."""
        is_plain = not (self.description.reader or self.description.skipped or self.table.is_numbered)
        if is_plain and self.encoding == "utf-8":
            return content(before).removeprefix(codecs.BOM_UTF8)
        kept, table = folder / str(metadata(before)["url"]), folder / "table"
        unzip(before, kept)
        written(unpacked(kept, folder), self.description, self.encoding, table)
        return table.read_bytes()


def _difference(before: Path, now: Comparing, folder: Path) -> Difference | None:
    """How a table differs from that of an earlier edition; None when that was described otherwise."""
    is_alike = {**metadata(before), "url": ""} == {**now.described, "url": ""}
    if not is_alike or now.file.stat().st_size > MOST_COMPARED:
        return None
    folder.mkdir()
    found, rows = now.records(now.earlier(before, folder)), now.records(now.file.read_bytes())
    if found is None or rows is None:
        return None
    difference = unchanged.difference(before.name, found, rows)
    if 2 * len(difference.now) < len(rows.records) or csvw.parsed("", now.described).is_used(0):
        return difference
    delimiter = now.description.delimiter  # rows may have been numbered anew
    return unchanged.difference(before.name, found.without_first(delimiter), rows.without_first(delimiter))


def _check_keys(difference: Difference, description: csvw.Description, places: Mapping[str, int]) -> None:
    """BadData for a new row with the key of one that stands in both editions.

    A key of a row that changed or went stands in no other row, because keys of the earlier edition do not repeat.
    """
    at = places.get(description.key)
    if at is None:
        return
    sides = (difference.before.values(), difference.now.values())
    old, new = (
        [row[at].strip() for row in unchanged.cells(side, description.delimiter) if at < len(row)] for side in sides
    )
    appeared = {*new} - {*old}
    same = unchanged.cells(difference.same(), description.delimiter) if appeared else ()
    known = {row[at].strip() for row in same} & appeared
    if known:
        row, value = next((number, key) for number, key in zip(difference.now, new, strict=True) if key in known)
        title = next(column.titles[0] for column in description.read if column.name == description.key)
        raise BadData(fault("key-twice", row=row, column=title, value=value, n=len(known)))


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
            raise BadData(fault(code, row=int(row or 0), column=column.titles[0], value=str(value or ""), n=n))


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
