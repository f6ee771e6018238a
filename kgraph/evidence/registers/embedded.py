"""The embedded engine: DuckDB in this process, with bounded memory."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from kgraph.base.problems import Problem, fault
from kgraph.errors import BadData, NotFound
from kgraph.evidence.registers import Step, quads
from kgraph.evidence.registers.engine import AT_ONCE, Called, Engine, File, Results, Row
from kgraph.evidence.registers.kept import compressed
from kgraph.rdf.csvw import Description

A_BATCH, A_SHARD = 128, 1 << 28
"""Rows whose facts are composed at once, some 5 kB each; the least bytes of a shard but the last."""

NUMBER = "number"
"""The column of a file that has the numbers of its rows."""


class DuckDB(Engine):
    """DuckDB, which spills to a folder what memory cannot hold."""

    def __init__(self, work: Path) -> None:
        try:
            import duckdb
        except ImportError as error:
            raise NotFound(fault("duckdb-missing")) from error
        self.database = duckdb.connect(config={"memory_limit": "800MB", "temp_directory": str(work)})
        self.database.execute("SET enable_progress_bar = false")
        self.error = duckdb.Error
        self.work = work
        self.tables: Sequence[str] = ()
        self.added: Mapping[str, str] = {}

    def load(self, file: File, description: Description, places: Mapping[str, int]) -> None:
        every = [f"c{at}" for at in range(len(file.header))]
        read = [*every, NUMBER] if file.is_numbered else every
        types = ", ".join(f"'{name}': 'VARCHAR'" for name in read)
        row = [f"CAST({NUMBER} AS BIGINT)"] if file.is_numbered else []
        sql = (
            f"CREATE TABLE read AS SELECT {quads.selected(description, places, every, *row)} "
            f"FROM read_csv(?, header=true, auto_detect=false, columns={{{types}}}, delim=?, quote='\"', escape='\"')"
        )
        try:
            self.database.execute(sql, [str(file.path), description.delimiter])
        except self.error as error:
            raise BadData(_unreadable(file.called, str(error))) from error
        self._view(["read"], {})

    def query(self, sql: str) -> Sequence[Row]:
        return cast("Sequence[Row]", self.database.execute(sql).fetchall())

    def keep(self, sql: str) -> None:
        self.database.execute(f"CREATE TABLE kept AS {sql} ORDER BY {quads.ROW}")
        self._view(["kept"], {})

    def extend(self, functions: Mapping[str, Called], values: Mapping[str, str]) -> None:
        found = [self._found(functions)] if functions else []
        self._view([*self.tables, *found], {**self.added, **values})

    def _view(self, tables: Sequence[str], added: Mapping[str, str]) -> None:
        """Have `cells` be the first of some tables, row beside row, with further columns: a copy would cost more."""
        self.tables, self.added = tables, added
        columns = [f"{tables[0]}.*", *(f"{value} AS {quads.name(column)}" for column, value in added.items())]
        joined = " POSITIONAL JOIN ".join(tables)
        self.database.execute(f"CREATE OR REPLACE VIEW cells AS SELECT {', '.join(columns)} FROM {joined}")

    def _found(self, functions: Mapping[str, Called]) -> str:
        """A new table of the results of functions, in the order of `cells`."""
        table = f"found_{len(self.tables)}"
        columns = ", ".join(f"{quads.name(name)} VARCHAR" for name in functions)
        self.database.execute(f"CREATE TABLE {table} ({columns})")
        results = [(quads.together(called.sources), Results(called, json.loads)) for called in functions.values()]
        keys = list(dict(results))
        asked = self.database.cursor().execute(f"SELECT {', '.join(keys)} FROM cells")
        with self.database.appender(table) as appender:
            while rows := asked.fetchmany(AT_ONCE):
                given = dict(zip(keys, zip(*rows, strict=True), strict=True))
                found = [result.of(given[key]) for key, result in results]
                appender.append_rows(zip(*found, strict=True))
        return table

    def compressed_lines(self, sql: str, out: Path, step: Step) -> None:
        [rows], done = self.totals(["1"]), 0
        step(0, rows)
        with compressed(out, "ab") as file:
            for lines, count in self._lines(sql):  # DuckDB composes others meanwhile
                file.write(lines)
                done += count
                step(done, rows)

    def shards(self, sql: str) -> list[Path]:
        shards: list[Path] = []
        left = 0
        for lines, _ in self._lines(sql):
            if left <= 0:
                shards.append(self.work / f"{len(shards):05}.nq")
                left = A_SHARD
            with shards[-1].open("ab") as out:
                left -= out.write(lines)
        return shards

    def _lines(self, sql: str) -> Iterator[tuple[bytes, int]]:
        """The one column of an answer, some rows at once, end to end; and their number."""
        asked = self.database.cursor().execute(f"SELECT encode(COLUMNS(*)) FROM ({sql})")
        while rows := asked.fetchmany(A_BATCH):
            yield b"".join([lines for (lines,) in rows]), len(rows)

    def close(self) -> None:
        self.database.close()


LINE = re.compile(r"CSV Error on Line: (\d+)")
COLUMNS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
"""Match what DuckDB says of a line that is not CSV."""


def _unreadable(file: str, message: str) -> Problem:
    """What is wrong with a line of a file, by the message of DuckDB."""
    line, columns = LINE.search(message), COLUMNS.search(message)
    if line and columns:
        return fault("table-cells", file=file, line=line[1], expected=columns[1], found=columns[2])
    if line and "unterminated quote" in message:
        return fault("table-quote", file=file, line=line[1])
    return fault("table-cut", file=file, reason=message.partition("\n")[0])
