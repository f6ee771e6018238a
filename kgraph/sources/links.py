"""What files say of each other: sources described twice, claims that refine or contradict claims of other sources."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.problems import Problem, problem
from kgraph.base.vocab import CLAIMS_GRAPH, CONTRADICTS, REFINES
from kgraph.rdf.terms import said
from kgraph.sources.claims import Claim, claim_iri

LOST = {REFINES: "refines-nothing", CONTRADICTS: "contradicts-nothing"}


@dataclass(frozen=True)
class Link:
    """That the claim of a fact in a source refines or contradicts what others say."""

    source: ox.NamedNode
    fact: ox.Triple
    predicate: ox.NamedNode
    other: ox.Triple


def links_of(claims: Iterable[Claim]) -> Iterator[Link]:
    """Each link of some claims."""
    for claim in claims:
        yield from (Link(claim.source, claim.triple, REFINES, other) for other in claim.refines)
        yield from (Link(claim.source, claim.triple, CONTRADICTS, other) for other in claim.contradicts)


def described_twice(heads: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Sources that several files describe, given each file with the IRI of each of its sources."""
    known: dict[str, str] = {}
    for file, source in heads:
        if source in known:
            yield problem(file, said(ox.NamedNode(source)), "described-twice", file=known[source])
        known.setdefault(source, file)


def link(
    links: Iterable[tuple[str, Link]], claiming: Callable[[ox.Triple], Iterable[ox.NamedNode]]
) -> tuple[list[ox.Quad], list[Problem]]:
    """The refinements and contradictions between claims, closed, and links that lead nowhere.

    `links` come with the names of their files; `claiming` gives every source that claims a triple.
    """
    pairs: dict[ox.NamedNode, set[tuple[ox.NamedNode, ox.NamedNode]]] = {REFINES: set(), CONTRADICTS: set()}
    problems = []
    for file, found in links:
        iri = claim_iri(found.source, found.fact)
        others = {source for source in claiming(found.other) if source != found.source}
        pairs[found.predicate] |= {(iri, claim_iri(source, found.other)) for source in others}
        if not others:
            problems.append(problem(file, said(found.fact), LOST[found.predicate], fact=said(found.other)))
    contradicted = pairs[CONTRADICTS] | {(b, a) for a, b in pairs[CONTRADICTS]}
    closed = ((_transitive(pairs[REFINES]), REFINES), (contradicted, CONTRADICTS))
    return [ox.Quad(a, name, b, CLAIMS_GRAPH) for found, name in closed for a, b in found], sorted(problems)


def _transitive(pairs: set[tuple[ox.NamedNode, ox.NamedNode]]) -> set[tuple[ox.NamedNode, ox.NamedNode]]:
    closed = set(pairs)
    while more := {(a, d) for a, b in closed for c, d in pairs if b == c} - closed:
        closed |= more
    return closed
