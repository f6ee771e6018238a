"""Folding of names in Python and in search; the tests of the explorer use the same cases."""

import json
import sqlite3
from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kgraph.base.stemming import stem
from kgraph.base.text import fold
from kgraph.graph.names import search
from tests.conftest import ROOT

CASES: dict[str, str] = json.loads((ROOT / "tests/folding-cases.json").read_text(encoding="utf-8"))


STEMS: dict[str, str] = json.loads((ROOT / "tests/stemming-cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("word", STEMS)
def test_words_have_stems(word: str) -> None:
    assert stem(word) == STEMS[word]


@pytest.mark.parametrize("text", CASES)
def test_names_are_folded(text: str) -> None:
    assert fold(text) == CASES[text] == fold(CASES[text])


@pytest.mark.parametrize(
    ("name", "typed"), [("Ørsted", "orsted"), ("Straße", "STRASSE"), ("Łódź", "lodz"), ("Æsop", "aes")]
)
def test_search_finds_what_is_folded_alike(store_of: Callable[..., ox.Store], name: str, typed: str) -> None:
    database = sqlite3.connect(":memory:")
    search.index(store_of(f'id:a a se:Cluster ; skos:prefLabel "{name}"@pl .'), database)
    for text in (typed, name):
        assert [found.name for found in search.find(database, text)] == [name]
