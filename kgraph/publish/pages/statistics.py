"""The content of the pages of statistics and of the columns of tables, from what VoID and CSVW describe."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kgraph.base import paths, words
from kgraph.graph.statements.quality import METRICS
from kgraph.publish.formats import tables as csv
from kgraph.publish.metadata import void
from kgraph.publish.pages import lists
from kgraph.publish.pages.book import Book
from kgraph.rdf import sparql


def statistics(book: Book, lang: str) -> dict[str, object]:
    """The template values of the page of statistics."""
    counted = {
        name: [(node, *(int(count.value) for count in counts)) for node, *counts in _rows(book.store, query)]
        for name, query in (("classes", "class-counts"), ("properties", "statistics"))
    }
    measured = {"quality": book.facets.quality, "metrics": METRICS, "q": words.section(lang, "quality")}
    return {**counted, **measured, "figures": lists.figures(book), "links": links(book.store), "percent": percent}


def _rows(store: ox.Store, query: str) -> Iterator[tuple[Any, ...]]:
    return sparql.rows(sparql.run(store, paths.query_text(query)))


def links(store: ox.Store) -> list[tuple[tuple[ox.NamedNode, str], int]]:
    """The links to other datasets, by property and origin, most first."""
    found = Counter(
        (quad.predicate, origin)
        for predicate in void.LINKING
        for quad in store.quads_for_pattern(None, predicate, None, ox.DefaultGraph())
        if (origin := void.leads_to(quad.triple))
    )
    return sorted(found.items(), key=lambda one: (-one[1], str(one[0])))


def percent(share: float, lang: str) -> str:
    """A share of 1 as a percentage with one digit.

    >>> percent(0.6929, "pl"), percent(0.6929, "en")
    ('69,3 %', '69.3%')
    """
    return f"{share:.1%}" if lang == "en" else f"{share * 100:.1f} %".replace(".", ",")


@dataclass(frozen=True)
class Column:
    """A column of a table; `target` is the table that it points at."""

    name: str
    title: str
    datatype: str
    separator: str | None
    required: bool
    property: ox.NamedNode | None
    target: str | None


@dataclass(frozen=True)
class Table:
    """A table with its columns, and those that tell its rows apart."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def path(self) -> str:
        """The path of the table in a release."""
        return f"tables/{self.file}"


def dictionary(lang: str) -> list[Table]:
    """The tables of a release as their CSVW metadata describes them."""
    return [_table(known, lang) for known in csv.titled()]


def _table(known: Mapping[str, Any], lang: str) -> Table:
    schema = known["tableSchema"]
    targets = {link["columnReference"][0]: link["reference"]["resource"] for link in schema["foreignKeys"]}
    columns = tuple(_column(column, targets.get(column["name"]), lang) for column in schema["columns"])
    return Table(
        known["url"].removesuffix(".csv"), csv.text_in(known["dc:title"], lang), columns, tuple(schema["primaryKey"])
    )


def _column(known: Mapping[str, Any], target: str | None, lang: str) -> Column:
    about = known.get("propertyUrl")
    return Column(
        name=known["name"],
        title=csv.text_in(known["dc:title"], lang),
        datatype=known["datatype"],
        separator=known.get("separator"),
        required=known.get("required", False),
        property=ox.NamedNode(about) if about else None,
        target=target.removesuffix(".csv") if target else None,
    )
