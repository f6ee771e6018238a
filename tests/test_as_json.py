"""Cards and explanations as JSON: the keys of docs/commands.md, complete in one answer."""

import json
from collections.abc import Iterator

import pyoxigraph as ox

from kgraph.base.paths import Folders
from kgraph.base.vocab import term
from kgraph.build import pipeline
from kgraph.graph.entity import as_json, cards
from kgraph.graph.names import labels
from kgraph.graph.statements import reasons, states


def iris(content: object) -> Iterator[str]:
    match content:
        case str() if content.startswith("https://w3id.org/sekg/"):
            yield content
        case dict():
            yield from (iri for value in content.values() for iri in iris(value))
        case list():
            yield from (iri for value in content for iri in iris(value))


def test_a_card(graph: ox.Store) -> None:
    told = json.loads(json.dumps(as_json.shown(cards.card(graph, term("id:ziola-siedleckie"), "pl"))))
    assert [*told] == [
        *("thing", "sentence", "state", "labels", "notes", "key", "facts"),
        *("links", "unknowns", "silent", "names"),
    ]
    signed = next(fact for fact in told["facts"] if fact["name"] == "Podpisane porozumienia")
    assert (signed["relation"], signed["incoming"], signed["folded"]) == (term("se:hasSignatory").value, True, False)
    assert signed["other"] == term("id:agreement-2018").value
    assert {"source": term("source:mcps-2018-klaster").value, "status": term("status:stated").value} | {
        "start": 1461,
        "end": 1479,
        "words": "„Zioła Siedleckie”",
    } in signed["places"]
    assert set(iris(told)) - {"names"} <= told["names"].keys()


def test_a_card_of_a_day_has_the_states_of_its_ends(graph: ox.Store) -> None:
    day = states.as_of(graph, states.day("2018-03-22"))
    told = json.loads(json.dumps(as_json.shown(cards.card(day, term("id:artur-pozorek")))))
    state = {fact["other"]: fact["state"] for fact in told["facts"] if isinstance(fact["other"], str)}
    tenure = term("id:tenure-pozorek-mcps").value
    assert state[tenure] == term("state:certainly").value
    roles = [fact["roles"] for fact in told["facts"] if fact["other"] == tenure]
    assert roles == [[term("role:acting-director").value]]


def test_a_reason(graph: ox.Store, folders: Folders) -> None:
    fact = ox.Triple(term("id:relaksownia"), term("se:foundingMemberOf"), term("id:cluster-siedlce"))
    found = reasons.why(graph, fact, pipeline.rules(folders))
    told = json.loads(json.dumps(as_json.explained(found, labels.names(graph, found.terms(), "en"))))
    assert [*told["reason"]] == ["subject", "relation", "object", "rule", "places", "premises"]
    assert told["reason"]["relation"] == term("se:foundingMemberOf").value
    assert told["names"][term("se:foundingMemberOf").value] == "founding member of"
    assert told["reason"]["premises"][1]["places"][1]["words"] == "Powstał"
