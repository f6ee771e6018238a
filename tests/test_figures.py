"""Figures for papers: legible, deterministic, in Polish and English."""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.errors import BadQuery, NotFound
from kgraph.graph.network import analysis
from kgraph.publish import figures
from kgraph.publish.figures import bipartite, matrix, page
from tests.test_analysis import basis, signed

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def drawing(graph: ox.Store) -> bipartite.Drawing:
    return bipartite.arrange(graph, analysis.analyse(graph), "pl")


def test_agreements_stand_in_the_order_of_their_days(drawing: bipartite.Drawing) -> None:
    days = [row.lines[-1] for row in drawing.agreements]
    assert days == sorted(days) and days[0] == "2013-12-16"


def is_apart(column: tuple[page.Row, ...]) -> bool:
    return all(above.end <= below.top - len(below.lines) / 2 for above, below in pairwise(column))


def test_labels_do_not_overlap_and_are_whole(drawing: bipartite.Drawing, graph: ox.Store) -> None:
    for column in (drawing.agreements, drawing.signatories):
        assert is_apart(column) and column[-1].end <= drawing.height
    names = {one.node.iri: one.node.label("pl") for one in analysis.analyse(graph).things}
    assert all("".join(row.lines).replace(" ", "") == names[row.iri].replace(" ", "") for row in drawing.signatories)


def test_every_tie_is_drawn_between_rows(drawing: bipartite.Drawing, graph: ox.Store) -> None:
    assert len(drawing.ties) == len(analysis.analyse(graph).ties)
    left, right = ({row.iri for row in column} for column in (drawing.agreements, drawing.signatories))
    assert all(one in left and other in right for one, other in drawing.ties)


def test_kinds_differ_in_colour_and_in_shape(drawing: bipartite.Drawing) -> None:
    marks = {(page.colour(kind), page.MARKERS[kind]) for kind, _ in enumerate(drawing.kinds)}
    assert len({colour for colour, _ in marks}) == len({shape for _, shape in marks}) == len(drawing.kinds) >= 4
    assert "podmiot ekonomii społecznej" in drawing.kinds


