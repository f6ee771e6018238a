"""Turtle with evidence, read into facts, claims and editorial notes, with every faulty place named.

In a source file `s p o {| oa:start 1 ; oa:end 9 ; oa:exact "…" |}` asserts a fact and gives its evidence, `s p o ~`
asserts one whose place in the text is not known, and `<< s p o >> se:status status:opinion` records what is said
without asserting it (Turtle 1.2, https://www.w3.org/TR/rdf12-turtle/). Offsets count characters, end exclusive, as
`oa:TextPositionSelector` does (https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from kgraph.base import paths, vocab
from kgraph.base.problems import Problem, Value, fault, problem
from kgraph.base.vocab import short, term
from kgraph.errors import BadData
from kgraph.rdf.terms import Node, Term, said
from kgraph.sources.claims import Claim, Evidence, SourceFile, Text
from kgraph.sources.quotes import faults

BYTE_ORDER_MARK = "\ufeff"
"""What some editors write before a text, and Turtle does not know."""

EVIDENCE = (vocab.START, vocab.END, vocab.EXACT, vocab.ABRIDGED)
ANNOTATIONS = {*EVIDENCE, vocab.STATUS, *vocab.CLAIM_LINKS, vocab.DERIVED_FROM}

EDITORIAL = {
    *map(term, ["skos:prefLabel", "skos:altLabel", "skos:definition", "skos:note", "skos:scopeNote", "rdfs:seeAlso"]),
    *map(term, ["skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:relatedMatch"]),
}
"""What a curator may say of a thing without a source: how to call it and what it matches elsewhere."""


def parse(path: Path) -> list[ox.Quad]:
    """The quads of a Turtle file; BadData with line and column when it is not valid."""
    text = paths.read_text(path).removeprefix(BYTE_ORDER_MARK)
    try:
        return list(ox.parse(text, ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        place = f"{path}:{error.lineno}:{error.offset}"
        raise BadData(fault("syntax", place=place, reason=_said(error))) from error


def _said(error: SyntaxError) -> str:
    """The parser's sentence without its own repetition of the place."""
    return str(error.msg).partition(": ")[2] or str(error.msg)


def read(path: Path) -> SourceFile:
    """A source file as claims and editorial triples; BadData when it is not Turtle, `problems` for all else."""
    return _Reading(path.name, [quad.triple for quad in parse(path)]).file()


