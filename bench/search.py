"""Milliseconds per search among the names of 100,000 things: `python bench/search.py`."""

import random
import sqlite3
import statistics
import time

import pyoxigraph as ox

from kgraph.base.vocab import PREF_LABEL, TYPE, term
from kgraph.graph import search

THINGS = 100_000
ROUNDS = 20
WORDS = [
    *("spółdzielnia", "socjalna", "fundacja", "stowarzyszenie", "centrum", "integracji", "społecznej", "zakład"),
    *("aktywności", "zawodowej", "ośrodek", "wsparcia", "ekonomii", "zioła", "siedleckie", "relaksownia", "komunalny"),
    *("serwis", "usługi", "łąka", "jeżyna", "dąbrowa", "świetlica", "nadzieja", "pomoc"),
]
ASKED = ("ziola", "spoldzielnia socj", "fundacja nadzieja", "zila siedleckie", "podmiot 77777")


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


def milliseconds(database: sqlite3.Connection, text: str) -> float:
    started = time.perf_counter()
    search.find(database, text)
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    database = search.open_index(graph(), None)
    print("| query | median, ms | slowest, ms |")
    print("| --- | ---: | ---: |")
    for text in ASKED:
        taken = [milliseconds(database, text) for _ in range(ROUNDS)]
        print(f"| {text} | {statistics.median(taken):.1f} | {max(taken):.1f} |")


if __name__ == "__main__":
    main()
