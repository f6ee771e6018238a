"""The graph as CSV tables with CSVW metadata, and their check (https://www.w3.org/TR/tabular-metadata/).

A cell is empty where the graph has no value; `known_unknown` names properties that one leaves open and none gives.
`inferred` names the columns whose values no source states. The claims are a Parquet file too, all tables a database.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyoxigraph as ox

from kgraph.base import csvs, paths, words
from kgraph.base.problems import Problem, problem, reason
from kgraph.base.vocab import STATED
from kgraph.errors import BadData
from kgraph.graph.statements import claims
from kgraph.graph.statements.facts import statements
from kgraph.publish.formats import database, parquet
from kgraph.publish.metadata.description import Dataset, Texts
from kgraph.rdf import sparql

METADATA = "csv-metadata.json"
"""The name under which a CSVW reader looks for the metadata of the tables beside it."""
UNKNOWN = "known_unknown"
"""The column with the properties that a source or the curators call unknown."""
INFERRED = "inferred"
"""The column with the names of the columns whose values follow from other facts."""
CLAIMS, PARQUET = "claims.csv", "claims.parquet"
ALIKE = (UNKNOWN, INFERRED)
"""The columns with one title in all tables."""

Json = dict[str, Any]


def described() -> Mapping[str, Any]:
    """The metadata of the tables without titles and licence; only a required column is a foreign key."""
    # strict readers of CSVW take an empty cell for a broken key
    return paths.packaged_json(f"publish/{METADATA}")


def files() -> dict[str, str]:
    """The files of the tables, each with the key of its title in the catalogue of words."""
    return {table["url"]: f"tables.{_name(table)}.title" for table in described()["tables"]}


def _name(table: Json) -> str:
    return str(table["url"]).removesuffix(".csv")


def tables(store: ox.Store, dataset: Dataset) -> dict[str, bytes]:
    """Each CSV file and the metadata of all, the database, the claims as Parquet if pyarrow is installed, by file name.

    Equal data gives equal bytes, with the same versions of SQLite and pyarrow.
    """
    known = _metadata(dataset)
    follows = _inferred(store)
    read = {table["url"]: [*_rows(store, table, follows)] for table in known["tables"]}
    columnar = parquet.written(_columns(known, CLAIMS), read[CLAIMS])
    return {
        **{table["url"]: _csv(table, read[table["url"]]) for table in known["tables"]},
        METADATA: json_file(known),
        **{name: json_file(database.metadata(known, lang)) for lang, name in database.METADATA.items()},
        database.FILE: database.written(known, read),
        **({PARQUET: columnar} if columnar else {}),
    }


Triple = tuple[str, str, str]


def _inferred(store: ox.Store) -> frozenset[Triple]:
    """The triples that were inferred and that no source states."""
    found = statements(store)
    said = {claim.triple for claim in found.claims if claim.status == STATED}
    return frozenset((one.value, link.value, other.value) for one, link, other in found.rules.keys() - said)


def _columns(known: Json, url: str) -> list[Json]:
    (columns,) = (table["tableSchema"]["columns"] for table in known["tables"] if table["url"] == url)
    return list(columns)


def _rows(store: ox.Store, table: Json, follows: frozenset[Triple]) -> Iterator[list[str]]:
    """The cells of each row of a table; `follows` has the triples that no source states."""
    columns = table["tableSchema"]["columns"]
    found = claims.recorded(store) if table["url"] == CLAIMS else _asked(store, _name(table))
    asked = [column for column in columns if column["name"] != INFERRED]
    for row in found:
        cells = [_cell(column.get("separator"), value) for column, value in zip(asked, row, strict=True)]
        yield cells if asked == columns else [*cells, " ".join(_following(asked, cells, follows))]


def _asked(store: ox.Store, name: str) -> Iterator[tuple[sparql.Value | None, ...]]:
    return sparql.rows(sparql.run(store, paths.query_text(f"table-{name}")))


def _following(columns: Sequence[Json], cells: Sequence[str], follows: frozenset[Triple]) -> Iterator[str]:
    """The columns with a value that follows from other facts."""
    for column, cell in zip(columns, cells, strict=True):
        values = cell.split(column["separator"]) if column.get("separator") else [cell]
        about, is_own = column.get("propertyUrl"), column["name"].startswith(f"{INFERRED}_")
        if cell and (is_own or any((cells[0], about, value) in follows for value in values)):
            yield column["name"]


def _csv(table: Json, rows: Sequence[Sequence[str]]) -> bytes:
    return csvs.written((column["name"] for column in table["tableSchema"]["columns"]), rows).encode()


def _cell(separator: str | None, value: sparql.Value | None) -> str:
    """The text of a cell, with the values of a list sorted."""
    given = value.value if value is not None else ""
    return separator.join(sorted(set(given.split(separator)))) if separator else given


def json_file(document: Json) -> bytes:
    """A JSON document as a file that people can read too."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _metadata(dataset: Dataset) -> Json:
    """The CSVW description of the tables: titles, datatypes, keys, and which column points at which table."""
    part, known = next(part for part in dataset.parts if part.name == "tables"), described()
    return {
        **{key: known[key] for key in ("@context", "@id")},
        "dc:title": _texts(part.titles),
        "dc:description": _texts(part.descriptions),
        "dc:license": {"@id": dataset.licence},
        "dialect": known["dialect"],
        "tables": titled(),
    }


