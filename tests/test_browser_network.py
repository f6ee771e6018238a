"""The picture of the network in a real browser: labels apart, clusters named, lines that open what they stand for."""

from itertools import combinations

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Open, settled

LABELLED = "document.addEventListener('labelled', event => { window.labelled = event.detail })"
"""Keeps the labels of the last drawing, with the lines that they avoid."""

Box = list[float]


@pytest.fixture
def opened(opened: Open) -> Open:
    """A function that opens the explorer at a fragment, and waits for the labels."""

    def open_page(at: str = "", **options: object) -> Page:
        page = opened(at, script=LABELLED, **options)
        page.wait_for_function("() => window.labelled?.placed.length")
        settled(page)
        return page

    return open_page


def crosses(line: Box, box: Box) -> bool:
    """Whether a line goes through a box: by the shares of the line that lie inside its left, right, top and bottom."""
    (x1, y1, x2, y2), (left, top, right, bottom) = line, box
    begin, end = 0.0, 1.0
    for step, room in ((x1 - x2, x1 - left), (x2 - x1, right - x1), (y1 - y2, y1 - top), (y2 - y1, bottom - y1)):
        if step < 0:
            begin = max(begin, room / step)
        elif step > 0:
            end = min(end, room / step)
        elif room < 0:
            return False
    return begin <= end


def overlaps(page: Page) -> tuple[list[tuple[str, str]], list[tuple[str, list[str]]]]:
    """The pairs of labels on each other, and the labels on lines of others with the owners of the line."""
    placed, lines = (page.evaluate(f"labelled.{part}") for part in ("placed", "lines"))
    on_labels = [
        (one["id"], other["id"])
        for one, other in combinations(placed, 2)
        if all(one["box"][a] < other["box"][a + 2] and other["box"][a] < one["box"][a + 2] for a in (0, 1))
    ]
    foreign = [(one, line) for one in placed for line in lines if one["id"] not in line["owners"]]
    return on_labels, [(one["id"], line["owners"]) for one, line in foreign if crosses(line["line"], one["box"])]


def labelled(page: Page) -> set[str]:
    return {
        str(one).removeprefix("https://w3id.org/sekg/id/") for one in page.evaluate("labelled.placed.map(p => p.id)")
    }


@pytest.mark.parametrize(
    ("width", "lang", "fresh"),
    [
        (1400, "pl", True),
        pytest.param(1400, "en", False, marks=pytest.mark.slow),
        pytest.param(390, "en", False, marks=pytest.mark.slow),
    ],
)
def test_the_first_picture_names_the_clusters_and_no_label_lies_on_another_or_on_a_line(
    opened: Open, width: int, lang: str, fresh: bool
) -> None:
    page = opened(lang=lang, width=width, fresh=fresh)
    assert overlaps(page) == ([], [])
    assert page.evaluate("labelled.lines.length") > 50
    names = labelled(page)
    assert "cluster-siedlce" in names
    if width > 500:
        assert len([name for name in names if name.startswith("cluster-") and "|" not in name]) == 7


@pytest.mark.slow
def test_the_picture_is_fitted_again_when_a_panel_opens_and_closes_unless_it_was_moved(opened: Open) -> None:
    page = opened(fresh=True)
    place = "labelled.placed.find(({ id }) => id.endsWith('/cluster-siedlce')).x"
    beside = page.evaluate(place)
    page.click("aside.panel .close")
    page.wait_for_function(f"() => {place} > {beside} + 60")
    assert overlaps(page) == ([], [])
    page.click("#zoom-in")
    settled(page)
    moved = page.evaluate("labelled.placed.map(({ x }) => x)")
    page.evaluate("location.hash = '#/network?thing=id/cluster-siedlce'")
    page.wait_for_selector("aside.panel h2")
    settled(page)
    assert set(moved) & set(page.evaluate("labelled.placed.map(({ x }) => x)"))


def test_a_neighbourhood_is_grouped_by_relation_and_a_function_opens_its_evidence(opened: Open) -> None:
    page = opened("#/network?start=focus:id/mcps", lang="en")
    assert overlaps(page)[0] == []
    sectors = {tuple(label["lines"]) for label in page.evaluate("labelled.placed") if label["id"].startswith("sector ")}
    assert ("has signatory (2)",) in sectors and ("membership (2)",) in sectors
    expect(page.locator(".filters")).not_to_contain_text("Signing event")
    page.click("#as-list")
    page.locator("#list tr", has_text="Artur Pozorek").locator("button").click()
    expect(page.locator("aside.panel h2")).to_contain_text("Artur Pozorek")
    expect(page.locator("aside.panel")).to_contain_text("Page of the CIS in Siedlce on the founding of the cluster")
    expect(page.locator("#list tr", has_text="Artur Pozorek")).to_have_count(1)
