"""The content of pages that list: things by kind, sources with their facts, questions with their answers, figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

import pyoxigraph as ox

from kgraph.base.text import fold
from kgraph.base.vocab import BASE, CLAIM, INFERRED_GRAPH, KNOWN_UNKNOWN, PREF_LABEL, RULE, SOURCE, TYPE, term
from kgraph.base.words import section, text
from kgraph.errors import KgraphError
from kgraph.graph import questions
from kgraph.graph.questions import Question
from kgraph.graph.statements import facts
from kgraph.graph.statements.facts import Fact
from kgraph.publish.formats import tables as csv
from kgraph.publish.pages.book import Book
from kgraph.publish.pages.page import Page
from kgraph.rdf import sparql
from kgraph.rdf.inference import TRIPLES
from kgraph.rdf.sparql import Value
from kgraph.rdf.store import graph

Term = TypeVar("Term", ox.NamedNode, Value)

FIRST = [
    term(kind)
    for kind in (
        *("se:Cluster", "org:OrganizationalCollaboration", "se:SocialEconomyEntity", "se:SupportInstitution"),
        *("cv:PublicOrganisation", "org:Organization", "foaf:Person", "foaf:Group", "foaf:Agent"),
        *("se:Agreement", "se:SigningEvent", "se:Event", "org:ChangeEvent", "se:Award", "se:Grant"),
        *("cv:AdminUnit", "dcterms:Location", "org:Site", "eli:LegalResource"),
        *("org:Membership", "org:Post", "org:Role", "se:StatusRecord", "se:KnownUnknown"),
    )
]
"""Kinds in the order in which a reader wants them; others follow."""

CONCEPT, SCHEME = term("skos:Concept"), term("skos:ConceptScheme")
IN_SCHEME = term("skos:inScheme")
GRAPHS = tuple(term(f"graph:{name}") for name in ("ontology", "kinds", "claims", "editorial", "inferred"))
BEGINNING = 3
"""The most questions on the start page, as examples of the graph's content."""


@dataclass(frozen=True)
class Answer:
    """A table in a language: its columns in words, and its rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]


def tables(lang: str) -> dict[str, str]:
    """The CSV files of a release by path, with their titles."""
    return {f"tables/{name}": text(lang, title) for name, title in csv.files().items()}


def things(book: Book, page: Page) -> list[tuple[Value, list[Value]]]:
    """Everything with a name and a page of its own by kind, concepts and sources left out; by name in each kind."""
    kinds: dict[Value, set[Value]] = {}
    for node, _, kind in sparql.named(book.store, "nodes"):
        if node.value.startswith(f"{BASE}id/") and kind not in (CONCEPT, SCHEME):
            kinds.setdefault(kind, set()).add(node)
    return [(kind, by_name(page, kinds[kind])) for kind in sorted(kinds, key=lambda kind: _rank(page, kind))]


def _rank(page: Page, kind: Value) -> tuple[int, str]:
    return (FIRST.index(kind) if kind in FIRST else len(FIRST), page.name(kind))  # type: ignore[arg-type]


def by_name(page: Page, found: set[Term]) -> list[Term]:
    """Terms in the order of their names."""
    return sorted(found, key=lambda node: (fold(page.name(node)), node.value))


def schemes(book: Book, page: Page) -> list[tuple[Value, list[Value]]]:
    """The concept schemes and their concepts, by name."""
    found: dict[Value, set[Value]] = {}
    for quad in book.store.quads_for_pattern(None, IN_SCHEME, None, ox.DefaultGraph()):
        found.setdefault(quad.object, set()).add(quad.subject)  # type: ignore[arg-type]
    return [(scheme, by_name(page, found[scheme])) for scheme in by_name(page, set(found))]


MOST_OF_REGISTER = 200
"""Facts of a register that the page of its source shows."""


def said_by(book: Book, source: ox.NamedNode) -> list[tuple[Value, list[Fact]]]:
    """The facts that a source states, by subject; of a register the first ones."""
    found = facts.said_by(book.store, source, MOST_OF_REGISTER)
    return [(thing, list(own)) for thing, own in groupby(found, key=lambda fact: fact.subject)]


def answer(book: Book, question: Question, page: Page) -> Answer | None:
    """The answer to a question with its default values, without columns of names; None when it has no table."""
    try:
        result = questions.ask(book.store, question, page.lang, book.folder)
    except KgraphError:
        return None
    if not isinstance(result, ox.QuerySolutions):
        return None
    columns, rows = sparql.columns(result), list(sparql.rows(result))
    kept = [at for at in range(len(columns)) if not any(_names(page, rows, at, other) for other in range(at))]
    named = tuple(column(columns[at], page.lang) for at in kept)
    return Answer(named, tuple(tuple(row[at] for at in kept) for row in rows))


def column(variable: str, lang: str) -> str:
    """The name of a variable of a question in a language."""
    return str(section(lang, "columns").get(variable, variable))


def _names(page: Page, rows: Sequence[Sequence[Value | None]], at: int, other: int) -> bool:
    """Whether a column has the names of the things in another, which a page shows anyway."""
    pairs = [(row[at], row[other]) for row in rows]
    return bool(pairs) and all(
        isinstance(name, ox.Literal) and isinstance(thing, ox.NamedNode) and page.name(thing) == name.value
        for name, thing in pairs
    )


def parameters(question: Question, lang: str) -> Mapping[str, Value | str]:
    """The default values of a question's parameters, by their names in a language."""
    return {
        column(name, lang): _parsed(default)
        for name, default in question.parameters.items()
        if name != "lang" and default != "UNDEF"
    }


def _parsed(default: str) -> Value | str:
    try:
        return sparql.parse_term(default)
    except KgraphError:
        return default


def example(book: Book) -> Fact | None:
    """A fact that illustrates evidence: between two things, with several witnesses, and quoted by most of them."""
    possible = [
        fact
        for fact in facts.facts(book.store)
        if fact.asserted and fact.predicate != TYPE and isinstance(fact.object, ox.NamedNode)
    ]
    return max(possible, key=_shows, default=None)


def _shows(fact: Fact) -> tuple[bool, float, int, str]:
    """The rank of a fact as an example of evidence."""
    quoted = sum(passage.words is not None for passage in fact.passages)
    return len(fact.witnesses) > 1, quoted / len(fact.passages), len(fact.witnesses), str(fact.subject)


def figures(book: Book) -> dict[str, int]:
    """The numbers of things, sources, claims, inferences, known unknowns and disputes in the graph."""
    of_class = {"sources": SOURCE, "claims": CLAIM, "unknown": KNOWN_UNKNOWN}
    counted = {
        name: sum(1 for _ in book.store.quads_for_pattern(None, TYPE, kind, ox.DefaultGraph()))
        for name, kind in of_class.items()
    }
    counted["inferred"] = _inferred(book.store)
    names = book.store.quads_for_pattern(None, PREF_LABEL, None, ox.DefaultGraph())
    things = {quad.subject for quad in names if str(quad.subject).startswith(f"<{BASE}id/")}
    return {"things": len(things), **counted, "disputes": len(book.disputes)}


def _inferred(store: ox.Store) -> int:
    """The number of inferred facts; their records are in the same graph."""
    records = sum(1 for _ in store.quads_for_pattern(None, RULE, None, INFERRED_GRAPH))
    return sum(1 for _ in graph(store, INFERRED_GRAPH)) - TRIPLES * records
