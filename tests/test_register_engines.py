"""The engines of registers: quads keep every sign of a cell, shards load with a handoff, and Spark equals DuckDB."""

import csv
import json
import shutil
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base import paths
from kgraph.base.vocab import term
from kgraph.evidence import registers
from kgraph.evidence.registers.engine import Phrase
from kgraph.publish import handoff
from tests.command import kgraph
from tests.conftest import ROOT
from tests.programs import needs

pytest.importorskip("duckdb", reason="DUCKDB is not installed")
pytest.importorskip("isal", reason="ISAL is not installed")

HERE = ROOT / "docs" / "registers"
DAY = ("--as-of", "2030-02-01")
OPP = "opp-2030-02-01"
HOSTILE = ('FUNDACJA "ZŁY\\ZNAK"\nW DRUGIM WIERSZU', "O'BRIEN\tI {SPÓŁKA} || ' -- ", "=HYPERLINK(1)", "ŁÓDŹ 𐍈 \\n")
"""Invented names with signs that SQL, JSON, N-Quads or a template could read as their own."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with TERC."""
    folder = tmp_path_factory.mktemp("engines") / "data"
    shutil.copytree(paths.bundled().data, folder)
    added(folder, "terc", HERE / "terc.csv", "--as-of", "2030-01-01")
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented list of public benefit organisations, and rows with hostile names."""
    file = tmp_path_factory.mktemp("hostile") / "opp.csv"
    shutil.copy(HERE / "opp.csv", file)
    with file.open("a", encoding="utf-8", newline="") as out:
        for number, name in enumerate(HOSTILE, 20):
            csv.writer(out, lineterminator="\n").writerow(
                [number, f"99900000{number}", "", name, "MAZOWIECKIE", "SIEDLCE", "", "SIEDLCE"]
            )
    return file


def added(data: Path, name: str, *arguments: object) -> str:
    told = kgraph("register", "add", name, *arguments, "--data", data)
    assert told.returncode == 0, told.stderr
    return told.stderr


def copied(data: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(data, folder)
    return folder


def quads(content: bytes) -> set[ox.Quad]:
    return {*ox.parse(content, ox.RdfFormat.N_QUADS)}


def texts(found: set[ox.Quad], name: str) -> list[tuple[object, str]]:
    """The subjects of a property with its literals."""
    own = [quad for quad in found if quad.predicate == term(name)]
    return [(quad.subject, quad.object.value) for quad in own if isinstance(quad.object, ox.Literal)]


def test_cells_and_labels_keep_every_sign(data: Path, hostile: Path, tmp_path: Path) -> None:
    folder = copied(data, tmp_path)
    added(folder, "opp", hostile, *DAY)
    found = quads(registers.lines(folder / "registers" / OPP))
    cells = {str(subject): json.loads(value) for subject, value in texts(found, "se:cells")}
    assert set(HOSTILE) <= {row[3] for row in cells.values()}
    assert len({*cells}) == len(list(csv.reader(hostile.open(encoding="utf-8")))) - 1
    spellings = {value for _, value in texts(found, "skos:altLabel")}
    assert 'FUNDACJA "ZŁY\\ZNAK" W DRUGIM WIERSZU' in spellings
    labels = {value for _, value in texts(found, "skos:prefLabel")}
    assert {"Fundacja „Zły\\Znak” w Drugim Wierszu", "status OPP: =Hyperlink(1)"} <= labels


def test_shards_hold_each_triple_in_its_graph_and_in_the_graph_of_all(
    data: Path, hostile: Path, tmp_path: Path
) -> None:
    folder = copied(data, tmp_path)
    for engine, everything in (("oxigraph", ox.DefaultGraph()), ("virtuoso", handoff.EVERYTHING)):
        out = tmp_path / engine
        handoff.write(ox.Store(), engine, "my-graph", out)
        told = added(folder, "opp", hostile, *DAY, "--shards", out)
        assert str(out) in told
        shards = b"".join(path.read_bytes() for path in sorted((out / "data").glob(f"{OPP}-*.nq")))
        own = quads(registers.lines(folder / "registers" / OPP))
        own = {quad for quad in own if quad.predicate != term("se:tableMetadata")}
        assert quads(shards) == own | {ox.Quad(quad.subject, quad.predicate, quad.object, everything) for quad in own}
        assert kgraph("register", "remove", OPP, "--data", folder).returncode == 0
    assert (tmp_path / "virtuoso" / "dataset").read_text().endswith(f"%2Fsource%2F{OPP}")
    refused = kgraph("register", "add", "opp", hostile, *DAY, "--shards", tmp_path, "--data", folder, "--lang", "pl")
    assert refused.returncode == 3 and "nie jest folderem polecenia „kgraph handoff”" in refused.stderr
    refused = kgraph("register", "add", "opp", hostile, *DAY, "--master", "local", "--data", folder)
    assert refused.returncode == 2 and "--engine spark" in refused.stderr
    assert not (folder / "registers" / OPP).exists()


def test_a_phrase_is_what_sql_makes_of_it() -> None:
    from kgraph.evidence.registers import quads as sql

    assert Phrase("numer {} w KRS")("17") == "numer 17 w KRS"
    assert Phrase("numer {}")(None) is None
    assert sql.phrase("numer {} w KRS", "x") == "CASE WHEN x <> '' THEN 'numer ' || x || ' w KRS' END"
    assert sql.phrase("{}", "x") == "x"


@pytest.mark.slow
@pytest.mark.process
def test_spark_gives_the_quads_of_duckdb(data: Path, hostile: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="PYSPARK is not installed; say pip install 'kgraph-social-economy[spark]'")
    pytest.importorskip("sqlglot", reason="SQLGLOT is not installed; say pip install 'kgraph-social-economy[spark]'")
    needs("java")
    out: dict[str, tuple[Path, Path]] = {}
    engines: dict[str, tuple[str, ...]] = {"duckdb": (), "spark": ("--engine", "spark", "--master", "local[2]")}
    for engine, options in engines.items():
        folder, shards = copied(data, tmp_path / engine), tmp_path / engine / "shards"
        handoff.write(ox.Store(), "oxigraph", "my-graph", shards)
        add = partial(added, folder)
        add("opp", hostile, *DAY, *options, "--shards", shards)
        add("rjps", HERE / "rjps.html", *DAY, *options)
        out[engine] = folder / "registers", shards / "data"
    (ours, our_shards), (theirs, their_shards) = out["duckdb"], out["spark"]
    for edition in (OPP, "rjps-2030-02-01"):
        assert registers.lines(theirs / edition) == registers.lines(ours / edition)
        assert (theirs / edition / "read.json").read_bytes() == (ours / edition / "read.json").read_bytes()
    for shard in our_shards.glob("opp-*"):
        assert (their_shards / shard.name).read_bytes() == shard.read_bytes()
    bad = tmp_path / "bad.csv"
    header, row = hostile.read_text(encoding="utf-8").splitlines(keepends=True)[:2]
    bad.write_text(header + row + row, encoding="utf-8")
    options = ("--as-of", "2031-01-01", "--engine", "spark", "--master", "local[2]", "--lang", "pl")
    told = kgraph("register", "add", "opp", bad, *options, "--data", data)
    assert told.returncode == 3 and "powtarza się" in told.stderr
    assert not (data / "registers" / "opp-2031-01-01").exists()
