"""Selections, counts of facets, pages of tables: Turtle in, numbers out."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

from kgraph.base.vocab import term
from kgraph.errors import BadQuery
from kgraph.graph.entity import cards
from kgraph.graph.faceting import columnar, facets, listing
from kgraph.graph.faceting.facets import Index
from kgraph.graph.faceting.listing import Order
from kgraph.graph.faceting.selection import FACETS, Selection, selection
from kgraph.graph.statements import states
from kgraph.publish.formats import spreadsheet


def iri(curie: str) -> str:
    return term(curie).value


@pytest.fixture(scope="module")
def index(graph: ox.Store) -> Index:
    return facets.index(graph, facets.dates(graph))


ORGANISATIONS = selection({"kind": ["org:Organization"]})


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_texts_of_latin_letters_are_sorted_as_others_are(lang: str) -> None:
    letters = [chr(code) for code in (*range(0x250), *range(0x2000, 0x2070))]
    for text in (f"{one}{other} 007" for one in letters for other in "aŻ.\u0140"):
        assert facets.LATIN.fullmatch(text)
        assert facets.collated(text, lang) == facets.collated(f"{text}α", lang).removesuffix("α").strip()


def test_a_place_selects_what_is_in_it_and_in_all_places_inside(index: Index) -> None:
    town, region = (
        {*listing.selected(index, selection({"place": [place]}))["things"]}  # type: ignore[misc]
        for place in ("id:siedlce", "id:mazowieckie")
    )
    assert "id/zaz-siedlce" in town < region and "id/mcps" in region - town


def test_several_values_widen_a_facet_and_several_facets_narrow(index: Index) -> None:
    def total(**chosen: list[str]) -> int:
        return int(index.selected(selection(chosen)).sum())

    both = total(kind=["se:Cluster", "se:Agreement"])
    assert both == total(kind=["se:Cluster"]) + total(kind=["se:Agreement"])
    assert 0 < total(kind=["se:Agreement"], year=["2018"]) < total(kind=["se:Agreement"], year=["2014/2020"]) < both


@pytest.mark.parametrize("facet", FACETS)
def test_each_count_is_the_number_of_things_that_choosing_it_selects(index: Index, facet: str) -> None:
    for chosen in (Selection(), ORGANISATIONS):
        for value, count in index.counts(chosen, facet):
            narrowed = Selection({**chosen.chosen, facet: (value,)}, chosen.text)
            assert index.selected(narrowed).sum() == count, value


def test_facts_and_sources_are_counted_as_on_the_card(index: Index, graph: ox.Store) -> None:
    for thing in (
        "id:mcps",
        "id:siedlce",
        "id:cluster-siedlce",
        "id:artur-pozorek",
        "id:cis-siedlce",
        "id:agreement-2018",
    ):
        number, shown = index.number_of[iri(thing)], cards.card(graph, term(thing))
        assert (index.facts[number], index.sources[number]) == (shown.total, shown.sources), thing


@pytest.mark.parametrize("column", listing.COLUMNS)
def test_what_has_no_value_comes_last_in_either_direction(index: Index, column: str) -> None:
    mask = index.selected(Selection())
    ranks, has_value = listing.sorting(index, column, "pl")
    for is_down in (False, True):
        order = listing.in_order(index, mask, Order(column, is_down, "pl"))
        assert order.size == mask.sum()
        assert (has_value[order][:-1] >= has_value[order][1:]).all()
        known = ranks[order][has_value[order]]
        assert ((known[:-1] >= known[1:]) if is_down else (known[:-1] <= known[1:])).all()


def test_pages_are_the_whole_once(index: Index) -> None:
    pages = [listing.table(index, ORGANISATIONS, Order("name", False, "pl"), page, 10) for page in range(1, 7)]
    names = [row["iri"] for page in pages for row in page["rows"]]  # type: ignore[attr-defined]
    assert len(names) == len({*names}) == pages[0]["total"]


def test_words_are_found_without_their_marks_in_names_forms_and_places(index: Index) -> None:
    def found(text: str) -> set[object]:
        chosen = Selection(ORGANISATIONS.chosen, text)
        rows = listing.table(index, chosen, Order(), 1, 1000)["rows"]
        return {row["iri"] for row in rows}  # type: ignore[attr-defined]

    assert found("ZIOLA") == found("zioła") == {iri("id:ziola-siedleckie")}
    assert iri("id:mcps") in found("warszawa mazowieckie")
    assert found("spoldzielnia socjalna") and not found("qqqxyzzy")


def test_the_timeline_and_the_places_count_what_is_selected(index: Index) -> None:
    chosen = selection({"place": ["id:siedlce"]})
    total = int(index.selected(chosen).sum())
    shown = listing.places(index, chosen)
    (town,) = [place for place in shown["places"] if place["iri"] == iri("id:siedlce")]  # type: ignore[attr-defined]
    assert town["inside"] == shown["total"] == shown["placed"] == total
    told = listing.timeline(index, chosen)
    groups = told["groups"]
    assert sum(group["count"] for group in groups) == told["dated"]  # type: ignore[attr-defined]
    assert told["dated"] + told["undated"] == (index.selected(chosen) & index.is_datable).sum()  # type: ignore[operator]


def test_the_index_is_the_same_when_it_is_read_back(index: Index, graph: ox.Store) -> None:
    content = columnar.as_bytes(index)
    assert columnar.as_bytes(columnar._read(json.loads(content))) == content
    assert columnar.as_bytes(facets.index(graph, facets.dates(graph))) == content


def test_a_build_keeps_the_index_until_sources_are_added(unchanged: Path, index: Index) -> None:
    assert (unchanged / columnar.FILE).read_bytes() == columnar.as_bytes(index)


def test_a_graph_without_an_ontology_has_empty_facets(store_of: Callable[[str], ox.Store]) -> None:
    index = facets.index(store_of("id:a a se:Cluster ."), {})
    assert listing.table(index, Selection(), Order())["total"] == 0
    assert listing.timeline(index, Selection())["groups"] == []


@pytest.mark.parametrize(
    ("facet", "value"),
    [("year", "20"), ("year", "2020/2018"), ("kind", "xx:y"), ("place", "a b"), ("kind", "http://<>")],
)
def test_a_value_that_is_none_is_refused(facet: str, value: str) -> None:
    with pytest.raises(BadQuery, match=f"[?]{facet}="):
        selection({facet: [value]})


def test_no_cell_is_a_formula() -> None:
    rows: list[list[str | int]] = [
        ["Name", "Facts"],
        ["=1+1", 3],
        ["@x", 1],
        ["-2", 2],
        ["+3", 0],
        ["\tx", 5],
        ["a;b", 1],
    ]
    for_excel, plain = spreadsheet.csv(rows, for_excel=True), spreadsheet.csv(rows)
    assert for_excel.startswith(b"\xef\xbb\xbf") and not plain.startswith(b"\xef\xbb\xbf")
    for content, sign in ((for_excel.decode("utf-8-sig"), ";"), (plain.decode(), ",")):
        read = [*csv.reader(io.StringIO(content, newline=""), delimiter=sign)][1:]
        assert [name for name, _ in read] == ["'=1+1", "'@x", "'-2", "'+3", "'\tx", "a;b"]
    sheet = openpyxl.load_workbook(io.BytesIO(spreadsheet.xlsx(rows, "t"))).active
    assert sheet
    assert [(cell.value, cell.data_type) for cell in sheet["A"]][1:] == [(str(row[0]), "s") for row in rows[1:]]
    assert [cell.value for cell in sheet["B"]][1:] == [3, 1, 2, 0, 5, 1]


def test_a_day_and_a_year_are_two_things() -> None:
    assert states.day("2018-03-22").value == "2018-03-22"
    assert selection({"year": ["2018/2019"]}).of("year") == ("2018", "2019")
