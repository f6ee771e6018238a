"""The researcher's desk, second half: matched names, one's own facts beside the graph, notebooks."""

import pickle
import re
import warnings
from collections.abc import Callable
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyoxigraph as ox
import pytest
import rdflib
from IPython.core.error import UsageError

import kgraph
from kgraph import Graph
from kgraph.api import as_map
from kgraph.base.likeness import likeness
from kgraph.base.vocab import term
from kgraph.errors import BadData, BadQuery, NotFound
from tests import notebooks
from tests.command import kgraph as run
from tests.conftest import ROOT, on


@pytest.fixture(scope="module")
def graph(bundled: Graph) -> Graph:
    return bundled


@pytest.mark.parametrize(
    ("given", "known", "score", "without"),
    [
        ("Zioła Siedleckie", "Zioła Siedleckie", 1.0, ()),
        ("ZIOŁA SIEDLECKIE", "„Zioła Siedleckie”", 0.99, ("marks",)),
        ("ziola siedleckie", "Spółdzielnia Socjalna „Zioła Siedleckie”", 0.93, ("diacritics", "legal form")),
        ("4HC spółka z ograniczoną odpowiedzialnością", "4HC Sp. z o.o.", 0.99, ("marks",)),
        ("Stow. CAL", "Stowarzyszenie CAL", 0.99, ("marks",)),
        ("Fundacja CAL", "Stowarzyszenie CAL", 0.7, ("another legal form",)),
        ("Latawiec Żółty", "Żółty Latawiec", 0.95, ("order",)),
        ("CIS w Siedlcach", "CIS Siedlce", 0.9, ("endings",)),
        ("Mazow. Centrum Polit. Społecznej", "Mazowieckie Centrum Polityki Społecznej", 0.95, ("abbreviations",)),
    ],
)
def test_the_score_of_a_name_says_what_was_disregarded(
    given: str, known: str, score: float, without: tuple[str, ...]
) -> None:
    found = likeness(given, known)
    assert found and (found.score, found.way, found.without) == (score, "name", without)


def test_names_that_only_share_a_legal_form_are_not_alike() -> None:
    assert likeness("Fundacja Alfa", "Fundacja Omega") is None
    assert likeness("Zioła Siedlecke", "Zioła Siedleckie").way == "spelling"  # type: ignore[union-attr]


def test_a_column_is_matched_row_by_row(graph: Graph) -> None:
    names = pd.Series(
        ["ziola siedleckie", "Caritas", "nobody at all", None, "KRS 248808", "0000248808", "id:mcps", "Org: x"],
        index=range(10, 18),
    )
    found = kgraph.match(graph, names).to_pandas()
    assert list(found) == ["row", "name", "thing", "label", "kind", "score", "reason"]
    assert sorted(set(found["row"])) == list(range(10, 18))
    best = found.drop_duplicates("row").set_index("row")
    assert best["thing"].dropna().to_dict() == {
        10: "id:ziola-siedleckie",
        11: best["thing"][11],
        14: "id:sokial",
        15: "id:sokial",
        16: "id:mcps",
    }
    assert best["reason"][10] == "same name without diacritics" and best["reason"][14] == "identifier equal"
    assert {"id:caritas-siedlce", "id:siedlecka-spoldzielnia-socjalna-caritas"} <= set(
        found[found["row"] == 11]["thing"]
    )
    assert all(rows["score"].dropna().is_monotonic_decreasing for _, rows in found.groupby("row"))
    assert best["reason"][12] == "no thing has such a name"
    numbers = pd.Series([248808, None])  # pandas has read a number of KRS as a float
    assert [row.thing for row in kgraph.match(graph, numbers)] == ["id:sokial", None]
    nullable = pd.Series([248808, pd.NA], dtype="Int64")
    assert [row.thing for row in kgraph.match(graph, nullable)] == ["id:sokial", None]


