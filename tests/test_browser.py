"""The explorer in a real browser against a real server: search, views, filters, history and shared addresses.

With KGRAPH_SCREENSHOTS=folder the tests write screenshots of each view there, as `make screenshots` does.
"""

import os
import re
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browsing import DRAWN, Open, faults, fragment, settled
from tests.serving import serving, serving_files

ZIOLA = "#/network?thing=id/ziola-siedleckie"
REFUSED = "status of 400"
NO_CHAIN = "status of 404"
"""Parts of the console messages for a rejected query (400) and for things without a chain (404)."""

SOKIAL = "#/network?fact=id/agreement-2020|ns%23hasSignatory|id/sokial"
WRITTEN = """
    window.written = []
    const write = CanvasRenderingContext2D.prototype.fillText
    CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
        written.push(text)
        write.call(this, text, ...at)
    }
"""
"""Records each text drawn on the canvas in `window.written`."""

RINGED = """
    window.ringed = null
    let last = null
    const { arc, stroke } = CanvasRenderingContext2D.prototype
    CanvasRenderingContext2D.prototype.arc = function (x, y, ...more) {
        last = [x, y]
        arc.call(this, x, y, ...more)
    }
    CanvasRenderingContext2D.prototype.stroke = function () {
        if (this.lineWidth === 3) ringed = last
        stroke.call(this)
    }
"""
"""Records the centre of the selection ring in `window.ringed`."""

PEOPLE = "SELECT ?person ?organisation WHERE { ?t org:member ?person ; org:organization ?organisation }"
PAIR = "CONSTRUCT { id:agreement-2018 se:hasSignatory id:zaz-siedlce } WHERE {}"

ALL_DAYS = re.compile(r"7\d\d\d")
"""The minimum of the slider once all days of the graph are loaded; until then it covers the drawn things only."""

EVERY_RULE = {"target-size": {"enabled": True}}
"""Rules of axe: its usual rules and that of target sizes, which is off by default (WCAG 2.2, 2.5.8)."""


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
    assert "siedziba spółdzielni" in shown
    article = page.locator("details.evidence", has_text="Mazowieckie Centrum").filter(has_text="„Zioła Siedleckie”")
    article.first.locator("summary").click()
    expect(page.locator("aside.panel")).to_contain_text(re.compile(r"1461\s*–\s*1479"))


def test_the_card_shows_where_the_sources_disagree(opened: Open) -> None:
    shown = card(opened("#/table?thing=id/erection-caritas-siedlce"))
    assert "≠" in shown
    assert "14 kwietnia 1991" in shown and "15 kwietnia 1991" in shown


def test_expanding_a_thing_adds_its_neighbours_and_undo_takes_them_away(opened: Open) -> None:
    page = opened(ZIOLA + "&start=focus:id/ziola-siedleckie&list=1")
    card(page)
    listed = page.locator("#list tbody tr")
    expect(listed).not_to_have_count(0)
    before = listed.count()
    page.click("#expand")
    expect(page.locator("#expand")).to_have_attribute("aria-pressed", "true")
    expect(listed.nth(before - 1)).to_be_attached()
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
    expect(steps).to_have_count(3)
    for step in steps.all():
        expect(step).to_contain_text(re.compile("Powstał Siedlecki Klaster|Strona CIS"))


@pytest.mark.slow
def test_a_shared_address_gives_the_same_view_and_language_can_change(opened: Open) -> None:
    page = opened(ZIOLA)
    card(page)
    page.click("#switch-language")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("aside.panel")).to_contain_text("Zioła Siedleckie Social Co-operative")
    again = opened(fragment(page), lang="en")
    settled(page)
    expect(again.locator("aside.panel")).to_have_text(page.locator("aside.panel").text_content() or "")


def test_a_question_is_answered(opened: Open) -> None:
    page = opened("#/questions?:question=seats")
    expect(page.locator(".view table")).to_contain_text("nie wiadomo")


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
    expect(page.locator("table tbody tr").nth(4)).to_be_visible()


def test_by_keyboard_alone_from_search_to_chain(opened: Open) -> None:
    page = opened()
    page.keyboard.press("/")
    type_and_take(page, "search", "ziola sied")
    card(page)
    expect(page.locator("aside.panel h2")).to_be_focused()
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == "ask-chain":
            break
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "ask-chain"
    page.keyboard.press("Enter")
    type_and_take(page, "chain-goal", "pozorek")
    page.wait_for_selector("ol.steps li.step")


