"""`kgraph handoff`: sorted and deterministic files, and equal answers from an Oxigraph that loaded them."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.vocab import term
from kgraph.graph import questions
from kgraph.publish import handoff
from kgraph.rdf.endpoint import Endpoint
from tests.command import kgraph

OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")


def quads(folder: Path) -> list[ox.Quad]:
    return [quad for path in sorted((folder / "data").iterdir()) for quad in ox.parse(path=str(path))]


@pytest.mark.parametrize("engine", handoff.ENGINES)
def test_the_files_are_sorted_and_have_every_quad(graph: ox.Store, tmp_path: Path, engine: str) -> None:
    total = handoff.write(graph, engine, "my-graph", tmp_path / engine, a_shard=5_000)
    lines = [line for path in sorted((tmp_path / engine / "data").iterdir()) for line in path.open("rb")]
    sizes = [len(path.read_bytes().splitlines()) for path in (tmp_path / engine / "data").iterdir()]
    assert lines == sorted(lines)
    assert len(lines) == total == len(graph)
    assert len(sizes) > 3 and max(sizes) < 10_000
    readme = (tmp_path / engine / "README.md").read_text(encoding="utf-8")
    assert f"{total:,} quads in sorted files ({len(sizes)})" in readme


def test_the_default_graph_gets_a_name_where_an_engine_has_none(graph: ox.Store, tmp_path: Path) -> None:
    handoff.write(graph, "virtuoso", "my-graph", tmp_path)
    graphs = [quad.graph_name for quad in quads(tmp_path)]
    assert ox.DefaultGraph() not in graphs
    unnamed = sum(1 for _ in graph.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    assert graphs.count(handoff.EVERYTHING) == unnamed


@pytest.fixture
def served(graph: ox.Store, tmp_path: Path) -> Iterator[str]:
    """The address of an Oxigraph server, loaded as its README says."""
    if not OXIGRAPH:
        pytest.skip("needs the program oxigraph")
    handoff.write(graph, "oxigraph", "my-graph", tmp_path / "out")
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    environment = {"PATH": f"{Path(OXIGRAPH).parent}:/usr/bin:/bin", "BIND": f"localhost:{port}"}
    process = subprocess.Popen(["sh", tmp_path / "out" / "load.sh"], env=environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as tried:
                if not tried.connect_ex(("localhost", port)):
                    break
            time.sleep(0.2)
        yield f"http://localhost:{port}/query"
    finally:
        process.terminate()
        process.wait(10)


def test_an_engine_that_loaded_it_answers_alike(graph: ox.Store, folders: Folders, served: str) -> None:
    asked = questions.all_in(folders.ontology).values()
    found = list(handoff.verify(graph, Endpoint(served), asked))
    assert [compared for compared in found if not compared.equal] == []
    assert sum(compared.rows for compared in found) > 100


def test_a_different_graph_is_noticed(folders: Folders, served: str) -> None:
    asked = [questions.named(folders.ontology, "seats")]
    [found] = handoff.verify(ox.Store(), Endpoint(served), asked)
    assert (found.rows, found.only_here) == (0, ()) and len(found.only_there) > 3 and not found.equal


POINT = "POINT(22.29006 52.16772)"
WKT = term("geo:wktLiteral")
TRUE_OF_VIRTUOSO = '"1"^^<http://www.w3.org/2001/XMLSchema#boolean>'


def point(text: str, datatype: ox.NamedNode = WKT) -> handoff.Row:
    return (str(term("id:siedlce-point")), str(ox.Literal(text, datatype=datatype)))


def test_a_point_in_single_precision_and_a_one_for_true_are_no_difference() -> None:
    geometry = ox.NamedNode("http://www.openlinksw.com/schemas/virtrdf#Geometry")
    virtuoso = point("POINT(22.290060043335 52.167720794678)", geometry)
    found = handoff.compared("q", [point(POINT), ("a", str(ox.Literal(True)))], [virtuoso, ("a", TRUE_OF_VIRTUOSO)])
    assert found.equal and not found.exact
    assert handoff.compared("q", [point(POINT)], [point(POINT)]).exact


def test_another_point_and_another_number_are_differences() -> None:
    other, one = point("POINT(22.29007 52.16772)"), ("a", str(ox.Literal(1)))
    found = handoff.compared("q", [point(POINT), ("a", str(ox.Literal(True)))], [other, one])
    assert found.only_here == (point(POINT), ("a", str(ox.Literal(True)))) and found.only_there == (other, one)


@pytest.mark.slow
def test_the_rows_that_differ_are_shown(store_of: Callable[..., ox.Store], served: str, tmp_path: Path) -> None:
    (tmp_path / "built").mkdir()
    built = ox.Store(str(tmp_path / "built/store"))
    built.bulk_extend(store_of("id:a a se:Cluster ."))
    built.flush()
    del built
    done = kgraph("handoff", "oxigraph", "--graph", str(tmp_path / "built"), "--verify", served)
    assert done.returncode == 1 and "seats: 0 rows only here, 9 only there\n  only there: <" in done.stdout
    assert "\n  …\n" in done.stdout and "questions are answered differently" in done.stderr


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        ("http://127.0.0.1:1/sparql", 5, "cannot be asked"),
        ("localhost:8890/sparql", 2, "is not the address of an endpoint"),
        ("foo:bar baz", 2, "is not the address of an endpoint"),
    ],
)
def test_an_engine_that_cannot_be_asked_is_one_sentence(url: str, code: int, words: str) -> None:
    done = kgraph("handoff", "oxigraph", "--verify", url)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (code, "", 1) and words in done.stderr
