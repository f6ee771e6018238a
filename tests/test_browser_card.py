"""The card in the explorer, in a real browser: who founded the cluster and on whose word, offices with their time."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browsing import Open, settled

ANSWERS = {
    "pl": ("Od kiedy", "22 marca 2018", "Założyciele", "według: Centrum Integracji Społecznej w Siedlcach, 2018"),
    "en": (
        "Since when",
        "22 March 2018",
        "Founded by",
        "according to: Centrum Integracji Społecznej w Siedlcach, 2018",
    ),
}


def row(page: Page, name: str) -> Locator:
    """The value of a key fact."""
    return page.locator(".key-facts dt", has_text=re.compile(f"^{name}$")).locator("xpath=following-sibling::dd[1]")


@pytest.mark.parametrize("lang", ["pl", pytest.param("en", marks=pytest.mark.slow)])
def test_one_search_tells_who_founded_the_cluster_when_and_on_whose_word(opened: Open, lang: str) -> None:
    since, day, founders, word = ANSWERS[lang]
    page = opened("#/network", lang=lang)
    page.fill("#search", "siedlecki klaster" if lang == "pl" else "siedlce social economy cluster")
    name = "Siedlecki Klaster Ekonomii Społecznej" if lang == "pl" else "Siedlce Social Economy Cluster"
    page.locator("#search-list [role=option]").filter(has_text=name).first.click()
    expect(row(page, since)).to_contain_text(day)
    expect(row(page, founders).locator("> a")).to_have_count(5)
    proof = row(page, founders).locator(".proof")
    expect(proof.locator("summary").first).to_have_text(word)
    proof.locator("summary").first.click()
    expect(proof.locator("q").first).to_contain_text("założycieli")
    expect(page.locator(".in-short")).to_contain_text(day)


@pytest.mark.slow
def test_an_office_says_its_time_and_who_came_later_and_the_way_leads_back(opened: Open) -> None:
    page = opened("#/table?thing=id/artur-pozorek&day=2026-01-01")
    office = page.locator(".facts > li").filter(has_text="pełniący obowiązki dyrektora")
    expect(office).to_contain_text("poświadczone 22 marca 2018 – 16 stycznia 2019; brak informacji o zakończeniu")
    expect(office).to_contain_text("później na tym stanowisku: Aleksander Kornatowski")
    assert "jest obecnie" not in page.inner_text("aside.panel")
    office.locator("a", has_text="Aleksander Kornatowski").click()
    expect(page.locator("aside.panel h2")).to_have_text("Aleksander Kornatowski")
    page.locator(".back button").click()
    expect(page.locator("aside.panel h2")).to_have_text("Artur Pozorek")
    expect(page.locator(".back")).to_have_count(0)


def test_evidence_opens_in_place_and_why_is_a_sentence(opened: Open) -> None:
    page = opened("#/table?thing=id/ziola-siedleckie")
    signed = page.locator(".group").filter(has=page.locator("h4", has_text="Podpisane porozumienia"))
    expect(signed.locator(".evidence")).to_have_count(2)
    signed.locator(".evidence summary").last.click()
    expect(signed.locator(".passages .where")).to_contain_text(re.compile(r"1461\s*–\s*1479"))
    expect(signed.locator("a.leaves").last).to_have_attribute("href", re.compile("^http.*powstal-siedlecki-klaster"))
    together = page.locator(".group").filter(has=page.locator("h4", has_text="Współpraca na mocy porozumień"))
    expect(together.locator(".because").first).to_contain_text("Obie strony podpisały to samo porozumienie")
    together.get_by_role("button").first.click()
    expect(together.locator(".tree").first).to_be_visible()


@pytest.mark.slow
def test_no_relation_is_told_twice_and_what_follows_is_folded(opened: Open) -> None:
    page = opened("#/table?thing=id/cluster-siedlce")
    names = page.locator(".told h4")
    expect(names.filter(has_text="Założyciele")).to_have_count(1)
    shown = names.all_inner_texts()
    assert len(shown) == len({re.sub(r" \(\d+\)$", "", name) for name in shown})
    assert not [name for name in shown if "jako cel" in name or "→" in name]
    folded = page.locator(".inferred-facts")
    expect(folded.locator(".group")).to_have_count(0)
    folded.locator("summary").first.click()
    expect(folded.locator(".group").first).to_be_visible()
    settled(page)
    expect(folded).to_contain_text("Klasy")
