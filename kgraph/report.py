"""What a build holds, as a Markdown page: sizes, sources, what is not known, and the answers to all questions."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kgraph import query, resources
from kgraph.query import Question

WORDS = {
    "en": {
        "title": "The graph at a glance",
        "sources": "Sources",
        "unknown": "Not known",
        "questions": "Questions and answers",
    },
    "pl": {
        "title": "Graf w skrócie",
        "sources": "Źródła",
        "unknown": "Nie wiadomo",
        "questions": "Pytania i odpowiedzi",
    },
}


def markdown(store: ox.Store, questions: Iterable[Question], lang: str = "en") -> str:
    """The report in one language."""
    return "\n".join(_parts(store, questions, lang))


def _parts(store: ox.Store, questions: Iterable[Question], lang: str) -> Iterator[str]:
    words = WORDS[lang]
    yield f"# {words['title']}\n"
    yield _table(store, resources.query_text("sizes"), lang)
    yield f"## {words['sources']}\n"
    yield _table(store, resources.query_text("source-list"), lang)
    yield f"## {words['unknown']}\n"
    yield _table(store, resources.query_text("unknown-list"), lang)
    yield f"## {words['questions']}\n"
    for question in questions:
        yield f"### {question.title[lang]}\n\n{question.meaning[lang]}\n"
        yield _table(store, question.text, lang)


def _table(store: ox.Store, text: str, lang: str) -> str:
    speaking = {"lang": ox.Literal(lang)} if "?lang" in text else {}
    return query.serialize(query.run(store, text, **speaking), "md").decode()
