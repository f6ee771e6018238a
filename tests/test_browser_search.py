"""Search, questions and the query editor of the explorer in a real browser against a real server."""

from functools import partial
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browsing import Open, fragment, settled


@pytest.fixture
def opened(opened: Open) -> Open:
    """A function that opens the explorer at a fragment, where a query may be rejected."""
    return partial(opened, allow="status of 400")


def found(page: Page, text: str) -> Locator:
    """The options that the search of the header offers for a text."""
    page.fill("#search", text)
    options = page.locator("#search-list [role=option]")
    expect(options.first).to_be_visible()
    settled(page)
    return options


def group(page: Page, heading: str) -> Locator:
    """The options below a heading of the list."""
    return (
        page.locator("#search-list [role=group]")
        .filter(has=page.get_by_text(heading, exact=True))
        .get_by_role("option")
    )


def test_a_word_and_a_year_find_the_thing_the_fact_and_the_passage(opened: Open) -> None:
    page = opened("#/table")
    expect(found(page, "caritas 2020").first).to_contain_text("Caritas Diecezji Siedleckiej")
    expect(group(page, "Fakty").first).to_contain_text("Porozumienie o współpracy na rzecz usług społecznych")
    passage = group(page, "Słowa źródeł").filter(has_text="Strona miasta Siedlce").last
    expect(passage.locator("mark")).to_have_text("Caritas")
    with page.expect_popup() as source:
        passage.click()
    expect(source.value.locator("h1")).to_have_text("Strona miasta Siedlce o porozumieniu na rzecz usług społecznych")
    expect(source.value.get_by_text("Caritas Diecezji Siedleckiej").first).to_be_visible()


@pytest.mark.parametrize(
    ("text", "lang", "title"),
    [
        ("kto założył klaster", "pl", "Kto założył klaster"),
        ("who founded the cluster", "en", "Who founded the cluster"),
    ],
)
def test_a_question_in_words_finds_the_question_and_its_answer(opened: Open, text: str, lang: str, title: str) -> None:
    page = opened("#/network", lang=lang)
    expect(found(page, text).first).to_contain_text(title)
    page.press("#search", "Enter")
    expect(page.locator("h2.asked")).to_contain_text(title)
    expect(page.locator(".view table.grid tbody tr").first).to_be_visible()


@pytest.mark.slow
def test_a_question_about_a_thing_opens_with_it(opened: Open) -> None:
    page = opened("#/table")
    found(page, "kto założył karpacki klaster")
    group(page, "Pytania").first.click()
    expect(page.locator("#ask-cluster")).to_have_value("Karpacki Klaster Ekonomii Społecznej")
    assert "with-cluster=id:cluster-karpacki" in fragment(page)
    page.click("#ask-cluster")
    expect(page.locator("#ask-cluster-list [role=option]")).to_have_count(7)
    page.press("#ask-cluster", "ArrowUp")
    page.press("#ask-cluster", "Enter")
    expect(page.locator("#ask-cluster")).to_have_value("Warmińsko-Mazurski Klaster Ekonomii Społecznej")
    page.click("#ask")
    page.wait_for_url("**with-cluster=id:cluster-warminsko-mazurski**")


@pytest.mark.slow
def test_a_name_finds_the_person_and_a_fact_opens_as_a_line(opened: Open) -> None:
    page = opened("#/network")
    expect(found(page, "Pozorka").first).to_contain_text("Artur Pozorek")
    expect(group(page, "Słowa źródeł").first.locator("mark")).to_contain_text("Pozor")
    found(page, "zioła założyciel")
    group(page, "Fakty").first.click()
    expect(page.locator("aside.panel .sentence")).to_contain_text("Zioła Siedleckie")
    expect(page.locator("aside.panel .quotes").first).to_be_visible()


def at(query: str) -> str:
    return f"#/sparql?:query={quote(query)}"


def typed(page: Page, query: str) -> Locator:
    """The completions that the editor offers after a query is typed in place of another."""
    page.click(".cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.type(query)
    return page.locator(".cm-tooltip-autocomplete li")


def test_the_editor_completes_things_by_name_and_properties_in_use(opened: Open) -> None:
    page = opened("#/sparql", lang="en")
    named = typed(page, "ASK { ?x ?p caritas").filter(has_text="Caritas of the Diocese of Siedlce").first
    named.click()
    expect(page.locator(".cm-content")).to_contain_text("ASK { ?x ?p id:caritas-siedlce")
    used = typed(page, "SELECT * { ?x a se:Cluster . ?x ")
    expect(used.first).to_contain_text("7 times")
    expect(used.filter(has_text="se:foundedBy")).to_contain_text("3 times")
    page.keyboard.type("found")
    expect(used.first).to_contain_text("se:foundedBy")


def test_a_wrong_query_is_explained_and_mended_by_a_click(opened: Open) -> None:
    page = opened(at("SELECT ?x {\n ?x a se:Clutser\n ?x ?p ?y }"))
    notice = page.locator(".sparql-notice")
    expect(notice).to_contain_text("wierszu 3, kolumnie 2: Brakuje przed tym kropki albo średnika.")
    notice.get_by_role("button", name=". ?x").click()
    expect(notice).to_contain_text("W ontologii nie ma terminu se:Clutser.")
    notice.get_by_role("button", name="se:Cluster").click()
    expect(page.locator(".sparql-results tbody tr").first).to_be_visible()
    expect(notice).to_be_empty()


@pytest.mark.slow
def test_a_named_query_is_there_after_a_reload_and_in_a_file(opened: Open) -> None:
    page = opened(at("ask { id:mcps ?p ?o }"), lang="en")
    expect(page.locator(".verdict")).to_be_visible()
    page.click("#query-tab-0")
    page.fill("#query-name", "MCPS")
    page.press("#query-name", "Enter")
    page.click("#query-new")
    page.click(".cm-content")
    page.keyboard.type("ASK { id:nobody ?p ?o }")
    page.click("#query-format")
    page.reload()
    expect(page.locator(".cm-content")).to_contain_text("id:nobody")
    page.click("#query-tab-0")
    expect(page.locator(".cm-content")).to_contain_text("ask { id:mcps ?p ?o }")
    page.click("#query-files")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download this query").click()
    assert download.value.suggested_filename == "MCPS.rq"
    assert download.value.path().read_text() == "ask { id:mcps ?p ?o }"


@pytest.mark.slow
def test_results_are_filtered_sorted_and_charted(opened: Open) -> None:
    kinds = "SELECT ?kind (COUNT(?thing) AS ?n) { ?thing a ?kind } GROUP BY ?kind ORDER BY DESC(?n)"
    page = opened(at(kinds))
    rows = page.locator(".sparql-results tbody tr")
    expect(rows.nth(10)).to_be_visible()
    page.click(".sparql-results th:nth-child(2) button")
    expect(page.locator(".sparql-results th:nth-child(2)")).to_have_attribute("aria-sort", "ascending")
    numbers = [int(number) for number in page.locator(".sparql-results tbody td:nth-child(2)").all_inner_texts()]
    assert numbers == sorted(numbers)
    page.fill("#result-filter", "klastrow klaster")
    expect(rows).to_have_count(0)
    page.fill("#result-filter", "klaster")
    expect(rows).to_have_count(1)
    page.click("#form-chart")
    bars = page.locator(".chart-svg rect")
    expect(bars).to_have_count(len(numbers))
    widths = [float(bar.get_attribute("width") or 0) for bar in bars.all()]
    assert widths == sorted(widths, reverse=True)
