"""Find things by name, passages by their words and facts by the names in them: full-text indexes in SQLite (FTS5).

Diacritics are folded and inflection is tolerated (`kgraph.base.stemming`); the best match comes first.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kgraph.base.paths import packaged_text
from kgraph.base.stemming import CHARACTERS, MOST_WORDS, Wanted, closeness, stems_in, stems_of, wanted, words_of
from kgraph.base.text import fold, similarity
from kgraph.base.vocab import ONTOLOGY_GRAPH, split
from kgraph.errors import BadData, BadQuery
from kgraph.graph.names import searchable
from kgraph.graph.names.searchable import AUXILIARY, Name, Quotation, Relation, Triple, Years, telling, told_in
from kgraph.rdf.encoding import Facts
from kgraph.rdf.endpoint import Endpoint

INDEX = "search.sqlite"
"""The name of the index inside a build folder."""


Among = Callable[[Collection[str]], Collection[str]]
"""Chooses the wanted IRIs among some."""

UNFILTERED, FILTERED = 500, 20_000
"""The most names that are put in order; more where only some of the things are wanted."""

COMMON = 300
"""The most names that have a word by which names are found, where there is such a word."""

ALIKE = 0.75
"""The least similarity of two words, from 0 to 1, that counts."""

FROM_ONE = 2
"""The most passages of one source among those found."""


@dataclass(frozen=True)
class Found:
    """A thing, its name that matched and the rank of such things; `guessed` when the name is only similar."""

    iri: str
    name: str
    kind: str
    rank: int = AUXILIARY
    guessed: bool = False


def save(store: ox.Store, folder: Path, known: Facts | None = None) -> None:
    """The index of a store as a file in a build folder; `known` is its default graph, if encoded."""
    own, linked, named = searchable.dated(store), searchable.linking(store), searchable.names(store, known)
    with _written(folder) as database:
        database.executescript(_sql("index"))
        _insert_names(database, named, searchable.years(own, linked))
        _index_names(database)
        _fill_texts(store, database, own, linked, named)


def index(store: ox.Store, database: sqlite3.Connection) -> None:
    """Fill an empty database with every label of every thing; those of an endpoint have no years."""
    database.executescript(_sql("index"))
    is_remote = isinstance(store, Endpoint)
    years = {} if is_remote else searchable.years(searchable.dated(store), searchable.linking(store))
    _insert_names(database, searchable.names(store), years)
    _index_names(database)


def add_texts(store: ox.Store, database: sqlite3.Connection) -> None:
    """Add the passages and relations to an index of names, unless it has them; an endpoint is not asked for them."""
    if not isinstance(store, Endpoint) and database.execute("PRAGMA user_version").fetchone() != (1,):
        _fill_texts(store, database, searchable.dated(store), searchable.linking(store), names(database))


def _fill_texts(
    store: ox.Store, database: sqlite3.Connection, own: Years, linked: Sequence[Triple], named: Sequence[Name]
) -> None:
    _insert_passages(database, searchable.quotations(store), own)
    _insert_relations(database, searchable.relations(store, linked, named), own)
    database.execute("PRAGMA user_version = 1")


def _sql(name: str) -> str:
    return packaged_text(f"graph/queries/{name}.sql")


def names(database: sqlite3.Connection) -> list[Name]:
    """The names of an index; those of the better rank first."""
    return [Name(*row) for row in database.execute("SELECT iri, name, kind, rank FROM label ORDER BY rowid")]


def _insert_names(database: sqlite3.Connection, names: Sequence[Name], years: Years) -> None:
    """Add names to the tables that hold them; what is filled and emptied together has equal row numbers."""
    database.executemany("INSERT INTO label (iri, name, kind, rank) VALUES (?, ?, ?, ?)", names)
    folded = [fold(one.name) for one in names]
    dated = (sorted(years.get(one.iri, ())) for one in names)
    _insert_words(database, "folded", zip(folded, dated, strict=True))
    database.executemany("INSERT INTO trigrams (name) VALUES (?)", zip(folded, strict=True))


def _index_names(database: sqlite3.Connection) -> None:
    """Index the names of a new index by their things, and count those that have each run of three characters."""
    database.execute("CREATE INDEX label_of ON label (iri)")
    database.execute("CREATE VIRTUAL TABLE temp.runs USING fts5vocab(main, trigrams, row)")
    database.execute("INSERT INTO frequency SELECT term, doc FROM runs")


def _count_more_runs(database: sqlite3.Connection, names: Iterable[Name]) -> None:
    """Add some names to the counts of runs; to count all anew would take longer, the larger the index."""
    counted = Counter(run for one in names for run in _runs(fold(one.name)))
    more = "INSERT INTO frequency VALUES (?, ?) ON CONFLICT DO UPDATE SET names = names + excluded.names"
    database.executemany(more, counted.items())


def _insert_passages(database: sqlite3.Connection, quoted: Sequence[Quotation], own: Years) -> None:
    rows = ((one.source, one.words, one.start, one.end, one.subject, one.predicate, one.object) for one in quoted)
    database.executemany(f"INSERT INTO passage ({PASSAGE}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    _insert_words(database, "quoted", ((fold(one.words), told_in(own, one.source, one.subject)) for one in quoted))


PASSAGE = "source, words, start, end, subject, predicate, object"


def _insert_relations(database: sqlite3.Connection, told: Sequence[Relation], own: Years) -> None:
    rows = ((one.subject, one.predicate, one.object) for one in told)
    database.executemany("INSERT INTO relation (subject, predicate, object) VALUES (?, ?, ?)", rows)
    _insert_words(database, "told", ((fold(one.names), told_in(own, one.subject, one.object)) for one in told))


def _insert_words(database: sqlite3.Connection, table: str, rows: Iterable[tuple[str, Iterable[int]]]) -> None:
    """Add folded texts, each with its years, to a full-text table."""
    worded = (_worded(words_of(folded), years) for folded, years in rows)
    database.executemany(f"INSERT INTO {table} (name, stems) VALUES (?, ?)", worded)


def _worded(words: Sequence[str], years: Iterable[int]) -> tuple[str, str]:
    return " ".join(words), " ".join((stems_of(words), *map(str, years)))


def add(store: ox.Store, folder: Path, things: Sequence[ox.NamedNode]) -> None:
    """Bring the index in a build folder up to date for some things, sources among them."""
    among = {thing.value for thing in things}
    own, linked = searchable.dated(store), searchable.linking(store, things)
    named = searchable.names(_only(store, things))
    with _written(folder) as database:
        _delete(database, "label", ("iri",), ("folded", "trigrams"), among)
        _insert_names(database, named, searchable.years(own, linked))
        _count_more_runs(database, named)
        _delete(database, "passage", ("source",), ("quoted",), among)
        _insert_passages(database, searchable.quotations(store, things), own)
        _delete(database, "relation", ("subject", "object"), ("told",), among)
        _insert_relations(database, searchable.relations(store, linked, names(database)), own)


def _delete(
    database: sqlite3.Connection, table: str, columns: Sequence[str], words: Sequence[str], things: Collection[str]
) -> None:
    """Delete the rows about things from a table and from the full-text tables of their words."""
    where = " OR ".join(f"{column} = ?1" for column in columns)
    for thing in things:
        for (number,) in database.execute(f"SELECT rowid FROM {table} WHERE {where}", (thing,)).fetchall():
            for each in (table, *words):
                database.execute(f"DELETE FROM {each} WHERE rowid = ?", (number,))


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
    return {text[start : start + RUN] for start in range(len(text) - RUN + 1)}


RUN = 3
"""The characters of a run."""


def open_index(store: ox.Store, folder: Path | None) -> sqlite3.Connection:
    """The index of a build folder, or one of names in memory without a folder; BadData for one that is damaged."""
    file = folder / INDEX if folder else None
    if not (file and file.is_file()):
        database = sqlite3.connect(":memory:", check_same_thread=False)
        index(store, database)
        return database
    database = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    try:
        database.execute("SELECT stems FROM told LIMIT 1").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadData(f"{file} is damaged ({error}); remove the build and run “kgraph build” again") from error
    return database


def find(database: sqlite3.Connection, text: str, limit: int = 20, among: Among | None = None) -> list[Found]:
    """Things with a name that has each word of `text`, its beginning or another form of it, best first.

    Without any, things with similar names, marked as guessed. Question words, articles and prepositions need not be in
    the name; a year may be one of the thing's. `among` chooses those wanted. Raises BadQuery for a text longer than any
    name.
    """
    asked = parsed(text)
    if not asked.words:
        return []
    rows = database.execute(_sql("beginning"), (asked.expression(), FILTERED if among else UNFILTERED)).fetchall()
    found = [Found(*row) for *row, _ in sorted(rows, key=lambda row: _order(asked, row))]
    return _once(_wanted(found, among), limit) or _similar(database, asked.whole, limit, among)


def _wanted(found: list[Found], among: Among | None) -> list[Found]:
    kept = among({hit.iri for hit in found}) if among and found else ()
    return [hit for hit in found if hit.iri in kept] if among else found


def parsed(text: str) -> Wanted:
    """The words of a text to search for; BadQuery for more than any name has."""
    asked = wanted(text[: CHARACTERS + 1])
    if len(text) > CHARACTERS or len(asked.words) > MOST_WORDS:
        raise BadQuery(
            f"a name to look for has at most {CHARACTERS} characters and {MOST_WORDS} words; write less of it"
        )
    return asked


def _order(asked: Wanted, row: Sequence[Any]) -> tuple[object, ...]:
    """The place of a hit: the whole name first, then by rank, by how near the words are, and the shorter name first."""
    iri, name, _, rank, folded = row
    return folded != asked.whole, rank, _distance(asked, folded), len(name), name, iri


def _distance(asked: Wanted, folded: str) -> int:
    """How far the words are from those of a hit; years that only its dates have count as far."""
    return sum(3 if (far := closeness(word, folded)) is None else far for word in asked.telling)


def passages(database: sqlite3.Connection, asked: Wanted, limit: int = 5) -> list[Quotation]:
    """Passages of sources with the words, the nearest first, at most two of a source; a year may be the source's."""
    rows = database.execute(_sql("quoted"), (asked.expression(),)).fetchall() if asked.words else []
    found = [Quotation(*row) for _, *row in sorted(rows, key=lambda row: (_distance(asked, row[0]), telling(row[2])))]
    earlier: Counter[str] = Counter()
    kept = [one for one in found if earlier.update([one.source]) or earlier[one.source] <= FROM_ONE]
    return kept[:limit]


