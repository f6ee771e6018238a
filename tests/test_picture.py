"""The picture page in a real browser: offline, legible, in Polish and English, safe with malicious labels."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser, Page, expect

from kgraph.base.vocab import short, term
from kgraph.errors import BadQuery
from kgraph.graph.network import groups, layout, networks
from kgraph.graph.statements.facts import Passage
from kgraph.publish import picture
from tests.browsing import settled
from tests.command import kgraph

pytestmark = pytest.mark.whole

MARKUP = "</script><img src=x onerror=alert(1)>"
Open = Callable[..., Page]
Places = dict[str, tuple[int, int]]


@pytest.fixture(scope="module")
def html(graph: ox.Store) -> str:
    return picture.page(graph, networks.whole(graph))


@pytest.fixture(scope="module")
def places(graph: ox.Store) -> Places:
    return layout.positions(networks.whole(graph), picture.first_view(networks.whole(graph)))


@pytest.fixture
def opened(html: str, browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """A function that opens a page from a file; the page may request no host and report no error."""
    wrong: list[str] = []

    def open_page(text: str = html, width: int = 1400, height: int = 900, dark: bool = False) -> Page:
        (tmp_path / "picture.html").write_text(text, encoding="utf-8")
        page = browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith("file:") else None)
        page.on("console", lambda said: wrong.append(said.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.goto((tmp_path / "picture.html").as_uri())
        page.wait_for_selector("#picture[data-view]")
        return page

    yield open_page
    assert wrong == []


def search(page: Page, text: str) -> list[str]:
    page.fill("#search", text)
    return page.locator("#suggestions [role=option]").all_inner_texts()


def choose(page: Page, text: str) -> str:
    """The text of the panel after the first suggestion is selected."""
    assert search(page, text)
    page.press("#search", "Enter")
    return page.inner_text("#panel")


def click(page: Page, places: Places, *curies: str) -> None:
    """Click a thing, or the middle of the edge between two things."""
    settled(page)  # a click before it may have moved the view
    at = [places[term(curie).value] for curie in curies]
    scale, x, y = map(float, (page.get_attribute("#picture", "data-view") or "").split())
    box = page.locator("#picture").bounding_box()
    assert box
    across, down = (sum(axis) / len(at) for axis in zip(*at, strict=True))
    left, top = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(left + (across - x) * scale, top + (down - y) * scale)
    settled(page)  # vis-network waits for a second click


def test_the_page_opens_with_all_kinds_counted_and_only_the_parties_shown(opened: Open, graph: ox.Store) -> None:
    page = opened()
    shown = {box.get_attribute("data-kind"): box.is_checked() for box in page.locator("#kinds input").all()}
    assert set(shown) == {short(node.kind) for node in networks.whole(graph).nodes}
    assert {kind for kind, on in shown.items() if on} == {short(kind) for kind in picture.PARTIES}
    counts = page.locator("#kinds .count").all_inner_texts()
    assert sum(map(int, counts)) == len(networks.whole(graph).nodes)
    assert page.title() == "Sieć ekonomii społecznej – kgraph"


def test_a_graph_of_too_many_things_is_drawn_as_an_overview(monkeypatch: pytest.MonkeyPatch, graph: ox.Store) -> None:
    monkeypatch.setattr(groups, "LARGE", 100)
    told = kgraph("picture")
    assert "too many things for one picture" in told.stderr
    drawn = {node.iri for node in networks.whole(graph).nodes if f'"id": "{node.iri}"' in told.stdout}
    assert drawn == {node.iri for node in networks.overview(graph).nodes}
    assert "too many" not in kgraph("picture", "id:relaksownia").stderr


@pytest.mark.slow
def test_a_small_picture_opens_with_all_but_the_structural_kinds(opened: Open, graph: ox.Store) -> None:
    page = opened(picture.page(graph, networks.neighbourhood(graph, term("id:relaksownia").value)))
    shown = {box.get_attribute("data-kind"): box.is_checked() for box in page.locator("#kinds input").all()}
    assert {kind for kind, on in shown.items() if not on} <= {short(kind) for kind in picture.STRUCTURAL}


def test_nothing_in_the_page_is_loaded_from_elsewhere(html: str) -> None:
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=(?!\"data:)", html)
    assert "default-src 'none'" in html


def test_search_folds_diacritics_and_counts_aloud(opened: Open) -> None:
    page = opened()
    assert search(page, "ziola sied") == ["Spółdzielnia Socjalna „Zioła Siedleckie”"]
    assert page.inner_text("#count") == "Znaleziono: 1"
    assert "Spółdzielnia Socjalna „Zioła Siedleckie”" in search(page, "SPOLDZ siedleck")
    assert search(page, "nie ma takiego") == []
    assert page.inner_text("#count") == "Nic nie znaleziono"


@pytest.mark.slow
def test_search_works_by_keyboard_and_shows_a_hidden_kind(opened: Open) -> None:
    page = opened()
    search(page, "pelniacy obowiazki")
    page.press("#search", "ArrowDown")
    assert page.get_attribute("#search", "aria-activedescendant") == "suggestion-0"
    page.press("#search", "Enter")
    assert page.inner_text("#panel-title") == "pełniący obowiązki dyrektora"
    assert page.is_checked("[data-kind='org:Role']")
    page.keyboard.press("Escape")
    assert page.is_hidden("#panel")


def test_a_thing_tells_its_names_its_iri_and_its_facts_with_their_evidence(opened: Open) -> None:
    page = opened()
    told = choose(page, "centrum integracji spolecznej w")
    assert "Social Integration Centre in Siedlce" in told
    assert term("id:cis-siedlce").value in told
    assert "porozumienie założycielskie Siedleckiego Klastra Ekonomii Społecznej – ma sygnatariusza – Centrum" in told
    assert "„Centrum Integracji Społecznej w Siedlcach” znaki 1339–1380" in told
    assert "Strona CIS w Siedlcach o powstaniu klastra\n„Centrum Integracji Społecznej”" in told
    assert "wywnioskowane z reguły: rules/founding" in told
    assert "GeoNames, wyciąg „cities500”\nbez cytatu" in choose(page, "wodynie")


@pytest.mark.slow
def test_what_is_said_without_being_asserted_names_its_status(opened: Open) -> None:
    told = choose(opened(), "siedlecki klaster")
    assert "oczekiwany skutek – jakość" in told
    assert "opinia" in told
    assert "superlatyw" in told


def test_a_click_on_a_line_tells_the_fact(opened: Open, places: Places) -> None:
    page = opened()
    click(page, places, "id:agreement-2018", "id:zaz-siedlce")
    assert page.inner_text("#panel-title") == "Fakt"
    assert "„Zakład Aktywności Zawodowej w Siedlcach” znaki 1485–1524" in page.inner_text("#panel")


@pytest.mark.slow
def test_a_kind_switched_off_by_keyboard_is_gone_from_the_picture(opened: Open, places: Places) -> None:
    page = opened()
    page.click("#all")
    click(page, places, "id:mcps")
    expect(page.locator("#panel-title")).to_have_text("Mazowieckie Centrum Polityki Społecznej")
    page.click("#close")
    page.focus("[data-kind='cv:PublicOrganisation']")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.dataset.kind") == "cv:PublicOrganisation"
    click(page, places, "id:mcps")
    assert page.is_hidden("#panel")


def test_the_language_switch_changes_words_and_labels(opened: Open) -> None:
    page = opened()
    choose(page, "ziola")
    page.click("[data-lang=en]")
    assert page.get_attribute("html", "lang") == "en"
    assert page.inner_text("h1") == "The social economy network"
    assert page.inner_text("#panel-title") == "Zioła Siedleckie Social Co-operative"
    assert "has signatory" in page.inner_text("#panel")
    assert "administrative unit" in page.inner_text("#kinds").lower()


@pytest.mark.slow
def test_the_page_opens_in_the_language_asked_for(opened: Open, graph: ox.Store) -> None:
    small = networks.neighbourhood(graph, term("id:mcps").value)
    assert opened(picture.page(graph, small, "en")).inner_text("h1") == "The social economy network"
    with pytest.raises(BadQuery, match="choose one of pl, en"):
        picture.page(graph, small, "de")


@pytest.mark.slow
def test_dark_follows_the_system_and_the_button(opened: Open) -> None:
    page = opened(dark=True)
    assert page.get_attribute("html", "data-theme") == "dark"
    page.click("#theme")
    assert page.get_attribute("html", "data-theme") == "light"


@pytest.mark.slow
def test_on_a_phone_the_panel_is_a_sheet_and_nothing_is_wider_than_the_screen(opened: Open) -> None:
    page = opened(width=390, height=844)
    choose(page, "ziola")
    sheet = page.locator("#panel").bounding_box()
    assert sheet
    assert (sheet["x"], sheet["width"]) == (0, 390)
    assert sheet["y"] > 844 / 3
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.slow
def test_beside_a_card_there_is_room_for_the_picture_in_a_notebook(opened: Open) -> None:
    page = opened(width=770, height=600)
    choose(page, "ziola")
    stage, panel = page.locator("#stage").bounding_box(), page.locator("#panel").bounding_box()
    assert stage and panel and panel["height"] == stage["height"]
    assert stage["width"] - panel["width"] >= 400
    assert page.get_attribute("#legend", "open") is None


@pytest.mark.slow
def test_a_quote_is_in_its_own_language_on_an_english_page(opened: Open, graph: ox.Store) -> None:
    page = opened(picture.page(graph, networks.neighbourhood(graph, term("id:ziola-siedleckie").value), "en"))
    choose(page, "ziola siedleckie social")
    assert {"„Zioła Siedleckie”", "Spółdzielnie Socjalne"} <= set(page.locator("#facts [lang=pl]").all_inner_texts())


def test_an_address_that_nobody_wrote_does_no_harm(opened: Open) -> None:
    page = opened()
    page.evaluate("location.hash = '50%'")
    settled(page)
    expect(page.locator("#panel")).to_be_hidden()


@pytest.mark.slow
def test_a_copy_is_no_second_witness(opened: Open, store_of: Callable[..., ox.Store]) -> None:
    passage = Passage(
        "https://w3id.org/sekg/source/b", term("status:stated").value, 0, 3, "tak", "https://w3id.org/sekg/source/a"
    )
    one, other = (networks.Node(term(f"id:{name}").value, term("se:Cluster").value, (("pl", name),)) for name in "xy")
    edge = networks.Edge(one.iri, term("se:within").value, other.iri, (passage,), None)
    page = opened(picture.page(store_of(""), networks.Network((one, other), (edge,))))
    assert "source:b (kopia tekstu: source:a)\n„tak” znaki 0–3" in choose(page, "x")


def test_markup_in_a_label_is_text(opened: Open, store_of: Callable[..., ox.Store]) -> None:
    store = store_of(f"""
        id:a skos:prefLabel "{MARKUP}"@pl . id:b a se:Cluster ; skos:prefLabel "B"@en .
        source:s a se:Source ; dcterms:title "{MARKUP}"@en .
        claim:c rdf:subject id:a ; rdf:predicate se:seatIn ; rdf:object id:b ;
            se:claimStatus status:stated ; prov:wasDerivedFrom source:s ; se:evidence claim:e .
        claim:e oa:hasSelector claim:p , claim:q . claim:p oa:start 0 ; oa:end 5 . claim:q oa:exact "{MARKUP}\\u2028" .
    """)
    page = opened(picture.page(store, networks.whole(store)))
    assert search(page, "script") == [MARKUP]
    told = choose(page, "script")
    assert told.count(MARKUP) >= 3
    assert page.locator("img").count() == 0


@pytest.mark.slow
def test_a_network_without_things_says_so(opened: Open, store_of: Callable[..., ox.Store]) -> None:
    store = store_of("")
    assert opened(picture.page(store, networks.whole(store))).is_visible("#empty")


@pytest.mark.slow
def test_the_neighbourhood_of_a_structural_thing_is_shown(graph: ox.Store, opened: Open) -> None:
    page = opened(picture.page(graph, networks.neighbourhood(graph, term("role:director").value)))
    assert page.is_checked("[data-kind='org:Role']")


@pytest.mark.slow
def test_the_same_network_gives_the_same_bytes_in_any_process(html: str) -> None:
    code = (
        "import sys; from kgraph.base import paths; from kgraph.build import pipeline;"
        "from kgraph.graph.network import networks; from kgraph.publish import picture;"
        "s = pipeline.graph(paths.folders());"
        "sys.stdout.buffer.write(picture.page(s, networks.whole(s)).encode())"
    )
    again = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": "7"}, capture_output=True, check=True
    )
    assert again.stdout == html.encode()


def test_no_label_of_the_first_view_lies_on_another(graph: ox.Store, places: Places) -> None:
    whole = networks.whole(graph)
    first = [node for node in whole.nodes if node.iri in picture.first_view(whole)]
    for one, other in combinations(first, 2):
        (x, y), (other_x, other_y) = places[one.iri], places[other.iri]
        width, other_width = (7.5 * min(24, len(node.label("pl"))) for node in (one, other))
        assert abs(x - other_x) >= (width + other_width) / 2 or abs(y - other_y) >= 50, (one, other)


def test_a_crowd_is_laid_out_too() -> None:
    nodes = tuple(networks.Node(f"https://example.org/{n:04}", "k", (("pl", f"rzecz {n}"),)) for n in range(520))
    edges = tuple(networks.Edge(nodes[n // 3].iri, "p", nodes[n].iri, (), "r") for n in range(1, 520))
    places = layout.positions(networks.Network(nodes, edges), {node.iri for node in nodes})
    assert len(set(places.values())) > 500
