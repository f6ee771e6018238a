"""Turtle with evidence, read into facts, claims and editorial notes, with every faulty place named.

In a source file `s p o {| oa:start 1 ; oa:end 9 ; oa:exact "…" |}` asserts a fact and gives its evidence, `s p o ~`
asserts one whose place in the text is not known, and `<< s p o >> se:status status:opinion` records what is said
without asserting it (Turtle 1.2, https://www.w3.org/TR/rdf12-turtle/). Offsets count characters, end exclusive, as
`oa:TextPositionSelector` does (https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox

from kgraph import resources
from kgraph.errors import BadData, Problem
from kgraph.vocab import (
    ABRIDGED,
    CLAIM,
    CLAIMS_GRAPH,
    CONTRADICTS,
    DERIVED_FROM,
    EDITORIAL_GRAPH,
    END,
    EVIDENCE,
    EXACT,
    HAS_SELECTOR,
    HAS_SOURCE,
    KNOWN_UNKNOWN,
    OBJECT,
    POSITION_SELECTOR,
    PREDICATE,
    PREFIXES,
    QUOTE_SELECTOR,
    REFINES,
    REIFIES,
    SOURCE,
    SPECIFIC_RESOURCE,
    START,
    STATED,
    STATUS,
    SUBJECT,
    TEXT_LENGTH,
    TEXT_SHA256,
    TEXT_UNAVAILABLE,
    TYPE,
    short,
    term,
)

LONGEST_QUOTE = 60
"""Characters quoted in a row; longer passages give their first and last words with `se:abridged`."""

ELLIPSIS = "…"

HASHED = 16
"""Characters of a hash in the IRI of a claim."""

BYTE_ORDER_MARK = "\ufeff"
"""What some editors write before a text, and Turtle does not know."""

ANNOTATIONS = {START, END, EXACT, ABRIDGED, STATUS, REFINES, CONTRADICTS, DERIVED_FROM}

EDITORIAL = {
    *map(term, ["skos:prefLabel", "skos:altLabel", "skos:definition", "skos:note", "skos:scopeNote", "rdfs:seeAlso"]),
    *map(term, ["skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:relatedMatch"]),
}
"""What a curator may say of a thing without a source: how to call it and what it matches elsewhere."""

Node = ox.NamedNode | ox.BlankNode | ox.Triple
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True)
class Evidence:
    """One place in a text: characters `start` to `end`, and the words there, in full or abridged."""

    start: int | None
    end: int | None
    exact: str | None
    abridged: str | None

    def holds_characters(self) -> bool:
        return self.start is not None and self.end is not None and self.start < self.end

    def order(self) -> tuple[int, int]:
        return (self.start or 0, self.end or 0)


@dataclass(frozen=True)
class Claim:
    """One fact as one source gives it; asserted exactly when its status is *stated*."""

    source: ox.NamedNode
    triple: ox.Triple
    status: ox.NamedNode
    evidence: tuple[Evidence, ...] = ()
    refines: tuple[ox.Triple, ...] = ()
    contradicts: tuple[ox.Triple, ...] = ()

    @property
    def iri(self) -> ox.NamedNode:
        """A stable hash of source and triple."""
        return claim_iri(self.source, self.triple)


@dataclass(frozen=True)
class Text:
    """What a source's head says of its text: hash and length in characters, or that it is not at hand."""

    sha256: str | None
    length: int | None
    unavailable: bool


@dataclass(frozen=True)
class SourceFile:
    """One file under `data/`, read: its sources, its claims, its editorial triples, and what is wrong with it."""

    name: str
    sources: Mapping[ox.NamedNode, Text]
    claims: tuple[Claim, ...]
    editorial: frozenset[ox.Triple]
    problems: tuple[Problem, ...]


def claim_iri(source: ox.NamedNode, triple: ox.Triple) -> ox.NamedNode:
    return hashed("claim", source, triple.subject, triple.predicate, triple.object)


