"""External programs of the tests. A test is skipped with the name of a program that is missing or cannot start.

With KGRAPH_COMPLETE=1, as `.ci/run` sets it, a missing program is a failure instead.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

import pytest


@dataclass(frozen=True)
class Program:
    """The commands of a program, an argument that makes it exit at once, and its Debian package."""

    names: tuple[str, ...]
    argument: str
    package: str


PROGRAMS = {
    "apache": Program(("apache2",), "-v", "apache2-bin"),
    "caddy": Program(("caddy",), "version", "caddy"),
    "chromium": Program(
        ("chromium-headless-shell", "chromium", "chromium-browser"), "--version", "chromium-headless-shell"
    ),
    "isql": Program(("isql-vt",), "-?", "virtuoso-opensource-7-bin"),
    "java": Program(("java",), "-version", "openjdk-17-jre-headless"),
    "nginx": Program(("nginx",), "-v", "nginx"),
    "npm": Program(("npm",), "--version", "npm"),
    "rapper": Program(("rapper",), "--version", "raptor2-utils"),
    "virtuoso": Program(("virtuoso-t",), "-?", "virtuoso-opensource-7-bin"),
}


def needs(name: str) -> str:
    """The path of a program that starts. Otherwise the test is skipped, or fails with KGRAPH_COMPLETE=1."""
    path, trouble = found(name)
    if not trouble:
        return path
    message = f"{name.upper()} is not on this machine: {trouble}; Debian's package is {PROGRAMS[name].package}"
    if os.environ.get("KGRAPH_COMPLETE"):
        pytest.fail(message)
    pytest.skip(message)


@cache
def found(name: str) -> tuple[str, str]:
    """The path of a program, and the reason why it cannot be used, empty if it can."""
    program = PROGRAMS[name]
    path = next(filter(None, map(shutil.which, program.names)), None)
    if path is None:
        return "", f"no “{program.names[0]}” on the PATH"
    return path, trouble_of([path, program.argument])


def trouble_of(command: list[str]) -> str:
    """The reason why a command does not start. Exit codes 126, 127 and signals mean that it did not run."""
    try:
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if 0 <= ended.returncode < 126:
        return ""
    return f"“{' '.join(command)}” ended with {ended.returncode}: {ended.stderr.strip()[:300]}"
