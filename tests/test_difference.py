"""Differences between two graphs: as triples, grouped by thing, as sentences, and as an RDF Patch."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph import publish
from kgraph.base.paths import Folders
from kgraph.base.vocab import PREFIXES, TURTLE_PREFIXES, term
from kgraph.build import pipeline
from kgraph.errors import BadData, NotFound
from kgraph.publish.release import difference
from kgraph.publish.release.difference import Difference

SIGNATORY = '        id:ziola-siedleckie {| oa:start 1461 ; oa:end 1479 ; oa:exact "„Zioła Siedleckie”" |} ,\n'
OTHER = (
    '        id:ziola-siedleckie {| oa:start 1382 ; oa:end 1479 ; oa:exact "Spółdzielnie … „Zioła Siedleckie”" |} ,\n'
)


def triples(facts: str) -> difference.Triples:
    return frozenset(quad.triple for quad in ox.parse(TURTLE_PREFIXES + facts, ox.RdfFormat.TURTLE))


def published(folders: Folders) -> difference.Triples:
    return frozenset(publish.default_graph(pipeline.graph(folders)))


@pytest.fixture(scope="module")
def whole(graph: ox.Store) -> difference.Triples:
    return frozenset(publish.default_graph(graph))


@pytest.fixture
def edited(copied: Folders) -> Callable[[str, str, str], difference.Triples]:
    """The graph after one text replacement in a source file."""

    def edit(name: str, old: str, new: str) -> difference.Triples:
        path = copied.data / "sources" / f"{name}.ttl"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
        return published(copied)

    return edit


small = st.frozensets(
    st.builds(
        ox.Triple,
        st.sampled_from([term("id:a"), term("id:b")]),
        st.sampled_from([term("se:p"), term("se:q")]),
        st.sampled_from([term("id:a"), ox.Literal("x"), ox.Literal("ż", language="pl")]),
    )
)


@given(small, small)
def test_the_old_graph_and_the_difference_give_the_new_one(old: difference.Triples, new: difference.Triples) -> None:
    change = difference.difference(old, new)
    assert difference.applied(old, change) == new
    assert not (change.added & change.removed)
    assert bool(change) == (old != new)


def test_a_fact_that_another_source_states_too_loses_one_witness(
    whole: difference.Triples, edited: Callable[[str, str, str], difference.Triples]
) -> None:
    new = edited("mcps-2018-klaster", SIGNATORY, "")
    (change,) = difference.changes(whole, new)
    assert (change.thing, change.how, change.added, change.removed) == (term("id:agreement-2018"), "changed", (), ())
    assert [(said.how, said.source) for said in change.said] == [("longer", term("source:mcps-2018-klaster"))]
    assert "is no longer said by The Siedlce Social Economy Cluster has been founded" in difference.words(whole, new)
    assert "podaje teraz także" in difference.words(new, whole, "pl")


def test_a_new_fact_brings_what_follows_from_it_and_nothing_else(
    whole: difference.Triples, edited: Callable[[str, str, str], difference.Triples]
) -> None:
    signs = f"        id:caritas-siedlce {SIGNATORY.split('siedleckie', 1)[1]}"
    new = edited("mcps-2018-klaster", SIGNATORY, SIGNATORY + signs)
    change = difference.difference(whole, new)
    records = (f"<{PREFIXES['claim']}", f"<{PREFIXES['inference']}")
    facts = {fact for fact in change.added if not str(fact.subject).startswith(records)}
    assert facts >= triples("id:agreement-2018 se:hasSignatory id:caritas-siedlce .")
    assert facts >= triples("id:caritas-siedlce se:foundingMemberOf id:cluster-siedlce .")
    assert all(term("id:caritas-siedlce") in (fact.subject, fact.object) for fact in facts)
    assert not change.removed
    assert "signatory of → founding agreement of the Siedlce Social Economy Cluster (inferred)" in difference.words(
        whole, new
    )


@pytest.mark.slow
def test_other_words_for_a_fact_are_no_change_of_the_fact(
    whole: difference.Triples, edited: Callable[[str, str, str], difference.Triples]
) -> None:
    (change,) = difference.changes(whole, edited("mcps-2018-klaster", SIGNATORY, OTHER))
    assert [said.how for said in change.said] == ["words"]


NEW_SOURCE = """
source:invented a se:Source ; dcterms:title "Wymyślone"@pl , "Invented"@en ; dcterms:publisher "Nikt" ;
    dcterms:language "pl" ; rdfs:seeAlso <https://example.org/x> ; se:textUnavailable true ;
    se:leavesUnknown id:unknown-operator .
