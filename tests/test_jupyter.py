"""Notebooks: tables, networks and maps of `%%sparql`, drawn as text only and without network access."""

import json
import re
from collections import Counter
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from playwright.sync_api import Browser

import kgraph
from kgraph import Graph, Result
from kgraph.api import as_map, as_network
from kgraph.api.display import ShownMap, ShownNetwork
from kgraph.base.borders import borders
from kgraph.errors import BadQuery
from tests import notebooks
from tests.browsing import settled

CLUSTERS = "SELECT ?cluster ?name { ?cluster a se:Cluster ; skos:prefLabel ?name }"
SIGNED = "CONSTRUCT { ?a se:hasSignatory ?who } WHERE { ?a se:hasSignatory ?who }"


Sparql = Callable[[str, str], Any]
"""A function from the line and the cell of `%%sparql` to its result."""


@pytest.fixture
def shell(bundled: Graph) -> InteractiveShell:
    return notebooks.shell(graph=bundled)


@pytest.fixture
def sparql(shell: InteractiveShell) -> Sparql:
    return lambda line, cell: shell.run_cell_magic("sparql", line, cell)  # type: ignore[no-untyped-call]


def test_a_cell_is_a_query_to_the_graph_that_comes_with_kgraph(shell: InteractiveShell, sparql: Sparql) -> None:
    del shell.user_ns["graph"]
    assert len(sparql("", CLUSTERS)) >= 5
    assert sparql("--limit 2", CLUSTERS).truncated


def test_a_frame_is_kept_under_a_name(shell: InteractiveShell, sparql: Sparql) -> None:
    assert sparql("-o clusters", CLUSTERS) is None
    assert isinstance(shell.user_ns["clusters"], pd.DataFrame)
    assert list(shell.user_ns["clusters"]) == ["cluster", "name", "name_lang"]


def test_a_variable_is_bound(sparql: Sparql) -> None:
    found = sparql("--param who=id:mcps", "SELECT ?who ?name { ?who skos:prefLabel ?name }")
    assert {row.who for row in found} == {"id:mcps"}
    assert sparql("--param limit=3", "SELECT ?limit {}").terms == ((ox.Literal(3),),)


def test_the_graph_of_the_notebook_is_asked(
    shell: InteractiveShell, sparql: Sparql, bundled: Graph, store_of: Callable[..., ox.Store]
) -> None:
    shell.user_ns["graph"] = Graph(store_of("id:a a se:Cluster ."), "mine", {})
    assert len(sparql("", "SELECT ?c { ?c a se:Cluster }")) == 1
    shell.user_ns["theirs"] = bundled
    assert len(sparql("--graph theirs", "SELECT ?c { ?c a se:Cluster }")) > 1


@pytest.mark.parametrize("other", [rdflib.Graph(), {}, None])
def test_another_kind_of_graph_is_not_passed_over(shell: InteractiveShell, sparql: Sparql, other: object) -> None:
    shell.user_ns["graph"] = other
    with pytest.raises(UsageError, match="graph is not a graph of kgraph"):
        sparql("", CLUSTERS)


@pytest.mark.parametrize("line", ["", "--as graph"])
def test_a_typing_error_is_pointed_out(sparql: Sparql, capsys: pytest.CaptureFixture[str], line: str) -> None:
    shown = sparql(line, "CONSTRUCT { ?a se:hasSignatory ?b } { ?a se:hasSignatory ?b OPTIONAL { ?a a se:Clusterr } }")
    assert "se:Clusterr is not in the ontology" in (capsys.readouterr().err if line else shown._repr_html_())


def test_an_endpoint_is_asked(sparql: Sparql, address: str) -> None:
    assert sparql(f"--endpoint {address}sparql", "ASK { ?c a se:Cluster }")


