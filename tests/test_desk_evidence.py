"""The researcher's desk, fourth part: columns of one type, days of claims, offices, and names of relations as shown."""

import re
from pathlib import Path

import pandas as pd
import pyoxigraph as ox
import pytest

import kgraph
from kgraph import Graph
from kgraph.api.functions import Lang
from kgraph.base import paths
from kgraph.base.vocab import DATE, term
from kgraph.errors import BadQuery, NotFound
from tests.command import kgraph as command

DAY = re.compile(r"\d{4}-\d\d-\d\d")


@pytest.fixture(scope="module")
def graph(bundled: Graph) -> Graph:
    return bundled


def test_columns_of_claims_have_their_types_also_without_rows(graph: Graph) -> None:
    some = kgraph.claims(graph, "Artur Pozorek", offices=True)
    none = kgraph.claims(graph, "id:mcps", until="1900", undated=False)
    assert some and not none and len(none.doubts) == 1
    with pytest.warns(UserWarning, match="no day"):
        frames = [one.to_pandas(languages=False) for one in (none, some)]
    assert frames[0].dtypes.equals(frames[1].dtypes)
    assert str(frames[0]["issued"].dtype) == "datetime64[s]" and str(frames[0]["start"].dtype) == "Int64"
    assert pd.concat(frames)["issued"].dt.year.max() == 2018
    assert none.to_polars(languages=False).schema == some.to_polars(languages=False).schema
    assert none.to_arrow(languages=False).schema.field("start").type == "int64"


@pytest.mark.parametrize("name", sorted(paths.questions(paths.bundled().ontology)))
def test_a_question_has_dates_as_dates_and_leaves_the_unknown_unbound(graph: Graph, name: str) -> None:
    answer = kgraph.ask(graph, name)
    for at, column in enumerate(answer.columns):
        literals = [one for row in answer.terms if isinstance(one := row[at], ox.Literal)]
        assert all(one.value for one in literals), f"{column} has empty texts"
        is_days = literals and all(DAY.fullmatch(one.value) for one in literals)
        assert not is_days or {one.datatype for one in literals} == {DATE}, f"{column} has days as text"


def test_leaders_lead_to_the_words_of_the_source_that_dates_them(graph: Graph) -> None:
    led = kgraph.ask(graph, "leaders", organisation="id:caritas-siedlce")
    frame = led.to_pandas()
    assert str(frame["begins"].dtype) == str(frame["attestedTo"].dtype) == "datetime64[s]"
    assert frame["begins"].isna().any() and frame["begins"].notna().any()
    for row in kgraph.ask(graph, "leaders"):
        said = kgraph.claims(graph, row.tenure, source=row.source)
        assert "org:role" in said["relation"] and row.begins is None
    (dated,) = [row for row in led if row.begins and row.begins.year == 2003]
    said = kgraph.claims(graph, dated.tenure, source=dated.source)
    assert dated.begins in {row.object for row in said if row.relation == "se:validFrom"} | set(said["object"])
    assert set(said["relation"]) & {"se:validFrom", "se:validUntil"}


def test_a_claim_has_the_day_of_its_fact(graph: Graph) -> None:
    rows = [*kgraph.claims(graph, "Artur Pozorek", offices=True)]
    days = {(row.relation, row.object): (row.since, row.until) for row in rows}
    assert days["se:hasAttendee", "id:artur-pozorek"] == ("2018-03-22", "2018-03-22")
    assert {row.since for row in rows if row.relation == "se:lastAttested"} == {"2018-11-08", "2019-01-16"}
    assert days["rdf:type", "foaf:Person"] == (None, None)
    assert {row.subject for row in rows} > {"id:tenure-pozorek-mcps"}
    assert "org:role" not in kgraph.claims(graph, "Artur Pozorek")["relation"]
    with pytest.raises(BadQuery, match="give the thing too"):
        kgraph.claims(graph, offices=True)


