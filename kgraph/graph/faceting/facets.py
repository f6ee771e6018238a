"""The facets of all things as columns of numbers, from which tables, maps and timelines are counted.

The index is computed once from the claims of a graph; counts and pages are then work on arrays.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kgraph.base.text import fold
from kgraph.base.vocab import (
    BASE,
    DERIVED_FROM,
    OBJECT,
    ONTOLOGY_GRAPH,
    PREDICATE,
    PREF_LABEL,
    PREFIXES,
    SUBCLASS,
    SUBJECT,
    TYPE,
    term,
)
from kgraph.base.words import LANGUAGES
from kgraph.graph.entity import as_json
from kgraph.graph.entity.as_json import Dates, Json
from kgraph.graph.faceting.selection import FACETS, Selection
from kgraph.graph.statements import contributions, quality
from kgraph.graph.statements.contributions import Contribution, Registers, Statements
from kgraph.graph.statements.quality import Quality
from kgraph.rdf import encoding, sparql
from kgraph.rdf.encoding import LOW, Facts, Keys, distinct, join, swap
from kgraph.rdf.functions import POINT

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
Labels = Mapping[str, Mapping[str, str]]
"""Names by IRI and language."""

TITLE = term("dcterms:title")
BROADER, WITHIN = term("skos:broader"), term("se:within")
CLASSIFICATION, HOLDER, RECORDED = term("org:classification"), term("se:holder"), term("se:recordedStatus")
SEAT, LOCATED, ACTIVE = term("se:seatIn"), term("se:locatedIn"), term("se:activeIn")
TOOK_PLACE, SITE, SIGNED = term("se:tookPlaceIn"), term("se:tookPlaceAt"), term("se:signedAt")
ESTABLISHED = term("se:establishedBy")
READ = (
    *quality.READ,
    *(PREF_LABEL, TITLE, BROADER, CLASSIFICATION, HOLDER, RECORDED, SITE, SIGNED, ESTABLISHED),
    *(SEAT, LOCATED, TOOK_PLACE, ACTIVE, WITHIN),
)
"""The predicates that the facets are read from."""

DATABLE = ("se:Event", "se:Agreement", "se:Cluster", "org:Membership", "se:StatusRecord")
"""Classes of things that have a time, known or not; so have those that something established."""

NOT_RELATIONS = (TYPE, term("adms:identifier"), term("geo:hasGeometry"))
"""Predicates that describe one thing rather than link two."""

ASIDE = ("adms:Identifier", "geo:Geometry", "se:KnownUnknown", "skos:Concept")
"""Classes of things that a selection without a kind leaves out."""

NONE = -1


@dataclass(frozen=True)
class Column:
    """The values of one facet, and pairs of a thing and a value, by value.

    A pair is direct when the value is not only a broader one: the region around a place, the class above a class.
    """

    values: tuple[str, ...]
    things: Numbers
    numbers: Numbers
    direct: Mask

    @cached_property
    def starts(self) -> Numbers:
        """Where the pairs of each value begin; one more at the end."""
        return np.searchsorted(self.numbers, np.arange(len(self.values) + 1))

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        return {value: number for number, value in enumerate(self.values)}

    def having(self, value: str) -> Numbers:
        """The things with a value."""
        number = self.number_of.get(value)
        return self.things[:0] if number is None else self.things[self.starts[number] : self.starts[number + 1]]

    def counts(self, mask: Mask) -> Numbers:
        """The number of things in a mask with each value."""
        return np.bincount(self.numbers[mask[self.things]], minlength=len(self.values))

    @cached_property
    def shown(self) -> tuple[Numbers, Numbers]:
        """The direct values of each thing: where those of a thing begin, and the values."""
        order = np.argsort(self.things[self.direct], kind="stable")
        things, numbers = self.things[self.direct][order], self.numbers[self.direct][order]
        last = int(things[-1]) + 1 if things.size else 0
        return np.searchsorted(things, np.arange(last + 1)), numbers

    def of(self, thing: int) -> list[str]:
        """The direct values of a thing."""
        starts, numbers = self.shown
        if thing + 1 >= starts.size:
            return []
        return [self.values[number] for number in numbers[starts[thing] : starts[thing + 1]]]


def having_any(column: Column, values: Iterable[str], things: int) -> Mask:
    """Which of so many things have one of the values."""
    found = np.zeros(things, dtype=bool)
    for value in values:
        found[column.having(value)] = True
    return found


@dataclass(eq=False)
class Index:
    """The named things of a graph by their number, with a column for each facet.

    kind: every class of a thing, inferred ones too. form, function: its legal form and its kind of unit, broader ones
    too. status: what records say that it holds or held. place: its seat, where it is or took place, where it is
    active, and all that lie around. year: that of its first known day. source: what states a fact about it.
    relation: that of a stated fact that links it to another thing, in either direction.

    `homes` are the places shown for a thing: its seat, else where it is or took place, else where it is active.
    `moments` are the first and the last days, `points` latitudes and longitudes, `within` gives the next larger places.
    `facts` counts the stated facts about a thing in either direction, each once, and `sources` what states them.
    `contributions` are the counts of each source, by its IRI; `quality` counts facts of the whole graph.
    `triples` are those of the default graph; None in an index that an earlier version has written.
    """

    things: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]
    kinds: tuple[str, ...]
    is_main: Mask
    is_datable: Mask
    columns: Mapping[str, Column]
    homes: Column
    moments: Mapping[str, Json]
    facts: Numbers
    sources: Numbers
    labels: Labels
    points: Mapping[str, Sequence[float]]
    within: Mapping[str, Sequence[str]]
    contributions: Mapping[str, Contribution]
    quality: Quality
    triples: int | None

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        return {thing: number for number, thing in enumerate(self.things)}

    @cached_property
    def dates(self) -> Mapping[str, Dates]:
        """The first and the last known day of the things that have any."""
        return {
            iri: Dates(str(known["from"]), str(known["to"]), bool(known["begun"]), not known["open"])
            for iri, known in self.moments.items()
        }

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The names of each thing in all languages, and its slug, folded."""
        called = zip(*(self.names[lang] for lang in LANGUAGES), self.things, strict=True)
        return tuple(fold(" ".join((*names, thing.rpartition("/")[2]))) for *names, thing in called)

    @cached_property
    def ranks(self) -> Mapping[str, Numbers]:
        """The rank of each thing's name in each language."""
        return {lang: _ranks(self.names[lang], lang) for lang in LANGUAGES}

    def selected(self, chosen: Selection) -> Mask:
        """Which things are selected; without a chosen kind, only those that are not mere identifiers and the like."""
        every = self._having(chosen)
        return every if chosen.of("kind") else every & self.is_main

    def _having(self, chosen: Selection) -> Mask:
        """The things that have a chosen value of each facet and each word, those aside too."""
        mask = np.ones(len(self.things), dtype=bool)
        for facet, column in self.columns.items():
            if values := chosen.of(facet):
                mask &= having_any(column, values, len(self.things))
        return mask & self.having_words(chosen.text) if chosen.text else mask

    @cached_property
    def having_words(self) -> Callable[[str], Mask]:
        """Which things have all words of a text; the latest are kept, because each facet is counted with them."""
        return lru_cache(1)(self._having_words)

    def _having_words(self, text: str) -> Mask:
        """The things with each word in their name, or in that of their form, function or place."""
        mask = np.ones(len(self.things), dtype=bool)
        for word in fold(text).split():
            having = np.zeros(len(self.things), dtype=bool)
            for column in (self.columns["form"], self.columns["function"], self.homes):
                for number, value in enumerate(column.values):
                    if word in fold(" ".join(self.labels.get(value, {}).values())):
                        having[column.things[column.starts[number] : column.starts[number + 1]]] = True
            rest = np.flatnonzero(mask & ~having)
            having[[number for number in rest.tolist() if word in self.folded[number]]] = True
            mask = mask & having
        return mask

    def counts(self, chosen: Selection, facet: str) -> list[tuple[str, int]]:
        """The values of a facet with their numbers of things, as if none of its values were chosen; most first."""
        column = self.columns[facet]
        others = chosen.without(facet)
        counted = column.counts(self._having(others) if facet == "kind" else self.selected(others))
        found = [(column.values[number], int(counted[number])) for number in np.flatnonzero(counted).tolist()]
        wanted = set(chosen.of(facet)) - {value for value, _ in found}
        found += [(value, 0) for value in column.values if value in wanted]
        return sorted(found, key=lambda row: (-row[1], row[0]))