def type_and_take(page: Page, field: str, text: str) -> None:
    """Insert text into the focused field in one step, which sends one request, and select the first suggestion."""
    expect(page.locator(f"#{field}")).to_be_focused()
    page.keyboard.insert_text(text)
    expect(page.locator(f"#{field}-list [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"#{field}-list [aria-selected=true]")).to_be_visible()
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("lang", "width", "dark"),
    [
        ("en", 1400, False),
        ("pl", 390, True),
        pytest.param("pl", 1400, True, marks=pytest.mark.slow),
        pytest.param("pl", 390, False, marks=pytest.mark.slow),
        pytest.param("en", 390, True, marks=pytest.mark.slow),
    ],
)
def test_each_view_opens_and_fits(opened: Open, lang: str, width: int, dark: bool) -> None:
    page = opened(lang=lang, width=width, dark=dark)
    for view, drawn in DRAWN.items():
        page.evaluate("(at) => location.hash = at", f"#/{view}?")
        page.wait_for_selector(f"#view-{view}[aria-current]", state="attached")
        page.wait_for_selector(drawn)
        expect(page.locator(".view .waiting")).to_have_count(0)
        settled(page)
        assert page.inner_text(".view").strip(), view
        assert is_tab_seen(page, width), view
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), view
        if folder := os.environ.get("KGRAPH_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{view}-{lang}-{width}-{'dark' if dark else 'light'}.png")


