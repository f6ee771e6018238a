"""The explorer as a static site under a sub-path of a file server, in a real browser.

Its answers must equal those of the server, computed here in Python. With KGRAPH_SITE=folder the tests use an existing
site instead of a new one.
"""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pyoxigraph as ox
import pytest
from llms_txt import parse_llms_file
from playwright.sync_api import Browser, Page, expect

from kgraph.base import paths
from kgraph.base.vocab import BASE
from kgraph.errors import NotFound
from kgraph.graph import questions
from kgraph.graph.names import finding, labels, search, searchable
from kgraph.graph.network import networks
from kgraph.graph.statements import states
from kgraph.rdf import sparql
from tests.browsing import DRAWN, Open, opening, settled
from tests.command import kgraph
from tests.serving import serving

pytestmark = pytest.mark.slow
"""Slow tests, because a site is written with a release; `test_release.py` opens one in the browser."""

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LINKS = "CONSTRUCT { ?agreement se:hasSignatory ?who } { ?agreement se:hasSignatory ?who }"
SECONDS = 3
"""The query time limit of the test site, shorter than the default."""

QUESTIONS = questions.all_in(paths.folders().ontology)
CHAINS = [
    ("id/ziola-siedleckie", "id/artur-pozorek"),
    ("id/artur-pozorek", "id/ziola-siedleckie"),
    ("id/ziola-siedleckie", "kind/role/director"),
    ("id/zaz-siedlce", "id/agreement-2020"),
    ("id/siedlce", "id/mcps"),
]
DAYS = ["1991-04-14", "2012-08-31", "2012-09-01", "2018-03-21", "2018-03-22", "2019-01-01", "2020-09-14", "2024-12-31"]
LABELS = {
    "not-begun": "not begun",
    "not-known-to-have-begun": "not known to have begun",
    "certainly": "certainly",
    "not-known-to-have-ended": "not known to have ended",
    "ended": "ended",
}
TYPED = ["ziola", "siedlce", "SIEDL zio", "mcps", "siedleckei", "integrcaja", "klaster ek", "ł", "xyzzy"]
TYPED += ["caritas 2020", "kto założył karpacki klaster", "who founded the cluster", "Pozorka", "klastra"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a static site, two folders below what the host serves."""
    if ready := os.environ.get("KGRAPH_SITE"):
        return Path(ready)
    folder = tmp_path_factory.mktemp("host") / "some" / "where"
    written = kgraph("site", "--out", folder, "--base-url", "https://example.org/where/")
    assert written.returncode == 0, written.stdout + written.stderr
    about = folder / "api" / "about.json"
    about.write_text(json.dumps(json.loads(about.read_bytes()) | {"timeout": SECONDS}), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    host = site.parent.parent
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(host)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    found = re.search(r"http://[\d.:]+/", process.stdout.readline())
    assert found
    yield f"{found[0]}{site.relative_to(host).as_posix()}/"
    process.terminate()
    process.wait(10)


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Open]:
    """A function that opens the explorer of the site at a fragment, in English unless told otherwise."""
    with opening(browser, f"{address}explorer.html") as open_page:
        yield partial(open_page, lang="en")


def at(view: str, **parameters: str) -> str:
    return f"#/{view}?{urlencode(parameters)}"


def saved(page: Page, button: str) -> bytes:
    """The bytes that a button downloads; at most nine per second, because Chromium drops more than ten."""
    page.wait_for_timeout(110)
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return download.value.path().read_bytes()


def ask(page: Page, text: str) -> None:
    page.goto(page.url.partition("#")[0] + at("sparql", **{":query": text}))


def is_answered(page: Page) -> None:
    """Assert that a simple query is answered."""
    ask(page, "SELECT (20 + 22 AS ?sum) {}")
    expect(page.locator(".sparql-results tbody")).to_have_text("42")


# ── Loaded files ──


def test_the_first_view_loads_neither_the_store_nor_its_graph(browser: Browser, address: str) -> None:
    page = browser.new_page()
    loaded: list[str] = []
    page.on("request", lambda asked: loaded.append(asked.url))
    page.goto(f"{address}explorer.html")
    page.wait_for_selector(DRAWN["network"])
    settled(page)
    page.close()
    assert any(url.endswith("api/overview.json") for url in loaded)
    assert [url for url in loaded if re.search(r"\.wasm|\.trig|worker|whole|names", url)] == []


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_every_view_opens_from_files_alone(opened: Open, lang: str) -> None:
    page = opened(lang=lang)
    for view, drawn in DRAWN.items():
        page.click(f"#view-{view}")
        page.wait_for_selector(drawn)
        settled(page)
        expect(page.locator(".trouble")).to_have_count(0)


# ── Search, cards, neighbours, chains ──


def test_search_finds_what_the_server_finds(opened: Open, graph: ox.Store) -> None:
    page, index = opened(), search.open_index(graph, None)
    called = labels.names(graph, (ox.NamedNode(one.iri) for one in searchable.names(graph)), "en")
    for text in TYPED:
        page.fill("#search", "")
        shown = page.locator(".search .found:visible")
        expect(shown).to_have_count(0)
        page.fill("#search", text)
        expect(shown).to_have_count(1)
        expected = finding.everything(graph, index, QUESTIONS.values(), text)
        beside = [
            *(QUESTIONS[one.name].title["en"] for one in expected.questions),
            *(one.words for one in expected.passages),
            *(called[ox.NamedNode(fact[2])] for fact in expected.facts),
        ]
        things = expected.things[: 8 if beside else None]
        options = page.locator("#search-list [role=option]")
        expect(options).to_have_count(len(things) + len(beside))
        found = "\n".join(options.all_inner_texts())
        names = (called.get(ox.NamedNode(hit.iri), hit.name) for hit in things)
        assert [one for one in (*names, *map(_shortened, beside)) if one not in found] == [], text


def _shortened(text: str) -> str:
    """The beginning of a text as a browser shows it: no white space repeated, no long text whole."""
    return " ".join(text.split()) if len(text) <= 150 else ""


def test_a_card_has_words_reasons_and_links_to_data(opened: Open, address: str) -> None:
    page = opened(at("network", thing="id/ziola-siedleckie"))
    page.wait_for_selector("aside.panel .quotes")
    assert "„Zioła Siedleckie”" in page.inner_text("aside.panel")
    page.click("aside.panel details.inferred-facts summary")
    page.get_by_role("button", name="Why?").first.click()
    page.wait_for_selector(".why .tree .quotes")
    for ending, form in (("ttl", ox.RdfFormat.TURTLE), ("jsonld", ox.RdfFormat.JSON_LD)):
        link = page.locator(f'aside.panel a[href$=".{ending}"]')
        reached = page.evaluate("link => link.href", link.element_handle())
        assert reached == f"{address}data/id/ziola-siedleckie.{ending}"
        assert list(ox.parse(page.request.get(reached).body(), form))


def ends(page: Page, rows: str) -> list[list[str]]:
    """The paths of the things that each row links to."""
    links = page.eval_on_selector_all(
        rows, "all => all.map(one => [...one.querySelectorAll('a')].map(link => link.hash))"
    )
    return [[path for link in row for path in re.findall(r"[?&]thing=([^&]+)", link)] for row in links]


def steps(edges: Iterable[networks.Edge]) -> list[list[str]]:
    return [[edge.source.removeprefix(BASE), edge.target.removeprefix(BASE)] for edge in edges]


def exported(page: Page) -> tuple[list[str], list[list[str]]]:
    """The things and the ends of the facts that the page exports, those that are drawn as lines included."""
    page.wait_for_selector(".view tbody tr")
    page.click("#download")
    with page.expect_download() as started:
        page.locator(".menu[open] button", has_text="GraphML").click()
    text = Path(started.value.path()).read_text(encoding="utf-8").replace(BASE, "")
    nodes = re.findall(r'<node id="([^"]*)"', text)
    return nodes, [list(pair) for pair in re.findall(r'<edge id="[^"]*" source="([^"]*)" target="([^"]*)"', text)]


@pytest.mark.parametrize("focus", ["id/mcps", "id/relaksownia"])
def test_around_a_thing_is_what_the_server_puts_there(opened: Open, graph: ox.Store, focus: str) -> None:
    page = opened(at("network", start=f"focus:{focus}", list="1"))
    assert sorted(exported(page)[1]) == sorted(steps(networks.neighbourhood(graph, BASE + focus).edges))


def test_a_chain_takes_the_steps_that_the_server_takes(opened: Open, graph: ox.Store) -> None:
    page = opened()
    for one, other in CHAINS:
        expected = steps(networks.chain(graph, BASE + one, BASE + other))
        page.goto(page.url.partition("#")[0] + f"#/network?chain={one}&chain={other}")
        expect(page.locator(".steps > li")).to_have_count(len(expected))
        assert ends(page, ".steps .sentence") == expected


def test_where_there_is_no_chain_the_page_says_so(opened: Open) -> None:
    page = opened("#/network?chain=id/relaksownia&chain=id/cluster-karpacki")
    page.wait_for_selector("aside.panel .ends ~ [role=alert]")


# ── State on a day ──


def go(page: Page, view: str, **parameters: str) -> None:
    page.goto(page.url.partition("#")[0] + at(view, **parameters))


def test_what_is_shown_on_a_day_is_what_the_server_shows(opened: Open, graph: ox.Store) -> None:
    page = opened(at("network", start="whole", list="1"))
    for day in DAYS:
        go(page, "network", day=day, start="whole", list="1")
        expect(page.locator("#day-date")).to_have_value(day)
        settled(page)
        expected = networks.as_of(graph, networks.whole(graph), states.day(day))
        things, facts = exported(page)
        assert sorted(things) == sorted(node.iri.removeprefix(BASE) for node in expected.nodes), day
        assert sorted(facts) == sorted(steps(expected.edges)), day


def test_a_card_says_for_a_day_what_the_server_says(opened: Open, graph: ox.Store) -> None:
    page = opened(at("table", thing="id/caritas-siedlce"))
    for day in DAYS[2:]:
        go(page, "table", day=day, thing="id/caritas-siedlce")
        page.wait_for_selector(f"aside.panel a[href*='day={day}']")
        settled(page)
        known = states.states(graph, states.day(day))
        expected = {
            thing.value.removeprefix(BASE): LABELS[state.value.rpartition("/")[2]]
            for thing, state in known.items()
            if thing.value.startswith(f"{BASE}id/tenure-") and thing.value.endswith("-caritas")
        }
        page.wait_for_selector("aside.panel .chip.state")
        for thing, state in expected.items():
            fact = page.locator("aside.panel .what").filter(has=page.locator(f"a[href*='{thing}&']")).first
            expect(fact.locator(".chip.state")).to_have_text(state)


def test_a_chain_as_of_a_day_takes_the_steps_that_the_server_takes(opened: Open, graph: ox.Store) -> None:
    page, pairs = opened(), [("id/cis-siedlce", "id/cluster-siedlce"), ("id/pawel-zazuniak", "id/caritas-siedlce")]
    for day, (one, other) in product(("2010-01-01", "2019-01-01"), [*pairs, *CHAINS]):
        on = states.day(day)
        page.goto(page.url.partition("#")[0] + f"#/network?chain={one}&chain={other}&day={day}")
        try:
            expected = steps(networks.chain(graph, BASE + one, BASE + other, on))
        except NotFound:
            expected = []
            page.wait_for_selector("aside.panel .as-of ~ [role=alert]")
        expect(page.locator(".steps > li")).to_have_count(len(expected))
        assert ends(page, ".steps .sentence") == expected


# ── Questions ──


def answer(graph: ox.Store, name: str, lang: str, **terms: sparql.Value) -> object:
    return json.loads(sparql.serialize(questions.ask(graph, QUESTIONS[name], lang, **terms), "json"))


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_each_question_is_answered_as_by_the_server(opened: Open, graph: ox.Store, lang: str) -> None:
    page = opened(at("questions", lang=lang), lang=lang)
    for name in QUESTIONS:
        go(page, "questions", **{":question": name, "lang": lang})
        expect(page.get_by_role("heading", name=QUESTIONS[name].title[lang], exact=True)).to_be_visible()
        page.wait_for_selector(".result table, .result .none")
        assert json.loads(saved(page, "JSON")) == answer(graph, name, lang), name


ASKED = {
    "founders": {"cluster": "id:cluster-karpacki"},
    "within-30-km": {"limit": "100"},
    "members-on-a-day": {"day": '"2019-01-01"^^xsd:date'},
    "single-source": {"subject": "id:mcps"},
    "chain": {"from": "id:cis-siedlce", "to": "id:mcps"},
}
"""Values other than the defaults, for some questions."""


def test_a_question_takes_other_values(opened: Open, graph: ox.Store) -> None:
    page = opened(at("questions"))
    for name, values in ASKED.items():
        go(page, "questions", **{":question": name}, **{f":with-{key}": value for key, value in values.items()})
        expect(page.get_by_role("heading", name=QUESTIONS[name].title["en"], exact=True)).to_be_visible()
        page.wait_for_selector(".result table, .result .none")
        terms = {key: sparql.parse_term(value) for key, value in values.items()}
        assert json.loads(saved(page, "JSON")) == answer(graph, name, "en", **terms), name


def test_a_question_is_answered_from_a_file_when_the_graph_cannot_be_loaded(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/sekg.trig", lambda asked: asked.abort())
    page.goto(f"{address}explorer.html{at('questions', **{':question': 'founders'})}")
    expect(page.locator(".result tbody tr")).to_have_count(5)
    ask(page, "ASK {}")
    expect(page.locator(".sparql-notice .trouble")).to_be_visible()
    page.close()


# ── SPARQL ──


def test_the_graph_in_the_page_is_the_graph_of_the_server(opened: Open, graph: ox.Store) -> None:
    text = """
        SELECT ?graph (COUNT(*) AS ?triples) {
          { ?s ?p ?o } UNION { GRAPH ?graph { ?s ?p ?o } }
        } GROUP BY ?graph ORDER BY ?graph
    """
    page = opened(at("sparql", **{":query": text}))
    page.wait_for_selector(".sparql-results table")
    assert saved(page, "CSV") == sparql.serialize(sparql.run(graph, text), "csv")


def test_a_link_to_a_query_runs_it_and_its_answer_can_be_kept(opened: Open, graph: ox.Store) -> None:
    text = "SELECT ?thing ?name { ?thing a se:Cluster ; skos:prefLabel ?name } ORDER BY ?thing ?name"
    page = opened(at("sparql", **{":query": text}))
    page.wait_for_selector(".sparql-results table")
    for button, form in (("CSV", "csv"), ("TSV", "tsv"), ("JSON", "json"), ("XML", "xml")):
        assert saved(page, button) == sparql.serialize(sparql.run(graph, text), form)


def test_triples_can_be_kept_in_every_format(opened: Open, graph: ox.Store) -> None:
    page = opened(at("sparql", **{":query": LINKS}))
    page.wait_for_selector(".sparql-results table, .sparql-results canvas")
    triples = sparql.run(graph, LINKS)
    assert isinstance(triples, ox.QueryTriples)
    expected = set(triples)
    for button, form in (("Turtle", "ttl"), ("N-Triples", "nt"), ("JSON-LD", "jsonld")):
        kept = saved(page, button)
        assert {quad.triple for quad in ox.parse(kept, sparql.GRAPHS[form])} == expected, form


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page with the query editor; each test leaves it with an answer."""
    with opening(browser, f"{address}explorer.html") as open_page:
        yield open_page(at("sparql"), lang="en")


def test_a_mistake_is_pointed_out_where_it_is(page: Page) -> None:
    ask(page, "SELECT ?x WHERE {\n  ?x foo }")
    expect(page.locator(".sparql-notice")).to_contain_text("line 2, column 6")
    ask(page, "SELECT ?x WHERE { ?x foo:a ?y }")
    expect(page.locator(".sparql-notice")).to_contain_text("Unknown prefix “foo:”")
    is_answered(page)


def test_no_query_asks_another_host(page: Page) -> None:
    ask(page, "SELECT * { SERVICE SILENT <http://127.0.0.2/> { ?s ?p ?o } }")
    expect(page.locator(".sparql-notice")).to_contain_text("SERVICE is not possible here")
    is_answered(page)


def test_a_query_without_end_is_stopped_and_the_next_one_answered(page: Page, site: Path) -> None:
    limit = json.loads((site / "api" / "about.json").read_bytes())["timeout"]
    expect(page.locator(".limits")).to_contain_text(f"{limit:g} s")
    ask(page, ENDLESS)
    page.wait_for_selector(".sparql-notice .trouble", timeout=(limit + 10) * 1000)
    assert f"{limit:g} s" in page.inner_text(".sparql-notice")
    is_answered(page)


def test_a_query_can_be_called_off(page: Page) -> None:
    ask(page, f"{ENDLESS} #")
    page.wait_for_selector(".sparql-notice [role=status]")
    page.click("#query-run")
    page.wait_for_selector(".sparql-notice [role=alert]")
    is_answered(page)


def test_a_query_that_is_too_much_for_the_store_does_no_harm(page: Page) -> None:
    ask(page, f"SELECT ({'1+' * 10_000}1 AS ?sum) {{}}")
    page.wait_for_selector(".sparql-notice .trouble")
    is_answered(page)


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[str]:
    """The address of a server with the graph of the site."""
    with serving("--graph", str(built)) as running:
        yield f"{running.url}/"


SELECTIONS = (
    "#/table?:sort=place",
    "#/table?place=id/mazowieckie&:sort=-name",
    "#/table?kind=http://www.w3.org/ns/org%23Organization&source=source/mcps-2018-klaster&:sort=form",
    "#/table?year=2014/2018&relation=ns%23hasSignatory&:filter=porozumienie",
    "#/table?form=kind/legal-form/cooperative&:filter=siedlce",
)


def test_a_static_site_counts_and_sorts_as_the_server(opened: Open, server: str) -> None:
    for at in SELECTIONS:
        told = [seen(page) for page in both(opened, server, at)]
        assert told[0] == told[1], at
    for at, part in (("#/map?kind=ns%23Agreement", "#map-list"), ("#/timeline?", ".page.timeline")):
        pages = both(opened, server, at)
        for page in pages:
            page.wait_for_selector(f"{part} [data-thing], {part} [data-place]")
            settled(page)
        assert pages[0].inner_text(part) == pages[1].inner_text(part)


def test_a_workbook_of_the_site_is_that_of_the_server_and_its_writer_is_loaded_by_a_click(
    opened: Open, server: str
) -> None:
    served, alone = both(opened, server, SELECTIONS[3])
    written = "performance.getEntriesByType('resource').some(({ name }) => name.includes('workbook'))"
    assert alone.evaluate(written) is False
    books = [rows_of(saved(page, "XLSX")) for page in (served, alone)]
    assert alone.evaluate(written) is True
    assert books[0] == books[1]
    assert len(books[1]) > 3 and any(isinstance(cell, int) for cell in books[1][1])


def rows_of(workbook: bytes) -> list[tuple[object, ...]]:
    """The rows of the only sheet of a workbook."""
    (sheet,) = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets
    return [*sheet.iter_rows(values_only=True)]


def both(opened: Open, server: str, at: str) -> list[Page]:
    """A view of the server and of the site."""
    return [opened(at, lang="pl", base=server), opened(at, lang="pl")]


def seen(page: Page) -> tuple[str, str, str]:
    """The pager, the rows and the facets of a table."""
    page.wait_for_selector("table.grid")
    page.wait_for_selector("[data-list]")
    settled(page)
    return page.inner_text(".pager .range >> nth=0"), page.inner_text("table.grid"), page.inner_text(".facets")


def test_the_files_that_llms_txt_names_are_there(site: Path) -> None:
    found = parse_llms_file((site / "llms.txt").read_text(encoding="utf-8"))
    links = [link.url.removeprefix("https://example.org/where/") for part in found.sections.values() for link in part]
    assert len(links) > 10 and [link for link in links if not (site / link).is_file()] == []