def test_an_undated_source_is_left_out_where_it_states_what_came_later(graph: Graph) -> None:
    day = ox.Literal("2031-01-01", datatype=DATE)
    told = [("id:meeting", "se:earliest", day), ("id:meeting", "se:hasAttendee", "id:mcps")]
    with pytest.warns(UserWarning, match="id:meeting is not in the graph"):
        mine = graph.add(told, name="invented")
    kept = kgraph.claims(mine, "id:mcps", until="2030", undated=True)
    assert "id:meeting" not in kept["subject"] and "about a time after 2030-12-31: 1, of sources: 1" in kept.notes[0]
    assert "id:meeting" in kgraph.claims(mine, "id:mcps", until="2031", undated=True)["subject"]


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_why_takes_the_names_that_a_card_shows(graph: Graph, lang: Lang) -> None:
    card = kgraph.show(graph, "Artur Pozorek", lang).to_pandas()
    things = card[card["other"].str.startswith("id:")]
    assert things["incoming"].nunique() == 2
    for name, other in sorted({*zip(things["relation_name"], things["other"], strict=True)}):
        fact = kgraph.why(graph, "Artur Pozorek", str(name), str(other), lang).reason.fact
        ends = {ox.NamedNode(str(part).strip("<>")) for part in (fact.subject, fact.object)}
        assert ends == {term("id:artur-pozorek"), term(str(other))}


def test_a_relation_by_a_wrong_name_gets_those_on_cards(graph: Graph) -> None:
    why = kgraph.why(graph, "Artur Pozorek", "in office at", "MCPS")
    assert why.reason.fact.predicate == term("se:hasOfficeHolder")
    for lang, wrong, right in (("en", "in ofice at", "“In office at”"), ("pl", "na stanowisko w", "“Na stanowisku w”")):
        with pytest.raises(NotFound, match=f"cards have .*{right}"):
            kgraph.why(graph, "Artur Pozorek", wrong, "MCPS", lang)  # type: ignore[arg-type]
    with pytest.raises(NotFound, match="no source says so"):
        kgraph.why(graph, "Artur Pozorek", "in office at", "Zioła Siedleckie")


def test_cards_and_reasons_are_cited_and_long_queries_by_their_hash(graph: Graph) -> None:
    why = kgraph.why(graph, "Artur Pozorek", "in office at", "MCPS").cite()
    assert "kgraph.why(graph, 'id:mcps', 'se:hasOfficeHolder', 'id:artur-pozorek')" in why.sentence
    shown = kgraph.show(graph, "MCPS").cite("pl")
    assert "kgraph.show(graph, 'id:mcps')" in shown.bibtex.replace(r"\_", "_") and str(graph.hash) in shown.bibtex
    asked = kgraph.ask(graph, "leaders").cite()
    assert len(asked.bibtex) < 700 and "query with the SHA-256" in asked.bibtex and "SELECT" in asked.sentence
    assert "SELECT" in str(asked.csl["note"])


def test_the_count_of_matched_rows_is_that_of_the_file(built: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("name\nMCPS\nFundacja CAL\nnobody\n", encoding="utf-8")
    ended = command(
        "reconcile", tmp_path / "mine.csv", "--column", "name", "--type", "foaf:Agent", "--least", 0.9, "--graph", built
    )
    found = [line for line in ended.stdout.splitlines()[1:] if "id/" in line]
    assert f"{len(found)} of 3 rows have candidates" in ended.stderr and len(found) == 1


def test_commands_take_offices_and_names_on_cards(built: Path) -> None:
    said = command("claims", "Artur Pozorek", "--offices", "--graph", built, "--format", "csv").stdout
    assert term("org:role").value in said and said.splitlines()[0].endswith("words,since,until")
    assert command("claims", "--offices", "--graph", built).returncode == 2
    why = command("why", "Artur Pozorek", "Na stanowisku w", "MCPS", "--lang", "pl", "--graph", built)
    assert why.returncode == 0 and "Artur Pozorek" in why.stdout
