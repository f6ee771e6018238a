"""Facts of one's own as triples: from a file, triples, an rdflib graph, an answer, or a data frame."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kgraph.api.values import is_missing, term_of
from kgraph.base.vocab import TYPE
from kgraph.errors import BadData, KgraphError
from kgraph.graph.names import labels
from kgraph.rdf import files
from kgraph.rdf.terms import Term

Given = str | Path | Iterable[Any]
"""A file, or triples of terms or Python values, or a data frame of pandas or Polars."""

PARTS = ("subject", "predicate", "object")

Resolve = Callable[[str], ox.NamedNode]
"""Finds the thing, or the relation, of a name, CURIE or IRI."""


@dataclass(frozen=True)
class Own:
    """The name of some facts of one's own, and each of them as a line of N-Triples."""

    name: str
    lines: tuple[str, ...]

    def triples(self) -> list[ox.Triple]:
        return [quad.triple for quad in ox.parse("\n".join(f"{line} ." for line in self.lines), ox.RdfFormat.N_TRIPLES)]


def read(what: Given, name: str, thing: Resolve, relation: Resolve) -> list[ox.Triple]:
    """The triples of one's own facts; BadData when there are none or one cannot be read, with its row."""
    if isinstance(what, str) and what.startswith(("http://", "https://")):
        raise BadData(f"{what} is an address, and nothing is fetched; download the file and give its path")
    if isinstance(what, str | Path):
        found = [quad.triple for quad in files.quads(Path(what))]
    elif (rows := _rows(what)) is not None:
        found = list(_of_rows(rows, thing, relation))
    elif isinstance(what, Iterable):
        found = [_triple(number, parts, thing, relation) for number, parts in enumerate(what, 1)]
    else:
        raise BadData(f"{what!r} has no facts; give a file, triples, or a data frame")
    if not found:
        raise BadData(f"{name} has no facts")
    return found


def _rows(what: object) -> list[Mapping[str, object]] | None:
    """The rows of a data frame or of an answer; None for anything else."""
    for method, arguments in (("to_dicts", ()), ("to_dict", ("records",))):  # Polars, pandas
        if hasattr(what, method) and hasattr(what, "columns") and not hasattr(what, "terms"):
            return [*getattr(what, method)(*arguments)]
    if hasattr(what, "terms") and hasattr(what, "columns"):  # an answer
        return [dict(zip(what.columns, row, strict=True)) for row in what.terms]
    return None


def _of_rows(rows: list[Mapping[str, object]], thing: Resolve, relation: Resolve) -> Iterator[ox.Triple]:
    columns = [str(name) for name in rows[0]] if rows else []
    if set(PARTS) <= set(columns):
        for number, row in enumerate(rows, 1):
            yield _triple(number, tuple(row[part] for part in PARTS), thing, relation)
    elif rows and "thing" in columns:
        links = {name: _relation(name, relation) for name in columns if name != "thing"}
        for number, row in enumerate(rows, 1):
            for name, link in links.items():
                if not is_missing(row[name]) and not is_missing(row["thing"]):
                    yield _triple(number, (row["thing"], link, row[name]), thing, relation)
    elif rows:
        raise BadData(
            f"the columns are {', '.join(columns)}; facts need subject, predicate and object, or thing and a column for"
            " each relation"
        )


def _relation(name: str, relation: Resolve) -> ox.NamedNode:
    try:
        return _iri(name) or relation(name)
    except KgraphError as error:
        raise BadData(
            f"{error}; a column may have the IRI of a relation, such as https://example.org/{name}"
        ) from error


def _triple(number: int, parts: Any, thing: Resolve, relation: Resolve) -> ox.Triple:
    try:
        if isinstance(parts, str):
            raise TypeError(parts)
        subject, predicate, object_ = parts
        link = predicate if isinstance(predicate, ox.NamedNode) else _node(predicate, relation)
        other = _term(object_)
        return ox.Triple(_node(subject, thing), link, _node(object_, relation) if link == TYPE else other)  # type: ignore[arg-type]
    except (KgraphError, TypeError, ValueError) as error:
        reason = error if isinstance(error, KgraphError) else "it is not a subject, a predicate and an object"
        raise BadData(f"row {number} of your facts cannot be read: {reason}") from error


def _node(value: Any, resolve: Resolve) -> Term:
    """The node of a term, an IRI, a CURIE or a name."""
    term: Term | str = _foreign(value)
    if not isinstance(term, str):
        return term
    if term == "a":
        return TYPE
    return _iri(term) or resolve(term)


def _iri(text: str) -> ox.NamedNode | None:
    """The IRI of a text that is an IRI, an unbracketed URN among them, or a CURIE; None for a name."""
    return labels.iri(f"<{text}>" if text.startswith("urn:") else text)


def _term(value: Any) -> Term:
    """The term of a Python value; a time at midnight, as pandas keeps days, is a day."""
    term = _foreign(value)
    if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple):
        return term
    if isinstance(term, datetime) and term.tzinfo is None and term == datetime(term.year, term.month, term.day):
        term = term.date()
    return term_of(term.item() if hasattr(term, "item") else term)


def _foreign(value: Any) -> Any:
    """A term of rdflib as one of pyoxigraph; any other value unchanged."""
    as_n3 = getattr(value, "n3", None)
    if as_n3 is None:
        return value
    [quad] = ox.parse(f"<x:s> <x:p> {as_n3()} .", ox.RdfFormat.N_TRIPLES)
    return quad.object
