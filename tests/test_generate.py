"""The synthetic ecosystem: deterministic per seed, a smaller one a prefix of a larger one, without faults."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import term
from kgraph.build import pipeline
from kgraph.build.pipeline import Built
from kgraph.graph import questions
from kgraph.graph.network import brokers, groups
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value
from kgraph.rdf.store import open_built
from tests.conftest import ROOT
from tests.serving import Serving, serving

SCRIPT = ROOT / "bench" / "generate.py"

if not SCRIPT.is_file():
    pytest.skip("the benchmarks are not in an installed package", allow_module_level=True)


def script(name: str) -> ModuleType:
    """A script of the benchmarks as a module, which other scripts import by its name."""
    spec = importlib.util.spec_from_file_location(name, SCRIPT.with_name(f"{name}.py"))
    assert spec and spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = script("generate")
PARAMETERS = script("questions").PARAMETERS


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


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, folders: Folders) -> tuple[Path, Built]:
    """A built graph of 600 organisations with all places of Poland, and the result of its build."""
    folder = tmp_path_factory.mktemp("country")
    generate.write_folder(folder / "data", range(6), 1)
    return folder / "built", pipeline.build(
        folder / "built", pipeline.Recipe(Folders(folders.ontology, folder / "data"))
    )


@pytest.fixture(scope="module")
def country(made: tuple[Path, Built]) -> Path:
    """The folder of that graph, which is too large to show whole."""
    return made[0]


@pytest.mark.slow
def test_it_builds_without_a_problem(made: tuple[Path, Built]) -> None:
    built = made[1]
    assert built.problems == ()
    assert built.facts > 25_000 and built.inferred > 20_000


@pytest.fixture(scope="module")
def server(country: Path) -> Iterator[Serving]:
    with serving("--graph", str(country)) as started:
        yield started


@pytest.mark.slow
def test_the_overview_of_a_country_is_its_regions_and_kinds(server: Serving) -> None:
    shown = server.client.get("/network").json()
    assert {edge["predicate"] for edge in shown["edges"]} == set(groups.LINES) - {groups.NEXT}
    assert all(node["iri"].startswith(groups.GROUP) for node in shown["nodes"])
    assert 20 < len(shown["nodes"]) == len({(node["x"], node["y"]) for node in shown["nodes"]}) < 200


@pytest.mark.slow
def test_what_is_around_a_thing_of_a_country_is_laid_out_around_it(server: Serving) -> None:
    shown = server.client.get("/network?focus=id:o100").json()
    places = {node["iri"]: (node["x"], node["y"]) for node in shown["nodes"]}
    assert places[shown["origin"]] == (0, 0)
    assert shown["origin"].endswith("/o100")
    assert len({*places.values()}) == len(places) > 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("who-supports-whom", {}),
        ("who-received-how-much", {}),
        ("on-a-list-only", {}),
        ("organisations-by-powiat", {"area": term("id:pl-14")}),
        ("statuses-ending", {"day": ox.Literal("2023-01-01")}),
    ],
)
def test_what_registers_say_is_answered_with_its_source(
    country: Path, folders: Folders, name: str, terms: dict[str, Value]
) -> None:
    answer = questions.ask(open_built(country), questions.named(folders.ontology, name), "en", country, **terms)
    assert isinstance(answer, ox.QuerySolutions)
    found = sparql.columns(answer).index("source")
    sources = {row[found] for row in sparql.rows(answer)}
    assert sources and sources <= {term(f"source:register-0000{number}") for number in range(6)}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(paths.questions(paths.bundled().ontology)))
def test_the_benchmark_asks_each_question_with_an_answer(country: Path, folders: Folders, name: str) -> None:
    terms = dict(map(sparql.parameter, PARAMETERS.get(name, ())))
    answer = questions.ask(open_built(country), questions.named(folders.ontology, name), "en", country, **terms)
    assert any(sparql.rows(answer))


@pytest.mark.slow
def test_the_brokers_of_a_build_are_kept_beside_its_store(country: Path, folders: Folders) -> None:
    asked, store = questions.named(folders.ontology, "brokers"), open_built(country)
    kept, anew = (list(sparql.rows(questions.ask(store, asked, "en", folder))) for folder in (country, None))
    assert brokers.load(country) and len(kept) == 100
    assert kept == anew