def dates(store: ox.Store) -> Mapping[str, Dates]:
    """The first and the last known day of the things that have any."""
    return {
        thing.value: Dates(first.value, last.value, begun.value == "true", is_open.value != "true")
        for thing, first, last, is_open, begun in sparql.named(store, "dates")
    }


def triples(store: ox.Store) -> int:
    """The number of triples in the default graph."""
    ((count,),) = sparql.rows(sparql.run(store, "SELECT (COUNT(*) AS ?count) WHERE { ?subject ?predicate ?object }"))
    assert count
    return int(count.value)


@dataclass(frozen=True)
class Encoded:
    """A store as arrays: the facts of its default graph, those of each register, and the number of its triples."""

    facts: Facts
    registers: Registers
    triples: int


def index(store: ox.Store, dates: Mapping[str, Dates], known: Encoded | None = None) -> Index:
    """The index of a store's things; `known` is the store, if encoded."""
    classes = _classes(store)
    known = known or _encoded(store, classes)
    facts = Facts(known.facts.numbers, dict(known.facts.keys))
    for name in classes:
        _ = facts.numbers[f"<{name}>".encode()]
    cells = contributions.read_registers(store, facts, known.registers)
    told = contributions.statements(facts)
    shares, measured = contributions.contributions(facts, told, cells), quality.quality(facts, told, cells)
    return _Reading(store, facts, classes, dates, told, shares, measured, known.triples).index()


