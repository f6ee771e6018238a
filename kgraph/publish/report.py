"""A Markdown report of a build: sizes, sources, known unknowns, and the answers to all questions."""

from collections.abc import Iterable

import pyoxigraph as ox

from kgraph.base import paths, words
from kgraph.graph import questions
from kgraph.graph.questions import Question
from kgraph.rdf import sparql


def markdown(store: ox.Store, asked: Iterable[Question], lang: str = "en") -> str:
    """The report in one language."""
    parts = [f"# {words.text(lang, 'report.title')}\n", _table(store, "sizes", lang)]
    for heading, name in (("sources", "source-list"), ("unknown", "unknown-list")):
        parts += [f"## {words.text(lang, f'report.{heading}')}\n", _table(store, name, lang)]
    parts.append(f"## {words.text(lang, 'report.questions')}\n")
    for question in asked:
        parts.append(f"### {question.title[lang]}\n\n{question.meaning[lang]}\n")
        parts.append(sparql.serialize(questions.ask(store, question, lang), "md").decode())
    return "\n".join(parts)


def _table(store: ox.Store, name: str, lang: str) -> str:
    return sparql.serialize(sparql.run(store, paths.query_text(name), lang=ox.Literal(lang)), "md").decode()
