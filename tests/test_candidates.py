"""Pairs of things that may be one: each field compared in words, rivals, and splink for very many records."""

import random
from collections.abc import Mapping

import pytest

from bench.identity import Drawn, rated, suggested
from kgraph.base.likeness import likeness, parts
from kgraph.graph.identity import candidates, linkage
from kgraph.graph.identity.comparison import Comparison
from kgraph.graph.identity.records import Pair, Record, compared
from tests.command import kgraph
from tests.programs import needs

LARGER: Mapping[str, frozenset[str]] = {}


def record(iri: str, *names: str, **fields: object) -> Record:
    sets = {field: frozenset(value.split("|")) for field, value in fields.items() if isinstance(value, str)}
    return Record(iri, names, frozenset({"org"}), **{**fields, **sets})  # type: ignore[arg-type]


def told(one: Record, other: Record, lang: str = "pl") -> str:
    found = compared(one, other, LARGER)
    assert found
    return found.told(lang)


def test_polish_inflection_and_the_town_in_a_name_are_no_difference() -> None:
    listed = record(
        "b", "SPÓŁDZIELNIA SOCJALNA RELAKSOWNIA", places="siedlce", towns="siedl", forms="social-cooperative"
    )
    written = record("a", "„Relaksowni” z Siedlec", places="siedlce", levels={"siedlce": "city"})
    found = compared(written, listed, LARGER)
    assert found and found.is_sure
    assert "gdy pominąć nazwę miejscowości i formę prawną; to samo miasto" in found.told("pl")
    alike = likeness("Relaksowni", "Relaksownia")
    assert alike and (alike.way, alike.without) == ("name", ("endings",))
    elsewhere = compared(record("a", "„Relaksowni” z Siedlec", places="lukow"), listed, LARGER)
    assert elsewhere and not elsewhere.is_sure


def test_an_acronym_stands_for_the_first_letters() -> None:
    whole = record("b", "Ośrodek Wsparcia Ekonomii Społecznej w Siedlcach", places="siedlce")
    assert "jedna nazwa jest skrótowcem drugiej" in told(record("a", "OWES Siedlce", places="siedlce"), whole)
    assert likeness("OWES Rzeszów", "Ośrodek Wsparcia Ekonomii Społecznej w Siedlcach") is None
    assert [*candidates.near([record("a", "OWES"), record("b", "Ośrodek Wsparcia Ekonomii Społecznej")])] == [
        ("a", "b")
    ]


@pytest.mark.parametrize(
    ("one", "other", "polish", "english"),
    [
        (
            {"streets": "ul. Budowlana 1"},
            {"streets": "08-110 Siedlce, Budowlanej 1"},
            "ten sam adres",
            "same address",
        ),
        (
            {"streets": "ul. Budowlana 1"},
            {"streets": "ul. Budowlana 7"},
            "ta sama ulica, inny numer",
            "same street, different number",
        ),
        (
            {"streets": "ul. Budowlana 1"},
            {"streets": "ul. Floriańska 1"},
            "inna ulica: ul. Budowlana 1 i ul. Floriańska 1",
            "different street",
        ),
        ({"days": "2006-01-11"}, {"days": "2006"}, "ten sam rok powstania", "founded in the same year"),
        ({"days": "2006-01-11"}, {"days": "1999"}, "inny rok powstania", "founded in different years"),
        ({"activities": "a|b"}, {"activities": "b"}, "wspólny rodzaj działalności", "an activity in common"),
        ({"sources": "a|b"}, {"sources": "b"}, "jedno źródło wymienia obie", "one source names both"),
        ({"places": "x", "levels": {"x": "gmina"}}, {"places": "x"}, "ta sama gmina", "same gmina"),
    ],
)
def test_each_field_has_its_words(one: dict[str, object], other: dict[str, object], polish: str, english: str) -> None:
    pair = record("a", "Fundacja Dąb", **one), record("b", "Fundacja Dąb", **other)
    assert polish in told(*pair) and english in told(*pair, "en")


def test_a_street_a_date_or_a_source_moves_the_score() -> None:
    def score(one: dict[str, str], other: dict[str, str]) -> float:
        found = compared(record("a", "Stow. Dąb", **one), record("b", "Stowarzyszenie Dąb", **other), LARGER)
        return found.score if found else 0.0

    there = {"places": "x"}
    assert score({**there, "days": "2006"}, {**there, "days": "1999"}) < score(there, there)
    streets = [{**there, "streets": street} for street in ("Leśna 1", "ul. Leśnej 1", "Polna 3")]
    assert score(streets[0], streets[2]) <= score(there, there) <= score(streets[0], streets[1])
    assert score({**there, "sources": "s"}, {**there, "sources": "s"}) < candidates.SURE <= score(there, there)


def sure(*known: Record) -> list[tuple[str, str]]:
    return [(pair.one, pair.other) for pair in candidates.pairs(known, LARGER) if pair.is_sure]