FIGURES = [
    (projection, lang, form)
    for projection, lang in (("bipartite", "pl"), ("signatories", "en"), ("agreements", "pl"))
    for form in ("svg", "pdf")
]
ALL = """
import json, sys
from kgraph.cli import main
for one in json.load(sys.stdin):
    main.main(one, standalone_mode=False)
"""
"""Runs several commands in one process, because importing matplotlib takes longer than a figure."""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Path:
    """A folder with the figures that another process has drawn."""
    folder = tmp_path_factory.mktemp("figures")
    commands = [
        ["analyse", "--projection", projection, "--lang", lang, "--figure", f"{folder}/{projection}.{form}"]
        for projection, lang, form in FIGURES
    ]
    environment = {**os.environ, "KGRAPH_GRAPH": str(built), "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    asked = json.dumps(commands).encode()
    subprocess.run(
        [sys.executable, "-c", ALL], input=asked, check=True, capture_output=True, timeout=120, env=environment
    )
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(("projection", "lang", "form"), FIGURES)
def test_the_same_bytes_in_every_run(elsewhere: Path, graph: ox.Store, form: str, projection: str, lang: str) -> None:
    here = figures.figure(graph, analysis.analyse(graph, projection), form, lang)
    assert (elsewhere / f"{projection}.{form}").read_bytes() == here
    assert here.startswith(b"<?xml" if form == "svg" else b"%PDF")


@pytest.mark.whole
def test_the_figure_names_everything_in_its_language(graph: ox.Store) -> None:
    drawn = figures.figure(graph, analysis.analyse(graph), "svg", "pl").decode()
    for words in ("Porozumienia", "Pośrednictwo", "Fundacja Żółty Latawiec w Siedlcach", "0,08", "Stan na"):
        assert f"<!-- {words}" in drawn


def agreed(pairs: list[tuple[str, str]]) -> analysis.Analysis:
    return analysis.measure(signed(pairs), {}, basis())


def test_of_a_large_network_the_strongest_brokers_are_drawn() -> None:
    pairs = [(f"x:a{n % 90}", f"x:s{n}") for n in range(300)] + [(f"x:a{n}", "x:broker") for n in range(30)]
    drawn = bipartite.arrange(ox.Store(), agreed(pairs), "en")
    assert (len(drawn.agreements), len(drawn.signatories)) == (bipartite.AGREEMENTS, bipartite.SIGNATORIES)
    assert "x:broker" in {row.iri for row in drawn.signatories}
    assert {end for pair in drawn.ties for end in pair} == {row.iri for row in (*drawn.agreements, *drawn.signatories)}
    assert f"agreements {bipartite.AGREEMENTS} of 90, signatories {bipartite.SIGNATORIES} of 301" in drawn.footer


FEW_DAY = "2019-12-31"
"""A day on which the matrix of signatories has room for all of them."""


@pytest.fixture(scope="module", params=["signatories", "agreements"])
def shared(graph: ox.Store, request: pytest.FixtureRequest) -> tuple[analysis.Analysis, matrix.Drawing]:
    found = analysis.analyse(graph, request.param, day=FEW_DAY)
    return found, matrix.arrange(graph, found, "pl")


def test_a_matrix_has_every_thing_once_and_every_tie_on_both_sides(
    shared: tuple[analysis.Analysis, matrix.Drawing],
) -> None:
    found, drawn = shared
    assert sorted(row.iri for row in drawn.rows) == sorted(one.node.iri for one in found.things)
    assert is_apart(drawn.rows) and drawn.rows[-1].end <= drawn.height
    ends = [(drawn.rows[cell.row].iri, drawn.rows[cell.column].iri, cell.weight) for cell in drawn.cells]
    assert sorted(ends) == sorted(
        cell for tie in found.ties for cell in ((tie.one, tie.other, tie.weight), (tie.other, tie.one, tie.weight))
    )


def test_communities_are_blocks_and_the_broker_stands_between_them(graph: ox.Store) -> None:
    found = analysis.analyse(graph, "signatories")
    drawn = matrix.arrange(graph, found, "en")
    community = {one.node.iri: one.community for one in found.things}
    assert [community[row.iri] for row in drawn.rows] == sorted(community[row.iri] for row in drawn.rows)
    between = {cell.row for cell in drawn.cells if not cell.is_within and community[drawn.rows[cell.row].iri] == 1}
    assert {drawn.rows[row].iri.rpartition("/")[2] for row in between} == {"cis-siedlce"}


def test_agreements_in_a_matrix_have_their_days(graph: ox.Store) -> None:
    drawn = matrix.arrange(graph, analysis.analyse(graph, "agreements"), "en")
    assert [row.lines[-1] for row in drawn.rows][:2] == ["2018-03-22", "2020-09-14"]


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([("a", "s1"), ("a", "s2")], "Wspólne porozumienia: po 1 w każdym kwadracie."),
        ([("a", "s1"), ("b", "s1"), ("a", "s2"), ("b", "s2"), ("b", "s3")], "od 1 do 2, im więcej, tym większy"),
        ([("a", "s1")], "Wspólne porozumienia: brak."),
    ],
)
def test_a_matrix_says_what_a_square_stands_for(pairs: list[tuple[str, str]], words: str) -> None:
    found = analysis.measure(signed([(f"x:{a}", f"x:{s}") for a, s in pairs]), {}, basis("signatories"))
    assert words in matrix.arrange(ox.Store(), found, "pl").footer
    assert figures.figure(ox.Store(), found, "svg", "pl").startswith(b"<?xml")


def test_of_a_large_matrix_the_strongest_brokers_are_drawn() -> None:
    pairs = [(f"x:a{n % 9}", f"x:s{n}") for n in range(90)] + [(f"x:a{n}", "x:broker") for n in range(9)]
    found = analysis.measure(signed(pairs), {}, basis("signatories"))
    drawn = matrix.arrange(ox.Store(), found, "en")
    assert len(drawn.rows) == matrix.THINGS and "x:broker" in {row.iri for row in drawn.rows}
    assert f"the strongest brokers: {matrix.THINGS} of 91" in drawn.footer


def test_a_name_is_no_formula() -> None:
    assert figures.figure(ox.Store(), agreed([("x:a", "x:$\\frac{1$ & <b>")]), "svg").startswith(b"<?xml")


@pytest.mark.parametrize("projection", analysis.PROJECTIONS)
def test_nothing_signed_nothing_drawn(projection: str) -> None:
    empty = ox.Store()
    with pytest.raises(NotFound, match="there is none"):
        figures.figure(empty, analysis.analyse(empty, projection, day="2000-01-01"), "svg")


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
    assert refused.stderr == "kgraph: figures need matplotlib; say pip install matplotlib\n"
