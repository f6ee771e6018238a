"""The researcher's desk, second half: matched names, one's own facts beside the graph, notebooks."""

from pathlib import Path

import pandas as pd
import pytest

import kgraph
from kgraph import Graph
from kgraph.base.likeness import likeness
from kgraph.base.vocab import term
from kgraph.errors import BadQuery, NotFound
from tests.command import kgraph as run


@pytest.fixture(scope="module")
def graph() -> Graph:
    return kgraph.open()


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


def test_a_kind_and_a_place_choose_among_candidates(graph: Graph) -> None:
    (cluster,) = kgraph.match(graph, ["Siedlce"], kind="cluster")
    assert cluster.thing == "id:cluster-siedlce"
    everywhere = kgraph.match(graph, ["Centrum Integracji Społecznej"])
    near = kgraph.match(graph, ["Centrum Integracji Społecznej"], near="Rzeszów")
    assert "id:cis-siedlce" in {row.thing for row in everywhere} - {row.thing for row in near}
    unknown = kgraph.match(graph, ["Zioła Siedleckie"], near="Siedlce", lang="pl", most=1)[0]
    assert unknown.score == 0.9 and unknown.reason == "ta sama nazwa; miejsce nie jest znane"
    doubted = kgraph.match(graph, ["Caritas", "MCPS"], near=["Siedlce", "Atlantis"])
    assert len(doubted.doubts) == 1 and "'Atlantis' is not the name of anything" in doubted.doubts[0]
    with pytest.raises(BadQuery, match="1 places for 2 names"):
        kgraph.match(graph, ["a", "b"], near=["Siedlce"])
    with pytest.raises(BadQuery, match="is not a column"):
        kgraph.match(graph, "MCPS")
    with pytest.raises(NotFound, match="is not the name of a kind; did you mean se:Cluster"):
        kgraph.match(graph, ["MCPS"], kind="klaster")


def test_a_csv_file_is_matched(tmp_path: Path, from_build: None) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("\ufeffNazwa;score\r\nStow. CAL;1\r\n„ktoś inny”;2\r\n", encoding="utf-8")
    ended = run("match", mine, "--column", "Nazwa", "--most", 1, "--lang", "pl", "-o", tmp_path / "out.csv")
    assert ended.returncode == 0 and "kandydatów ma 1 z 2 wierszy" in ended.stderr
    header, one, other = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert header == "Nazwa;score;thing;label;kind;score_;reason"
    assert one.startswith("Stow. CAL;1;id:stowarzyszenie-cal;Stowarzyszenie CAL;se:SocialEconomyEntity;0.99;ta sama")
    assert other == "„ktoś inny”;2;;;;;nic nie ma takiej nazwy"
    missing = run("match", mine, "--column", "nazwa")
    assert missing.returncode == 3 and "has no column 'nazwa'; did you mean Nazwa?" in missing.stderr


def test_things_of_a_kind_are_searched(graph: Graph, from_build: None) -> None:
    everything = {row.thing for row in kgraph.search(graph, "siedlce", limit=100)}
    for kind in ("cluster", "se:Cluster", term("se:Cluster")):
        assert {row.thing for row in kgraph.search(graph, "siedlce", kind=kind)} == {"id:cluster-siedlce"} < everything
    assert {row.kind for row in kgraph.search(graph, "siedlce", kind="foaf:Agent")} >= {"se:SocialEconomyEntity"}
    ended = run("search", "siedlce", "--kind", "cluster")
    assert len(ended.stdout.splitlines()) == 2 and "id/cluster-siedlce,Siedlce Social Economy Cluster," in ended.stdout
