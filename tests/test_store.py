"""Atomic writes of folders and files."""

import os
from functools import partial
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


@pytest.mark.parametrize("count", [3, store.SMALL + 3])
def test_lines_are_added_to_their_graphs_few_or_many(tmp_path: Path, count: int) -> None:
    filled = ox.Store(str(tmp_path / "store"))
    quads = [ox.Quad(term("id:a"), term("se:within"), ox.Literal(str(n)), term("source:s")) for n in range(count)]
    triples = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    store.load(filled, ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"", ox.RdfFormat.N_QUADS)
    store.load(filled, triples, ox.RdfFormat.N_TRIPLES)
    store.load(filled, triples, ox.RdfFormat.N_TRIPLES, term("source:t"))
    assert in_default(filled) == {quad.triple for quad in quads}
    assert {quad.graph_name for quad in filled} == {ox.DefaultGraph(), term("source:s"), term("source:t")}
    assert len(filled) == 3 * count


def test_jobs_beside_a_body_have_ended_after_it_and_their_error_is_raised() -> None:
    done: list[str] = []
    with (
        pytest.raises(ValueError, match="broken"),
        store.beside(partial(int, "1"), partial(done.append, "job"), broken),
    ):
        done.append("body")
    assert sorted(done) == ["body", "job"]


def broken() -> None:
    raise ValueError("broken")


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
