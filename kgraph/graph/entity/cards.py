"""The card of a thing: names, facts by relation with their evidence, and known unknowns."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain

import pyoxigraph as ox

from kgraph.base.vocab import DIFFERS_IN_TIME, DRAFT, PREF_LABEL, STATE, short, term
from kgraph.base.words import LANGUAGES
from kgraph.errors import NotFound
from kgraph.graph.entity.display import display
from kgraph.graph.entity.offices import Office, offices
from kgraph.graph.entity.story import Entailing, Known, Story, entailing, story
from kgraph.graph.names.labels import Names, name, names_by_language
from kgraph.graph.statements.explanations import terms_of
from kgraph.graph.statements.facts import Along, Fact, Tenures, behind, facts_along, left_of, with_rules
from kgraph.graph.statements.sources import Links, links_of
from kgraph.graph.statements.states import CERTAINTY
from kgraph.rdf import sparql
from kgraph.rdf.backward import Ways
from kgraph.rdf.sparql import Value

NAMING = (PREF_LABEL, term("dcterms:title"))
"""A thing has a label, a source a title."""

Remark = tuple[ox.NamedNode, Value]
"""A relation and a value that curators note without a source."""

Answers = Mapping[ox.NamedNode, Mapping[Value, tuple[ox.NamedNode, ...]]]
"""What answers a known unknown: values, each with the sources that state it."""


@dataclass(frozen=True)
class Difference:
    """Two values that claims of two sources give: one refines or contradicts the other, or both hold.

    `whose` is the thing that has the other value, `predicate` the relation of both.
    """

    value: Value
    link: Value
    other: Value
    whose: Value
    predicate: Value
    sources: tuple[Value, ...]
    other_sources: tuple[Value, ...]

    @property
    def terms(self) -> tuple[Value, ...]:
        return (self.value, self.link, self.other, self.whose, self.predicate, *self.sources, *self.other_sources)


@dataclass(frozen=True)
class Origin:
    """A source: its publisher, the day it was issued and the address to read it at, each empty if unknown.

    `draft` is "true" for a draft.
    """

    publisher: str = ""
    issued: str = ""
    address: str = ""
    draft: str = ""


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
    each known unknown and the source that leaves it open; `answers` are those of other sources. `story` is what a card
    shows first and what it folds away. `offices` are memberships with their time. `origins` are the sources. `states`
    are the states of things on a day; empty without a day. `left` is how many facts to the thing a bounded card leaves
    out, by their predicates.
    """

    thing: ox.NamedNode
    kinds: tuple[ox.NamedNode, ...]
    law: ox.NamedNode | None
    remarks: tuple[Remark, ...]
    facts: tuple[Fact, ...]
    groups: tuple[Group, ...]
    story: Story
    offices: Mapping[Value, Office]
    origins: Mapping[str, Origin]
    known_unknowns: tuple[ox.NamedNode, ...]
    answers: Answers
    left_open: tuple[Remark, ...]
    links: tuple[Difference, ...]
    states: Mapping[Value, Value]
    tenures: Tenures
    called: Mapping[str, Names]
    left: Mapping[Value, int]
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
    def total(self) -> int:
        """The number of facts that sources state about the thing; `facets.Index` counts the same."""
        return sum(fact.asserted for fact in self.facts)

    @property
    def sources(self) -> int:
        """The number of sources that state a fact about the thing."""
        return len({passage.source for fact in self.facts for passage in fact.passages if passage.is_stated})

    @property
    def roles(self) -> Mapping[Value, tuple[Value, ...]]:
        """The narrowest roles of each membership."""
        return {membership: office.roles for membership, office in self.offices.items() if office.roles}

    @property
    def changes(self) -> tuple[Difference, ...]:
        """The differences between values of different times."""
        return tuple(found for found in self.links if found.link == DIFFERS_IN_TIME)

    def is_later(self, link: Difference) -> bool:
        """Whether the value of a change over time is the later one, by the dates of its sources."""
        one, other = (
            min((self.origins[at.value].issued for at in sources if at.value in self.origins), default="")
            for sources in (link.sources, link.other_sources)
        )
        return link.link == DIFFERS_IN_TIME and one > other

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


@dataclass(frozen=True)
class Gathered:
    """What the cards of several things are made from: each query is asked once for all of them.

    `facts` are those of a thing and those of some relations of things near it, as `facts_along` gives them; `ways` are
    those in which facts follow.
    """

    about: Mapping[Value, Sequence[Sequence[Value]]]
    offices: Mapping[Value, Mapping[Value, Office]]
    differences: Mapping[Value, Sequence[Difference]]
    entailing: Entailing
    facts: Callable[[ox.NamedNode, Collection[Value], Collection[Value]], Along]
    ways: Callable[[], Ways]
    names: Callable[[Iterable[object]], Mapping[str, Names]]
    origins: Callable[[Iterable[str]], Mapping[str, Origin]]


def gathered(store: ox.Store, things: Sequence[ox.NamedNode], most: int | None = None) -> Gathered:
    """What cards from `most` statements each are made from; facts, names and origins are asked for by each card."""
    about: dict[Value, list[Sequence[Value]]] = defaultdict(list)
    for thing, *row in sparql.named(store, "about", thing=things, **display().steps):
        about[thing].append(row)
    return Gathered(
        about,
        offices(store, things),
        _differences(store, things),
        entailing(store),
        partial(facts_along, store, most=most),
        cache(partial(Ways, store, display().rules)),
        partial(names_by_language, store, langs=LANGUAGES),
        partial(origins, store),
    )


