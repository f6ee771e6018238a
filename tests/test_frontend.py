"""The npm scripts of the front end: type check, lint, and tests without a browser."""

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
    """The module hatch_build, which installs Node and the npm packages."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def installed() -> tuple[Path, dict[str, str]]:
    """The folder of the front end with its npm packages, and environment variables with Node on the PATH."""
    (ROOT / "build" / "tests").mkdir(parents=True, exist_ok=True)
    with FileLock(ROOT / "build" / "frontend.lock"):
        copy, environment = hook().prepared(ROOT)
        for cases in ("folding-cases.json", "stemming-cases.json"):
            shutil.copy(ROOT / "tests" / cases, ROOT / "build" / "tests")
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