def test_a_kind_and_a_place_choose_among_candidates(graph: Graph) -> None:
    (cluster,) = kgraph.match(graph, ["Siedlce"], kind="cluster")
    assert cluster.thing == "id:cluster-siedlce"
    everywhere = kgraph.match(graph, ["Centrum Integracji Społecznej"])
    near = kgraph.match(graph, ["Centrum Integracji Społecznej"], near="Rzeszów")
    assert "id:cis-siedlce" in {row.thing for row in everywhere} - {row.thing for row in near}
    unknown = kgraph.match(graph, ["Zioła Siedleckie"], near="Siedlce", lang="pl", most=1)[0]
    assert unknown.score == 0.96 and unknown.reason == "ta sama nazwa; miejsce nie jest znane"
    doubted = kgraph.match(graph, ["Caritas", "MCPS"], near=["Siedlce", "Atlantis"])
    assert len(doubted.doubts) == 1 and "'Atlantis' is not the name of anything" in doubted.doubts[0]
    with pytest.raises(BadQuery, match="1 places for 2 names"):
        kgraph.match(graph, ["a", "b"], near=["Siedlce"])
    with pytest.raises(BadQuery, match="is not a column"):
        kgraph.match(graph, "MCPS")
    with pytest.raises(BadQuery, match="give the column with the names, one of name, city"):
        kgraph.match(graph, pd.DataFrame({"name": ["MCPS"], "city": ["Warszawa"]}))
    with pytest.raises(NotFound, match="is not the name of a kind; did you mean se:Cluster"):
        kgraph.match(graph, ["MCPS"], kind="klaster")


def test_a_csv_file_is_matched(tmp_path: Path, from_build: None) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("\ufeffNazwa;score\r\nStow. CAL;1\r\n„ktoś inny”;2\r\n", encoding="utf-8")
    ended = run("reconcile", mine, "--column", "Nazwa", "--lang", "pl", "-o", tmp_path / "out.csv")
    assert ended.returncode == 0 and "kandydatów ma 1 z 2 wierszy" in ended.stderr
    header, one, other = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert header == "\ufeffNazwa;score;thing;label;kind;score_;match;reason"
    assert one.startswith("Stow. CAL;1;https://w3id.org/sekg/id/stowarzyszenie-cal;Stowarzyszenie CAL;https://")
    assert one.endswith("#SocialEconomyEntity;0.99;tak;ta sama nazwa, gdy pominąć wielkość liter i znaki")
    assert other == "„ktoś inny”;2;;;;;;nic nie ma takiej nazwy"
    missing = run("reconcile", mine, "--column", "nazwa", "--lang", "pl")
    assert missing.returncode == 3 and "tabela nie ma kolumny „nazwa”; ma: Nazwa, score" in missing.stderr


def test_things_of_a_kind_are_searched(graph: Graph, from_build: None) -> None:
    everything = {row.thing for row in kgraph.search(graph, "siedlce", limit=100)}
    for kind in ("cluster", "se:Cluster", term("se:Cluster")):
        assert {row.thing for row in kgraph.search(graph, "siedlce", kind=kind)} == {"id:cluster-siedlce"} < everything
    assert {row.kind for row in kgraph.search(graph, "siedlce", kind="foaf:Agent")} >= {"se:SocialEconomyEntity"}
    ended = run("search", "siedlce", "--kind", "cluster")
    assert len(ended.stdout.splitlines()) == 2 and "id/cluster-siedlce,Siedlce Social Economy Cluster," in ended.stdout


MINE = """PREFIX id: <https://w3id.org/sekg/id/> PREFIX se: <https://w3id.org/sekg/ns#> PREFIX my: <https://example.org/>
my:shop a se:SocialEconomyEntity ; <http://www.w3.org/2000/01/rdf-schema#label> "Corner Shop" ;
  se:cooperatesWith id:mcps ; my:staff 12 ; my:lease [ my:until 2030 ] ."""


