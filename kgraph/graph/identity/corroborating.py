"""Evidence beside a name: what a table knows of a thing, compared with what the graph knows of its candidates."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Literal

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.likeness import likeness
from kgraph.base.stemming import CHARACTERS, MOST_WORDS, bears
from kgraph.base.text import fold
from kgraph.graph.identity import comparison
from kgraph.graph.identity.comparison import REGISTERS, SURE, Comparison, Larger, Verdict
from kgraph.graph.names import labels, search, searchable
from kgraph.rdf import sparql

FIELDS = ("place", "year", *REGISTERS)
"""The fields beside the relations of the ontology; `place` stands for several of these."""

PLACES = 50
"""The most places with a name."""

LEAST = 0.5
"""The least score of names that are alike."""

STRENGTH: Sequence[Verdict] = ("unknown", "different", "alike", "equal")
"""Verdicts, of which the last counts when any value will do, and the first when all are wanted."""


@dataclass(frozen=True)
class Evidence:
    """Values of a field that a thing has, any or all of them, or none; each as the texts and IRIs that it may mean.

    The field is `place`, of which a value is the IRIs of areas, `year`, a register, or the IRI of a relation, which is
    called `label`. A thing is no candidate when its comparison is one of `refused`.
    """

    field: str
    values: tuple[tuple[str, ...], ...]
    which: Literal["any", "all", "none"] = "any"
    refused: tuple[Verdict, ...] = ()
    label: str = ""

    @property
    def sort(self) -> str:
        """The field of its comparison."""
        return "number" if self.field in REGISTERS else self.field if self.field in FIELDS else "relation"


def near(*areas: str) -> Evidence:
    """The evidence that a thing is in one of some areas, by their IRIs, or that its place is not known."""
    return Evidence("place", (areas,), refused=("different",))


def field(store: ox.Store, given: str, lang: str) -> str:
    """The field of a property: one of FIELDS, or the IRI of a relation; NotFound lists similar relations."""
    return (
        next((own for own in FIELDS if own.lower() == given.lower()), "") or labels.relation(store, given, lang).value
    )


def name(store: ox.Store, field: str, lang: str) -> str:
    """The name of a field in a language."""
    if field in FIELDS:
        return words.text(lang, f"matching.properties.{field}")
    node = ox.NamedNode(field)
    return labels.name(labels.names(store, [node], lang), node)


def meant(database: Connection, field: str, text: str) -> tuple[str, ...] | None:
    """The texts and IRIs that a value of a field may mean; None for one that says nothing, such as an empty cell."""
    text = text.strip()
    if field == "year":
        year = re.search(r"\d{4}", text)
        return (year[0],) if year else None
    if not text or (field in REGISTERS and not re.search(r"\d", text)):
        return None
    return places(database, text) if field == "place" else (text,)


def places(database: Connection, text: str) -> tuple[str, ...]:
    """The IRIs of the places with a name, else of those with its words; none for an unknown place."""
    found = search.find(database, " ".join(text.split()[:MOST_WORDS])[:CHARACTERS], PLACES)
    known = [hit for hit in found if hit.rank == searchable.PLACE and not hit.guessed]
    same = [hit for hit in known if fold(hit.name) == fold(text)]
    return tuple(dict.fromkeys(hit.iri for hit in same or known if same or bears(hit.name, text)))


@dataclass(frozen=True)
class Facts:
    """What the graph knows of things, as far as evidence is compared with it; the values of relations with names."""

    numbers: Mapping[str, Mapping[str, set[str]]]
    places: Mapping[str, set[str]]
    larger: Larger
    years: Mapping[str, set[str]]
    values: Mapping[tuple[str, str], Mapping[str, Collection[str]]]


def facts(store: ox.Store, database: Connection, asked: Iterable[tuple[Evidence, Collection[str]]]) -> Facts:
    """What is known of the things for which there is evidence."""
    wanted, relations, areas = defaultdict[str, set[str]](set), set[str](), set[str]()
    for one, things in asked:
        wanted[one.sort].update(things)
        if one.sort == "relation":
            relations.add(one.field)
        elif one.sort == "place":
            areas.update(area for value in one.values for area in value)
    places = _places(store, wanted["place"])
    return Facts(
        _numbers(store, wanted["number"]),
        places,
        comparison.containing(store, areas.union(*places.values())),
        {iri: search.years(database, iri) for iri in wanted["year"]},
        _values(store, database, wanted["relation"], relations),
    )


def _nodes(iris: Iterable[str]) -> list[ox.NamedNode]:
    return [ox.NamedNode(iri) for iri in sorted(iris)]


def _numbers(store: ox.Store, things: Collection[str]) -> Mapping[str, Mapping[str, set[str]]]:
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = sparql.named(store, "identified", thing=_nodes(things)) if things else ()
    for _, thing, agency, number in rows:
        for register in filter(agency.value.__contains__, REGISTERS):
            found[thing.value][register].add(number.value)
    return found


def _places(store: ox.Store, things: Collection[str]) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for thing, where in sparql.named(store, "located", thing=_nodes(things)) if things else ():
        found[thing.value].add(where.value)
    return found


def _values(
    store: ox.Store, database: Connection, things: Collection[str], relations: Collection[str]
) -> Mapping[tuple[str, str], Mapping[str, Collection[str]]]:
    """The values of relations of things, each with its names."""
    found: defaultdict[tuple[str, str], dict[str, Collection[str]]] = defaultdict(dict)
    wanted = {"thing": _nodes(things), "relation": _nodes(relations)}
    for thing, relation, value in sparql.named(store, "values", **wanted) if things else ():
        is_literal = isinstance(value, ox.Literal)
        names = [value.value] if is_literal else [name for name, _ in search.named(database, value.value)]
        found[thing.value, relation.value][value.value] = names
    return found


# How they compare


def compared(known: Facts, evidence: Evidence, thing: str) -> Comparison:
    """The evidence beside what is known of a thing; of several values the one that decides."""
    each = [COMPARE[evidence.sort](known, evidence, value, thing) for value in evidence.values]
    if evidence.which == "none":
        found = max(each, key=lambda one: STRENGTH.index(one.verdict))
        verdict: Verdict = "different" if found.agrees else "equal" if found.verdict == "different" else "unknown"
        return Comparison("absence", verdict, found.one, found.other, name=evidence.label)
    choose = max if evidence.which == "any" else min
    return choose(each, key=lambda one: STRENGTH.index(one.verdict))


def _number(known: Facts, evidence: Evidence, value: tuple[str, ...], thing: str) -> Comparison:
    register = evidence.field
    mine, theirs = padded(register, value[0]), known.numbers.get(thing, {}).get(register, set())
    same = [number for number in theirs if padded(register, number) == mine]
    verdict: Verdict = "equal" if same else "different" if theirs else "unknown"
    shown = min(same or theirs, default="")
    return Comparison("number", verdict, f"{register} {mine}", f"{register} {shown}", name=register)


def padded(register: str, number: str) -> str:
    """The digits of a number of a register, with the zeros at its beginning."""
    return re.sub(r"\D", "", number).zfill(REGISTERS[register])


def _place(known: Facts, _: Evidence, value: tuple[str, ...], thing: str) -> Comparison:
    theirs = comparison.narrowest(known.places.get(thing, set()), known.larger)
    return comparison.place(value, theirs, known.larger)


def _year(known: Facts, _: Evidence, value: tuple[str, ...], thing: str) -> Comparison:
    """A year in which the thing was, or what it is linked with; another year says nothing against it."""
    is_one = value[0] in known.years.get(thing, set())
    return Comparison("year", "equal" if is_one else "unknown", value[0])


def _relation(known: Facts, evidence: Evidence, value: tuple[str, ...], thing: str) -> Comparison:
    """The texts and IRIs of a value beside the values of a thing and their names."""
    theirs = known.values.get((thing, evidence.field), {})
    rated = [
        (1.0 if iri in value or name in value else like.score if (like := likeness(text, name)) else 0.0, name)
        for iri, names in theirs.items()
        for name in names or (iri,)
        for text in value
    ]
    best, shown = max(rated, default=(0.0, ""))
    verdict: Verdict = "equal" if best >= SURE else "alike" if best >= LEAST else "different" if theirs else "unknown"
    return Comparison("relation", verdict, value[0], shown, name=evidence.label or evidence.field)


COMPARE: Mapping[str, Callable[[Facts, Evidence, tuple[str, ...], str], Comparison]] = {
    "number": _number,
    "place": _place,
    "year": _year,
    "relation": _relation,
}
