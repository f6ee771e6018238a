"""The drawing of ARCHITECTURE.md: imports go downwards only, there are no import cycles, and named files exist."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import (
    ROOT,
    circles,
    floors,
    lines_of_functions,
    parsed,
    python_imports,
    typescript_imports,
    upward,
)


@pytest.fixture(scope="module", autouse=True)
def trees() -> Iterator[None]:
    """Let the syntax trees go at the end: a million objects, which later collections of garbage would visit."""
    yield
    parsed.cache_clear()


DRAWN = floors((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))


def test_every_room_is_drawn_and_there_are_nine_at_most() -> None:
    rooms = {path.parent.name for path in (ROOT / "kgraph").glob("*/__init__.py")}
    assert rooms == DRAWN.keys()
    assert len(rooms) <= 9


def test_imports_go_downwards() -> None:
    assert upward(python_imports(), DRAWN) == []


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circles(python_imports()) == []
    assert circles(typescript_imports()) == []


def test_an_import_that_is_added_is_seen(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "kgraph", tmp_path / "kgraph", ignore=shutil.ignore_patterns("static", "templates"))
    vocabulary = tmp_path / "kgraph" / "base" / "vocab.py"
    vocabulary.write_text(f"def late():\n    import kgraph.rdf.sparql\n\n{vocabulary.read_text(encoding='utf-8')}")
    imports = python_imports(tmp_path)
    assert ("kgraph/base/vocab.py", "kgraph/rdf/sparql.py") in upward(imports, DRAWN)
    assert any("kgraph/base/vocab.py" in circle for circle in circles(imports))


def test_an_import_of_the_front_end_that_is_added_is_seen(tmp_path: Path) -> None:
    source = tmp_path / "frontend" / "src"
    source.mkdir(parents=True)
    (source / "one.ts").write_text('import type { Two } from "./two";')
    (source / "two.ts").write_text('const all = import.meta.glob<One>(["./one.ts"]);')
    assert circles(typescript_imports(tmp_path)) == [["frontend/src/one.ts", "frontend/src/two.ts"]]


def test_no_function_has_over_sixty_lines() -> None:
    assert [(found, lines) for found, lines in lines_of_functions() if lines > 60] == []


def test_every_file_that_the_map_names_is_there() -> None:
    known = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.*") if ".venv" not in path.parts}
    for page in ("ARCHITECTURE.md", "CONTRIBUTING.md"):
        named = re.findall(r"[\w/.-]+\.(?:py|ts|ttl|rq|json)\b", (ROOT / page).read_text(encoding="utf-8"))
        missing = [
            name for name in named if name.isascii() and not any(f"/{file}".endswith(f"/{name}") for file in known)
        ]
        assert [name for name in missing if "NAME" not in name and "SECTION" not in name] == []