@pytest.mark.parametrize(
    ("line", "cell", "words"),
    [
        ("", "SELECT WHERE", "not valid SPARQL 1.1 near line 1"),
        ("", "SELECT ?x { ?x nope:a 1 }", "unknown prefix 'nope'"),
        ("--as pie", "ASK {}", "invalid choice: 'pie'"),
        ("--limit", "ASK {}", "expected one argument"),
        ("-o 'x", "ASK {}", "cannot be read"),
        ("--graph nothing", "ASK {}", "nothing is not a graph of kgraph; write nothing = kgraph.open()"),
        ("-o 1bad", "ASK {}", "-o 1bad: a variable cannot have this name"),
        ("-o class", "ASK {}", "-o class: a variable cannot have this name"),
        ("--as map", CLUSTERS, "the answer has no place"),
        ("--as graph", "ASK {}", "no fact links"),
    ],
)
def test_an_error_is_one_sentence(sparql: Sparql, line: str, cell: str, words: str) -> None:
    with pytest.raises(UsageError) as raised:
        sparql(line, cell)
    assert words in str(raised.value)


def test_triples_are_drawn_with_their_evidence(sparql: Sparql, bundled: Graph) -> None:
    drawn = sparql("--as graph --lang pl", SIGNED)
    assert isinstance(drawn, ShownNetwork) and drawn.lang == "pl"
    assert drawn.network == kgraph.network(bundled, "agreements").network


def test_the_facts_among_the_things_of_a_table_are_drawn(sparql: Sparql) -> None:
    drawn = sparql("--as graph", "SELECT ?x { VALUES ?x { id:agreement-2018 id:cis-siedlce } }")
    assert [(edge.source[-14:], edge.target[-11:]) for edge in drawn.edges] == [("agreement-2018", "cis-siedlce")]


def test_what_is_only_inferred_is_drawn_too(sparql: Sparql) -> None:
    drawn = sparql("--as graph", "SELECT ?a ?b { ?a se:cooperatesWith ?b }")
    assert {edge.predicate.rpartition("#")[2] for edge in drawn.edges} >= {"cooperatesWith"}


def test_a_triple_that_the_graph_has_not_is_the_querys_own(store_of: Callable[..., ox.Store]) -> None:
    graph = Graph(store_of(""), "nothing", {})
    drawn = as_network.network(graph.store, kgraph.query(graph, "CONSTRUCT { id:a <x:knows> <y:b> } WHERE {}"))
    assert [edge.rule for edge in drawn.edges] == ["CONSTRUCT"]
    assert [node.label("pl") for node in drawn.nodes] == ["id:a", "<y:b>"]


def spots(text: str, store: ox.Store) -> list[as_map.Spot]:
    return as_map.spots(kgraph.query(Graph(store, "nothing", {}), text))


NOWHERE = """('NaN' 22 'a') ('INF' 22 'b') (52 1e300 'c') (91 22 'd')"""
POINT = '"POINT(22.29 52.17)"^^geo:wktLiteral'


@pytest.mark.parametrize(
    "values",
    [
        f'(?p ?n) {{ ({POINT} "Siedlce") }}',
        '(?n ?lat ?long) { ("Siedlce" 52.17 22.29) }',
        f"(?p ?n) {{ ({POINT} <x:Siedlce>) }}",
    ],
)
def test_a_place_is_a_point_or_two_numbers(store_of: Callable[..., ox.Store], values: str) -> None:
    (spot,) = spots(f"SELECT * {{ VALUES {values} }}", store_of(""))
    assert (spot.longitude, spot.latitude, spot.name.removeprefix("x:")) == (22.29, 52.17, "Siedlce")


def test_a_row_without_a_place_is_left_out_and_no_place_is_an_error(store_of: Callable[..., ox.Store]) -> None:
    rows = f'({POINT} "a") (UNDEF "b") ("POINT EMPTY" "c") ("POINT(1.2.3 4)" "d")'
    assert [spot.name for spot in spots(f"SELECT * {{ VALUES (?p ?n) {{ {rows} }} }}", store_of(""))] == ["a"]
    here, *others = spots(f"SELECT * {{ VALUES (?lat ?long ?n) {{ {NOWHERE} (52 22 'here') }} }}", store_of(""))
    assert (here.name, others) == ("here", [])
    assert as_map.svg([here])
    with pytest.raises(BadQuery, match="has no place"):
        spots('SELECT * { VALUES (?lat ?long) { ("north" "east") } }', store_of(""))


