"""Atomic writes of folders and files."""

import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base.vocab import ONTOLOGY_GRAPH, term
from kgraph.errors import CannotWrite, NotFound
from kgraph.rdf import store

FACT = ox.Triple(term("id:a"), term("se:within"), term("id:b"))


def quad(graph: str) -> ox.Quad:
    return ox.Quad(FACT.subject, FACT.predicate, FACT.object, term(graph))


def in_default(filled: ox.Store) -> set[ox.Triple]:
    return set(store.graph(filled, ox.DefaultGraph()))


def test_a_fact_in_two_graphs_stands_once_in_the_default_graph() -> None:
    filled = ox.Store()
    store.fill(filled, [quad("source:s"), quad("source:t")])
    assert in_default(filled) == {FACT}
    assert len(filled) == 3


def test_the_ontology_is_not_in_the_default_graph() -> None:
    filled = ox.Store()
    store.fill(filled, [ox.Quad(FACT.subject, FACT.predicate, FACT.object, ONTOLOGY_GRAPH)])
    assert in_default(filled) == set()


def test_a_dropped_graph_leaves_what_another_graph_says() -> None:
    filled = ox.Store()
    store.fill(filled, [quad("source:s"), quad("source:t")])
    store.drop(filled, term("source:s"))
    assert in_default(filled) == {FACT}
    store.drop(filled, term("source:t"))
    assert len(filled) == 0


def test_a_failed_build_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "build"
    store.replace(target, lambda folder: (folder / store.STORE).mkdir())
    (target / "mark").write_text("old")

    def fail(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(CannotWrite, match="No space left on device"):
        store.replace(target, fail)
    assert (target / "mark").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


def test_a_folder_with_other_things_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(CannotWrite, match="is not a build"):
        store.replace(tmp_path, lambda folder: None)
    assert (tmp_path / "thesis.docx").read_text() == "precious"


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match="cannot be written"):
        store.write_file(tmp_path / "file" / "x.ttl", b"x")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "graph.ttl"
    target.write_bytes(b"old")
    (tmp_path / f".graph.ttl.new-{os.getpid()}").symlink_to("/dev/full")
    with pytest.raises(CannotWrite, match="No space left on device"):
        store.write_file(target, b"new" * 100_000)
    assert target.read_bytes() == b"old"


def test_a_missing_build_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="kgraph build --out"):
        store.open_built(tmp_path / "nothing")
