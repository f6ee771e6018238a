"""Search, questions and the query editor of the explorer in a real browser against a real server."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browsing import fragment, settled

HARMLESS = ("GPU stall due to ReadPixels", "status of 400")
"""Parts of the console messages of software rendering and for a rejected query."""

Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Open]:
    """A function that opens the explorer at a fragment; the console must stay empty."""
    wrong: list[str] = []
    contexts = []

    def note(message: ConsoleMessage) -> None:
        if not any(known in message.text for known in HARMLESS):
            wrong.append(message.text)

    def open_page(at: str, lang: str = "pl") -> Page:
        context = browser.new_context(
            locale="pl-PL" if lang == "pl" else "en-GB",
            viewport={"width": 1400, "height": 900},
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_init_script("localStorage.setItem('kgraph.introduced', 'yes')")
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address + at)
        page.wait_for_selector(".view > *")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


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
    page = opened("#/network", lang)
    expect(found(page, text).first).to_contain_text(title)
    page.press("#search", "Enter")
    expect(page.locator("h2.asked")).to_contain_text(title)
    expect(page.locator(".view table.grid tbody tr").first).to_be_visible()


def test_a_question_about_a_thing_opens_with_it(opened: Open) -> None:
    page = opened("#/table")
    found(page, "kto założył karpacki klaster")
    group(page, "Pytania").first.click()
    expect(page.locator("#ask-cluster")).to_have_value("Karpacki Klaster Ekonomii Społecznej")
    assert "with-cluster=id:cluster-karpacki" in fragment(page)


def test_a_name_finds_the_person_and_a_fact_opens_as_a_line(opened: Open) -> None:
    page = opened("#/network")
    expect(found(page, "Pozorka").first).to_contain_text("Artur Pozorek")
    expect(group(page, "Słowa źródeł").first.locator("mark")).to_contain_text("Pozor")
    found(page, "zioła założyciel")
    group(page, "Fakty").first.click()
    expect(page.locator("aside.panel .sentence")).to_contain_text("Zioła Siedleckie")
    expect(page.locator("aside.panel .quotes").first).to_be_visible()