def test_north_is_up_and_hostile_names_are_text() -> None:
    drawn = as_map.svg(
        [as_map.Spot(22.29, 52.17, "</text><script>alert(1)</script>"), as_map.Spot(21.0, 52.23, "Warszawa")]
    )
    circles = [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', drawn)]
    assert circles[0][0] > circles[1][0] and circles[0][1] > circles[1][1]
    assert "<script" not in drawn and "&lt;script&gt;" in drawn


def test_borders_of_voivodeships_are_drawn_where_they_come_into_the_map() -> None:
    def drawn(*found: as_map.Spot) -> str:
        return re.findall(r'class="borders" d="([^"]*)"', as_map.svg(found))[0] if found else ""

    near, far = as_map.Spot(22.29, 52.17, "Siedlce"), as_map.Spot(14.55, 53.43, "Szczecin")
    assert 0 < drawn(near).count("M") < drawn(near, far).count("M")
    assert "borders" not in as_map.svg([as_map.Spot(-0.13, 51.51, "London")])


def test_a_border_ends_where_three_voivodeships_meet() -> None:
    ends = Counter(end for border in borders() for end in (border[0], border[-1]))
    assert len(ends) > 20 and set(ends.values()) <= {2, 3}
    assert all(14 < x < 24.2 and 48.9 < y < 54.9 for border in borders() for x, y in border)


def test_the_map_of_a_query(sparql: Sparql) -> None:
    text = "SELECT ?name ?point { ?p geo:hasGeometry/geo:asWKT ?point ; skos:prefLabel ?name }"
    drawn = sparql("--as map", text)
    assert isinstance(drawn, ShownMap) and drawn._repr_html_().startswith("<svg") and "Siedlce" in drawn._repr_html_()


def jupyterlab(output: str) -> str:
    """The output as JupyterLab inserts it into its page."""
    return output


def vscode(output: str) -> str:
    """The output as VS Code shows it: a newline after each line, and a policy that forbids loading."""
    *lines, last = output.splitlines(keepends=True)
    joined = "".join(line if line.endswith("\n") else f"{line}\n" for line in lines) + last
    policy = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:"
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">{joined}'


def colab(output: str) -> str:
    """The output in an iframe, as Colab shows it."""
    return f'<iframe sandbox="allow-scripts" width="1100" height="900" srcdoc="{escape(output)}"></iframe>'


@pytest.fixture(scope="module")
def agreement(bundled: Graph) -> ShownNetwork:
    return kgraph.neighbourhood(bundled, "id:agreement-2018")


@pytest.fixture(scope="module")
def agreement_html(agreement: ShownNetwork) -> str:
    """The HTML of the network, laid out once for all tests."""
    return agreement._repr_html_()


@pytest.fixture(scope="module")
def agreements_html(bundled: Graph) -> str:
    return kgraph.network(bundled, "agreements")._repr_html_()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "shown_by", [jupyterlab, *(pytest.param(frame, marks=pytest.mark.slow) for frame in (vscode, colab))]
)
def test_a_network_is_drawn_in_a_notebook_without_a_connection(
    browser: Browser,
    agreement: ShownNetwork,
    agreement_html: str,
    tmp_path: Path,
    shown_by: Callable[[str], str],
    scheme: Literal["light", "dark"],
) -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    table = Result("table", (hostile,), ((ox.Literal(hostile),),))
    page = tmp_path / "notebook.html"
    output = shown_by(f"{agreement_html}{table._repr_html_()}")
    page.write_text(f"<!doctype html><title>out</title>{output}", encoding="utf-8")
    context = browser.new_context(offline=True, color_scheme=scheme)
    opened, said, asked = context.new_page(), [], []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("dialog", lambda dialog: said.append(dialog.message))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(page.as_uri())
    around = opened.frame_locator("iframe") if shown_by is colab else opened.main_frame
    frame = around.frame_locator("iframe")
    frame.locator("#picture canvas").wait_for(timeout=60_000)
    names = json.loads(frame.locator("#data").text_content() or "")
    assert len(names["nodes"]) == len(agreement.nodes)
    assert said == [] and [url for url in asked if not url.startswith(("file:", "about:", "data:"))] == []
    assert around.locator("table td").inner_text() == hostile
    context.close()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("ink", "theme"), [("rgba(0, 0, 0, 0.87)", "light"), pytest.param("#eee", "dark", marks=pytest.mark.slow)]
)
def test_a_network_looks_as_the_notebook_does(
    browser: Browser, agreement_html: str, tmp_path: Path, ink: str, theme: str, scheme: Literal["light", "dark"]
) -> None:
    """The theme of the notebook decides, not the colour scheme of the system."""
    page = tmp_path / "notebook.html"
    page.write_text(f"<!doctype html><div style='color: {ink}'>{agreement_html}</div>", encoding="utf-8")
    opened = browser.new_page(color_scheme=scheme)
    opened.goto(page.as_uri())
    drawn = opened.frame_locator("iframe").locator(f"html[data-theme={theme}] #picture canvas")
    drawn.wait_for(timeout=60_000)
    opened.close()


