"""What all pages are written from: the graph, the names in it, its disputes and reasons, the templates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import jinja2
import pyoxigraph as ox

from kgraph import disputes, reasons, resources, sparql
from kgraph.disputes import Dispute
from kgraph.facts import Place
from kgraph.names import Names
from kgraph.questions import Question
from kgraph.reasons import Reason
from kgraph.server.app import Served
from kgraph.server.pages import writing
from kgraph.server.pages.contribution import Contribution, contributions
from kgraph.server.pages.page import Page
from kgraph.server.pages.site import Site
from kgraph.vocab import CONTRADICTS, DATE, ONTOLOGY_GRAPH, PREFIXES, REFINES, TYPE, term
from kgraph.words import is_quoted

Triple = tuple[object, object, object]


@dataclass(frozen=True)
class Marked:
    """The facts on which sources differ: those at odds with another, and those that another says more precisely."""

    disputed: frozenset[Triple]
    refined: frozenset[Triple]


@dataclass(frozen=True)
class Book:
    """What is the same for all pages; what costs time is made when it is first asked for, and once."""

    store: ox.Store
    site: Site
    served: Served
    questions: Mapping[str, Question]
    names: Callable[[str], Names]
    terms: Callable[[], frozenset[str]]
    disputes: Callable[[], tuple[Dispute, ...]]
    marked: Callable[[], Marked]
    contributions: Callable[[], tuple[Contribution, ...]]
    reasons: Callable[[], Callable[[ox.Triple], Reason | None]]
    templates: jinja2.Environment

    def page(self, path: str, lang: str) -> Page:
        return Page(path, lang, self.names(lang), self.terms(), self.site)

    def write(self, template: str, page: Page, **values: object) -> str:
        """A page from its template."""
        return self.templates.get_template(template).render(page=page, w=page.words, **values)


def open_book(served: Served) -> Book:
    """The book of what is served; the graph must not change while it is open."""
    store = served.store
    differing = cache(lambda: tuple(disputes.disputes(store)))
    return Book(
        store,
        served.site,
        served,
        served.questions,
        cache(lambda lang: dict(_names(store, lang))),
        cache(lambda: _terms(store)),
        differing,
        cache(lambda: _marked(differing())),
        cache(lambda: tuple(contributions(store))),
        cache(lambda: reasons.reasons(store, served.rules)),
        _templates(),
    )


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


def _date(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=DATE)


def _by_source(places: Sequence[Place]) -> list[list[Place]]:
    """Places, those together where one source says it in one manner."""
    return [list(same) for _, same in groupby(places, key=lambda place: (place.source, place.status))]


def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        autoescape=True,
        finalize=writing.finalize,
        loader=jinja2.FileSystemLoader(resources.template("page.css").parent),
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