def test_a_file_of_ones_own_is_beside_the_graph(tmp_path: Path, built: Path) -> None:
    """Queries, cards, networks and reasons see it, and say that it is one's own; the data does not change."""
    (tmp_path / "mine.ttl").write_text(MINE)
    (tmp_path / "more.nt").write_text('<https://example.org/shop> <https://example.org/sells> "soap" .')
    graph = kgraph.open(built, also=[tmp_path / "mine.ttl", tmp_path / "more.nt"])
    own = kgraph.claims(graph, "Corner Shop").to_pandas()
    assert set(own["title"]) == {"mine.ttl (your own facts)", "more.nt (your own facts)"}
    assert "mine.ttl (your own facts)" in repr(kgraph.show(graph, "Corner Shop"))
    assert "mine.ttl (własne fakty)" in repr(kgraph.why(graph, "Corner Shop", "se:cooperatesWith", "MCPS", lang="pl"))
    drawn = kgraph.neighbourhood(graph, "Corner Shop").to_networkx()
    assert drawn.has_edge("https://example.org/shop", "id:mcps")
    assert kgraph.chain(graph, "Corner Shop", "Artur Pozorek")[0].source == "urn:kgraph:own:mine.ttl"
    early = kgraph.open(built, as_of="2019-01-01", also=tmp_path / "mine.ttl")
    assert early.day and kgraph.neighbourhood(early, "Corner Shop").edges
    assert "mine.ttl, more.nt" in kgraph.ask(graph, "founders").cite().sentence
    plain = kgraph.open(built)
    assert graph.hash != plain.hash and not kgraph.query(plain, "ASK { <https://example.org/shop> ?p ?o }")
    again = pickle.loads(pickle.dumps(graph))
    assert (len(again.store), again.name) == (len(graph.store), f"{built}, with mine.ttl, with more.nt")


def test_a_frame_of_ones_own_is_beside_the_graph(graph: Graph, built: Path) -> None:
    wide = pd.DataFrame(
        {
            "thing": ["Zioła Siedleckie", "id:mcps"],
            "https://example.org/budget": [1.5, None],
            "member of": [term("id:cluster-siedlce"), None],
            "https://example.org/since": pd.Series([pd.Timestamp("2018-03-22"), None]),
        }
    )
    tidy = pl.DataFrame({"subject": ["id:mcps"], "predicate": ["https://example.org/staff"], "object": [12]})
    mine = graph.add(wide, name="budgets").add(tidy)
    found = kgraph.query(mine, "SELECT ?p ?o { GRAPH <urn:kgraph:own:budgets> { id:ziola-siedleckie ?p ?o } }")
    assert {row.p: row.o for row in found} == {
        "https://example.org/budget": 1.5,
        "https://example.org/since": date(2018, 3, 22),
        "se:memberOf": "id:cluster-siedlce",
    }
    assert kgraph.query(mine, "ASK { id:mcps <https://example.org/staff> 12 }")
    turtle = rdflib.Graph().parse(data=MINE, format="turtle")
    assert kgraph.query(kgraph.open(built).add(turtle), "ASK { ?shop <https://example.org/staff> 12 ; ?p id:mcps }")
    assert not kgraph.query(graph, "ASK { id:mcps <https://example.org/staff> ?n }")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "has no facts"),
        (pd.DataFrame({"a": [1]}), "the columns are a; facts need subject, predicate and object, or thing"),
        (pd.DataFrame({"thing": ["id:mcps"], "budget": [1]}), "may have the IRI of a relation"),
        ([("id:mcps", "a", "se:Cluster"), ("nobody at all", "a", "se:Cluster")], "row 2 of your facts cannot be read"),
        (["abc"], "it is not a subject, a predicate and an object"),
        ([(ox.Triple(term("id:a"), term("id:b"), term("id:c")), term("id:p"), 1)], "about a triple|cannot be read"),
        (5, "give a file, triples, or a data frame"),
        ([("id:mcps", "se:seatInn", "id:siedlce")], "se:seatInn is not in the ontology; did you mean se:seatIn"),
        ("https://example.org/mine.ttl", "nothing is fetched"),
        (Path("nothing.ttl"), "is not there"),
        (Path("pyproject.toml"), "pyproject.toml"),
    ],
)
def test_what_cannot_be_added_is_said(graph: Graph, given: Any, words: str) -> None:
    with pytest.raises((BadData, NotFound), match=words):
        graph.add(given)


