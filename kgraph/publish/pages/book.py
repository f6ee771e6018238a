"""The book that all pages are written from: the graph, its names, disputes and reasons, and the templates."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from sqlite3 import Connection

import jinja2
import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.text import is_quoted
from kgraph.base.vocab import CONTRADICTS, DATE, ONTOLOGY_GRAPH, PREFIXES, REFINES, TYPE, term
from kgraph.build import pipeline
from kgraph.graph import disputes, questions, reasons, search
from kgraph.graph.cards import Card, card
from kgraph.graph.disputes import Dispute
from kgraph.graph.facts import Passage
from kgraph.graph.labels import Names
from kgraph.graph.questions import Question
from kgraph.graph.reasons import Reason
from kgraph.publish.pages import UNPUBLISHED, Site, writing
from kgraph.publish.pages.page import Page
from kgraph.publish.pages.shards import Shards, shards
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value

Triple = tuple[object, object, object]

CARDS = 64
"""Cards that are kept for the page of a thing in the other language."""


@dataclass(frozen=True)
class Marked:
    """The facts on which sources differ: those at odds with another, and those that another says more precisely."""

    disputed: frozenset[Triple]
    refined: frozenset[Triple]


@dataclass(frozen=True)
class Contribution:
    """Counts for one source: facts stated, those shared and those it alone states, other claims, links, unknowns."""

    source: Value
    issued: str
    stated: int
    shared: int
    alone: int
    unasserted: int
    refines: int
    contradicts: int
    unknown: int


@dataclass(frozen=True)
class Book:
    """What all pages are written from; costly parts are functions that compute once, when first called."""

    store: ox.Store
    site: Site
    index: Connection
    questions: Mapping[str, Question]
    rules: Mapping[str, str]
    shapes: Callable[[], ox.Store]
    cards: Callable[[ox.NamedNode], Card]
    names: Callable[[str], Names]
    terms: Callable[[], frozenset[str]]
    shards: Callable[[], Shards]
    disputes: Callable[[], tuple[Dispute, ...]]
    marked: Callable[[], Marked]
    contributions: Callable[[], tuple[Contribution, ...]]
    reasons: Callable[[], Callable[[ox.Triple], Reason | None]]
    templates: jinja2.Environment

    def page(self, path: str, lang: str) -> Page:
        return Page(path, lang, self.names(lang), self.terms(), self.shards(), self.site)

    def write(self, template: str, page: Page, **values: object) -> str:
        """A page from its template."""
        return self.templates.get_template(template).render(page=page, w=page.words, **values)


def open_book(
    store: ox.Store,
    index: Connection,
    asked: Mapping[str, Question],
    rules: Mapping[str, str],
    shapes: Callable[[], ox.Store],
    site: Site = UNPUBLISHED,
) -> Book:
    """The book of a graph, which must not change while it is open."""
    differing = cache(lambda: tuple(disputes.disputes(store)))
    return Book(
        store,
        site,
        index,
        asked,
        rules,
        shapes,
        lru_cache(CARDS)(lambda thing: card(store, thing)),
        cache(lambda lang: dict(_names(store, lang))),
        cache(lambda: _terms(store)),
        cache(lambda: shards(store)),
        differing,
        cache(lambda: _marked(differing())),
        cache(lambda: tuple(_contributions(store))),
        cache(lambda: reasons.reasons(store, rules)),
        _templates(),
    )


def book_of(store: ox.Store, folders: Folders, site: Site = UNPUBLISHED, folder: Path | None = None) -> Book:
    """The book of a graph, read from its build folder if any; questions, rules and shapes are those of `folders`."""
    index, asked = search.open_index(store, folder), questions.all_in(folders.ontology)
    return open_book(store, index, asked, pipeline.rules(folders), cache(lambda: shapes(folders)), site)


def shapes(folders: Folders) -> ox.Store:
    """The shapes as a graph of their own, for the page of the ontology."""
    store = ox.Store()
    store.bulk_load(path=str(folders.ontology / "shapes.ttl"), format=ox.RdfFormat.TURTLE)
    return store


def _names(store: ox.Store, lang: str) -> Names:
    return {node: name.value for node, name in sparql.named(store, "called", lang=ox.Literal(lang))}


def _terms(store: ox.Store) -> frozenset[str]:
    """The IRIs of the classes and properties that the ontology describes."""
    return frozenset(
        quad.subject.value
        for quad in store.quads_for_pattern(None, TYPE, None, ONTOLOGY_GRAPH)
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
        if quad.object.value.startswith(PREFIXES["owl"]) and quad.object != term("owl:Ontology")
    )


def _marked(found: tuple[Dispute, ...]) -> Marked:
    sides = [side for dispute in found if dispute.contradiction for side in (dispute.one, dispute.other)]
    vague = [dispute.other for dispute in found if not dispute.contradiction]
    return Marked(
        frozenset((side.subject, side.predicate, side.object) for side in sides),
        frozenset((side.subject, side.predicate, side.object) for side in vague),
    )


def _contributions(store: ox.Store) -> Iterator[Contribution]:
    for source, _, issued, *counts in sparql.named(store, "contributions", lang=ox.Literal("en")):
        yield Contribution(source, issued.value, *(int(count.value) for count in counts))


def _date(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=DATE)


def _by_source(passages: Sequence[Passage]) -> list[list[Passage]]:
    """Passages, those together where one source says it in one manner."""
    return [list(same) for _, same in groupby(passages, key=lambda passage: (passage.source, passage.status))]


def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        autoescape=True,
        finalize=writing.finalize,
        loader=jinja2.FileSystemLoader(paths.packaged("publish/templates")),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    found.filters["whole"] = writing.whole
    found.tests["quoted"] = is_quoted
    found.globals |= {
        "as_iri": ox.NamedNode,
        "as_date": _date,
        "by_source": _by_source,
        "REFINES": REFINES,
        "CONTRADICTS": CONTRADICTS,
    }
    return found
