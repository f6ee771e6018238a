"""The explorer as people use it: a real server, a real browser, from the first letter typed to a shared address.

With KGRAPH_SCREENSHOTS=folder the tests leave pictures of each view there (`make screenshots` writes those of docs/).
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-unsafe-swiftshader"]
VIEWS = ["network", "table", "map", "timeline", "questions", "sparql", "sources"]
ZIOLA = "#/network?thing=id/ziola-siedleckie"
HARMLESS = "GPU stall due to ReadPixels"
REFUSED = "status of 400"
"""A browser notes every refused request; a query with an error is one."""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    process = subprocess.Popen(["kgraph", "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found
    yield found[0]
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs chromium for these tests")
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Open]:
    """Opens the explorer at a fragment; afterwards the console must be empty and no other host asked."""
    wrong: list[str] = []
    allowed = [HARMLESS]
    contexts = []

    def note(message: ConsoleMessage) -> None:
        if not any(known in message.text for known in allowed):
            wrong.append(message.text)

    def open_page(
        at: str = "",
        *,
        lang: str = "pl",
        width: int = 1400,
        dark: bool = False,
        fresh: bool = False,
        allow: str = HARMLESS,
    ) -> Page:
        allowed.append(allow)
        context = browser.new_context(
            locale=f"{lang}-{lang.upper()}" if lang == "pl" else "en-GB",
            viewport={"width": width, "height": 900 if width > 500 else 844},
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        if not fresh:
            context.add_init_script("localStorage.setItem('kgraph.introduced', 'yes')")
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda request: None if request.url.startswith((address, "blob:", "data:")) else wrong.append(request.url),
        )
        page.goto(address + at)
        page.wait_for_selector(".view > *")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def search(page: Page, text: str, field: str = "search") -> None:
    page.fill(f"#{field}", text)
    page.wait_for_selector(f"#{field}-list [role=option]")


def card(page: Page) -> str:
    page.wait_for_selector("aside.panel h2")
    expect(page.locator("aside.panel .waiting")).to_have_count(0)
    return page.inner_text("aside.panel")


def test_typing_ziola_leads_to_the_words_of_the_article(opened: Open) -> None:
    page = opened()
    search(page, "ziola")
    page.keyboard.press("Enter")
    shown = card(page)
    assert "Spółdzielnia Socjalna „Zioła Siedleckie”" in shown
    assert "„Zioła Siedleckie”" in shown
    assert re.search(r"1461\s*–\s*1479", shown)
    assert "siedziba spółdzielni" in shown


def test_the_card_shows_where_the_sources_disagree(opened: Open) -> None:
    shown = card(opened(ZIOLA))
    assert "≠" in shown
    assert "skup ziół" in shown.lower() or "zioł" in shown.lower()


def test_expanding_a_thing_adds_its_neighbours_and_undo_takes_them_away(opened: Open) -> None:
    page = opened(ZIOLA + "&start=focus:id/ziola-siedleckie&list=1")
    card(page)
    before = page.locator("#list li").count()
    page.click("#expand")
    expect(page.locator("#expand")).to_have_attribute("aria-pressed", "true")
    assert page.locator("#list li").count() >= before
    page.go_back()
    expect(page.locator("#expand")).to_have_attribute("aria-pressed", "false")


def test_the_chain_to_a_person_has_a_source_for_each_step(opened: Open) -> None:
    page = opened(ZIOLA)
    card(page)
    page.click("#ask-chain")
    search(page, "pozorek", "chain-goal")
    page.press("#chain-goal", "Enter")
    page.wait_for_selector("ol.steps li.step")
    steps = page.locator("ol.steps li.step")
    assert steps.count() == 3
    for step in steps.all():
        assert re.search("Powstał Siedlecki Klaster|Strona CIS", step.inner_text())


def test_a_shared_address_gives_the_same_view_and_language_can_change(opened: Open) -> None:
    page = opened(ZIOLA)
    card(page)
    page.click("#switch-language")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "Zioła Siedleckie Social Co-operative" in card(page)
    again = opened("#" + page.url.partition("#")[2], lang="en")
    assert card(again) == card(page)


def test_a_question_is_answered(opened: Open) -> None:
    page = opened("#/questions?:question=seats")
    page.wait_for_selector("table")
    assert "nie wiadomo" in page.inner_text(".view")


def test_a_query_with_an_error_and_then_without(opened: Open) -> None:
    page = opened("#/sparql?", allow=REFUSED)
    editor = page.locator(".cm-content")
    editor.wait_for()
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELEC ?c ")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[role=alert] pre")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT ?c WHERE { ?c a se:Cluster }")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("table")
    assert page.locator("table tbody tr").count() >= 5


def test_by_keyboard_alone_from_search_to_chain(opened: Open) -> None:
    page = opened()
    page.keyboard.press("/")
    page.keyboard.type("ziola sied", delay=20)
    page.wait_for_selector("#search-list [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    card(page)
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == "ask-chain":
            break
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "ask-chain"
    page.keyboard.press("Enter")
    page.keyboard.type("pozorek", delay=20)
    page.wait_for_selector("#chain-goal-list [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector("ol.steps li.step")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    ("lang", "width", "dark"), [("en", 1400, False), ("pl", 1400, True), ("pl", 390, False), ("en", 390, True)]
)
def test_each_view_opens_and_fits(opened: Open, view: str, lang: str, width: int, dark: bool) -> None:
    page = opened(f"#/{view}?", lang=lang, width=width, dark=dark)
    expect(page.locator(".view .waiting")).to_have_count(0)
    page.wait_for_timeout(400)
    assert page.inner_text(".view").strip()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("KGRAPH_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{view}-{lang}-{width}-{'dark' if dark else 'light'}.png")


@pytest.mark.parametrize("view", VIEWS)
def test_no_serious_fault_of_accessibility(opened: Open, view: str) -> None:
    page = opened(f"#/{view}?thing=id/mcps")
    card(page)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response
    assert [
        f"{fault['id']}: {fault['nodes'][0]['html']}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.parametrize(
    "at",
    ["#/network?thing=id/nobody", "#/nonsense?", "#/network?start=focus:id/nobody", "#/questions?:question=nonsense"],
)
def test_an_address_that_leads_nowhere_says_so_and_the_page_goes_on(browser: Browser, address: str, at: str) -> None:
    page = browser.new_page()
    page.goto(address + at)
    page.wait_for_selector("[role=alert]")
    search(page, "ziola")
    page.keyboard.press("Enter")
    assert "Zioła" in card(page)
    page.close()


def test_a_first_visit_is_introduced_and_the_introduction_goes_away(opened: Open) -> None:
    page = opened(fresh=True)
    page.wait_for_selector("aside.panel.is-intro h2")
    page.click("aside.panel .close")
    page.reload()
    page.wait_for_selector(".view > *")
    page.wait_for_timeout(500)
    assert page.locator("aside.panel.is-intro").count() == 0
