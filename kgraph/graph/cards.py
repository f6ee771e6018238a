"""The card of a thing: names, facts by relation with their evidence, and known unknowns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import pyoxigraph as ox

from kgraph.base.vocab import DIFFERS_IN_TIME, PREF_LABEL, STATE, short, term
from kgraph.base.words import LANGUAGES
from kgraph.errors import NotFound
from kgraph.graph.facts import Fact, Tenures, behind, facts, tenures
from kgraph.graph.labels import Names, name, names_by_language
from kgraph.graph.states import CERTAINTY
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value

NAMING = (PREF_LABEL, term("dcterms:title"))
"""A thing has a label, a source a title."""

Remark = tuple[ox.NamedNode, Value]
"""A relation and a value that curators note without a source."""

Answers = Mapping[ox.NamedNode, Mapping[Value, tuple[ox.NamedNode, ...]]]
"""What answers a known unknown: values, each with the sources that state it."""


@dataclass(frozen=True)
class Group:
    """The facts of one relation by their other end; `incoming` when that end is the subject."""

    predicate: ox.NamedNode
    incoming: bool
    facts: Mapping[Value, Fact]

    @property
    def asserted(self) -> bool:
        return any(fact.asserted for fact in self.facts.values())


@dataclass(frozen=True)
class Card:
    """One thing in every language; `name`, `notes` and `unknowns` use `lang`.

    `kinds` are the most specific classes; `law` is the latest act on its legal form. `left_open` gives the subject of
    each known unknown and the source that leaves it open; `answers` are those of other sources. `links` are rows of a
    value, a relation (refines, contradicts or differs in time), the other value, and their subject. `roles` are the
    narrowest roles of each membership. `states` are the states of things on a day; empty without a day.
    """

    thing: ox.NamedNode
    kinds: tuple[ox.NamedNode, ...]
    law: ox.NamedNode | None
    remarks: tuple[Remark, ...]
    facts: tuple[Fact, ...]
    groups: tuple[Group, ...]
    known_unknowns: tuple[ox.NamedNode, ...]
    answers: Answers
    left_open: tuple[Remark, ...]
    links: tuple[tuple[Value, Value, Value, Value], ...]
    roles: Mapping[Value, tuple[Value, ...]]
    states: Mapping[Value, Value]
    tenures: Tenures
    called: Mapping[str, Names]
    lang: str = "en"

    @property
    def names(self) -> Names:
        return self.called[self.lang]

    @property
    def labels(self) -> tuple[ox.Literal, ...]:
        """Its names in every language."""
        return tuple(value for link, value in self.remarks if link in NAMING and isinstance(value, ox.Literal))

    @property
    def notes(self) -> tuple[Remark, ...]:
        """Remarks but the names, in no language or in that of `lang`."""
        others = ((p, v) for p, v in self.remarks if p not in NAMING)
        return tuple((p, v) for p, v in others if not isinstance(v, ox.Literal) or v.language in (None, self.lang))

    @property
    def unknowns(self) -> tuple[str, ...]:
        """The names of the known unknowns that no source answers."""
        open_ = (unknown for unknown in self.known_unknowns if unknown not in self.answers)
        return tuple(self.names[unknown] for unknown in open_ if unknown in self.names)

    @property
    def silent(self) -> Answers:
        """The known unknowns about it that another source answers."""
        return {unknown: self.answers[unknown] for unknown in self.known_unknowns if unknown in self.answers}

    @property
    def changes(self) -> tuple[tuple[Value, Value, Value], ...]:
        """The links between values of different times, without their relation."""
        return tuple((value, other, whose) for value, link, other, whose in self.links if link == DIFFERS_IN_TIME)

    def read_in(self, lang: str) -> "Card":
        """The card in another language."""
        return replace(self, lang=lang)

    def name(self, term: Value) -> str:
        """The name of a thing, relation or source, else its CURIE."""
        return name(self.names, term)

    def lasts_by(self, predicate: ox.NamedNode, other: Value) -> tuple[str, ...]:
        """The memberships that the fact with this other end follows from."""
        return behind((self.thing, predicate, other), self.tenures)

    def state(self, predicate: ox.NamedNode, other: Value) -> Value | None:
        """The state of a fact on the day: of its memberships, else of its other end."""
        lasting = {self.states.get(ox.NamedNode(tenure)) for tenure in self.lasts_by(predicate, other)}
        return next((state for state in CERTAINTY if state in lasting), self.states.get(other))


def card(
    store: ox.Store, thing: ox.NamedNode, lang: str = "en", states: Mapping[ox.NamedNode, ox.NamedNode] | None = None
) -> Card:
    """The card of a thing, with the given `states` of a day or those in the store; NotFound for an unknown thing."""
    found = facts(store, [thing])
    rows = list(sparql.named(store, "about", thing=thing))
    about = _about(rows)
    if not found and not about["note"]:
        raise NotFound(f"nothing is known of {short(thing.value)}; “kgraph search” finds things by name")
    inverse = {predicate: inverse for predicate, inverse in sparql.named(store, "inverses")}  # noqa: C416
    groups = tuple(_groups(thing, found, inverse))
    links = tuple((v, p, other, whose) for v, p, other, whose in sparql.named(store, "links", thing=thing))
    roles = _roles(store, found)
    lasting = tenures(store, (fact.triple for fact in found), thing.value)
    ends = {thing, *(end for group in groups for end in group.facts)}
    ends |= {ox.NamedNode(tenure) for held in lasting.values() for tenure in held}
    known: dict[Value, Value] = {end: state for end, state in (states or _states(store)).items() if end in ends}
    kinds, laws, unknowns = (
        tuple(value for _, value in about[part] if isinstance(value, ox.NamedNode))
        for part in ("kind", "law", "unknown")
    )
    answers = _answers(rows)
    answered = (term for found in answers.values() for value, sources in found.items() for term in (value, *sources))
    passages = (ox.NamedNode(iri) for fact in found for at in fact.passages for iri in (at.source, at.status))
    shown = (*chain.from_iterable(fact.triple for fact in found), *passages)
    beside = (*kinds, *laws, *unknowns, *chain(*about["note"], *about["open"], *links, *roles.values()), *answered)
    return Card(
        thing,
        kinds,
        laws[0] if laws else None,
        tuple(about["note"]),
        tuple(found),
        groups,
        unknowns,
        answers,
        tuple(about["open"]),
        links,
        roles,
        known,
        lasting,
        names_by_language(store, [thing, *shown, *beside, *inverse, *known.values()], LANGUAGES),
        lang,
    )


def _states(store: ox.Store) -> Mapping[Value, Value]:
    """The states in a store that was opened as of a day."""
    quads = store.quads_for_pattern(None, STATE, None, ox.DefaultGraph())
    return {quad.subject: quad.object for quad in quads}  # type: ignore[misc]


def _about(rows: Iterable[Sequence[Value]]) -> Mapping[str, list[Remark]]:
    """The answer of the query `about`, by part."""
    found: dict[str, list[Remark]] = defaultdict(list)
    for part, link, value, *_ in rows:
        if isinstance(link, ox.NamedNode):
            found[part.value].append((link, value))
    return found


def _answers(rows: Iterable[Sequence[Value]]) -> Answers:
    """The answers to known unknowns in the answer of the query `about`."""
    found: dict[ox.NamedNode, dict[Value, tuple[ox.NamedNode, ...]]] = defaultdict(dict)
    for part, unknown, value, source in rows:
        if part.value == "answer" and isinstance(unknown, ox.NamedNode) and isinstance(source, ox.NamedNode):
            found[unknown][value] = (*found[unknown].get(value, ()), source)
    return found


def _roles(store: ox.Store, found: Iterable[Fact]) -> Mapping[Value, tuple[Value, ...]]:
    ends = {end for fact in found for end in (fact.subject, fact.object) if isinstance(end, ox.NamedNode)}
    roles: dict[Value, tuple[Value, ...]] = {}
    for membership, role in sparql.named(store, "roles", membership=sorted(ends, key=str)):
        roles[membership] = (*roles.get(membership, ()), role)
    return roles


def _groups(thing: ox.NamedNode, found: Iterable[Fact], inverse: Mapping[Value, Value]) -> Iterable[Group]:
    """The facts by relation, stated relations first; incoming facts use the inverse relation where there is one."""
    relations: dict[tuple[bool, str], dict[Value, Fact]] = defaultdict(dict)
    for fact in sorted(found, key=lambda fact: (fact.rule is not None, (fact.rule or "").endswith("⁻"))):
        incoming = fact.subject != thing
        turned = inverse.get(fact.predicate) if incoming else None
        key = (incoming and turned is None, (turned or fact.predicate).value)
        relations[key].setdefault(fact.subject if incoming else fact.object, fact)
    groups = [Group(ox.NamedNode(iri), incoming, members) for (incoming, iri), members in relations.items()]
    return sorted(groups, key=lambda group: (not group.asserted, group.incoming, group.predicate.value))
