"""Links between files: sources that are described twice, and how claims differ from claims of other sources."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.problems import Problem, problem
from kgraph.base.vocab import BOTH_HOLD, CLAIM_LINKS, CLAIMS_GRAPH, CONTRADICTS, REFINES
from kgraph.evidence.claims import Claim, claim_iri
from kgraph.rdf.terms import said

LOST = {
    REFINES: "refines-nothing",
    CONTRADICTS: "contradicts-nothing",
    **dict.fromkeys(BOTH_HOLD, "differs-from-nothing"),
}

Pairs = set[tuple[ox.NamedNode, ox.NamedNode]]


@dataclass(frozen=True)
class Link:
    """How the claim of a fact in a source differs from what others say."""

    source: ox.NamedNode
    fact: ox.Triple
    predicate: ox.NamedNode
    other: ox.Triple


def links_of(claims: Iterable[Claim]) -> Iterator[Link]:
    """The links of claims."""
    for claim in claims:
        yield from (Link(claim.source, claim.triple, predicate, other) for predicate, other in claim.links)


def described_twice(heads: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """A problem for each source that several files describe; `heads` are pairs of file and source."""
    known: dict[str, str] = {}
    for file, source in heads:
        if source in known:
            yield problem(file, said(ox.NamedNode(source)), "described-twice", file=known[source])
        known.setdefault(source, file)


def link(
    links: Iterable[tuple[str, Link]], claiming: Callable[[ox.Triple], Iterable[tuple[ox.NamedNode, ox.NamedNode]]]
) -> tuple[list[ox.Quad], list[Problem]]:
    """The links between claims, closed, and a problem for each link without a target.

    `links` come with the names of their files; `claiming` gives the claims of a triple, each with its source.
    """
    pairs: dict[ox.NamedNode, Pairs] = {predicate: set() for predicate in CLAIM_LINKS}
    problems = []
    for file, found in links:
        iri = claim_iri(found.source, found.fact)
        others = {claim for claim, source in claiming(found.other) if source != found.source}
        pairs[found.predicate] |= {(iri, claim) for claim in others}
        if not others:
            problems.append(problem(file, said(found.fact), LOST[found.predicate], fact=said(found.other)))
    closed = {predicate: _closed(predicate, found) for predicate, found in pairs.items()}
    return [ox.Quad(a, name, b, CLAIMS_GRAPH) for name, found in closed.items() for a, b in found], sorted(problems)


def _closed(predicate: ox.NamedNode, pairs: Pairs) -> Pairs:
    """The pairs of a link with those that follow: refinement is transitive, the others are symmetric."""
    return _transitive(pairs) if predicate == REFINES else pairs | {(b, a) for a, b in pairs}


def _transitive(pairs: Pairs) -> Pairs:
    closed = set(pairs)
    while more := {(a, d) for a, b in closed for c, d in pairs if b == c} - closed:
        closed |= more
    return closed
