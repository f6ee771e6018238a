"""What a release remembers of the things that it no longer has."""

from collections.abc import Iterable

import pyoxigraph as ox

from kgraph.release.difference import Triples
from kgraph.vocab import BASE, TYPE, term

DEPRECATED, REMOVED_IN, NOTE, LABEL = map(term, ("owl:deprecated", "se:removedIn", "skos:changeNote", "rdfs:label"))
NAMES = (term("skos:prefLabel"), term("dcterms:title"))
KEPT = tuple(f"<{BASE}{part}/" for part in ("id", "kind", "source"))
"""What is remembered; claims and records of inference are not."""

NOTES = {"pl": "Nie ma tego od wydania {}.", "en": "It is gone since release {}."}


def tombstones(old: Triples, new: Triples, version: str) -> list[ox.Triple]:
    """What is to be remembered of the things that the old graph had, or remembered, and the new one does not know."""
    known = {triple.subject for triple in new}
    had = {triple.subject for triple in old if triple.predicate in (TYPE, REMOVED_IN)}
    gone = sorted((thing for thing in had - known if str(thing).startswith(KEPT)), key=str)
    return [triple for thing in gone for triple in _remembered(thing, old, version)]


def _remembered(thing: object, old: Triples, version: str) -> Iterable[ox.Triple]:
    said = [triple for triple in old if triple.subject == thing]
    if any(triple.predicate == REMOVED_IN for triple in said):
        return said
    assert isinstance(thing, ox.NamedNode)
    return (
        ox.Triple(thing, DEPRECATED, ox.Literal(True)),
        ox.Triple(thing, REMOVED_IN, ox.Literal(version)),
        *(ox.Triple(thing, LABEL, triple.object) for triple in said if triple.predicate in NAMES),
        *(ox.Triple(thing, NOTE, ox.Literal(note.format(version), language=lang)) for lang, note in NOTES.items()),
    )


def removed(triples: Triples) -> list[ox.Triple]:
    """Everything that a graph remembers of removed things."""
    gone = {triple.subject for triple in triples if triple.predicate == REMOVED_IN}
    return [triple for triple in triples if triple.subject in gone]
