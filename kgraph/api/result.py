"""A query result: it prints as a table, iterates as rows, and converts to pandas, Polars, Arrow and networkx."""

import json
import keyword
import time
import warnings
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Never, SupportsIndex

import pyoxigraph as ox

from kgraph.api import frames, grid
from kgraph.api.calling import BadCall, lacking
from kgraph.api.citation import Basis
from kgraph.api.interruptible import IsWanted
from kgraph.api.opening import Graph
from kgraph.api.values import Column, Kind, column, plain, written
from kgraph.base import csvs, words
from kgraph.base.vocab import PREFIXES
from kgraph.errors import BadQuery, EndpointError, NotFound
from kgraph.graph.names import labels
from kgraph.publish.metadata.answer_citation import Citation
from kgraph.rdf import sparql_text
from kgraph.rdf.sparql import Result as Answer
from kgraph.rdf.sparql import Table
from kgraph.rdf.store import write_file
from kgraph.rdf.terms import Term

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl
    import pyarrow as pa

Row = tuple[Term | None, ...]
Form = Literal["table", "triples", "truth"]


class NoSuchColumn(NotFound, KeyError):
    """An answer has no column of a name; also a KeyError, as of any mapping."""

    __str__ = Exception.__str__


@dataclass(frozen=True, repr=False)
class Result:
    """Rows of RDF terms with their query, its prefixes, its seconds, and whether rows were left out.

    `query` is the text that ran, with the given values in it, or the call; `truncated` rows are the first. `doubts` has
    a sentence for each term that the graph does not know, `notes` one for what was left out because it was asked.
    `basis` is the graph that was asked, and when; `kinds` are the kinds of columns that may have no values.

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
    basis: Basis | None = None
    notes: tuple[str, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.terms)

    def __bool__(self) -> bool:
        """The answer to an ASK; of any other query, whether there is a row."""
        return any(row == (ox.Literal(True),) for row in self.terms) if self.form == "truth" else bool(self.terms)

    def __iter__(self) -> Iterator[Any]:
        """Each row as a named tuple of Python values; IRIs as CURIEs where they have one, None where unbound.

        A column that is a keyword of Python, such as `class`, is the field `class_`.
        """
        row_of = namedtuple("Row", [_field(name) for name in self.columns], rename=True)  # type: ignore[misc]
        return (row_of(*map(plain, row)) for row in self.terms)

    def __getitem__(self, at: int | slice | str) -> Any:
        """One row, as in an iteration, or a list of rows for a slice, or of the values of a column.

        >>> import kgraph
        >>> answer = kgraph.query(kgraph.open(), "SELECT ?class { VALUES ?class { 1 2 } }")
        >>> answer[-1].class_, answer["class"], len(answer[:1])
        (2, [1, 2], 1)
        """
        if not isinstance(at, str | slice | SupportsIndex):
            raise BadCall(f"an answer has no rows {at!r}; take columns of its frame, answer.to_pandas()[{at!r}]")
        if isinstance(at, str):
            if at not in self.columns:
                raise NoSuchColumn(f"there is no column {at!r}; there are {', '.join(self.columns)}")
            place = self.columns.index(at)
            return [plain(row[place]) for row in self.terms]
        rows = [*replace(self, terms=self.terms[at] if isinstance(at, slice) else (self.terms[at],))]
        return rows if isinstance(at, slice) else rows[0]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Never:
            """AttributeError that leads to the column, or to the data frame."""
            advice = f"write answer[{name!r}]" if name in self.columns else "take the data frame, answer.to_pandas()"
            raise lacking("an answer", name, advice)

    def __repr__(self) -> str:
        return grid.text(self.columns, self.terms, self.truncated, (*self.doubts, *self.notes), self.day)

    def _repr_html_(self) -> str:
        return grid.html(self.columns, self.terms, self.truncated, (*self.doubts, *self.notes), self.day)

    @property
    def day(self) -> str | None:
        """The day that the answer is about; None for one about all times."""
        return self.basis.day if self.basis else None

    def named(self, lang: str = "en") -> "Result":
        """The answer with the names of things and relations in a language in place of their IRIs, for people to read.

        A column of IRIs that then repeats a column of texts is left out.

        >>> import kgraph
        >>> kgraph.query(kgraph.open(), "SELECT ?x { VALUES ?x { id:mcps } }").named()[0].x
        'Mazovian Centre for Social Policy'
        """
        if self.basis is None:
            raise BadQuery("this table is not the answer of a graph, which would have the names")
        called = labels.names(self.basis.graph.store, {term for row in self.terms for term in row}, words.known(lang))

        def name(term: Term | None) -> Term | None:
            return ox.Literal(called[term]) if isinstance(term, ox.NamedNode) and term in called else term

        rows = [[*map(name, row)] for row in self.terms]
        of_iris = [any(isinstance(row[at], ox.NamedNode) for row in self.terms) for at in range(len(self.columns))]
        texts = [at for at, is_one in enumerate(of_iris) if not is_one]
        kept = [at for at, is_one in enumerate(of_iris) if not (is_one and _repeats(at, texts, rows))]
        found = tuple(tuple(row[at] for at in kept) for row in rows)
        return replace(
            self,
            columns=tuple(self.columns[at] for at in kept),
            terms=found,
            form="table" if self.form == "triples" else self.form,
        )

    def to_pandas(self, *, curies: bool = True, languages: bool = True) -> "pd.DataFrame":
        """A data frame with nullable columns; where a column `x` has languages, `x_lang` follows it.

        Its `attrs` hold what the answer rests on: query, doubts, graph, version, hash, day. Doubts are warnings too.

        >>> import kgraph
        >>> frame = kgraph.query(kgraph.open(), "SELECT ?x { VALUES ?x { 1 UNDEF } }").to_pandas()
        >>> frame.dtypes["x"], frame.attrs["truncated"]
        (Int64Dtype(), False)
        """
        frame = frames.pandas(self._typed(curies, languages), len(self))
        frame.attrs |= self._attributes()
        for doubt in self.doubts:
            warnings.warn(doubt, stacklevel=2)
        return frame

    def _attributes(self) -> dict[str, object]:
        own = {name: getattr(self, name) for name in ("query", "prefixes", "elapsed", "truncated")}
        return (
            own | {"doubts": [*self.doubts], "notes": [*self.notes]} | (self.basis.attributes() if self.basis else {})
        )

    def cite(self, lang: str = "en") -> Citation:
        """The citation of the answer: a sentence, BibTeX and CSL-JSON, with the query and the hash of the graph.

        >>> import kgraph
        >>> answer = kgraph.query(kgraph.open(), "ASK { ?c a se:Cluster }")
        >>> answer.cite().csl["title"]
        'kgraph, a knowledge graph of the social economy'
        """
        if self.basis is None:
            raise BadQuery("this table is not the answer of a graph; there is nothing to cite")
        return self.basis.cite(self.query, words.known(lang))

    def to_polars(self, *, curies: bool = True, languages: bool = True) -> "pl.DataFrame":
        """A Polars data frame; decimals and dates stay what they are.

        >>> import kgraph
        >>> kgraph.query(kgraph.open(), "SELECT ?x { VALUES ?x { 1.5 UNDEF } }").to_polars()["x"].to_list()
        [Decimal('1.5'), None]
        """
        return frames.polars(self._typed(curies, languages))

    def to_arrow(self, *, curies: bool = True, languages: bool = True) -> "pa.Table":
        """An Arrow table; what it rests on stands, as JSON, in the schema's metadata.

        >>> import kgraph
        >>> kgraph.query(kgraph.open(), "SELECT ?x { VALUES ?x { true } }").to_arrow().schema.field("x").type
        DataType(bool)
        """
        note = {name: json.dumps(value) for name, value in self._attributes().items()} | {"query": self.query}
        return frames.arrow(self._typed(curies, languages), note)

    def to_dict(self, *, curies: bool = True) -> list[dict[str, Any]]:
        """Each row as a dictionary of Python values by column.

        >>> import kgraph
        >>> kgraph.query(kgraph.open(), "SELECT ?x { VALUES ?x { 1 } }").to_dict()
        [{'x': 1}]
        """
        return [{name: plain(term, curies) for name, term in zip(self.columns, row, strict=True)} for row in self.terms]

    def to_csv(self, path: str | Path | None = None, *, curies: bool = False) -> str | None:
        """CSV (RFC 4180) with whole IRIs, as in all files: written, whole or not at all; without a path, returned.

        >>> import kgraph
        >>> kgraph.query(kgraph.open(), "SELECT ?x { VALUES ?x { id:mcps } }").to_csv()
        'x\\r\\nhttps://w3id.org/sekg/id/mcps\\r\\n'
        """
        rows = (["" if term is None else written(term, curies) for term in row] for row in self.terms)
        return _put(csvs.written(self.columns, rows), path)

    def to_json(self, path: str | Path | None = None, *, curies: bool = False) -> str | None:
        """A JSON array of rows, days as text, IRIs whole; written to a file, or returned.

        >>> import kgraph
        >>> kgraph.query(kgraph.open(), "SELECT ?x { VALUES ?x { 1 } }").to_json()
        '[{"x": 1}]'
        """
        return _put(json.dumps(self.to_dict(curies=curies), ensure_ascii=False, default=str), path)

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

    def _typed(self, curies: bool, languages: bool) -> list[Column]:
        by_column = zip(*self.terms, strict=True) if self.terms else [()] * len(self.columns)
        named = zip(self.columns, by_column, strict=True)
        columns = [column(name, terms, curies, self.kinds.get(name, "text")) for name, terms in named]
        return [*frames.spread(columns, languages)]


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


def table(
    graph: Graph,
    columns: Sequence[str],
    rows: Sequence[Sequence[Term | None]],
    call: str,
    started: float,
    day: str | None = None,
    doubts: Sequence[str] = (),
    remarks: tuple[tuple[str, str], ...] = (),
) -> Result:
    """A computed table as a result, with the call that gave it in place of a query, and the day that it is about."""
    basis = Basis(graph, datetime.now(UTC), day, remarks)
    elapsed = time.perf_counter() - started
    return Result(
        "table", tuple(columns), tuple(map(tuple, rows)), call, {}, elapsed, doubts=tuple(doubts), basis=basis
    )


def computed(graph: Graph, call: str, compute: Callable[[], Table], day: str | None = None) -> Result:
    """A table that is computed now, as a result with the seconds that it takes."""
    started = time.perf_counter()
    return table(graph, *compute(), call, started, day)


def _repeats(at: int, others: Sequence[int], rows: Sequence[Sequence[Term | None]]) -> bool:
    """Whether a column has the values of one of some others."""
    return any(all(_value(row[other]) == _value(row[at]) for row in rows) for other in others)


def _value(term: Term | None) -> str | None:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else None


def _put(text: str, path: str | Path | None) -> str | None:
    if path is None:
        return text
    write_file(Path(path), text.encode())
    return None


def _field(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


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
