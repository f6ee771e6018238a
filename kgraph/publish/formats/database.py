"""The tables of a release as one SQLite database, and their descriptions for Datasette (https://datasette.io).

Columns have the types, keys and references that the CSVW metadata gives them; an empty cell is NULL.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import PurePosixPath
from typing import Any

from kgraph.base.problems import Problem, problem

FILE = "sekg.sqlite"
METADATA = {"en": "datasette.json", "pl": "datasette.pl.json"}
"""The files of descriptions by language (https://docs.datasette.io/en/stable/metadata.html)."""
TYPES = {"boolean": "INTEGER", "integer": "INTEGER", "gYear": "INTEGER", "decimal": "REAL"}
"""The types of columns by CSVW datatype; all others are TEXT."""
WITHOUT_VALUE = {"": None, "true": 1, "false": 0}

Json = dict[str, Any]
Rows = Mapping[str, Sequence[Sequence[str]]]


def written(known: Json, rows: Rows) -> bytes:
    """A database with the rows of each table by file name, sorted as given; equal rows give equal bytes."""
    with closing(sqlite3.connect(":memory:")) as store:
        store.execute("PRAGMA page_size = 4096")
        for table in known["tables"]:
            for statement in _schema(table):
                store.execute(statement)
        for table in known["tables"]:
            columns = table["tableSchema"]["columns"]
            values = ([*map(_value, columns, row)] for row in rows[table["url"]])
            store.executemany(f"INSERT INTO {_name(table)} VALUES ({', '.join('?' * len(columns))})", values)
        store.commit()
        return bytes(store.serialize())


def _schema(table: Json) -> Iterator[str]:
    """The statements that make a table and an index for each column of IRIs."""
    schema, name = table["tableSchema"], _name(table)
    parts = [_column(column) for column in schema["columns"]]
    parts.append(f"PRIMARY KEY ({', '.join(map(_quoted, schema['primaryKey']))})")
    for link in schema["foreignKeys"]:
        (column,), target = link["columnReference"], link["reference"]
        resource = _quoted(_stem(target["resource"]))
        parts.append(f"FOREIGN KEY ({_quoted(column)}) REFERENCES {resource} ({_quoted(*target['columnReference'])})")
    yield f"CREATE TABLE {name} ({', '.join(parts)})"
    for column in schema["columns"]:
        is_single = column["datatype"] == "anyURI" and not column.get("separator")
        if (is_single or column["name"] == "object") and column["name"] != schema["primaryKey"][0]:
            index = _quoted(f"{_stem(table['url'])}_{column['name']}")
            yield f"CREATE INDEX {index} ON {name} ({_quoted(column['name'])})"


def _column(column: Json) -> str:
    kind = "TEXT" if column.get("separator") else TYPES.get(column["datatype"], "TEXT")
    return f"{_quoted(column['name'])} {kind}{' NOT NULL' if column.get('required') else ''}"


def _name(table: Json) -> str:
    return _quoted(_stem(table["url"]))


def _stem(file: str) -> str:
    """The name of a file without its ending."""
    return PurePosixPath(file).stem


def _quoted(name: str) -> str:
    return f'"{name}"'


def _value(column: Json, cell: str) -> str | int | None:
    """A cell as SQLite stores it; the column's affinity turns digits into numbers."""
    return WITHOUT_VALUE.get(cell, cell) if not cell or column["datatype"] == "boolean" else cell


def metadata(known: Json, lang: str) -> Json:
    """The titles of the tables and the descriptions of their columns in a language, for Datasette."""
    (licence,) = known["dc:license"].values()
    about = {"title": _text(known["dc:title"], lang), "description": _text(known["dc:description"], lang)}
    tables = {_stem(table["url"]): _described(table, lang) for table in known["tables"]}
    return {
        **about,
        "license": "CC BY 4.0",
        "license_url": licence,
        "databases": {_stem(FILE): {"tables": tables}},
    }


def _described(table: Json, lang: str) -> Json:
    columns = {column["name"]: _text(column["dc:title"], lang) for column in table["tableSchema"]["columns"]}
    return {"title": _text(table["dc:title"], lang), "columns": columns}


def _text(texts: Sequence[Mapping[str, str]], lang: str) -> str:
    return next(one["@value"] for one in texts if one["@language"] == lang)


def problems(content: bytes, tables: Sequence[Json], read: Mapping[str, Sequence[Mapping[str, str]]]) -> list[Problem]:
    """Where the database cannot be read, or a table has other rows than its CSV file; `read` by file name."""
    known = [table for table in tables if table["url"] in read]
    try:
        with closing(sqlite3.connect(":memory:")) as store:
            store.deserialize(content)
            return [
                problem(FILE, "", "other-rows", table=table["url"]) for table in known if not _fits(store, table, read)
            ]
    except sqlite3.Error as error:
        return [problem(FILE, "", "not-a-database", reason=str(error))]


def _fits(store: sqlite3.Connection, table: Json, read: Mapping[str, Sequence[Mapping[str, str]]]) -> bool:
    """Whether a table has the rows of its CSV file, both with the column types of the database."""
    columns = table["tableSchema"]["columns"]
    store.execute(f"CREATE TEMP TABLE expected ({', '.join(map(_column, columns))})")
    values = ([_value(column, row[column["name"]]) for column in columns] for row in read[table["url"]])
    store.executemany(f"INSERT INTO expected VALUES ({', '.join('?' * len(columns))})", values)
    found = store.execute(f"SELECT * FROM main.{_name(table)}").fetchall()
    expected = store.execute("SELECT * FROM expected").fetchall()
    store.execute("DROP TABLE expected")
    return sorted(map(repr, found)) == sorted(map(repr, expected))
