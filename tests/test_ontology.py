"""The ontology as a whole: its parts, and the names that were replaced."""

from collections import Counter

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.vocab import PREFIXES, TYPE, term
from kgraph.evidence import turtle


@pytest.fixture(scope="module")
def quads(folders: Folders) -> list[ox.Quad]:
    return turtle.parse(folders.ontology / "sekg.ttl")


def test_each_term_stands_in_one_part(quads: list[ox.Quad]) -> None:
    declared = {q.subject for q in quads if q.predicate == TYPE and str(q.object).startswith(f"<{PREFIXES['owl']}")}
    declared = {
        node for node in declared if any(q.subject == node and q.predicate == term("skos:definition") for q in quads)
    }
    members = Counter(quad.object for quad in quads if quad.predicate == term("skos:member"))
    assert members.keys() == declared
    assert {node: count for node, count in members.items() if count > 1} == {}


def test_a_former_name_leads_to_one_that_is_used(quads: list[ox.Quad], folders: Folders) -> None:
    former = {quad.subject for quad in quads if quad.predicate == term("owl:deprecated")}
    replaced = {quad.subject: quad.object for quad in quads if quad.predicate == term("dcterms:isReplacedBy")}
    assert (
        former == replaced.keys() == {term(name) for name in ("se:status", "se:Standing", "se:standing", "kind:status")}
    )
    known = {quad.subject for quad in (*quads, *turtle.parse(folders.ontology / "kinds.ttl"))}
    assert known >= set(replaced.values()) and not former & set(replaced.values())
