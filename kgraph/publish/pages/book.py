"""What all pages are written from: the graph, its names, disputes and reasons, and the templates."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache, partial
from itertools import chain
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple

import jinja2
import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.text import is_quoted
from kgraph.base.vocab import BASE, CONTRADICTS, DATE, ONTOLOGY_GRAPH, PREFIXES, REFINES, TYPE, term
from kgraph.base.words import LANGUAGES
from kgraph.build import pipeline
from kgraph.graph import questions, views
from kgraph.graph.entity.as_json import Json, Marks
from kgraph.graph.entity.cards import NAMING, Card, Gathered, Origin, card, gathered, origins
from kgraph.graph.entity.display import backwards, display
from kgraph.graph.faceting import columnar
from kgraph.graph.faceting.facets import Index, dates
from kgraph.graph.faceting.facets import index as facets_of
from kgraph.graph.faceting.indicators import Indicators, indicators
from kgraph.graph.identity import reviewing
from kgraph.graph.names import search
from kgraph.graph.names.labels import Names, names, names_by_language
from kgraph.graph.questions import Question
from kgraph.graph.statements import disputes, reasons
from kgraph.graph.statements.contributions import Contribution
from kgraph.graph.statements.disputes import Dispute, Side
from kgraph.graph.statements.explanations import cannot_both
from kgraph.graph.statements.facts import Fact, Triple, along_of, by_end, by_source, facts
from kgraph.graph.statements.reasons import Explain
from kgraph.graph.statements.sources import day_of, links_of
from kgraph.publish.formats import serialize
from kgraph.publish.formats.template import Compiled
from kgraph.publish.pages import UNPUBLISHED, Site, writing
from kgraph.publish.pages.addresses import Target, page_of
from kgraph.publish.pages.page import Page, Shown
from kgraph.publish.pages.rows import Pages, pages
from kgraph.publish.pages.shards import Shards, shards
from kgraph.rdf.sparql import Value

CARDS, REASONS, TARGETS = 64, 1024, 1 << 14
"""The numbers of cards, reasons and addresses that a book keeps."""

PICTURES = 10
"""The things with a picture of their own."""
PICTURED = tuple(
    term(kind).value
    for kind in (
        "se:Cluster",
        "se:SupportInstitution",
        "se:SocialEconomyEntity",
        "cv:PublicOrganisation",
        "foaf:Person",
    )
)
"""The kinds of these things."""


class Contributor(NamedTuple):
    """A source, the day it was issued, which may be empty, and what it contributes."""

    source: ox.NamedNode
    issued: str
    counts: Contribution


@dataclass(eq=False)
class Book:
    """What all pages are written from: a graph, which must not change, with its index, questions, rules and shapes.

    Costly parts are computed once, when first asked for.
    """

    store: ox.Store
    index: Connection
    questions: Mapping[str, Question]
    rules: Mapping[str, str]
    shapes: Callable[[], ox.Store]
    site: Site = UNPUBLISHED
    folder: Path | None = None

    @cached_property
    def cards(self) -> Callable[[ox.NamedNode], Card]:
        """The card of a thing; the latest are kept for its page in the other language."""
        known = self._gathered if self.every_fact else None
        return lru_cache(CARDS)(lambda thing: card(self.store, thing, known=known if thing in self.named else None))

    @cached_property
    def named(self) -> frozenset[object]:
        """The things and sources that have a name."""
        found = (self.store.quads_for_pattern(None, naming, None, ox.DefaultGraph()) for naming in NAMING)
        return frozenset(quad.subject for quad in chain.from_iterable(found))

    @cached_property
    def _gathered(self) -> Gathered:
        """What the cards of all things are made from."""
        things = sorted((one for one in self.named if isinstance(one, ox.NamedNode)), key=str)
        known = gathered(self.store, things)
        named = names_by_language(self.store, None, LANGUAGES)

        def names(terms: Iterable[object]) -> Mapping[str, Names]:
            asked = sorted({term for term in terms if isinstance(term, ox.NamedNode)}, key=lambda term: term.value)
            return {lang: {term: called[term] for term in asked if term in called} for lang, called in named.items()}

        def origins(sources: Iterable[str]) -> Mapping[str, Origin]:
            return {source: self.origins.get(source, Origin()) for source in sorted(sources)}

        return replace(known, facts=partial(along_of, self.every_fact), names=names, origins=origins)

    @cached_property
    def facts(self) -> Callable[[tuple[ox.NamedNode, ...]], list[Fact]]:
        """The facts of some things; the latest are kept for their page in the other language."""
        if about := self.every_fact:
            return lambda nodes: [*{fact.triple: fact for node in nodes for fact in about.get(node, ())}.values()]
        return lru_cache(1)(partial(facts, self.store))

    @cached_property
    def every_fact(self) -> Mapping[Value, Sequence[Fact]]:
        """The facts of all things by either end, for a site that is written whole; of a large graph none."""
        if not self.site.is_static or len(self.store) > serialize.AT_ONCE:
            return {}
        return by_end(facts(self.store))

    @cached_property
    def names(self) -> Callable[[str], Names]:
        """The names of all terms in a language."""
        return cache(self._names)

    def _names(self, lang: str) -> Names:
        things: dict[Value, str] = {
            ox.NamedNode(iri): called[lang] for iri, called in self.facets.labels.items() if lang in called
        }
        return {**things, **names(self.store, self.described, lang)}

    @cached_property
    def described(self) -> frozenset[object]:
        """What the ontology describes: its terms, and the concepts of its schemes."""
        return frozenset(quad.subject for quad in self.store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH))

    @cached_property
    def terms(self) -> frozenset[str]:
        """The IRIs of the classes and properties that the ontology describes."""
        return frozenset(
            quad.subject.value
            for quad in self.store.quads_for_pattern(None, TYPE, None, ONTOLOGY_GRAPH)
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
            if quad.object.value.startswith(PREFIXES["owl"]) and quad.object != term("owl:Ontology")
        )

    @cached_property
    def shards(self) -> Shards:
        return shards(self.store)

    @cached_property
    def rows(self) -> Pages:
        """The paths of the pages of rows of registers."""
        return pages(self.store)

    @cached_property
    def target(self) -> Callable[[ox.NamedNode], Target | None]:
        """The page about an IRI, and the fragment there; the latest are kept."""
        return lru_cache(TARGETS)(partial(page_of, self.terms, self.shards))

    @cached_property
    def shown(self) -> Shown:
        """How terms and facts look on pages, for those that follow."""
        return {}

    @cached_property
    def disputes(self) -> list[Dispute]:
        return disputes.disputes(self.store)

    @cached_property
    def disputed(self) -> frozenset[Triple]:
        """The facts that another source contradicts."""
        return _triples(side for dispute in self.disputes if dispute.contradiction for side in dispute.sides)

    @cached_property
    def refined(self) -> frozenset[Triple]:
        """The facts that another source says more precisely."""
        return _triples(dispute.other for dispute in self.disputes if not dispute.contradiction)

    @cached_property
    def contributors(self) -> list[Contributor]:
        """Each source with what it contributes, in the order of their IRIs."""
        counted = self.facets.contributions
        days = {source: day_of(links) for source, links in links_of(self.store, counted).items()}
        return [Contributor(source, day.value if day else "", counted[source.value]) for source, day in days.items()]

    @cached_property
    def origins(self) -> Mapping[str, Origin]:
        """The publisher, day and address of each source."""
        return origins(self.store, self.facets.contributions)

    @cached_property
    def reason(self) -> Explain:
        """The reason of an inferred fact; the latest are kept, of a site that is written whole all."""
        about = self.every_fact
        known = (lambda thing: about.get(thing, ())) if about else None
        return lru_cache(None if about else REASONS)(reasons.reasons(self.store, self.rules, known))

    @cached_property
    def context(self) -> Mapping[str, object]:
        """The JSON-LD context."""
        return serialize.context(self.store)

    @cached_property
    def marks(self) -> Marks:
        """The positions, dates, unknowns and disputed facts of the explorer."""
        return views.marks(self.store, self.folder, self.disputes, self.facets.dates)

    @cached_property
    def size(self) -> views.Size:
        return views.size(self.store, self.facets)

    @cached_property
    def schema(self) -> Json:
        """The classes and properties for the explorer, with their counts."""
        return views.schema(self.store)

    @cached_property
    def differences(self) -> Json:
        """The facts on which sources differ, for the explorer."""
        return views.disputes(self.store, self.disputes)

    @cached_property
    def asked(self) -> Json:
        """The questions for the explorer."""
        return views.questions(self.store, self.questions.values())

    @cached_property
    def facets(self) -> Index:
        """The facets of all things, from the build folder if it has them."""
        return columnar.load(self.folder) or facets_of(self.store, dates(self.store))

    @cached_property
    def indicators(self) -> Indicators:
        """What is counted by powiat and year."""
        return indicators(self.store, self.facets.dates)

    @cached_property
    def identities(self) -> Json:
        """The pairs of things that may be one, for curators."""
        return reviewing.identities(self.store, self.index, self.facets)

    @cached_property
    def hash(self) -> str | None:
        """The hash of the facts as in a release; None for a graph for which it takes long."""
        return serialize.hash_of_facts(self.store) if len(self.store) <= serialize.AT_ONCE else None

    @cached_property
    def pictured(self) -> Sequence[str]:
        """The paths of the things with a picture for links; none on a server.

        What the leading questions ask about comes first, then clusters, then what most sources tell of.
        """
        if not self.site.is_static:
            return ()
        known = self.facets
        leading = questions.leading(self.questions.values())
        asked = {node.value for one in leading for node in one.things.values()}
        ranked = sorted(
            (
                thing not in asked,
                PICTURED.index(kind) > 0,
                -int(known.sources[number]),
                -int(known.facts[number]),
                thing,
            )
            for number, (thing, kind) in enumerate(zip(known.things, known.kinds, strict=True))
            if kind in PICTURED
        )
        return [thing.removeprefix(BASE) for *_, thing in ranked[:PICTURES]]

    def warm(self) -> None:
        """Compute the costly parts now."""
        search.add_texts(self.store, self.index)
        self._prepare()
        _ = self.facets.ranks, self.facets.folded, self.size, self.schema, self.differences, self.asked

    def _prepare(self) -> None:
        """Compute now what all pages rest on."""
        for lang in LANGUAGES:
            self.names(lang)
        _ = self.marks, self.terms, self.shards, self.disputed, self.refined, self.contributors, self.context
        _ = display(), self.origins, self.indicators

    def share(self) -> None:
        """Compute now what the pages of a site rest on, before several processes write them."""
        self._prepare()
        _ = self.cards, self.rows, self.reason
        for fact in chain.from_iterable(self.every_fact.values()):
            if fact.rule and not fact.asserted:
                self.reason(ox.Triple(fact.subject, fact.predicate, fact.object))
        for template in _templates().list_templates(extensions=["html"]):
            _templates().get_template(template)

    def read(self, store: ox.Store) -> None:
        """Read another copy of the graph from now on; what is computed stays."""
        self.store = store
        for known in ("cards", "facts", "reason"):
            self.__dict__.pop(known, None)

    def page(self, path: str, lang: str) -> Page:
        return Page(path, lang, self.names(lang), self.target, self.site, self.shown)

    def write(self, template: str, page: Page, **values: object) -> str:
        """A page from its template."""
        return (
            _templates()
            .get_template(template)
            .render(page=page, w=page.words, origins=self.origins, backwards=backwards, **values)
        )


def _triples(sides: Iterable[Side]) -> frozenset[Triple]:
    return frozenset((side.subject, side.predicate, side.object) for side in sides)


def book_of(store: ox.Store, folders: Folders, site: Site = UNPUBLISHED, folder: Path | None = None) -> Book:
    """The book of a graph, read from its build folder if any; questions, rules and shapes are those of `folders`."""
    index, asked = search.open_index(store, folder), questions.all_in(folders.ontology)
    asked = questions.fitting(store, asked.values())
    return Book(store, index, asked, pipeline.rules(folders), cache(lambda: shapes(folders)), site, folder)


def shapes(folders: Folders) -> ox.Store:
    """The shapes in a store without other data, for the page of the ontology."""
    store = ox.Store()
    for name in ("shapes.ttl", "single-valued.ttl"):
        store.bulk_load(path=str(folders.ontology / name), format=ox.RdfFormat.TURTLE)
    return store


@cache
def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        autoescape=True,
        bytecode_cache=Compiled(__file__),
        finalize=writing.finalize,
        loader=jinja2.FileSystemLoader(paths.packaged("publish/templates")),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    found.filters["whole"] = writing.whole
    found.tests["quoted"] = is_quoted
    found.globals |= {"as_iri": ox.NamedNode, "as_date": partial(ox.Literal, datatype=DATE), "by_source": by_source}
    found.globals |= {"as_address": partial(ox.Literal, datatype=term("xsd:anyURI")), "cannot_both": cannot_both}
    found.globals["path_of"] = lambda node: node.value.removeprefix(BASE)
    found.globals |= {"REFINES": REFINES, "CONTRADICTS": CONTRADICTS}
    return found
