"""The closure: each rule, the comparison with owlrl, and the records of inferences."""

from collections.abc import Callable

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.base.paths import Folders
from kgraph.base.vocab import INFERRED_GRAPH, RULE
from kgraph.build import pipeline
from kgraph.errors import BadData
from kgraph.rdf import inference
from kgraph.rdf.store import graph as triples_of
from tests.conftest import holds

StoreOf = Callable[..., ox.Store]

ONTOLOGY = """
se:within a owl:ObjectProperty, owl:TransitiveProperty ; owl:inverseOf se:contains .
se:cooperatesWith a owl:ObjectProperty, owl:SymmetricProperty .
se:seatIn a owl:ObjectProperty ; rdfs:subPropertyOf se:locatedIn ; rdfs:domain org:Organization ;
    rdfs:range dcterms:Location ; owl:propertyChainAxiom ( se:seatIn se:within ) .
se:Cluster rdfs:subClassOf org:Organization .
"""


@pytest.mark.parametrize(
    ("facts", "inferred"),
    [
        ("id:a se:within id:b . id:b se:within id:c .", "id:a se:within id:c"),
        ("id:a se:within id:b .", "id:b se:contains id:a"),
        ("id:b se:contains id:a .", "id:a se:within id:b"),
        ("id:a se:cooperatesWith id:b .", "id:b se:cooperatesWith id:a"),
        ("id:o se:seatIn id:a .", "id:o se:locatedIn id:a"),
        ("id:o se:seatIn id:a . id:a se:within id:b . id:b se:within id:c .", "id:o se:seatIn id:c"),
        ("id:o se:seatIn id:a .", "id:o a org:Organization"),
        ("id:o se:seatIn id:a .", "id:a a dcterms:Location"),
        ("id:k a se:Cluster .", "id:k a org:Organization"),
    ],
)
def test_each_kind_of_axiom_adds_its_fact(store_of: StoreOf, facts: str, inferred: str) -> None:
    store = store_of(facts, ONTOLOGY)
    assert not holds(store, inferred)
    inference.infer(store)
    assert holds(store, inferred)


def test_each_inferred_fact_names_its_rule(store_of: StoreOf) -> None:
    store = store_of("id:o se:seatIn id:a . id:a se:within id:b .", ONTOLOGY)
    inference.infer(store)
    rules = {
        quad.object.value
        for quad in store.quads_for_pattern(None, RULE, None, INFERRED_GRAPH)
        if isinstance(quad.object, ox.Literal)
    }
    assert "se:seatIn ∘ se:within ⊑ se:seatIn" in rules
    assert "∃se:seatIn.⊤ ⊑ org:Organization" in rules


def test_inferring_again_changes_nothing(store_of: StoreOf) -> None:
    store = store_of("id:a se:within id:b . id:b se:within id:c .", ONTOLOGY)
    first = inference.infer(store), set(store)
    assert (inference.infer(store), set(store)) == first


def test_a_cycle_ends(store_of: StoreOf) -> None:
    store = store_of("id:a se:within id:b . id:b se:within id:a .", ONTOLOGY)
    inference.infer(store)
    assert holds(store, "id:a se:within id:a")


def test_an_axiom_without_a_rule_is_refused(store_of: StoreOf) -> None:
    store = store_of("id:a se:p id:b .", "se:p a owl:ObjectProperty ; owl:propertyChainAxiom ( se:q se:r se:s ) .")
    with pytest.raises(BadData, match="long chain"):
        inference.infer(store)


@pytest.mark.slow
def test_the_real_closure_equals_owlrls(folders: Folders, graph: ox.Store) -> None:
    reference = pipeline.graph(folders, "owlrl")
    assert set(inference.facts_of(graph)) == set(inference.facts_of(reference))


PROPERTIES = ["se:p", "se:q", "se:r", "se:s"]
CLASSES = ["se:A", "se:B", "se:C"]
THINGS = ["id:a", "id:b", "id:c", "id:d"]

one_property, one_class, one_thing = map(st.sampled_from, (PROPERTIES, CLASSES, THINGS))
axioms = st.one_of(
    st.builds("{} rdfs:subPropertyOf {} .".format, one_property, one_property),
    st.builds("{} owl:equivalentProperty {} .".format, one_property, one_property),
    st.builds("{} owl:inverseOf {} .".format, one_property, one_property),
    st.builds("{} a owl:SymmetricProperty .".format, one_property),
    st.builds("{} a owl:TransitiveProperty .".format, one_property),
    st.builds("{} owl:propertyChainAxiom ( {} {} ) .".format, one_property, one_property, one_property),
    st.builds("{} rdfs:domain {} .".format, one_property, one_class),
    st.builds("{} rdfs:range {} .".format, one_property, one_class),
    st.builds("{} rdfs:subClassOf {} .".format, one_class, one_class),
    st.builds("{} owl:equivalentClass {} .".format, one_class, one_class),
)
facts = st.one_of(
    st.builds("{} {} {} .".format, one_thing, one_property, one_thing),
    st.builds("{} a {} .".format, one_thing, one_class),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(axioms, max_size=6), st.lists(facts, min_size=1, max_size=6))
