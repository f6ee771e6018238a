"""Time to first render and frames per second of the explorer, compared with a pyvis page: `python bench/explorer.py`.

One part: `python bench/explorer.py --only curated`. The views of a country: `--only country --graph FOLDER`, with a
build of `bench/generate.py 10000` or larger. Both pages of a comparison get the same nodes, edges and positions.
Headless Chromium renders in software. It measures the seconds from opening the page to the first render, and the frames
per second while the view is dragged. Each number is the median of three rounds. The result is Markdown on stdout;
compare the rows, not the seconds.
"""

import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from processes import cpu_seconds

HEADING = """\
# The explorer beside the pyvis page of the same network

`python bench/explorer.py --only compared`; {cores} cores, Chromium {browser}, software drawing, medians of three
rounds. First render: time from opening the page. Frames: during two seconds of dragging. Compare the rows,
not the seconds.
"""

CURATED_HEADING = """\
# First render of the curated graph

`python bench/explorer.py --only curated`; {cores} cores, Chromium {browser}, software drawing, medians of {rounds}
rounds. Time from opening the page, served on the same machine, to the first render; the graph has {things} things. The
goal is less than a second.

| view | first render, s |
| --- | ---: |"""

COUNTRY_HEADING = """\
# The first screen of each view of a country

`python bench/explorer.py --only country --graph FOLDER`; {cores} cores, Chromium {browser}, software drawing,
{things:,} things, {organisations:,} organisations. Time from opening the address to the first rows, points or lines:
of the first visitor after the start of the server, and the median of {rounds} later ones. CPU, which the load of the
machine changes less: that of the server's processes, and that of the page's main thread (`TaskDuration` in thread
ticks). Bytes: the answers of the server as they were sent, without the program. The goal is {goal:g} s.

| view | first visitor, s | later, s | server, first, CPU ms | later | main thread, CPU ms | kB | within the goal |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |"""

FIRST_SCREENS = {
    "network": "#/network? .canvas canvas",
    "network, whole graph": "#/network?start=whole .canvas canvas",
    "network, a group": "#/network?start=focus:group/pl-14/SocialEconomyEntity .canvas canvas",
    "table": "#/table? table.grid tbody tr",
    "table, one voivodeship, by name": "#/table?place=id/pl-14&:sort=name table.grid tbody tr",
    "map": "#/map? .chart .spot",
    "timeline": "#/timeline? .moment",
    "questions": "#/questions? .question",
    "sources": "#/sources? table.grid tbody tr",
    "facets": "#/table? .facets [data-list=place]",
}
"""The fragment of each view, and a selector for its first content."""

SENT = """() => performance.getEntriesByType("resource").filter(({ name }) => !/\\/assets\\//.test(name))
  .reduce((sum, { transferSize }) => sum + transferSize, 0)"""

SHOWN = """
(selector) => new Promise((done) => {
  const look = () => {
    if (!document.querySelector(selector)) return;
    watching.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  };
  const watching = new MutationObserver(look);
  watching.observe(document, { childList: true, subtree: true, attributes: true });
  look();
})
"""
"""Milliseconds until the first match of a selector is shown. The page measures: Playwright hears of it later."""

GOALS = {20_000: 1.0, 200_000: 2.0}
"""The goal in seconds by the most organisations for which it holds."""

VISITS = (
    ("the overview, first visit", "", False),
    ("the overview, again", "", True),
    ("the whole graph", "#/network?start=whole", False),
)
"""Each visit: its title, its fragment, and whether the page was loaded before."""

SIZES = (1_000, 10_000, 50_000)
ROUNDS = 3
VISITS_EACH = 7
PYVIS_MOST = 10_000
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-unsafe-swiftshader"]
BASE = "https://w3id.org/sekg/"

Network = dict[str, object]


@dataclass(frozen=True)
class Server:
    """A running server: its address and its process."""

    address: str
    process: int


@dataclass(frozen=True)
class Screen:
    """The first screen of a view: seconds, CPU seconds of the server and of the main thread, bytes of the answers."""

    seconds: float
    server: float
    main: float
    sent: float


