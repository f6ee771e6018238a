"""The documentation site: built without warnings, filled from the graph, accessible, without foreign requests."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser, Page, expect

from kgraph.base import vocab
from kgraph.base.paths import Folders
from kgraph.cli import main
from kgraph.graph import questions
from kgraph.rdf import sparql, sparql_text
from tests.browsing import faults, settled
from tests.conftest import ROOT
from tests.serving import serving_files

pytest.importorskip("mkdocs")
pytestmark = pytest.mark.slow
"""Slow tests, because the site is published with a release only."""

PAGES = sorted(path.stem for path in (ROOT / "docs").glob("*.md"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, built as by `make docs`."""
    folder = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, env=environment)
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    return folder


@pytest.fixture(scope="module")
def served(built: Path) -> Iterator[str]:
    with serving_files(built) as address:
        yield address


def text(built: Path, page: str) -> str:
    return unescape((built / f"{page}.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_written_and_filled(built: Path, page: str) -> None:
    assert "<!-- kgraph: " not in text(built, page).partition("<article")[2].partition("</article>")[0].replace("`", "")


def test_every_command_has_its_help(built: Path) -> None:
    page = text(built, "commands")
    assert len(main.commands) > 10
    for name, command in main.commands.items():
        assert f"Usage: kgraph {name}" in page
        assert (command.help or "-")[:40].partition("\n")[0] in page


@pytest.mark.parametrize(("page", "lang"), [("questions", "en"), ("pytania", "pl")])
def test_every_question_is_answered(built: Path, folders: Folders, page: str, lang: str) -> None:
    written = text(built, page)
    for name, question in questions.all_in(folders.ontology).items():
        answer = written.partition(f'<h2 id="{name}"')[2].partition("<h2 ")[0]
        assert question.title[lang] in answer and "<table>" in answer


def test_the_answers_are_those_of_the_graph(built: Path) -> None:
    founders = text(built, "pytania").partition('<h2 id="founders"')[2].partition("<h2 ")[0]
    assert "Centrum Integracji Społecznej w Siedlcach" in founders and "zakład aktywności zawodowej" in founders


@pytest.mark.parametrize("page", ["ontology", "ontologia"])
def test_every_term_of_ours_has_its_place(built: Path, graph: ox.Store, page: str) -> None:
    written = text(built, page)
    ours = {term.value for term, *_ in sparql.named(graph, "terms") if term.value.startswith(vocab.PREFIXES["se"])}
    assert len(ours) > 40
    assert {iri for iri in ours if f'id="{iri.rpartition("#")[2]}"' not in written} == set()


@pytest.mark.parametrize(("page", "lang"), [("ontology", "en"), ("ontologia", "pl")])
def test_the_core_is_drawn_and_every_term_is_listed_with_its_origin(
    built: Path, graph: ox.Store, page: str, lang: str
) -> None:
    written = text(built, page)
    assert f'src="core-{lang}.svg"' in written
    drawn = ElementTree.parse(built / f"core-{lang}.svg").getroot()
    said = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"en": "has signatory → agent", "pl": "ma sygnatariusza → podmiot działający"}[lang] in said
    listed = written.partition('id="terms"')[2].partition("</table>")[0]
    members = {quad.object.value for quad in graph.quads_for_pattern(None, vocab.term("skos:member"), None, None)}  # type: ignore[union-attr]
    assert len(members) > 200 and listed.count("<tr>") == len(members) + 1
    assert {"en": "reused from", "pl": "przejęty z"}[lang] in listed


@pytest.mark.parametrize(("page", "lang"), [("ontology", "en"), ("ontologia", "pl")])
def test_every_worked_example_is_shown(built: Path, page: str, lang: str) -> None:
    written = text(built, page)
    for path in (ROOT / "docs" / "registers").glob("*.ttl"):
        assert sparql_text.head(path.read_text(encoding="utf-8"))[f"title-{lang}"] in written


def test_the_reference_has_the_docstrings(built: Path) -> None:
    page = text(built, "reference")
    assert "The measures of a projection on a day, by default the day of the last change." in page
    assert "<blockquote>" not in page and "the graph that comes with kgraph" in page.partition("language-pycon")[2]


IN_ENGLISH = ("Table of contents", "Dark colours", "Permanent link", 'aria-label="Search"')
IN_POLISH = ("Spis treści", "Ciemne kolory", "Odnośnik do tego miejsca", 'aria-label="Szukaj"')


@pytest.mark.parametrize(
    ("page", "ours", "foreign"), [("index", IN_ENGLISH, IN_POLISH), ("samouczek", IN_POLISH, IN_ENGLISH)]
)
def test_the_theme_speaks_the_language_of_the_page(
    built: Path, page: str, ours: tuple[str, ...], foreign: tuple[str, ...]
) -> None:
    written = text(built, page)
    assert [words for words in ours if words not in written] == []
    assert [words for words in foreign if words in written] == []


def test_pages_ask_no_other_host_and_fit_the_screen(browser: Browser, built: Path, served: str) -> None:
    """Each page is loaded as the page before was left, dark or light, and then seen in both, wide and narrow.

    The search, which reads the words of all pages, is asked in a test of its own.
    """
    page = browser.new_page()
    index = json.loads((built / "search/search_index.json").read_bytes())
    page.route("**/search_index.json", lambda asked: asked.fulfill(json=index | {"docs": index["docs"][:1]}))
    with alone(page, served):
        every_page_fits(page, served)
    page.close()


@contextmanager
def alone(page: Page, served: str) -> Iterator[None]:
    """Assert that a page asks no other host and has no errors."""
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield
    assert {url for url in asked if not url.startswith((served, "data:"))} == set()
    assert asked and faults == []


def every_page_fits(page: Page, served: str) -> None:
    for name in PAGES:
        page.goto(f"{served}{name}.html")
        assert page.evaluate("document.documentElement.lang") == ("pl" if name in POLISH else "en")
        fits(page, name)
        loaded = page.locator("body").get_attribute(COLOURS) or ""
        page.locator("label[for^=__palette]:visible").click()
        expect(page.locator("body")).to_have_attribute(COLOURS, OTHER[loaded])
        fits(page, name)


COLOURS, OTHER = "data-md-color-scheme", {"default": "slate", "slate": "default"}


def fits(page: Page, name: str) -> None:
    """Assert that a page is not wider than a wide and a narrow screen."""
    for width in (1400, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


POLISH = {"samouczek", "pytania", "ontologia", "dodawanie", "rejestr", "tozsamosc", "programy", "uzgadnianie"}


THEME = {"landmark-unique", "scrollable-region-focusable"}
"""axe rules that the theme breaks: copy buttons in unnamed landmarks, scrollable tables without keyboard focus."""


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "analyse", "reference", "pytania"])
def test_pages_can_be_read_by_everybody(browser: Browser, served: str, name: str, colours: str) -> None:
    context = browser.new_context(color_scheme=colours)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{served}{name}.html")
    settled(page)  # the theme fades in
    found = faults(page)
    context.close()
    assert {fault["id"]: fault["nodes"][0]["html"] for fault in found if fault["id"] not in THEME} == {}


def test_names_are_found_with_the_search(browser: Browser, served: str) -> None:
    page = browser.new_page()
    with alone(page, served):
        page.goto(f"{served}index.html")
        page.locator("input.md-search__input").click()
        page.keyboard.type("betweenness")
        page.locator(".md-search-result__item a[href*=analyse]").first.wait_for(timeout=20_000)
    page.close()
