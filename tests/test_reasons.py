"""Explanations of inferred facts, down to facts that sources state."""

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.vocab import INFERRED_GRAPH, RULE, term
from kgraph.build import pipeline
from kgraph.errors import BadData, NotFound
from kgraph.graph.statements import reasons
from kgraph.graph.statements.facts import facts
from kgraph.rdf.backward import Ways
from kgraph.rdf.inference import infer
from kgraph.rdf.store import graph as triples_of


def triple(subject: str, predicate: str, object_: str) -> ox.Triple:
    return ox.Triple(term(subject), term(predicate), term(object_))


@pytest.mark.slow
def test_every_inferred_fact_has_a_reason_that_ends_in_given_facts(graph: ox.Store, folders: Folders) -> None:
    why = reasons.reasons(graph, pipeline.rules(folders))
    records = {q.subject for q in graph.quads_for_pattern(None, RULE, None, INFERRED_GRAPH)}
    inferred = set(triples_of(graph, INFERRED_GRAPH))
    explained = [why(fact) for fact in inferred if fact.subject not in records]
    assert len(explained) > 100
    for reason in explained:
        assert reason and reason.rule
        assert not {leaf.fact for leaf in reason.leaves()} & inferred


def test_a_founding_member_is_traced_to_two_stated_facts(graph: ox.Store, folders: Folders) -> None:
    fact = triple("id:ziola-siedleckie", "se:foundingMemberOf", "id:cluster-siedlce")
    reason = reasons.why(graph, fact, pipeline.rules(folders))
    assert reason.rule == "rules/founding"
    assert [leaf.fact for leaf in reason.leaves()] == [
        triple("id:agreement-2018", "se:hasSignatory", "id:ziola-siedleckie"),
        triple("id:agreement-2018", "se:establishes", "id:cluster-siedlce"),
    ]
    assert {place.words for leaf in reason.leaves() for place in leaf.passages} >= {"„Zioła Siedleckie”", "Powstał"}


def test_a_rule_names_its_premises(graph: ox.Store, folders: Folders) -> None:
    fact = triple("id:relaksownia", "se:cooperatesWith", "id:zaz-siedlce")
    reason = reasons.why(graph, fact, pipeline.rules(folders))
    assert reason.rule == "rules/co-signing"
    assert {premise.fact for premise in reason.premises} == {
        triple("id:agreement-2018", "se:hasSignatory", "id:relaksownia"),
        triple("id:agreement-2018", "se:hasSignatory", "id:zaz-siedlce"),
    }


def test_a_stated_fact_is_its_own_reason(graph: ox.Store, folders: Folders) -> None:
    reason = reasons.why(graph, triple("id:relaksownia", "se:seatIn", "id:siedlce"), pipeline.rules(folders))
    assert (reason.rule, reason.premises) == (None, ())
    assert "Siedlec" in {place.words for place in reason.passages}


def test_what_is_said_without_being_asserted_is_shown_as_said(graph: ox.Store, folders: Folders) -> None:
    fact = triple("id:cluster-siedlce", "se:firstOfKindIn", "id:mazowieckie")
    reason = reasons.why(graph, fact, pipeline.rules(folders))
    assert (reason.rule, reason.premises) == (None, ())
    assert {place.status for place in reason.passages} == {term("status:superlative").value}
    assert term("status:superlative") in set(reason.terms())


def test_what_nobody_says_and_no_rule_gives_has_no_reason(graph: ox.Store, folders: Folders) -> None:
    with pytest.raises(NotFound, match="no source says so, and no rule gives it"):
        reasons.why(graph, triple("id:mcps", "se:memberOf", "id:cluster-siedlce"), pipeline.rules(folders))


def test_a_circle_is_not_a_reason(store_of: Callable[..., ox.Store]) -> None:
    ontology = "se:p a owl:ObjectProperty ; owl:inverseOf se:q . se:q a owl:ObjectProperty ; rdfs:subPropertyOf se:r ."
    store = store_of("id:a se:p id:b .", ontology + " se:r a owl:ObjectProperty ; rdfs:subPropertyOf se:q .")
    infer(store)
    reason = reasons.why(store, triple("id:b", "se:q", "id:a"), {})
    assert [leaf.fact for leaf in reason.leaves()] == [triple("id:a", "se:p", "id:b")]


def test_a_rule_without_premises_is_refused(graph: ox.Store) -> None:
    with pytest.raises(BadData, match="names its “#\\+ premises:”"):
        reasons.why(
            graph,
            triple("id:relaksownia", "se:cooperatesWith", "id:zaz-siedlce"),
            {"rules/x": "CONSTRUCT { ?a se:cooperatesWith ?b } WHERE { ?a se:cooperatesWith ?b }"},
        )


def test_the_rule_that_is_worked_out_is_the_one_on_record(graph: ox.Store, folders: Folders) -> None:
    ways = Ways(graph, pipeline.rules(folders))
    known = [fact for fact in facts(graph) if fact.rule]
    others = [fact for fact in known if ways.rule(ox.Triple(fact.subject, fact.predicate, fact.object)) != fact.rule]
    assert len(known) > 1000
    assert len(others) <= 2  # where two rules give a fact from as many premises
