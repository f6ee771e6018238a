"""What is known of one thing: names, facts by relation with their evidence, and what is not known."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from sqlite3 import Connection

import pyoxigraph as ox

from kgraph import query, search
from kgraph.errors import BadQuery, NotFound
from kgraph.facts import Fact, facts
from kgraph.query import Value, parse_term
from kgraph.vocab import BASE, PREF_LABEL, short

Names = Mapping[Value, str]


@dataclass(frozen=True)
class Group:
    """The facts of one relation by the thing at its other end; `incoming` when that end is the subject."""

    predicate: ox.NamedNode
    incoming: bool
    facts: Mapping[Value, Fact]

    @property
    def asserted(self) -> bool:
        return any(fact.asserted for fact in self.facts.values())


@dataclass(frozen=True)
class Card:
    """One thing; `names` calls everything on the card in the language that was asked for."""

    thing: ox.NamedNode
    labels: tuple[ox.Literal, ...]
    notes: tuple[tuple[ox.NamedNode, Value], ...]
    groups: tuple[Group, ...]
    unknowns: tuple[str, ...]
    links: tuple[tuple[Value, Value, Value], ...]
    names: Names

    def name(self, term: Value) -> str:
        """What to call a thing, a relation or a source here; a literal is its own name."""
        if isinstance(term, ox.Literal):
            return term.value
        return self.names.get(term) or short(term.value)


def card(store: ox.Store, thing: ox.NamedNode, lang: str = "en") -> Card:
    """The card of a thing; NotFound when the graph does not know it."""
    found = facts(store, [thing])
    notes = [(p, v) for p, v in query.named(store, "notes", thing=thing) if isinstance(p, ox.NamedNode)]
    if not found and not notes:
        raise NotFound(f"nothing is known of {short(thing.value)}; “kgraph search” finds things by name")
    inverse = _inverses(store)
    links = tuple((v, p, other) for v, p, other in query.named(store, "links", thing=thing))
    return Card(
        thing,
        tuple(value for predicate, value in notes if predicate == PREF_LABEL and isinstance(value, ox.Literal)),
        tuple((p, v) for p, v in notes if p != PREF_LABEL and _is_readable(v, lang)),
        tuple(_groups(thing, found, inverse)),
        tuple(name.value for _, name in query.named(store, "unknowns", thing=thing) if _is_readable(name, lang)),
        links,
        names(store, [thing, *_terms(found), *chain.from_iterable(notes), *chain.from_iterable(links), *inverse], lang),
    )


def _terms(found: Iterable[Fact]) -> Iterator[Value]:
    """Every term that a card of these facts shows."""
    for fact in found:
        yield from (fact.subject, fact.predicate, fact.object)
        for place in fact.places:
            yield from (ox.NamedNode(place.source), ox.NamedNode(place.status))


def _inverses(store: ox.Store) -> Mapping[Value, Value]:
    return {predicate: inverse for predicate, inverse in query.named(store, "inverses")}  # noqa: C416


def _is_readable(value: Value, lang: str) -> bool:
    return not isinstance(value, ox.Literal) or value.language in (None, lang)


def _groups(thing: ox.NamedNode, found: Iterable[Fact], inverse: Mapping[Value, Value]) -> Iterable[Group]:
    """The facts by relation; one that has an inverse is read from the thing's side, stated relations come first."""
    relations: dict[tuple[bool, str], dict[Value, Fact]] = defaultdict(dict)
    for fact in sorted(found, key=lambda fact: (fact.rule is not None, (fact.rule or "").endswith("⁻"))):
        incoming = fact.subject != thing
        turned = inverse.get(fact.predicate) if incoming else None
        key = (incoming and turned is None, (turned or fact.predicate).value)
        relations[key].setdefault(fact.subject if incoming else fact.object, fact)
    groups = [Group(ox.NamedNode(name), incoming, members) for (incoming, name), members in relations.items()]
    return sorted(groups, key=lambda group: (not group.asserted, group.incoming, group.predicate.value))


def names(store: ox.Store, terms: Iterable[Value], lang: str) -> Names:
    """What things, kinds, relations, sources and statuses are called in a language, where they have a name in it."""
    named = sorted({term for term in terms if isinstance(term, ox.NamedNode)}, key=str)
    return {node: name.value for node, name in query.named(store, "called", term=named, lang=ox.Literal(lang))}


def resolve(store: ox.Store, index: Connection, text: str) -> ox.NamedNode:
    """The thing meant by an IRI, a CURIE or a name; NotFound lists the candidates when it is not clear."""
    if text.startswith((BASE, "<", "http://", "https://")) or ":" in text:
        node = parse_term(text)
        if isinstance(node, ox.NamedNode):
            return node
        raise BadQuery(f"{text!r} is not an IRI")
    found = search.find(index, text)
    same = [hit for hit in found if search.fold(hit.name) == search.fold(text)]
    if len(same or found) == 1:
        return ox.NamedNode((same or found)[0].iri)
    raise NotFound(
        f"{text!r} is {'not the name of anything' if not found else 'the name of several things: ' + _listed(found)}"
    )


def _listed(found: Sequence[search.Found]) -> str:
    return ", ".join(f"{short(hit.iri)} ({hit.name})" for hit in found[:8])
