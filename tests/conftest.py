"""Fixtures: the bundled graph, stores from Turtle, a running server and a browser."""

import gc
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType

import pyoxigraph as ox
import pytest
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright

import kgraph as package
from kgraph.api.opening import _on
from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.problems import Problem
from kgraph.base.vocab import PREFIXES, RULE, TURTLE_PREFIXES, term
from kgraph.base.words import LANGUAGES, section
from kgraph.build import pipeline
from kgraph.build.pipeline import Recipe
from kgraph.graph.statements import states
from kgraph.rdf.store import fill, open_built
from tests.browsing import Open, opening
from tests.command import kgraph
from tests.programs import needs
from tests.serving import serving

os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
"""Subprocesses find `kgraph` when the virtual environment is not activated."""

ROOT = Path(__file__).parent.parent
CHROMIUM = ["--no-sandbox", "--disable-background-networking", "--enable-unsafe-swiftshader", "--in-process-gpu"]


gc.set_threshold(7_000, 10, 50)
"""Garbage is collected more rarely than by default, which takes a sixth of the CPU time off and costs no memory."""

settings.register_profile("busy", deadline=None)
settings.load_profile("busy")
"""No deadline: the time of a Hypothesis example varies with the load of the machine."""

STARTS = {
    "browser": {"sync_playwright"},
    "server": {
        "serving",
        "serving_files",
        "Popen",
        "uvicorn",
        "Setup",
        "application",
        "without_socket",
        "Workers",
        "ThreadingHTTPServer",
    },
    "process": {"subprocess", "Popen", "start_kernel"},
}
"""The names that a test or its fixtures use, by the marker that they give."""

WRITING = {"tmp_path", "tmp_path_factory"}
"""The fixtures that give the marker `files`."""


class Examples:
    """Where doctests are looked for: only in modules with examples, because mcp alone takes a second to import."""

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        is_module = collection_path.suffix == ".py" and ROOT / "kgraph" in collection_path.parents
        return True if is_module and b">>> " not in collection_path.read_bytes() else None


def pytest_configure(config: pytest.Config) -> None:
    """Have all processes of a test run share one cache of layouts, and leave the user's alone."""
    config.pluginmanager.register(Examples())
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="kgraph-cache-")
        config.add_cleanup(folder.cleanup)
        os.environ[paths.CACHE] = folder.name


LONGEST = (
    *("release", "docs", "documentation", "browser", "build", "hostile", "pages", "site", "cli_hostile", "supply"),
    *("generate", "notebooks", "inbox", "server", "hosting", "full_disk", "watch", "inference", "mcp", "package"),
    *("picture", "shacl", "questions"),
)
"""The files of tests with most CPU time, the longest first."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """`auto` has one worker more than CPUs, because workers wait for servers and browsers; `logical` has not."""
    return (os.cpu_count() or 1) + int(config.option.numprocesses == "auto")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test that starts a browser, server or process or writes files; `make check-fast` has the others."""
    for item in items:
        if WRITING & set(getattr(item, "fixturenames", ())):
            item.add_marker("files")
        if isinstance(item, pytest.DoctestItem) and any("kgraph.open()" in one.source for one in item.dtest.examples):
            item.add_marker("whole")
        called = set().union(*(code.co_names for code in codes(item)))
        for marker, names in STARTS.items():
            if names & called:
                item.add_marker(marker)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Have long files run first, so that no worker is left with one at the end, and those with few tests last.

    Exempt the half million objects of imports and collection from garbage collection: 0.4 s of CPU each time.
    """
    sizes = Counter(item.path for item in session.items)
    ranks = {f"test_{name}": rank for rank, name in enumerate(LONGEST)}
    session.items.sort(key=lambda item: (ranks.get(item.path.stem, len(ranks)), -sizes[item.path]))
    gc.freeze()


def codes(item: pytest.Item) -> Iterator[CodeType]:
    """The code objects of a test, of its fixtures, and of the functions in its module that they call."""
    known = vars(getattr(item, "module", None) or object)
    fixtures = getattr(item, "_fixtureinfo", None)
    found = [definitions[-1].func for definitions in fixtures.name2fixturedefs.values()] if fixtures else []
    for function in [getattr(item, "function", None), *found]:
        if isinstance(function, FunctionType):
            yield function.__code__
            called = (known.get(name) for name in function.__code__.co_names)
            yield from (helper.__code__ for helper in called if isinstance(helper, FunctionType))


def holds(store: ox.Store, fact: str) -> bool:
    """Whether the default graph has a match for a triple pattern in Turtle."""
    return bool(store.query(f"ASK {{ {fact} }}", prefixes=dict(PREFIXES)))


def lines(found: Iterable[Problem], lang: str = "en") -> list[str]:
    """Problems as lines in a language; each problem must have a Polish and an English text."""
    found = list(found)
    for problem in found:
        polish, english = (section(lang, "faults")[problem.code] for lang in LANGUAGES)
        assert polish != english or problem.code == "shape"
        assert problem.sentence("pl") != problem.sentence("en")
    return [problem.worded(lang) for problem in found]


@pytest.fixture(scope="session")
def address(built: Path) -> Iterator[str]:
    """The address of a server with the bundled graph."""
    with serving("--graph", str(built)) as server:
        yield f"{server.url}/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium, per module: the event loop of Playwright blocks other event loops in the process."""
    chromium = needs("chromium")
    expect.set_options(timeout=30_000)  # the default of Playwright's other waits, for a busy machine
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Open]:
    """A function that opens the explorer of the server at a fragment."""
    with opening(browser, address) as open_page:
        yield open_page