def test_any_small_closure_equals_owlrls(store_of: StoreOf, some_axioms: list[str], some_facts: list[str]) -> None:
    declared = " ".join(f"{name} a owl:ObjectProperty ." for name in PROPERTIES)
    ontology = declared + "\n".join(some_axioms)
    closures = []
    for reasoner in ("kgraph", "owlrl"):
        store = store_of("\n".join(some_facts), ontology)
        inference.infer(store, reasoner=reasoner)
        closures.append(set(inference.facts_of(store)))
    assert closures[0] == closures[1]


REPRESENTATION = """
id:event se:hasParticipant id:person ; se:earliest "2018-03-22"^^xsd:date ; se:latest "2018-03-22"^^xsd:date .
id:tenure org:member id:person ; org:organization id:body ; org:role role:director .
"""

SAME_SOURCE = """
claim:x rdf:subject id:tenure ; rdf:predicate org:member ; rdf:object id:person ;
    prov:wasDerivedFrom source:s ; se:claimStatus status:stated .
claim:y rdf:subject id:event ; rdf:predicate se:hasAttendee ; rdf:object id:person ;
    prov:wasDerivedFrom source:s ; se:claimStatus status:stated .
"""


@pytest.mark.parametrize(
    ("more", "represented"),
    [
        ('id:tenure se:validFrom "2017-01-01"^^xsd:date .', False),
        ('id:tenure se:validFrom "2017-01-01"^^xsd:date ; se:lastAttested "2018-03-22"^^xsd:date .', True),
        ('id:tenure se:validFrom "2017-01-01"^^xsd:date ; se:lastAttested "2018-03-21"^^xsd:date .', False),
        ('id:tenure se:fromYear "2017"^^xsd:gYear ; se:untilYear "2019"^^xsd:gYear .', True),
        ('id:tenure se:fromYear "2018"^^xsd:gYear ; se:untilYear "2019"^^xsd:gYear .', False),
        (SAME_SOURCE, True),
        (SAME_SOURCE + 'id:tenure se:fromYear "2018"^^xsd:gYear .', True),
        (SAME_SOURCE + 'id:tenure se:fromYear "2019"^^xsd:gYear .', False),
        (SAME_SOURCE + 'id:tenure se:untilYear "2015"^^xsd:gYear .', False),
        (SAME_SOURCE.replace("se:hasAttendee", "se:about"), False),
        ('id:tenure se:validFrom "2017-01-01"^^xsd:date ; se:validUntil "2019-01-01"^^xsd:date .', True),
        ('id:tenure se:validFrom "2015-01-01"^^xsd:date ; se:validUntil "2017-12-31"^^xsd:date .', False),
        ('id:tenure se:validFrom "2018-04-01"^^xsd:date .', False),
        ("", False),
    ],
)
def test_only_an_office_held_on_the_day_represents(
    store_of: StoreOf, folders: Folders, more: str, represented: bool
) -> None:
    store = store_of(REPRESENTATION + more)
    inference.infer(store, pipeline.rules(folders))
    assert holds(store, "id:body se:representedAt id:event") is represented


def test_nobody_cooperates_with_itself(graph: ox.Store) -> None:
    assert holds(graph, "id:relaksownia se:cooperatesWith id:cis-siedlce")
    assert not holds(graph, "?a se:cooperatesWith ?a")


def test_what_the_article_does_not_say_is_not_inferred(graph: ox.Store) -> None:
    assert not holds(graph, "id:mcps se:memberOf id:cluster-siedlce")
    assert not holds(graph, "id:owes-siedlce se:memberOf id:cluster-siedlce")
    assert not holds(graph, "id:cis-siedlce se:seatIn id:powiat-siedlecki")


def test_an_office_holder_is_not_called_a_member(graph: ox.Store) -> None:
    assert holds(graph, "id:artur-pozorek org:memberOf id:mcps")
    assert not holds(graph, "id:artur-pozorek se:memberOf id:mcps")
    assert holds(graph, "id:relaksownia se:memberOf id:cluster-siedlce")


def test_every_inferred_fact_has_one_record(graph: ox.Store) -> None:
    records = {t.subject for t in triples_of(graph, INFERRED_GRAPH) if t.predicate == RULE}
    inferred = [t for t in triples_of(graph, INFERRED_GRAPH) if t.subject not in records]
    assert len(records) == len(inferred) > 100
