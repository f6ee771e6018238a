"""Commands on a full disk: one sentence of error, earlier files kept, no partial files left.

RLIMIT_FSIZE simulates the full disk, because it needs no root: writes beyond the limit fail as on a full disk.
`/dev/full` does so for stdout.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.build import pipeline
from kgraph.errors import CannotWrite
from kgraph.graph.names import search
from kgraph.rdf import store
from tests.command import kgraph
from tests.conftest import ROOT
from tests.serving import serving

EVERYTHING = "SELECT * WHERE { ?s ?p ?o }"
SITE = ["--base-url", "https://example.org/"]
CONTACT = ("--contact", "office@example.org")


@contextmanager
def full(size: int) -> Iterator[None]:
    """Limit the files that this process and its children write to a size in bytes.

    Python compiles no modules meanwhile: it would keep what it could write of one, as `importlib` does not look how
    much that was, and later processes could not import it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        patch.setattr(sys, "dont_write_bytecode", True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of each file in a folder by path, including hidden files; empty bytes for a folder."""
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


def assert_refused(answer: subprocess.CompletedProcess[str], target: Path) -> None:
    sentence = f"kgraph: {target}: cannot be written (File too large); nothing was changed\n"
    assert (answer.returncode, answer.stdout, answer.stderr) == (3, "", sentence)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("graph.ttl", ["export"]),
        ("graph.trig", ["export", "--graphs"]),
        ("picture.html", ["picture", "id:mcps"]),
        ("report.md", ["report"]),
        ("rows.csv", ["query", EVERYTHING]),
        ("rows.txt", ["query", f"{EVERYTHING} LIMIT 50"]),
        ("network.csv", ["analyse"]),
        ("change.md", ["diff", str(ROOT / "data" / "places.ttl"), str(ROOT / "data" / "sekg.ttl")]),
    ],
)
def test_a_file_stays_as_it_was(tmp_path: Path, name: str, arguments: list[str]) -> None:
    target = tmp_path / name
    target.write_bytes(b"of an earlier day")
    with full(500):
        assert_refused(kgraph(*arguments, "-o", target), target)
    assert contents(tmp_path) == {str(target): b"of an earlier day"}


@pytest.mark.parametrize(
    ("arguments", "size"),
    [
        (["build"], 300_000),
        (["site", *SITE], 0),
        (["handoff", "oxigraph"], 0),
        *(
            pytest.param(arguments, size, marks=pytest.mark.slow)
            for arguments, size in (
                (["build"], 0),
                (["site", *SITE], 300_000),
                (["release", "1.0.0", *SITE, *CONTACT], 0),
                (["release", "1.0.0", *SITE, *CONTACT], 300_000),
                (["handoff", "oxigraph"], 300_000),
                (["handoff", "virtuoso"], 0),
                (["handoff", "virtuoso"], 300_000),
            )
        ),
    ],
)
def test_a_folder_is_whole_or_not_there(tmp_path: Path, small: Folders, arguments: list[str], size: int) -> None:
    target = tmp_path / "folder"
    data = ("--data", small.data) if arguments[0] in {"site", "release"} else ()
    with full(size):
        assert_refused(kgraph(*arguments, *data, "--out", target), target)
    assert contents(tmp_path) == {}


@pytest.mark.slow
@pytest.mark.parametrize("is_added", [True, False])
def test_the_earlier_build_stays(tmp_path: Path, few: Folders, is_added: bool) -> None:
    """Also after an incremental build, which copies the earlier build first."""
    target, source = tmp_path / "graph", few.sources()[-1]
    text = source.read_text()
    if is_added:
        source.unlink()
    pipeline.build(target, pipeline.Recipe(few))
    source.write_text(f"{text}\n# read again\n")
    before = contents(tmp_path)
    with full(1000):
        assert_refused(kgraph("build", "--data", few.data, "--out", target), target)
    assert contents(tmp_path) == before


def test_a_source_is_begun_whole_or_not_at_all(tmp_path: Path, bare: Folders) -> None:
    before = contents(tmp_path)
    with full(0):
        answer = kgraph("new-source", "https://example.org/agreement", "--data", bare.data)
    assert_refused(answer, bare.data / "sources" / "example-org-agreement.ttl")
    assert contents(tmp_path) == before


def test_the_index_of_names_says_it_too(tmp_path: Path, graph: ox.Store) -> None:
    with full(100_000), pytest.raises(CannotWrite, match=r"cannot be written \(the names: .*\); nothing was changed"):
        store.replace(tmp_path / "graph", lambda folder: search.save(graph, folder))
    assert contents(tmp_path) == {}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "arguments",
    [
        ["query", EVERYTHING],
        ["export", "jsonld"],
        ["show", "id:mcps"],
        *(
            pytest.param(arguments, marks=pytest.mark.slow)
            for arguments in (
                ["query", "--format", "table", f"{EVERYTHING} LIMIT 3"],
                ["query", "ASK {}"],
                ["picture", "id:mcps"],
                ["report"],
                ["show", "id:mcps", "--format", "json"],
                ["disputes", "--format", "csv"],
                ["questions"],
            )
        ),
    ],
)
def test_a_full_stdout_is_said(built: Path, arguments: list[str]) -> None:
    with open("/dev/full", "w") as device:
        answer = subprocess.run(
            ["kgraph", *arguments],
            stdout=device,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            env=os.environ | {"KGRAPH_GRAPH": str(built)},
        )
    sentence = "kgraph: No space left on device; the answer is not complete\n"
    assert (answer.returncode, answer.stderr) == (3, sentence)


def test_what_a_killed_process_left_goes_with_the_next_write(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in ("graph", "graph.old"):
        (tmp_path / f".{name}.new-{gone.pid}").mkdir()
    store.replace(tmp_path / "graph", lambda folder: (folder / store.STORE).mkdir())
    assert sorted(path.name for path in tmp_path.iterdir()) == [f".graph.old.new-{gone.pid}", "graph"]


def test_a_link_to_a_build_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    for _ in range(2):
        store.replace(tmp_path / "link", lambda folder: (folder / store.STORE).mkdir())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real" / store.STORE).is_dir()


@pytest.mark.slow
def test_a_build_that_a_server_writes_to_is_not_replaced(tmp_path: Path, bare: Folders) -> None:
    """Otherwise the server would write into the new store, because it opens files by name."""
    target = tmp_path / "graph"
    pipeline.build(target, pipeline.Recipe(bare))
    with serving("--graph", str(target), "--writable", env={"KGRAPH_TOKEN": "t"}) as server:
        headers = {"Authorization": "Bearer t"}
        for number in (1, 2):
            written = server.client.post(
                "/sparql", data={"update": f"INSERT DATA {{ <a:a> <a:b> {number} }}"}, headers=headers
            )
            assert written.status_code == 204
            answer = kgraph("build", "--data", bare.data, "--out", target)
            assert (answer.returncode, "end that first" in answer.stderr) == (3, True), answer.stderr
        assert server.ask("ASK { <a:a> <a:b> 1, 2 }").json()["boolean"]
    assert kgraph("build", "--data", bare.data, "--out", target).returncode == 0


def test_the_folder_one_is_in_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "graph").mkdir()
    monkeypatch.chdir(tmp_path / "graph")
    with pytest.raises(CannotWrite, match="go one up"):
        store.replace(Path(), lambda folder: None)
    assert list(tmp_path.iterdir()) == [tmp_path / "graph"]


def test_no_name_is_said() -> None:
    with pytest.raises(CannotWrite, match="cannot be written"):
        store.write_file(Path("/"), b"")
