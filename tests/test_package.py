"""The wheel, installed alone into a fresh environment, works from any folder."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, timeout=300)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_ontology_data_and_licences(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "kgraph/ontology/sekg.ttl",
        "kgraph/ontology/questions/founders.rq",
        "kgraph/ontology/rules/co-signing.rq",
        "kgraph/data/sekg.ttl",
        "kgraph/data/sources/mcps-2018-klaster.ttl",
        "kgraph/queries/claims.rq",
        "kgraph/templates/picture.html",
        "kgraph/py.typed",
    } <= names
    assert any(name.endswith("licenses/LICENSE-DATA") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "data/", "texts/")) or "__pycache__" in name]


def test_the_installed_wheel_answers_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True, timeout=120)
    pip, kgraph = (str(environment / "bin" / name) for name in ("pip", "kgraph"))
    subprocess.run([pip, "install", "--quiet", str(wheel)], check=True, timeout=600)
    command = [kgraph, "questions", "founders", "--format", "csv"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    assert len(answer.stdout.splitlines()) == 6
    for more in (["check"], ["build", "--out", "graph"], ["picture", "-o", "picture.html"]):
        subprocess.run([kgraph, *more], cwd=tmp_path, check=True, timeout=120)
    assert (tmp_path / "picture.html").stat().st_size > 100_000