@pytest.mark.parametrize(
    "at",
    [
        *(pytest.param(f"{view}?thing=id/mcps", marks=() if view == "network" else pytest.mark.slow) for view in DRAWN),
        pytest.param("timeline?list=1&thing=id/mcps", marks=pytest.mark.slow),
        pytest.param("questions?:question=founders&:form=network&thing=id/mcps", marks=pytest.mark.slow),
        pytest.param("questions?:question=seats&:form=map&thing=id/mcps", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_no_fault_in_either_look(opened: Open, at: str) -> None:
    page = opened(f"#/{at}")
    card(page)
    expect(page.locator(".view .waiting")).to_have_count(0)
    settled(page)
    if page.locator("#embed").count():
        page.click("#embed")
    found = faults(page, rules=EVERY_RULE)
    page.emulate_media(color_scheme="dark")
    settled(page)
    found += faults(page, runOnly=["color-contrast"])
    assert [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found] == []


@pytest.mark.parametrize(
    "at",
    [
        "#/network?thing=id/nobody",
        pytest.param("#/nonsense?", marks=pytest.mark.slow),
        pytest.param("#/network?start=focus:id/nobody", marks=pytest.mark.slow),
        pytest.param("#/questions?:question=nonsense", marks=pytest.mark.slow),
    ],
)
def test_an_address_that_leads_nowhere_says_so_and_the_page_goes_on(browser: Browser, address: str, at: str) -> None:
    page = browser.new_page()
    page.goto(address + at)
    page.wait_for_selector("[role=alert]")
    search(page, "ziola")
    page.keyboard.press("Enter")
    expect(page.locator("aside.panel h2")).to_contain_text("Zioła")
    page.close()


@pytest.mark.slow
def test_a_first_visit_is_introduced_and_the_introduction_goes_away(opened: Open) -> None:
    page = opened(fresh=True)
    page.wait_for_selector("aside.panel.is-intro h2")
    page.click("aside.panel .close")
    page.reload()
    page.wait_for_selector(".view > *")
    settled(page)
    expect(page.locator("aside.panel.is-intro")).to_have_count(0)


# ── Forms of an answer ──


def form(page: Page, name: str) -> Locator:
    """The button of a form of the answer, once the explorer knows whether that form is possible."""
    button = page.locator(f"#form-{name}")
    expect(button).not_to_have_attribute("title", re.compile("Sprawdzam|Seeing"))
    return button


@pytest.mark.slow
def test_an_answer_is_drawn_as_a_network_and_a_map_and_the_address_says_so(opened: Open) -> None:
    page = opened("#/questions?:question=founders")
    form(page, "network").click()
    picture = page.locator(".result-picture [role=img]")
    expect(picture).to_have_attribute("aria-label", "Obraz sieci: na rysunku: 6 elementów, 10 faktów")
    assert ":form=network" in fragment(page)
    form(page, "map").click()
    expect(page.locator(".result-map .spot")).not_to_have_count(0)
    again = opened(fragment(page))
    expect(again.locator(".result-map .spot").first).to_be_visible()
    form(again, "table").click()
    expect(again.locator("table.grid tbody tr")).to_have_count(5)
    assert ":form" not in fragment(again)


@pytest.mark.slow
def test_another_value_is_asked_about_in_the_same_form(opened: Open) -> None:
    page = opened("#/questions?:question=founders&:form=network")
    search(page, "karpacki klaster", "ask-cluster")
    page.keyboard.press("Enter")
    page.click("#ask")
    page.wait_for_url("**with-cluster=id:cluster-karpacki**")
    assert ":form=network" in fragment(page)


def test_results_of_a_query_have_all_four_forms(opened: Open) -> None:
    page = opened(f"#/sparql?:query={PEOPLE}")
    expect(page.locator(".result table tbody tr").first).to_be_visible()
    for name, shown in (("network", ".result-picture canvas"), ("map", ".result-map .spot"), ("raw", "pre.raw")):
        form(page, name).click()
        expect(page.locator(shown).first).to_be_visible()
        assert f":form={name}" in fragment(page)
    page.reload()
    expect(page.locator("pre.raw")).to_contain_text("artur-pozorek")


@pytest.mark.slow
def test_a_form_that_an_answer_cannot_have_says_why(opened: Open) -> None:
    page = opened("#/sparql?:query=SELECT ?n WHERE { BIND(1 AS ?n) }&:form=map", lang="en")
    expect(page.locator(".form-note")).to_have_text(re.compile("cannot be shown on the map: nothing in it has a known"))
    expect(page.locator(".result table tbody tr")).to_have_count(1)
    network = form(page, "network")
    expect(network).to_have_attribute("aria-disabled", "true")
    expect(network).to_have_attribute("title", re.compile("does not name two entries"))
    network.press("Enter")
    expect(page.locator(".form-note")).to_have_text(re.compile("cannot be drawn as a network"))


@pytest.mark.slow
def test_a_line_of_an_answer_opens_the_words_behind_it(opened: Open) -> None:
    page = opened(f"#/sparql?:query={PAIR}&:form=network")
    page.wait_for_selector(".result-picture [role=img]")
    settled(page)
    box = page.locator(".result-picture").bounding_box()
    assert box
    middle = {"x": box["width"] / 2, "y": box["height"] / 2 - 5}  # labels take more space below than above
    page.locator(".result-picture").click(position=middle)  # type: ignore[arg-type]
    told = page.locator(".chosen-fact")
    expect(told).to_contain_text("ma sygnatariusza")
    expect(told.locator("q").first).to_have_text("Zakład Aktywności Zawodowej")


# ── Pins ──


def pins(page: Page) -> list[str]:
    return re.findall(r"pin=([^&]*)", fragment(page))


@pytest.mark.slow
def test_a_thing_is_pinned_and_unpinned_by_touch(opened: Open) -> None:
    page = opened("#/network?thing=id/mcps", width=390, touch=True)
    card(page)
    pin = page.locator("#pin")
    pin.tap()
    expect(pin).to_have_attribute("aria-pressed", "true")
    assert len(pins(page)) == 1
    pin.tap()
    expect(pin).to_have_attribute("aria-pressed", "false")
    assert pins(page) == []


@pytest.mark.slow
def test_keys_pin_and_move_and_what_is_unpinned_goes_home(opened: Open) -> None:
    page = opened("#/network?thing=id/mcps")
    card(page)
    expect(page.locator("#pin")).to_be_enabled()
    page.focus("#picture")
    page.keyboard.press("p")
    home = pins(page)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert len(home) == 1 and pins(page) not in ([], home)
    page.press("#pin", "Enter")
    assert pins(page) == []
    page.focus("#picture")
    page.keyboard.press("p")
    assert pins(page) == home


@pytest.mark.slow
def test_a_finger_drags_a_thing_and_so_pins_it(opened: Open, address: str) -> None:
    around = httpx.get(f"{address}network", params={"focus": "id:mcps"}, timeout=30).json()["nodes"]
    hidden = "".join(f"&no-kind={quote(kind)}" for kind in {node["kind"] for node in around})
    page = opened(f"#/network?start=focus:id/mcps&thing=id/mcps{hidden}", touch=True)
    card(page)
    expect(page.locator(".showing")).to_have_text("na rysunku: 1 element, 0 faktów")
    page.click("#zoom-fit")
    settled(page)
    stage, panel = page.locator("#picture").bounding_box(), page.locator("aside.panel").bounding_box()
    above, below = page.locator(".showing").bounding_box(), page.locator("#zoom-fit").bounding_box()
    assert stage and panel and above and below
    x, y = (stage["x"] + panel["x"]) / 2, (above["y"] + above["height"] + below["y"]) / 2
    finger = page.context.new_cdp_session(page)
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": x + 40, "y": y + 20}]),
        ("touchMove", [{"x": x + 80, "y": y + 40}]),
        ("touchEnd", []),
    ):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(page.locator("#pin")).to_have_attribute("aria-pressed", "true")
    assert len(pins(page)) == 1


# ── Legend and filters ──


def numbers(page: Page, group: str) -> dict[str, int]:
    """The number beside each checkbox of a legend group."""
    ticks = page.locator(f"[data-list={group}]").all()
    return {tick.get_attribute("data-value") or "": int(tick.locator(".count").text_content() or 0) for tick in ticks}


def showing(page: Page) -> tuple[int, int]:
    """The numbers of things and facts that the view says it shows."""
    things, facts = re.findall(r"\d+", page.inner_text(".showing"))
    return int(things), int(facts)


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1400])
def test_the_facets_take_the_pointer_and_the_picture_follows(opened: Open, width: int) -> None:
    page = opened("#/network?list=1", width=width, touch=width == 390)
    page.wait_for_selector("#list tbody tr")
    if width == 390:
        page.tap("#filters-summary")
    whole = page.locator("#list tbody tr").count()
    siedlce = page.locator("[data-list=place]").filter(has_text=re.compile("^\\s*Siedlce"))
    before = numbers(page, "kind")
    siedlce.tap() if width == 390 else siedlce.click()
    page.wait_for_url("**place=id/siedlce**")
    expect(page.locator("[data-list=kind][data-value$='#Agreement'] .count")).to_have_text("1")
    expect(siedlce.locator("input")).to_be_checked()
    assert 0 < page.locator("#list tbody tr").count() < whole
    expect(page.locator("#list tbody tr")).to_have_count(sum(numbers(page, "manners").values()))
    page.locator("#facet-relation").click()
    page.locator("[data-list=relation][data-value$='#hasSignatory']").click()
    signed = page.locator("#list tbody tr").filter(has_text="sygnatariusz")
    expect(signed).not_to_have_count(0)
    expect(page.locator("#list tbody tr").filter(has_not_text="sygnatariusz")).to_have_count(0)
    page.locator("#reset-filters").click()
    expect(page.locator("#reset-filters")).to_be_hidden()
    expect(page.locator("#list tbody tr")).to_have_count(whole)
    expect(page.locator("[data-list=kind]").first).to_be_visible()
    assert numbers(page, "kind") == before


