"""Find things by name: every label in one SQLite full-text index, diacritics folded, best match first."""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kgraph import query

INDEX = "search.sqlite"
"""The name of the index inside a build folder."""

UNDECOMPOSED = str.maketrans("łŁ", "lL")


@dataclass(frozen=True)
class Found:
    """A thing whose name matches, and the name that did."""

    iri: str
    name: str
    kind: str


def fold(text: str) -> str:
    """Lower case without diacritics, for comparing.

    >>> fold("Spółdzielnia „Zioła”")
    'spoldzielnia „ziola”'
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(UNDECOMPOSED))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def write(store: ox.Store, folder: Path) -> None:
    """The index of a store's labels as a file in a build folder."""
    with sqlite3.connect(folder / INDEX) as database:
        index(store, database)
    database.close()


def index(store: ox.Store, database: sqlite3.Connection) -> None:
    """Fill an empty database with every label of every thing."""
    database.execute("CREATE TABLE label (iri TEXT, name TEXT, kind TEXT, rank INTEGER)")
    database.execute("CREATE VIRTUAL TABLE folded USING fts5(name, prefix='1 2 3')")
    rows = list(_labels(store))
    database.executemany("INSERT INTO label VALUES (?, ?, ?, ?)", rows)
    database.executemany(
        "INSERT INTO folded (rowid, name) VALUES (?, ?)", ((n, fold(row[1])) for n, row in enumerate(rows, 1))
    )


def _labels(store: ox.Store) -> Iterator[tuple[str, str, str, int]]:
    for thing, name, kind, rank in query.named(store, "labels"):
        yield thing.value, name.value, kind.value, int(rank.value)


def open_index(store: ox.Store, folder: Path | None) -> sqlite3.Connection:
    """The index of a build folder, or one made in memory when there is no folder."""
    if folder and (folder / INDEX).is_file():
        return sqlite3.connect(f"file:{folder / INDEX}?mode=ro", uri=True)
    database = sqlite3.connect(":memory:")
    index(store, database)
    return database


def find(database: sqlite3.Connection, text: str, limit: int = 20) -> list[Found]:
    """Things with a name in which every word of `text` begins some word, each thing once, best first."""
    words = re.findall(r"\w+", fold(text))
    if not words:
        return []
    rows = database.execute(
        """SELECT label.iri, label.name, label.kind FROM folded JOIN label ON label.rowid = folded.rowid
           WHERE folded MATCH ?
           ORDER BY folded.name = ? DESC, label.rank, bm25(folded), length(label.name), label.iri""",
        (" ".join(f'"{word}"*' for word in words), fold(text).strip()),
    )
    best: dict[str, Found] = {}
    for iri, name, kind in rows:
        best.setdefault(iri, Found(iri, name, kind))
    return list(best.values())[:limit]
