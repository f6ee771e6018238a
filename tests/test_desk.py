"""The researcher's desk: days that count, answers that can be asked again and cited, claims as a table, conversions."""

import json
import pickle
import warnings
from datetime import date, datetime
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest

import kgraph
from kgraph import Graph
from kgraph.base import paths
from kgraph.base.vocab import term
from kgraph.errors import BadQuery, NotFound
from tests.conftest import on


@pytest.fixture(scope="module")
def graph(bundled: Graph) -> Graph:
    return bundled


@pytest.fixture(scope="module")
def early() -> Graph:
    return on("2010-01-01")


@pytest.mark.whole
def test_a_measure_of_a_day_is_not_that_of_today(graph: Graph, early: Graph) -> None:
    assert len(kgraph.ask(graph, "brokers")) > 0 == len(kgraph.ask(early, "brokers"))
    then, now = ({row.measure: row.value for row in kgraph.analyse(at, table="network")} for at in (early, graph))
    assert then["day"] == "2010-01-01" < now["day"] and int(then["things"]) < int(now["things"])


def test_there_is_no_chain_over_what_had_not_begun(early: Graph) -> None:
    with pytest.raises(NotFound, match="no chain of facts"):
        kgraph.ask(early, "chain")
    with pytest.raises(NotFound, match="no chain of facts"):
        kgraph.chain(early, "Zioła Siedleckie", "Artur Pozorek")


@pytest.mark.whole
def test_a_question_about_a_day_is_about_the_day_of_the_graph() -> None:
    day = kgraph.open(as_of="2018-05-01")
    assert '"2018-05-01"' in kgraph.ask(day, "members-on-a-day").query
    assert '"2020-01-02"' in kgraph.ask(day, "members-on-a-day", day="2020-01-02").query


def test_a_question_without_a_day_says_so(early: Graph) -> None:
    assert any("takes no day" in doubt for doubt in kgraph.ask(early, "founders").doubts)
    assert any("nie wybiera się dnia" in doubt for doubt in kgraph.ask(early, "founders", lang="pl").doubts)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("SELECT ?x ?y { ?x se:hasSignatory ?y }", {"y": "id:ziola-siedleckie"}),
        ("SELECT ?x { ?x se:hasSignatory ?y }", {"y": ["id:ziola-siedleckie", "id:caritas-siedlce"]}),
        ("SELECT ?n { ?x skos:prefLabel ?n BIND(LANG(?n) AS ?l) }", {"x": "id:mcps", "l": "pl"}),
    ],
)
def test_the_recorded_query_is_the_one_that_ran(graph: Graph, text: str, terms: dict[str, str]) -> None:
    answer = kgraph.query(graph, text, **terms)  # type: ignore[arg-type]
    assert 0 < len(answer) < len(kgraph.query(graph, text))
    assert sorted(kgraph.query(graph, answer.query).terms, key=str) == sorted(answer.terms, key=str)


def test_the_recorded_question_is_the_one_that_was_asked(graph: Graph) -> None:
    answer = kgraph.ask(graph, "entities-in-territory", lang="pl", area="id:siedlce")
    assert kgraph.query(graph, answer.query).terms == answer.terms


def test_a_column_of_a_frame_can_be_bound(graph: Graph) -> None:
    signed = kgraph.query(graph, "SELECT ?who { id:agreement-2018 se:hasSignatory ?who } LIMIT 3").to_pandas()
    names = kgraph.query(graph, "SELECT DISTINCT ?who { ?who skos:prefLabel ?n }", who=signed["who"])
    assert {row.who for row in names} == set(signed["who"])


def test_a_frame_says_what_it_rests_on_and_is_warned_about(graph: Graph) -> None:
    with pytest.warns(UserWarning, match="id:mcpss is not in the graph"):
        frame = kgraph.query(graph, "SELECT ?x { ?x se:operatedBy id:mcpss }").to_pandas()
    kept = frame.attrs
    assert kept["doubts"] and kept["version"] == kgraph.__version__ and kept["day"] is None
    assert kept["hash"] == graph.hash and len(kept["hash"]) == 64 and kept["asked"].endswith("+00:00")
    json.dumps(kept)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        day = on("2019-01-01")
        kept = kgraph.query(day, "ASK { ?thing se:state ?state }").to_pandas().attrs
    assert (kept["day"], kept["hash"]) == ("2019-01-01", graph.hash)


def test_the_hash_is_that_of_the_published_graph(graph: Graph) -> None:
    published = ox.Store()
    published.load(path="data/sekg.ttl", format=ox.RdfFormat.TURTLE)
    assert Graph(published, "published", {}).hash == graph.hash


def test_an_answer_is_cited(graph: Graph) -> None:
    answer = kgraph.query(graph, "SELECT ?x { ?x a se:Cluster }  # 100 %_{")
    found = answer.cite()
    for shown in (found.sentence, found.bibtex, json.dumps(found.csl), repr(found)):
        assert str(graph.hash) in shown
    assert "kgraph project" in found.sentence and "SELECT ?x { ?x a se:Cluster }" in found.sentence
    assert found.bibtex.startswith("@misc{kgraph-") and r"100 \%\_\{" in found.bibtex
    assert found.csl["type"] == "dataset" and found.csl["version"] == kgraph.__version__
    assert "wersja" in answer.cite("pl").sentence
    with pytest.raises(BadQuery, match="nothing to cite"):
        kgraph.Result("table", ("x",), ()).cite()