@pytest.mark.slow
def test_the_slider_is_dragged_and_the_legend_follows(opened: Open) -> None:
    page = opened("#/network?")
    expect(page.locator(".showing")).not_to_have_text(re.compile("^0 "))
    expect(page.locator("#day")).to_have_attribute("min", ALL_DAYS)
    whole = showing(page)
    page.locator("#day").scroll_into_view_if_needed()
    box = page.locator("#day").bounding_box()
    assert box
    x, y = box["x"] + box["width"] - 8, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(x - 12 * step, y)
    page.mouse.up()
    day = re.search(r"day=(20[01]\d-\d\d-\d\d)", fragment(page))
    assert day, fragment(page)
    assert page.input_value("#day") == page.evaluate("day => String(Date.parse(day) / 86400000)", day[1])
    things, facts = showing(page)
    assert (things, facts) < whole
    assert sum(numbers(page, "manners").values()) == facts


@pytest.mark.slow
def test_the_legend_explains_the_question_mark(opened: Open) -> None:
    expect(opened("#/network?").locator(".filters")).to_contain_text("brak części informacji")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "name"), [("pl", "Siedlecki Klaster Ekonomii Społecznej"), ("en", "Siedlce Social Economy Cluster")]
)
def test_the_main_subject_has_its_name_in_the_first_picture(opened: Open, lang: str, name: str) -> None:
    page = opened(lang=lang)
    page.add_init_script(WRITTEN)
    page.reload()
    page.wait_for_function("name => window.written?.join(' ').includes(name)", arg=name)  # in lines of any length


@pytest.mark.slow
def test_what_is_said_about_a_thing_stays_clear_of_the_panel(opened: Open) -> None:
    page = opened("#/network?thing=id/artur-pozorek")
    card(page)
    settled(page)
    panel = page.locator("aside.panel").bounding_box()
    assert panel
    seen = []
    for y in range(180, 860, 12):
        for x in range(20, 140, 12):
            page.mouse.move(panel["x"] - x, y)
            if page.locator(".tip").is_visible() and (tip := page.locator(".tip").bounding_box()):
                seen.append(tip["x"] + tip["width"])
    assert seen and max(seen) <= panel["x"]


@pytest.mark.slow
def test_the_network_is_left_while_the_picture_has_the_focus(opened: Open) -> None:
    page = opened("#/network?thing=id/mcps", lang="en")
    card(page)
    page.wait_for_selector(".canvas canvas")
    page.focus("#picture")
    page.click("#switch-language")
    page.focus("#picture")
    page.evaluate("location.hash = '#/table'")
    page.wait_for_selector("table.grid")
    settled(page)


# ── Disputes and known unknowns ──


@pytest.mark.slow
def test_a_disputed_line_shows_what_the_other_source_says(opened: Open) -> None:
    other = opened(SOKIAL).locator("aside.panel .differences")
    expect(other).to_contain_text("siedlecki Ośrodek Wsparcia Ekonomii Społecznej")
    expect(other.locator("q")).to_contain_text("Siedleckiego Ośrodka Wsparcia Ekonomii Społecznej")
    other.locator(".evidence summary").click()
    expect(other.locator(".about-source a")).to_have_attribute("href", re.compile("source/ohp-2020-porozumienie"))


@pytest.mark.slow
def test_a_refinement_is_not_called_a_difference(opened: Open) -> None:
    page = opened("#/table?thing=id/signing-2018")
    assert "Jedno źródło uściśla drugie" in card(page)
    refined = page.locator("aside.panel .refinements")
    expect(refined).to_contain_text(re.compile("22 marca 2018 .*dokładniej niż 22 marca"))
    expect(page.locator("aside.panel .differences")).to_have_count(0)


