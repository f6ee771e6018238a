"""Find things by name: every label in one SQLite full-text index, diacritics folded, best match first."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.text import fold
from kgraph.base.vocab import ONTOLOGY_GRAPH, split
from kgraph.errors import BadData, BadQuery
from kgraph.rdf import sparql

INDEX = "search.sqlite"
"""The name of the index inside a build folder."""

CHARACTERS, MOST_WORDS = 300, 40
"""The limits of a text to search for; no name is longer, and each word takes time."""


@dataclass(frozen=True)
class Found:
    """A thing and its name that matched; `guessed` when the name is only similar."""

    iri: str
    name: str
    kind: str
    guessed: bool = False


def save(store: ox.Store, folder: Path) -> None:
    """The index of a store's labels as a file in a build folder."""
    with _written(folder) as database:
        index(store, database)


def index(store: ox.Store, database: sqlite3.Connection) -> None:
    """Fill an empty database with every label of every thing."""
    database.executescript(_sql("index"))
    _insert(database, labels(store))


@cache
def _sql(name: str) -> str:
    return paths.packaged(f"graph/queries/{name}.sql").read_text(encoding="utf-8")


def _insert(database: sqlite3.Connection, rows: Iterable[tuple[str, str, str, int]]) -> None:
    (last,) = database.execute("SELECT coalesce(max(rowid), 0) FROM label").fetchone()
    numbered = [(number, *row) for number, row in enumerate(rows, last + 1)]
    database.executemany("INSERT INTO label (rowid, iri, name, kind, rank) VALUES (?, ?, ?, ?, ?)", numbered)
    folded = [(number, fold(name)) for number, _, name, *_ in numbered]
    for table in ("folded", "trigrams"):
        database.executemany(f"INSERT INTO {table} (rowid, name) VALUES (?, ?)", folded)
    counted = Counter(run for _, name in folded for run in _runs(name))
    more = "INSERT INTO frequency VALUES (?, ?) ON CONFLICT DO UPDATE SET names = names + excluded.names"
    database.executemany(more, counted.items())


def add(store: ox.Store, folder: Path, things: Sequence[ox.NamedNode]) -> None:
    """Bring the index in a build folder up to date for some things."""
    with _written(folder) as database:
        for thing in things:
            for (number,) in database.execute("SELECT rowid FROM label WHERE iri = ?", (thing.value,)).fetchall():
                for table in ("label", "folded", "trigrams"):
                    database.execute(f"DELETE FROM {table} WHERE rowid = ?", (number,))
        _insert(database, labels(_only(store, things)))


@contextmanager
def _written(folder: Path) -> Iterator[sqlite3.Connection]:
    """The index in a build folder, for writing; OSError when the disk is full."""
    with closing(sqlite3.connect(folder / INDEX)) as database:
        try:
            with database:
                yield database
        except sqlite3.OperationalError as error:
            raise OSError(f"the names: {error}") from error


def _only(store: ox.Store, things: Iterable[ox.NamedNode]) -> ox.Store:
    """A small store with what is known of some things, and the ontology."""
    small = ox.Store()
    small.bulk_extend(store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH))
    for thing in things:
        small.bulk_extend(store.quads_for_pattern(thing, None, None, ox.DefaultGraph()))
    return small


def _runs(text: str) -> set[str]:
    """The runs of three characters in a text."""
    return {text[start : start + 3] for start in range(len(text) - 2)}


def labels(store: ox.Store) -> Iterator[tuple[str, str, str, int]]:
    """Every label of every thing: its IRI, the label, its kind, and its rank (0 first)."""
    for thing, name, kind, rank in sparql.named(store, "labels"):
        yield thing.value, name.value, kind.value, int(rank.value)


def open_index(store: ox.Store, folder: Path | None) -> sqlite3.Connection:
    """The index of a build folder, or one made in memory when there is no folder; BadData for one that is damaged."""
    file = folder / INDEX if folder else None
    if not (file and file.is_file()):
        database = sqlite3.connect(":memory:", check_same_thread=False)
        index(store, database)
        return database
    database = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    try:
        database.execute("SELECT 1 FROM label LIMIT 1").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadData(f"{file} is damaged ({error}); remove the build and run “kgraph build” again") from error
    return database


def find(database: sqlite3.Connection, text: str, limit: int = 20) -> list[Found]:
    """Things with a name in which each word of `text` is the beginning of a word, best first; else with similar names.

    Raises BadQuery for a text longer than any name.
    """
    words = re.findall(r"\w+", fold(text[: CHARACTERS + 1]))
    if len(text) > CHARACTERS or len(words) > MOST_WORDS:
        raise BadQuery(
            f"a name to look for has at most {CHARACTERS} characters and {MOST_WORDS} words; write less of it"
        )
    if not words:
        return []
    begun = " ".join(f'"{word}"*' for word in words)
    found = _once(database.execute(_sql("beginning"), (begun, " ".join(words))), limit)
    return found or _similar(database, " ".join(words), limit)


def _similar(database: sqlite3.Connection, text: str, limit: int) -> list[Found]:
    """Things with names that share trigrams with the text and have a word similar (0.75 of 1) to each of its words."""
    runs = sorted(_runs(text))
    among = f"run IN ({', '.join('?' * len(runs))})"  # the runs that few names have tell names apart
    known = database.execute(f"SELECT run FROM frequency WHERE {among} ORDER BY names, run LIMIT 5", runs).fetchall()
    if not known:
        return []
    rows = database.execute(_sql("similar"), (" OR ".join(f'"{run}"' for (run,) in known),))
    rated = sorted(((-_likeness(text, name), row) for *row, name in rows), key=lambda rating: rating[0])
    return _once((row for likeness, row in rated if -likeness >= 0.75), limit, guessed=True)


def near(database: sqlite3.Connection, iri: str, limit: int = 3) -> list[str]:
    """IRIs of the same namespace spelt like an unknown one, else those with its words in their names."""
    namespace, slug = split(iri)
    beside = [split(other)[1] for (other,) in database.execute(_sql("beside"), (iri,)) if other.startswith(namespace)]
    words = re.findall(r"[^\W_]+", fold(slug))[:MOST_WORDS]
    named = [split(hit.iri) for hit in find(database, " ".join(words)[:CHARACTERS])]
    called = [name for other, name in named if other == namespace]
    alike = get_close_matches(slug, {*beside, *called}, limit, cutoff=0.8)
    return [namespace + name for name in alike or called[:limit]]


def _likeness(text: str, name: str) -> float:
    """The similarity (0 to 1) of the words of the text to their nearest words in the name: the least one."""
    words = re.findall(r"\w+", name) or [name]
    return min(max(SequenceMatcher(None, typed, word).ratio() for word in words) for typed in text.split())


def _once(rows: Iterable[Sequence[str]], limit: int, *, guessed: bool = False) -> list[Found]:
    best: dict[str, Found] = {}
    for iri, name, kind in rows:
        best.setdefault(iri, Found(iri, name, kind, guessed))
    return list(best.values())[:limit]
