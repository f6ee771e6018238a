"""The latest event of each object of the graph: in which release it came, changed or went, and why.

An object is a thing, kind, source, claim or inference, with its own triples; those of evidence belong to their claim.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.vocab import BASE, DERIVED_FROM, OBJECT, PREDICATE, PREFIXES, SUBJECT
from kgraph.publish.metadata.description import Edition
from kgraph.publish.pages.addresses import quoted
from kgraph.publish.pages.removed import NOTE, REMOVED_IN

CLAIMED = PREFIXES["claim"]
RECORDS = (CLAIMED, PREFIXES["inference"])

Triples = frozenset[ox.Triple]
Objects = Mapping[str, Triples]
"""The triples of each object, by its IRI."""
Said = tuple[object, ...]
"""The values of some properties of a claim."""
Texts = tuple[tuple[str, str], ...]
"""A text with each of its languages before it."""

CREATE, UPDATE, DELETE = "Create", "Update", "Delete"
"""The kinds of events, named as in Activity Streams (https://www.w3.org/TR/activitystreams-vocabulary/)."""


@dataclass(frozen=True, order=True)
class Event:
    """The last change of an object: in release `version` of the day `issued` (ISO 8601); `why` it went, if known."""

    object: str
    how: str
    version: str
    issued: str
    why: Texts = ()

    @property
    def iri(self) -> str:
        return f"{BASE}feed/{self.version}#{quoted(self.object.removeprefix(BASE))}"


def objects(graph: Iterable[ox.Triple]) -> Objects:
    """The triples of a graph by object."""
    found: dict[str, set[ox.Triple]] = defaultdict(set)
    for triple in graph:
        found[_object(triple.subject)].add(triple)
    return {iri: frozenset(known) for iri, known in found.items()}


def _object(subject: object) -> str:
    """The object that the triples of a subject belong to: a claim or an inference for its parts."""
    iri = str(subject)[1:-1]
    return iri.partition("-")[0] if iri.startswith(RECORDS) else iri


def latest(before: Iterable[Event], old: Objects, new: Objects, edition: Edition) -> list[Event]:
    """The latest event of each object, from those of the last release and both graphs; sorted by object.

    An object that did not change keeps its event. One without an event is new in this release.
    """
    known, corrected = {event.object: event for event in before}, _corrected(old, new)
    found = [
        known[iri] if iri in known and old.get(iri) == own else _event(iri, old, new, corrected, edition)
        for iri, own in new.items()
    ]
    gone = [event for iri, event in known.items() if iri not in new]
    went = [event if event.how == DELETE else Event(event.object, DELETE, *_when(edition)) for event in gone]
    return sorted(found + went)


def _when(edition: Edition) -> tuple[str, str]:
    return edition.version, edition.issued


def _event(iri: str, old: Objects, new: Objects, corrected: Set[Said], edition: Edition) -> Event:
    how = UPDATE if iri in old else CREATE
    return Event(iri, how, *_when(edition), tuple(sorted(_why(iri, old, new, corrected).items())))


def is_withdrawn(own: Triples) -> bool:
    """Whether the triples of an object say only that it was removed."""
    return any(triple.predicate == REMOVED_IN for triple in own)


def _why(iri: str, old: Objects, new: Objects, corrected: Set[Said]) -> Mapping[str, str]:
    """Why an object was withdrawn, by language, where the data says so: its own note, or what its claim rested on."""
    if not is_withdrawn(new[iri]):
        return {}
    if notes := _notes(new[iri]):
        return notes
    about, relation, value, source = _values(iri, old, (SUBJECT, PREDICATE, OBJECT, DERIVED_FROM))
    for part, end in (("source", source), ("subject", about), ("value", value)):
        left = new.get(str(end)[1:-1], frozenset())
        if is_withdrawn(left):
            notes = _notes(left)
            return {lang: f"{text} {notes.get(lang, '')}".strip() for lang, text in words.texts(f"feed.{part}").items()}
    return words.texts("feed.corrected") if (about, relation, source) in corrected else {}


def _notes(own: Triples) -> dict[str, str]:
    """The change notes of an object by language."""
    notes = (triple.object for triple in own if triple.predicate == NOTE)
    return {note.language or "": note.value for note in sorted(notes, key=str) if isinstance(note, ox.Literal)}


def _corrected(old: Objects, new: Objects) -> Set[Said]:
    """The subject, property and source of each claim that the old graph had not."""
    came = (iri for iri in new if iri.startswith(CLAIMED) and iri not in old)
    return {_values(iri, new, (SUBJECT, PREDICATE, DERIVED_FROM)) for iri in came}


def _values(iri: str, graph: Objects, predicates: Iterable[ox.NamedNode]) -> Said:
    """The values of some properties of a claim, None where it has none."""
    known = {triple.predicate: triple.object for triple in graph.get(iri, ()) if triple.subject == ox.NamedNode(iri)}
    return tuple(map(known.get, predicates))