@pytest.mark.slow
def test_the_source_in_an_answer_opens(opened: Open) -> None:
    page = opened("#/questions?:question=asserted-or-inferred")
    page.locator("table.grid a[href*='source/cis-siedlce-2018-klaster']").first.click()
    expect(page.locator("aside.panel h2")).to_have_text("Strona CIS w Siedlcach o powstaniu klastra")


@pytest.mark.slow
def test_what_differs_in_time_is_shown_as_a_change(opened: Open) -> None:
    page = opened("#/table?thing=id/mmes-2024")
    expect(page.locator("aside.panel .changes h3")).to_have_text("↔ Zmiana w czasie")
    expect(page.locator("aside.panel .changes")).to_contain_text("a w innym czasie")
    expect(page.locator("aside.panel .differences")).to_have_count(0)


@pytest.mark.slow
def test_a_known_unknown_leads_to_its_thing_and_its_source(opened: Open) -> None:
    page = opened(ZIOLA)
    card(page)
    page.locator(".unknowns a").first.click()
    box = page.locator(".left-open")
    expect(box).to_contain_text("ma siedzibę w")
    expect(box.locator("a[href*='source/mcps-2018-klaster']")).to_be_visible()
    assert "nic więcej" not in card(page)
    box.locator("a[href*='id/ziola-siedleckie']").click()
    expect(page.locator("aside.panel h2")).to_have_text("Spółdzielnia Socjalna „Zioła Siedleckie”")


@pytest.mark.slow
def test_what_has_no_wording_is_said_as_on_the_pages(opened: Open) -> None:
    shown = card(opened("#/network?thing=id/gmina-siedlce"))
    assert shown.count("bez cytatów") == 1 and "nie mamy słów" not in shown


# ── Timeline, map ──


@pytest.mark.slow
def test_a_card_says_what_is_known_for_the_day(opened: Open) -> None:
    page = opened("#/network?thing=id/artur-pozorek&day=2018-06-01")
    assert "Stan na dzień: 1 czerwca 2018" in card(page)
    acting = "Mazowieckie Centrum Polityki Społecznej, pełniący obowiązki dyrektora"
    tenure = page.locator("aside.panel .facts > li").filter(has_text=acting)
    expect(tenure.locator(".chip.state")).to_have_text("na pewno")
    expect(page.locator("#day")).to_have_attribute("min", ALL_DAYS)
    page.focus("#day")
    page.keyboard.press("End")
    expect(page.locator("aside.panel .chip.state")).to_have_count(0)
    page.keyboard.press("Home")
    expect(page.locator("aside.panel .chip.state").first).to_have_text("brak informacji, czy się rozpoczęło")


@pytest.mark.slow
def test_a_chain_as_of_a_day_is_one_of_stated_facts_and_what_was_there(opened: Open) -> None:
    page = opened("#/network?chain=id/synergia-rzeszow&chain=id/cluster-lokomotywa", allow=NO_CHAIN)
    expect(page.locator(".steps > li")).to_have_count(1)
    page.goto(page.url.partition("#")[0] + fragment(page) + "&day=2019-01-01")
    expect(page.locator(".steps > li")).to_have_count(2)
    expect(page.locator("aside.panel")).to_contain_text("Stan na dzień 1 stycznia 2019")
    expect(page.locator(".steps")).not_to_contain_text("wywnioskowane")
    expect(page.locator("#day")).to_have_attribute("min", ALL_DAYS)
    page.focus("#day")
    page.keyboard.press("Home")
    expect(page.locator("aside.panel [role=alert]")).to_contain_text("Żaden ciąg faktów nie łączy")


@pytest.mark.slow
def test_an_award_of_a_whole_year_is_still_there_in_the_next(opened: Open) -> None:
    page = opened("#/network?start=whole&list=1&day=2020-01-01")
    expect(page.locator("#list")).to_contain_text("Mazowiecka Marka Ekonomii Społecznej 2016")


def test_the_timeline_shows_that_sources_give_different_dates(opened: Open) -> None:
    page = opened("#/timeline?")
    erection = page.locator("[data-thing$='/erection-caritas-siedlce']")
    expect(erection).to_contain_text("15 kwietnia 1991")
    expect(erection).to_contain_text("14 kwietnia 1991")
    expect(erection.locator(".chip.disputed")).to_have_text("≠ inne źródło: 15 kwietnia 1991")
    expect(erection.locator("svg .differing")).to_have_text("≠")
    expect(page.locator(".chip.disputed")).to_have_count(1)
    page.click("#as-table")
    expect(erection.locator(".chip.disputed")).to_be_visible()