def relations(database: sqlite3.Connection, asked: Wanted, limit: int = 5) -> list[tuple[str, str, str]]:
    """Facts between two things, as IRIs, in whose names together the words are; at least two words are needed."""
    several = len(asked.telling) > 1
    rows = database.execute(_sql("told"), (asked.expression(),)).fetchall() if several else []
    found = sorted(rows, key=lambda row: _distance(asked, row[0]))
    return [(subject, predicate, object_) for _, subject, predicate, object_ in found[:limit]]


def _similar(database: sqlite3.Connection, text: str, limit: int, among: Among | None = None) -> list[Found]:
    """Things with names that share trigrams with the text and have a word similar (ALIKE) to each of its words."""
    runs = sorted(_runs(text))
    listed = f"run IN ({', '.join('?' * len(runs))})"  # the runs that few names have tell names apart
    known = database.execute(f"SELECT run FROM frequency WHERE {listed} ORDER BY names, run LIMIT 5", runs).fetchall()
    if not known:
        return []
    rows = database.execute(_sql("similar"), (" OR ".join(f'"{run}"' for (run,) in known),))
    rated = sorted(((-_likeness(text, name), row) for *row, name in rows), key=lambda rating: rating[0])
    found = [replace(Found(*row), guessed=True) for likeness, row in rated if -likeness >= ALIKE]
    return _once(_wanted(found, among), limit)


