"""Queries a second of `kgraph serve` beside `oxigraph serve` on the same data: `python bench/throughput.py`.

Clients are processes that keep a connection each; the servers take turns in each round, so compare the ratios. On a
machine that does other work, the processor time of the servers is the steadier number.
"""

import argparse
import http.client
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.vocab import PREFIXES

NAMES = f"PREFIX se: <{PREFIXES['se']}> PREFIX skos: <{PREFIXES['skos']}> "
QUERIES = {
    "`ASK {}`": ("ASK {}", 0.25),
    "names of the clusters": (NAMES + "SELECT ?n { ?c a se:Cluster ; skos:prefLabel ?n }", 0.3),
    "500 rows": ("SELECT * { ?s ?p ?o } LIMIT 500", 1.0),
}
"""Each query with the least ratio to aim at."""
PORT = 7998


def client(port: int, path: str, seconds: float, answered: "multiprocessing.Queue[int]") -> None:
    connection, count = http.client.HTTPConnection("127.0.0.1", port), 0
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        connection.request("GET", path, headers={"Accept": "application/sparql-results+json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        count += 1
    answered.put(count)


@dataclass(frozen=True)
class Server:
    """The port of a server, the path of its queries, and its process."""

    port: int
    path: str
    process: psutil.Process

    def processor_seconds(self) -> float:
        """The processor time of its processes; one that ends in between is not counted."""
        times = [each.cpu_times() for each in (self.process, *self.process.children(recursive=True))]
        return sum(found.user + found.system for found in times)


def measured(server: Server, query: str, clients: int, seconds: float) -> tuple[float, float]:
    """Answers a second, and the microseconds of processor time that each takes the server."""
    before = server.processor_seconds()
    found = rate(server.port, f"{server.path}?{urlencode({'query': query})}", clients, seconds)
    return found, (server.processor_seconds() - before) / (found * seconds) * 1e6


def rate(port: int, path: str, clients: int, seconds: float) -> float:
    """Answers a second to some clients at once."""
    answered: multiprocessing.Queue[int] = multiprocessing.Queue()
    started = [multiprocessing.Process(target=client, args=(port, path, seconds, answered)) for _ in range(clients)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    return sum(answered.get() for _ in started) / seconds


def serving(stack: ExitStack, path: str, command: list[str], told: Callable[[subprocess.Popen[str]], int]) -> Server:
    """A server that ends with the stack."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    stack.callback(server.wait)
    stack.callback(server.terminate)
    return Server(told(server), path, psutil.Process(server.pid))


def announced(server: subprocess.Popen[str]) -> int:
    """The port that kgraph prints when it can answer."""
    assert server.stdout is not None
    return int(server.stdout.readline().split()[2].rstrip("/").rpartition(":")[2])


def waited(_: subprocess.Popen[str]) -> int:
    """The port of Oxigraph, when it accepts connections."""
    for _attempt in range(100):
        try:
            http.client.HTTPConnection("127.0.0.1", PORT).connect()
        except OSError:
            time.sleep(0.1)
        else:
            break
    return PORT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    given = parser.parse_args()
    data, here = str(paths.folders().published()), Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        store = ox.Store(folder)
        store.bulk_load(path=data, format=ox.RdfFormat.TURTLE)
        store.flush()
        del store
        ours = serving(stack, "/sparql", [str(here / "kgraph"), "serve", "--port", "0", "--graph", data], announced)
        bound = ["serve-read-only", "--location", folder, "--bind", f"127.0.0.1:{PORT}"]
        theirs = serving(stack, "/query", [str(here / "oxigraph"), *bound], waited)
        shown = "kgraph, queries/s | Oxigraph, queries/s | ratio | aim | kgraph, CPU µs | Oxigraph, CPU µs"
        print(f"| {given.clients} clients | {shown} |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        for name, (text, aim) in QUERIES.items():
            rounds = [
                [measured(server, text, given.clients, given.seconds) for server in (ours, theirs)]
                for _ in range(given.rounds)
            ]
            (mine, our_time), (other, their_time) = (
                map(statistics.median, zip(*column, strict=True)) for column in zip(*rounds, strict=True)
            )
            ratio = statistics.median(a / b for (a, _), (b, _) in rounds)
            times = f"{our_time:.0f} | {their_time:.0f}"
            print(f"| {name} | {mine:.0f} | {other:.0f} | {ratio:.2f} | {aim} | {times} |", flush=True)


if __name__ == "__main__":
    main()