@pytest.fixture(scope="session")
def folders() -> Folders:
    return paths.folders()


opened_once = cache(package.open)
"""`kgraph.open`, which reads each graph once in a process; what it gives is only read."""


@pytest.fixture(scope="session")
def bundled() -> package.Graph:
    """The graph that comes with kgraph, as users open it, read-only."""
    return opened_once()


@pytest.fixture(scope="session", autouse=True)
def examples(doctest_namespace: dict[str, object]) -> None:
    """The examples in docstrings share the graph that they open."""
    doctest_namespace["open"] = opened_once


@pytest.fixture(scope="session")
def graph(bundled: package.Graph) -> ox.Store:
    """The bundled graph with its inferred facts, read-only."""
    return bundled.store


@pytest.fixture(scope="session")
def index(bundled: package.Graph) -> sqlite3.Connection:
    """The names in the bundled graph, as a search finds them."""
    return bundled.index


def on(day: str) -> package.Graph:
    """The bundled graph with the states of a day, as `kgraph.open(as_of=day)` makes it of the graph it opens."""
    return _on(opened_once(), states.day(day))


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A path that the first worker of a test run creates and all workers read."""
    base = factory.getbasetemp()
    path = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"shared-{name}"
    with FileLock(f"{path}.lock"):
        if not Path(f"{path}.made").exists():
            make(path)
            Path(f"{path}.made").touch()
    return path


def everything(built: Path) -> set[ox.Quad]:
    """The quads of a build without blank nodes and without the choice of rule where several rules give a fact."""
    quads = set(open_built(built))
    return {q for q in quads if q.predicate != RULE and not {type(q.subject), type(q.object)} & {ox.BlankNode}}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled graph as `kgraph build` writes it, read-only."""

    def build(folder: Path) -> None:
        assert kgraph("build", "--layout", "--out", folder).returncode == 0

    return shared(tmp_path_factory, "graph", build)


@pytest.fixture(scope="session")
def unchanged(tmp_path_factory: pytest.TempPathFactory, folders: Folders) -> Path:
    """The real graph as `pipeline.build` writes it; copy it, do not write to it."""
    return shared(tmp_path_factory, "unchanged", lambda folder: pipeline.build(folder, Recipe(folders)))


