"""Links between files: sources that are described twice, claims that refine or contradict claims of other sources."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.problems import Problem, problem
from kgraph.base.vocab import CLAIMS_GRAPH, CONTRADICTS, REFINES
from kgraph.rdf.terms import said
from kgraph.sources.claims import Claim, claim_iri


@dataclass(frozen=True)
class Link:
    """A refinement or contradiction: the source and fact of a claim, and the fact that other sources claim."""

    source: ox.NamedNode
    fact: ox.Triple
    predicate: ox.NamedNode
    other: ox.Triple


def links_of(claims: Iterable[Claim]) -> Iterator[Link]:
    """The links of claims."""
    for claim in claims:
        yield from (Link(claim.source, claim.triple, REFINES, other) for other in claim.refines)
        yield from (Link(claim.source, claim.triple, CONTRADICTS, other) for other in claim.contradicts)


def described_twice(heads: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """A problem for each source that several files describe; `heads` are pairs of file and source."""
    known: dict[str, str] = {}
    for file, source in heads:
        if source in known:
            yield problem(file, said(ox.NamedNode(source)), "described-twice", file=known[source])
        known.setdefault(source, file)


def link(
    links: Iterable[tuple[str, Link]], claiming: Callable[[ox.Triple], Iterable[ox.NamedNode]]
) -> tuple[list[ox.Quad], list[Problem]]:
    """The links between claims, refinements closed transitively, and a problem for each link without a target.

    `links` come with the names of their files; `claiming` gives the sources that claim a triple.
    """
    pairs: dict[ox.NamedNode, set[tuple[ox.NamedNode, ox.NamedNode]]] = {REFINES: set(), CONTRADICTS: set()}
    problems = []
    for file, found in links:
        iri = claim_iri(found.source, found.fact)
        others = {source for source in claiming(found.other) if source != found.source}
        pairs[found.predicate] |= {(iri, claim_iri(source, found.other)) for source in others}
        if not others:
            code = "refines-nothing" if found.predicate == REFINES else "contradicts-nothing"
            problems.append(problem(file, said(found.fact), code, fact=said(found.other)))
    contradicted = pairs[CONTRADICTS] | {(b, a) for a, b in pairs[CONTRADICTS]}
    closed = ((_transitive(pairs[REFINES]), REFINES), (contradicted, CONTRADICTS))
    return [ox.Quad(a, name, b, CLAIMS_GRAPH) for found, name in closed for a, b in found], sorted(problems)


def _transitive(pairs: set[tuple[ox.NamedNode, ox.NamedNode]]) -> set[tuple[ox.NamedNode, ox.NamedNode]]:
    closed = set(pairs)
    while more := {(a, d) for a, b in closed for c, d in pairs if b == c} - closed:
        closed |= more
    return closed
