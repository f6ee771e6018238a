"""What a stranger stumbled over while curating: one slip gives one message, and a silent slip gives a hint."""

import re
import shutil
from pathlib import Path

import pytest

from kgraph.base.paths import Folders
from kgraph.base.problems import Problem
from kgraph.base.words import LANGUAGES
from kgraph.cli.checked import last_line
from kgraph.errors import BadData
from kgraph.publish import check
from kgraph.publish.check import Verdict
from tests.test_curating import NAMED, PROLOGUE, Q, source

TEXT = "Umowę podpisano w Siedlcach, a w Siedlcach trwa do 2019 r. Stowarzyszenie Ziemia i Ludzie."
"""An invented text."""

TWICE = '{| oa:exact "w Siedlcach" |}'
SOURCE = f"""
id:april a se:Event {Q} ; {NAMED.format("Kwiecień")} ;
    se:date "2019-04-31"^^xsd:date {{| oa:exact "do 2019 r." |}} ;
    se:earliest "2019-04-31"^^xsd:date {{| oa:exact "do 2019 r." |}} ;
    se:latest "2019-04-30"^^xsd:date {{| oa:exact "do 2019 r." |}} .
id:caritas-siedlce a se:SocialEconomyEntity {{| oa:exact "Stowarzyszenie Ziemia i Ludzie" |}} ;
    skos:prefLabel "Stowarzyszenie Ziemia i Ludzie"@pl , "Association Earth and People"@en .
id:mcps skos:prefLabel "Mazowieckie Centrum Polityki Społecznej w Warszawie"@pl .
id:cis-siedlce a se:SocialEconomyEntity {{| oa:exact "Stowarzyszenie Ziemia i Ludzie" |}} .
id:noted a se:Event {Q} ; {NAMED.format("Uwaga")} ;
    se:date "2019"^^xsd:gYear {{| oa:exact "do 2019 r." ; skos:note "bez języka" |}} .
id:Upper a se:Event {Q} ; {NAMED.format("Wielka")} ; se:date "22.03.2019"^^xsd:date {{| oa:exact "do 2019 r." |}} .
id:tagged a se:SocialEconomyEntity {Q} ; skos:prefLabel "Zmierzch"@pol , "Dusk"@eng .
id:swapped a se:SocialEconomyEntity {Q} ;
    skos:prefLabel "Agreement of the Sun"@pl , "porozumienie Słońca"@en .
id:here a se:SocialEconomyEntity {Q} ; {NAMED.format("Tutejsza")} ; se:seatIn id:siedlce {TWICE} ;
    se:activeIn id:siedlce {TWICE} .
"""

TOLD = {
    "id:april": (
        "Dnia 2019-04-31 nie ma w kalendarzu (se:date, se:earliest): ostatni dzień tego miesiąca to 2019-04-30",
        "The calendar has no day 2019-04-31 (se:date, se:earliest): the last day of that month is 2019-04-30",
    ),
    "id:caritas-siedlce": (
        "w x.ttl zapisz id:stowarzyszenie-ziemia-i-ludzie zamiast id:caritas-siedlce tam, gdzie chodzi o „Stow",
        "in x.ttl, write id:stowarzyszenie-ziemia-i-ludzie instead of id:caritas-siedlce where “Stow",
    ),
    "id:mcps": (
        "w x.ttl zapisz skos:altLabel zamiast skos:prefLabel",
        "in x.ttl, write skos:altLabel instead of skos:prefLabel",
    ),
    'id:noted se:date "2019"^^xsd:gYear': ("dopisz @pl lub @en", "add @pl or @en"),
    "id:here se:seatIn id:siedlce, id:here se:activeIn id:siedlce": ("stoją w tekście 2 razy", "in the text 2 times"),
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, folders: Folders) -> Folders:
    path = tmp_path_factory.mktemp("curate2")
    shutil.copytree(folders.data, path / "data")
    return Folders(folders.ontology, path / "data")


