"""The wheel: its files, commands in a fresh environment, and the build of the explorer."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_frontend import hook


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(["uv", "build", "--quiet", "--wheel", "--out-dir", str(folder), str(ROOT)], check=True, timeout=300)
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_ontology_data_and_licences(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "kgraph/ontology/sekg.ttl",
        "kgraph/ontology/bridge.ttl",
        "kgraph/ontology/questions/founders.rq",
        "kgraph/ontology/rules/co-signing.rq",
        "kgraph/data/sekg.ttl",
        "kgraph/data/sources/mcps-2018-klaster.ttl",
        "kgraph/graph/queries/claims.rq",
        "kgraph/publish/templates/picture.html",
        "kgraph/py.typed",
        "kgraph/static/third-party-notices.txt",
        "kgraph/static/sbom.cdx.json",
    } <= names
    assert wheel.name.startswith("kgraph_social_economy-")
    assert any(name.endswith("licenses/LICENSE-DATA") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "data/", "texts/")) or "__pycache__" in name]


@pytest.mark.slow
def test_the_installed_wheel_answers_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True, timeout=120)
    python, kgraph = (str(environment / "bin" / name) for name in ("python", "kgraph"))
    subprocess.run(["uv", "pip", "install", "--quiet", "--python", python, str(wheel)], check=True, timeout=600)
    command = [kgraph, "questions", "founders", "--format", "csv"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    assert len(answer.stdout.splitlines()) == 6  # a head, and five founders
    for more in (["check"], ["build", "--out", "graph"], ["picture", "-o", "picture.html"]):
        subprocess.run([kgraph, *more], cwd=tmp_path, check=True, timeout=120)
    assert (tmp_path / "picture.html").stat().st_size > 100_000


NODES = {
    **dict.fromkeys(("v18.20.0", "v20.18.3", "v21.7.0", "v22.5.0"), False),
    **dict.fromkeys(("v20.19.0", "v22.12.0", "v23.0.0", "v24.1.0"), True),
}


@pytest.mark.parametrize(("version", "enough"), NODES.items())
def test_the_explorer_is_built_with_a_node_that_vite_runs_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, enough: bool
) -> None:
    for name, said in (("node", version), ("npm", "10.0.0")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {said}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert hook()._node_on_path() is enough


def test_the_explorer_is_built_from_every_file_of_the_package_that_it_reads() -> None:
    paths = [path for path in (ROOT / "frontend/src").rglob("*.ts") if not path.name.endswith(".test.ts")]
    paths.append(ROOT / "frontend/scripts/notices.mjs")
    read = {name for path in paths for name in re.findall(r"\.\./kgraph/([^\"]+)\"", path.read_text(encoding="utf-8"))}
    assert set(hook().SHARED) == read


def test_vite_wants_the_node_that_the_explorer_says() -> None:
    ours = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))["engines"]["node"]
    locked = json.loads((ROOT / "frontend/package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert locked["node_modules/vite"]["engines"]["node"] == locked[""]["engines"]["node"] == ours


EXPLORER = (
    *("frontend/src/main.ts", "frontend/public/icon.svg", "frontend/package-lock.json"),
    *("kgraph/base/palette.json", "kgraph/base/words/en/common.json", "requirements.lock", "kgraph/_version.py"),
)


@pytest.mark.parametrize("changed", EXPLORER)
def test_make_sets_up_again_when_the_explorer_has_changed(tmp_path: Path, changed: str) -> None:
    for path in ("Makefile", "pyproject.toml", "hatch_build.py", changed):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes((ROOT / path).read_bytes())
    ready = tmp_path / "ready"
    ready.touch()
    later = ready.stat().st_mtime + 10

    def would_install() -> bool:
        command = ["make", "-n", f"VENV={tmp_path}", f"{ready}"]
        shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=30).stdout
        return "pip install" in shown

    os.utime(ready, (later, later))
    assert not would_install()
    os.utime(tmp_path / changed, (later + 10, later + 10))
    assert would_install()