@pytest.mark.slow
def test_the_timeline_tells_a_beginning_from_a_first_attestation(opened: Open) -> None:
    page = opened("#/timeline?")
    attested = page.locator("[data-thing$='/tenure-pozorek-mcps']")
    expect(attested).to_contain_text("pierwsza wzmianka 22 marca 2018, ostatnia 16 stycznia 2019")
    expect(attested).to_contain_text("początek i koniec nieznane")
    expect(attested.locator(".hollow")).to_have_count(1)
    begun = page.locator("[data-thing$='/tenure-zazuniak-caritas']")
    expect(begun).to_contain_text("od 1 lipca 2022, koniec nieznany")
    expect(begun.locator(".hollow")).to_have_count(0)
    page.click("#as-table")
    expect(attested.locator("[data-title=Od]")).to_have_text("? początek nieznany")
    expect(begun.locator("[data-title=Od]")).to_have_text("1 lipca 2022")


@pytest.mark.slow
def test_what_is_only_attested_is_not_gone_the_day_before(opened: Open) -> None:
    page = opened("#/network?start=focus:id/monika-lisiecka&list=1&day=2019-01-01")
    expect(page.locator("#list")).to_contain_text("zastępca komendanta")


@pytest.mark.slow
def test_the_list_of_places_has_their_kinds(opened: Open) -> None:
    page = opened("#/map?")
    siedlce = page.locator("[data-place$='/siedlce'] .place [title]")
    expect(siedlce).to_have_attribute("title", "jednostka podziału administracyjnego")


# ── Requests before the program ──

