"""A query result: it prints as a table, iterates as rows, and converts to pandas, Polars, Arrow and networkx."""

import time
from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, Literal

import pyoxigraph as ox

from kgraph.api import frames, grid
from kgraph.api.interruptible import IsWanted
from kgraph.api.values import Column, Term, column, plain, written
from kgraph.base.vocab import PREFIXES
from kgraph.errors import BadQuery, EndpointError
from kgraph.rdf import sparql_text
from kgraph.rdf.sparql import Result as Answer

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl
    import pyarrow as pa

Row = tuple[Term | None, ...]
Form = Literal["table", "triples", "truth"]


@dataclass(frozen=True, repr=False)
class Result:
    """Rows of RDF terms with their query, its prefixes, its seconds, and whether rows were left out.

    `doubts` has a sentence for each term of the query that the graph does not know.

    >>> answer = Result("table", ("who", "since"), ((ox.NamedNode("https://w3id.org/sekg/id/mcps"), None),))
    >>> answer
    ┏━━━━━━━━━┳━━━━━━━┓
    ┃ who     ┃ since ┃
    ┡━━━━━━━━━╇━━━━━━━┩
    │ id:mcps │       │
    └─────────┴───────┘
    1 row
    >>> [row.who for row in answer]
    ['id:mcps']
    """

    form: Form
    columns: tuple[str, ...]
    terms: tuple[Row, ...]
    query: str = ""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    elapsed: float = 0.0
    truncated: bool = False
    doubts: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.terms)

    def __bool__(self) -> bool:
        """The answer to an ASK; of any other query, whether there is a row."""
        return any(row == (ox.Literal(True),) for row in self.terms) if self.form == "truth" else bool(self.terms)

    def __iter__(self) -> Iterator[Any]:
        """Each row as a named tuple of Python values; IRIs as CURIEs where they have one, None where unbound."""
        row_of = namedtuple("Row", self.columns, rename=True)  # type: ignore[misc]
        return (row_of(*map(plain, row)) for row in self.terms)

    def __repr__(self) -> str:
        return grid.text(self.columns, self.terms, self.truncated, self.doubts)

    def _repr_html_(self) -> str:
        return grid.html(self.columns, self.terms, self.truncated, self.doubts)

    def to_pandas(self, *, curies: bool = True, languages: bool = True) -> "pd.DataFrame":
        """A data frame with nullable columns; where a column `x` has languages, `x_lang` follows it.

        >>> import kgraph
        >>> frame = kgraph.query(kgraph.open(), "SELECT ?x { VALUES ?x { 1 UNDEF } }").to_pandas()
        >>> frame.dtypes["x"], frame.attrs["truncated"]
        (Int64Dtype(), False)
        """
        frame = frames.pandas([*frames.spread(self._typed(curies), languages)], len(self))
        frame.attrs |= {name: getattr(self, name) for name in ("query", "prefixes", "elapsed", "truncated")}
        return frame

    def to_polars(self, *, curies: bool = True, languages: bool = True) -> "pl.DataFrame":
        """A Polars data frame; decimals and dates stay what they are.

        >>> import kgraph
        >>> kgraph.query(kgraph.open(), "SELECT ?x { VALUES ?x { 1.5 UNDEF } }").to_polars()["x"].to_list()
        [Decimal('1.5'), None]
        """
        return frames.polars([*frames.spread(self._typed(curies), languages)])

    def to_arrow(self, *, curies: bool = True, languages: bool = True) -> "pa.Table":
        """An Arrow table; the query and whether rows are left stand in the schema's metadata.

        >>> import kgraph
        >>> kgraph.query(kgraph.open(), "SELECT ?x { VALUES ?x { true } }").to_arrow().schema.field("x").type
        DataType(bool)
        """
        note = {"query": self.query, "truncated": str(self.truncated).lower()}
        return frames.arrow([*frames.spread(self._typed(curies), languages)], note)

    def to_networkx(self, *, curies: bool = True) -> "nx.MultiDiGraph[str]":
        """Triples as a graph of things; rows as edges from the first column, or `source`, to the second, or `target`.

        >>> import kgraph
        >>> signed = kgraph.query(kgraph.open(), "SELECT ?agreement ?who { ?agreement se:hasSignatory ?who }")
        >>> signed.to_networkx().has_edge("id:agreement-2018", "id:ziola-siedleckie")
        True
        """
        if self.form == "triples":
            return frames.of_triples(self.terms, curies)
        if len(self.columns) < 2:
            raise BadQuery("a network needs two columns; select both ends of each edge")
        return frames.of_rows(self.columns, self.terms, curies)

    def _typed(self, curies: bool) -> list[Column]:
        by_column = zip(*self.terms, strict=True) if self.terms else [()] * len(self.columns)
        return [column(name, terms, curies) for name, terms in zip(self.columns, by_column, strict=True)]


def of(
    answer: Answer, query: str, started: float, limit: int | None = None, is_wanted: IsWanted = lambda: True
) -> Result:
    """At most `limit` rows of an answer, read while they are wanted; EndpointError when a SERVICE fails meanwhile.

    `started` is the value of `time.perf_counter` before the query.
    """
    try:
        form, columns, rows = _read(answer, query, is_wanted)
        kept = tuple(rows if limit is None else islice(rows, limit))
        is_cut = limit is not None and next(rows, None) is not None
    except OSError as error:
        raise EndpointError(f"another endpoint that the query names cannot be asked: {error}") from error
    return Result(form, columns, kept, query, used(query), time.perf_counter() - started, is_cut)


def _read(answer: Answer, query: str, is_wanted: IsWanted) -> tuple[Form, tuple[str, ...], Iterator[Row]]:
    match answer:
        case ox.QuerySolutions():
            columns = [variable.value for variable in answer.variables]
            places = _asked(query, columns)
            rows = (tuple(row[at] for at in places) for row in takewhile(lambda _: is_wanted(), answer))
            return "table", tuple(columns[at] for at in places), rows
        case ox.QueryTriples():
            triples = map(tuple, takewhile(lambda _: is_wanted(), answer))
            ordered = sorted(triples, key=lambda row: [written(term, curies=False) for term in row])
            return "triples", ("subject", "predicate", "object"), iter(ordered)
    return "truth", ("answer",), iter([(ox.Literal(bool(answer)),)])


def _asked(query: str, columns: Sequence[str]) -> list[int]:
    """The indices of the columns in the order to show: for `SELECT *` that of the query, not the engine's alphabet.

    >>> _asked("SELECT * { ?who se:signatoryOf ?agreement }", ("agreement", "who"))
    [1, 0]
    """
    named = sparql_text.variables(query) if sparql_text.selects_all(query) else []
    return sorted(range(len(columns)), key=lambda at: named.index(columns[at]) if columns[at] in named else len(named))


def used(query: str) -> Mapping[str, str]:
    """The known prefixes that a query uses and does not declare.

    >>> used("SELECT ?c { ?c a se:Cluster }")
    {'se': 'https://w3id.org/sekg/ns#'}
    """
    return {prefix: PREFIXES[prefix] for prefix in sorted(PREFIXES.keys() & sparql_text.undeclared(query))}
