"""The front end's own checks: its types, and its tests that need no browser."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The front end with what it needs, in a copy, so that no node_modules appear in the checkout."""
    if not shutil.which("npm"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no “npm” on the PATH")
    top = tmp_path_factory.mktemp("explorer")
    copy = top / "frontend"
    shutil.copytree(ROOT / "frontend", copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
    for path in (*(ROOT / "kgraph/base").rglob("*.json"), ROOT / "tests/folding-cases.json"):
        (top / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, top / path.relative_to(ROOT))
    run(copy, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    return copy


def run(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["npm", *arguments], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", ["check", "lint", "test"])
def test_the_front_end_stands_its_own_checks(installed: Path, script: str) -> None:
    run(installed, "run", script)