def overlapping(database: sqlite3.Connection, text: str, limit: int = 20) -> list[Found]:
    """Things with a name that has any word of a text, or another form of one; those with the most and rarest first.

    Where a word is rarer than COMMON, they have such a word: to put thousands of names in order takes long.
    """
    asked = parsed(text)
    if not asked.words:
        return []
    expression = _overlap(database, asked.expressions(), limit)
    return _once((Found(*row) for row in database.execute(_sql("overlapping"), (expression, limit))), limit)


def _overlap(database: sqlite3.Connection, each: Sequence[str], limit: int) -> str:
    """The expression for names with any of some words; words that are common only put more than `limit` in order."""
    counts = {one: _count(database, one) for one in each}
    rare = [one for one, count in counts.items() if 0 < count <= COMMON]
    if not rare:
        return " OR ".join(each)
    any_rare = " OR ".join(rare)
    is_enough = sum(counts[one] for one in rare) <= limit
    return any_rare if is_enough else f"({any_rare}) AND ({' OR '.join(each)})"


def _count(database: sqlite3.Connection, expression: str) -> int:
    """The number of names that match an expression, as far as it matters."""
    (count,) = database.execute(_sql("matching"), (expression, COMMON + 1)).fetchone()
    return int(count)


def bearers(database: sqlite3.Connection, texts: Iterable[str]) -> dict[str, str]:
    """The texts that are exactly names, each with the IRI of the first thing that has it."""
    rows = database.execute(_sql("bearers"), (json.dumps([*texts]),))
    return dict(rows.fetchall())


