"""The figure for papers: readable, the same bytes for the same data, in both languages."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph import analysis, figures
from kgraph.errors import BadQuery, NotFound
from tests.test_analysis import basis, signed

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def drawing(graph: ox.Store) -> figures.Drawing:
    return figures.arrange(graph, analysis.analyse(graph), "pl")


def test_agreements_stand_in_the_order_of_their_days(drawing: figures.Drawing) -> None:
    days = [row.lines[-1] for row in drawing.agreements]
    assert days == sorted(days) and days[0] == "2013-12-16"


def test_labels_do_not_overlap_and_are_whole(drawing: figures.Drawing, graph: ox.Store) -> None:
    for column in (drawing.agreements, drawing.signatories):
        assert all(
            above.top + len(above.lines) / 2 <= below.top - len(below.lines) / 2 for above, below in pairwise(column)
        )
        assert column[-1].top + len(column[-1].lines) / 2 <= drawing.height
    names = {one.node.iri: one.node.label("pl") for one in analysis.analyse(graph).things}
    assert all("".join(row.lines).replace(" ", "") == names[row.iri].replace(" ", "") for row in drawing.signatories)


def test_every_tie_is_drawn_between_rows(drawing: figures.Drawing, graph: ox.Store) -> None:
    assert len(drawing.ties) == len(analysis.analyse(graph).ties)
    left, right = ({row.iri for row in column} for column in (drawing.agreements, drawing.signatories))
    assert all(one in left and other in right for one, other in drawing.ties)


def test_kinds_differ_in_colour_and_in_shape(drawing: figures.Drawing) -> None:
    marks = {(figures.COLOURS[kind], figures.MARKERS[kind]) for kind, _ in enumerate(drawing.kinds)}
    assert len({colour for colour, _ in marks}) == len({shape for _, shape in marks}) == len(drawing.kinds) >= 4
    assert "podmiot ekonomii społecznej" in drawing.kinds


@pytest.mark.parametrize("form", ["svg", "pdf"])
@pytest.mark.parametrize("lang", ["pl", "en"])
def test_the_same_bytes_in_every_run(tmp_path: Path, graph: ox.Store, form: str, lang: str) -> None:
    here = figures.figure(graph, analysis.analyse(graph), form, lang)
    there = tmp_path / f"figure.{form}"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    command = ["kgraph", "analyse", "--figure", str(there), "--lang", lang]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=environment)
    assert there.read_bytes() == here
    assert here.startswith(b"<?xml" if form == "svg" else b"%PDF")


def test_the_figure_names_everything_in_its_language(graph: ox.Store) -> None:
    drawn = figures.figure(graph, analysis.analyse(graph), "svg", "pl").decode()
    for words in ("Porozumienia", "Pośrednictwo", "Fundacja Żółty Latawiec w Siedlcach", "0,23", "Stan na"):
        assert f"<!-- {words}" in drawn


def agreed(pairs: list[tuple[str, str]]) -> analysis.Analysis:
    return analysis.measure(signed(pairs), {}, basis())


def test_of_a_large_network_the_strongest_brokers_are_drawn() -> None:
    pairs = [(f"x:a{n % 90}", f"x:s{n}") for n in range(300)] + [(f"x:a{n}", "x:broker") for n in range(30)]
    drawn = figures.arrange(ox.Store(), agreed(pairs), "en")
    assert (len(drawn.agreements), len(drawn.signatories)) == (figures.AGREEMENTS, figures.SIGNATORIES)
    assert "x:broker" in {row.iri for row in drawn.signatories}
    assert {end for pair in drawn.ties for end in pair} == {row.iri for row in (*drawn.agreements, *drawn.signatories)}
    assert f"agreements {figures.AGREEMENTS} of 90, signatories {figures.SIGNATORIES} of 301" in drawn.footer


def test_a_name_is_no_formula() -> None:
    assert figures.figure(ox.Store(), agreed([("x:a", "x:$\\frac{1$ & <b>")]), "svg").startswith(b"<?xml")


def test_nothing_signed_nothing_drawn(graph: ox.Store) -> None:
    with pytest.raises(NotFound, match="there is none"):
        figures.figure(graph, analysis.analyse(graph, day="2000-01-01"), "svg")


def test_other_formats_are_refused(graph: ox.Store) -> None:
    with pytest.raises(BadQuery, match="svg or pdf"):
        figures.figure(graph, analysis.analyse(graph), "png")


def test_without_matplotlib_one_sentence_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from kgraph.cli import main\n"
        "main(['analyse', '--figure', 'never.svg'])"
    )
    refused = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert refused.returncode == 3
    assert refused.stderr == "kgraph: figures need matplotlib; pip install 'kgraph[analysis]'\n"