def card(
    store: ox.Store,
    thing: ox.NamedNode,
    lang: str = "en",
    states: Mapping[ox.NamedNode, ox.NamedNode] | None = None,
    most: int | None = None,
    known: Gathered | None = None,
) -> Card:
    """The card of a thing, with the given `states` of a day or those in the store; NotFound for an unknown thing.

    Of a thing with very many facts, a card from `most` statements takes a time that does not grow with the graph.
    `known` is what was gathered for several things.
    """
    wanted, known = display(), known or gathered(store, [thing], most)
    rows = known.about.get(thing, ())
    about = _about(rows)
    found, beside, is_cut = known.facts(thing, [node for _, node in about["along"]], wanted.along)
    found, beside = with_rules(found, known.ways), with_rules(beside, known.ways)
    if not found and not about["note"]:
        raise NotFound(f"nothing is known of {short(thing.value)}; “kgraph search” finds things by name")
    kinds, laws, unknowns = (
        tuple(value for _, value in about[part] if isinstance(value, ox.NamedNode))
        for part in ("kind", "law", "unknown")
    )
    answers, held, links = _answers(rows), known.offices.get(thing, {}), known.differences.get(thing, ())
    open_ = {aspect: unknown for unknown, aspect in about["aspect"] if unknown not in answers}
    follows = known.entailing
    told = story(Known(thing, found, beside, kinds, held, follows, open_), wanted)
    left = left_of(store, thing, found) if is_cut else {}
    sources = {passage.source for fact in (*found, *beside) for passage in fact.passages}
    sources |= {source.value for link in links for source in (*link.sources, *link.other_sources)}
    unnamed = Card(
        thing,
        kinds,
        laws[0] if laws else None,
        tuple(about["note"]),
        tuple(found),
        tuple(_groups(thing, found, follows.inverse)),
        told,
        held,
        known.origins(sources),
        unknowns,
        answers,
        tuple(about["open"]),
        tuple(links),
        _then(thing, found, held, (states or _states(store)).items()),
        _tenures(held.values()),
        {},
        left,
        lang,
    )
    return replace(unnamed, called=known.names(_terms(unnamed, beside) | {*laws, *follows.inverse}))


def _then(
    thing: Value, found: Iterable[Fact], held: Mapping[Value, Office], states: Iterable[tuple[Value, Value]]
) -> dict[Value, Value]:
    """The states of the ends of facts and of the memberships that the thing is an end of."""
    ends = {thing, *(end for fact in found for end in (fact.subject, fact.object))}
    ends |= {membership for membership, office in held.items() if thing in office.ends}
    return {end: state for end, state in states if end in ends}


def _terms(card: Card, beside: Iterable[Fact]) -> set[Value]:
    """Whatever the card and the facts beside it show by a name."""
    shown = chain.from_iterable((*fact.triple, *_behind(fact)) for fact in (*card.facts, *beside))
    answered = (term for own in card.answers.values() for value, sources in own.items() for term in (value, *sources))
    listed = chain(*card.remarks, *card.left_open, *(link.terms for link in card.links))
    memberships = chain.from_iterable(office.terms() for office in card.offices.values())
    kinds = (card.thing, *card.kinds, *card.known_unknowns)
    return {*kinds, *shown, *answered, *listed, *memberships, *card.states.values(), *card.left}


def _behind(fact: Fact) -> Iterable[Value]:
    """The sources of a fact, and the terms in the name of its rule."""
    yield from (ox.NamedNode(iri) for at in fact.passages for iri in (at.source, at.status))
    yield from terms_of(fact.rule or "")


Compared = tuple[Value, Value, Value, Value, Value]
"""A value, its link, the other value, whose that is, and the relation."""


def _differences(store: ox.Store, things: Sequence[ox.NamedNode]) -> Mapping[Value, Sequence[Difference]]:
    """How claims about each thing differ from those of other sources, with all sources of either value."""
    found: dict[Value, dict[Compared, tuple[list[Value], list[Value]]]] = defaultdict(
        lambda: defaultdict(lambda: ([], []))
    )
    for thing, value, link, other, whose, predicate, source, second in sparql.named(store, "links", thing=things):
        for known, new in zip(found[thing][value, link, other, whose, predicate], (source, second), strict=True):
            known += [] if new in known else [new]
    return {
        thing: [Difference(*pair, tuple(one), tuple(second)) for pair, (one, second) in own.items()]
        for thing, own in found.items()
    }


def _tenures(held: Iterable[Office]) -> Tenures:
    found: dict[frozenset[str], set[str]] = defaultdict(set)
    for office in held:
        for place in (office.organisation, *office.posts):
            found[frozenset((office.member.value, place.value))].add(office.membership.value)
    return found


def origins(store: ox.Store, sources: Iterable[str]) -> Mapping[str, Origin]:
    """The publisher, day and address of some sources; a register is called by its title, which has its day."""
    return {source.value: _origin(links) for source, links in links_of(store, sources).items()}


def _origin(links: Links) -> Origin:
    parts = {part: links[link].value for part, link in ORIGIN.items() if link in links}
    return Origin(**parts | ({"publisher": ""} if TABLE in links else {}))


ORIGIN = {
    "publisher": term("dcterms:publisher"),
    "issued": term("dcterms:issued"),
    "address": term("rdfs:seeAlso"),
    "draft": DRAFT,
}
"""The link of a source that gives each part of its origin."""

TABLE = term("se:tableSHA256")
"""The link that only registers have."""


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
