"""What the explorer shows and gives away beside its views: marks of key facts, charts and the timeline as files."""

import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode
from zlib import crc32

import pyoxigraph as ox
import pytest
from playwright.sync_api import Page, expect

from kgraph.base.paths import Folders
from kgraph.base.vocab import BASE, term
from kgraph.build import pipeline
from kgraph.graph import views
from kgraph.graph.entity import cards
from kgraph.graph.entity.sentence import sentence
from kgraph.graph.faceting import facets, listing
from kgraph.graph.faceting.listing import Order
from kgraph.graph.faceting.selection import selection
from kgraph.publish.pages.book import book_of
from kgraph.publish.release import explorer
from tests.browsing import Open, settled
from tests.test_browser import RINGED
from tests.test_browser_card import row

KINDS = "SELECT ?kind (COUNT(?thing) AS ?n) { ?thing a ?kind } GROUP BY ?kind ORDER BY DESC(?n)"


def taken(page: Page, button: str, path: Path) -> str:
    """The text of the picture that a button downloads."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    download.value.save_as(path)
    return path.read_text(encoding="utf-8")


def test_a_key_fact_that_no_source_asserts_is_marked(opened: Open) -> None:
    page = opened("#/table?thing=id/cluster-siedlce")
    expect(row(page, "Gdzie").locator(".chip.said")).to_have_text(["wynika z kontekstu", "inne możliwe odczytanie"])
    expect(row(page, "Założyciele").locator(".chip")).to_have_count(0)
    page.goto(page.url.replace("cluster-siedlce", "cluster-jaroslaw"))
    expect(row(page, "Gdzie").locator(".chip.inferred")).to_have_text("wywnioskowane")


def test_the_timeline_and_a_chart_are_taken_in_a_frame(opened: Open, tmp_path: Path) -> None:
    page = opened("#/timeline?year=2018/2020")
    page.wait_for_selector(".moment")
    page.click("#download")
    text = taken(page, "Rysunek SVG", tmp_path / "timeline.svg")
    for part in ("Oś czasu</text>", "podpisanie porozumienia", "koniec nieznany", "CC BY 4.0", "year=2018/2020"):
        assert part in text, part
    assert re.search(r"na podstawie [1-9]\d* źródeł", text) and re.search(r"Obraz z dnia \d+ \w+ \d{4}", text)
    assert 'mask id="fading"' in text and "var(" not in text
    expect(page.locator(".apart")).to_have_count(0)
    page = opened(f"#/sparql?{urlencode({':query': KINDS, ':run': '1', ':form': 'chart'})}", lang="en")
    chart = taken(page, "SVG", tmp_path / "chart.svg")
    for part in ("?n by ?kind</text>", "social economy cluster", "CC BY 4.0", "form=chart", "Source:"):
        assert part in chart, part
    bars = page.locator(".chart-svg rect").count()
    assert len(re.findall(r"<rect [^>]*rx=", chart)) == bars > 10


def test_a_contradiction_says_why_both_sides_cannot_hold(graph: ox.Store) -> None:
    found = views.disputes(graph)["disputes"]
    assert any(one["contradiction"] for one in found)  # type: ignore[attr-defined]
    for one in found:  # type: ignore[attr-defined]
        assert (one["because"] is not None) == one["contradiction"]
        assert not one["because"] or one["because"]["pl"] != one["because"]["en"]


@pytest.mark.slow
def test_on_a_phone_a_card_leaves_its_thing_in_sight_and_explanations_wait(opened: Open) -> None:
    page = opened("#/network?thing=id/mcps", width=390, mobile=True, script=RINGED)
    page.wait_for_selector("aside.panel .in-short")
    settled(page)
    room, panel = page.locator("#picture").bounding_box(), page.locator("aside.panel").bounding_box()
    assert room and panel
    across, down = page.evaluate("ringed")
    assert 0 < across < room["width"] and 0 < down < panel["y"] - room["y"]
    page.goto(page.url.partition("#")[0] + "#/questions?:question=leaders")
    folded = page.locator("details.explained")
    expect(folded.locator("summary")).to_be_visible()
    expect(folded.locator("p")).to_be_hidden()


def test_a_bounded_card_counts_what_it_leaves_out(graph: ox.Store) -> None:
    place = term("id:mazowieckie")
    whole, bounded = cards.card(graph, place), cards.card(graph, place, most=25)
    assert whole.left == {} and bounded.left and len(bounded.facts) < len(whole.facts)
    told, shown = (
        Counter(f.predicate.value for f in one.facts if f.object == place and (f.asserted or f.rule))
        for one in (whole, bounded)
    )
    for predicate, left in bounded.left.items():
        assert shown[predicate.value] + left == told[predicate.value]
    assert cards.card(graph, place, most=10_000).left == {}


def test_a_first_date_is_no_more_precise_than_what_is_known(graph: ox.Store) -> None:
    index = facets.index(graph, facets.dates(graph))
    whole = listing.table(index, selection({}), Order(), size=1000)
    since = {row["iri"].removeprefix(BASE): row["from"] for row in whole["rows"]}  # type: ignore[attr-defined]
    assert since["id/agreement-lokomotywa-2014"] == "2014-10", "a month"
    assert since["id/signing-2018"] == "2018-03-22"
    rows = {str(row[0]).removeprefix(BASE): row for row in listing.cells(index, selection({}), Order())}
    assert "2014-10" in rows["id/agreement-lokomotywa-2014"]


def test_an_organisation_is_introduced_by_those_who_are_in_office_last(graph: ox.Store) -> None:
    for lang, name in (("pl", "Kornatowski (poświadczone 1 marca 2024"), ("en", "Kornatowski (attested 1 March 2024")):
        told = sentence(cards.card(graph, term("id:mcps"), lang))
        assert name in told and "Pozorek" not in told
    assert "16 January 2019" in sentence(cards.card(graph, term("id:artur-pozorek"), "en")), "his own card"


def test_a_graph_in_which_no_facts_link_things_has_the_files_of_an_explorer(bare: Folders) -> None:
    files = dict(explorer.files(book_of(pipeline.graph(bare), bare)))
    assert json.loads(files["answers.json"])["chain"]["pl"]["results"]["bindings"] == []
    assert json.loads(files["answers.json"])["entities-in-territory"]["pl"]["head"]["vars"]


def test_the_iri_of_a_thing_leads_to_the_file_with_its_card_and_its_reasons(bare: Folders) -> None:
    book = book_of(pipeline.graph(bare), bare)
    known = explorer.things(book.store)
    written = explorer.cards(book, map(ox.NamedNode, known))
    files = {path: json.loads(file) for path, file in explorer.card_files(written, explorer.reasons(book, known))}
    (count,) = {json.loads(content)["files"] for path, content in explorer.files(book) if path == "about.json"}
    assert 1 < len(files) <= count < len(known)
    for iri in known:
        assert files[f"things/{crc32(iri.encode()) % count}.json"]["cards"][iri]["iri"] == iri
    assert sum(len(file["cards"]) for file in files.values()) == len(known)
    reasons = {path: [one["subject"] for one in file["why"]["reasons"]] for path, file in files.items()}
    assert any(reasons.values())
    for path, subjects in reasons.items():
        assert {f"things/{crc32(subject.encode()) % count}.json" for subject in subjects} <= {path}
