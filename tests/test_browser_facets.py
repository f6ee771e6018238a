"""One selection in every view, tables taken as files, and the static site beside the server, in a real browser."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browsing import Open, fragment, settled

BLUE = (0x00, 0x72, 0xB2)


def names(page: Page) -> list[str]:
    """The names in the rows of the table."""
    return page.locator("table.grid tbody th").all_inner_texts()


def total(page: Page) -> int:
    """The number of rows of the whole table."""
    return int(re.findall(r"\d+", page.locator(".pager .range").first.inner_text())[-1])


@pytest.mark.parametrize(("lang", "label"), [("pl", "Siedlce"), pytest.param("en", "Siedlce", marks=pytest.mark.slow)])
def test_a_place_chosen_in_the_network_stays_chosen_in_every_view(opened: Open, lang: str, label: str) -> None:
    page = opened("#/network?", lang=lang)
    page.locator("[data-list=place]").filter(has_text=re.compile(rf"^\s*{label}")).click()
    page.wait_for_url("**place=id/siedlce**")
    settled(page)
    count = page.locator("[data-list=place][data-value$='/siedlce'] .count").inner_text()
    page.click("#view-table")
    expect(page.locator(".chip-button")).to_have_text(re.compile(label))
    expect(page.locator(".pager .range").first).to_have_text(re.compile(rf"1–{count} \w+ {count}"))
    page.click("#view-map")
    expect(page.locator(".spot")).to_have_count(1)
    expect(page.locator(".spot")).to_have_attribute("aria-label", re.compile(rf"^Siedlce, {count} "))
    page.click("#view-timeline")
    expect(page.locator(".moment").first).to_be_visible()
    expect(page.locator("[data-thing$='/agreement-2018']")).to_be_visible()
    expect(page.locator("[data-thing$='/agreement-jaroslaw-2015']")).to_have_count(0)
    assert "place=id/siedlce" in fragment(page)
    page.locator(".chip-button").click()
    expect(page.locator("[data-thing$='/agreement-jaroslaw-2015']")).to_be_visible()
    page.go_back()
    expect(page.locator("[data-thing$='/agreement-jaroslaw-2015']")).to_have_count(0)


def blue(page: Page) -> int:
    """The pixels of the picture in the colour of organisations, away from the legend."""
    image = Image.open(io.BytesIO(page.locator(".stage").screenshot())).convert("RGB")
    return sum(count for count, colour in image.getcolors(image.width * image.height) or [] if colour == BLUE)


@pytest.mark.slow
def test_the_picture_has_only_what_is_chosen(opened: Open) -> None:
    page = opened("#/network?lang=pl")
    settled(page)
    assert blue(page) > 500
    page.locator("[data-list=kind][data-value$='#Agreement'] input").check()
    expect(page.locator(".showing")).to_contain_text("9 elementów")
    settled(page)
    assert blue(page) < 20


def test_a_workbook_has_the_rows_of_the_table(opened: Open, tmp_path: Path) -> None:
    page = opened("#/table?kind=http://www.w3.org/ns/org%23Organization&:sort=name")
    expect(page.locator("table.grid tbody tr")).to_have_count(54)
    shown = [
        [cell.strip() for cell in row.locator("th, td").all_inner_texts()]
        for row in page.locator("table.grid tbody tr").all()
    ]
    with page.expect_download() as taken:
        page.click("#take-xlsx")
    taken.value.save_as(tmp_path / "taken.xlsx")
    head, *rows = openpyxl.load_workbook(tmp_path / "taken.xlsx").active.iter_rows(values_only=True)  # type: ignore[union-attr]
    assert head == ("IRI", "Nazwa", "Rodzaj", "Klasyfikacja", "Miejsce", "Pierwsza data", "Fakty", "Źródła")
    told = [["" if cell is None else str(cell) for cell in row] for row in rows]
    assert [[*row[1:5], *row[6:]] for row in told] == [[*row[:4], *row[5:]] for row in shown]
    with page.expect_download() as excel:
        page.click("#take-excel")
    content = excel.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert [*csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")][1:] == told


@pytest.mark.slow
def test_a_table_is_walked_through_by_keyboard(opened: Open) -> None:
    page = opened("#/table?:sort=name")
    expect(page.locator(".pager .range").first).to_have_text(re.compile(r"^elementy 1–100 z 2\d\d"))
    entries = total(page)
    page.locator("table.grid tbody th a").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("table.grid tbody tr:nth-child(2) th a")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("table.grid tbody tr:last-child th a")).to_be_focused()
    last = names(page)[-1]
    page.focus("#next-top")
    page.keyboard.press("Enter")
    expect(page.locator(".pager .range").first).to_have_text(re.compile(f"^elementy 101–200 z {entries}"))
    assert last not in names(page)
    page.keyboard.press("Enter")
    expect(page.locator(".pager .range").first).to_have_text(re.compile(f"^elementy 201–{entries} z {entries}"))
    expect(page.locator("#next-top")).to_be_disabled()
    page.locator("table.grid tbody th a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("aside.panel h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("table.grid tbody tr:nth-child(1) th a")).to_be_focused()


@pytest.mark.slow
def test_years_are_chosen_and_the_axis_opens_on_them(opened: Open) -> None:
    page = opened("#/timeline?")
    expect(page.locator(".years text").first).to_have_text("1990")
    page.fill("#year-from", "2018")
    page.fill("#year-to", "2020")
    page.press("#year-to", "Enter")
    page.wait_for_url("**year=2018/2020**")
    expect(page.locator(".years text").first).to_have_text("2018")
    expect(page.locator("[data-group=signing] .moment")).not_to_have_count(0)
    page.click("#zoom-in")
    page.wait_for_url("**:zoom=**")
    expect(page.locator("#zoom-all")).to_be_enabled()
    page.click("#view-table")
    expect(page.locator(".chip-button")).to_have_text(re.compile("2018–2020"))


@pytest.mark.slow
def test_every_view_counts_the_same_and_the_map_lists_what_it_cannot_show(opened: Open) -> None:
    page = opened("#/table?")
    expect(page.locator(".pager .range").first).to_contain_text("elementy 1–100 z ")
    expect(page.locator("footer")).to_contain_text(f"{total(page)} element")
    page.click("#view-map")
    expect(page.locator("#unplaced [data-thing$='/cluster-pomorski']")).to_be_visible()
    expect(page.locator("[data-place$='/cluster-pomorski'], .spot[data-iri$='/cluster-pomorski']")).to_have_count(0)


def test_a_day_is_typed_as_the_page_writes_it_or_picked(opened: Open) -> None:
    page = opened("#/network?")
    field = page.locator("#day-date")
    expect(field).to_have_attribute("placeholder", "rrrr-mm-dd")
    field.press_sequentially("2018-03-2")
    assert "day=" not in fragment(page)
    field.press_sequentially("2")
    page.wait_for_url("**day=2018-03-22**")
    page.click("#pick-day")
    calendar = page.locator(".day input[type=date]")
    expect(calendar).to_have_value("2018-03-22")
    calendar.fill("2020-09-14")
    page.wait_for_url("**day=2020-09-14**")
    page.locator("#picture").focus()
    expect(field).to_have_value("2020-09-14")


@pytest.mark.slow
def test_a_map_is_taken_in_a_frame_that_says_what_it_is(opened: Open, tmp_path: Path) -> None:
    page = opened("#/map?")
    page.click("#download")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Rysunek SVG").click()
    taken.value.save_as(tmp_path / "map.svg")
    text = (tmp_path / "map.svg").read_text(encoding="utf-8")
    for part in ("Mapa</text>", "Siedlce", "Liczba w województwie", "CC BY 4.0", "#/map?", "Natural Earth"):
        assert part in text
    assert re.search(r"na podstawie [1-9]\d+ źródeł", text)
    assert "var(" not in text and "oklab" not in text
    page.click("#download")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Obraz PNG").click()
    taken.value.save_as(tmp_path / "map.png")
    assert Image.open(tmp_path / "map.png").width >= 1800