EARLY = "document.addEventListener('readystatechange', () => { window.early ??= Object.keys(window.kgraphAhead) })"
"""Keeps the addresses that `ahead.js` has requested when the program begins."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("at", "own"),
    [("", "network"), ("#/network?start=whole", "network?whole=1"), ("#/map?", "places"), ("#/timeline?", "timeline")],
)
def test_the_view_takes_all_that_was_requested_ahead(opened: Open, address: str, at: str, own: str) -> None:
    page = opened(at, script=EARLY)
    page.wait_for_function("() => Object.keys(window.kgraphAhead).length === 0")
    assert page.evaluate("window.early") == [f"{address}{own}", f"{address}facets"]


# ── Narrow pages, queries ──


@pytest.mark.slow
@pytest.mark.parametrize("view", [*DRAWN][-1:])
def test_the_tab_of_the_view_can_be_seen_on_a_phone_at_once(opened: Open, view: str) -> None:
    assert is_tab_seen(opened(f"#/{view}?", width=390), 390)


def is_tab_seen(page: Page, width: int) -> bool:
    """Whether the tab of the view is within the width of the screen."""
    tab = page.locator("nav [aria-current]").bounding_box()
    return tab is not None and tab["x"] >= 0 and tab["x"] + tab["width"] <= width


@pytest.mark.slow
def test_a_query_with_an_unknown_term_is_doubted(opened: Open) -> None:
    page = opened("#/sparql?:query=SELECT ?x { ?x a se:Clusterr }")
    expect(page.locator(".sparql-notice p").first).to_have_text(
        "W ontologii nie ma terminu se:Clusterr. Czy to literówka?"
    )
    page.click("#switch-language")
    expect(page.locator(".sparql-notice")).to_contain_text("is not in the ontology")
    page.goto(page.url.partition("#")[0] + "#/sparql?:query=SELECT ?x { ?x a se:Cluster }")
    expect(page.locator(".sparql-results tbody tr").first).to_be_visible()
    expect(page.locator(".sparql-notice")).to_be_empty()


# ── Typing, waiting, leaving ──


@pytest.mark.slow
def test_a_question_is_not_asked_about_the_first_thing_that_is_found(opened: Open) -> None:
    page = opened("#/questions?:question=founders")
    search(page, "siedlecki", "ask-cluster")
    expect(page.locator("#ask-cluster-list [role=option]")).to_have_text(["Siedlecki Klaster Ekonomii Społecznej"])
    page.click("#ask")
    expect(page.locator(".ask .note")).to_contain_text("pasuje do kilku nazw")
    assert "with-cluster" not in fragment(page)
    page.fill("#ask-cluster", "mcps")
    page.click("#ask")
    expect(page.locator(".ask .note")).to_contain_text("klaster ekonomii społecznej")
    page.fill("#ask-cluster", "karpacki klaster ekonomii społecznej")
    page.click("#ask")
    page.wait_for_url("**with-cluster=id:cluster-karpacki**")


@pytest.mark.slow
def test_a_slower_answer_does_not_wipe_the_newer_one(opened: Open) -> None:
    page = opened("#/table?", lang="en")
    expect(page.locator("table.grid caption")).to_contain_text("Everything")
    held: list[Route] = []
    page.route("**/table?kind=*Agreement*", lambda route: held.append(route))
    agreement, person = (page.locator(f"[data-list=kind][data-value$={name}]") for name in ("Agreement", "Person"))
    agreement.click()
    agreement.click()
    person.click()
    expect(page.locator("table.grid caption")).to_contain_text("person")
    settled(page)
    expect(page.locator("table.grid caption")).to_contain_text("person")
    for route in held:
        route.continue_()


@pytest.mark.slow
def test_the_filter_of_a_table_does_not_follow_into_another_view(opened: Open) -> None:
    page = opened("#/table?")
    page.fill("#table-filter", "caritas")
    page.click("#view-timeline")
    expect(page.locator("table.grid")).to_have_count(0)
    settled(page)
    assert "caritas" not in fragment(page)


@pytest.mark.slow
def test_what_is_typed_stays_when_the_language_changes(opened: Open) -> None:
    page = opened("#/table?")
    page.fill("#search", "cis")
    page.click("#switch-language")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#search")).to_have_value("cis")
    expect(page.locator("#search")).to_have_attribute(
        "placeholder", "e.g. ziola, caritas 2020, who founded the cluster"
    )


@pytest.mark.slow
def test_the_focus_comes_back_to_what_opened_a_card(opened: Open) -> None:
    page = opened("#/map?")
    search(page, "ziola")
    page.keyboard.press("Enter")
    for opener in (None, ".spot[data-iri$='/siedlce']", ".region[data-iri$='/mazowieckie']"):
        if opener:
            page.locator(opener).focus()
            page.keyboard.press("Enter")
        card(page)
        expect(page.locator("aside.panel h2")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(opener or "#search")).to_be_focused()


@pytest.mark.slow
def test_a_menu_closes_and_gives_the_focus_back(opened: Open) -> None:
    page = opened("#/network?")
    page.wait_for_selector(".canvas canvas")
    page.focus("#download")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("#download")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("details.menu[open]")).to_have_count(1)
    settled(page)
    page.click(".showing")
    expect(page.locator("details.menu[open]")).to_have_count(0)


@pytest.mark.slow
def test_nothing_found_is_no_empty_list(opened: Open) -> None:
    page = opened("#/table?")
    page.wait_for_selector("table.grid")
    page.fill("#search", "qqqxyzzy")
    expect(page.locator(".search [role=status]")).to_contain_text("qqqxyzzy")
    assert [(one["id"], one["impact"]) for one in faults(page) if one["impact"] in ("critical", "serious")] == []


@pytest.mark.slow
def test_a_day_is_typed_and_the_slider_goes_over_all_known_days(opened: Open) -> None:
    page = opened("#/network?")
    expect(page.locator("#day")).to_have_attribute("min", ALL_DAYS)
    page.fill("#day-date", "2018-03-22")
    expect(page.locator(".filters output")).to_have_text("22 marca 2018")
    assert "day=2018-03-22" in fragment(page)
    page.fill("#day-date", "")
    expect(page.locator(".filters output")).to_have_text("Wszystkie daty")


@pytest.mark.slow
def test_a_chain_that_is_none_names_its_ends(opened: Open) -> None:
    page = opened("#/table?chain=id/mcps&chain=id/cluster-kps", allow=NO_CHAIN)
    shown = card(page)
    assert "Mazowieckie Centrum Polityki Społecznej" in shown and "Klaster Przedsiębiorstw Społecznych" in shown
    assert "id/" not in shown


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "said"), [("pl", "Serwer uciął tę odpowiedź"), ("en", "The server cut this answer")])
def test_an_answer_that_was_cut_is_not_shown_as_whole(browser: Browser, built: Path, lang: str, said: str) -> None:
    query = "SELECT ?a ?b ?c ?d ?e { ?a ?b ?c . ?d ?e ?c } LIMIT 20000"
    with serving("--graph", str(built), "--max-answer", "1") as server:
        page = browser.new_page()
        page.goto(f"{server.url}/#/sparql?lang={lang}&:query={quote(query)}")
        expect(page.locator(".sparql-results .doubt")).to_contain_text(said, timeout=20_000)
        page.close()


# ── Embedding ──


@pytest.mark.slow
def test_the_html_of_a_view_works_in_a_page_of_another_site(opened: Open, browser: Browser, tmp_path: Path) -> None:
    page = opened("#/questions?:question=seats&:form=map&theme=dark", lang="en")
    page.click("#embed")
    expect(page.locator("#embed-code")).to_have_value(re.compile("<iframe"))
    html = page.input_value("#embed-code")
    (tmp_path / "index.html").write_text(f"<!doctype html><title>Somebody</title>{html}", encoding="utf-8")
    with serving_files(tmp_path) as host:
        outer = browser.new_page(locale="pl-PL")
        wrong: list[str] = []
        outer.on("pageerror", lambda error: wrong.append(str(error)))
        outer.goto(host)
        inside = outer.frame_locator("iframe")
        expect(inside.locator("html")).to_have_attribute("lang", "en")
        expect(inside.locator("html")).to_have_attribute("data-mode", "dark")
        expect(inside.locator("header")).to_be_hidden()
        inside.locator(".spot[data-iri$='/siedlce']").click()
        expect(inside.locator("aside.panel h2")).to_have_text("Siedlce")
        with outer.context.expect_page() as opened_whole:
            inside.get_by_text("Open the full view").click()
        whole = opened_whole.value.url
        assert "thing=id/siedlce" in whole and ":form=map" in whole and "embed" not in whole
        assert outer.url == host
        assert wrong == []
        outer.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1400])
def test_the_picture_fills_an_embedded_page(opened: Open, width: int) -> None:
    page = opened("#/network?embed=1", width=width)
    page.wait_for_selector(".canvas canvas")
    box = page.locator("#picture").bounding_box()
    assert box and box["width"] == width and box["height"] > 700
    assert page.locator("#share, #embed").count() == 0


@pytest.mark.slow
def test_the_network_is_printed_as_a_drawing(opened: Open) -> None:
    page = opened("#/network?start=whole", dark=True)
    expect(page.locator(".showing")).to_contain_text("fakt")
    page.wait_for_selector(".canvas canvas.labels")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".canvas > svg line").first).to_be_visible()
    expect(page.locator(".canvas canvas.labels")).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("data-mode", "light")
    lines = page.eval_on_selector_all(
        ".canvas > svg line",
        "all => all.map(one => ['x1', 'y1', 'x2', 'y2'].map(name => one.getAttribute(name)).join(' '))",
    )
    assert len(lines) > 100
    assert len(set(lines)) == len(lines), "facts between the same two things lie on one another"
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".canvas > svg")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("data-mode", "dark")


@pytest.mark.slow
def test_the_map_is_printed_whole_and_above_its_list(opened: Open) -> None:
    page = opened("#/map")
    page.wait_for_selector(".chart .spot")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 990})
    chart, land, places = (page.locator(at).bounding_box() for at in (".chart", ".chart .outer", "#map-list"))
    assert chart and land and places
    assert land["x"] >= 0 and land["x"] + land["width"] <= 700 and land["height"] > 200
    assert chart["y"] < 300
    assert chart["y"] + chart["height"] <= places["y"]
    for button in ("#share", "#embed", "#map-fit"):
        expect(page.locator(button)).to_be_hidden()


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 1920])
def test_tools_and_list_of_the_network_stay_clear_of_the_card(opened: Open, width: int) -> None:
    page = opened(ZIOLA + "&list=1", width=width)
    card(page)
    expect(page.locator("#list tbody tr")).not_to_have_count(0)
    panel = page.locator("aside.panel").bounding_box()
    assert panel
    for part in (".toolbar > *", "#list", "#list caption", "#list td:last-child"):
        for one in page.locator(part).all():
            box = one.bounding_box()
            assert box and box["x"] + box["width"] <= panel["x"] + 1, part
    tools, listed = page.locator(".toolbar").bounding_box(), page.locator("#list").bounding_box()
    assert tools and listed and tools["y"] + tools["height"] <= listed["y"] + 1


@pytest.mark.slow
def test_what_is_found_on_a_phone_lies_above_the_sheet(opened: Open) -> None:
    page = opened(width=390)
    page.wait_for_selector(".canvas canvas.labels")
    page.evaluate(f"() => {{ {RINGED} }}")
    search(page, "ziola")
    page.keyboard.press("Enter")
    card(page)
    settled(page)
    page.wait_for_function("() => ringed !== null && Math.abs(ringed[0] - innerWidth / 2) < innerWidth / 2")
    sheet, stage = page.locator("aside.panel").bounding_box(), page.locator(".picture").bounding_box()
    assert sheet and stage
    x, y = page.evaluate("ringed")
    assert 0 < x < 390
    assert 40 < y < sheet["y"] - stage["y"] - 60, "the name below it has no room"


@pytest.mark.slow
def test_a_fact_is_told_in_parts_that_need_no_grammar(opened: Open) -> None:
    page = opened("#/network?chain=id/ziola-siedleckie&chain=id/artur-pozorek")
    expect(page.locator("p.ends")).to_have_text("Spółdzielnia Socjalna „Zioła Siedleckie” → Artur Pozorek")
    expect(page.locator(".steps .sentence").first).to_have_text(re.compile(r".+ · .+: .+"))


@pytest.mark.slow
def test_another_name_is_shown_only_when_it_is_what_was_found(opened: Open) -> None:
    page = opened()
    search(page, "pozorek")
    expect(page.locator("#search-list .also")).to_have_count(0)
    search(page, "cooperative")
    expect(page.locator("#search-list .also").first).to_be_visible()


def test_a_table_is_taken_with_the_headings_that_are_seen(opened: Open) -> None:
    page = opened("#/table")
    with page.expect_download() as taken:
        page.click("#take-csv")
    [head, *_] = taken.value.path().read_text().splitlines()
    assert head == "IRI,Nazwa,Rodzaj,Klasyfikacja,Miejsce,Pierwsza data,Fakty,Źródła"
