"""Competency questions: expected answers, and equal answers from rdflib over the published file."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import BASE, TYPE, term
from kgraph.errors import BadQuery, NotFound
from kgraph.graph import questions
from kgraph.graph.in_short import MOST, in_short
from kgraph.graph.network import brokers
from kgraph.publish.metadata import examples
from kgraph.rdf import sparql

EXPECTED = Path(__file__).parent / "expected"
NAMES = sorted(paths.questions(paths.bundled().ontology))


@pytest.fixture(scope="session")
def published(folders: Folders) -> rdflib.Graph:
    return rdflib.Graph().parse(folders.published())


@pytest.fixture(scope="session")
def shown(folders: Folders) -> dict[str, str]:
    """The text of each question as the published file of SPARQL examples has it, read by rdflib."""
    content = examples.turtle(
        questions.all_in(folders.ontology).values(), "https://example.org/", "https://example.org/q"
    )
    found = rdflib.Graph().parse(data=content, format="turtle")
    return {str(one).rpartition("#")[2]: str(text) for one, text in found.subject_objects(rdflib.SH.select)}


def expected(name: str, lang: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((EXPECTED / f"{name}.{lang}.csv").read_text(encoding="utf-8"))))


def question(folders: Folders, name: str) -> questions.Question:
    return questions.named(folders.ontology, name)


ANSWERS = sorted(tuple(path.name.split(".")[:2]) for path in EXPECTED.glob("*.*.csv"))


def test_every_question_has_an_expected_answer_in_its_languages(folders: Folders) -> None:
    languages = {name: ["en", "pl"] if "lang" in question(folders, name).parameters else ["en"] for name in NAMES}
    assert [(name, lang) for name in NAMES for lang in languages[name]] == ANSWERS


@pytest.mark.parametrize(("name", "lang"), ANSWERS)
def test_the_answer_is_the_expected_one(graph: ox.Store, folders: Folders, name: str, lang: str) -> None:
    content = sparql.serialize(questions.ask(graph, question(folders, name), lang), "csv").decode()
    assert list(csv.reader(io.StringIO(content))) == expected(name, lang)


BEYOND_SPARQL = {"brokers", "chain", "within-30-km"}
"""Computed on the network or with a SPARQL function of kgraph; within-30-km-box is the last in plain SPARQL."""


def test_only_these_need_more_than_sparql(folders: Folders) -> None:
    known = questions.all_in(folders.ontology).values()
    assert {q.name for q in known if q.computed_by or "call:" in q.text} == BEYOND_SPARQL


LONG_IN_RDFLIB = {"leaders", "asserted-or-inferred", "words-behind-edge"}
"""Questions that take rdflib the longest, about a second."""


@pytest.mark.whole
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if name in LONG_IN_RDFLIB else ())
        for name in sorted(set(NAMES) - BEYOND_SPARQL)
    ],
)
def test_rdflib_finds_the_same_in_the_published_files(
    published: rdflib.Graph, shown: dict[str, str], name: str
) -> None:
    """The graph and the examples of queries are both as others get them."""
    result = published.query(shown[name])
    assert result.vars is not None
    rows = [["" if term is None else str(term) for term in row] for row in result]  # type: ignore[union-attr]
    assert sorted(rows) == sorted(expected(name, "en")[1:])
    assert [str(variable) for variable in result.vars] == expected(name, "en")[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_question_says_what_it_means(folders: Folders, name: str) -> None:
    asked = question(folders, name)
    assert all("?" in asked.title[lang] or name == "words-behind-edge" for lang in ("pl", "en"))
    assert all(len(asked.meaning[lang]) > 60 for lang in ("pl", "en"))
    assert asked.asked_by in ("researcher", "journalist", "policy officer")


def test_unknown_is_said_where_the_sources_do_not_say() -> None:
    unknown = ["https://w3id.org/sekg/id/ziola-siedleckie", "Zioła Siedleckie Social Co-operative", "unknown", ""]
    assert unknown in expected("seats", "en")
    assert [row[2:] for row in expected("signing-date", "en")[1:]] == [["2018-03-22", "2018"], ["--03-22", "unknown"]]


def test_there_are_35_questions_and_one_variant() -> None:
    assert len(NAMES) == 36


def test_every_answer_shows_its_source() -> None:
    assert {name for name in NAMES if "source" not in expected(name, "en")[0]} == set()


def test_an_agreement_of_named_parties_has_named_founders(graph: ox.Store, folders: Folders) -> None:
    asked = question(folders, "founders")
    found = {
        name: {row[0] for row in sparql.rows(questions.ask(graph, asked, cluster=term(f"id:cluster-{name}")))}
        for name in ("kps", "karpacki", "lokomotywa")
    }
    assert {name: len(founders) for name, founders in found.items()} == {"kps": 4, "karpacki": 1, "lokomotywa": 13}
    assert term("id:signatories-kps-2013") not in found["kps"]


def test_a_parameter_changes_the_answer(graph: ox.Store, folders: Folders) -> None:
    asked = question(folders, "entities-in-territory")
    seated = {row[1] for row in sparql.rows(questions.ask(graph, asked, area=term("id:powiat-siedlecki")))}
    assert seated == {term("id:serwis-komunalny")}


def test_an_unknown_parameter_is_said(graph: ox.Store, folders: Folders) -> None:
    with pytest.raises(BadQuery, match=r"no parameter 'colour'; it has area$"):
        questions.ask(graph, question(folders, "entities-in-territory"), colour=term("id:red"))


@pytest.mark.parametrize("day", [ox.Literal("2018-03-22"), ox.Literal("2018-03-22", datatype=term("xsd:date"))])
def test_a_day_may_be_text(graph: ox.Store, folders: Folders, day: ox.Literal) -> None:
    rows = list(sparql.rows(questions.ask(graph, question(folders, "members-on-a-day"), day=day)))
    assert {row[3] and row[3].value for row in rows} == {"certainly"}


@pytest.mark.parametrize(
    ("name", "terms", "message"),
    [
        ("expired-statuses", {"day": ox.Literal("14.09.2020")}, "day: '14.09.2020' is not a day"),
        ("expired-statuses", {"day": ox.Literal(2020)}, "day: '2020' is not a day"),
        ("within-30-km", {"limit": ox.Literal("ten")}, "limit: 'ten' is not a number"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(
    graph: ox.Store, folders: Folders, name: str, terms: dict[str, sparql.Value], message: str
) -> None:
    with pytest.raises(BadQuery, match=message):
        questions.ask(graph, question(folders, name), "en", **terms)


def test_a_question_says_with_which_values_it_is_asked(folders: Folders) -> None:
    asked = question(folders, "members-on-a-day")
    *_, english = questions.introduction(asked, "en", {"cluster": term("id:cluster-kps")})
    assert english == "Values in the question: cluster=id:cluster-kps day=2021-06-01; give others with --param"
    assert list(questions.introduction(question(folders, "brokers"), "pl", {}))[2:] == []


def test_a_near_name_is_suggested(folders: Folders) -> None:
    with pytest.raises(NotFound, match=r"no question 'foundrs'; did you mean founders\?$"):
        question(folders, "foundrs")
    with pytest.raises(NotFound, match="there are asserted-or-inferred, brokers"):
        question(folders, "qqq")


def test_two_units_or_a_unit_and_its_operator_are_one_legal_person() -> None:
    parts = {tuple(row[at].rpartition("/")[2] for at in (0, 1, 4)) for row in expected("same-operator", "en")[1:]}
    assert parts == {
        ("agreement-2018", "caritas-siedlce", "cis-siedlce"),
        ("agreement-2018", "caritas-siedlce", "zaz-siedlce"),
        ("agreement-2020", "caritas-siedlce", "caritas-siedlce"),
        ("agreement-2020", "caritas-siedlce", "cis-siedlce"),
        ("agreement-2020", "sokial", "owes-siedlce"),
        ("agreement-2020", "sokial", "sokial"),
    }
    assert {row[1].rpartition("/")[2] for row in expected("same-operator", "en")[1:] if row[5] == "true"} == {"sokial"}


def test_from_attendee_to_signatory() -> None:
    parts = {row[0].rpartition("/")[2]: (row[3], row[5]) for row in expected("role-changes", "en")[1:]}
    assert parts["mcps"] == ("represented only", "signatory")
    disputed = {row[0].rpartition("/")[2] for row in expected("role-changes", "en")[1:] if row[6] == "true"}
    assert disputed == {"owes-siedlce"}


def test_brokers_are_signatories_as_networkx_measures_them(graph: ox.Store) -> None:
    signed: dict[str, set[str]] = {f"a{n}": {f"o{n * step % 11}" for step in range(1, 6)} for n in range(1, 13)}
    joined: nx.Graph[str] = nx.Graph((agreement, each) for agreement, some in signed.items() for each in some)
    ends = sorted({each for some in signed.values() for each in some})
    through = nx.betweenness_centrality_subset(joined, sources=ends, targets=ends)
    pairs = (len(ends) - 1) * (len(ends) - 2) / 2
    found = brokers.betweenness(signed)
    assert found == pytest.approx({each: through[each] / pairs for each in found})
    assert brokers.betweenness(signed, every=1, pivots=4000) == pytest.approx(found, abs=0.01)
    groups = {str(quad.subject) for quad in graph.quads_for_pattern(None, TYPE, term("foaf:Group"))}
    agreements = {row[0] for row in expected("brokers", "en")[1:] if "/agreement-" in row[0]}
    assert not agreements and not groups & {f"<{broker.iri}>" for broker in brokers.brokers(graph)}


def test_first_is_a_single_source_claim_with_one_candidate_to_check() -> None:
    assert dict(zip(*expected("first-of-kind", "en"), strict=True)).items() > {
        ("witnesses", "1"),
        ("earlier", "0"),
        ("toBeChecked", "1"),
        ("verdict", "not contradicted by a dated source"),
    }


def test_the_director_of_another_day_need_not_be_an_attendee(graph: ox.Store, folders: Folders) -> None:
    event = {"event": term("id:cornerstone-cis-2024")}
    rows = sparql.rows(questions.ask(graph, question(folders, "director-on-the-day"), "en", **event))
    assert {row[0] for row in rows} == {term("id:aleksander-kornatowski")}


def test_a_chain_to_what_is_no_thing_is_refused(graph: ox.Store, folders: Folders) -> None:
    with pytest.raises(BadQuery, match="and 5 is none"):
        questions.ask(graph, question(folders, "chain"), "en", to=ox.Literal(5))


ELSEWHERE = """
    id:a a se:Agreement ; se:hasSignatory id:p , id:q ; se:signedAt id:s ; se:establishes id:k .
    id:k a se:Cluster . id:s a se:SigningEvent . id:p se:seatIn id:town . id:town se:within id:county .
