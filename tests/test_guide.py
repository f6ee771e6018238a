"""The worked example of the guide: from a text to a graph, as its files and its two texts say."""

import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph import publish
from kgraph.base.paths import Folders
from kgraph.base.vocab import term
from kgraph.build import pipeline
from kgraph.cli.checked import last_line
from kgraph.evidence import head, turtle
from kgraph.evidence.quotes import sha256
from kgraph.graph.entity.cards import card
from kgraph.graph.entity.sentence import sentence
from kgraph.publish import check
from kgraph.publish.release import difference
from tests.conftest import ROOT

EXAMPLE = ROOT / "data" / "example"


def blocks(guide: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", guide.read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.parametrize("name", ["README.md", "CZYTAJ.md"])
def test_the_guide_shows_what_the_example_has(name: str) -> None:
    source = (EXAMPLE / "zmyslin-2025.ttl").read_text(encoding="utf-8")
    shown = [part.strip() for block in blocks(ROOT / "data" / name, "turtle")[:5] for part in block.split("\n\n")]
    assert len(shown) == 7
    assert [part for part in shown if part not in source] == []
    text, guide = (
        (EXAMPLE / "zmyslin.txt").read_text(encoding="utf-8"),
        (ROOT / "data" / name).read_text(encoding="utf-8"),
    )
    quoted = " ".join(re.findall(r"^>(.*)$", guide, re.M)).split()
    assert quoted == text.partition("\n\n")[2].split()
    assert blocks(ROOT / "data" / name, "sh") == blocks(ROOT / "data" / "README.md", "sh")


def test_the_example_has_the_hash_of_its_text_and_no_offset() -> None:
    text, source = (EXAMPLE / "zmyslin.txt").read_text(encoding="utf-8"), EXAMPLE / "zmyslin-2025.ttl"
    [known] = turtle.read(source).sources.values()
    assert (known.sha256, known.length) == (sha256(text), len(text))
    assert "oa:start" not in source.read_text(encoding="utf-8")
    assert "source:zmyslin-2025 a se:Source" in head.head("https://example.org/zmyslin", "zmyslin-2025", text)


def test_one_check_gives_all_quotes_their_places_and_the_graph_says_what_the_text_says(copied: Folders) -> None:
    before = frozenset(publish.default_graph(pipeline.graph(copied)))
    texts = copied.data.parent / "texts"
    texts.mkdir()
    (texts / "zmyslin.txt").write_bytes((EXAMPLE / "zmyslin.txt").read_bytes())
    for path in EXAMPLE.glob("*.ttl"):
        (copied.data / "sources" / path.name).write_bytes(path.read_bytes())
    fixed = check.fix(copied)
    assert {path.name: number for path, number in fixed.items()} == {"zmyslin-2025.ttl": 38}
    verdict = check.verdict(copied)
    assert verdict.problems == () and [stale.file for stale in verdict.stale] == ["sekg.ttl"]
    assert "; źródła bez błędów, " in last_line(verdict, "pl")
    assert last_line(verdict, "pl").endswith("; 1 wygenerowany plik do odnowienia")
    assert [hint for hint in verdict.hints if "zmyslin" in hint.file] == []
    assert verdict.quotes == 38
    graph = pipeline.graph(copied)
    meals = sentence(card(graph, term("id:meals-zmyslin"), "pl"))
    assert "kto organizuje: Spółdzielnia Socjalna „Na Niby” (zapowiedziane)" in meals
    told = difference.words(before, frozenset(publish.default_graph(graph)), "pl")
    for words in (
        "opinia według Porozumienie w Zmyślinie (tekst wymyślony)",
        "sprzeczność: „Na Niby”: o nas (tekst wymyślony) podaje to",
        "### nie wiadomo: na jaki czas gmina Zmyślin i „Na Niby” zawarły porozumienie",
        "+ w roli → wójt",
        "Gmina Zmyślin (samorząd)",
    ):
        assert words in told, words


def test_the_snippets_give_valid_turtle() -> None:
    found = json.loads((ROOT / "data" / ".vscode" / "kgraph.code-snippets").read_text(encoding="utf-8"))
    assert {"fact", "office", "opinion", "unknown", "contradiction", "agreement"} <= {
        one["prefix"] for one in found.values()
    }
    for one in found.values():
        assert one["scope"] == "turtle"
        filled = re.sub(r"\$\{\d+\|([^,|]*)[^}]*\}|\$\{\d+:([^}]*)\}", lambda m: m[1] or m[2], "\n".join(one["body"]))
        prefixes = (EXAMPLE / "zmyslin-2025.ttl").read_text(encoding="utf-8").partition("source:zmyslin")[0]
        assert list(ox.parse(prefixes + filled, ox.RdfFormat.TURTLE)), filled