def _encoded(store: ox.Store, classes: Iterable[str]) -> Encoded:
    """As much of a store as an index is made from; its registers are not read."""
    facts = Facts()
    encoding.read_some(facts, store, READ, map(ox.NamedNode, classes))
    return Encoded(facts, {}, triples(store))


def _classes(store: ox.Store) -> dict[str, set[str]]:
    """The classes that the ontology describes, with the classes above each."""
    described = store.quads_for_pattern(None, TYPE, term("owl:Class"), ONTOLOGY_GRAPH)
    above = {quad.subject.value: set[str]() for quad in described if isinstance(quad.subject, ox.NamedNode)}
    for quad in store.quads_for_pattern(None, SUBCLASS, None, ONTOLOGY_GRAPH):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            above.get(quad.subject.value, set()).add(quad.object.value)
    return above


@dataclass(frozen=True)
class Stated:
    """The stated claims, sorted, and pairs of a thing and a claim that has it as its subject or object."""

    claims: Keys
    ends: Keys


@dataclass(eq=False)
class _Reading:
    """The making of an index from numbered triples; `thing_of` gives the number of a thing by that of its term."""

    store: ox.Store
    facts: Facts
    classes: Mapping[str, set[str]]
    dates: Mapping[str, Dates]
    told: Statements
    contributions: Mapping[str, Contribution]
    quality: Quality
    triples: int

    @cached_property
    def terms(self) -> list[bytes]:
        return self.facts.terms()

    @cached_property
    def called(self) -> dict[int, dict[str, str]]:
        """The names of the terms that have one, by number and language."""
        found: dict[int, dict[str, str]] = {}
        for predicate in (TITLE, PREF_LABEL):
            for key in self.facts.of(predicate).tolist():
                if self.terms[key >> 32].startswith(b"<"):
                    text, lang = encoding.literal(self.terms[key & LOW])
                    found.setdefault(key >> 32, {})[lang] = text
        return found

    @cached_property
    def named(self) -> dict[str, int]:
        """The things in their order, with the numbers of their terms."""
        return {self.iri(number): number for number in sorted(self.called, key=self.terms.__getitem__)}

    @cached_property
    def things(self) -> tuple[str, ...]:
        return tuple(self.named)

    @cached_property
    def thing_of(self) -> Numbers:
        found = np.full(len(self.terms), NONE, dtype=np.int64)
        found[[*self.named.values()]] = np.arange(len(self.named))
        return found

    def iri(self, number: int) -> str:
        return self.terms[number][1:-1].decode()

    def index(self) -> Index:
        stated = self.stated()
        sources = distinct(join(stated.ends, self.facts.of(DERIVED_FROM)))
        homes = list(self.homes(stated))
        pairs = {
            "kind": self.kinds(),
            "form": self.classified("legal"),
            "function": self.classified("function"),
            "status": self.statuses(),
            "place": self.widened(np.concatenate(homes), self.around(stated)),
            "year": NONE_PAIRS,
            "source": _all_direct(sources),
            "relation": _all_direct(self.relations(stated)),
        }
        columns = {facet: self.column(*pairs[facet]) for facet in FACETS} | {"year": self.years()}
        by_thing = {thing: self.called[number] for thing, number in self.named.items()}
        labels: Labels = {**by_thing, **self.vocabulary(columns)}
        names = {lang: tuple(best(own, lang, thing) for thing, own in by_thing.items()) for lang in LANGUAGES}
        kinds = self.narrowest(columns["kind"])
        return Index(
            self.things,
            names,
            kinds,
            self.main(columns["kind"]),
            self.datable(columns["kind"]),
            columns,
            self.column(*_all_direct(self.home(homes))),
            self.moments(),
            self.counted(self.distinct_facts(stated)),
            self.counted(sources),
            labels,
            _points(self.store),
            self.nested(stated),
            self.contributions,
            self.quality,
            self.triples,
        )

    def stated(self) -> Stated:
        """The stated claims, and pairs of a thing and a claim about it."""
        of, claims = self.facts.of, contributions.stated(self.facts)
        ends = distinct(np.concatenate([swap(of(SUBJECT)), swap(of(OBJECT))]))
        ends = ends[(self.thing_of[ends >> 32] != NONE) & encoding.among(ends & LOW, claims)]
        return Stated(claims, ends)

    def distinct_facts(self, stated: Stated) -> Keys:
        """Pairs of a thing and a fact about it, which several sources may state; a fact is the first claim of it."""
        claims, (_, first) = self.told.claims, np.unique(self.told.fact, return_index=True)
        claim_of = np.zeros(len(self.terms), dtype=np.int64)
        claim_of[claims] = claims[first][self.told.fact]
        return distinct(stated.ends >> 32 << 32 | claim_of[stated.ends & LOW])

    def relations(self, stated: Stated) -> Keys:
        """Pairs of a thing and a relation of a stated fact that links it to another thing."""
        linking = stated.ends[encoding.among(stated.ends & LOW, self.linking())]
        return distinct(join(linking, self.facts.of(PREDICATE)))

    def linking(self) -> Keys:
        """The claims that link two things."""
        objects, predicates = self.facts.of(OBJECT), self.facts.of(PREDICATE)
        left_out = [self.facts.numbers.get(str(node).encode(), NONE) for node in NOT_RELATIONS]
        kept = predicates[~np.isin(predicates & LOW, left_out)] >> 32
        return distinct(kept[encoding.among(kept, objects[self.thing_of[objects & LOW] != NONE] >> 32)])

    def linked(self, claims: Keys, predicate: ox.NamedNode) -> Keys:
        """The pairs of subject and object that stated claims of a relation give, without those that yield."""
        relation = self.facts.of(PREDICATE)
        number = self.facts.numbers.get(str(predicate).encode(), NONE)
        said = relation[(relation & LOW) == number] >> 32
        said = said[encoding.among(said, claims)]
        subjects = self.facts.of(SUBJECT)
        subjects = subjects[encoding.among(subjects >> 32, said)]
        pairs = distinct(join(swap(subjects), self.facts.of(OBJECT)))
        return pairs[encoding.among(pairs, self.facts.of(predicate))]

    def homes(self, stated: Stated) -> Iterator[Keys]:
        """Pairs of a thing and a place: seats, where things are, where they took place, where they are active."""
        located, took_place = self.linked(stated.claims, LOCATED), self.linked(stated.claims, TOOK_PLACE)
        held = distinct(np.concatenate([took_place, join(self.facts.of(SITE), located)]))
        yield self.linked(stated.claims, SEAT)
        yield located
        yield held
        yield distinct(join(self.facts.of(SIGNED), held))
        yield self.linked(stated.claims, ACTIVE)

    @staticmethod
    def home(homes: Sequence[Keys]) -> Keys:
        """The places of the first relation in which a thing has any."""
        found = homes[0]
        for pairs in homes[1:]:
            found = distinct(np.concatenate([found, pairs[~np.isin(pairs >> 32, found >> 32)]]))
        return found

    def nested(self, stated: Stated) -> Mapping[str, list[str]]:
        """The next larger places of each place."""
        found: dict[str, list[str]] = {}
        for key in self.linked(stated.claims, WITHIN).tolist():
            found.setdefault(self.iri(key >> 32), []).append(self.iri(key & LOW))
        return {place: sorted(outer) for place, outer in found.items()}

    def around(self, stated: Stated) -> Keys:
        """Pairs of a place and a place around it, of any size."""
        return _closed(self.linked(stated.claims, WITHIN))

    def widened(self, pairs: Keys, above: Keys) -> tuple[Keys, Keys]:
        """Pairs of a thing and a value, with the values above; those that are direct."""
        direct = distinct(pairs)
        return distinct(np.concatenate([direct, join(direct, above)])), direct

    def kinds(self) -> tuple[Keys, Keys]:
        """Pairs of a thing and each of its classes; direct are the most specific."""
        found, narrow = [encoding.NONE], [encoding.NONE]
        below: dict[str, list[str]] = {name: [] for name in self.classes}
        for name, above in self.classes.items():
            for other in above & below.keys():
                below[other].append(name)
        for name in sorted(self.classes):
            members = self.facts.of(ox.NamedNode(name)) >> 32
            number = self.facts.numbers[f"<{name}>".encode()]
            narrower = [self.facts.of(ox.NamedNode(other)) >> 32 for other in below[name]]
            found.append(members << 32 | number)
            narrow.append(encoding.absent(members, distinct(np.concatenate([encoding.NONE, *narrower]))) << 32 | number)
        return distinct(np.concatenate(found)), distinct(np.concatenate(narrow))

    def classified(self, prefix: str) -> tuple[Keys, Keys]:
        """Pairs of a thing and its classification in a scheme, with the broader ones."""
        pairs, start = self.facts.of(CLASSIFICATION), f"<{PREFIXES[prefix]}".encode()
        concepts = [n for n in distinct(pairs & LOW).tolist() if self.terms[n].startswith(start)]
        return self.widened(pairs[np.isin(pairs & LOW, concepts)], _closed(self.facts.of(BROADER)))

    def statuses(self) -> tuple[Keys, Keys]:
        """Pairs of the holder of a record, and the status recorded."""
        held = join(swap(self.facts.of(HOLDER)), self.facts.of(RECORDED))
        return self.widened(held, _closed(self.facts.of(BROADER)))

    def years(self) -> Column:
        """The year of the first known day of each thing."""
        number_of = {thing: number for number, thing in enumerate(self.things)}
        years = sorted((known.first[:4], number_of[iri]) for iri, known in self.dates.items() if iri in number_of)
        values = sorted({year for year, _ in years})
        at = {year: number for number, year in enumerate(values)}
        things, numbers = ([number for _, number in years], [at[year] for year, _ in years])
        return Column(tuple(values), _whole(things), _whole(numbers), np.ones(len(years), dtype=bool))

    def moments(self) -> Mapping[str, Json]:
        """The dates of the things that have any."""
        disputed = _disputed(self.store)
        return {iri: as_json.dates(d, disputed.get(iri, ())) for iri, d in self.dates.items()}

    def column(self, pairs: Keys, direct: Keys) -> Column:
        """The column of pairs of terms; pairs whose first term has no name are left out."""
        pairs = pairs[self.thing_of[pairs >> 32] != NONE]
        ends = distinct(pairs & LOW)
        values = sorted(map(self.iri, ends.tolist()))
        at = {value: number for number, value in enumerate(values)}
        of_term = np.array([at[self.iri(number)] for number in ends.tolist()], dtype=np.int64)
        numbers = of_term[np.searchsorted(ends, pairs & LOW)]
        order = np.lexsort((self.thing_of[pairs >> 32], numbers))
        pairs = pairs[order]
        is_direct = encoding.among(pairs, direct)
        return Column(tuple(values), self.thing_of[pairs >> 32], numbers[order], is_direct)

    def narrowest(self, column: Column) -> tuple[str, ...]:
        """The most specific class of each thing, the first by its IRI where there are several."""
        first = np.full(len(self.things), len(column.values))
        np.minimum.at(first, column.things[column.direct], column.numbers[column.direct])
        kinds = (*column.values, term("rdfs:Resource").value)
        return tuple(kinds[number] for number in first.tolist())

    def main(self, column: Column) -> Mask:
        found = np.array([thing.startswith(f"{BASE}id/") for thing in self.things], dtype=bool)
        return found & ~having_any(column, (term(name).value for name in ASIDE), len(self.things))

    def datable(self, column: Column) -> Mask:
        found = having_any(column, (term(name).value for name in DATABLE), len(self.things))
        established = self.thing_of[self.facts.of(ESTABLISHED) >> 32]
        found[established[established != NONE]] = True
        return found

    def counted(self, pairs: Keys) -> Numbers:
        """The number of pairs of each thing."""
        return np.bincount(self.thing_of[pairs >> 32], minlength=len(self.things))

    def vocabulary(self, columns: Mapping[str, Column]) -> Labels:
        """The names of the classes and relations."""
        terms = [ox.NamedNode(value) for facet in ("kind", "relation") for value in columns[facet].values]
        found: Labels = as_json.labels(self.store, terms)  # type: ignore[assignment]
        return found