"""


def test_defaults_are_things_of_the_graph_that_is_open(folders: Folders, store_of: Callable[..., ox.Store]) -> None:
    asked = questions.fitting(store_of(ELSEWHERE), questions.all_in(folders.ontology).values())
    assert asked["founders"].takes == {"cluster": "id:k"}
    assert asked["chain"].takes == {"from": "id:p", "to": "id:q"}
    assert asked["entities-in-territory"].takes == {"area": "id:county"}
    assert asked["signing-date"].takes == {"event": "id:s"}
    assert "{ <https://w3id.org/sekg/id/k> }" in asked["founders"].text


def test_defaults_that_are_in_the_graph_stay(graph: ox.Store, folders: Folders) -> None:
    known = questions.all_in(folders.ontology)
    assert questions.fitting(graph, known.values()) == known


def test_a_leading_question_has_its_answer_in_short(graph: ox.Store, folders: Folders) -> None:
    short = in_short(graph, questions.named(folders.ontology, "founders"))
    assert short is not None
    founders = {"cis-siedlce", "relaksownia", "serwis-komunalny", "zaz-siedlce", "ziola-siedleckie"}
    assert {thing.value for thing in short.things} == {f"{BASE}id/{name}" for name in founders}
    assert (short.about.value, short.more, short.day) == (f"{BASE}id/cluster-siedlce", 0, "2018-03-22")
    assert in_short(graph, questions.named(folders.ontology, "disagreements")) is None, "its head names no variables"


def test_an_answer_in_short_leaves_out_what_is_too_long_or_not_known(
    graph: ox.Store, folders: Folders, store_of: Callable[..., ox.Store]
) -> None:
    asked = questions.named(folders.ontology, "entities-in-territory")
    short = in_short(graph, replace(asked, in_short=("entity",)))
    assert short and len(short.things) == MOST and short.more > 0 and short.day is None
    assert in_short(store_of(ELSEWHERE), questions.named(folders.ontology, "founders")) is None
