"""The number of store queries per card."""

from collections import Counter
from typing import Any, cast

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from kgraph.base.paths import Folders
from kgraph.base.vocab import BASE
from kgraph.build import pipeline
from kgraph.cli import main
from kgraph.graph.entity import cards
from kgraph.graph.names import searchable
from kgraph.publish.pages import writers
from kgraph.publish.pages.book import book_of
from kgraph.server.pool.jobs import Page
from kgraph.server.pool.limits import Limits
from kgraph.server.rendering import render

MOST = 12
"""The maximum number of SPARQL queries and pattern look-ups for one card."""


class Counted:
    """A store that counts the calls of each method."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.asked[name] += 1
        return getattr(self.store, name)

    def __contains__(self, quad: ox.Quad) -> bool:
        self.asked["contains"] += 1
        return quad in self.store


@pytest.fixture
def counted(graph: ox.Store) -> Counted:
    return Counted(graph)


DAYS = ("", "?as-of=2018-03-22")
SHOWN = [(thing, day) for thing in ("id/mcps", "kind/role/director") for day in DAYS]
MORE = [(thing, day) for thing in ("id/artur-pozorek", "id/unknown-mcps-seat") for day in DAYS]


@pytest.mark.parametrize(
    ("thing", "day"), [*SHOWN[:2], *(pytest.param(*each, marks=pytest.mark.slow) for each in (*SHOWN[2:], *MORE))]
)
def test_a_served_card_takes_a_dozen_queries(counted: Counted, folders: Folders, thing: str, day: str) -> None:
    book = book_of(cast("ox.Store", counted), folders)
    assert book.marks
    counted.asked.clear()
    path, _, query = f"/things/{thing}{day}".partition("?")
    response = render(book, Limits(), Page(path, query))
    assert response.status_code == 200 and BASE.encode() in bytes(response.body)
    assert 0 < counted.asked.total() <= MOST


def test_kgraph_show_takes_a_dozen_queries(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "graph", lambda _: counted)
    shown = CliRunner().invoke(main, ["show", "id:mcps"])
    assert "Mazovian Centre" in shown.output
    assert 0 < counted.asked.total() <= MOST


@pytest.mark.slow
def test_no_card_takes_more(counted: Counted) -> None:
    for thing in sorted({one.iri for one in searchable.names(counted.store)}):
        counted.asked.clear()
        card = cards.card(cast("ox.Store", counted), ox.NamedNode(thing))
        assert counted.asked.total() <= MOST, thing
        assert card.read_in("pl").names.keys() | card.names.keys() >= {card.thing}


def test_the_pages_of_a_thing_share_its_card(counted: Counted, folders: Folders) -> None:
    book = book_of(cast("ox.Store", counted), folders)
    writers.written(book, "id/agreement-2018", "en")
    taken = []
    for lang in ("en", "pl"):
        counted.asked.clear()
        writers.written(book, "id/artur-pozorek", lang)
        taken.append(counted.asked["query"])
    assert 0 < taken[0] <= MOST
    assert taken[1] <= 2
