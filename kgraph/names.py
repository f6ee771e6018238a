"""What terms are called in a language, and which thing somebody means by a name."""

from collections.abc import Iterable, Mapping, Sequence
from sqlite3 import Connection

import pyoxigraph as ox

from kgraph import lookup, sparql
from kgraph.errors import BadQuery, NotFound
from kgraph.sparql import Value, parse_term
from kgraph.vocab import BASE, short

Names = Mapping[Value, str]


def names(store: ox.Store, terms: Iterable[object], lang: str) -> Names:
    """What things, kinds, relations, sources and statuses are called in a language, where they have a name in it."""
    named = sorted({term for term in terms if isinstance(term, ox.NamedNode)}, key=str)
    return {node: label.value for node, label in sparql.named(store, "called", term=named, lang=ox.Literal(lang))}


def name(names: Names, term: object) -> str:
    """What to call a term: a literal is its own name, an IRI without a name its CURIE."""
    if isinstance(term, ox.Literal):
        return term.value
    assert isinstance(term, ox.NamedNode)
    return names.get(term) or short(term.value)


def resolve(store: ox.Store, index: Connection, text: str) -> ox.NamedNode:
    """The thing meant by an IRI, a CURIE or a name; NotFound lists the candidates when it is not clear."""
    if text.startswith((BASE, "<", "http://", "https://")) or ":" in text:
        node = parse_term(text)
        if isinstance(node, ox.NamedNode):
            return node
        raise BadQuery(f"{text!r} is not an IRI")
    found = lookup.find(index, text)
    begun = [hit for hit in found if not hit.guessed]
    same = [hit for hit in begun if lookup.fold(hit.name) == lookup.fold(text)]
    if len(same or begun) == 1:
        return ox.NamedNode((same or begun)[0].iri)
    if begun:
        raise NotFound(f"{text!r} is the name of several things: {_listed(begun)}")
    guess = f"; did you mean {_listed(found)}?" if found else ""
    raise NotFound(f"{text!r} is not the name of anything{guess}")


def _listed(found: Sequence[lookup.Found]) -> str:
    return ", ".join(f"{short(hit.iri)} ({hit.name})" for hit in found[:8])