id:signing-kps-2013 se:date "2013-12-17"^^xsd:date {| oa:exact "17 grudnia 2013" ;
    se:contradicts <<( id:signing-kps-2013 se:date "2013-12-16"^^xsd:date )>> |} .
<< id:cluster-kps se:coordinatedBy id:mcps >> se:claimStatus status:opinion ; oa:exact "naszym zdaniem" .
id:unknown-operator a se:KnownUnknown ; se:about id:cluster-kps ; se:aspect se:operatedBy ;
    skos:prefLabel "prowadzący klaster"@pl , "operator of the cluster"@en .
"""


@pytest.mark.slow
def test_a_contradiction_an_opinion_and_a_gap_are_called_so_by_their_names(
    whole: difference.Triples, copied: Folders
) -> None:
    path = copied.data / "sources" / "invented.ttl"
    path.write_text(f'VERSION "1.2"\n{TURTLE_PREFIXES}{NEW_SOURCE}', encoding="utf-8")
    new = published(copied)
    came = difference.words(whole, new)
    assert (
        "- coordinated by → Mazovian Centre for Social Policy: opinion, according to Invented; it is not a fact" in came
    )
    assert (
        "- date → 2013-12-16: contradiction: Page of Stowarzyszenie Współpracy Regionalnej on the Social Enterprise "
        "Cluster says this, and not: date → 2013-12-17 (Invented)"
    ) in came
    assert "- date → 2013-12-17: another value, said by Invented" in came
    assert "### not known: operator of the cluster\n" in came
    assert "other words" not in came and "claim:" not in came and "id:unknown" not in came
    went = difference.words(new, whole, "pl")
    assert "już nie: opinia według Wymyślone" in went and "nie ma już sprzeczności: Strona" in went


def test_things_appear_change_and_vanish() -> None:
    old = triples('id:a a se:Cluster ; skos:prefLabel "A"@en . id:b a se:Cluster .')
    new = triples('id:b a se:Cluster ; skos:prefLabel "B"@en . id:c a se:Cluster ; skos:prefLabel "<C>"@en .')
    assert [(one.thing, one.how) for one in difference.changes(old, new)] == [
        (term("id:c"), "appeared"),
        (term("id:a"), "vanished"),
        (term("id:b"), "changed"),
    ]
    assert "### A (id:a)" in difference.words(old, new).partition("## Gone")[2].partition("## Changed")[0]


def test_equal_graphs_differ_in_nothing(whole: difference.Triples) -> None:
    assert difference.changes(whole, whole) == []
    assert difference.words(whole, whole, "pl") == "Nic się nie zmieniło.\n"
    assert not difference.difference(whole, whole)


def test_a_patch_deletes_then_adds() -> None:
    change = Difference(triples("id:a se:p 1 ."), triples('id:a se:p "old"@en .'))
    a = "<https://w3id.org/sekg/id/a> <https://w3id.org/sekg/ns#p>"
    assert difference.patch(change).decode().splitlines() == [
        "TX .",
        f'D {a} "old"@en .',
        f'A {a} "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        "TC .",
    ]


@pytest.mark.parametrize("form", ["turtle", "nt", "jsonld", "trig"])
def test_every_form_of_a_graph_is_read(tmp_path: Path, graph: ox.Store, whole: difference.Triples, form: str) -> None:
    path = tmp_path / f"graph.{'ttl' if form == 'turtle' else form}"
    path.write_bytes(publish.export(graph, form))
    assert difference.read(path) == whole


@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld", "trig"])
def test_the_datatypes_of_numbers_are_read_as_written(tmp_path: Path, form: str) -> None:
    sizes = triples('id:a dcat:byteSize "07"^^xsd:nonNegativeInteger , "7"^^xsd:nonNegativeInteger , 7 .')
    plain = {"nt": publish.n_triples(sizes), "jsonld": publish.json_ld(sizes, dict(PREFIXES))}
    path = tmp_path / f"sizes.{form}"
    path.write_bytes(plain.get(form, publish.turtle(sizes)))
    assert difference.read(path) == sizes


def test_a_build_is_read(tmp_path: Path, folders: Folders, whole: difference.Triples) -> None:
    pipeline.build(tmp_path / "built", pipeline.Recipe(folders))
    assert difference.read(tmp_path / "built") == whole


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is not there"):
        difference.read(tmp_path / "none.ttl")
    with pytest.raises(NotFound, match="is not there"):
        difference.read(tmp_path)
    (tmp_path / "x.doc").write_text("x")
    with pytest.raises(BadData, match="unknown kind of file"):
        difference.read(tmp_path / "x.doc")
    (tmp_path / "x.ttl").write_text("id:a")
    with pytest.raises(BadData, match="cannot be read"):
        difference.read(tmp_path / "x.ttl")