@pytest.fixture
def from_build(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands and servers read the built graph, which is faster; KGRAPH_GRAPH="" selects the bundled one."""
    monkeypatch.setenv("KGRAPH_GRAPH", str(built))


@pytest.fixture
def copied(tmp_path: Path, folders: Folders) -> Folders:
    """A writable copy of the bundled data and ontology."""
    shutil.copytree(folders.ontology, tmp_path / "ontology")
    shutil.copytree(folders.data, tmp_path / "data")
    return Folders(tmp_path / "ontology", tmp_path / "data")


THING = re.compile(r"\bid:[\w-]+")
FEW = ("mcps-2018-klaster", "cis-siedlce-2018-klaster")
"""Two sources with things of every kind; a build or a check of them takes a third of the time of the whole."""


@pytest.fixture
def few(copied: Folders) -> Folders:
    """A writable copy of the bundled ontology, the gazetteer and two sources."""
    return kept(copied, FEW)


@pytest.fixture
def few_out(few: Folders, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the folders with two sources, beside them."""
    made = shared(tmp_path_factory, "few", lambda folder: pipeline.build(folder, Recipe(few)))
    return shutil.copytree(made, few.data.parent / "out")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, folders: Folders) -> Folders:
    """The bundled ontology, two sources and their places, read-only: for sites and releases of any size."""

    def make(folder: Path) -> None:
        without_other_places(kept(Folders(folders.ontology, shutil.copytree(folders.data, folder)), FEW))

    return Folders(folders.ontology, shared(tmp_path_factory, "small", make))


@pytest.fixture
def bare(copied: Folders) -> Folders:
    """A writable copy of the bundled ontology and the gazetteer, which is the only source."""
    return kept(copied, ())


def kept(copied: Folders, names: Container[str]) -> Folders:
    """The folders without the sources that are not among the names."""
    for path in (copied.data / "sources").iterdir():
        if path.stem not in names:
            path.unlink()
    return copied


def without_other_places(copied: Folders) -> Folders:
    """The folders with the places that the sources name, and what lies around them: a release has half the pages."""
    gazetteer = copied.data / "places.ttl"
    blocks = [(THING.match(block), block) for block in gazetteer.read_text(encoding="utf-8").split("\n\n")]
    sources = [copied.data / "dataset.ttl", *(copied.data / "sources").iterdir()]
    wanted, more = set[str](), {name for path in sources for name in THING.findall(path.read_text(encoding="utf-8"))}
    while more - wanted:
        wanted |= more
        more = {name for head, block in blocks if head and head[0] in wanted for name in THING.findall(block)}
    left = (block for head, block in blocks if not head or head[0] in wanted)
    gazetteer.write_text("\n\n".join(left), encoding="utf-8")
    return copied


@pytest.fixture
def out(copied: Folders, unchanged: Path) -> Path:
    """A build of the copied folders, beside them."""
    return shutil.copytree(unchanged, copied.data.parent / "out")


@pytest.fixture
def store_of() -> Callable[..., ox.Store]:
    """A function from Turtle to a store: facts in one graph, an optional ontology in another."""

    def make(facts: str, ontology: str = "") -> ox.Store:
        store = ox.Store()
        for text, name in ((facts, "graph:facts"), (ontology, "graph:ontology")):
            quads = ox.parse(TURTLE_PREFIXES + text, ox.RdfFormat.TURTLE)
            fill(store, [ox.Quad(q.subject, q.predicate, q.object, term(name)) for q in quads])
        return store

    return make


@pytest.fixture(scope="session")
def with_terc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder without sources, with the invented places of `docs/registers`; copy it, do not write to it."""
    pytest.importorskip("duckdb", reason="DUCKDB is not installed")

    def make(folder: Path) -> None:
        folder.mkdir()
        for name in ("places.ttl", "dataset.ttl"):
            shutil.copy(paths.bundled().data / name, folder)
        terc = ROOT / "docs/registers/terc.csv"
        told = kgraph("register", "add", "terc", terc, "--as-of", "2030-01-01", "--data", folder)
        assert told.returncode == 0, told.stderr

    return shared(tmp_path_factory, "with-terc", make)
