"""What is known of one thing: names, facts by relation with their evidence, and what is not known."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import pyoxigraph as ox

from kgraph.base.vocab import PREF_LABEL, STATE, short, term
from kgraph.errors import NotFound
from kgraph.graph.facts import Fact, facts
from kgraph.graph.labels import Names, name, names
from kgraph.graph.memberships import LASTING, Tenures, tenures
from kgraph.graph.states import CERTAINTY
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value

NAMING = (PREF_LABEL, term("dcterms:title"))
"""A thing has a label, a source a title."""


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
    """One thing; `names` calls everything on the card in the language that was asked for.

    `links` are values that refine or contradict another, and the thing that this is said of. `roles` says as what the
    memberships on it are held, as narrowly as sources do. `states` says what is known of things for the day that was
    asked for; it is empty when none was.
    """

    thing: ox.NamedNode
    labels: tuple[ox.Literal, ...]
    notes: tuple[tuple[ox.NamedNode, Value], ...]
    groups: tuple[Group, ...]
    unknowns: tuple[str, ...]
    links: tuple[tuple[Value, Value, Value, Value], ...]
    roles: Mapping[Value, tuple[Value, ...]]
    states: Mapping[Value, Value]
    tenures: Tenures
    names: Names

    def lasts_by(self, predicate: ox.NamedNode, other: Value) -> tuple[str, ...]:
        """The memberships that a fact with the thing at its other end follows from."""
        ends = frozenset((self.thing.value, other.value))
        return tuple(sorted(self.tenures.get(ends, ()))) if predicate in LASTING else ()

    def state(self, predicate: ox.NamedNode, other: Value) -> Value | None:
        """What is known for the day of a fact: of what it follows from, or else of the thing at its other end."""
        lasting = {self.states.get(ox.NamedNode(tenure)) for tenure in self.lasts_by(predicate, other)}
        return next((state for state in CERTAINTY if state in lasting), self.states.get(other))

    def name(self, term: Value) -> str:
        """What to call a thing, a relation or a source here."""
        return name(self.names, term)


def card(store: ox.Store, thing: ox.NamedNode, lang: str = "en") -> Card:
    """The card of a thing; NotFound when the graph does not know it."""
    found = facts(store, [thing])
    notes = [(p, v) for p, v in sparql.named(store, "notes", thing=thing) if isinstance(p, ox.NamedNode)]
    if not found and not notes:
        raise NotFound(f"nothing is known of {short(thing.value)}; “kgraph search” finds things by name")
    inverse = _inverses(store)
    roles = _roles(store, found)
    states = dict(_states(store))
    known = tenures(store, {thing.value, *_lasting_ends(found)})
    links = tuple((v, p, other, whose) for v, p, other, whose in sparql.named(store, "links", thing=thing))
    beside = (*chain.from_iterable((*notes, *links, *roles.values())), *inverse, *states.values())
    return Card(
        thing,
        tuple(value for predicate, value in notes if predicate in NAMING and isinstance(value, ox.Literal)),
        tuple((p, v) for p, v in notes if p not in NAMING and _is_readable(v, lang)),
        tuple(_groups(thing, found, inverse)),
        tuple(label.value for _, label in sparql.named(store, "unknowns", thing=thing) if _is_readable(label, lang)),
        links,
        roles,
        states,
        known,
        names(store, [thing, *_terms(found), *beside], lang),
    )


def _terms(found: Iterable[Fact]) -> Iterator[Value]:
    """Every term that a card of these facts shows."""
    for fact in found:
        yield from (fact.subject, fact.predicate, fact.object)
        for passage in fact.passages:
            yield from (ox.NamedNode(passage.source), ox.NamedNode(passage.status))


def _inverses(store: ox.Store) -> Mapping[Value, Value]:
    return {predicate: inverse for predicate, inverse in sparql.named(store, "inverses")}  # noqa: C416


def _lasting_ends(found: Iterable[Fact]) -> Iterator[str]:
    for fact in found:
        if fact.predicate in LASTING:
            yield from (fact.subject.value, fact.object.value)


def _roles(store: ox.Store, found: Iterable[Fact]) -> Mapping[Value, tuple[Value, ...]]:
    ends = {end for fact in found for end in (fact.subject, fact.object) if isinstance(end, ox.NamedNode)}
    roles: dict[Value, tuple[Value, ...]] = {}
    for membership, role in sparql.named(store, "roles", membership=sorted(ends, key=str)):
        roles[membership] = (*roles.get(membership, ()), role)
    return roles


def _states(store: ox.Store) -> Iterator[tuple[Value, Value]]:
    for quad in store.quads_for_pattern(None, STATE, None, ox.DefaultGraph()):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            yield quad.subject, quad.object


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
    groups = [Group(ox.NamedNode(iri), incoming, members) for (incoming, iri), members in relations.items()]
    return sorted(groups, key=lambda group: (not group.asserted, group.incoming, group.predicate.value))
