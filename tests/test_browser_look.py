"""The look of the explorer in a browser: first visit, keyboard, phone, and pictures that leave the site."""

import re
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import DRAWN, Open, settled

FOCUSED = (
    "document.activeElement === document.body ? 'body' : document.activeElement.id || document.activeElement.tagName"
)
WEIGHT = 160_000
"""Bytes that a first visit may transfer, text as gzip would compress it."""


@pytest.fixture
def visit(opened: Open) -> Open:
    """A function that opens the explorer, on a narrow screen as on a phone."""

    def open_page(at: str = "", *, width: int = 1400, **options: object) -> Page:
        return opened(at, width=width, mobile=width < 500, **options)

    return open_page


def compressed(body: bytes) -> int:
    return min(len(body), len(zlib.compress(body, 6)))


@pytest.mark.parametrize(
    ("lang", "question", "founder", "day"),
    [
        ("pl", "Kto założył klaster", "Zioła Siedleckie", "22 marca 2018"),
        pytest.param("en", "Who founded the cluster", "Zioła Siedleckie", "22 March 2018", marks=pytest.mark.slow),
    ],
)
def test_a_first_visit_is_light_and_a_click_answers_a_question(
    visit: Open, lang: str, question: str, founder: str, day: str
) -> None:
    page = visit(lang=lang, fresh=True)
    page.wait_for_selector(DRAWN["network"])
    expect(page.locator(".asks a")).to_have_count(3)
    settled(page)
    fetched = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assets = [page.request.get(one).body() for one in fetched if "/assets/" in one]
    assert any(body.startswith(b"wOF2") for body in assets)
    assert sum(map(compressed, assets)) <= WEIGHT
    letters = "ąęłóśźż" if lang == "pl" else "abc"
    assert page.evaluate(f"document.fonts.check('1rem \"Figtree Variable\"', '{letters}')")
    introduction, _, answers = page.inner_text("aside.panel").partition(page.inner_text(".asks h3"))
    assert introduction and not re.search(r"\d", introduction), "no number before the questions"
    assert founder in answers and day in answers, "the answer in short"
    page.locator(".asks a", has_text=question).click()
    expect(page.locator(".view table")).to_contain_text(founder)
    assert page.evaluate(FOCUSED) != "body"


@pytest.mark.slow
def test_the_picture_is_played_by_keys_and_the_focus_never_falls_to_the_body(visit: Open) -> None:
    page = visit(fresh=True)
    page.wait_for_selector(DRAWN["network"])
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Przejdź do obrazu":
            page.keyboard.press("Enter")
            break
    assert page.evaluate(FOCUSED) == "picture"
    shown = page.inner_text(".showing")
    for key in ("ArrowRight", "ArrowDown", "e", "ArrowLeft", "+", "0", "p"):
        page.keyboard.press(key)
        settled(page)
        assert page.evaluate(FOCUSED) == "picture", key
    expect(page.locator(".showing")).not_to_have_text(shown)
    page.keyboard.press("Enter")
    expect(page.locator("aside.panel h2")).to_be_focused()
    page.keyboard.press("Escape")
    settled(page)
    assert page.evaluate(FOCUSED) == "picture"


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "line"), [("pl", "Zacznij od trzech pytań"), ("en", "Start with three questions")])
def test_on_a_phone_the_picture_comes_first_and_the_introduction_is_one_line(visit: Open, lang: str, line: str) -> None:
    page = visit(lang=lang, width=390, fresh=True)
    page.wait_for_selector(DRAWN["network"])
    settled(page)
    picture, panel, legend = (page.locator(one).bounding_box() for one in ("#picture", "aside.panel", ".filters"))
    assert picture and panel and legend
    assert picture["y"] < legend["y"] and picture["height"] > 400
    assert panel["height"] < 60 and picture["y"] + picture["height"] <= panel["y"] + 1
    page.locator(".intro-line", has_text=line).tap()
    expect(page.locator(".asks a")).to_have_count(3)
    expect(page.locator(".advice")).to_contain_text("Dotknij" if lang == "pl" else "Tap")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def pixels(png: bytes) -> tuple[int, int, set[bytes]]:
    """Width, height, and the colours that the last tenth of the rows has, where a frame has its credit."""
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and (depth, colour) == (8, 6)
    at, data = 8, b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        data += png[at + 8 : at + 8 + length] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + length
    raw, row = zlib.decompress(data), width * 4 + 1
    last = raw[-row * (height // 10) :]
    return width, height, {last[one : one + row] for one in range(0, len(last), row)}


def test_a_picture_leaves_with_title_legend_date_source_licence_and_address(visit: Open, tmp_path: Path) -> None:
    page = visit("#/network?day=2018-06-01")
    page.wait_for_selector(DRAWN["network"])
    saved = {}
    for name in ("png", "svg"):
        page.click("#download")
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile(name.upper())).click()
        download.value.save_as(tmp_path / name)
        saved[name] = (tmp_path / name).read_bytes()
    svg = saved["svg"].decode()
    page.set_content(svg.partition("?>")[2])
    texts = page.locator("svg > g > text").all_text_contents()
    written = "\n".join(texts)
    assert texts[0] == "Graf wiedzy ekonomii społecznej"
    for part in ("Stan na dzień: 1 czerwca 2018", "klaster ekonomii społecznej", "podane w źródle", "Obraz z dnia"):
        assert part in written
    assert re.search(r"na podstawie \d+ źródeł", written)
    assert "CC BY 4.0" in written and "day=2018-06-01" in written
    width, height, rows = pixels(saved["png"])
    assert (width, height) == tuple(
        2 * int(size) for size in re.findall(r'(?:width|height)="(\d+)"', svg.partition("viewBox")[0])
    )
    assert len(rows) > 20, "the credit stands in the last rows"


@pytest.mark.slow
def test_an_embedded_picture_has_its_legend(visit: Open) -> None:
    page = visit("#/network?embed=1")
    page.wait_for_selector(DRAWN["network"])
    expect(page.locator(".footer-legend li").first).to_contain_text("klaster ekonomii społecznej")
    expect(page.locator(".footer-legend")).to_contain_text("podane w źródle")
