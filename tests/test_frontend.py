"""The front end's own checks: its types, and its tests that need no browser."""

import shutil
import subprocess

import pytest

from tests.conftest import ROOT

FRONTEND = ROOT / "frontend"


@pytest.mark.skipif(
    not shutil.which("npm") or not (FRONTEND / "node_modules").is_dir(),
    reason="NO NODE HERE: the front end's types and unit tests are not checked",
)
@pytest.mark.parametrize("script", ["check", "test"])
def test_the_front_end_stands_its_own_checks(script: str) -> None:
    command = ["npm", "run", script]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