NONE_PAIRS = (encoding.NONE, encoding.NONE)


def _all_direct(pairs: Keys) -> tuple[Keys, Keys]:
    return pairs, pairs


def _whole(numbers: Iterable[int]) -> Numbers:
    return np.fromiter(numbers, dtype=np.int64)


def _closed(pairs: Keys) -> Keys:
    """The transitive closure of pairs."""
    found = pairs
    while True:
        more = distinct(np.concatenate([found, join(found, pairs)]))
        if more.size == found.size:
            return found
        found = more


def _points(store: ox.Store) -> Mapping[str, Sequence[float]]:
    """The latitude and longitude of each place with a point."""
    wkt = {quad.subject: quad.object for quad in _quads(store, "geo:asWKT")}
    found: dict[str, Sequence[float]] = {}
    for quad in _quads(store, "geo:hasGeometry"):
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.NamedNode):
            continue
        if match := POINT.fullmatch(getattr(wkt.get(quad.object), "value", "")):
            found[quad.subject.value] = (float(match[2]), float(match[1]))
    return found


def _quads(store: ox.Store, curie: str) -> Iterator[ox.Quad]:
    return store.quads_for_pattern(None, term(curie), None, ox.DefaultGraph())


def _disputed(store: ox.Store) -> Mapping[str, list[sparql.Value]]:
    """The dates of things on which sources contradict each other."""
    found: dict[str, list[sparql.Value]] = {}
    for node, date in sparql.named(store, "disputed-dates"):
        found.setdefault(node.value, []).append(date)
    return found


