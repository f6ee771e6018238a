"""The content of a thing's page: its card, without JavaScript."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import pyoxigraph as ox

from kgraph.base.vocab import PREFIXES, ROW, RULE, TYPE, term
from kgraph.graph.entity.cards import NAMING, Card
from kgraph.graph.entity.offices import Office
from kgraph.graph.entity.story import Group, Line
from kgraph.graph.statements.disputes import Dispute
from kgraph.graph.statements.explanations import because
from kgraph.graph.statements.facts import Fact, Triple
from kgraph.graph.statements.reasons import Reason
from kgraph.publish.metadata.description import texts
from kgraph.publish.pages.book import Book
from kgraph.publish.pages.removed import REPLACED_BY
from kgraph.rdf.sparql import Value
from kgraph.rdf.terms import hashed

RECORDS = tuple(PREFIXES[prefix] for prefix in ("claim", "inference", "graph"))
LISTED = frozenset({*NAMING, TYPE, term("skos:topConceptOf"), term("skos:hasTopConcept"), term("rdfs:label")})
"""Properties that a page shows in separate parts."""


@dataclass(frozen=True)
class Shown:
    """A fact on a page: its other end, whether sources dispute or refine it, its reason, the office it tells of.

    `record` is that of an inferred fact, if there is one.
    """

    other: Value
    fact: Fact
    disputed: bool
    refined: bool
    reason: Reason | None
    because: str = ""
    office: Office | None = None
    record: ox.NamedNode | None = None

    @property
    def manner(self) -> str:
        return manner(self.fact)

    @property
    def single(self) -> bool:
        return self.fact.asserted and len(self.fact.witnesses) == 1


@dataclass(frozen=True)
class Relation:
    """Facts of one relation by its name for this direction; `incoming` when the thing is their object."""

    name: str
    predicate: ox.NamedNode
    incoming: bool
    facts: tuple[Shown, ...]


@dataclass(frozen=True)
class Entry:
    """The content of the page of a thing: its card, its relations by the name of their section, what is folded away."""

    card: Card
    also: tuple[Value, ...]
    sections: tuple[tuple[str, tuple[Relation, ...]], ...]
    folded: tuple[Relation, ...]
    notes: dict[Value, list[Value]]
    outgoing: dict[Value, list[Value]]
    incoming: dict[Value, list[Value]]
    disputes: tuple[Dispute, ...]

    @property
    def hidden(self) -> int:
        """The number of facts that are folded away."""
        return sum(len(relation.facts) for relation in self.folded)

    @property
    def has_quotes(self) -> bool:
        """Whether any fact has a quote, or there is no fact."""
        passages = [at for fact in self.card.facts for at in fact.passages]
        return not passages or any(at.words is not None for at in passages)


def manner(fact: Fact) -> str:
    """Whether a fact is stated, inferred, or said without being asserted."""
    return "stated" if fact.asserted else "inferred" if fact.rule else "said"


def entry(book: Book, thing: ox.NamedNode, lang: str) -> Entry:
    """The entry of a thing; NotFound when nothing is known of it."""
    known = book.cards(thing).read_in(lang)
    told = {fact.triple for fact in known.facts}
    sections = (
        (section.name.get(lang, ""), tuple(_relation(book, known, group) for group in groups))
        for section, groups in groupby(known.story.groups, key=lambda group: group.relation.section)
    )
    return Entry(
        known,
        tuple(value for predicate, value in known.notes if predicate == term("skos:altLabel")),
        tuple(sections),
        tuple(_relation(book, known, group, explained=False) for group in known.story.folded),
        _by_relation((p, v) for p, v in known.notes if p != term("skos:altLabel")),
        _by_relation(_outgoing(book.store, known, told, lang)),
        _by_relation(_incoming(book.store, thing, told)),
        tuple(d for d in book.disputes if thing in (d.one.subject, d.other.subject)),
    )


def _relation(book: Book, known: Card, group: Group, *, explained: bool = True) -> Relation:
    predicate, incoming = group.way
    named = group.relation.name.get(known.lang) or known.name(predicate)
    told = (_shown_line(book, known, line, explained=explained) for line in group.lines)
    return Relation(named, predicate, incoming, tuple(told))


def _shown_line(book: Book, known: Card, line: Line, *, explained: bool) -> Shown:
    told, rule = shown(book, line.fact, line.other, explained=explained), line.fact.rule
    why = because(rule, known.names, known.lang) if rule and (explained or told.reason) else ""
    return replace(told, because=why, office=line.office)


def shown(book: Book, fact: Fact, other: Value, *, explained: bool = True) -> Shown:
    """A fact as a page shows it, with the reason of an inferred fact that is to be `explained` or has no record."""
    is_inferred = manner(fact) == "inferred"
    record = _record(book.store, fact) if is_inferred else None
    triple = ox.Triple(fact.subject, fact.predicate, fact.object)
    reason = book.reason(triple) if is_inferred and (explained or not record) else None
    return Shown(other, fact, fact.triple in book.disputed, fact.triple in book.refined, reason, record=record)


def _record(store: ox.Store, fact: Fact) -> ox.NamedNode | None:
    """The record of an inferred fact, if it has one."""
    record = hashed("inference", *fact.triple)
    return record if any(store.quads_for_pattern(record, RULE, None, None)) else None


def _outgoing(store: ox.Store, shown: Card, told: Container[Triple], lang: str) -> Iterator[tuple[Value, Value]]:
    """Statements of curators about the thing, without its notes."""
    noted = {predicate for predicate, _ in shown.notes}
    for quad in store.quads_for_pattern(shown.thing, None, None, ox.DefaultGraph()):
        value = quad.object
        is_told = (quad.subject, quad.predicate, value) in told or quad.predicate in {*LISTED, *noted}
        if not is_told and isinstance(value, ox.NamedNode | ox.Literal) and _is_readable(value, lang):
            yield quad.predicate, value


def _is_readable(value: Value, lang: str) -> bool:
    return not isinstance(value, ox.Literal) or value.language in (None, lang)


def _incoming(store: ox.Store, thing: ox.NamedNode, told: Container[Triple]) -> Iterator[tuple[Value, Value]]:
    """Statements of curators about other things, of which this one is the object."""
    for quad in store.quads_for_pattern(None, None, thing, ox.DefaultGraph()):
        subject = quad.subject
        if not isinstance(subject, ox.NamedNode) or subject.value.startswith(RECORDS) or ROW in subject.value:
            continue
        if (subject, quad.predicate, thing) not in told and quad.predicate not in {*LISTED, REPLACED_BY}:
            yield quad.predicate, subject


def _by_relation(pairs: Iterable[tuple[Value, Value]]) -> dict[Value, list[Value]]:
    grouped: dict[Value, list[Value]] = {}
    for predicate, value in sorted(pairs, key=lambda pair: (pair[0].value, pair[1].value)):
        grouped.setdefault(predicate, []).append(value)
    return grouped


def definitions(book: Book, concepts: Iterable[Value], lang: str) -> dict[Value, str]:
    """The definitions of those concepts and classes that have one."""
    found = {one: texts(book.store, one, "skos:definition") for one in concepts if isinstance(one, ox.NamedNode)}
    return {one: known[lang] for one, known in found.items() if lang in known}


def without(known: Entry, *predicates: ox.NamedNode) -> Entry:
    """The entry without some of the curators' statements, which the page shows elsewhere."""
    parts = (known.notes, known.outgoing, known.incoming)
    notes, outgoing, incoming = ({p: v for p, v in part.items() if p not in predicates} for part in parts)
    return replace(known, notes=notes, outgoing=outgoing, incoming=incoming)
