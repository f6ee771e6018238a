"""Each competency question has the expected answer, and any RDF 1.1 tool finds the same in the published file."""

import csv
import io
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kgraph import cli, query, resources
from kgraph.resources import Folders

EXPECTED = Path(__file__).parent / "expected"
NAMES = sorted(resources.questions(resources.bundled().ontology))


@pytest.fixture(scope="session")
def published(folders: Folders) -> rdflib.Graph:
    return rdflib.Graph().parse(folders.published())


def expected(name: str, lang: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((EXPECTED / f"{name}.{lang}.csv").read_text(encoding="utf-8"))))


def question(folders: Folders, name: str) -> query.Question:
    return cli.prepared(folders)[name]


ANSWERS = sorted(tuple(path.name.split(".")[:2]) for path in EXPECTED.glob("*.*.csv"))


def test_every_question_has_an_expected_answer_in_its_languages(folders: Folders) -> None:
    languages = {name: ["en", "pl"] if "lang" in question(folders, name).parameters else ["en"] for name in NAMES}
    assert [(name, lang) for name in NAMES for lang in languages[name]] == ANSWERS


@pytest.mark.parametrize(("name", "lang"), ANSWERS)
def test_the_answer_is_the_expected_one(graph: ox.Store, folders: Folders, name: str, lang: str) -> None:
    asked = question(folders, name)
    terms = {"lang": ox.Literal(lang)} if "lang" in asked.parameters else {}
    content = query.serialize(query.run(graph, asked.text, **terms), "csv").decode()
    assert list(csv.reader(io.StringIO(content))) == expected(name, lang)


@pytest.mark.parametrize("name", NAMES)
def test_rdflib_finds_the_same_in_the_published_file(published: rdflib.Graph, folders: Folders, name: str) -> None:
    result = published.query(question(folders, name).text)
    assert result.vars is not None
    rows = [["" if term is None else str(term) for term in row] for row in result]  # type: ignore[union-attr]
    assert sorted(rows) == sorted(expected(name, "en")[1:])
    assert [str(variable) for variable in result.vars] == expected(name, "en")[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_question_says_what_it_means(folders: Folders, name: str) -> None:
    asked = question(folders, name)
    assert all(asked.title[lang].endswith("?") or name == "words-behind-edge" for lang in ("pl", "en"))
    assert all(len(asked.meaning[lang]) > 60 for lang in ("pl", "en"))
    assert asked.asked_by in ("researcher", "journalist", "policy officer")


def test_unknown_is_said_where_the_sources_do_not_say() -> None:
    assert ["https://w3id.org/sekg/id/ziola-siedleckie", "Zioła Siedleckie Social Co-operative", "unknown"] in expected(
        "seats", "en"
    )
    assert [row[2:] for row in expected("signing-date", "en")[1:]] == [["2018-03-22", "2018"], ["--03-22", "unknown"]]
