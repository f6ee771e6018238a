"""The skip of a test whose external program is missing or cannot start, with the name of the program."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import programs


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The only folder on the PATH, with KGRAPH_COMPLETE unset."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("KGRAPH_COMPLETE", raising=False)
    programs.found.cache_clear()
    yield tmp_path
    programs.found.cache_clear()


def put(folder: Path, name: str, script: str) -> Path:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    return folder / name


def test_a_missing_program_is_named_with_its_package(folder: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match=r"^RAPPER is not on this machine: no “rapper” .* raptor2-utils$"):
        programs.needs("rapper")


def test_a_program_that_lacks_a_library_is_skipped_too(folder: Path) -> None:
    put(folder, "virtuoso-t", "echo libpcre.so.3: cannot open shared object file >&2; exit 127")
    with pytest.raises(pytest.skip.Exception, match=r"^VIRTUOSO .* ended with 127: libpcre\.so\.3: cannot open"):
        programs.needs("virtuoso")


def test_a_program_that_starts_is_used_whatever_it_thinks_of_the_argument(folder: Path) -> None:
    program = put(folder, "isql-vt", "exit 1")
    assert programs.needs("isql") == str(program)


def test_on_a_complete_machine_a_missing_program_is_a_failure(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGRAPH_COMPLETE", "1")
    with pytest.raises(pytest.fail.Exception, match="APACHE is not on this machine"):
        programs.needs("apache")