def test_claims_are_one_tidy_row_each(graph: Graph) -> None:
    found = kgraph.claims(graph).to_pandas()
    assert len(found) > 1000 and not found.duplicated().any()
    known = {row.source for row in kgraph.sources(graph)}
    assert set(found["source"]) == known and found["title"].notna().all()
    assert found[found["words"].notna()]["words"].str.len().min() > 0


def test_claims_are_chosen_by_thing_source_status_and_day(graph: Graph) -> None:
    about = kgraph.claims(graph, "Caritas Diecezji Siedleckiej").to_pandas()
    assert ((about["subject"] == "id:caritas-siedlce") | (about["object"] == "id:caritas-siedlce")).all()
    with pytest.warns(UserWarning, match="no day: 29, of sources: 9"):
        before = kgraph.claims(graph, "id:caritas-siedlce", until=date(2019, 12, 31)).to_pandas()
    assert 0 < len(before) < len(about) and before["issued"].max() < datetime(2020, 1, 1)
    of = kgraph.claims(graph, source="source:mcps-2018-klaster", status="status:stated").to_pandas()
    assert set(of["source"]) == {"source:mcps-2018-klaster"} and set(of["status"]) == {"status:stated"}
    with pytest.raises(BadQuery, match="is not a day"):
        kgraph.claims(graph, until="yesterday")


@pytest.mark.parametrize("named", ["Zioła Siedleckie", "id:ziola-siedleckie", term("id:ziola-siedleckie")])
def test_every_function_takes_a_thing_in_any_form(graph: Graph, named: str | ox.NamedNode) -> None:
    thing = kgraph.thing(graph, named)
    assert thing == term("id:ziola-siedleckie")
    assert kgraph.show(graph, named).card.thing == thing
    assert kgraph.neighbourhood(graph, named).edges
    assert kgraph.why(graph, named, term("se:foundingMemberOf"), "id:cluster-siedlce").reason.rule
    assert kgraph.claims(graph, named) and kgraph.chain(graph, named, "id:mcps")


def test_networks_with_days_are_written_for_other_programs(graph: Graph, tmp_path: Path) -> None:
    rows = kgraph.query(
        graph, "SELECT ?agreement ?who ?on { ?agreement se:hasSignatory ?who ; se:signedAt/se:date ?on }"
    )
    triples = kgraph.query(
        graph, "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?s { id:agreement-2018 id:signing-2018 } ?s ?p ?o }"
    )
    for answer in (rows, triples):
        found = answer.to_networkx()
        nx.write_gexf(found, tmp_path / "a.gexf")
        nx.write_graphml(found, tmp_path / "a.graphml")
        assert len(nx.read_graphml(tmp_path / "a.graphml")) == len(nx.read_gexf(tmp_path / "a.gexf")) == len(found) > 3


def test_a_row_by_number_a_keyword_as_a_column_and_files(graph: Graph, tmp_path: Path) -> None:
    answer = kgraph.query(graph, 'SELECT ?class ?day { VALUES (?class ?day) { (1 "2018-03-22"^^xsd:date) (2 UNDEF) } }')
    assert (answer[0].class_, answer[-1].day) == (1, None)
    assert answer.to_dict()[0] == {"class": 1, "day": date(2018, 3, 22)}
    assert answer.to_csv() == "class,day\r\n1,2018-03-22\r\n2,\r\n"
    assert answer.to_json(tmp_path / "a.json") is None
    assert json.loads((tmp_path / "a.json").read_text()) == [
        {"class": 1, "day": "2018-03-22"},
        {"class": 2, "day": None},
    ]
    answer.to_csv(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == b"class,day\r\n1,2018-03-22\r\n2,\r\n"
    with pytest.raises(IndexError):
        answer[2]


@pytest.mark.whole
def test_a_graph_is_pickled_by_what_was_opened(early: Graph) -> None:
    again = pickle.loads(pickle.dumps(early))
    assert (again.day, again.name, again.hash) == (early.day, early.name, early.hash)


def test_a_parameter_takes_the_thing_of_its_kind(graph: Graph) -> None:
    named = kgraph.ask(graph, "founders", cluster="Siedlce")
    assert named.terms == kgraph.ask(graph, "founders", cluster="id:cluster-siedlce").terms != ()
    assert kgraph.thing(graph, "Siedlce") == term("id:siedlce")


def test_the_table_of_agreements_has_the_place_that_follows(graph: Graph) -> None:
    rows = {row.iri: row for row in kgraph.query(graph, paths.query_text("table-agreements"))}
    assert rows["id:agreement-2018"].inferred_places == term("id:siedlce").value
    assert rows["id:agreement-2018"].places is None


def test_a_name_without_a_language_is_pointed_out(graph: Graph) -> None:
    asked = 'SELECT ?x { ?x skos:prefLabel "Siedlce" }'
    (doubt,) = kgraph.query(graph, asked).doubts
    assert (
        doubt
        == 'a name without a language matches nothing; write "Siedlce"@pl or "Siedlce"@en, or id:siedlce for the thing'
    )
    assert not kgraph.query(graph, asked.replace('"Siedlce"', '"Siedlce"@pl')).doubts
