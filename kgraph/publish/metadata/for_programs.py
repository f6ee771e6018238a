"""`llms.txt`: where programs that read texts find the facts, the questions and the ways to ask (https://llmstxt.org/)."""

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from kgraph.base import words
from kgraph.base.vocab import BASE, LICENCE, PREFIXES
from kgraph.graph import questions
from kgraph.publish.formats import template
from kgraph.publish.metadata import examples
from kgraph.publish.metadata.description import DATASET, DEFAULT, texts
from kgraph.publish.pages import Site
from kgraph.publish.pages.book import Book

FILE = "llms.txt"
Entry = tuple[str, str, str]
"""A path, its name and a note."""

SERVED: tuple[Entry, ...] = (
    ("sparql", "SPARQL", "a SPARQL 1.1 endpoint, by GET with `query=`; without a query, its description"),
    ("search?q=a", "Search", "things, questions, passages and facts by their words, after `q=`"),
    ("questions", "Questions", "all prepared questions; `questions/NAME` answers one"),
    ("reconcile", "Reconciliation", "the manifest of the Reconciliation Service API, for tables of names"),
    ("openapi.json", "OpenAPI", "every address with its parameters, also `why`: why a fact holds"),
)
"""What a server answers, and a folder of files does not."""

KEPT: tuple[Entry, ...] = (("explorer.html", "Explorer", "search, cards, and SPARQL in the browser, without a server"),)
"""What answers in a folder of files."""

DATA: tuple[Entry, ...] = (
    ("sekg.trig", "TriG", "the whole graph with a named graph for each source, and the ontology"),
    ("sekg.ttl", "Turtle", "the whole graph, each fact once, with claims and their words"),
    ("tables/claims.csv", "Claims", "a row for each passage of each claim: fact, status, source, words"),
    ("tables/organisations.csv", "Organisations", "a row for each organisation"),
    ("data/sekg.ttl", "Turtle", "the whole graph"),
    ("data/sekg.jsonld", "JSON-LD", "the whole graph"),
    ("void.ttl", "VoID", "sizes, vocabularies and links"),
    ("catalog.jsonld", "Catalogue", "DCAT-AP"),
    ("manifest.json", "Manifest", "every file with its hash"),
)
"""The data of a release, a site or a server, as far as it has them."""

EVERYWHERE = frozenset(("data/sekg.ttl", "data/sekg.jsonld"))
"""What each site and server has."""

OTHERS: tuple[Entry, ...] = (
    ("page/ns.html", "Ontology", "classes and properties"),
    (examples.WELL_KNOWN, "SPARQL examples", "the prepared questions in the vocabulary of SHACL SPARQL examples"),
    ("index.html", "First page", "for people, in English"),
    ("index.pl.html", "Strona główna", "for people, in Polish"),
)


def text(book: Book, *, is_served: bool = False) -> bytes:
    """The file of a site, or of a server; its links are absolute where the address of the site is known."""
    named, base = partial(texts, book.store, DATASET, graph=DEFAULT), book.site.base_url
    filled = template.text(
        f"hosting/{FILE}",
        title=named("dcterms:title").get("en") or words.text("en", "common.site"),
        summary=named("dcterms:description").get("en") or words.text("en", "common.site"),
        at=lambda path: f"{base}/{path}" if base and "://" not in path else path,
        thing=_example(book),
        is_served=is_served,
        base=BASE,
        licence=LICENCE,
        ask=SERVED if is_served else (*_endpoint(book.site), *KEPT),
        data=list(_there(DATA, EVERYWHERE | {*book.site.files})),
        questions=questions.leading(book.questions.values()),
        others=OTHERS,
    )
    return filled.encode()


def _endpoint(site: Site) -> Iterator[Entry]:
    """The endpoint that a release names, if it names one."""
    if site.endpoint:
        yield site.endpoint, "SPARQL", "a SPARQL 1.1 endpoint with these data"


def _example(book: Book) -> str:
    """The path of a thing that questions ask about, else the form of such a path."""
    asked = (node.value for one in questions.leading(book.questions.values()) for node in one.things.values())
    return next((iri.removeprefix(BASE) for iri in asked if iri.startswith(PREFIXES["id"])), "id/NAME")


def _there(entries: Iterable[Entry], paths: Collection[str]) -> Iterator[Entry]:
    return (entry for entry in entries if entry[0] in paths)