def named(database: sqlite3.Connection, iri: str) -> list[tuple[str, str]]:
    """The names of a thing, each with its kind."""
    return database.execute("SELECT DISTINCT name, kind FROM label WHERE iri = ? ORDER BY rowid", (iri,)).fetchall()


def names_of(database: sqlite3.Connection, iris: Iterable[str]) -> dict[str, list[str]]:
    """The names of each of some things."""
    found: dict[str, list[str]] = {}
    for iri, name in database.execute(_sql("names"), (json.dumps([*iris]),)):
        found.setdefault(iri, []).append(name)
    return found


def years(database: sqlite3.Connection, iri: str) -> set[str]:
    """The years in which a thing was, and the first and last of those that it is linked with."""
    query = "SELECT label.name, folded.stems FROM label JOIN folded ON folded.rowid = label.rowid WHERE label.iri = ?"
    rows = database.execute(query, (iri,)).fetchall()
    return {year for name, words in rows for year in words.removeprefix(stems_in(name)).split()}


def kind(database: sqlite3.Connection, iri: str) -> str | None:
    """The kind of a thing; None for one without a name."""
    row = database.execute("SELECT kind FROM label WHERE iri = ? LIMIT 1", (iri,)).fetchone()
    return row[0] if row else None


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
    """The similarity (0 to 1) of the words of the text to their nearest words in the name: the least one, or 0."""
    words = re.findall(r"\w+", name) or [name]
    least = 1.0
    for typed in text.split():
        least = min(least, _nearest(typed, words))
        if least < ALIKE:
            return 0.0
    return least


def _nearest(typed: str, words: Iterable[str]) -> float:
    """The similarity of a word to the nearest of some, or 0 below ALIKE."""
    best = 0.0
    for word in words:
        best = max(best, similarity(typed, word, max(best, ALIKE)))
    return best


def _once(found: Iterable[Found], limit: int) -> list[Found]:
    best: dict[str, Found] = {}
    for hit in found:
        best.setdefault(hit.iri, hit)
    return list(best.values())[:limit]