def test_an_endpoint_takes_no_facts_and_a_name_is_taken_once(graph: Graph) -> None:
    with pytest.raises(BadQuery, match="an endpoint takes no facts"):
        kgraph.open("https://example.org/sparql", also="mine.ttl")
    mine = [("id:mcps", "https://example.org/staff", 12)]
    with pytest.raises(BadQuery, match="facts named x already"):
        graph.add(mine, name="x").add(mine, name="x")


def test_a_line_is_a_query_and_a_kept_answer_is_silent(graph: Graph) -> None:
    shell = notebooks.shell(graph=graph)
    run_cell: Callable[[str], Any] = shell.run_cell
    code = """clusters = %sparql --param name='"MCPS"@pl' SELECT ?x { ?x skos:altLabel ?name }"""
    assert run_cell(code).success and [row.x for row in shell.user_ns["clusters"]] == ["id:mcps"]
    ended = run_cell("%sparql -o kept SELECT ?x { ?x a se:Cluster } ORDER BY ?x")
    assert ended.success and ended.result is None and len(shell.user_ns["kept"]) > 5
    drawn = run_cell("%sparql -o kept --as graph CONSTRUCT WHERE { id:agreement-2018 se:hasSignatory ?who }")
    assert drawn.result.edges and list(shell.user_ns["kept"]) == ["subject", "predicate", "object"]
    with pytest.raises(UsageError, match="stands before the query"):
        shell.run_cell_magic("sparql", "kept", "ASK {}")  # type: ignore[no-untyped-call]


def test_a_parameter_takes_the_name_of_a_relation_or_of_any_thing(graph: Graph) -> None:
    named = kgraph.ask(
        graph, "words-behind-edge", subject="id:agreement-2018", predicate="has signatory", object="CIS Siedlce"
    )
    assert named.terms == kgraph.ask(graph, "words-behind-edge").terms != ()
    assert kgraph.ask(graph, "role-changes", organisation="MCPS").terms == (
        kgraph.ask(graph, "role-changes", organisation="id:mcps").terms
    )
    assert kgraph.ask(graph, "role-changes", organisation="MCPS")


def test_an_empty_answer_points_at_a_name_without_a_language(graph: Graph) -> None:
    said = 'a name without a language matches nothing; write "Siedlce"@pl or "Siedlce"@en, or id:siedlce for the thing'
    assert kgraph.query(graph, "SELECT ?x { ?x skos:prefLabel ?n }", n="Siedlce").doubts == (said,)
    assert kgraph.query(graph, 'SELECT ?x { ?x ?p ?n FILTER(?n = "Siedlce") }').doubts == (said,)
    assert kgraph.query(graph, 'SELECT ?x { ?x ?p ?n FILTER(STR(?n) = "Siedlce") }').doubts == ()
    assert kgraph.query(graph, 'SELECT ?x { ?x skos:prefLabel ?n FILTER(?n = "no such name") }').doubts == ()


def test_an_ambiguous_name_lists_what_has_it_and_says_how(graph: Graph) -> None:
    with pytest.raises(NotFound) as caught:
        kgraph.thing(graph, "klaster")
    listed = re.findall(r"\b(?:id|source):[\w-]+ \(([^)]*)", str(caught.value))
    assert "'klaster' is in the names of several things: " in str(caught.value) and len(listed) == 8
    assert " more; write one of their ids, such as id:" in str(caught.value)
    with pytest.raises(NotFound, match="'Jan' begins words in the names of several things: source:"):
        kgraph.thing(graph, "Jan")


