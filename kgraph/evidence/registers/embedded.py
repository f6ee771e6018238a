"""The embedded engine: DuckDB in this process, with bounded memory."""

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

from kgraph.base.problems import Problem, fault
from kgraph.errors import BadData, NotFound
from kgraph.evidence.registers import Step, quads
from kgraph.evidence.registers.engine import AT_ONCE, Called, Engine, File, Row, applied
from kgraph.evidence.registers.kept import compressed
from kgraph.rdf.csvw import Description

A_BATCH, A_SHARD = 2048, 1 << 28
"""Rows whose facts are composed at once, some 5 kB each; the least bytes of a shard but the last."""

NUMBER = "number"
"""The column of a file that has the numbers of its rows."""


class DuckDB(Engine):
    """DuckDB, which spills to a folder what memory cannot hold."""

    def __init__(self, work: Path) -> None:
        try:
            import duckdb
            import pyarrow  # noqa: F401  # the form in which rows leave DuckDB
        except ImportError as error:
            raise NotFound(fault("duckdb-missing")) from error
        self.database = duckdb.connect(config={"memory_limit": "800MB", "temp_directory": str(work)})
        self.database.execute("SET enable_progress_bar = false")
        self.error = duckdb.Error
        self.work = work

    def load(self, file: File, description: Description, places: Mapping[str, int]) -> None:
        every = [f"c{at}" for at in range(len(file.header))]
        read = [*every, NUMBER] if file.is_numbered else every
        types = ", ".join(f"'{name}': 'VARCHAR'" for name in read)
        row = [f"CAST({NUMBER} AS BIGINT)"] if file.is_numbered else []
        sql = (
            f"CREATE TABLE cells AS SELECT {quads.selected(description, places, every, *row)} "
            f"FROM read_csv(?, header=true, auto_detect=false, columns={{{types}}}, delim=?, quote='\"', escape='\"')"
        )
        try:
            self.database.execute(sql, [str(file.path), description.delimiter])
        except self.error as error:
            raise BadData(_unreadable(file.called, str(error))) from error

    def query(self, sql: str) -> Sequence[Row]:
        return cast("Sequence[Row]", self.database.execute(sql).fetchall())

    def keep(self, table: str, sql: str) -> None:
        self.database.execute(f"CREATE OR REPLACE TABLE {table} AS {sql} ORDER BY {quads.ROW}")

    def extend(self, functions: Mapping[str, Called], values: Mapping[str, str]) -> None:
        self._find(functions)
        added = "".join(f", {value} AS {quads.name(column)}" for column, value in values.items())
        joined = "cells POSITIONAL JOIN found" if functions else "cells"
        self.database.execute(f"CREATE TABLE extended AS SELECT cells.*{added} FROM {joined}")
        self.database.execute("DROP TABLE IF EXISTS found; DROP TABLE cells; ALTER TABLE extended RENAME TO cells")

    def _find(self, functions: Mapping[str, Called]) -> None:
        """Make the table `found` of the results of functions, in the order of `cells`."""
        if not functions:
            return
        results = ", ".join(map(quads.name, functions))
        self.database.execute(f"CREATE TABLE found ({', '.join(f'{quads.name(name)} VARCHAR' for name in functions)})")
        sources = {quads.name(source) for called in functions.values() for source in called.sources if source}
        asked = self.database.cursor().sql(f"SELECT {', '.join(sorted(sources)) or quads.ROW} FROM cells")
        for batch in applied(asked.to_arrow_reader(AT_ONCE), functions):
            self.database.register("batch", batch)
            self.database.execute(f"INSERT INTO found SELECT {results} FROM batch")
            self.database.unregister("batch")

    def compressed_lines(self, sql: str, out: Path, step: Step) -> None:
        [rows], done = self.totals(["1"]), 0
        step(0, rows)
        with compressed(out, "ab") as file, ThreadPoolExecutor(1) as other:
            writing = other.submit(file.write, b"")
            for lines, count in self._lines(sql):  # composed while those before are compressed
                writing.result()
                writing = other.submit(file.write, lines)
                done += count
                step(done, rows)
            writing.result()

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

    def _lines(self, sql: str) -> Iterator[tuple[memoryview, int]]:
        """The one column of an answer, some thousand rows at once, which Arrow keeps end to end; and their number."""
        import pyarrow as pa

        for batch in self.database.sql(sql).to_arrow_reader(A_BATCH):
            column = batch.column(0)
            _, ends, content = column.buffers()
            borders = memoryview(ends).cast("q" if pa.types.is_large_string(column.type) else "i")
            yield memoryview(content)[borders[column.offset] : borders[column.offset + len(column)]], len(column)

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
