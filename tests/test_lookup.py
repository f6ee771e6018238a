"""Search by name: without diacritics, by prefixes of words, people and organisations first."""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.text import fold
from kgraph.base.vocab import term
from kgraph.errors import BadData, BadQuery
from kgraph.graph import questions
from kgraph.graph.names import finding, search, searchable
from kgraph.rdf import encoding

StoreOf = Callable[..., ox.Store]


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("ziola", "id:ziola-siedleckie"),
        ("Zioła Siedl", "id:ziola-siedleckie"),
        ("POZOREK", "id:artur-pozorek"),
        ("osrodek wsparcia", "id:owes-siedlce"),
        ("spoldzielnia serwis", "id:serwis-komunalny"),
        ("siedlecki klaster", "id:cluster-siedlce"),
        ("wodynie", "id:wodynie"),
        ("siedlce", "id:siedlce"),
        ("MCPS", "id:mcps"),
    ],
)
def test_the_best_match(index: sqlite3.Connection, text: str, best: str) -> None:
    assert search.find(index, text)[0].iri == term(best).value


def test_each_thing_is_found_once(index: sqlite3.Connection) -> None:
    found = [hit.iri for hit in search.find(index, "siedl", limit=100)]
    assert len(found) == len(set(found)) > 10


@pytest.mark.parametrize("text", ["", "„”", "*", '"', "ziola NOT siedleckie", "x' OR 1"])
def test_odd_input_finds_little_and_breaks_nothing(index: sqlite3.Connection, text: str) -> None:
    assert search.find(index, text) == []


@pytest.mark.parametrize(
    ("slip", "meant"), [("zila siedleckie", "id:ziola-siedleckie"), ("pozorrek", "id:artur-pozorek")]
)
def test_a_slip_of_the_finger_is_forgiven(index: sqlite3.Connection, slip: str, meant: str) -> None:
    assert search.find(index, slip)[0].iri == term(meant).value


@pytest.mark.parametrize("form", ["klastra", "klastrem", "klastry"])
def test_other_forms_of_a_word_find_the_same_things(index: sqlite3.Connection, form: str) -> None:
    clusters = {hit.iri for hit in search.find(index, "klaster", 100) if hit.kind == term("se:Cluster").value}
    assert len(clusters) > 5 and clusters <= {hit.iri for hit in search.find(index, form, 100)}


@pytest.fixture(scope="module")
def hits(graph: ox.Store, index: sqlite3.Connection, folders: Folders) -> Callable[[str], finding.Hits]:
    """What a text finds in the bundled graph."""
    known = questions.all_in(folders.ontology).values()
    return lambda text: finding.everything(graph, index, known, text)


def test_a_word_and_a_year_find_the_thing_the_fact_and_the_passage_of_that_year(
    hits: Callable[[str], finding.Hits],
) -> None:
    found = hits("caritas 2020")
    assert found.things[0].iri == term("id:caritas-siedlce").value
    signed = tuple(term(part).value for part in ("id:agreement-2020", "se:hasSignatory", "id:caritas-siedlce"))
    assert found.facts[0] == signed
    sources = {one.source for one in found.passages}
    assert sources == {term(f"source:{name}-2020-porozumienie").value for name in ("siedlce", "ohp")}
    assert not hits("caritas 1820")


@pytest.mark.parametrize(
    "text", ["kto założył klaster", "who founded the cluster", "założyciele klastra", "cluster founders"]
)
def test_a_question_is_found_by_its_words_in_any_form(hits: Callable[[str], finding.Hits], text: str) -> None:
    assert hits(text).questions[0] == finding.FoundQuestion("founders", {})


def test_a_question_is_found_with_the_thing_to_ask_about(hits: Callable[[str], finding.Hits]) -> None:
    asked = finding.FoundQuestion("founders", {"cluster": "id:cluster-karpacki"})
    assert asked in hits("kto założył karpacki klaster").questions


def test_a_name_finds_the_person_and_the_words_of_sources(hits: Callable[[str], finding.Hits]) -> None:
    found = hits("Pozorka")
    assert found.things[0].iri == term("id:artur-pozorek").value
    assert len(found.passages) > 2 and all("Pozor" in one.words for one in found.passages)


def test_a_guess_is_made_only_when_nothing_else_is_found(hits: Callable[[str], finding.Hits]) -> None:
    assert hits("pozorrek").things[0].guessed
    assert not any(hit.guessed for hit in hits("kto założył klaster").things)
    assert not hits("xyzzy")


def test_the_kind_is_the_most_specific_class(index: sqlite3.Connection) -> None:
    assert search.find(index, "ziola")[0].kind == term("se:SocialEconomyEntity").value


def test_what_is_added_is_found_and_what_is_renamed_only_by_its_new_name(tmp_path: Path, store_of: StoreOf) -> None:
    one, two = 'id:a a se:Cluster ; skos:prefLabel "{}"@pl .', 'id:b a se:Cluster ; skos:prefLabel "Łąka"@pl .'
    search.save(store_of(one.format("Jeżyna")), tmp_path)
    later = store_of(one.format("Malina") + two)
    search.add(later, tmp_path, [term("id:a"), term("id:b")])
    database = search.open_index(later, tmp_path)
    found = [found.name for text in ("jezyna", "malina", "laka") for found in search.find(database, text)]
    assert found == ["Malina", "Łąka"]


