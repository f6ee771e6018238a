"""Removed things: name, version of removal, note, replacements."""

from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.vocab import term
from kgraph.publish.metadata.description import texts
from kgraph.publish.pages.shards import DEPRECATED, TRUE

LABEL, NOTE = term("rdfs:label"), term("skos:changeNote")
REMOVED_IN, REPLACED_BY = term("se:removedIn"), term("dcterms:isReplacedBy")


@dataclass(frozen=True)
class Removed:
    """The record of a removed thing or claim, in one language; a claim has no name."""

    thing: ox.NamedNode
    name: str | None
    version: str | None
    note: str | None
    replacements: tuple[ox.NamedNode, ...]


def removed(store: ox.Store, thing: ox.NamedNode, lang: str) -> Removed | None:
    """The record of a removed thing; None for any other thing."""
    if not any(store.quads_for_pattern(thing, DEPRECATED, TRUE, ox.DefaultGraph())):
        return None
    others = [quad.object for quad in store.quads_for_pattern(thing, REPLACED_BY, None, ox.DefaultGraph())]
    return Removed(
        thing,
        _text(store, thing, "rdfs:label", lang),
        texts(store, thing, "se:removedIn").get(""),
        _text(store, thing, "skos:changeNote", lang),
        tuple(sorted((other for other in others if isinstance(other, ox.NamedNode)), key=str)),
    )


def _text(store: ox.Store, thing: ox.NamedNode, name: str, lang: str) -> str | None:
    """The text of a property in a language, else in another."""
    found = texts(store, thing, name)
    return found.get(lang) or next(iter(found.values()), None)