class _Reading:
    """The triples of one file, sorted into what each is."""

    def __init__(self, name: str, triples: list[ox.Triple]) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.reified: dict[ox.Triple, list[Node]] = defaultdict(list)
        self.properties: dict[Node, dict[ox.NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            if triple.predicate == vocab.REIFIES and isinstance(triple.object, ox.Triple):
                self.reified[triple.object].append(triple.subject)
            else:
                self.properties[triple.subject][triple.predicate].append(triple.object)
        annotations = set(chain.from_iterable(self.reified.values()))
        self.plain = {t for t in triples if t.predicate != vocab.REIFIES and t.subject not in annotations}
        self.sources = {s: self.text_of(s) for s in self.typed(vocab.SOURCE)}

    def file(self) -> SourceFile:
        claims = tuple(
            claim
            for triple, annotations in self.reified.items()
            for claim in self.claims(triple, annotations)
            if self.is_named(triple)
        )
        editorial = frozenset(self.plain - self.reified.keys())
        self.check_head()
        self.check_editorial(editorial)
        for claim in claims:
            self.check_claim(claim)
        return SourceFile(self.name, self.sources, claims, editorial, tuple(sorted(set(self.problems))))

    def report(self, node: object, code: str, **values: Value) -> None:
        self.problems.append(problem(self.name, said(node), code, **values))

    def typed(self, kind: ox.NamedNode) -> list[ox.NamedNode]:
        return sorted(
            (s for s, p in self.properties.items() if kind in p.get(vocab.TYPE, ()) and isinstance(s, ox.NamedNode)),
            key=str,
        )

    def text_of(self, source: ox.NamedNode) -> Text:
        head = self.properties[source]
        return Text(
            _first(head.get(vocab.TEXT_SHA256)),
            _integer(_first(head.get(vocab.TEXT_LENGTH))),
            _first(head.get(vocab.TEXT_UNAVAILABLE)) in ("true", "1"),
        )

    def claims(self, triple: ox.Triple, annotations: list[Node]) -> Iterator[Claim]:
        """One claim a source, however many places of the text it has."""
        by_source: dict[ox.NamedNode, list[Node]] = defaultdict(list)
        for annotation in annotations:
            self.check_annotation(triple, annotation)
            source = self.source_of(triple, annotation)
            if source:
                by_source[source].append(annotation)
        for source, places in by_source.items():
            yield Claim(
                source,
                triple,
                self.status_of(triple, places),
                tuple(sorted(filter(None, map(self.evidence, places)), key=Evidence.order)),
                self.linked(places),
            )

    def source_of(self, triple: ox.Triple, annotation: Node) -> ox.NamedNode | None:
        named = [t for t in self.properties[annotation].get(vocab.DERIVED_FROM, []) if isinstance(t, ox.NamedNode)]
        if len(named) == 1 and (named[0] in self.sources):
            return named[0]
        if not named and len(self.sources) == 1:
            return next(iter(self.sources))
        self.report(triple, "no-source")
        return None

    def status_of(self, triple: ox.Triple, annotations: list[Node]) -> ox.NamedNode:
        given = {
            t for a in annotations for t in self.properties[a].get(vocab.STATUS, []) if isinstance(t, ox.NamedNode)
        }
        if triple in self.plain:
            if given - {vocab.STATED}:
                self.report(triple, "asserted")
            return vocab.STATED
        if len(given) != 1 or vocab.STATED in given:
            self.report(triple, "not-asserted")
        return min(given - {vocab.STATED}, default=term("status:to-be-checked"), key=str)

    def evidence(self, annotation: Node) -> Evidence | None:
        start, end, exact, abridged = (_first(self.properties[annotation].get(p)) for p in EVIDENCE)
        if not any((start, end, exact, abridged)):
            return None
        return Evidence(_integer(start), _integer(end), exact, abridged)

    def linked(self, annotations: list[Node]) -> tuple[tuple[ox.NamedNode, ox.Triple], ...]:
        given = ((link, t) for link in vocab.CLAIM_LINKS for a in annotations for t in self.properties[a].get(link, []))
        return tuple(sorted(((link, t) for link, t in given if isinstance(t, ox.Triple)), key=str))

    def is_named(self, triple: ox.Triple) -> bool:
        named = isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal)
        if not named:
            self.report(triple, "blank")
        return named

    def check_head(self) -> None:
        if not self.sources:
            self.report("", "no-head")
        for source, text in self.sources.items():
            if not text.sha256 and not text.unavailable:
                self.report(source, "no-hash")
            if text.sha256 and text.length is None:
                self.report(source, "no-length")

    def check_editorial(self, editorial: Iterable[ox.Triple]) -> None:
        """Without evidence a curator may name things, describe sources and say what is not known; nothing else."""
        described = {*self.sources, *self.typed(vocab.KNOWN_UNKNOWN)}
        for triple in editorial:
            if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
                self.report(triple, "blank")
            elif triple.predicate not in EDITORIAL and triple.subject not in described:
                self.report(triple, "no-evidence")

    def check_annotation(self, triple: ox.Triple, annotation: Node) -> None:
        for predicate in self.properties[annotation].keys() - ANNOTATIONS:
            self.report(triple, "not-evidence", property=short(predicate.value))

    def check_claim(self, claim: Claim) -> None:
        for place in claim.evidence:
            for code, values in faults(place, self.sources[claim.source]):
                self.report(claim.triple, code, **values)


def _first(terms: list[Term] | None) -> str | None:
    return next((t.value for t in terms or () if isinstance(t, ox.NamedNode | ox.Literal)), None)


def _integer(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