def test_the_facts_of_many_things_are_found_as_quickly_as_all(graph: ox.Store) -> None:
    whole = searchable.linking(graph)
    things = [ox.NamedNode(iri) for iri in sorted({one.iri for one in searchable.names(graph)})]
    assert len(things) > 500
    assert {*searchable.linking(graph, things)} == {*whole}
    some = things[::3]
    named = {thing.value for thing in some}
    assert {*searchable.linking(graph, some)} == {fact for fact in whole if {fact[0], fact[2]} & named}
    assert seconds(lambda: searchable.linking(graph, things)) < 10 * seconds(lambda: searchable.linking(graph))


def seconds(work: Callable[[], object]) -> float:
    """The seconds of the processor that some work takes, of three times the least."""

    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return min(once() for _ in range(3))


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("id:mcpss", ["id:mcps"]),
        ("id:zza-siedlce", ["id:zaz-siedlce"]),
        ("role:dirrector", ["role:director", "role:rector"]),
        ("id:qqqq", []),
    ],
)
def test_an_iri_that_is_spelt_nearly_the_same(index: sqlite3.Connection, slip: str, meant: list[str]) -> None:
    assert search.near(index, term(slip).value) == [term(curie).value for curie in meant]


@pytest.mark.parametrize("text", ["s+" * 41, "s" * 301, "x y " * 100_000])
def test_more_than_any_name_has_is_not_looked_for(index: sqlite3.Connection, text: str) -> None:
    with pytest.raises(BadQuery, match="at most 300 characters and 40 words"):
        search.find(index, text)
    assert len(search.near(index, term("id:a").value + text.replace(" ", "-"))) <= 3


def test_every_name_can_be_looked_for(graph: ox.Store, index: sqlite3.Connection) -> None:
    longest = max((one.name for one in searchable.names(graph)), key=len)
    assert longest in {hit.name for hit in search.find(index, longest)}


def test_an_encoded_graph_has_the_names_that_queries_find(graph: ox.Store, tmp_path: Path) -> None:
    known = encoding.Facts()
    encoding.read(known, encoding.lines_of(graph, ox.DefaultGraph()))
    assert searchable.names(graph, known) == searchable.names(graph)


def test_an_encoded_name_is_left_out_as_queries_leave_it_out(store_of: StoreOf) -> None:
    odd = 'id:a se:mergedInto id:b ; skos:prefLabel "A"@pl . id:b skos:prefLabel "B"@pl, "B" ; skos:altLabel id:c .'
    store = store_of(f'{odd} id:b a se:Cluster , foaf:Agent ; foaf:name "B"@pl . id:se a se:Cluster .')
    known = encoding.Facts()
    encoding.read(known, encoding.lines_of(store, ox.DefaultGraph()))
    found = searchable.names(store, known)
    assert found == searchable.names(store)
    assert [(one.iri, one.name, one.rank) for one in found] == [(term("id:b").value, "B", 0)] * 2


def test_each_run_of_three_characters_is_counted_once_a_name(tmp_path: Path, store_of: StoreOf) -> None:
    texts = ["aaaa", "", "ab", "abcabc", "łąka 😀😀😀", "bca"]
    one, other = (" ".join(f'id:a skos:altLabel "{text}" .' for text in some) for some in (["", "ab"], texts))
    counted = Counter(run for text in texts for run in search._runs(fold(text)))
    search.save(store_of(one), tmp_path)
    assert not _counted_runs(tmp_path)
    search.add(store_of(other), tmp_path, [term("id:a")])
    assert _counted_runs(tmp_path) == counted
    (tmp_path / search.INDEX).unlink()
    search.save(store_of(other), tmp_path)
    assert _counted_runs(tmp_path) == counted


def _counted_runs(folder: Path) -> dict[str, int]:
    with closing(sqlite3.connect(folder / search.INDEX)) as database:
        return dict(database.execute("SELECT run, names FROM frequency").fetchall())


def test_an_iri_whose_words_are_in_a_name(index: sqlite3.Connection) -> None:
    assert term("id:ziola-siedleckie").value in search.near(index, term("id:ziola").value)


@pytest.mark.parametrize("name", ["a#b", "a?b", "100%"])
def test_an_index_is_opened_in_a_folder_of_any_name(graph: ox.Store, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    search.save(graph, tmp_path / name)
    assert search.find(search.open_index(graph, tmp_path / name), "mcps")[0].iri == term("id:mcps").value
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_damaged_index_is_said_to_be_one(graph: ox.Store, tmp_path: Path) -> None:
    (tmp_path / search.INDEX).write_bytes(b"no database" * 1000)
    with pytest.raises(BadData, match=r"is damaged .*; remove the build"):
        search.open_index(graph, tmp_path)
