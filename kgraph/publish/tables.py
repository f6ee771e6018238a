"""The graph as CSV tables with CSVW metadata, and the check that tables and metadata fit.

An empty cell says that the graph has no value; `known_unknown` names the properties of which a source or the curators
say that they are not known. https://www.w3.org/TR/tabular-metadata/
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyoxigraph as ox

from kgraph.base import paths, words
from kgraph.base.problems import Problem, problem
from kgraph.base.vocab import term
from kgraph.errors import BadData
from kgraph.publish.description import TABLES, Dataset, Texts
from kgraph.rdf import sparql

METADATA = "csv-metadata.json"
"""The name under which a CSVW reader looks for the metadata of the tables beside it."""


@dataclass(frozen=True)
class Column:
    """A column: name, datatype, the property that it gives, and what separates its values if it is a list."""

    name: str
    datatype: str = "string"
    predicate: str | None = None
    separator: str | None = None
    required: bool = False
    lang: str | None = None


@dataclass(frozen=True)
class Table:
    """A table: its columns, the key of its rows, and the columns that point at the rows of another table.

    A column that may be empty is no such link, because strict readers of CSVW take an empty cell for a broken one.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("iri",)
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


def _iri(name: str = "iri") -> Column:
    return Column(name, "anyURI", required=True)


def _labels(predicate: str | None = "skos:prefLabel", name: str = "name") -> Iterator[Column]:
    return (Column(f"{name}_{lang}", predicate=predicate, lang=lang) for lang in words.LANGUAGES)


def _links(name: str, predicate: str | None = None) -> Column:
    return Column(name, "anyURI", predicate, " ")


UNKNOWN = _links("known_unknown")
"""What is known not to be known, as properties."""

ALL = (
    Table(
        "organisations",
        (
            _iri(),
            *_labels(),
            Column("class", "anyURI", "rdf:type"),
            _links("kinds", "org:classification"),
            _links("seats", "se:seatIn"),
            _links("operators", "se:operatedBy"),
            Column("address", predicate="se:address", separator=" | "),
            Column("website", "anyURI", "foaf:homepage"),
            UNKNOWN,
        ),
    ),
    Table(
        "people",
        (
            _iri(),
            *_labels(),
            Column("name", predicate="foaf:name"),
            UNKNOWN,
        ),
    ),
    Table(
        "posts",
        (
            _iri(),
            Column("role", "anyURI", "org:role", required=True),
            *_labels(None, "role"),
            Column("person", "anyURI", "org:member", required=True),
            Column("organisation", "anyURI", "org:organization", required=True),
            Column("from", "date", "se:validFrom"),
            Column("until", "date", "se:validUntil"),
            Column("from_year", "gYear", "se:fromYear"),
            Column("until_year", "gYear", "se:untilYear"),
            Column("attested", "date", "se:lastAttested", " "),
            UNKNOWN,
        ),
        ("iri", "role"),
        {"person": "people", "organisation": "organisations"},
    ),
    Table(
        "places",
        (
            _iri(),
            *_labels(),
            _links("within", "se:within"),
            Column("longitude", "decimal"),
            Column("latitude", "decimal"),
            Column("codes", separator=" | "),
            _links("same", "skos:exactMatch"),
            UNKNOWN,
        ),
    ),
    Table(
        "agreements",
        (
            _iri(),
            *_labels(),
            Column("earliest", "date"),
            Column("latest", "date"),
            Column("dates", separator=" "),
            _links("places"),
            _links("establishes", "se:establishes"),
            _links("purposes", "se:hasPurpose"),
            Column(
                "number_of_signatories",
                "integer",
                "se:numberOfSignatories",
            ),
            _links("open_lists", "se:hasOpenList"),
            UNKNOWN,
        ),
    ),
    Table(
        "signatures",
        (
            _iri("agreement"),
            Column("signatory", "anyURI", "se:hasSignatory", required=True),
            Column("listed_in"),
            *_labels(None),
            _links("sources"),
        ),
        ("agreement", "signatory"),
        {"agreement": "agreements"},
    ),
    Table(
        "sources",
        (
            _iri(),
            *_labels("dcterms:title", "title"),
            Column("publisher", predicate="dcterms:publisher"),
            Column("issued", predicate="dcterms:issued"),
            Column("language", predicate="dcterms:language"),
            _links("addresses", "rdfs:seeAlso"),
            Column("copy_of", "anyURI", "dcterms:isVersionOf"),
            Column("text_at_hand", "boolean", required=True),
            Column("claims", "integer", required=True),
            UNKNOWN,
        ),
    ),
)
"""The tables of a release."""


