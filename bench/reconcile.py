"""Seconds of `/reconcile` for 100 names: `python bench/reconcile.py FOLDER [--seed N]`; the goal is one second.

FOLDER is a build, such as that of `python bench/generate.py 10000`. A quarter of the names is as in the graph, one is
in capitals without diacritics, one has a slip of the pen, one is not in the graph; half have a place. They are asked in
one batch, and in batches of ten, as OpenRefine does. CPU is that of all processes of the warm server, without workers
that have ended.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
from processes import cpu_seconds

from kgraph.base.text import fold
from kgraph.graph.names import search
from kgraph.graph.names.searchable import PLACE
from kgraph.rdf.store import open_built

NAMES, ROUNDS = 100, 7
WAYS = ("as it is", "capitals", "slip", "absent")
Query = dict[str, object]


def queries(folder: Path, chance: random.Random) -> list[Query]:
    """Names of things of a graph, written in four ways, and every other with a place."""
    index = search.open_index(open_built(folder), folder)
    known = search.names(index)
    agents, places = ([one.name for one in known if one.rank == rank] for rank in (0, PLACE))
    chosen = chance.sample(agents, NAMES)
    asked: list[Query] = [
        {"query": written(name, WAYS[number % len(WAYS)], chance), "limit": 5} for number, name in enumerate(chosen)
    ]
    for one in asked[::2]:
        one["properties"] = [{"pid": "place", "v": chance.choice(places)}]
    return asked


def written(name: str, way: str, chance: random.Random) -> str:
    """A name as a table of others may have it."""
    at = chance.randrange(1, max(2, len(name) - 2))
    return {
        "as it is": name,
        "capitals": fold(name).upper(),
        "slip": name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :],
        "absent": f"{name[::-1]} {chance.randrange(10**6)}",
    }[way]


def seconds(client: httpx.Client, asked: Sequence[Query], size: int) -> float:
    """The seconds of all queries, in batches of a size one after another."""
    began = time.perf_counter()
    for begin in range(0, len(asked), size):
        batch = {f"q{number}": one for number, one in enumerate(asked[begin : begin + size])}
        client.post("/reconcile", data={"queries": json.dumps(batch)}).raise_for_status()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args()
    chance = random.Random(given.seed)
    command = [sys.executable, "-P", "-c", "from kgraph.cli import main; main()", "serve", "--port", "0"]
    server = subprocess.Popen([*command, "--graph", given.folder], stdout=subprocess.PIPE, text=True, env=os.environ)
    try:
        assert server.stdout
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address, "the server did not start"
        print(f"seed {given.seed}, {ROUNDS} rounds of {NAMES} new names, load {os.getloadavg()[0]:.1f}\n")
        print("| batches of | median, s | slowest, s | CPU, s |\n| ---: | ---: | ---: | ---: |")
        with httpx.Client(base_url=address[0], timeout=120) as client:
            seconds(client, queries(given.folder, chance), NAMES)  # the first pays for caches
            for size in (NAMES, 10):
                rounds, before = [queries(given.folder, chance) for _ in range(ROUNDS)], cpu_seconds(server.pid)
                taken = [seconds(client, asked, size) for asked in rounds]
                cpu = (cpu_seconds(server.pid) - before) / ROUNDS
                print(f"| {size} | {statistics.median(taken):.2f} | {max(taken):.2f} | {cpu:.2f} |")
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
