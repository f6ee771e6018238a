"""Whole registers as SQL over tables: what an engine must do, and what all engines share.

`embedded.py` is DuckDB in this process and the default, `spark.py` a cluster. The SQL of `quads.py` runs on both.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kgraph.evidence.registers import Step, quads
from kgraph.rdf.csvw import Column, Description

Lookup = Callable[..., str | None]
"""A function of values of columns, any of which may be None."""

Row = tuple[str | int | None, ...]


@dataclass(frozen=True)
class File:
    """A CSV file in UTF-8 with a header, and what it was called when it came.

    The last column of a numbered file, beyond its header, has the numbers of its rows.
    """

    path: Path
    called: str
    header: Sequence[str]
    is_numbered: bool = False


@dataclass(frozen=True)
class OfMany:
    """A look-up in one column by a function that finds the results of many values at once."""

    results: Callable[[tuple[str, ...]], Iterable[str | None]]

    def __call__(self, value: str | None) -> str | None:
        return next(iter(self.results((value,)))) if value else None


@dataclass(frozen=True)
class Called:
    """A look-up in some columns; an empty name among them stands for no value."""

    lookup: Lookup
    sources: tuple[str, ...]


AT_ONCE, MOST_KNOWN = 20_000, 100_000
"""Rows in which values are looked up at once, and combinations of values whose results are remembered."""


@dataclass(frozen=True)
class Phrase:
    """A look-up that is SQL: a text around a value, or around the result of the look-up `of`; `{}` is its place."""

    words: str
    of: str = ""

    def __call__(self, value: str | None) -> str | None:
        return self.words.format(value) if value else None


class Engine(ABC):
    """The rows of one register in the table `cells`: texts, and None for null values."""

    @abstractmethod
    def load(self, file: File, description: Description, places: Mapping[str, int]) -> None:
        """Read a file; BadData for one that is no table."""

    @abstractmethod
    def query(self, sql: str) -> Sequence[Row]:
        """The rows of an answer."""

    @abstractmethod
    def keep(self, sql: str) -> None:
        """Have `cells` be an answer, which may read the one before."""

    @abstractmethod
    def extend(self, functions: Mapping[str, Called], values: Mapping[str, str]) -> None:
        """Add columns to `cells`: results of functions, and expressions that may use these."""

    @abstractmethod
    def compressed_lines(self, sql: str, out: Path, step: Step) -> None:
        """Append the one column of an answer, in the order of `cells`, to a file in gzip; `step` is told the rows."""

    @abstractmethod
    def shards(self, sql: str) -> list[Path]:
        """Write the one column of an answer, in the order of `cells`, to files in the folder of the engine."""

    @abstractmethod
    def close(self) -> None:
        """Give back memory and files."""

    def totals(self, numbers: Sequence[str]) -> tuple[int, ...]:
        """The sums of expressions over all rows, in one pass."""
        if not numbers:
            return ()
        [found] = self.query(f"SELECT {', '.join(f'sum({number})' for number in numbers)} FROM cells")
        return tuple(int(n or 0) for n in found)

    def counts(self, conditions: Sequence[str]) -> tuple[int, ...]:
        """The numbers of rows for which each condition holds, in one pass."""
        return self.totals([f"CASE WHEN {condition} THEN 1 ELSE 0 END" for condition in conditions])

    def repeats(self, column: str) -> int:
        """The number of values of a column that stand there again."""
        named = quads.name(column)
        [found] = self.query(f"SELECT count({named}) - count(DISTINCT {named}) FROM cells")
        return int(found[0] or 0)

    def rows(self, condition: str, columns: Sequence[str], most: int) -> Sequence[Row]:
        """The values of columns in at most `most` rows for which a condition holds, in the order of the file."""
        chosen = ", ".join(map(quads.name, columns))
        return self.query(f"SELECT {chosen} FROM cells WHERE {condition} ORDER BY {quads.ROW} LIMIT {most}")

    def distinct(self, column: str, condition: str = "TRUE") -> list[str]:
        """The distinct values of a column in rows for which a condition holds, without None, in order."""
        named = quads.name(column)
        where = f"{named} IS NOT NULL AND ({condition})"
        return [str(value) for (value,) in self.query(f"SELECT DISTINCT {named} FROM cells WHERE {where} ORDER BY 1")]

    def look_up(self, columns: Sequence[Column], lookups: Mapping[str, Lookup]) -> None:
        """Add columns with the results of look-ups; one may use another's result."""
        waiting = [*columns]
        while waiting:
            named = {column.name for column in waiting}
            ready = [column for column in waiting if not named & {*column.sources}]
            self._add(ready, lookups)
            waiting = [column for column in waiting if column not in ready]

    def _add(self, columns: Sequence[Column], lookups: Mapping[str, Lookup]) -> None:
        """Add columns whose sources are there; a look-up in the same columns is called once."""
        functions: dict[str, Called] = {}
        values = {}
        for column in columns:
            found = lookups[column.lookup]
            called, words = (found.of, found.words) if isinstance(found, Phrase) else (column.lookup, "{}")
            value = quads.result(called, column.sources) if called else column.sources[0]
            if called:
                functions[value] = Called(lookups[called], column.sources)
            values[column.name] = quads.phrase(words, quads.name(value))
        self.extend(functions, values)


@dataclass(frozen=True)
class Results:
    """The results of a look-up. Those in several columns are remembered: they mostly repeat, as those of a place do.

    `values` gives the values of the columns that a key stands for.
    """

    called: Called
    values: Callable[[Any], Iterable[str | None]] = tuple
    known: dict[Any, str | None] = field(default_factory=dict)

    def of(self, keys: Sequence[Any]) -> list[str | None]:
        """The results for rows: for the values of the one column, or for keys that stand for those of several."""
        lookup = self.called.lookup
        if isinstance(lookup, OfMany):
            found = iter(lookup.results(tuple(filter(None, keys))))
            return [next(found) if value else None for value in keys]
        if len(self.called.sources) == 1:
            return list(map(lookup, keys))
        if len(self.known) > MOST_KNOWN:
            self.known.clear()
        self.known.update((key, lookup(*self.values(key))) for key in {*keys} - self.known.keys())
        return list(map(self.known.__getitem__, keys))
