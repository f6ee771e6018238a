"""Every command and Python example of the documentation runs, and every link to a file resolves.

The release of today's data that the documentation writes is looked at here too, so that it is written once.
"""

import re
import shlex
import shutil
import subprocess
from contextlib import chdir
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.vocab import CLAIM, INFERENCE, TYPE
from tests.command import is_plain, kgraph
from tests.conftest import ROOT
from tests.test_release import anchors

pytestmark = pytest.mark.process
"""The commands run in the order of the pages, because later ones use the files of earlier ones."""

PAGES = [
    ROOT / "README.md",
    ROOT / "data" / "README.md",
    ROOT / "data" / "CZYTAJ.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
TESTED_ELSEWHERE = ("git clone", "cd ", "make ", "pip install", "python3 -m venv", "source ", "python3 -m http.server")
"""Installation commands: CI and test_package run them in a fresh environment."""


def blocks(language: str, page: Path) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)


def commands(page: Path) -> list[str]:
    lines = (line for block in blocks("sh", page) for line in block.replace("\\\n", " ").splitlines())
    return [line for line in lines if line.strip() and not line.startswith((*TESTED_ELSEWHERE, "#"))]


COMMANDS = dict.fromkeys(line for page in PAGES for line in commands(page))
PYTHON = {page: blocks("python", page) for page in PAGES}


def test_the_documentation_has_commands() -> None:
    assert len(COMMANDS) >= 12


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory, small: Folders) -> Path:
    """One working folder for all commands, with the ontology and the data of two sources, which commands copy."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(small.data, folder / "data")
    shutil.copytree(small.ontology, folder / "ontology")
    shutil.copytree(ROOT / "docs" / "registers", folder / "docs" / "registers")
    return folder


README = commands(PAGES[0])
MARKED = [pytest.param(line, marks=() if line in README else pytest.mark.slow) for line in COMMANDS]
"""The commands of the README; those of the other pages, which release the data too, are slow."""


@pytest.mark.parametrize("command", MARKED)
def test_each_command_works(workplace: Path, built: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Those of the README read the graph that comes with kgraph, the others the same graph from a build."""
    if command not in README and "--data" not in command:
        monkeypatch.setenv("KGRAPH_GRAPH", str(built))
    run(workplace, command)


def run(workplace: Path, command: str) -> None:
    if is_plain(command):
        with chdir(workplace):
            ended = kgraph(*shlex.split(command, comments=True)[1:])
        assert ended.returncode == 0, ended.stderr
    else:
        subprocess.run(command, shell=True, cwd=workplace, check=True, capture_output=True, timeout=300)


@pytest.fixture
def released(workplace: Path) -> Path:
    """The release of today's data that `docs/publishing.md` writes."""
    if not (workplace / "release").exists():
        run(workplace, next(line for line in COMMANDS if "release 1.0.0" in line))
    return workplace / "release"


@pytest.mark.slow
def test_a_release_of_todays_data_has_few_files_and_each_record_a_place(released: Path, graph: ox.Store) -> None:
    """`kgraph check --release release`, one of the commands above, finds no problem in it."""
    files = [path for path in released.rglob("*") if path.is_file()]
    assert len(files) <= 2600
    for part, kind in (("claim", CLAIM), ("inference", INFERENCE)):
        found = graph.quads_for_pattern(None, TYPE, kind, ox.DefaultGraph())
        known = {str(quad.subject).strip("<>").rpartition("/")[2] for quad in found}
        for suffix in (".html", ".pl.html"):
            assert anchors(released, part, suffix) == known
        for form in (".ttl", ".rdf", ".jsonld"):
            texts = [path.read_text(encoding="utf-8") for path in (released / "data" / part).glob(f"?{form}")]
            assert {name for text in texts for name in re.findall(r"\b[0-9a-f]{16}\b", text)} >= known


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(code, marks=() if page == PAGES[0] else pytest.mark.slow)
        for page, codes in PYTHON.items()
        for code in codes
    ],
)
def test_each_piece_of_python_works(workplace: Path, code: str) -> None:
    with chdir(workplace):
        exec(compile(code, "documentation", "exec"), {"__name__": "__main__"})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link.partition("#")[0]).exists()] == []
