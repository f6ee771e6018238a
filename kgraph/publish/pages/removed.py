"""Things that were removed from the graph: their names, the version that lacks them, a note and replacements."""

from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.vocab import term
from kgraph.publish.pages.shards import DEPRECATED, TRUE

LABEL, NOTE = term("rdfs:label"), term("skos:changeNote")
REMOVED_IN, REPLACED_BY = term("se:removedIn"), term("dcterms:isReplacedBy")


@dataclass(frozen=True)
class Removed:
    """The remains of a removed thing or claim, in one language; a claim has no name."""

    thing: ox.NamedNode
    name: str | None
    version: str | None
    note: str | None
    replacements: tuple[ox.NamedNode, ...]


def removed(store: ox.Store, thing: ox.NamedNode, lang: str) -> Removed | None:
    """The remains of a removed thing; None for a thing that was not removed."""
    if not any(store.quads_for_pattern(thing, DEPRECATED, TRUE, ox.DefaultGraph())):
        return None
    versions = [quad.object for quad in store.quads_for_pattern(thing, REMOVED_IN, None, ox.DefaultGraph())]
    others = [quad.object for quad in store.quads_for_pattern(thing, REPLACED_BY, None, ox.DefaultGraph())]
    return Removed(
        thing,
        _text(store, thing, LABEL, lang),
        next((version.value for version in versions if isinstance(version, ox.Literal)), None),
        _text(store, thing, NOTE, lang),
        tuple(sorted((other for other in others if isinstance(other, ox.NamedNode)), key=str)),
    )


def _text(store: ox.Store, thing: ox.NamedNode, predicate: ox.NamedNode, lang: str) -> str | None:
    found = [quad.object for quad in store.quads_for_pattern(thing, predicate, None, ox.DefaultGraph())]
    texts = {text.language: text.value for text in found if isinstance(text, ox.Literal)}
    return texts.get(lang) or next(iter(texts.values()), None)
