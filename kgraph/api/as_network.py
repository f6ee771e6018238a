"""A query result as a network: its triples, or the facts between the things in it, with their evidence."""

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from kgraph.api.result import Result
from kgraph.base.vocab import short, term
from kgraph.errors import BadQuery
from kgraph.graph.network.networks import DRAWN_INFERRED, Edge, Network, Node, nodes_of
from kgraph.graph.statements.facts import Fact, Triple, facts

OTHER = term("rdfs:Resource").value


def network(store: ox.Store, result: Result) -> Network:
    """The triples of a result, or the facts between the things in it, with their evidence; BadQuery without any."""
    things = sorted({cell for row in result.terms for cell in row if isinstance(cell, ox.NamedNode)}, key=str)
    known = {fact.triple: fact for fact in facts(store, things)} if things else {}
    edges = list(_constructed(result, known) if result.form == "triples" else _among(set(things), known))
    if not edges:
        raise BadQuery("no fact links what the answer names; write CONSTRUCT { ?one ?relation ?other } WHERE { … }")
    ends = sorted({end for edge in edges for end in (edge.source, edge.target)})
    named = {node.iri: node for node in nodes_of(store, ends)}
    nodes = (named.get(iri) or Node(iri, OTHER, (("", short(iri)),)) for iri in ends)
    return Network(tuple(nodes), tuple(sorted(edges)))


Known = Mapping[Triple, Fact]


def _constructed(result: Result, known: Known) -> Iterator[Edge]:
    """An edge for each triple between things; one that is not in the graph has the rule `CONSTRUCT`."""
    for subject, predicate, object_ in result.terms:
        if isinstance(subject, ox.NamedNode) and isinstance(object_, ox.NamedNode):
            assert isinstance(predicate, ox.NamedNode)
            fact = known.get((subject, predicate, object_))
            behind = (fact.passages, fact.rule) if fact else ((), "CONSTRUCT")
            yield Edge(subject.value, predicate.value, object_.value, *behind)


def _among(things: set[ox.NamedNode], known: Known) -> Iterator[Edge]:
    """The facts between the things; where a stated fact links two, only inferred ones of DRAWN_INFERRED beside it."""
    found = [fact for fact in known.values() if fact.subject in things and fact.object in things]
    stated = {frozenset((fact.subject, fact.object)) for fact in found if fact.asserted}
    for fact in found:
        says_more = fact.predicate in DRAWN_INFERRED or frozenset((fact.subject, fact.object)) not in stated
        if fact.asserted or (fact.rule and says_more):
            yield Edge(*fact.values, fact.passages, fact.rule)
