"""What files say of each other: sources described twice, claims that refine or contradict claims of other sources."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

import pyoxigraph as ox

from kgraph.base.problems import Problem, problem
from kgraph.base.vocab import CLAIMS_GRAPH, CONTRADICTS, REFINES
from kgraph.rdf.terms import said
from kgraph.sources.claims import Claim, SourceFile

LOST = {REFINES: "refines-nothing", CONTRADICTS: "contradicts-nothing"}


def described_twice(heads: Iterable[tuple[str, ox.NamedNode]]) -> Iterator[Problem]:
    """Sources that several files describe, given each file with each of its sources."""
    known: dict[ox.NamedNode, str] = {}
    for file, source in heads:
        if source in known:
            yield problem(file, said(source), "described-twice", file=known[source])
        known.setdefault(source, file)


def link(files: Iterable[SourceFile]) -> tuple[list[ox.Quad], list[Problem]]:
    """The refinements and contradictions between the claims of all files, closed, and links that lead nowhere."""
    files = list(files)
    claimed: dict[ox.Triple, list[Claim]] = defaultdict(list)
    for claim in chain.from_iterable(file.claims for file in files):
        claimed[claim.triple].append(claim)
    pairs: dict[ox.NamedNode, set[tuple[Claim, Claim]]] = {REFINES: set(), CONTRADICTS: set()}
    problems = []
    for file, claim, predicate, triple in _linked(files):
        others = [other for other in claimed[triple] if other.source != claim.source]
        pairs[predicate].update((claim, other) for other in others)
        if not others:
            problems.append(problem(file.name, said(claim.triple), LOST[predicate], fact=said(triple)))
    contradicted = pairs[CONTRADICTS] | {(b, a) for a, b in pairs[CONTRADICTS]}
    return [*_links(_transitive(pairs[REFINES]), REFINES), *_links(contradicted, CONTRADICTS)], sorted(problems)


def _linked(files: Iterable[SourceFile]) -> Iterator[tuple[SourceFile, Claim, ox.NamedNode, ox.Triple]]:
    """Each claim that refines or contradicts something, with its file and what that is."""
    for file in files:
        for claim in file.claims:
            yield from ((file, claim, REFINES, triple) for triple in claim.refines)
            yield from ((file, claim, CONTRADICTS, triple) for triple in claim.contradicts)


def _transitive(pairs: set[tuple[Claim, Claim]]) -> set[tuple[Claim, Claim]]:
    closed = set(pairs)
    while more := {(a, d) for a, b in closed for c, d in pairs if b == c} - closed:
        closed |= more
    return closed


def _links(pairs: set[tuple[Claim, Claim]], predicate: ox.NamedNode) -> list[ox.Quad]:
    return [ox.Quad(a.iri, predicate, b.iri, CLAIMS_GRAPH) for a, b in pairs]