@pytest.fixture(scope="module")
def verdict(copy: Folders) -> Verdict:
    draft = source(SOURCE, TEXT).replace("a se:Source ;", "a se:Source ; se:draft true ;")
    (copy.data / "sources" / "x.ttl").write_text(draft, encoding="utf-8")
    texts = {Path("x.txt"): TEXT}
    check.fix(copy, texts)
    return check.verdict(copy, texts)


def about(found: tuple[Problem, ...], node: str) -> list[Problem]:
    return [one for one in found if node in one.node and "x.ttl" in one.file]


@pytest.mark.parametrize("node", TOLD)
def test_a_slip_is_one_message_with_one_advice(verdict: Verdict, node: str) -> None:
    told, *more = about(verdict.problems, node)
    assert not more, [one.worded("pl") for one in more]
    for lang, words in zip(LANGUAGES, TOLD[node], strict=True):
        assert words in told.sentence(lang)
    advice = re.findall(r"skos:altLabel|własny identyfikator|Zapisz id:|tę datę", told.sentence("pl"))
    assert len(advice) <= 1


def test_advice_on_an_id_and_on_a_date_stands_where_they_are_wrong(verdict: Verdict) -> None:
    of_id, of_date = about(verdict.problems, "id:Upper")
    assert "Zapisz id:upper" in of_id.sentence("pl") and "Zapisz id:upper" not in of_date.sentence("pl")
    assert 'Write this date as "2019-03-22"^^xsd:date' in of_date.sentence("en")


def test_a_language_tag_is_told_by_the_tag_to_write(verdict: Verdict) -> None:
    told = about(verdict.problems, "id:tagged")
    assert [one.sentence("pl").partition(",")[0] for one in told] == [
        "„Zmierzch” ma znacznik @pol",
        "„Dusk” ma znacznik @eng",
    ]
    assert [one.sentence("en").rpartition(": ")[2] for one in told] == ["write @pl", "write @en"]


def test_the_same_choice_of_places_is_said_once_with_every_line(verdict: Verdict) -> None:
    [told] = about(verdict.problems, "id:here")
    assert len(set(told.places)) == 2 and told.where.count("x.ttl:") == 2
    assert told.sentence("pl").count("[w Siedlcach]") == 2


def test_a_quote_that_names_another_thing_is_hinted_at(verdict: Verdict, copy: Folders) -> None:
    [quoted] = about(verdict.hints, "id:cis-siedlce")
    words = "„Stowarzyszenie Ziemia i Ludzie”, a id:cis-siedlce to „Centrum Integracji Społecznej w Siedlcach”"
    assert words in quoted.sentence("pl") and "is it one thing?" in quoted.sentence("en")
    assert 'id:stowarzyszenie-ziemia-i-ludzie skos:prefLabel "…"@pl , "…"@en .' in quoted.sentence("pl")
    [swapped] = about(verdict.hints, "id:swapped")
    lines = (copy.data / "sources" / "x.ttl").read_text(encoding="utf-8").splitlines()
    assert "skos:prefLabel" in lines[swapped.places[0][0] - 1]
    assert verdict.hints[0].file == "x.ttl" and verdict.hints[-1].file == "varsovia-mcps.ttl"


def test_the_verdict_counts_drafts(verdict: Verdict) -> None:
    assert "1 szkic, niepublikowany; znaleziono" in last_line(verdict, "pl")
    assert "1 draft, not published; " in last_line(verdict, "en")


def test_an_unknown_prefix_is_told_by_the_id_that_is_known_or_by_the_search(copy: Folders, verdict: Verdict) -> None:
    path = copy.data / "sources" / "x.ttl"
    before, told = path.read_text(encoding="utf-8"), {}
    for name in ("siedlce", "grodek"):
        path.write_text(f"{PROLOGUE}id:a se:seatIn miejsce:{name} ~ .\n", encoding="utf-8")
        with pytest.raises(BadData) as raised:
            check.verdict(copy, {})
        [told[name]] = raised.value.args
    path.write_text(before, encoding="utf-8")
    assert "czy to miało być id:siedlce?" in told["siedlce"].worded("pl") and told["siedlce"].places
    assert "did you mean id:siedlce?" in told["siedlce"].worded("en")
    for lang in LANGUAGES:
        assert "kgraph search grodek" in told["grodek"].worded(lang)