def ecosystem(size: int) -> Network:
    """A seeded random network of `size` nodes in clusters, with positions and about two edges per node."""
    chance = random.Random(size)
    kinds = [f"{BASE}ns#{name}" for name in ("SocialEconomyEntity", "Agreement", "Cluster", "SigningEvent")]
    nodes = [
        {
            "iri": f"{BASE}id/t{n}",
            "kind": chance.choices(kinds, (8, 2, 1, 2))[0],
            "labels": {"pl": f"Podmiot {n}", "en": f"Entity {n}"},
            "x": chance.gauss((n % 31) * 400, 120),
            "y": chance.gauss((n % 17) * 400, 120),
            "from": None,
            "to": None,
        }
        for n in range(size)
    ]
    edges = [edge(n, (n + 31 * 17 * chance.randrange(1, 4)) % size) for n in range(size) for _ in range(2)]
    unique = {(e["source"], e["target"]): e for e in edges if e["source"] != e["target"]}
    return {"nodes": nodes, "edges": list(unique.values()), "names": {}}


def edge(source: int, target: int) -> dict[str, object]:
    return {
        "source": f"{BASE}id/t{source}",
        "predicate": f"{BASE}ns#hasSignatory",
        "target": f"{BASE}id/t{target}",
        "asserted": True,
        "rule": None,
        "disputed": False,
        "single": True,
        "places": [],
    }


def pyvis_page(network: Network, path: Path) -> None:
    """Write the network as a pyvis page with fixed positions and without physics."""
    from pyvis.network import Network as Drawing

    drawing = Drawing(directed=True, cdn_resources="in_line", height="100vh")
    drawing.toggle_physics(False)
    for node in network["nodes"]:  # type: ignore[attr-defined]
        drawing.add_node(node["iri"], label=node["labels"]["pl"], x=node["x"], y=node["y"])
    for fact in network["edges"]:  # type: ignore[attr-defined]
        drawing.add_edge(fact["source"], fact["target"])
    path.write_text(drawing.generate_html(), encoding="utf-8")


COUNT = """
() => new Promise((done) => {
  let frames = 0;
  const end = performance.now() + 2000;
  const count = () => { frames += 1; performance.now() < end ? requestAnimationFrame(count) : done(frames / 2); };
  requestAnimationFrame(count);
})
"""


def opened(page: Page, address: str, first: str) -> float:
    """Seconds to the first render; the script `first` returns them in milliseconds."""
    page.goto(address, wait_until="commit")
    while (milliseconds := page.evaluate(first)) is None:
        page.wait_for_timeout(50)
    return float(milliseconds) / 1000


def measured(page: Page, address: str, first: str) -> tuple[float, float]:
    """Seconds to the first render, and frames per second during a drag."""
    seconds = opened(page, address, first)
    page.mouse.move(700, 450)
    page.mouse.down()
    page.evaluate(f"() => {{ window.counted = ({COUNT})() }}")
    for step in range(20):
        page.mouse.move(700 + 10 * step, 450 + 5 * step)
    frames = page.evaluate("() => window.counted")
    page.mouse.up()
    return seconds, frames


PICTURE = "() => performance.getEntriesByName('picture')[0]?.startTime ?? null"
CANVAS = """
() => {
  if (typeof network === "undefined") return null;
  if (!window.listening) {
    window.listening = true;
    network.once("afterDrawing", () => { window.at = performance.now(); });
    network.redraw();
  }
  return window.at ?? null;
}
"""


def explorer(browser: Browser, server: str, network: Network) -> tuple[float, float]:
    body = json.dumps(network)
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.route(re.compile(r"/network(\?.*)?$"), lambda route: route.fulfill(body=body, content_type="application/json"))
    try:
        return measured(page, server, PICTURE)
    finally:
        page.close()


def pyvis(browser: Browser, network: Network) -> tuple[float, float]:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.route("http*://**", lambda route: route.abort())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pyvis.html"
        pyvis_page(network, path)
        try:
            return measured(page, path.as_uri(), CANVAS)
        finally:
            page.close()


