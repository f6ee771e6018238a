"""The front end's own checks: its types, its style, and its tests that need no browser."""

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from filelock import FileLock

from tests.conftest import ROOT

SCRIPTS = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))["scripts"]
CHECKS = [name for name in ("check", "lint", "test") if name in SCRIPTS]


def hook() -> ModuleType:
    """The package's build, which also knows how to get Node and the front end's packages."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def installed() -> tuple[Path, dict[str, str]]:
    """The front end with its packages, as the package's build left them, and an environment with Node."""
    (ROOT / "build" / "tests").mkdir(parents=True, exist_ok=True)
    with FileLock(ROOT / "build" / "frontend.lock"):
        copy, environment = hook().prepared(ROOT)
        shutil.copy(ROOT / "tests" / "folding-cases.json", ROOT / "build" / "tests")
    return copy, environment


def test_types_and_tests_are_among_the_checks() -> None:
    assert {"check", "test"} <= {*CHECKS}


@pytest.mark.parametrize("script", CHECKS)
def test_the_front_end_stands_its_own_checks(installed: tuple[Path, dict[str, str]], script: str) -> None:
    folder, environment = installed
    done = subprocess.run(
        ["npm", "run", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
