"""Milliseconds per request of the explorer over a large graph: `python bench/answers.py`.

It builds a synthetic ecosystem in a temporary folder, or takes a built graph with `--graph`. Requests go to the ASGI
application without a socket. What the server computes once at its start has a row in the table. CPU is that of all
processes of the server, which the load of the machine changes less.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import generate
from processes import cpu_seconds
from starlette.testclient import TestClient

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.build import pipeline
from kgraph.server import run
from kgraph.server.app import create_app
from kgraph.server.pool.limits import Limits

ROUNDS = 5
FIRST = (
    "/network",
    "/search?q=nadzieja&limit=20",
    "/search?q=a&limit=8",
    "/search?q=kto+zalozyl+klaster&limit=8",
    "/search?q=zila+siedleckie&limit=8",
)
WIDE = ("/things/id/pl-14", "/things/id/pl", "/things/kind/legal-form/association", "/things/kind/role/director")
"""Cards of things with very many facts; each is asked for once, because the server keeps its answers."""
ABOUT = ("/network?focus=id:o{0}", "/things/id/o{0}", "/chain?from=id:o{0}&to=id:o{1}")


def built(organisations: int, folder: Path) -> Path:
    """The folder of a built graph with this many organisations."""
    generate.write_folder(folder / "data", range(organisations // 100), 1)
    pipeline.build(folder / "graph", pipeline.Recipe(Folders(paths.folders().ontology, folder / "data"), records=False))
    return folder / "graph"


def milliseconds(client: TestClient, address: str) -> tuple[float, float]:
    """The wall time and the CPU time of one request."""
    used, started = cpu_seconds(os.getpid()), time.perf_counter()
    status = client.get(address).status_code
    assert status in (200, 404), (address, status)  # 404: no chain links the two things
    return 1000 * (time.perf_counter() - started), 1000 * (cpu_seconds(os.getpid()) - used)


def measure(graph: Path) -> None:
    started = time.perf_counter()
    served = run.Setup(paths.folders(), Limits(), graph).start()
    with TestClient(create_app(served), base_url="http://localhost", client=("127.0.0.1", 50_000)) as client:
        print("| request | median, ms | slowest, ms | slowest, CPU ms |\n| --- | ---: | ---: | ---: |")
        client.get("/about").raise_for_status()
        begun = time.perf_counter() - started
        print(f"| computed once | {1000 * begun:.0f} | | {1000 * cpu_seconds(os.getpid()):.0f} |", flush=True)
        for address in (*FIRST, *WIDE, *ABOUT):
            rounds = range(ROUNDS if address in ABOUT else 1)
            taken = [milliseconds(client, address.format(100 + 7 * number, 900 - 11 * number)) for number in rounds]
            wall, used = zip(*taken, strict=True)
            print(
                f"| `{address.format('…', '…')}` | {statistics.median(wall):.0f} | {max(wall):.0f} | {max(used):.0f} |",
                flush=True,
            )
    run.close(served)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("organisations", type=int, nargs="?", default=10_000, help="how many (default: 10000)")
    parser.add_argument("--graph", type=Path, help="a graph of bench/generate.py that is built already")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(given.graph or built(given.organisations, Path(folder)))


if __name__ == "__main__":
    main()