def median(measure: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    first, frames = zip(*(measure() for _ in range(ROUNDS)), strict=True)
    return statistics.median(first), statistics.median(frames)


def visit(browser: Browser, address: str, *, again: bool) -> float:
    """Seconds from opening an address to its first render."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    try:
        first = opened(page, address, PICTURE)
        return opened(page, address, PICTURE) if again else first
    finally:
        page.close()


def compared(browser: Browser, server: Server) -> None:
    print(HEADING.format(cores=os.cpu_count(), browser=browser.version))
    print("| things | explorer: first render, s | frames/s | pyvis: first render, s | frames/s |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for size in SIZES:
        network = ecosystem(size)
        cells = [f"{value:.1f}" for value in median(partial(explorer, browser, server.address, network))]
        if size <= PYVIS_MOST:
            cells += [f"{value:.1f}" for value in median(partial(pyvis, browser, network))]
        else:
            cells += ["not tried", "not tried"]
        print(f"| {size:,} | {' | '.join(cells)} |", flush=True)


def curated(browser: Browser, server: Server) -> None:
    with urllib.request.urlopen(f"{server.address}network?whole=1") as answer:
        things = len(json.load(answer)["nodes"])
    print(CURATED_HEADING.format(cores=os.cpu_count(), browser=browser.version, rounds=VISITS_EACH, things=things))
    for title, fragment, again in VISITS:
        first = statistics.median(visit(browser, server.address + fragment, again=again) for _ in range(VISITS_EACH))
        print(f"| {title} | {first:.2f} |", flush=True)
    print()


def country(browser: Browser, server: Server) -> None:
    kind = "http%3A%2F%2Fwww.w3.org%2Fns%2Forg%23Organization"
    things, organisations = (total(f"{server.address}selected{query}") for query in ("", f"?kind={kind}"))
    goal = next(seconds for most, seconds in GOALS.items() if organisations <= most)
    told = {"cores": os.cpu_count(), "browser": browser.version, "rounds": ROUNDS, "goal": goal}
    print(COUNTRY_HEADING.format(**told, things=things, organisations=organisations))
    first_screen(browser, server, "llms.txt", "body")  # a visitor's browser runs already
    for view, at in FIRST_SCREENS.items():
        fragment, selector = at.split(" ", 1)
        first = first_screen(browser, server, fragment, selector)
        others = [first_screen(browser, server, fragment, selector) for _ in range(ROUNDS)]
        later, served, main = (
            statistics.median(getattr(one, part) for one in others) for part in ("seconds", "server", "main")
        )
        verdict = "yes" if max(first.seconds, later) <= goal else "later only" if later <= goal else "no"
        used = " | ".join(f"{1000 * seconds:.0f}" for seconds in (first.server, served, main))
        print(
            f"| {view} | {first.seconds:.2f} | {later:.2f} | {used} | {first.sent / 1000:.0f} | {verdict} |", flush=True
        )
    print()


def total(address: str) -> int:
    """The number of things that an address lists."""
    with urllib.request.urlopen(address) as answer:
        return len(json.load(answer)["things"])


def first_screen(browser: Browser, server: Server, fragment: str, selector: str) -> Screen:
    """From opening an address until the first match of a selector is shown."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = cpu_seconds(server.process)
    try:
        page.goto(server.address + fragment, wait_until="commit")
        seconds = page.evaluate(SHOWN, selector) / 1000
        measured = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
        used = cpu_seconds(server.process) - before
        return Screen(seconds, used, measured["TaskDuration"], page.evaluate(SENT))
    finally:
        page.close()


PARTS = {"curated": curated, "compared": compared, "country": country}


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast the explorer draws, as Markdown.")
    parser.add_argument(
        "--only", choices=PARTS, help="measure one part: curated takes seconds, the others some minutes"
    )
    parser.add_argument("--graph", help="a build folder to serve instead of the bundled graph; country needs it")
    given = parser.parse_args()
    wanted = [given.only] if given.only else [name for name in PARTS if name != "country" or given.graph]
    with sync_playwright() as playwright, served(given.graph) as server:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        for name in wanted:
            PARTS[name](browser, server)


@contextmanager
def served(graph: str | None = None) -> Iterator[Server]:
    """A running `kgraph serve`, stopped afterwards."""
    source = ["--graph", graph] if graph else []
    process = subprocess.Popen(["kgraph", "serve", "--port", "0", *source], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield Server(process.stdout.readline().split()[2], process.pid)
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    main()
