"""A table as Apache Parquet (https://parquet.apache.org), by pyarrow, which the extra `tables` installs."""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kgraph.base.problems import Problem, problem

EXTRA = 'pip install "kgraph-social-economy[tables]"'
"""The command that installs what this needs."""


def is_available() -> bool:
    try:
        import pyarrow.parquet  # noqa: F401 -- heavy and optional
    except ImportError:
        return False
    return True


def written(columns: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[str]]) -> bytes | None:
    """The rows, typed by the CSVW datatypes of their columns; None without pyarrow."""
    if not is_available():
        return None
    import pyarrow as pa
    import pyarrow.parquet as pq

    cells = zip(*rows, strict=True) if rows else ([] for _ in columns)
    is_whole = [column["datatype"] == "integer" for column in columns]
    arrays = []
    for whole, own in zip(is_whole, cells, strict=True):
        builder = pa.lib.StringBuilder()  # unlike pa.array, it does not load pandas, which takes a second
        builder.append_values([cell or None for cell in own])
        texts = builder.finish()
        arrays.append(texts.cast(pa.int64()) if whole else texts)
    out = io.BytesIO()
    pq.write_table(pa.table(arrays, names=[column["name"] for column in columns]), out, compression="zstd")
    return out.getvalue()


def problems(name: str, content: bytes, table: str, rows: Sequence[Mapping[str, str]]) -> Iterator[Problem]:
    """Where the file cannot be read, or has other rows than the CSV table; nothing is checked without pyarrow."""
    if not is_available():
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.ParquetFile(io.BytesIO(content)).read().to_pylist()
    except (pa.ArrowException, OSError) as error:
        yield problem(name, "", "unreadable", reason=" ".join(str(error).split())[:100])
        return
    if [{column: "" if cell is None else str(cell) for column, cell in row.items()} for row in found] != [*rows]:
        yield problem(name, "", "other-rows", table=table)
