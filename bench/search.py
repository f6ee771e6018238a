"""Milliseconds per search among the names of 100,000 things, or in a build: `python bench/search.py [FOLDER]`.

In a build, things, questions, passages and facts are searched, as on the server.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.vocab import PREF_LABEL, TYPE, term
from kgraph.graph import questions, views
from kgraph.graph.names import finding, search
from kgraph.rdf.store import open_built

THINGS = 100_000
ROUNDS = 20
WORDS = [
    *("spółdzielnia", "socjalna", "fundacja", "stowarzyszenie", "centrum", "integracji", "społecznej", "zakład"),
    *("aktywności", "zawodowej", "ośrodek", "wsparcia", "ekonomii", "zioła", "siedleckie", "relaksownia", "komunalny"),
    *("serwis", "usługi", "łąka", "jeżyna", "dąbrowa", "świetlica", "nadzieja", "pomoc"),
]
ASKED: tuple[str, ...] = (
    "ziola",
    "klastra",
    "fundacji nadziei",
    "spoldzielnia socj",
    "fundacja nadzieja",
    "zila siedleckie",
    "podmiot 77777",
)


def graph() -> ox.Store:
    """A store of things whose names are four random words and a number, seeded."""
    chance = random.Random(1)
    store = ox.Store()
    for number in range(THINGS):
        thing = ox.NamedNode(f"https://w3id.org/sekg/id/t{number}")
        name = " ".join([*chance.choices(WORDS, k=4), "podmiot", str(number)])
        store.add(ox.Quad(thing, TYPE, term("se:SocialEconomyEntity")))
        store.add(ox.Quad(thing, PREF_LABEL, ox.Literal(name, language="pl")))
    return store


IN_BUILD: tuple[str, ...] = (
    "fundacja 2020",
    "kto założył klaster",
    "who founded the cluster",
    "klaster siedlce",
    "s",
    "zila siedleckie",
)


def milliseconds(ask: Callable[[str], object], text: str) -> float:
    started = time.perf_counter()
    ask(text)
    return 1000 * (time.perf_counter() - started)


def in_build(folder: Path) -> Callable[[str], object]:
    """The search of the server in a build folder, with the names of what it finds."""
    store, known = open_built(folder), questions.all_in(paths.folders().ontology).values()
    database = search.open_index(store, folder)
    return lambda text: views.found(store, finding.everything(store, database, known, text))


def main() -> None:
    if folder := next(iter(sys.argv[1:]), None):
        ask, asked = in_build(Path(folder)), IN_BUILD
    else:
        ask, asked = partial(search.find, search.open_index(graph(), None)), ASKED
    print("| query | median, ms | slowest, ms |")
    print("| --- | ---: | ---: |")
    for text in asked:
        taken = [milliseconds(ask, text) for _ in range(ROUNDS)]
        print(f"| {text} | {statistics.median(taken):.1f} | {max(taken):.1f} |")


if __name__ == "__main__":
    main()
