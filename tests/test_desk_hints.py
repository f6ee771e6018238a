"""The researcher's desk, third part: a wrong call says what to write, and nothing is left out in silence."""

import warnings
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

import networkx as nx
import pandas as pd
import pyoxigraph as ox
import pytest

import kgraph
from kgraph import Graph
from kgraph.api import calling
from kgraph.base import paths
from kgraph.base.vocab import term
from kgraph.errors import BadQuery, KgraphError, NotFound
from kgraph.graph import questions
from tests.conftest import on

anything: Any = kgraph
"""The package without its types, for calls that a type checker refuses."""


@pytest.fixture(scope="module")
def graph(bundled: Graph) -> Graph:
    return bundled


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda g: anything.claims(g, about="x", before="2020"), r"no about= \(did you mean thing=\?\) and no before="),
        (lambda g: anything.ask("founders"), r"'question'; write kgraph.ask\(graph, question, lang='en', \*\*terms\)"),
        (lambda g: anything.open(day="2019-01-01"), r'did you mean as_of="2019-12-31"\?'),
        (lambda g: anything.open(as_of="2019"), "is not a day; give a day of that year, such as its last, 2019-12-31"),
        (lambda g: anything.network(g, year=2018), r'did you mean by="year", and take \[2018\] of it'),
        (lambda g: anything.match(g, ["x"], threshold=0.9), r"did you mean least=\?"),
        (lambda g: anything.network(g, "signatories"), r"who signed together is in\s+kgraph.network"),
        (lambda g: anything.network(g, by="year").measures(projection="x"), "no projection 'x'; there are bipartite"),
        (lambda g: anything.claims(g, "Caritas"), "write one of their ids, such as id:caritas-siedlce"),
        (lambda g: anything.claims(g, ["id:mcps"]), "is not one thing"),
        (lambda g: anything.claims(g, status="sure"), "there are status:alternative-reading, .*status:stated"),
        (lambda g: anything.ask(g, "leaders", organization="MCPS"), r"did you mean organisation\?"),
        (lambda g: anything.ask(g, "leaders", date="2019-12-31"), r"did you mean day\?"),
        (lambda g: anything.ask(g, "founders", day="2019-12-31"), "for all times, about events with days of their own"),
        (lambda g: anything.ask(g, "Who founded the cluster?"), r"did you mean founders\?"),
        (lambda g: anything.query(g, "founders"), r"write kgraph.ask\(graph, 'founders'\)"),
        (lambda g: anything.ask(g, "founders")["founders"], "there are founder, name"),
        (lambda g: anything.ask(g, "founders")[["founder"]], r"answer.to_pandas\(\)\[\['founder'\]\]"),
    ],
)
def test_a_call_that_does_not_fit_says_what_to_write(graph: Graph, call: Callable[[Any], object], said: str) -> None:
    with pytest.raises(KgraphError, match=said):
        call(graph)


def test_an_attribute_that_is_not_there_leads_to_what_is(graph: Graph) -> None:
    yearly, answer = kgraph.network(graph, by="year"), kgraph.ask(graph, "founders")
    for value, name, said in (
        (graph, "query", r"write kgraph.query\(graph"),
        (answer, "head", r"answer.to_pandas\(\)"),
        (answer, "founder", r"answer\['founder'\]"),
        (yearly, "to_pandas", r"ties\(\), signatures\(\), measures\(\)"),
        (yearly[2018], "measures", r"\.measures\(2018\)"),
        (kgraph, "load", "did you mean kgraph.open"),
        (kgraph, "anlyse", "did you mean kgraph.analyse"),
    ):
        with pytest.raises(AttributeError, match=said):
            getattr(value, name)
    assert not hasattr(answer, "__array__") and not hasattr(graph, "_repr_html_")
    assert {*calling.FUNCTIONS} < {*kgraph.__all__} == {*dir(kgraph)}
    assert issubclass(calling.BadCall, TypeError) and answer["sources"] == [row.sources for row in answer]


def test_the_list_of_questions_says_which_take_a_day(graph: Graph) -> None:
    known = questions.all_in(paths.folders().ontology)
    listed = {row.name: row for row in kgraph.questions(graph)}
    assert {name for name, row in listed.items() if row.day == "yes"} == {
        name for name, one in known.items() if questions.takes_day(one)
    }
    assert all(questions.takes_day(one) == (one.timeless is None) for one in known.values())
    assert listed["founders"].day == "no: about events with days of their own"
    assert listed["leaders"].parameters == "organisation=id:mcps day" and listed["brokers"].parameters == "day"
    of_day = kgraph.ask(graph, "brokers", day="2019-12-31")
    assert of_day.day == "2019-12-31" and of_day.terms == kgraph.ask(_of("2019-12-31"), "brokers").terms


@cache
def _of(day: str) -> Graph:
    return on(day)


