"""Turtle with evidence, read into facts, claims, editorial notes and problems.

In a source file `s p o {| oa:start 1 ; oa:end 9 ; oa:exact "…" |}` asserts a fact and gives its evidence, `s p o ~`
asserts one without a passage, and `<< s p o >> se:claimStatus status:opinion` records a claim
without asserting it (Turtle 1.2, https://www.w3.org/TR/rdf12-turtle/). Offsets count characters, end exclusive, as
`oa:TextPositionSelector` does (https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from kgraph.base import paths, vocab
from kgraph.base.problems import Problem, Value, problem
from kgraph.base.vocab import short, term
from kgraph.errors import BadData
from kgraph.evidence import syntax
from kgraph.evidence.claims import Claim, Evidence, SourceFile, Text
from kgraph.evidence.quotes import faults
from kgraph.rdf.terms import Node, Term, iris_of, said

EVIDENCE = (vocab.START, vocab.END, vocab.EXACT, vocab.ABRIDGED)
BESIDE = (vocab.PREFIX, vocab.SUFFIX, vocab.OCCURRENCE)
ANNOTATIONS = {*EVIDENCE, *BESIDE, vocab.STATUS, *vocab.CLAIM_LINKS, vocab.DERIVED_FROM, vocab.NOTE}
DECIDED = (vocab.CREATOR, vocab.CREATED)
"""By whom and when; annotations of decisions, which stand in a file of their own."""

EDITORIAL = {
    *map(term, ["skos:prefLabel", "skos:altLabel", "skos:definition", "skos:note", "skos:scopeNote", "rdfs:seeAlso"]),
    *map(term, ["skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:relatedMatch"]),
}
"""The properties that need no source: names, notes and matches elsewhere."""


def parse(path: Path) -> list[ox.Quad]:
    """The quads of a Turtle file; BadData with all its syntax errors, by line and column, when it is not valid."""
    text = paths.read_text(path).removeprefix("\ufeff")  # the byte order mark, which Turtle does not allow
    try:
        return list(ox.parse(text, ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise BadData(*_errors(text, str(path), error)) from error


def _errors(text: str, file: str, error: SyntaxError) -> list[Problem]:
    """The syntax errors of a text that the engine refuses; without a likely cause, where the engine stops."""
    place = (error.lineno or 1, error.offset or 1)
    lines = text.splitlines()
    found = lines[place[0] - 1][place[1] - 1 :].split(" ")[0] if place[0] <= len(lines) else ""
    return syntax.faults(text, file) or [problem(file, "", "syntax-unexpected", found=found).standing(place)]


def read(path: Path) -> SourceFile:
    """A source file as claims and editorial triples; BadData when it is not Turtle, `problems` for all else."""
    return _Reading(path.name, [quad.triple for quad in parse(path)]).file()


class _Reading:
    """The triples of one file, divided into heads, facts, annotations and notes."""

    def __init__(self, name: str, triples: list[ox.Triple]) -> None:
        self.name = name
        self.annotations = ANNOTATIONS | set(DECIDED if name == paths.IDENTITY else ())
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
            found = (faults(place, self.sources[claim.source]) for place in claim.evidence)
            for code, values in chain.from_iterable(found):
                self.report(claim.triple, code, **values)
        return SourceFile(self.name, self.sources, claims, editorial, tuple(sorted(set(self.problems))))

    def report(self, node: object, code: str, **values: Value) -> None:
        self.problems.append(problem(self.name, said(node), code, **values))

    def typed(self, kind: ox.NamedNode) -> list[ox.NamedNode]:
        nodes = (node for node, given in self.properties.items() if kind in given.get(vocab.TYPE, ()))
        return sorted(iris_of(nodes), key=str)

    def values(self, nodes: Iterable[Node], predicate: ox.NamedNode) -> Iterator[Term]:
        return (value for node in nodes for value in self.properties[node].get(predicate, ()))

    def text_of(self, source: ox.NamedNode) -> Text:
        head = self.properties[source]
        return Text(
            _first(head.get(term("se:textSHA256"))),
            _integer(_first(head.get(term("se:textLength")))),
            _first(head.get(term("se:textUnavailable"))) in ("true", "1"),
        )

    def claims(self, triple: ox.Triple, annotations: list[Node]) -> Iterator[Claim]:
        """One claim of each source, with all its passages."""
        by_source: dict[ox.NamedNode, list[Node]] = defaultdict(list)
        for annotation in annotations:
            for predicate in self.properties[annotation].keys() - self.annotations:
                self.report(triple, "not-evidence", property=short(predicate.value))
            if source := self.source_of(triple, annotation):
                by_source[source].append(annotation)
        for source, places in by_source.items():
            found = filter(None, map(self.evidence, places))
            yield Claim(
                source,
                triple,
                self.status_of(triple, places),
                tuple(sorted(found, key=lambda place: (place.start or 0, place.end or 0))),
                self.linked(places),
                self.notes(places),
                self.made(places),
            )

    def source_of(self, triple: ox.Triple, annotation: Node) -> ox.NamedNode | None:
        named = iris_of(self.values([annotation], vocab.DERIVED_FROM)) or self.sources.keys()
        if len(named) == 1 and named <= self.sources.keys():
            return min(named, key=str)
        self.report(triple, "no-source")
        return None

    def status_of(self, triple: ox.Triple, annotations: list[Node]) -> ox.NamedNode:
        given = iris_of(self.values(annotations, vocab.STATUS))
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
        prefix, suffix, number = (_first(self.properties[annotation].get(p)) for p in BESIDE)
        placed = (_integer(start), _integer(end), exact, abridged)
        return Evidence(*placed, prefix or "", suffix or "", _integer(number))

    def linked(self, annotations: list[Node]) -> tuple[tuple[ox.NamedNode, ox.Triple], ...]:
        given = ((link, t) for link in vocab.CLAIM_LINKS for a in annotations for t in self.properties[a].get(link, []))
        return tuple(sorted(((link, t) for link, t in given if isinstance(t, ox.Triple)), key=str))

    def notes(self, annotations: list[Node]) -> tuple[ox.Literal, ...]:
        given = self.values(annotations, vocab.NOTE)
        return tuple(sorted((note for note in given if isinstance(note, ox.Literal)), key=str))

    def made(self, annotations: list[Node]) -> tuple[tuple[ox.NamedNode, ox.Literal], ...]:
        given = ((name, value) for name in DECIDED for value in self.values(annotations, name))
        return tuple((name, value) for name, value in given if isinstance(value, ox.Literal))

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
        """Report triples without evidence, except names, notes, descriptions of sources and known unknowns."""
        described = {*self.sources, *self.typed(vocab.KNOWN_UNKNOWN)}
        for triple in editorial:
            if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
                self.report(triple, "blank")
            elif triple.predicate not in EDITORIAL and triple.subject not in described:
                self.report(triple, "no-evidence")


def _first(terms: list[Term] | None) -> str | None:
    return next((t.value for t in terms or () if isinstance(t, ox.NamedNode | ox.Literal)), None)


def _integer(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