def test_the_names_on_a_map_do_not_overlap() -> None:
    near = [as_map.Spot(22.29 + n / 200, 52.16 + n / 300, f"a long name of place {n}") for n in range(9)]
    placed = [
        (float(x) - (len(name) * 6 if anchor == "end" else 0), float(y), len(name) * 6)
        for x, y, anchor, name in re.findall(
            r'<text x="([\d.-]+)" y="([\d.-]+)" text-anchor="(\w+)"[^>]*>([^<]*)<', as_map.svg(near)
        )
    ]
    assert len(placed) == 9
    for (x, y, wide), (u, v, other) in combinations(placed, 2):
        assert abs(y - v) >= 12 or x + wide <= u or u + other <= x


def test_an_answer_is_shown_with_names(graph: Graph) -> None:
    answer = kgraph.query(graph, "SELECT ?who ?how { VALUES (?who ?how) { (id:mcps se:seatIn) (<x:y> 1) } }")
    assert [tuple(row) for row in answer.named("pl")] == [
        ("Mazowieckie Centrum Polityki Społecznej", "ma siedzibę w"),
        ("x:y", 1),
    ]
    founders = kgraph.ask(graph, "founders")
    assert founders.columns[:2] == ("founder", "name") and founders.named().columns == founders.columns[1:]


def test_a_cited_question_is_one_that_can_be_asked_again(graph: Graph) -> None:
    answer = kgraph.ask(graph, "founders")
    cited = answer.cite().sentence.partition("query: ")[2].removesuffix(".")
    assert "\n" not in cited and kgraph.query(graph, cited).terms == answer.terms


def test_the_reference_is_that_of_the_code() -> None:
    read = spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    assert read and read.loader
    reference = module_from_spec(read)
    read.loader.exec_module(reference)
    written = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert {f"#### {name}" for name in ("match", "open", "Result", "claims")} <= set(written.splitlines())
    assert reference.page() == written, "say “make notebooks”"


# what a stranger met


def test_a_query_that_uses_no_states_is_of_all_times(graph: Graph, from_build: None) -> None:
    text = "SELECT ?a { ?a se:hasSignatory ?who }"
    day = on("2019-12-31")
    timeless, on_the_day = kgraph.query(day, text), kgraph.query(day, "SELECT ?a { ?a se:state ?s }")
    assert "id:agreement-2020" in {row.a for row in timeless}
    assert "about all times, not only about 2019-12-31" in timeless.doubts[0]
    assert timeless.day is None and "2019-12-31" not in timeless.cite().sentence
    assert on_the_day and on_the_day.doubts == () and "as of 2019-12-31" in on_the_day.cite().sentence
    without = kgraph.query(graph, "SELECT ?a { ?a se:state ?s }")
    assert not without and "a graph without a day" in without.doubts[0]
    ended = run("query", "--as-of", "2019-12-31", text)
    assert "note: the query does not use se:state" in ended.stderr and "as of 2019-12-31" not in ended.stderr
    assert "as of 2019-12-31" in run("query", "--as-of", "2019-12-31", "ASK { ?a se:state ?s }").stderr


