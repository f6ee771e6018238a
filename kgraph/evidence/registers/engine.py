"""Whole registers as SQL over tables: the only module that speaks to an engine.

The SQL keeps to what DuckDB and Spark share. Look-ups are functions that both call.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kgraph.base.problems import fault
from kgraph.errors import BadData, NotFound
from kgraph.evidence.registers import quads
from kgraph.rdf.csvw import Column, Description

Lookup = Callable[..., str | None]
"""A function of values of columns, any of which may be None."""

AT_ONCE, NUMBER = 5000, "number"
"""Rows whose facts are composed at once, some 5 kB each; the column of a file that has the numbers of its rows."""


class Engine:
    """An embedded database with the rows of one register in the table `cells`: texts, and None for null values."""

    def __init__(self) -> None:
        try:
            import duckdb
        except ImportError as error:
            raise NotFound(fault("duckdb-missing")) from error
        self.database = duckdb.connect(config={"memory_limit": "800MB"})
        self.database.execute("SET enable_progress_bar = false")
        self.error = duckdb.Error
        self.functions: set[str] = set()

    def load(
        self,
        path: Path,
        called: str,
        description: Description,
        places: Mapping[str, int],
        header: Sequence[str],
        *,
        is_numbered: bool = False,
    ) -> int:
        """Read a CSV file in UTF-8 with a header; the number of rows. BadData for a file that is no table.

        Errors call the file as it was called when it came. The last column of a numbered file, beyond its header, has
        the numbers of its rows.
        """
        every = [f"c{at}" for at in range(len(header))]
        read = [*every, NUMBER] if is_numbered else every
        types = ", ".join(f"'{name}': 'VARCHAR'" for name in read)
        row = [f"CAST({NUMBER} AS BIGINT)"] if is_numbered else []
        sql = (
            f"CREATE TABLE cells AS SELECT {quads.selected(description, places, every, *row)} "
            f"FROM read_csv(?, header=true, auto_detect=false, columns={{{types}}}, delim=?, quote='\"', escape='\"')"
        )
        try:
            self.database.execute(sql, [str(path), description.delimiter])
        except self.error as error:
            raise BadData(fault("table-cut", file=called, reason=str(error).splitlines()[0])) from error
        return self.count("TRUE")

    def count(self, condition: str) -> int:
        """The number of rows for which a condition holds."""
        found = self.database.execute(f"SELECT count(*) FROM cells WHERE {condition}").fetchone()
        return int(found[0]) if found else 0

    def rows(self, condition: str, columns: Sequence[str], most: int) -> list[tuple[str | int | None, ...]]:
        """The values of columns in at most `most` rows for which a condition holds, in the order of the file."""
        chosen = ", ".join(map(quads.name, columns))
        sql = f"SELECT {chosen} FROM cells WHERE {condition} ORDER BY {quads.ROW} LIMIT {most}"
        return self.database.execute(sql).fetchall()

    def distinct(self, column: str) -> list[tuple[str]]:
        """The distinct values of a column, without None, in order."""
        named = quads.name(column)
        return self.database.execute(
            f"SELECT DISTINCT {named} FROM cells WHERE {named} IS NOT NULL ORDER BY 1"
        ).fetchall()

    def look_up(self, columns: Sequence[Column], lookups: Mapping[str, Lookup]) -> None:
        """Add columns with the results of look-ups; one may use another's result."""
        waiting, named = [*columns], {column.name for column in columns}
        while waiting:
            ready = [column for column in waiting if not named & {*column.sources}]
            for column in ready:
                if column.lookup not in self.functions:
                    self.functions.add(column.lookup)
                    self._add_function(column.lookup, lookups[column.lookup], len(column.sources))
            added = ", ".join(f"{quads.called(column)} AS {quads.name(column.name)}" for column in ready)
            self.database.execute(f"CREATE OR REPLACE TABLE cells AS SELECT *, {added} FROM cells")
            waiting = [column for column in waiting if column not in ready]
            named -= {column.name for column in ready}

    def _add_function(self, name: str, lookup: Lookup, values: int) -> None:
        from duckdb.func import SPECIAL
        from duckdb.sqltypes import VARCHAR

        types: list[Any] = [VARCHAR] * values
        self.database.create_function(name, lookup, types, VARCHAR, null_handling=SPECIAL)

    def lines(self, description: Description, source: str) -> Iterator[str]:
        """The facts of all rows as N-Quads, those of some thousand rows at once."""
        sql = quads.facts(description, source)
        ends = self.database.execute(f"SELECT min({quads.ROW}), max({quads.ROW}) FROM cells").fetchone()
        first, last = ends if ends and ends[0] else (1, 0)
        for start in range(first, last + 1, AT_ONCE):
            found = self.database.execute(f"{sql} WHERE {quads.ROW} >= {start} AND {quads.ROW} < {start + AT_ONCE}")
            yield "".join(f"{lines}\n" for (lines,) in found.fetchall())
