"""The explorer as files: its page, and a server's answers to it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from zlib import crc32

import pyoxigraph as ox

from kgraph.base.vocab import BASE, INFERRED_GRAPH, RULE
from kgraph.base.words import LANGUAGES
from kgraph.errors import NotFound
from kgraph.graph import questions, views
from kgraph.graph.entity import as_json
from kgraph.graph.faceting import columnar
from kgraph.graph.names import searchable
from kgraph.graph.network import analysis, groups, networks
from kgraph.graph.questions import Question
from kgraph.publish.pages.book import Book
from kgraph.rdf import sparql
from kgraph.rdf.store import graph

QUADS = "sekg.trig"
"""The file from which the explorer answers SPARQL."""

SECONDS, ANSWER = 30, 256 * 1024**2
"""The limits of a query in the browser: seconds, and bytes of its answer."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'"
)
"""The sources that the explorer may load from (https://www.w3.org/TR/CSP3/)."""


def page(static: Path) -> bytes:
    """The explorer's page, with a `meta` element that makes it read files."""
    built = static / "index.html"
    if not built.is_file():
        raise NotFound(
            "the explorer is not built; install kgraph-social-economy from a wheel, or “pip install -e .” in a clone"
        )
    policy = f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}">'
    head = f'<meta charset="utf-8">\n    {policy}\n    <meta name="kgraph-files" content="api/">'
    return built.read_text(encoding="utf-8").replace('<meta charset="utf-8">', head, 1).encode()


def files(book: Book) -> Iterator[tuple[str, bytes]]:
    """The answers of a server to the explorer, by path, except the cards of things."""
    for name, value in _views(book):
        yield f"{name}.json", _json(value)
    yield "sources.json", _json(_in_each({lang: views.sources(book.store, lang) for lang in LANGUAGES}))
    yield "answers.json", _json({name: _answers(book, question) for name, question in book.questions.items()})


def _answers(book: Book, question: Question) -> as_json.Json:
    """The answers to a question at its default values, by language."""
    return _in_each({lang: sparql.serialize(_answer(book, question, lang), "json") for lang in LANGUAGES})


def _in_each(answers: Mapping[str, bytes]) -> as_json.Json:
    """Answers in JSON by language, in one object."""
    return {lang: json.loads(answer) for lang, answer in answers.items()}


def _answer(book: Book, question: Question, lang: str) -> sparql.Result:
    """The answer at the default values; a chain without steps where no facts link these."""
    try:
        return questions.ask(book.store, question, lang, book.folder)
    except NotFound:
        return sparql.solutions(*analysis.chain(()))


CARDS = 10
"""The mean number of cards in a file."""


def things(store: ox.Store) -> list[str]:
    """The IRIs of the things that have a card, each once, in a stable order."""
    return sorted({one.iri for one in searchable.names(store)})


def cards(book: Book, things: Iterable[ox.NamedNode]) -> dict[str, bytes]:
    """The cards of things by IRI, in JSON."""
    return {thing.value: _json(as_json.card(book.cards(thing), book.marks.disputed)) for thing in things}


def card_files(written: Mapping[str, bytes], why: Mapping[int, bytes]) -> Iterator[tuple[str, bytes]]:
    """Cards by IRI, several in a file, with the reasons of the inferred facts about these things."""
    files: dict[int, list[str]] = defaultdict(list)
    for iri in sorted(written):
        files[number(iri, numbers(len(written)))].append(iri)
    for named in sorted(why):
        cards = b",".join(_json(iri) + b":" + written[iri] for iri in files[named])
        yield f"things/{named}.json", b'{"cards":{' + cards + b'},"why":' + why[named] + b"}"


def reasons(book: Book, cards: Sequence[str]) -> dict[int, bytes]:
    """The reasons of inferred facts in JSON, by the number of the file with the card of their subject."""
    count = numbers(len(cards))
    inferred = _inferred(book.store, count)
    return {
        named: _json(views.reasons(book.store, [*filter(None, map(book.reason, inferred.get(named, ())))]))
        for named in {*inferred, *(number(iri, count) for iri in cards)}
    }


def number(iri: str, files: int) -> int:
    """The number of the file with the card of a thing: the CRC-32 of its IRI modulo the number of files.

    >>> number(f"{BASE}id/mcps", 108)
    13
    """
    return crc32(iri.encode()) % files


def numbers(cards: int) -> int:
    """How many numbers the files of some cards have."""
    return cards // CARDS + 1


def _json(value: as_json.Json | str) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _views(book: Book) -> Iterator[tuple[str, as_json.Json]]:
    store, marks = book.store, book.marks
    about = views.about(store, book.size, SECONDS, ANSWER, book.site.version)
    yield "about", about | {"files": numbers(len(things(store)))}
    yield "schema", book.schema
    yield "facets", columnar.written(book.facets)
    yield "questions", book.asked
    yield "disputes", book.differences
    yield "states", views.time_states(store)
    yield "names", views.names(store)
    yield "texts", views.texts(store)
    yield "overview", views.grouped(store, marks) if marks.groups else views.network(store, marks.overview, marks)
    for iri in groups.portions(marks.groups) if marks.groups else ():
        yield iri.removeprefix(BASE), views.grouped(store, marks, iri)
    yield "whole", views.network(store, networks.whole(store), marks)


def _inferred(store: ox.Store, files: int) -> dict[int, list[ox.Triple]]:
    """The inferred facts, without their records, by the number of the file with the card of their subject."""
    triples = sorted(graph(store, INFERRED_GRAPH), key=str)
    records = {triple.subject for triple in triples if triple.predicate == RULE}
    found: dict[int, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        subject = triple.subject
        if isinstance(subject, ox.NamedNode) and subject not in records and subject.value.startswith(BASE):
            found[number(subject.value, files)].append(triple)
    return found
