"""Claims of sources with their evidence, and the files that have them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base import vocab
from kgraph.base.problems import Problem
from kgraph.base.vocab import term
from kgraph.rdf import terms
from kgraph.rdf.terms import Term


@dataclass(frozen=True)
class Evidence:
    """A passage of a text: characters `start` to `end`, and its words, in full or abridged.

    `prefix` and `suffix` are the words beside it. `occurrence` is its number among passages with these words; it is
    read where offsets are still missing, and it is no part of the graph.
    """

    start: int | None
    end: int | None
    exact: str | None
    abridged: str | None
    prefix: str = ""
    suffix: str = ""
    occurrence: int | None = None

    def holds_characters(self) -> bool:
        return self.start is not None and self.end is not None and self.start < self.end


@dataclass(frozen=True)
class Claim:
    """One fact as one source gives it, with links to facts of others; asserted exactly when its status is *stated*.

    `notes` are the curator's; `made` says by whom and when a decision was made.
    """

    source: ox.NamedNode
    triple: ox.Triple
    status: ox.NamedNode
    evidence: tuple[Evidence, ...] = ()
    links: tuple[tuple[ox.NamedNode, ox.Triple], ...] = ()
    notes: tuple[ox.Literal, ...] = ()
    made: tuple[tuple[ox.NamedNode, ox.Literal], ...] = ()

    @property
    def iri(self) -> ox.NamedNode:
        """A stable hash of source and triple."""
        return claim_iri(self.source, self.triple)


@dataclass(frozen=True)
class Text:
    """The text of a source by its head: hash and length in characters, or that it is not available."""

    sha256: str | None
    length: int | None
    unavailable: bool


@dataclass(frozen=True)
class SourceFile:
    """A file under `data/`: its sources, claims, editorial triples and problems."""

    name: str
    sources: Mapping[ox.NamedNode, Text]
    claims: tuple[Claim, ...]
    editorial: frozenset[ox.Triple]
    problems: tuple[Problem, ...]

    def triples(self) -> Iterator[ox.Triple]:
        """The triples of its claims, asserted or not, and the editorial ones."""
        yield from (claim.triple for claim in self.claims)
        yield from self.editorial


def claim_iri(source: ox.NamedNode, triple: ox.Triple) -> ox.NamedNode:
    return terms.claim_iri(source, *triple)


def quads(file: SourceFile) -> Iterator[ox.Quad]:
    """The file as plain RDF 1.1: facts in the graph of their source, claims and editorial triples in theirs."""
    for triple in file.editorial:
        yield ox.Quad(triple.subject, triple.predicate, triple.object, vocab.EDITORIAL_GRAPH)
    for claim in file.claims:
        if claim.status == vocab.STATED:
            yield ox.Quad(claim.triple.subject, claim.triple.predicate, claim.triple.object, claim.source)
        for s, p, o in _claim_triples(claim):
            yield ox.Quad(s, p, o, vocab.CLAIMS_GRAPH)


def _claim_triples(claim: Claim) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, Term]]:
    iri = claim.iri
    yield iri, vocab.TYPE, vocab.CLAIM
    yield iri, vocab.SUBJECT, claim.triple.subject
    yield iri, vocab.PREDICATE, claim.triple.predicate
    yield iri, vocab.OBJECT, claim.triple.object
    yield iri, vocab.DERIVED_FROM, claim.source
    yield iri, vocab.STATUS, claim.status
    yield from ((iri, vocab.NOTE, note) for note in claim.notes)
    yield from ((iri, name, value) for name, value in claim.made)
    for number, place in enumerate(claim.evidence, 1):
        yield from _evidence_triples(claim, place, f"{iri.value}-{number}")


def _evidence_triples(claim: Claim, place: Evidence, base: str) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, Term]]:
    evidence, position, quote = (ox.NamedNode(base + suffix) for suffix in ("", "-position", "-quote"))
    yield claim.iri, vocab.EVIDENCE, evidence
    yield evidence, vocab.TYPE, term("oa:SpecificResource")
    yield evidence, term("oa:hasSource"), claim.source
    if place.holds_characters():
        yield evidence, term("oa:hasSelector"), position
        yield position, vocab.TYPE, term("oa:TextPositionSelector")
        yield position, vocab.START, ox.Literal(place.start or 0)
        yield position, vocab.END, ox.Literal(place.end or 0)
    for predicate, words in ((vocab.EXACT, place.exact), (vocab.ABRIDGED, place.abridged)):
        if words is not None:
            yield evidence, term("oa:hasSelector"), quote
            yield quote, vocab.TYPE, term("oa:TextQuoteSelector")
            yield quote, predicate, ox.Literal(words)
            for beside, found in ((vocab.PREFIX, place.prefix), (vocab.SUFFIX, place.suffix)):
                if found:
                    yield quote, beside, ox.Literal(found)