WITHIN = """() => {
  const [scale, x, y] = document.querySelector("#picture").dataset.view.split(" ").map(Number);
  const { clientWidth: wide, clientHeight: high } = document.querySelector("#stage");
  const shown = JSON.parse(document.querySelector("#data").textContent).nodes.filter((node) => !node.hidden);
  return shown.map((node) => [(node.x - x) * scale + wide / 2, (node.y - y) * scale + high / 2])
    .every(([left, top]) => left > 40 && left < wide - 40 && top > 10 && top < high - 20);
}"""
"""Whether all nodes are visible, with space for their labels."""


@pytest.mark.parametrize("width", [480, *(pytest.param(width, marks=pytest.mark.slow) for width in (700, 1150))])
@pytest.mark.parametrize("style", ["", "display: none"])
def test_the_whole_network_is_seen_at_first_sight(
    browser: Browser, agreements_html: str, tmp_path: Path, width: int, style: str
) -> None:
    """Also when the notebook hides the output until after it has loaded."""
    page = tmp_path / "notebook.html"
    page.write_text(f"<!doctype html><div style='{style}'>{agreements_html}</div>", encoding="utf-8")
    opened = browser.new_page(viewport={"width": width, "height": 800})
    opened.goto(page.as_uri())
    settled(opened)
    opened.evaluate("document.querySelector('div').style.display = 'block'")
    (frame,) = opened.main_frame.child_frames
    frame.wait_for_selector("#picture[data-view] canvas")
    frame.wait_for_function(WITHIN, timeout=10_000)
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
    opened.close()


def test_where_names_are_too_small_the_best_connected_things_are_named(
    browser: Browser, tmp_path: Path, bundled: Graph
) -> None:
    page = tmp_path / "notebook.html"
    page.write_text(f"<!doctype html>{kgraph.network(bundled)._repr_html_()}", encoding="utf-8")
    opened = browser.new_page(viewport={"width": 870, "height": 700})
    opened.goto(page.as_uri())
    frame = opened.frames[-1]
    frame.wait_for_selector("#picture[data-named~='https://w3id.org/sekg/id/cluster-siedlce']")
    assert 5 <= len((frame.get_attribute("#picture", "data-named") or "").split()) <= 24
    for _ in range(6):
        frame.click("#closer")
    frame.wait_for_selector("#picture[data-named='']", timeout=5_000)
    opened.close()


@pytest.mark.whole
def test_the_frame_holds_the_whole_page(agreement: ShownNetwork, agreement_html: str) -> None:
    held = re.search(r'srcdoc="([^"]*)"', agreement_html)
    assert held and unescape(held[1]) == agreement.page()
