"""The engine for what one machine cannot hold: Apache Spark, which runs the SQL of the embedded engine on a cluster.

One machine reads the file into Parquet. All else runs on the workers, which need kgraph, its extra `[spark]`, and the
folder in which the engine works.
"""

import shutil
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from kgraph.base import spark
from kgraph.base.problems import fault
from kgraph.errors import NotFound
from kgraph.evidence.registers import Step, quads
from kgraph.evidence.registers.embedded import DuckDB
from kgraph.evidence.registers.engine import Called, Engine, File, Results, Row
from kgraph.rdf.csvw import Description

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

A_SHARD = 40_000
"""The approximate number of rows whose facts stand in one file, some 200 MB as plain text."""


class Spark(Engine):
    """A session of Spark; `cells` and the results of look-ups are kept as Parquet in a folder."""

    def __init__(self, work: Path, master: str) -> None:
        try:
            import sqlglot
        except ImportError as error:
            raise NotFound(fault("spark-missing")) from error
        self.session = spark.session(work, master)
        self.work = work
        self.translated = partial(sqlglot.transpile, read="duckdb", write="spark")
        self.kept = 0

    def load(self, file: File, description: Description, places: Mapping[str, int]) -> None:
        cells = self.work / "cells.parquet"
        reader = DuckDB(self.work)
        try:
            reader.load(file, description, places)
            reader.query(f"COPY cells TO '{quads.text(str(cells))}' (FORMAT parquet)")
        finally:
            reader.close()
        self.session.read.parquet(str(cells)).createOrReplaceTempView("cells")

    def query(self, sql: str) -> Sequence[Row]:
        return cast("Sequence[Row]", [tuple(row) for row in self._asked(sql).collect()])

    def keep(self, sql: str) -> None:
        self.kept += 1
        folder = str(self.work / f"kept-{self.kept}")
        self._asked(sql).write.parquet(folder)
        self.session.read.parquet(folder).createOrReplaceTempView("cells")

    def extend(self, functions: Mapping[str, Called], values: Mapping[str, str]) -> None:
        cells = self.session.table("cells")
        added = "".join(f", {value} AS {quads.name(column)}" for column, value in values.items())
        schema = ", ".join(
            (*(f"`{name}` {kind}" for name, kind in cells.dtypes), *(f"`{name}` string" for name in functions))
        )
        apply: Any = partial(applied, functions=functions)
        with warnings.catch_warnings(action="ignore"):  # of versions of pandas, which is not used
            cells.mapInArrow(apply, schema).createOrReplaceTempView("cells")
        self.keep(f"SELECT *{added} FROM cells")

    def compressed_lines(self, sql: str, out: Path, step: Step) -> None:
        step(0, 0)
        with out.open("ab") as file:
            for part in self._written(sql, "gzip"):
                with part.open("rb") as lines:
                    shutil.copyfileobj(lines, file)

    def shards(self, sql: str) -> list[Path]:
        return self._written(sql, "none")

    def _written(self, sql: str, compression: Literal["gzip", "none"]) -> list[Path]:
        """The one column of an answer, in files in the order of `cells`."""
        cells = self.session.table("cells")
        files = -(-cells.count() // A_SHARD)
        cells.repartitionByRange(max(files, 1), quads.ROW).sortWithinPartitions(quads.ROW).createOrReplaceTempView(
            "cells"
        )
        folder = self.work / f"lines-{compression}"
        [column] = (asked := self._asked(sql)).columns
        # Spark ends each record with a line feed of its own
        asked.selectExpr(f"substr({column}, 1, length({column}) - 1)").write.text(str(folder), compression)
        cells.createOrReplaceTempView("cells")
        parts = sorted(folder.glob("part-*"))
        ending = "nq.gz" if compression == "gzip" else "nq"
        return [part.rename(folder / f"{at:05}.{ending}") for at, part in enumerate(parts)]

    def _asked(self, sql: str) -> "DataFrame":
        [translated] = self.translated(sql)
        return self.session.sql(translated)

    def close(self) -> None:
        self.session.stop()


def applied(batches: Iterable["pa.RecordBatch"], functions: Mapping[str, Called]) -> Iterator["pa.RecordBatch"]:
    """Batches with a column for each function."""
    import pyarrow as pa

    results = [Results(called) for called in functions.values()]
    for batch in batches:
        added = [pa.array(result.of(_keys(batch, result.called.sources)), pa.string()) for result in results]
        yield pa.RecordBatch.from_arrays([*batch.columns, *added], names=[*batch.schema.names, *functions])


def _keys(batch: "pa.RecordBatch", sources: Sequence[str]) -> Sequence[Any]:
    """The values of the column of a look-up, or of each row those of its columns."""
    columns = [batch.column(source).to_pylist() if source else [None] * batch.num_rows for source in sources]
    return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
