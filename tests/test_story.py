"""What a card tells first and folds away: key facts, names from both ends, offices, one sentence, counts."""

from collections.abc import Callable
from itertools import chain
from typing import Any

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.vocab import ONTOLOGY_GRAPH, term
from kgraph.base.words import LANGUAGES
from kgraph.graph.entity import as_json
from kgraph.graph.entity.cards import Card, card
from kgraph.graph.entity.display import display
from kgraph.graph.entity.offices import Span, offices
from kgraph.graph.entity.sentence import sentence
from kgraph.graph.faceting import facets
from kgraph.graph.names import searchable
from kgraph.graph.statements.explanations import because, cannot_both
from kgraph.publish.pages import Site
from kgraph.publish.pages.book import book_of
from kgraph.rdf import sparql


@pytest.fixture(scope="module")
def every(graph: ox.Store) -> list[Card]:
    """The card of each thing that has a name."""
    return [card(graph, ox.NamedNode(iri)) for iri in sorted({one.iri for one in searchable.names(graph)})]


@pytest.mark.whole
def test_the_cards_of_a_whole_site_are_those_that_are_made_one_by_one(
    every: list[Card], graph: ox.Store, folders: Folders
) -> None:
    book = book_of(graph, folders, Site(is_static=True))
    for shown in every:
        assert book.cards(shown.thing) == shown


def key(shown: Card, name: str) -> list[str]:
    """The values of a key fact, as they are named."""
    found = next(one for one in shown.story.keys if one.relation.name[shown.lang] == name)
    return [shown.name(one.value) for one in found.values]


@pytest.mark.whole
def test_every_relation_that_occurs_has_a_name_from_this_end(every: list[Card]) -> None:
    groups = chain.from_iterable((*shown.story.groups, *shown.story.folded) for shown in every)
    assert {group.way for group in groups if {*group.relation.name} != {*LANGUAGES}} == set()


@pytest.mark.whole
def test_every_section_has_a_name_and_no_sentence_ends_with_two_stops(every: list[Card]) -> None:
    assert {
        group.relation.section.iri for shown in every for group in shown.story.groups if not group.relation.section.name
    } == set()
    assert [sentence(shown) for shown in every if ".." in sentence(shown)] == []


def test_an_organisation_does_not_begin_with_the_signing_of_an_agreement() -> None:
    keys = {key.name["en"]: key for key in display().keys[term("org:Organization")]}
    signing = (term("se:signedAt"), False)
    assert [path for path in keys["Since when"].paths if signing in path] == []
    assert all(signing in path for path in keys["Founding agreement signed"].paths)


def test_every_relation_of_ours_has_a_name_for_its_incoming_direction_or_an_inverse(graph: ox.Store) -> None:
    inverse = {one for one, how, _ in sparql.named(graph, "entailing") if how.value == "inverse"}
    links = graph.quads_for_pattern(None, term("rdf:type"), term("owl:ObjectProperty"), ONTOLOGY_GRAPH)
    ours = {quad.subject for quad in links} - inverse
    used = {fact for fact in ours if any(graph.quads_for_pattern(None, fact, None, ox.DefaultGraph()))}  # type: ignore[arg-type]
    told = {quad.object for quad in graph.quads_for_pattern(None, term("rdf:predicate"), None, ox.DefaultGraph())}
    assert {one for one in used & told if (one, True) not in display().relations} == set()


def test_the_card_of_the_cluster_says_since_when_and_who_founded_it(graph: ox.Store) -> None:
    shown = card(graph, term("id:cluster-siedlce"))
    assert key(shown, "Since when") == ["2018-03-22"]
    assert len(key(shown, "Founded by")) == 5
    since = next(one for one in shown.story.keys if one.relation.name["en"] == "Since when").values[0]
    assert since.path[0].predicate == term("se:date") and len(since.path) == 3
    assert {at.source for at in since.path[0].passages} == {term("source:cis-siedlce-2018-klaster").value}
    unknown = next(one for one in shown.story.keys if one.relation.name["en"] == "Coordinator")
    assert (unknown.values, unknown.unknown) == ((), term("id:unknown-cluster-coordinator"))


@pytest.mark.whole
def test_nothing_is_lost_and_nothing_stands_twice(every: list[Card]) -> None:
    for shown in every:
        told = [(line.other, line.way) for group in shown.story.groups for line in group.lines]
        folded = [(line.other, line.way) for group in shown.story.folded for line in group.lines]
        assert len({*told, *folded}) == len(told) + len(folded), shown.thing
        by_group = [[line.other for line in group.lines] for group in shown.story.groups]
        assert all(len(others) == len({*others}) for others in by_group), shown.thing
        lines = {line.fact.triple for group in (*shown.story.groups, *shown.story.folded) for line in group.lines}
        stated = {fact.triple for fact in shown.facts if not fact.rule and shown.thing in (fact.subject, fact.object)}
        assert stated <= lines, shown.thing


