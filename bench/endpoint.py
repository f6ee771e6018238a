"""Milliseconds per query at the endpoint, at rest and under attack: `python bench/endpoint.py`."""

import itertools
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import httpx
import pyoxigraph as ox

from kgraph.base import paths
from kgraph.build import pipeline
from kgraph.rdf import sparql

SMALL = {
    "`ASK {}`": "ASK {}",
    "names of the clusters": "SELECT ?n WHERE { ?c a se:Cluster ; skos:prefLabel ?n }",
    "count of all triples": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
}
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ROUNDS, CLIENTS, SECONDS = 200, 50, 15


def median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median time of a call in milliseconds."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


def small(client: httpx.Client, store: ox.Store) -> None:
    print("| query | in process, ms | over HTTP, ms | ≤ 2 × in process + 5 ms |")
    print("| --- | ---: | ---: | ---: |")
    for name, text in SMALL.items():

        def here(text: str = text) -> object:
            return sparql.serialize(sparql.run(store, text), "json")

        def there(text: str = text) -> object:
            return client.get("/sparql", params={"query": text}).raise_for_status()

        inside, outside = median(here), median(there)
        print(f"| {name} | {inside:.2f} | {outside:.2f} | {'held' if outside <= 2 * inside + 5 else 'not held'} |")


def attack(url: str, *, same: bool, keeps: bool) -> list[float]:
    """The times of `ASK {}` in milliseconds while `CLIENTS` clients send cross products without a pause."""
    ends, numbers = time.monotonic() + SECONDS, itertools.count()

    def hostile() -> None:
        with httpx.Client(base_url=url, timeout=60) as kept:
            while time.monotonic() < ends:
                text = SLOW if same else f"{SLOW} #{next(numbers)}"
                ask = kept.get if keeps else lambda path, params: httpx.get(url + path, params=params, timeout=60)
                ask("/sparql", params={"query": text})

    threads = [threading.Thread(target=hostile, daemon=True) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    taken = []
    while time.monotonic() < ends:
        taken.append(median(lambda: httpx.get(f"{url}/sparql?query=ASK{{}}").raise_for_status(), 1))
        time.sleep(0.1)
    for thread in threads:
        thread.join()
    return taken


def main() -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", "from kgraph.cli import main; main()", "serve", "--port", "0", "--timeout", "5"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    url = server.stdout.readline().split()[2].rstrip("/")
    try:
        with httpx.Client(base_url=url) as client:
            small(client, pipeline.graph(paths.folders()))
        print(f"\n| {CLIENTS} clients send cross products | `ASK {{}}`: median, ms | slowest, ms |")
        print("| --- | ---: | ---: |")
        for name, same, keeps in (
            ("equal queries, connections kept", True, True),
            ("different queries, connections kept", False, True),
            ("different queries, new connections", False, False),
        ):
            taken = attack(url, same=same, keeps=keeps)
            print(f"| {name} | {statistics.median(taken):.0f} | {max(taken):.0f} |")
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main()