@pytest.mark.whole
def test_who_led_on_a_day_agrees_with_the_states_of_that_day(graph: Graph) -> None:
    text = """SELECT ?who ?said { ?tenure org:role/skos:broader* role:director ; org:member ?who ;
      org:organization ?where ; se:state/skos:prefLabel ?said FILTER(LANG(?said) = "en") }"""
    for day in ("2012-01-01", "2019-12-31"):
        then = _of(day)
        for where in ("id:mcps", "id:caritas-siedlce"):
            led = kgraph.ask(graph, "leaders", organisation=where, day=day)
            states = {(row.who, row.said) for row in kgraph.query(then, text, where=where)}
            assert {(row.person, row.state) for row in led} == states != set()
            assert led.day == day and kgraph.ask(then, "leaders", organisation=where).terms == led.terms
    assert {row.state for row in kgraph.ask(graph, "leaders")} == {None}
    assert kgraph.ask(graph, "leaders", lang="pl", day="2019-12-31")[1].state == "brak informacji o zakończeniu"


def test_claims_of_later_sources_are_counted(graph: Graph) -> None:
    everything = kgraph.claims(graph, "id:caritas-siedlce").to_pandas()
    found = kgraph.claims(graph, "id:caritas-siedlce", until="2019", undated=True)
    assert (
        found.terms == kgraph.claims(graph, "id:caritas-siedlce", until=datetime(2019, 12, 31, 9), undated=True).terms
    )
    later = everything[everything["issued"] > "2019-12-31"]
    facts = len(later.drop_duplicates(["subject", "relation", "object", "source"]))
    undated = everything[everything["issued"].isna()]
    ahead = undated[undated["since"] > "2019-12-31"]
    (note, other) = found.notes
    claims = len(ahead.drop_duplicates(["subject", "relation", "object", "source"]))
    assert f"about a time after 2019-12-31: {claims}, of sources: {ahead['source'].nunique()}" in other and claims > 3
    assert f"later than 2019-12-31: {facts}, of sources: {later['source'].nunique()}" in note and note in repr(found)
    assert len(found) + len(later) + len(ahead) == len(everything)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert found.to_pandas().attrs["notes"] == [note, other]


def test_one_year_is_a_network_with_measures_and_sources(graph: Graph) -> None:
    yearly = kgraph.network(graph, by="year")
    together = yearly.to_networkx(2018)
    assert {one: own["betweenness"] for one, own in together.nodes(data=True)} == pytest.approx(
        nx.betweenness_centrality(nx.Graph(together))
    )
    assert all(about["year"] == 2018 and about["sources"] for *_, about in together.edges(data=True))
    measures, signed = yearly.measures(2018).to_pandas(), yearly.signatures(2018).to_pandas()
    assert {*measures["thing"]} == {*signed["thing"]} == {*together} and set(signed["year"]) == {2018}
    said = kgraph.claims(graph, "id:agreement-2018").to_pandas()
    said = said[said["relation"] == "se:hasSignatory"]
    assert {*zip(signed["thing"], signed["source"], signed["words"], strict=True)} == {
        *zip(said["object"], said["source"], said["words"], strict=True)
    }
    assert len(yearly.ties(2018)) == (yearly.ties().to_pandas()["year"] == 2018).sum() > 0
    with pytest.raises(NotFound, match="no agreement was signed in 2017"):
        yearly.measures(2017)


def test_names_become_things_with_a_row_each(graph: Graph) -> None:
    names = pd.Series(["ziola siedleckie", "Fundacja CAL", "nobody"], index=[7, 8, 9])
    found = kgraph.match(graph, names, kind="foaf:Agent", most=1, least=0.9)
    assert [(row.row, row.thing) for row in found] == [(7, "id:ziola-siedleckie"), (8, None), (9, None)]
    assert found[1].reason == "below 0.9; the best candidate is CAL Association, with 0.7"
    assert "from 0.9 on: 1; only with others, to look at: 1; without: 1" in repr(found)
    with pytest.raises(BadQuery, match="the least score"):
        kgraph.match(graph, names, least=2)
    name = ox.Literal("Bliźniak", language="pl")
    twins = [
        fact
        for one in map(term, ("id:twin-1", "id:twin-2"))
        for fact in ((one, "a", "se:SocialEconomyEntity"), (one, "skos:prefLabel", name))
    ]
    tied = kgraph.match(graph.add(twins, name="twins"), ["Bliźniak"], kind="se:SocialEconomyEntity", most=1)
    assert tied.doubts == ("names with several things of the same score, to choose from: rows 0",)
    assert tied[0].reason == "same name; another thing has the same score"


def test_a_wide_table_shows_the_columns_that_fit(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    shown = repr(kgraph.claims(graph, "id:agreement-2018"))
    assert "columns not shown: subject, relation, object" in shown and "words" in shown.splitlines()[1]
    assert "columns not shown" not in repr(kgraph.ask(graph, "founders"))
