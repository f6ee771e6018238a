"""The invented ecosystem: the same bytes for the same seed, a smaller one the beginning of a larger, all correct."""

import importlib.util
import sys
from pathlib import Path

import pytest

from kgraph import build
from kgraph.resources import Folders
from tests.conftest import ROOT

SCRIPT = ROOT / "bench" / "generate.py"

if not SCRIPT.is_file():
    pytest.skip("the benchmarks are not in an installed package", allow_module_level=True)

spec = importlib.util.spec_from_file_location("generate", SCRIPT)
assert spec and spec.loader
generate = importlib.util.module_from_spec(spec)
sys.modules["generate"] = generate
spec.loader.exec_module(generate)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.ttl")}


def test_the_same_seed_gives_the_same_bytes_and_another_others(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        generate.write_folder(tmp_path / name, range(2), seed)
    assert contents(tmp_path / "one") == contents(tmp_path / "same") != contents(tmp_path / "other")


def test_a_smaller_ecosystem_is_the_beginning_of_a_larger(tmp_path: Path) -> None:
    for name, sources in (("small", range(2)), ("large", range(3))):
        generate.write_folder(tmp_path / name, sources, 1)
    small, large = contents(tmp_path / "small"), contents(tmp_path / "large")
    assert small.items() < large.items()


def test_there_are_as_many_places_as_in_poland() -> None:
    codes = [s.subject.removeprefix("id:pl-") for s in generate.places() if s.predicate == "se:within"]
    assert [sum(len(code) == length for code in codes) for length in (2, 4, 7)] == [16, 380, 2477]
    assert len(set(codes)) == len(codes)


def test_it_builds_without_a_problem(tmp_path: Path, folders: Folders) -> None:
    generate.write_folder(tmp_path / "data", range(2), 1)
    built = build.build(tmp_path / "out", Folders(folders.ontology, tmp_path / "data"))
    assert built.problems == ()
    assert built.facts > 3_000 and built.inferred > built.facts