def best(names: Mapping[str, str], lang: str, thing: str) -> str:
    """A name in the language, else in the other one, else the end of the IRI."""
    return names.get(lang) or next(iter(sorted(names.values())), "") or thing.rpartition("/")[2]


POLISH = str.maketrans({letter: f"{fold(letter)}\U0010ffff" for letter in "ąćęłńóśź"} | {"ż": "z\U0010ffff\U0010ffff"})


SIGNS = re.compile(r"[^\w \U0010ffff]|_")
"""What does not count when names are sorted."""


def collated(text: str, lang: str) -> str:
    """What a name is sorted by: its letters and numbers, in Polish with each letter after the one without its mark.

    >>> sorted(["„Zioła”", "żagiel", "Łąka", "lato", "Item 10", "Item 9"], key=lambda name: collated(name, "pl"))
    ['Item 9', 'Item 10', 'lato', 'Łąka', '„Zioła”', 'żagiel']
    """
    kept = text.translate(_LETTERS[lang]) if LATIN.fullmatch(text) else _letters(text, lang)
    return DIGITS.sub(lambda found: found[0].lstrip("0").rjust(12, "0"), kept).strip()


DIGITS = re.compile(r"\d+")


LATIN = re.compile("[\0-\u024f\u2000-\u206f]*")
"""Texts of which each character is sorted by itself."""


def _letters(text: str, lang: str) -> str:
    """The folded letters and numbers of a text, in Polish with each letter after the one without its mark."""
    lowered = text.lower()
    return SIGNS.sub("", fold(lowered.translate(POLISH) if lang == "pl" else lowered))


class _Letters(dict[int, str]):
    """A table for `str.translate` that is filled as characters are met."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def __missing__(self, character: int) -> str:
        return self.setdefault(character, _letters(chr(character), self._lang))


_LETTERS = {lang: _Letters(lang) for lang in LANGUAGES}


def _ranks(names: Sequence[str], lang: str) -> Numbers:
    """The rank of each name; equal names share one."""
    keys = [collated(name, lang) for name in names]
    rank = {key: number for number, key in enumerate(sorted(set(keys)))}
    return _whole(rank[key] for key in keys)
