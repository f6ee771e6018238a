"""What can be searched for, as rows: the names of things, passages of sources, and facts between things in words."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kgraph.base.vocab import ALT_LABEL, MERGED_INTO, ONTOLOGY_GRAPH, PREF_LABEL, SUBCLASS, term
from kgraph.rdf import encoding, sparql
from kgraph.rdf.encoding import LOW, Facts, Keys, distinct

PLACE = 2
"""The rank of places."""

AUXILIARY = 3
"""The rank of what describes other things: memberships, known unknowns, sources, kinds."""

NO_KIND = term("rdfs:Resource").value
"""The class of a thing of which no class is known."""

LONGEST_SPAN = 60
"""The most years of a thing that are searched for; a longer time has only its first and last."""

SENTENCE = 100
"""The characters of a passage that tells enough to understand it, and no more."""

Years = Mapping[str, Collection[int]]
"""The years of things, sources and their facts, by IRI."""


Triple = tuple[str, str, str]
"""The subject, predicate and object of a fact, as IRIs."""


class Name(NamedTuple):
    """A name of a thing, its most specific class, and its rank: 0 agents, 1 events, 2 places, 3 all else."""

    iri: str
    name: str
    kind: str
    rank: int


@dataclass(frozen=True, order=True)
class Quotation:
    """Words of a source, their characters if known, and a fact that they are evidence of."""

    source: str
    words: str
    start: int | None
    end: int | None
    subject: str
    predicate: str
    object: str


@dataclass(frozen=True)
class Relation:
    """A fact between two things that are not auxiliary, and the names of its parts in every language."""

    subject: str
    predicate: str
    object: str
    names: str
    rank: int


def names(store: ox.Store, known: Facts | None = None) -> list[Name]:
    """Every name of every thing; those of the better rank first, then the shorter.

    `known` is the default graph of the store, if encoded.
    """
    found = _asked(store) if known is None else _read(store, known)
    return sorted(found, key=lambda one: (one.rank, len(one.name), one.name, one.iri))


def _asked(store: ox.Store) -> list[Name]:
    named = dict.fromkeys(sparql.named(store, "labels"))
    kinds = _least(store, "narrowest", lambda kind: kind.value)
    ranks = _least(store, "ranked", lambda rank: int(rank.value))
    return [
        Name(thing.value, name.value, kinds.get(thing.value, NO_KIND), ranks.get(thing.value, AUXILIARY))
        for thing, name in named
    ]


NAMING = (PREF_LABEL, ALT_LABEL, *map(term, ("skos:notation", "foaf:name", "dcterms:title")))
RANKED = (("foaf:Agent", 0), ("se:Agreement", 1), ("se:Event", 1), ("dcterms:Location", PLACE))
"""What the queries `labels` and `ranked` name, for a graph that is encoded."""


def _read(store: ox.Store, known: Facts) -> list[Name]:
    """The names that `_asked` gives, from encoded facts: a twentieth of the time."""
    terms, kinds, ranks = known.terms(), _kinds(store, known), _ranks(known)
    keys = distinct(np.concatenate([known.of(predicate) for predicate in NAMING]))
    keys = keys[~encoding.among(keys >> 32, known.of(MERGED_INTO) >> 32)]
    things, names = keys >> 32, keys & LOW
    iris = {one: terms[one][1:-1].decode() for one in distinct(things).tolist() if terms[one].startswith(b"<")}
    texts = {one: encoding.literal(terms[one])[0] for one in distinct(names).tolist() if terms[one].startswith(b'"')}
    rows = zip(things.tolist(), names.tolist(), kinds[things].tolist(), ranks[things].tolist(), strict=True)
    return [
        Name(iris[thing], texts[name], kind, rank)
        for thing, name, kind, rank in rows
        if thing in iris and name in texts
    ]


def _kinds(store: ox.Store, known: Facts) -> NDArray[np.object_]:
    """The most specific class of each term, the first by its IRI where there are several."""
    below = defaultdict(list)
    for quad in store.quads_for_pattern(None, SUBCLASS, None, ONTOLOGY_GRAPH):
        if isinstance(quad.subject, ox.NamedNode):
            below[quad.object].append(known.members(quad.subject))
    found = np.full(len(known.numbers), NO_KIND, dtype=object)
    for name in sorted(known.keys, key=lambda name: name.value, reverse=True):
        members = known.members(name)
        if members.size:
            narrower = distinct(np.concatenate([encoding.NONE, *below[name]]))
            found[encoding.absent(members, narrower)] = name.value
    return found


def _ranks(known: Facts) -> Keys:
    """The rank of each term."""
    found = np.full(len(known.numbers), AUXILIARY, dtype=np.int64)
    for name, rank in reversed(RANKED):
        found[known.members(term(name))] = rank
    return found


Least = TypeVar("Least", int, str)


def _least(store: ox.Store, query: str, value_of: Callable[[sparql.Value], Least]) -> dict[str, Least]:
    """The least value of each thing that a query has."""
    found: dict[str, Least] = {}
    for thing, given in sparql.named(store, query):
        value = value_of(given)
        found[thing.value] = min(found.get(thing.value, value), value)
    return found


def quotations(store: ox.Store, source: Sequence[ox.NamedNode] = ()) -> list[Quotation]:
    """The quoted passages of all sources, or of some; those that tell most at a glance first."""
    given = {"source": source} if source else {}
    first: dict[tuple[str, str, int | None], Quotation] = {}
    for origin, words, start, end, *fact in sparql.named(store, "passages", **given):
        bounds = (_number(start), _number(end))
        known = Quotation(origin.value, words.value, *bounds, *(part.value for part in fact))
        key = (known.source, known.words, known.start)
        first[key] = min(known, first.get(key, known), key=lambda one: (one.subject, one.predicate, one.object))
    return sorted(first.values(), key=lambda one: (telling(one.words), one.source, one.start or 0, one.words))


def telling(words: str) -> int:
    """How far words are from the length that tells most at a glance; 0 is best."""
    return abs(len(words) - SENTENCE)


def _number(value: sparql.Value) -> int | None:
    """The number of a literal; None for the empty text that stands for no number."""
    return int(value.value) if value.value else None


def relations(store: ox.Store, linked: Iterable[Triple], known: Sequence[Name]) -> list[Relation]:
    """The facts between things with names that are not auxiliary; better ranks first, then shorter."""
    linked = list(linked)
    ends = {end for subject, _, object_ in linked for end in (subject, object_)}
    called, ranks = defaultdict(list), dict[str, int]()
    for one in known:
        if one.iri in ends:
            called[one.iri].append(one.name)
            ranks[one.iri] = one.rank
    for word, label, _ in sparql.named(store, "vocabulary"):
        called[word.value].append(label.value)
    found = []
    for subject, predicate, object_ in linked:
        rank = max(ranks.get(subject, AUXILIARY), ranks.get(object_, AUXILIARY))
        if rank < AUXILIARY:
            text = " ".join(name for part in (subject, predicate, object_) for name in called[part])
            found.append(Relation(subject, predicate, object_, text, rank))
    return sorted(found, key=lambda one: (one.rank, len(one.names), one.subject, one.predicate, one.object))


def linking(store: ox.Store, about: Sequence[ox.NamedNode] = ()) -> list[Triple]:
    """The subject, predicate and object of facts between things, of all or with one of some at either end."""
    ends = [{"subject": about}, {"object": about}] if about else [{}]
    found = dict.fromkeys(triple for end in ends for triple in sparql.named(store, "relations", **end))
    return [(subject.value, predicate.value, object_.value) for subject, predicate, object_ in found]


def dated(store: ox.Store) -> Years:
    """The years in which things were, as far as they are known, and those in which sources were published."""
    spans = {thing.value: _span(first.value, last.value) for thing, first, last, *_ in sparql.named(store, "dates")}
    return spans | {source.value: _span(day.value, day.value) for source, day in sparql.named(store, "issued")}


def years(own: Years, linked: Iterable[Triple]) -> Years:
    """The years of things, and the first and last of those that they are linked with."""
    found = defaultdict(set, {thing: set(span) for thing, span in own.items()})
    for subject, _, object_ in linked:
        found[subject].update(_ends(own, object_))
        found[object_].update(_ends(own, subject))
    return found


def _ends(known: Years, thing: str) -> Collection[int]:
    """The first and last year of a thing."""
    span = known.get(thing)
    return {min(span), max(span)} if span else ()


def _span(first: str, last: str) -> Sequence[int]:
    """The years from the first to the last day, of which each begins with its year; empty for other texts."""
    if not (first[:4].isdecimal() and last[:4].isdecimal()):
        return ()
    begin, end = int(first[:4]), int(last[:4])
    return range(begin, end + 1) if 0 <= end - begin < LONGEST_SPAN else (begin, end)


def told_in(known: Years, *things: str) -> list[int]:
    """The first and last years of the things in a fact or passage, sorted."""
    return sorted({year for thing in things for year in _ends(known, thing)})
