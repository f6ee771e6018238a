"""Everything that a text finds: things, prepared questions, passages of sources and facts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from sqlite3 import Connection

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.stemming import Wanted, closeness
from kgraph.base.vocab import BASE, short
from kgraph.errors import NotFound
from kgraph.graph.names import labels, search
from kgraph.graph.names.search import Found
from kgraph.graph.names.searchable import Quotation
from kgraph.graph.questions import Question
from kgraph.rdf import sparql

MOST = 5
"""The most questions, passages and facts that are found, each."""

BESIDE_TITLE = 3
"""How far a word is from a question that has it in its meaning, not in its title."""

ENOUGH = 2
"""The words that must be a question's own when the others are those of a thing that it can be asked about."""


@dataclass(frozen=True)
class FoundQuestion:
    """A question, and the values of its parameters that the text names."""

    name: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Hits:
    """What a text finds, each the best first; facts as subject, predicate and object."""

    things: list[Found]
    questions: list[FoundQuestion]
    passages: list[Quotation]
    facts: list[tuple[str, str, str]]

    def mentioned(self) -> set[str]:
        """The things, sources and relations of questions, passages and facts."""
        asked = {sparql.parse_term(value).value for one in self.questions for value in one.values.values()}
        return asked | {one.source for one in self.passages} | {part for fact in self.facts for part in fact}

    def __bool__(self) -> bool:
        return any((self.things, self.questions, self.passages, self.facts))


def everything(store: ox.Store, database: Connection, known: Iterable[Question], text: str, limit: int = 20) -> Hits:
    """What a text finds; things whose names are only similar are left out when anything else is found."""
    asked = search.parsed(text)
    search.add_texts(store, database)
    things = search.find(database, text, limit)
    beside = (
        _questions(database, known, asked),
        search.passages(database, asked, MOST),
        search.relations(database, asked, MOST),
    )
    return Hits([] if things and things[0].guessed and any(beside) else things, *beside)


def hits(
    store: ox.Store,
    database: Connection,
    known: Iterable[Question],
    text: str,
    limit: int,
    kind: str | None = None,
    lang: str = "en",
) -> Hits:
    """What a text finds, with a `kind` only things of that class; NotFound when that is nothing."""
    if kind:
        among = labels.among(store, labels.kind(store, kind, lang))
        found = Hits(search.find(database, text, limit, among), [], [], [])
    else:
        found = everything(store, database, known, text, limit)
    if not found:
        raise NotFound(f"no name, question or source has words like {text!r}; try fewer or shorter words")
    return found


def table(store: ox.Store, known: Mapping[str, Question], hits: Hits, lang: str) -> sparql.Table:
    """The hits in a language: what is found, its name or words, its kind, and which sort of hit it is."""
    things = [(ox.NamedNode(hit.iri), ox.NamedNode(hit.kind)) for hit in hits.things]
    called = labels.names(store, chain(*things, map(ox.NamedNode, hits.mentioned())), lang)
    kind = partial(words.text, lang)
    rows = [
        *(
            (iri, called.get(iri, hit.name), called.get(of, kind("cards.no kind")), "thing")
            for (iri, of), hit in zip(things, hits.things, strict=True)
        ),
        *(
            (
                ox.NamedNode(f"{BASE}questions/{one.name}"),
                known[one.name].title[lang],
                kind("cards.found question"),
                "question",
            )
            for one in hits.questions
        ),
        *((ox.NamedNode(one.source), one.words, kind("cards.found passage"), "passage") for one in hits.passages),
        *(
            (ox.NamedNode(fact[0]), _told(called, *map(ox.NamedNode, fact)), kind("cards.found fact"), "fact")
            for fact in hits.facts
        ),
    ]
    return ("thing", "name", "kind", "found"), [[iri, *map(ox.Literal, texts)] for iri, *texts in rows]


def _told(called: labels.Names, subject: ox.NamedNode, predicate: ox.NamedNode, object_: ox.NamedNode) -> str:
    """A fact in three parts, because names are not inflected."""
    return f"{labels.name(called, subject)} · {labels.name(called, predicate)}: {labels.name(called, object_)}"


def _questions(database: Connection, known: Iterable[Question], asked: Wanted) -> list[FoundQuestion]:
    """The questions with the words of a text, some of which may be those of a thing to ask about.

    Those with a word only in their meaning are found when no other question is.
    """
    typed = [word for word in asked.telling if not word.isdecimal()]
    rated = []
    for question in known if typed else ():
        away = {word: _away(question, word) for word in typed}
        foreign = [word for word in typed if away[word] is None]
        near = [far for far in away.values() if far is not None]
        is_own = sum(far < BESIDE_TITLE for far in near) >= ENOUGH
        values = _values(database, question, foreign) if foreign and is_own else {}
        if not foreign or values:
            rated.append((BESIDE_TITLE in near, len(foreign), sum(near), question.name, values))
    rated.sort(key=lambda row: row[:4])
    return [FoundQuestion(name, values) for is_beside, _, _, name, values in rated if is_beside == rated[0][0]][:MOST]


def _away(question: Question, word: str) -> int | None:
    """How far a word is from those of a question; None when it has no such word."""
    own = closeness(word, " ".join((*question.title.values(), question.keywords)))
    if own is not None:
        return own
    return None if closeness(word, " ".join(question.meaning.values())) is None else BESIDE_TITLE


def _values(database: Connection, question: Question, naming: Iterable[str]) -> dict[str, str]:
    """The first thing found by some words of the kind that a parameter of the question takes, as a CURIE."""
    found = [hit for hit in search.find(database, " ".join(naming)) if not hit.guessed]
    for name, kind in _kinds(database, question):
        for hit in found:
            if hit.kind == kind:
                return {name: short(hit.iri)}
    return {}


def _kinds(database: Connection, question: Question) -> Iterator[tuple[str, str]]:
    """The parameters of a question that take things, each with the kind of its default."""
    for name, default in question.takes.items():
        if question.takes_thing(name):
            row = database.execute(
                "SELECT kind FROM label WHERE iri = ? LIMIT 1", (sparql.parse_term(default).value,)
            ).fetchone()
            if row:
                yield name, row[0]