def titled() -> list[Json]:
    """The description of each table, with its titles and those of its columns."""
    return [_titled(table) for table in described()["tables"]]


def text_in(texts: Sequence[Mapping[str, str]], lang: str) -> str:
    """The text of a title of CSVW in a language."""
    return next(text["@value"] for text in texts if text["@language"] == lang)


def _texts(given: Texts) -> list[dict[str, str]]:
    return [{"@value": text, "@language": lang} for lang, text in sorted(given.items())]


def _titled(table: Json) -> Json:
    """A table with its titles and those of its columns in each language."""
    columns = [_titled_column(column, _name(table)) for column in table["tableSchema"]["columns"]]
    title = _texts(words.texts(f"tables.{_name(table)}.title"))
    return {"url": table["url"], "dc:title": title, "tableSchema": table["tableSchema"] | {"columns": columns}}


def _titled_column(column: Json, table: str) -> Json:
    name = column["name"]
    title = words.texts(f"tables.{name}" if name in ALIKE else f"tables.{table}.{name}")
    return {"name": name, "titles": name, "dc:title": _texts(title), **column}


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


DATATYPES: Mapping[str, Callable[[str], object]] = {
    "anyURI": re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]*").fullmatch,
    "boolean": re.compile(r"true|false").fullmatch,
    "date": _is_date,
    "decimal": re.compile(r"[+-]?\d+(\.\d+)?").fullmatch,
    "gYear": re.compile(r"-?\d{4,}").fullmatch,
    "integer": re.compile(r"[+-]?\d+").fullmatch,
    "string": lambda _: True,
}
"""Whether a text is a value of a datatype, for the datatypes of the metadata."""

Rows = list[dict[str, str]]


def problems(files: Mapping[str, bytes]) -> list[Problem]:
    """Every place where tables do not fit their metadata, in a stable order; `files` by name, with the metadata."""
    try:
        described = json.loads(files[METADATA])["tables"]
        schemas = {table["url"]: table["tableSchema"] for table in described}
    except (KeyError, TypeError, ValueError) as error:
        return [problem(METADATA, "", "no-table-metadata", reason=reason(error))]
    found, read = [], {}
    for name, schema in sorted(schemas.items()):
        try:
            read[name] = _read(files, name, schema)
        except BadData as error:
            found.append(error.args[0])
        except (csv.Error, UnicodeDecodeError) as error:
            found.append(problem(name, "", "unreadable", reason=reason(error)))
    for name, rows in read.items():
        found += [*_cells(name, rows, schemas[name]), *_keys(name, rows, schemas[name])]
        found += _dangling(name, read, schemas[name])
    if database.FILE in files:
        found += database.problems(files[database.FILE], described, read)
    if PARQUET in files:
        found += parquet.problems(PARQUET, files[PARQUET], CLAIMS, read.get(CLAIMS, []))
    return sorted(found)


def _read(files: Mapping[str, bytes], name: str, schema: Mapping[str, Any]) -> Rows:
    """The rows of a table by column; BadData when the file is not the table that the metadata describes."""
    if name not in files:
        raise BadData(problem(name, "", "missing"))
    lines = list(csv.reader(io.StringIO(files[name].decode("utf-8"), newline=""), strict=True))
    expected = [column["name"] for column in schema["columns"]]
    if lines[:1] != [expected]:
        raise BadData(problem(name, "", "other-header", header=",".join(expected)))
    for number, line in enumerate(lines[1:], 2):
        if len(line) != len(expected):
            values = {"row": number, "cells": len(line), "columns": len(expected)}
            raise BadData(problem(name, "", "other-width", **values))
    return [dict(zip(expected, line, strict=True)) for line in lines[1:]]


def _cells(name: str, rows: Rows, schema: Mapping[str, Any]) -> Iterator[Problem]:
    for column in schema["columns"]:
        cells = [row[column["name"]] for row in rows]
        faults = {cell: found for cell in {*cells} if (found := [*_misfits(name, cell, column)])}
        for number, cell in enumerate(cells, 2) if faults else ():
            yield from (replace(fault, node=f"#row={number}") for fault in faults.get(cell, ()))


def _misfits(name: str, cell: str, column: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with a cell of a column, in any row."""
    separator = column.get("separator")
    if not cell and column.get("required"):
        yield problem(name, "", "empty-cell", column=column["name"])
    for value in (cell.split(separator) if separator else [cell]) if cell else []:
        if not DATATYPES[column["datatype"]](value):
            known = {"column": column["name"], "datatype": column["datatype"]}
            yield problem(name, "", "wrong-value", **known, value=repr(value))


def _keys(name: str, rows: Rows, schema: Mapping[str, Any]) -> Iterator[Problem]:
    keys = Counter(tuple(row[column] for column in schema["primaryKey"]) for row in rows)
    for key, times in keys.items():
        if times > 1:
            yield problem(name, " ".join(key), "repeated-key", rows=times)


def _dangling(name: str, read: Mapping[str, Rows], schema: Mapping[str, Any]) -> Iterator[Problem]:
    for link in schema["foreignKeys"]:
        (column,), target = link["columnReference"], link["reference"]
        known = {row[target["columnReference"][0]] for row in read.get(target["resource"], [])}
        for value in sorted({row[column] for row in read[name]} - known - {""}):
            yield problem(name, value, "no-such-row", column=column, table=target["resource"])