def test_what_is_settled_elsewhere_is_no_rival() -> None:
    name = "Fundacja Dąb"
    listed = [record(f"listed-{place}", name, places=place, sources="list") for place in ("x", "y")]
    written, unplaced = record("a-x", name, places="x", sources="text"), record("b", name, sources="text")
    assert sure(*listed, unplaced) == []
    assert sure(*listed, unplaced, written) == [("a-x", "listed-x"), ("b", "listed-y")]
    told = {(pair.one, pair.other): pair for pair in candidates.pairs([*listed, unplaced, written], LARGER)}
    assert "jeden z nich jest raczej trzecim elementem" in told["b", "listed-x"].told("pl")
    third = record("c", name, places="x", sources="another text")
    assert ("a-x", "c") in sure(listed[0], written, third), "three things that are one are no rivals"


def test_evidence_of_nothing_is_empty() -> None:
    found = Comparison("place", "unknown")
    assert found.evidence == ((), ()) and Pair("a", "b", 0.9, (found,)).numbers == ()


def test_slips_and_divided_words_are_found_without_a_wrong_suggestion() -> None:
    drawn = Drawn(random.SystemRandom().randrange(1 << 30), 100)
    precision, recall, _ = rated(suggested(drawn.register, drawn.written), drawn.truth)
    assert precision >= 0.9 and recall >= 0.85, drawn.seed


def test_a_master_is_for_spark() -> None:
    refused = kgraph("identity", "candidates", "--engine", "duckdb", "--master", "local[2]", "--lang", "pl")
    assert refused.returncode == 2 and "--engine spark" in refused.stderr


def test_without_a_place_a_namesake_of_another_form_is_a_rival_until_it_is_settled() -> None:
    listed = [
        record("listed-f", "Fundacja Dąb", places="x", sources="list"),
        record("listed-s", "Stowarzyszenie Dąb", places="y", sources="list"),
    ]
    unplaced = record("b", "Fundacja Dąb", sources="text")
    assert sure(listed[0], unplaced) == [("b", "listed-f")]
    assert sure(*listed, unplaced) == []
    namesake = record("a", "Stow. Dąb", places="y", sources="text")
    assert sure(*listed, unplaced, namesake) == [("a", "listed-s"), ("b", "listed-f")]


def test_a_stated_form_stands_for_the_form_that_a_name_lacks() -> None:
    listed = record("b", "FUNDACJA ŻÓŁTY DĄB", places="x", forms="foundation")
    stated, unstated = record("a", "„Zolty Dab”", forms="foundation"), record("a", "„Zolty Dab”")
    assert sure(listed, stated) == [("a", "b")] and sure(listed, unstated) == []
    assert "ta sama nazwa, gdy pominąć znaki diakrytyczne i formę prawną" in told(stated, listed)


def test_a_legal_form_may_be_misspelt_or_divided() -> None:
    listed = record("b", "SPÓŁDZIELNIA SOCJALNA DĄB", places="x")
    for written in ("Spółdz. Scoj. Dąb", "Spółdz.S ocj. Dąb", "Spółdzielni Socjalna Dąb", "Dąb SpółdzielniaSocjalna"):
        found = compared(record("a", written, places="x"), listed, LARGER)
        assert found and found.is_sure and "ta sama forma prawna" in found.told("pl"), written
    assert parts("Fundacja 2").words == ("2",)


@pytest.mark.slow
@pytest.mark.process
def test_splink_finds_on_spark_what_it_finds_in_duckdb(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("splink", reason="SPLINK is not installed; say pip install 'kgraph-social-economy[linkage]'")
    pytest.importorskip("pyspark", reason="PYSPARK is not installed; say pip install 'kgraph-social-economy[spark]'")
    needs("java")
    few = ("sql.codegen.wholeStage=false", "sql.codegen.factoryMode=NO_CODEGEN", "sql.adaptive.enabled=false")
    started = " ".join(f"--conf spark.{option}" for option in few)  # less work for few rows
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", f"{started} pyspark-shell")
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    drawn = Drawn(7, 60)
    known = [*drawn.register, *drawn.written]
    found = [*linkage.near(known, master="local[2]")]
    assert len(found) > 60 and found == [*linkage.near(known)]


@pytest.mark.slow
def test_splink_finds_what_the_plain_way_finds() -> None:
    pytest.importorskip("splink", reason="SPLINK is not installed; say pip install 'kgraph-social-economy[linkage]'")
    drawn = Drawn(7, 400)
    three = rated(suggested(drawn.register, drawn.written, linkage.near), drawn.truth)
    assert three[0] >= 0.95 and three[1] >= 0.85
    about = drawn.written[0].iri
    near = [*linkage.near([*drawn.register, *drawn.written], frozenset({about}))]
    assert near and all(about in pair for pair in near)
