"""The answers of the tools, in a worker: JSON for programs and text for readers, with sources, quotes and statuses."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import pyoxigraph as ox
from starlette.responses import JSONResponse, Response

from kgraph.base import words
from kgraph.errors import BadQuery
from kgraph.graph import questions
from kgraph.graph.entity import as_json, as_text, cards
from kgraph.graph.entity.as_json import Json
from kgraph.graph.names import finding, labels
from kgraph.graph.names.labels import Names
from kgraph.graph.statements import grounds, reasons, states
from kgraph.graph.statements.reasons import Reason
from kgraph.publish.pages.book import Book
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value
from kgraph.server.pool.jobs import ToolCall

STATEMENTS = 2000
"""The most statements of a card: a country has tens of thousands."""

ROWS = 100
"""The most rows of an answer as text, and the most whose facts are explained."""


@dataclass(frozen=True)
class Told:
    """An answer as JSON and as text, without its sources, which are added to both."""

    content: Json
    text: str
    sources: Collection[str]


def response(book: Book, call: ToolCall) -> Response:
    """The answer to a call, with what is known of its sources."""
    told = ANSWERS[call.name](book, call.lang, **call.arguments)
    listed = sorted({*told.sources} & book.origins.keys())
    known = as_json.sources({iri: book.origins[iri] for iri in listed}, book.names(call.lang))
    text = "\n\n".join(filter(None, (told.text, _listed(known, call.lang))))
    return JSONResponse({"content": {**told.content, "sources": known}, "text": text})


def _listed(sources: Sequence[Json], lang: str) -> str:
    """The sources of an answer, a line each."""
    if not sources:
        return ""
    parts = ("title", "publisher", "issued", "address", "source")
    lines = ("- " + ", ".join(str(source[part]) for part in parts if source[part]) for source in sources)
    return "\n".join((words.text(lang, "mcp.sources"), *lines))


def found(book: Book, lang: str, words: str, limit: int = 20, kind: str | None = None) -> Told:
    """What some words find: things, questions, passages, and facts with their reasons."""
    hits = finding.hits(book.store, book.index, book.questions.values(), words, limit, kind, lang)
    told, _ = grounds.of_triples(_explain(book), (ox.Triple(*map(ox.NamedNode, fact)) for fact in hits.facts))
    called, names = book.names(lang), _named(book, lang, told)
    content: Json = {
        "things": [
            {
                "thing": hit.iri,
                "name": called.get(ox.NamedNode(hit.iri), hit.name),
                "kind": called.get(ox.NamedNode(hit.kind)),
            }
            for hit in hits.things[:limit]
        ],
        "questions": [
            {"name": one.name, "title": book.questions[one.name].title[lang], "parameters": dict(one.values)}
            for one in hits.questions
        ],
        "passages": [
            {"source": one.source, "words": one.words, "start": one.start, "end": one.end} for one in hits.passages
        ],
        **as_json.grounded(told, names),
    }
    table = sparql.markdown(*finding.table(book.store, book.questions, hits, lang))
    sources = {*(one.source for one in hits.passages), *_cited(told)}
    return Told(content, "\n\n".join(filter(None, (table, _reasons(lang, told, names)))), sources)


def card(book: Book, lang: str, thing: str) -> Told:
    """What is known of a thing; of one with very many facts a part, and how many are left out by relation."""
    node = labels.resolve(book.store, lambda: book.index, thing, lang)
    shown = cards.card(book.store, node, lang, most=STATEMENTS)
    left = {predicate.value: count for predicate, count in shown.left.items()}
    rest = words.text(lang, "mcp.left", n=sum(left.values())) if left else ""
    text = "\n\n".join(filter(None, (as_text.written(as_text.card(shown, lang)), rest)))
    return Told({**as_json.shown(shown), "left": left}, text, shown.origins.keys())


def why(book: Book, lang: str, subject: str, relation: str, object: str) -> Told:  # noqa: A002 -- the argument's name
    """Why a fact holds."""
    told = reasons.why_written(book.store, lambda: book.index, subject, relation, object, book.rules, lang)
    names = _named(book, lang, [told])
    text = as_text.written(as_text.reason(told, names, lang))
    return Told(as_json.explained(told, names), text, {*told.sources()})


def listed(book: Book, lang: str) -> Told:
    """The prepared questions with their parameters."""
    known = book.questions.values()
    content = [
        {
            "name": one.name,
            "title": one.title[lang],
            "meaning": one.meaning[lang],
            "parameters": dict(one.takes),
            "takes_day": questions.takes_day(one),
        }
        for one in known
    ]
    return Told({"questions": content}, sparql.markdown(*questions.table(known, lang)), ())


def asked(
    book: Book, lang: str, question: str, parameters: dict[str, str] | None = None, as_of: str | None = None
) -> Told:
    """The answer to a prepared question."""
    one = questions.chosen(book.questions, question)
    given = {
        name: questions.meant(book.store, lambda: book.index, one, name, sparql.parse_term(value), lang)
        for name, value in (parameters or {}).items()
    }
    if "lang" in given:
        raise BadQuery(words.text(lang, "mcp.language"))
    day = states.day(as_of) if as_of else None
    asking = questions.given(one, lang, given, day).must_take_day(lang)
    answer = sparql.serialize(asking.answer(book.store, book.folder), "json")
    told = grounded(book, lang, answer.decode(), "json", asking.text)
    content: Json = {
        "question": one.name,
        "parameters": {name: sparql.cell(value) for name, value in asking.terms.items()},
        "day": asking.day,
        "sparql": None if one.computed_by else asking.text,
        **told.content,
    }
    heading = "\n".join((one.title[lang], one.meaning[lang]))
    on_day = words.text(lang, "questions.as of", day=asking.day) if asking.day else ""
    return Told(content, "\n\n".join(filter(None, (heading, on_day, told.text))), told.sources)


def grounded(book: Book, lang: str, answer: str, form: str, query: str, is_cut: bool = False) -> Told:
    """An answer to a query, with the reasons of the facts between the terms of each row and of the query."""
    named = sparql.mentioned(query)
    if form == "json":
        table, groups = _table(answer, named)
        told, left = grounds.grounds(book.store, _explain(book), groups)
        content: Json = json.loads(answer)
    else:
        triples = [quad.triple for quad in ox.parse(answer, sparql.GRAPHS[form])]
        told, left = grounds.of_triples(_explain(book), triples)
        table, content, groups = answer, {form: answer}, []
    names = _named(book, lang, told)
    doubts = [*labels.doubts(book.store, lambda: book.index, named, lang)]
    content = {
        "answer": content,
        **as_json.grounded(told, names),
        "is_cut": is_cut or left,
        "doubts": doubts,
    }
    cut = words.text(lang, "mcp.cut") if content["is_cut"] else ""
    text = "\n\n".join(filter(None, (table, *doubts, _reasons(lang, told, names), cut)))
    mentioned = {term.value for term in chain.from_iterable(groups) if isinstance(term, ox.NamedNode)}
    return Told(content, text, {*_cited(told), *mentioned})


def _table(answer: str, named: Collection[Value]) -> tuple[str, list[list[Value]]]:
    """A table of SPARQL results in JSON as Markdown, and the terms of each row beside those of the query."""
    result = ox.parse_query_results(answer.encode(), format=ox.QueryResultsFormat.JSON)
    if not isinstance(result, ox.QuerySolutions):
        return str(bool(result)).lower(), [[*named]]
    rows, columns = [*sparql.rows(result)], sparql.columns(result)
    groups = [[term for term in (*row, *named) if term is not None] for row in rows[:ROWS]]
    return sparql.markdown(columns, rows[:ROWS]), groups


def _explain(book: Book) -> reasons.Explain:
    """The reason of a fact of the graph, or of one that a source only records."""

    def explain(fact: ox.Triple) -> Reason | None:
        is_known = ox.Quad(fact.subject, fact.predicate, fact.object) in book.store
        return book.reason(fact) if is_known else reasons.why(book.store, fact, book.rules)

    return explain


def _named(book: Book, lang: str, told: Iterable[Reason]) -> Names:
    return labels.names(book.store, chain.from_iterable(reason.terms() for reason in told), lang)


def _cited(told: Iterable[Reason]) -> set[str]:
    return {*chain.from_iterable(reason.sources() for reason in told)}


def _reasons(lang: str, told: Sequence[Reason], names: Names) -> str:
    """The reasons of facts as text, under their heading."""
    if not told:
        return ""
    trees = (as_text.written(as_text.reason(reason, names, lang)) for reason in told)
    return "\n".join((words.text(lang, "mcp.evidence"), *trees))


ANSWERS: dict[str, Callable[..., Told]] = {
    "search": found,
    "card": card,
    "why": why,
    "questions": listed,
    "ask": asked,
    "sparql": grounded,
}
"""What answers a call, by the name of its tool; `sparql` gets the answer to its query."""
