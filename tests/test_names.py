"""What things are called, and which one is meant."""

import pyoxigraph as ox
import pytest

from kgraph import lookup, names
from kgraph.errors import BadQuery, NotFound
from kgraph.vocab import term


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("id:mcps", "id:mcps"),
        ("https://w3id.org/sekg/id/mcps", "id:mcps"),
        ("mcps", "id:mcps"),
        ("Siedlce", "id:siedlce"),
        ("artur pozorek", "id:artur-pozorek"),
    ],
)
def test_a_thing_by_iri_curie_or_name(graph: ox.Store, text: str, thing: str) -> None:
    assert names.resolve(graph, lookup.open_index(graph, None), text) == term(thing)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("nobody", NotFound, "is not the name of anything"),
        ("ziel", NotFound, "is not the name of anything"),
        ("siedl", NotFound, "several things: "),
        ("pozorrek", NotFound, "did you mean id:artur-pozorek"),
        ("zz:a", BadQuery, "unknown prefix"),
    ],
)
def test_a_name_that_is_not_clear(graph: ox.Store, text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        names.resolve(graph, lookup.open_index(graph, None), text)


def test_classes_relations_sources_and_things_have_names_in_both_languages(graph: ox.Store) -> None:
    terms = [term(t) for t in ("se:Cluster", "se:hasSignatory", "source:mcps-2018-klaster", "id:mcps", "role:director")]
    for lang in ("pl", "en"):
        assert names.names(graph, terms, lang).keys() == set(terms)


def test_what_has_no_name_is_called_by_its_curie() -> None:
    assert names.name({}, term("id:nobody")) == "id:nobody"
    assert names.name({}, ox.Literal("22 marca")) == "22 marca"
