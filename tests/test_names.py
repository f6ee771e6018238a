"""Labels of things, and the thing that a name refers to."""

import sqlite3
from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kgraph.base.vocab import term
from kgraph.errors import NotFound
from kgraph.graph.names import labels, search


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("id:mcps", "id:mcps"),
        ("https://w3id.org/sekg/id/mcps", "id:mcps"),
        ("mcps", "id:mcps"),
        ("Siedlce", "id:siedlce"),
        ("artur pozorek", "id:artur-pozorek"),
        ("Pozorek", "id:artur-pozorek"),
        ("Pozorka", "id:artur-pozorek"),
        ("klaster siedlce", "id:cluster-siedlce"),
        ("Siedlecki Klaster", "id:cluster-siedlce"),
    ],
)
def test_a_thing_by_iri_curie_or_name(graph: ox.Store, index: sqlite3.Connection, text: str, thing: str) -> None:
    assert labels.resolve(graph, lambda: index, text) == term(thing)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nobody", "is not the name of anything"),
        ("ziel", "is not the name of anything"),
        ("siedl", "several things: "),
        ("pozorrek", "did you mean id:artur-pozorek"),
        ("id:mcpss", "nothing is known of id:mcpss; did you mean id:mcps"),
        ("Projekt: nic", "is not the name of anything; “kgraph search” finds"),
        ("2018: nic", "is not the name of anything; “kgraph search” finds"),
        ("qx:a", "'qx:a' is not the name of anything, and 'qx' is no known prefix; known are se, id, "),
        ("ids:mcps-zz", r"and 'ids' is no known prefix; did you mean id:mcps-zz\?$"),
    ],
)
def test_a_name_that_is_not_clear(graph: ox.Store, index: sqlite3.Connection, text: str, message: str) -> None:
    with pytest.raises(NotFound, match=message):
        labels.resolve(graph, lambda: index, text)


@pytest.mark.parametrize("name", ["EKO:Logia", "2018: rok", "true:x", "id:Zielona łąka"])
def test_a_name_may_have_a_colon(store_of: Callable[..., ox.Store], name: str) -> None:
    store = store_of(f'id:a a org:Organization ; skos:prefLabel "{name}"@pl .')
    assert labels.resolve(store, lambda: search.open_index(store, None), name) == term("id:a")


MANY = """
    id:p a foaf:Person , foaf:Agent ; skos:prefLabel "Anna Maj"@pl .
    id:t a org:Membership ; skos:prefLabel "Anna Maj w ZAZ"@pl .
    id:u a se:KnownUnknown ; skos:prefLabel "czy Maj kierowała ZAZ"@pl .
"""


def test_a_person_wins_over_what_merely_contains_the_name(store_of: Callable[..., ox.Store]) -> None:
    store = store_of(MANY)
    assert labels.resolve(store, lambda: search.open_index(store, None), "maj") == term("id:p")
    two = store_of(MANY + 'id:q a foaf:Person , foaf:Agent ; skos:prefLabel "Jan Maj"@pl .')
    with pytest.raises(NotFound, match=r"several things: id:q, id:p; write one of their ids, such as id:q$"):
        labels.resolve(two, lambda: search.open_index(two, None), "maj")


def test_an_auxiliary_record_is_not_guessed_from_a_part_of_its_name(store_of: Callable[..., ox.Store]) -> None:
    store = store_of(MANY)
    with pytest.raises(NotFound, match="several things: id:t, id:u"):
        labels.resolve(store, lambda: search.open_index(store, None), "zaz")


def test_an_iri_needs_no_index_of_names(graph: ox.Store) -> None:
    def never() -> sqlite3.Connection:
        raise AssertionError

    assert labels.resolve(graph, never, "id:mcps") == term("id:mcps")


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("a", "rdf:type"),
        ("se:seatIn", "se:seatIn"),
        ("https://w3id.org/sekg/ns#seatIn", "se:seatIn"),
        ("seatIn", "se:seatIn"),
        ("has seat in", "se:seatIn"),
        ("Ma siedzibe w", "se:seatIn"),
    ],
)
def test_a_relation_by_iri_curie_or_name(graph: ox.Store, text: str, relation: str) -> None:
    assert labels.relation(graph, text) == term(relation)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "se:foundingMember",
            r"there is no se:foundingMember; did you mean se:foundingMemberOf \(founding member of\)",
        ),
        ("foundingMember", r"is not the name of a relation; did you mean se:foundingMemberOf \(founding member of\)"),
        ("se:Cluste", "there is no se:Cluste$"),
        ("qqq", "is not the name of a relation$"),
        ("2018: rok", "is not the name of a relation$"),
        ("ze:seatIn", r"is not the name of a relation; did you mean se:seatIn \(has seat in\)"),
        ("owll:sameAs", "is not the name of a relation, and 'owll' is no known prefix; did you mean owl:sameAs"),
    ],
)
def test_a_relation_that_is_not_there(graph: ox.Store, text: str, message: str) -> None:
    with pytest.raises(NotFound, match=message):
        labels.relation(graph, text)


def test_two_relations_of_one_name_are_both_listed(store_of: Callable[..., ox.Store]) -> None:
    both = 'se:p a owl:ObjectProperty ; rdfs:label "leads"@en . se:q a owl:ObjectProperty ; rdfs:label "leads"@en .'
    with pytest.raises(NotFound, match=r"several relations: se:p \(leads\), se:q \(leads\)"):
        labels.relation(store_of("", both), "leads")


def test_classes_relations_sources_and_things_have_names_in_both_languages(graph: ox.Store) -> None:
    terms = [term(t) for t in ("se:Cluster", "se:hasSignatory", "source:mcps-2018-klaster", "id:mcps", "role:director")]
    for lang in ("pl", "en"):
        assert labels.names(graph, terms, lang).keys() == set(terms)


def test_what_has_no_name_is_called_by_its_curie() -> None:
    assert labels.name({}, term("id:nobody")) == "id:nobody"
    assert labels.name({}, ox.Literal("22 marca")) == "22 marca"