def hashed(prefix: str, *terms: Term) -> ox.NamedNode:
    """An IRI that is the same for the same terms, in every build."""
    digest = hashlib.sha256(" ".join(map(str, terms)).encode()).hexdigest()
    return ox.NamedNode(PREFIXES[prefix] + digest[:HASHED])


def parse(path: Path) -> list[ox.Quad]:
    """The quads of a Turtle file; BadData with line and column when it is not valid."""
    text = resources.read_text(path).removeprefix(BYTE_ORDER_MARK)
    try:
        return list(ox.parse(text, ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise BadData(f"{path}:{error.lineno}:{error.offset}: {_said(error)}") from error


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
            if triple.predicate == REIFIES and isinstance(triple.object, ox.Triple):
                self.reified[triple.object].append(triple.subject)
            else:
                self.properties[triple.subject][triple.predicate].append(triple.object)
        annotations = set(chain.from_iterable(self.reified.values()))
        self.plain = {t for t in triples if t.predicate != REIFIES and t.subject not in annotations}
        self.sources = {s: self.text_of(s) for s in self.typed(SOURCE)}

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

    def report(self, node: object, message: str) -> None:
        self.problems.append(Problem(self.name, said(node), message))

    def typed(self, kind: ox.NamedNode) -> list[ox.NamedNode]:
        return sorted(
            (s for s, p in self.properties.items() if kind in p.get(TYPE, ()) and isinstance(s, ox.NamedNode)), key=str
        )

    def text_of(self, source: ox.NamedNode) -> Text:
        head = self.properties[source]
        length = _first(head.get(TEXT_LENGTH))
        return Text(
            _first(head.get(TEXT_SHA256)),
            int(length) if length and length.isdigit() else None,
            _first(head.get(TEXT_UNAVAILABLE)) == "true",
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
                self.linked(places, REFINES),
                self.linked(places, CONTRADICTS),
            )

    def source_of(self, triple: ox.Triple, annotation: Node) -> ox.NamedNode | None:
        named = [t for t in self.properties[annotation].get(DERIVED_FROM, []) if isinstance(t, ox.NamedNode)]
        if len(named) == 1 and (named[0] in self.sources):
            return named[0]
        if not named and len(self.sources) == 1:
            return next(iter(self.sources))
        self.report(triple, "does not say which source of this file it rests on; add prov:wasDerivedFrom")
        return None

    def status_of(self, triple: ox.Triple, annotations: list[Node]) -> ox.NamedNode:
        given = {t for a in annotations for t in self.properties[a].get(STATUS, []) if isinstance(t, ox.NamedNode)}
        if triple in self.plain:
            if given - {STATED}:
                self.report(triple, "is asserted, so it cannot have another status; write it between << and >>")
            return STATED
        if len(given) != 1 or STATED in given:
            self.report(triple, "is not asserted, so it needs one se:status other than status:stated")
        return min(given - {STATED}, default=term("status:to-be-checked"), key=str)

    def evidence(self, annotation: Node) -> Evidence | None:
        given = self.properties[annotation]
        start, end, exact, abridged = (_first(given.get(p)) for p in (START, END, EXACT, ABRIDGED))
        if not any((start, end, exact, abridged)):
            return None
        return Evidence(_integer(start), _integer(end), exact, abridged)

    def linked(self, annotations: list[Node], predicate: ox.NamedNode) -> tuple[ox.Triple, ...]:
        linked = (t for a in annotations for t in self.properties[a].get(predicate, []))
        return tuple(sorted((t for t in linked if isinstance(t, ox.Triple)), key=str))

    def is_named(self, triple: ox.Triple) -> bool:
        named = isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal)
        if not named:
            self.report(triple, "has a blank node; give it an IRI")
        return named

    def check_head(self) -> None:
        if not self.sources:
            self.report("", "describes no source; add its head (a se:Source with title, publisher and the text's hash)")
        for source, text in self.sources.items():
            if not text.sha256 and not text.unavailable:
                self.report(
                    source, "has no se:textSHA256; add it, or se:textUnavailable true when the text is not at hand"
                )
            if text.sha256 and text.length is None:
                self.report(source, "has no se:textLength (the text's length in characters)")

    def check_editorial(self, editorial: Iterable[ox.Triple]) -> None:
        """Without evidence a curator may name things, describe sources and say what is not known; nothing else."""
        described = {*self.sources, *self.typed(KNOWN_UNKNOWN)}
        for triple in editorial:
            if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
                self.report(triple, "has a blank node; give it an IRI")
            elif triple.predicate not in EDITORIAL and triple.subject not in described:
                self.report(triple, "has no evidence; add {| oa:start … |} or, where the place is not known, ~")

    def check_annotation(self, triple: ox.Triple, annotation: Node) -> None:
        for predicate in self.properties[annotation].keys() - ANNOTATIONS:
            self.report(triple, f"has {short(predicate.value)} in its evidence, which is not known there")

    def check_claim(self, claim: Claim) -> None:
        for place in claim.evidence:
            for message in _faults(place, self.sources[claim.source]):
                self.report(claim.triple, message)


def said(node: object) -> str:
    """A node or a triple in CURIEs, for a message."""
    match node:
        case ox.Triple():
            return " ".join(said(part) for part in (node.subject, node.predicate, node.object))
        case ox.NamedNode():
            return short(node.value)
        case ox.Literal() if str(node).endswith(f"^^{node.datatype}"):
            return f"{str(node).removesuffix(str(node.datatype))}{short(node.datatype.value)}"
        case _:
            return str(node)


def _first(terms: list[Term] | None) -> str | None:
    return next((t.value for t in terms or () if isinstance(t, ox.NamedNode | ox.Literal)), None)


def _integer(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _faults(place: Evidence, text: Text) -> Iterator[str]:
    """What is wrong with a place in a text, as far as the head of the source tells."""
    if place.start is None and place.end is None and text.unavailable:
        yield from _quote_faults(place)
    elif place.start is None or place.end is None:
        yield "needs both oa:start and oa:end, as whole numbers"
    else:
        yield from _offset_faults(place.start, place.end, text)
        yield from _quote_faults(place, place.end - place.start if place.holds_characters() else None)


def _offset_faults(start: int, end: int, text: Text) -> Iterator[str]:
    where = f"[{start}, {end})"
    if text.sha256 is None:
        yield f"has offsets {where}, but its source has no se:textSHA256 to count them in"
    if start >= end:
        yield f"has offsets {where}, which hold no character; oa:end is the first character after the words"
    if text.length is not None and end > text.length:
        yield f"has offsets {where} beyond the text, which has {text.length} characters"


def _quote_faults(place: Evidence, length: int | None = None) -> Iterator[str]:
    if place.exact is None and place.abridged is None:
        yield "quotes no words; add oa:exact, or se:abridged for a long passage"
    if place.exact is not None and length is not None and len(place.exact) != length:
        yield f"quotes {len(place.exact)} characters “{place.exact}” for {length} characters of text"
    if place.exact is not None and len(place.exact) > LONGEST_QUOTE:
        yield f"quotes more than {LONGEST_QUOTE} characters; give the first and last words with se:abridged"
    if place.abridged is not None and place.abridged.count(ELLIPSIS) != 1:
        yield f"abridges without one {ELLIPSIS} between the first and the last words"


def slug(url: str) -> str:
    """A name for a source from its address: lowercase ASCII, host and last part of the path.

    >>> slug("http://www.example.org/2018/03/27/klaster-powstal.html")
    'example-org-klaster-powstal'
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadData(f"{url} is not a web address; give one that begins with https://")
    last = Path(parts.path).stem
    return re.sub(r"[^a-z0-9]+", "-", f"{parts.hostname.removeprefix('www.')} {last}".lower()).strip("-")


SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def head(url: str, name: str, text: str | None) -> str:
    """The beginning of a source file: what is known is written, the rest is left to fill in or said to be unknown."""
    if not SLUG.fullmatch(name):
        raise BadData(f"{name!r} is not a slug; use lowercase ASCII letters, digits and single hyphens")
    wording = f'se:textSHA256 "{_sha256(text)}" ;\n    se:textLength {len(text)}' if text else "se:textUnavailable true"
    template = resources.template("source.ttl").read_text(encoding="utf-8")
    return template.replace("URL", str(_iri(url))).replace("NAME", name).replace("WORDING", wording)


def _iri(url: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(url)
    except ValueError as error:
        raise BadData(f"{url} is not a valid address: {error}") from error


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _sources_of(file: SourceFile, text: str) -> set[ox.NamedNode]:
    return {source for source, about in file.sources.items() if about.sha256 == _sha256(text)}


TEXT_MESSAGES = {
    "pl": {
        "nobody": "żadne źródło nie ma tekstu o tym skrócie SHA-256: usuń plik albo popraw se:textSHA256 na {0}",
        "length": "podaje se:textLength {0}, a tekst ma {1} znaków: popraw liczbę",
        "quote": "cytuje „{0}”, a w tekście jest tam „{1}”",
    },
    "en": {
        "nobody": "no source has a text with this SHA-256; take the file away or correct se:textSHA256 to {0}",
        "length": "says se:textLength {0}, the text has {1} characters; correct the number",
        "quote": "quotes “{0}”, the text has “{1}”",
    },
}


def check_text(files: Iterable[SourceFile], name: str, text: str, lang: str = "en") -> list[Problem]:
    """What a text, by its file's name, shows to be wrong: the places and lengths of the sources that have its hash.

    Places in other texts are not looked at; a text that no source has is a problem itself.
    """
    owned = [(file, sources) for file in files if (sources := _sources_of(file, text))]
    if not owned:
        return [Problem(name, "", TEXT_MESSAGES[lang]["nobody"].format(_sha256(text)))]
    return sorted({problem for file, sources in owned for problem in _misquoted(file, sources, text, lang)})


def _misquoted(file: SourceFile, sources: set[ox.NamedNode], text: str, lang: str) -> Iterator[Problem]:
    messages = TEXT_MESSAGES[lang]
    for source in sources:
        length = file.sources[source].length
        if length not in (None, len(text)):
            yield Problem(file.name, said(source), messages["length"].format(length, len(text)))
    for claim in file.claims:
        for place in claim.evidence if claim.source in sources else ():
            words = text[place.start : place.end]
            if place.holds_characters() and not _quotes(place, words):
                quoted = place.exact or place.abridged
                yield Problem(file.name, said(claim.triple), messages["quote"].format(quoted, _clip(words)))


def _clip(words: str) -> str:
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1] + ELLIPSIS


def _quotes(place: Evidence, words: str) -> bool:
    if place.exact is not None:
        return words == place.exact
    first, _, last = (place.abridged or "").partition(ELLIPSIS)
    return words.startswith(first.strip()) and words.endswith(last.strip()) and bool(words)


DESCRIBED_TWICE = {
    "pl": "to źródło opisuje też {0}, a jedno źródło to jeden plik: połącz je albo nazwij drugie źródło inaczej",
    "en": "{0} describes this source too, and one source is one file; make them one, or name the other source anew",
}


def described_twice(heads: Iterable[tuple[str, ox.NamedNode]], lang: str = "en") -> Iterator[Problem]:
    """Sources that several files describe, given each file with each of its sources."""
    known: dict[ox.NamedNode, str] = {}
    for file, source in heads:
        if source in known:
            yield Problem(file, said(source), DESCRIBED_TWICE[lang].format(known[source]))
        known.setdefault(source, file)


def described(path: Path) -> SourceFile:
    """What a file of the curators says without evidence, such as the description of the data."""
    return SourceFile(path.name, {}, (), frozenset(quad.triple for quad in parse(path)), ())


def link(files: Iterable[SourceFile]) -> tuple[list[ox.Quad], list[Problem]]:
    """The refinements and contradictions between the claims of all files, closed, and links that lead nowhere."""
    files = list(files)
    claimed: dict[ox.Triple, list[Claim]] = defaultdict(list)
    for claim in chain.from_iterable(file.claims for file in files):
        claimed[claim.triple].append(claim)
    refined: set[tuple[Claim, Claim]] = set()
    contradicted: set[tuple[Claim, Claim]] = set()
    problems = []
    for file in files:
        for claim in file.claims:
            for pairs, triples, verb in (
                (refined, claim.refines, "refines"),
                (contradicted, claim.contradicts, "contradicts"),
            ):
                for triple in triples:
                    others = [other for other in claimed[triple] if other.source != claim.source]
                    pairs.update((claim, other) for other in others)
                    if not others:
                        problems.append(
                            Problem(
                                file.name, said(claim.triple), f"{verb} “{said(triple)}”, which no other source says"
                            )
                        )
    contradicted |= {(b, a) for a, b in contradicted}
    return [*_links(_transitive(refined), REFINES), *_links(contradicted, CONTRADICTS)], sorted(problems)


def _transitive(pairs: set[tuple[Claim, Claim]]) -> set[tuple[Claim, Claim]]:
    closed = set(pairs)
    while more := {(a, d) for a, b in closed for c, d in pairs if b == c} - closed:
        closed |= more
    return closed


def _links(pairs: set[tuple[Claim, Claim]], predicate: ox.NamedNode) -> list[ox.Quad]:
    return [ox.Quad(a.iri, predicate, b.iri, CLAIMS_GRAPH) for a, b in pairs]


def quads(file: SourceFile) -> Iterator[ox.Quad]:
    """The file as plain RDF 1.1: facts in the graph of their source, claims and editorial triples in theirs."""
    for triple in file.editorial:
        yield ox.Quad(triple.subject, triple.predicate, triple.object, EDITORIAL_GRAPH)
    for claim in file.claims:
        if claim.status == STATED:
            yield ox.Quad(claim.triple.subject, claim.triple.predicate, claim.triple.object, claim.source)
        for s, p, o in _claim_triples(claim):
            yield ox.Quad(s, p, o, CLAIMS_GRAPH)


def _claim_triples(claim: Claim) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, Term]]:
    iri = claim.iri
    yield iri, TYPE, CLAIM
    yield iri, SUBJECT, claim.triple.subject
    yield iri, PREDICATE, claim.triple.predicate
    yield iri, OBJECT, claim.triple.object
    yield iri, DERIVED_FROM, claim.source
    yield iri, STATUS, claim.status
    for number, place in enumerate(claim.evidence, 1):
        yield from _evidence_triples(claim, place, f"{iri.value}-{number}")


def _evidence_triples(claim: Claim, place: Evidence, base: str) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, Term]]:
    evidence, position, quote = (ox.NamedNode(base + suffix) for suffix in ("", "-position", "-quote"))
    yield claim.iri, EVIDENCE, evidence
    yield evidence, TYPE, SPECIFIC_RESOURCE
    yield evidence, HAS_SOURCE, claim.source
    if place.holds_characters():
        yield evidence, HAS_SELECTOR, position
        yield position, TYPE, POSITION_SELECTOR
        yield position, START, ox.Literal(place.start or 0)
        yield position, END, ox.Literal(place.end or 0)
    for predicate, words in ((EXACT, place.exact), (ABRIDGED, place.abridged)):
        if words is not None:
            yield evidence, HAS_SELECTOR, quote
            yield quote, TYPE, QUOTE_SELECTOR
            yield quote, predicate, ox.Literal(words)