def tables(store: ox.Store, dataset: Dataset) -> dict[str, bytes]:
    """Each CSV file and the metadata of all, by file name; equal data gives equal bytes."""
    return {table.file: _csv(store, table) for table in ALL} | {METADATA: metadata(dataset)}


def _csv(store: ox.Store, table: Table) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in table.columns)
    for row in sparql.rows(sparql.run(store, paths.query_text(f"table-{table.name}"))):
        writer.writerow(_cell(column, value) for column, value in zip(table.columns, row, strict=True))
    return text.getvalue().encode()


def _cell(column: Column, value: sparql.Value | None) -> str:
    """The text of a cell; the values of a list sorted, because a query gives them in no order."""
    given = value.value if value is not None else ""
    return column.separator.join(sorted(set(given.split(column.separator)))) if column.separator else given


def metadata(dataset: Dataset) -> bytes:
    """The CSVW description of the tables: titles, datatypes, keys, and which column points at which table."""
    part = next(part for part in dataset.parts if part.name == "tables")
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@id": TABLES.value,
        "dc:title": _texts(part.titles),
        "dc:description": _texts(part.descriptions),
        "dc:license": {"@id": dataset.licence},
        "dialect": {"header": True, "encoding": "utf-8"},
        "tables": [_described(table) for table in ALL],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _texts(given: Texts) -> list[dict[str, str]]:
    return [{"@value": text, "@language": lang} for lang, text in sorted(given.items())]


def _described(table: Table) -> dict[str, Any]:
    return {
        "url": table.file,
        "dc:title": _texts(words.texts(f"tables.{table.name}.title")),
        "tableSchema": {
            "columns": [_column(column, table.name) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"columnReference": [name], "reference": {"resource": f"{target}.csv", "columnReference": ["iri"]}}
                for name, target in table.links.items()
            ],
            "aboutUrl": f"{{+{table.columns[0].name}}}",
        },
    }


def _column(column: Column, table: str) -> dict[str, Any]:
    """A column for CSVW; what has no value is left out."""
    title = "tables.known_unknown" if column is UNKNOWN else f"tables.{table}.{column.name}"
    described = {
        "name": column.name,
        "titles": column.name,
        "dc:title": _texts(words.texts(title)),
        "datatype": column.datatype,
        "required": column.required or None,
        "separator": column.separator,
        "lang": column.lang,
        "propertyUrl": column.predicate and term(column.predicate).value,
        "valueUrl": f"{{+{column.name}}}" if column.predicate and _is_one_iri(column) else None,
    }
    return {key: value for key, value in described.items() if value is not None}


def _is_one_iri(column: Column) -> bool:
    return column.datatype == "anyURI" and column.separator is None


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
"""Whether a value is of a datatype, for those that our metadata uses."""

Rows = list[dict[str, str]]


def problems(files: Mapping[str, bytes]) -> list[Problem]:
    """Every place where tables do not fit their metadata, in a stable order; `files` by name, with the metadata."""
    try:
        described = json.loads(files[METADATA])["tables"]
        schemas = {table["url"]: table["tableSchema"] for table in described}
    except (KeyError, TypeError, ValueError) as error:
        return [problem(METADATA, "", "no-table-metadata", reason=f"{type(error).__name__}: {error}")]
    found, read = [], {}
    for name, schema in sorted(schemas.items()):
        try:
            read[name] = _read(files, name, schema)
        except BadData as error:
            found.append(error.args[0])
        except (csv.Error, UnicodeDecodeError) as error:
            found.append(problem(name, "", "unreadable", reason=str(error)))
    for name, rows in read.items():
        found += [*_cells(name, rows, schemas[name]), *_keys(name, rows, schemas[name])]
        found += _dangling(name, read, schemas[name])
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
    for number, row in enumerate(rows, 2):
        for column in schema["columns"]:
            cell, separator = row[column["name"]], column.get("separator")
            if not cell and column.get("required"):
                yield problem(name, f"#row={number}", "empty-cell", column=column["name"])
            for value in (cell.split(separator) if separator else [cell]) if cell else []:
                if not DATATYPES[column["datatype"]](value):
                    known = {"column": column["name"], "datatype": column["datatype"]}
                    yield problem(name, f"#row={number}", "wrong-value", **known, value=repr(value))


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