def test_a_citation_says_what_its_query_does_not(graph: Graph) -> None:
    text = "SELECT ?c # clusters\n{ ?c a se:Cluster ; rdfs:comment ?n\n # '\n FILTER(?n != '''a\n# b''') }"
    cited = kgraph.query(graph, text).cite()
    assert cited.sentence.endswith(r"SELECT ?c { ?c a se:Cluster ; rdfs:comment ?n FILTER(?n != '''a\n# b''') }.")
    cut = kgraph.query(graph, "SELECT ?c { ?c a se:Cluster }", limit=2)
    assert cut.truncated and "; the first 2 rows only; query: " in cut.cite().sentence
    assert "only" not in kgraph.query(graph, "SELECT ?c { ?c a se:Cluster }", limit=999).cite().sentence
    assert "computed for the prepared question: brokers" in kgraph.ask(graph, "brokers").cite().sentence
    one, other = (kgraph.match(graph, [name]).cite("pl") for name in ("MCPS", "CAL"))
    assert "podano: series, 1 lines, SHA-256 " in one.sentence and one.sentence != other.sentence
    keys = {kgraph.query(graph, f"ASK {{ ?s ?p {n} }}").cite().csl["id"] for n in range(20)}
    assert len(keys) == 20
    addressed = graph.add([("id:dataset", term("dcat:landingPage"), term("id:mcps"))])
    cited = kgraph.query(addressed, "ASK {}").cite()
    assert cited.csl["URL"] == term("id:mcps").value and f"url = {{{term('id:mcps').value}}}" in cited.bibtex
    assert "URL" not in one.csl and "url =" not in one.bibtex


def test_own_facts_that_may_be_misread_are_warned_of(graph: Graph) -> None:
    told = [("id:mcps", "https://example.org/partner", "MCPS"), ("id:mcpss", "https://example.org/staff", 3)]
    with pytest.warns(UserWarning, match="id:mcps") as caught:
        graph.add(told)
    said = [str(one.message) for one in caught]
    assert any("'MCPS' stays a text, and is the name of id:mcps; write id:mcps" in one for one in said)
    assert any("id:mcpss is not in the graph; did you mean id:mcps" in one for one in said) and len(said) == 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        graph.add([("https://example.org/x", "rdfs:label", "MCPS"), ("id:mcps", "https://example.org/n", 3)])


def test_a_text_longer_than_any_name_is_no_name(graph: Graph) -> None:
    long = "word " * 60
    mine = graph.add([("id:mcps", "https://example.org/note", long)])
    asked = kgraph.query(mine, f'SELECT ?x {{ VALUES ?name {{ "{long}" "MCPS" }} ?x rdfs:comment ?name }}')
    assert not asked and ['"MCPS"@pl' in one for one in asked.doubts] == [True]


def test_own_facts_stand_on_a_card_under_names(graph: Graph) -> None:
    assert "seat of the co-operative" in kgraph.show(graph, "id:ziola-siedleckie").card.unknowns[0]
    mine = graph.add([("id:ziola-siedleckie", "se:seatIn", "id:siedlce"), ("id:mcps", "https://example.org/staff", 3)])
    card = kgraph.show(mine, "id:ziola-siedleckie").card
    assert not [one for one in card.unknowns if "seat" in one]
    assert [[*own] for own in card.silent.values()] == [[term("id:siedlce")]]
    own = kgraph.show(mine, "id:mcps").to_pandas().query("relation == 'https://example.org/staff'").iloc[0]
    assert (own["section"], own["relation_name"]) == ("Other", "staff")
    assert "Pozostałe" in repr(kgraph.show(mine, "id:mcps", lang="pl"))


def test_short_legal_forms_and_long_numbers_are_the_same(graph: Graph) -> None:
    for name in ("Spółdzielnia Soc. Zioła Siedleckie", "Sp. Soc. Zioła Siedleckie"):
        found = likeness(name, "Spółdzielnia Socjalna „Zioła Siedleckie”")
        assert found and (found.score, found.without) == (0.99, ("marks",))
    named = graph.add(
        [
            ("id:regon-999000015", "a", "adms:Identifier"),
            ("id:regon-999000015", "skos:notation", "999000015"),
            ("id:regon-999000015", "adms:schemaAgency", "REGON"),
            ("id:mcps", "adms:identifier", "id:regon-999000015"),
        ]
    )
    short, whole, unit = kgraph.match(named, ["999000015", "99900001500000", "REGON 99900001500012"], most=1)
    assert short.thing == whole.thing == "id:mcps" and whole.reason == "identifier equal" and unit.thing is None
