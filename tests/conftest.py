"""The real graph, and stores made from a few lines of Turtle."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph import build, resources
from kgraph.resources import Folders
from kgraph.store import fill
from kgraph.vocab import PREFIXES, TURTLE_PREFIXES, term

os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
"""So that `kgraph` is found when the environment of the tests is not activated."""

ROOT = Path(__file__).parent.parent


def holds(store: ox.Store, fact: str) -> bool:
    """Whether the default graph has a match for a triple pattern in Turtle."""
    return bool(store.query(f"ASK {{ {fact} }}", prefixes=dict(PREFIXES)))


@pytest.fixture(scope="session")
def folders() -> Folders:
    return resources.folders()


@pytest.fixture(scope="session")
def graph(folders: Folders) -> ox.Store:
    """The whole graph with its inferred facts; read it, do not write to it."""
    return build.graph(folders)


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
