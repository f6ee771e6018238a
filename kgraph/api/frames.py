"""Columns as pandas, Polars and Arrow tables, rows as a networkx graph."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from kgraph.api.values import Column, Kind, Plain, Rows, plain, written
from kgraph.errors import NotFound

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl
    import pyarrow as pa

PANDAS: Mapping[Kind, str] = {
    "iri": "string",
    "text": "string",
    "integer": "Int64",
    "decimal": "Float64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
    "time": "datetime64[us]",
    "instant": "datetime64[us, UTC]",
}
"""Each can hold a missing value; pandas has no decimal and no plain date."""
EMPTY: Mapping[Kind, str] = {"iri": "string", "text": "string", "integer": "int64", "date": "date32"}
"""The Arrow types of kinds that a column without any value may have; others are inferred from the values."""


@contextmanager
def optional(library: str) -> Iterator[None]:
    """Import an optional library; NotFound, with the pip command, when it is missing."""
    try:
        yield
    except ImportError as error:
        raise NotFound(f"{library} is not installed; say pip install {library}") from error


def spread(columns: Sequence[Column], languages: bool) -> Iterator[Column]:
    """The columns, with a column `x_lang` after each `x` that has languages, unless that name is taken."""
    taken = {column.name for column in columns}
    for column in columns:
        yield column
        if languages and column.languages is not None and (name := f"{column.name}_lang") not in taken:
            yield Column(name, "text", column.languages, None)


def pandas(columns: Sequence[Column], rows: int) -> "pd.DataFrame":
    with optional("pandas"):
        import pandas as pd

    series = {
        column.name: pd.Series(pd.array(list(column.values), dtype=PANDAS[column.kind]))  # type: ignore[call-overload]
        for column in columns
    }
    return pd.DataFrame(series, index=pd.RangeIndex(rows))


def polars(columns: Sequence[Column]) -> "pl.DataFrame":
    with optional("polars"):
        import polars as pl

    types = {"iri": pl.String, "text": pl.String, "integer": pl.Int64, "date": pl.Date}
    return pl.DataFrame([pl.Series(c.name, c.values, types.get(c.kind)) for c in columns])


def arrow(columns: Sequence[Column], note: Mapping[str, str]) -> "pa.Table":
    with optional("pyarrow"):
        import pyarrow as pa

    types = {kind: getattr(pa, name)() for kind, name in EMPTY.items()}
    arrays = [pa.array(column.values, types.get(column.kind)) for column in columns]
    return pa.Table.from_arrays(arrays, names=[column.name for column in columns], metadata=dict(note))


def of_triples(rows: Rows, curies: bool) -> "nx.MultiDiGraph[str]":
    """Triples as edges keyed by predicate; literals as attributes of their node, several with “; ” between."""
    import networkx as nx
    import pyoxigraph as ox

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in rows:
        subject, predicate, object_ = (written(term, curies) for term in row if term is not None)
        graph.add_node(subject)
        if isinstance(row[2], ox.Literal):
            before = graph.nodes[subject].get(predicate)
            value = _attribute(plain(row[2]))
            graph.nodes[subject][predicate] = value if before is None else f"{before}; {value}"
        else:
            graph.add_edge(subject, object_, key=predicate)
    return graph


def _attribute(value: Plain | None) -> str | int | float | bool:
    """A value that GEXF and GraphML can hold: days as text, decimals as floating-point numbers."""
    return float(value) if isinstance(value, Decimal) else value if isinstance(value, str | int | float) else str(value)


def of_rows(names: Sequence[str], rows: Rows, curies: bool) -> "nx.MultiDiGraph[str]":
    """Rows as edges from `source` to `target`, else first to second column; other columns as attributes."""
    import networkx as nx

    one, other = (names.index(name) for name in ("source", "target")) if {"source", "target"} <= {*names} else (0, 1)
    rest = [number for number in range(len(names)) if number not in (one, other)]
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in rows:
        start, end = row[one], row[other]
        values = {names[number]: _attribute(plain(row[number], curies)) for number in rest if row[number] is not None}
        if start is not None and end is not None:
            graph.add_edge(written(start, curies), written(end, curies), **values)
    return graph
