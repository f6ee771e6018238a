"""The words in which facts are written: classes, properties, kinds and roles, each with the Turtle to copy."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.stemming import stems_in
from kgraph.base.text import fold
from kgraph.base.vocab import (
    CLAIMS_GRAPH,
    DATE_PROPERTIES,
    EXACT,
    OBJECT,
    ONTOLOGY_GRAPH,
    PREDICATE,
    PREFIXES,
    STATED,
    STATUS,
    SUBJECT,
    TYPE,
    curie,
    term,
)
from kgraph.base.words import section, text
from kgraph.rdf.terms import said

SORTS = ("class", "property", "role", "kind")
"""What a word can be, in the order of the list."""

OF_KIND = {
    "legal": "org:classification",
    "function": "org:classification",
    "orgstatus": "org:classification",
    "purpose": "se:hasPurpose",
    "stakeholder": "se:targetsStakeholder",
    "topic": "dcterms:subject",
    "activity": "se:carriesOut",
    "ending": "se:endReason",
    "operating": "rov:orgStatus",
    "level": "cv:level",
    "locality": "dcterms:type",
    "funding": "dcterms:type",
    "headcount": "schema:measuredProperty",
    "group": "se:targetGroup",
    "pkd2007": "rov:orgActivity",
    "pkd2025": "rov:orgActivity",
}
"""The property whose values the kinds of a scheme are, by their prefix."""

CLAIMED = {"se:firstOfKindIn": "status:superlative", "se:expectedEffect": "status:opinion"}
"""The properties that are claimed and never asserted, each with the status that they mostly have."""

QUOTED = '{| oa:exact "…" |}'


@dataclass(frozen=True)
class Word:
    """A term with its names, definition and notes in a language, and an example from the data.

    `everyday` are words of newspapers for it, by which it is found.
    """

    curie: str
    sort: str
    label: str
    others: tuple[str, ...]
    definition: str
    notes: tuple[str, ...]
    example: str
    turtle: str

    everyday: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        return (self.label, *self.others, self.curie, self.curie.partition(":")[2])


def words(store: ox.Store, lang: str) -> list[Word]:
    """All words, without examples, by sort and name."""
    found = (_word(store, node, sort, lang) for node, sort in _terms(store))
    return sorted(found, key=lambda word: (SORTS.index(word.sort), fold(word.label)))


def _terms(store: ox.Store) -> Iterator[tuple[ox.NamedNode, str]]:
    """The terms that a source file may use, each with its sort."""
    sorts = {"owl:Class": "class", "owl:ObjectProperty": "property", "owl:DatatypeProperty": "property"}
    for kind, sort in sorts.items():
        for quad in store.quads_for_pattern(None, TYPE, term(kind), ONTOLOGY_GRAPH):
            if isinstance(quad.subject, ox.NamedNode) and curie(quad.subject.value):
                yield quad.subject, sort
    for quad in store.quads_for_pattern(None, term("skos:inScheme"), None, ox.DefaultGraph()):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(PREFIXES["kind"]):
            yield quad.subject, "role" if said(quad.object) == "kind:role" else "kind"


def _word(store: ox.Store, node: ox.NamedNode, sort: str, lang: str) -> Word:
    name = curie(node.value) or node.value
    labels = _texts(store, node, "rdfs:label", lang) or _texts(store, node, "skos:prefLabel", lang)
    others = _texts(store, node, "skos:altLabel", lang)
    definition = next(iter(_texts(store, node, "skos:definition", lang)), "")
    notes = _texts(store, node, "skos:scopeNote", lang)
    label, turtle = min(labels, default=name), _turtle(store, node, name, sort)
    return Word(name, sort, label, others, definition, notes, "", turtle, _everyday(name, lang))


def _everyday(name: str, lang: str) -> tuple[str, ...]:
    return tuple(text(lang, f"everyday.{name}").split(", ")) if name in section(lang, "everyday") else ()


def _texts(store: ox.Store, node: ox.NamedNode, name: str, lang: str) -> tuple[str, ...]:
    objects = {quad.object for quad in store.quads_for_pattern(node, term(name), None, None)}
    return tuple(sorted(text.value for text in objects if isinstance(text, ox.Literal) and text.language == lang))


# The Turtle to copy


def _turtle(store: ox.Store, node: ox.NamedNode, name: str, sort: str) -> str:
    if sort == "class":
        return f'id:… a {name} {QUOTED} ;\n    skos:prefLabel "…"@pl , "…"@en .'
    if sort == "property":
        fact = f"id:… {name} {_value(store, node)}"
        return (
            f'<< {fact} >> se:claimStatus {CLAIMED[name]} ; oa:exact "…" .' if name in CLAIMED else f"{fact} {QUOTED} ."
        )
    if sort == "role":
        parts = ("org:member id:…", "org:organization id:…", f"org:role {name}")
        lines = [f"id:tenure-… a org:Membership {QUOTED}", 'skos:prefLabel "…"@pl , "…"@en']
        return " ;\n    ".join([*lines, *(f"{part} {QUOTED}" for part in parts)]) + " ."
    prefix = name.partition(":")[0]
    if name == "legal:local-government-unit":
        lines = [f"id:gmina-…-authority a cv:PublicOrganisation {QUOTED}", 'skos:prefLabel "…"@pl , "…"@en']
        parts = (f"org:classification {name}", "se:seatIn id:…", "se:activeIn id:gmina-…")
        return " ;\n    ".join([*lines, *(f"{part} {QUOTED}" for part in parts)]) + " ."
    if prefix == "status":
        unasserted = f'<< id:… se:… id:… >> se:claimStatus {name} ; oa:exact "…" .'
        return f"id:… se:… id:… {QUOTED} ." if node == STATED else unasserted
    return f"id:… {OF_KIND.get(prefix, 'org:classification')} {name} {QUOTED} ."


def _value(store: ox.Store, node: ox.NamedNode) -> str:
    """A value as the range of a property wants it."""
    ranges = (term("rdfs:range"), term("schema:rangeIncludes"))
    kinds = {said(q.object) for name in ranges for q in store.quads_for_pattern(node, name, None, ONTOLOGY_GRAPH)}
    if ox.Quad(node, TYPE, term("owl:ObjectProperty"), ONTOLOGY_GRAPH) in store:
        return "id:…"
    if "xsd:integer" in kinds:
        return "5"
    if "xsd:decimal" in kinds:
        return "12500.00"
    if kinds == {"xsd:gYear"} or node.value.endswith("Year"):
        return '"2018"^^xsd:gYear'
    return '"2018-03-22"^^xsd:date' if node in DATE_PROPERTIES else '"…"'


# Examples


def example(store: ox.Store, word: Word) -> str:
    """A fact of a source that uses a word, with its quote; empty when none does."""
    node = term(word.curie)
    role = OBJECT if word.sort != "property" else PREDICATE
    claims = sorted((quad.subject for quad in store.quads_for_pattern(None, role, node, CLAIMS_GRAPH)), key=str)
    told = (_told(store, claim) for claim in claims)
    return next(filter(None, told), "")


def _told(store: ox.Store, claim: object) -> str:
    """A stated claim as Turtle, with the words that it quotes in full."""
    parts = [_one(store, claim, name) for name in (SUBJECT, PREDICATE, OBJECT)]
    quote = next(
        (
            words.value
            for place in store.quads_for_pattern(claim, term("se:evidence"), None, CLAIMS_GRAPH)  # type: ignore[arg-type]
            for selector in store.quads_for_pattern(place.object, term("oa:hasSelector"), None, CLAIMS_GRAPH)  # type: ignore[arg-type]
            if isinstance(words := _one(store, selector.object, EXACT), ox.Literal)
        ),
        None,
    )
    if quote is None or _one(store, claim, STATUS) != STATED:
        return ""
    fact = " ".join("a" if part == TYPE else said(part) for part in parts)
    return f'{fact} {{| oa:exact "{quote}" |}} .'


def _one(store: ox.Store, node: object, name: ox.NamedNode) -> object:
    found = store.quads_for_pattern(node, name, None, CLAIMS_GRAPH)  # type: ignore[arg-type]
    return next((quad.object for quad in found), None)


# Searching


def matching(known: Sequence[Word], asked: str) -> list[Word]:
    """The words with a name, definition or note like what is asked, the likeliest first; else like one of its words."""
    found = _matching(known, fold(asked))
    single = [word for word in fold(asked).split() if len(word) > 3]
    return found or list(dict.fromkeys(each for word in single for each in _matching(known, word)))


def _matching(known: Sequence[Word], wanted: str) -> list[Word]:
    ranked = [(_rank(word, wanted), number, word) for number, word in enumerate(known)]
    return [word for rank, _, word in sorted(ranked, key=lambda each: each[:2]) if rank < _NONE]


_NONE = 9


def _rank(word: Word, wanted: str) -> int:
    """How unlikely a word is meant; 9 when nothing of it fits."""
    names, everyday = ([fold(name) for name in some] for some in (word.names(), word.everyday))
    stem = re.compile(rf"\b{re.escape(wanted if len(wanted) < 5 else wanted[:-1])}")
    if wanted in names:
        return 0
    if wanted in everyday or any(name.startswith(wanted) for name in names):
        return 1
    if any(stem.search(name) for name in names):
        return 2
    stems = set(stems_in(wanted).split())
    if stems and any(stems <= set(stems_in(name).split()) for name in (*names, *everyday)):
        return 3
    told = fold(" ".join((word.definition, *word.notes)))
    return 4 if stem.search(told) or (stems and stems <= set(stems_in(told).split())) else _NONE
