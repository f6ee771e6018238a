"""Cards: the facts of a thing, the sources of each fact, and the known unknowns."""

import pyoxigraph as ox
import pytest

from kgraph.base.vocab import term
from kgraph.errors import NotFound
from kgraph.graph.entity import cards
from kgraph.graph.statements import states


def group(shown: cards.Card, predicate: str) -> cards.Group:
    return next(g for g in shown.groups if g.predicate == term(predicate))


def test_a_stated_fact_is_read_from_the_things_side(graph: ox.Store) -> None:
    signed = group(cards.card(graph, term("id:ziola-siedleckie")), "se:signatoryOf")
    assert not signed.incoming
    fact = signed.facts[term("id:agreement-2018")]
    assert fact.asserted
    assert {place.words for place in fact.passages} == {"„Zioła Siedleckie”", "Zioła Siedleckie"}


def test_no_fact_stands_twice_because_of_its_inverse(graph: ox.Store) -> None:
    shown = cards.card(graph, term("id:relaksownia"))
    assert [g.predicate for g in shown.groups if g.incoming] == []
    assert len(group(shown, "se:cooperatesWith").facts) == 4


def test_a_contradiction_is_told_once_and_says_of_what_the_other_value_is(graph: ox.Store) -> None:
    agreement = term("id:agreement-2020")
    sides = {term("id:sokial"), term("id:owes-siedlce")}
    [found] = cards.card(graph, agreement).links
    assert ({found.value, found.other}, found.link, found.whose) == (sides, term("se:contradicts"), agreement)
    assert found.sources and found.other_sources and found.sources != found.other_sources


def test_what_differs_in_time_is_on_the_card_and_no_contradiction(graph: ox.Store) -> None:
    earlier, later = (cards.card(graph, term(f"id:mmes-{year}")) for year in (2023, 2024))
    [found] = later.links
    assert (found.link, found.whose) == (term("se:differsInTime"), earlier.thing)
    [back] = earlier.changes
    assert (back.value, back.other, back.whose) == (found.other, found.value, later.thing)
    lists = cards.card(graph, term("id:ziola-siedleckie"))
    assert not lists.changes  # lists that differ are no change
    assert {link.link for link in lists.links} == {term("se:listsDiffer")}


def test_a_membership_is_shown_with_its_narrowest_role(graph: ox.Store) -> None:
    tenure, acting = term("id:tenure-pozorek-mcps"), term("role:acting-director")
    roles = {quad.object for quad in graph.quads_for_pattern(tenure, term("org:role"), None, ox.DefaultGraph())}
    assert roles == {acting, term("role:director")}
    for thing in ("id:artur-pozorek", "id:mcps"):
        shown = cards.card(graph, term(thing))
        assert shown.roles[tenure] == (acting,)
        assert shown.name(acting) == "acting director"
        assert term("id:post-mcps-director") not in shown.roles


def test_a_fact_has_the_state_of_the_membership_that_it_follows_from(graph: ox.Store) -> None:
    shown = cards.card(states.as_of(graph, states.day("2020-01-01")), term("id:krzysztof-hapon"))
    post, organisation = term("id:post-caritas-siedlce-director"), term("id:caritas-siedlce")
    assert shown.state(term("org:holds"), post) == term("state:ended")
    assert shown.state(term("se:hasOfficeHolder"), organisation) == term("state:ended")
    assert shown.state(term("se:hasAttendee"), organisation) is None
    assert cards.card(graph, term("id:krzysztof-hapon")).state(term("org:holds"), post) is None


def test_unknowns_and_refinements_are_on_the_card(graph: ox.Store) -> None:
    assert "siedziba spółdzielni „Zioła Siedleckie”" in cards.card(graph, term("id:ziola-siedleckie"), "pl").unknowns
    values = [(link.value.value, link.other.value) for link in cards.card(graph, term("id:signing-2018")).links]
    assert values == [("2018-03-22", "--03-22")]


def test_names_follow_the_language(graph: ox.Store) -> None:
    assert cards.card(graph, term("id:mcps"), "en").name(term("id:mcps")) == "Mazovian Centre for Social Policy"
    assert cards.card(graph, term("id:mcps"), "pl").name(term("id:mcps")) == "Mazowieckie Centrum Polityki Społecznej"


def test_a_thing_nobody_knows(graph: ox.Store) -> None:
    with pytest.raises(NotFound, match="nothing is known of id:nobody"):
        cards.card(graph, term("id:nobody"))
