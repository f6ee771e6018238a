"""The real graph, stores made from a few lines of Turtle, a running server and a real browser."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser, sync_playwright

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.problems import Problem
from kgraph.base.vocab import PREFIXES, TURTLE_PREFIXES, term
from kgraph.base.words import LANGUAGES, section
from kgraph.build import pipeline
from kgraph.rdf.store import fill

os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
"""So that `kgraph` is found when the environment of the tests is not activated."""

ROOT = Path(__file__).parent.parent
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-unsafe-swiftshader"]


def holds(store: ox.Store, fact: str) -> bool:
    """Whether the default graph has a match for a triple pattern in Turtle."""
    return bool(store.query(f"ASK {{ {fact} }}", prefixes=dict(PREFIXES)))


def lines(found: Iterable[Problem], lang: str = "en") -> list[str]:
    """Problems as they are shown in a language; each must have words of its own in both."""
    found = list(found)
    for problem in found:
        polish, english = (section(lang, "faults")[problem.code] for lang in LANGUAGES)
        assert polish != english or problem.code == "shape"
        assert problem.sentence("pl") != problem.sentence("en")
    return [problem.worded(lang) for problem in found]


@contextmanager
def serving(*options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of `kgraph serve` on a port of its own, and the process, which is ended afterwards."""
    process = subprocess.Popen(["kgraph", "serve", "--port", "0", *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address
        yield address[0], process
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the real graph is served."""
    with serving() as (served, _):
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium; for one module, because Playwright keeps an event loop running that others could not start."""
    chromium = shutil.which("chromium")
    if chromium is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no “chromium” on the PATH")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def folders() -> Folders:
    return paths.folders()


@pytest.fixture(scope="session")
def graph(folders: Folders) -> ox.Store:
    """The whole graph with its inferred facts; read it, do not write to it."""
    return pipeline.graph(folders)


@pytest.fixture
def copied(tmp_path: Path, folders: Folders) -> Folders:
    """The real folders, free to be spoilt."""
    shutil.copytree(folders.ontology, tmp_path / "ontology")
    shutil.copytree(folders.data, tmp_path / "data")
    return Folders(tmp_path / "ontology", tmp_path / "data")


@pytest.fixture
def store_of() -> Callable[..., ox.Store]:
    """A store from Turtle: facts in a graph of their own, and an ontology if one is given."""

    def make(facts: str, ontology: str = "") -> ox.Store:
        store = ox.Store()
        for text, name in ((facts, "graph:facts"), (ontology, "graph:ontology")):
            quads = ox.parse(TURTLE_PREFIXES + text, ox.RdfFormat.TURTLE)
            fill(store, [ox.Quad(q.subject, q.predicate, q.object, term(name)) for q in quads])
        return store

    return make
