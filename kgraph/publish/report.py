"""A Markdown report of a build: sizes, sources, known unknowns, and the answers to all questions."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kgraph.base import paths, words
from kgraph.graph import questions
from kgraph.graph.questions import Question
from kgraph.rdf import sparql


def markdown(store: ox.Store, asked: Iterable[Question], lang: str = "en") -> str:
    """The report in one language."""
    return "\n".join(_parts(store, asked, lang))


def _parts(store: ox.Store, asked: Iterable[Question], lang: str) -> Iterator[str]:
    yield f"# {words.text(lang, 'report.title')}\n"
    yield _table(store, "sizes", lang)
    for heading, name in (("sources", "source-list"), ("unknown", "unknown-list")):
        yield f"## {words.text(lang, f'report.{heading}')}\n"
        yield _table(store, name, lang)
    yield f"## {words.text(lang, 'report.questions')}\n"
    for question in asked:
        yield f"### {question.title[lang]}\n\n{question.meaning[lang]}\n"
        yield sparql.serialize(questions.ask(store, question, lang), "md").decode()


def _table(store: ox.Store, name: str, lang: str) -> str:
    return sparql.serialize(sparql.run(store, paths.query_text(name), lang=ox.Literal(lang)), "md").decode()