def test_entailed_super_properties_are_folded(graph: ox.Store) -> None:
    shown = card(graph, term("id:ziola-siedleckie"))
    ways = {group.way[0] for group in shown.story.groups}
    assert not ways & {*map(term, ("org:memberOf", "se:memberOf", "se:locatedIn", "se:participatedIn", "rdf:type"))}
    assert {group.way[0] for group in shown.story.folded} >= {*map(term, ("org:memberOf", "se:foundingMemberOf"))}


def test_an_office_is_told_with_its_time_and_who_came_later(graph: ox.Store) -> None:
    for thing in ("id:artur-pozorek", "id:mcps", "id:post-mcps-director"):
        shown = card(graph, term(thing))
        office = shown.offices[term("id:tenure-pozorek-mcps")]
        assert office.span == Span("2018-03-22", "2019-01-16", False, False)
        assert office.span.told("en") == "attested 22 March 2018 – 16 January 2019; end not known"
        assert office.later == (term("id:aleksander-kornatowski"),)
    assert shown.offices[term("id:tenure-kornatowski-mcps")].later == ()


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (
            'se:validFrom "2018-01-01"^^xsd:date ; se:validUntil "2019-12-31"^^xsd:date',
            "1 January 2018 – 31 December 2019",
        ),
        ('se:fromYear "2018"^^xsd:gYear', "since 2018; end not known"),
        (
            'se:validFrom "2018-01-01"^^xsd:date ; se:lastAttested "2020-05-05"^^xsd:date',
            "attested as late as 5 May 2020",
        ),
        ('se:untilYear "2018"^^xsd:gYear', "ended 2018; beginning not known"),
        ('skos:note "x"@en', "undated"),
    ],
)
def test_a_span_says_what_is_known_and_what_is_not(store_of: Callable[..., ox.Store], facts: str, told: str) -> None:
    store = store_of(
        f"id:m a org:Membership ; org:member id:a ; org:organization id:b ; {facts} . id:a foaf:name 'A' ."
    )
    [office] = offices(store, [term("id:a")])[term("id:a")].values()
    assert told in office.span.told("en")


@pytest.mark.whole
def test_each_thing_has_a_sentence_in_both_languages(every: list[Card]) -> None:
    for shown in every:
        for lang in LANGUAGES:
            told = sentence(shown.read_in(lang))
            assert told.endswith(".") and told[0] == told[0].upper() and "{" not in told
    [cluster] = (shown for shown in every if shown.thing == term("id:cluster-siedlce"))
    assert sentence(cluster.read_in("pl")).startswith(
        "Siedlecki Klaster Ekonomii Społecznej to klaster ekonomii społecznej, który powstał 22 marca 2018;"
    )


@pytest.mark.whole
def test_the_table_counts_the_facts_that_the_card_counts(graph: ox.Store, every: list[Card]) -> None:
    index = facets.index(graph, facets.dates(graph))
    counted = {index.things[at]: int(index.facts[at]) for at in range(len(index.things))}
    own = {shown.thing.value: shown.total for shown in every if shown.thing.value in counted}
    assert len(own) > 200
    assert {iri: (total, counted[iri]) for iri, total in own.items() if total != counted[iri]} == {}


def test_a_rule_and_an_axiom_say_why_in_a_sentence(graph: ox.Store, folders: Folders) -> None:
    names = card(graph, term("id:ziola-siedleckie")).names
    assert because("rules/founding", names, "en").startswith("It signed the agreement that established")
    assert because("se:memberOf ⊑ org:memberOf", names, "en") == "“member of” implies “belongs to or holds office in”."
    assert "Both signed" in because("rules/co-signing", {}, "en")
    assert because("…", {}, "en") == "It follows from other facts by the rules of the ontology."
    for rule in (folders.ontology / "rules").glob("*.rq"):
        assert {*display().because[f"rules/{rule.stem}"]} == {*LANGUAGES}, rule


def test_a_contradiction_says_why_both_cannot_hold(graph: ox.Store) -> None:
    [dates] = card(graph, term("id:erection-caritas-siedlce")).links
    assert cannot_both(dates.predicate, {}, "en") == "“se:date” has one value only."
    told = as_json.card(card(graph, term("id:agreement-2020")), frozenset())
    links: Any = told["links"]
    assert [("only one of them" in link["because"]["en"], len(link["sources"])) for link in links] == [(True, 1)]
