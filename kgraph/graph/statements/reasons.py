"""Why a fact holds: a tree from an inferred fact through rules and premises to the passages in sources."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.vocab import PREFIXES
from kgraph.errors import NotFound
from kgraph.graph.entity.display import Way
from kgraph.graph.names import labels
from kgraph.graph.statements.facts import Fact, Passage, facts
from kgraph.rdf import sparql
from kgraph.rdf.backward import Ways
from kgraph.rdf.sparql import Value
from kgraph.rdf.terms import said


@dataclass(frozen=True)
class Reason:
    """A fact with its passages, or with a rule and its premises; with neither, it is a curator's note.

    An unasserted fact, such as an opinion, has passages and none of them is stated. A stated one that yields has the
    reason of the value that the default graph has `instead`.
    """

    fact: ox.Triple
    passages: tuple[Passage, ...] = ()
    rule: str | None = None
    premises: tuple["Reason", ...] = ()
    instead: "Reason | None" = None

    def terms(self) -> Iterator[object]:
        """Every term in the tree."""
        yield from (self.fact.subject, self.fact.predicate, self.fact.object)
        yield from (ox.NamedNode(passage.source) for passage in self.passages)
        yield from (ox.NamedNode(passage.status) for passage in self.passages if not passage.is_stated)
        for reason in (*self.premises, *([self.instead] if self.instead else [])):
            yield from reason.terms()

    def sources(self) -> Iterator[str]:
        """The source of each passage in the tree."""
        yield from (passage.source for passage in self.passages)
        for reason in (*self.premises, *([self.instead] if self.instead else [])):
            yield from reason.sources()

    def leaves(self) -> Iterator["Reason"]:
        """The facts at the ends of the tree."""
        if not self.premises:
            yield self
        for premise in self.premises:
            yield from premise.leaves()


Explain = Callable[[ox.Triple], Reason | None]
"""Gives the reason of a fact, or None."""


def why(store: ox.Store, fact: ox.Triple, rules: Mapping[str, str]) -> Reason:
    """The reason of a fact; `rules` are the CONSTRUCT rules of the inference by name.

    Raises NotFound when no source says it and no rule entails it, and for the record of an inference.
    """
    if isinstance(fact.subject, ox.NamedNode) and fact.subject.value.startswith(PREFIXES["inference"]):
        raise NotFound(f"{said(fact)} belongs to the record of an inference; ask for the fact that it records")
    if ox.Quad(fact.subject, fact.predicate, fact.object) not in store:
        if passages := _passages(fact, lambda thing: facts(store, [thing])):
            return Reason(fact, passages, instead=_instead(store, fact))
        advice = "“kgraph show” gives what is known of a thing"
        raise NotFound(f"{said(fact)}: no source says so, and no rule gives it; {advice}")
    reason = reasons(store, rules)(fact)
    if reason is None:
        advice = "; build the graph again" if sparql.run(store, paths.query_text("has-sources")) else WITHOUT_SOURCES
        raise NotFound(f"{said(fact)} cannot be explained{advice}")
    return reason


def why_any(
    store: ox.Store, subject: ox.NamedNode, ways: Sequence[Way], other: Value, rules: Mapping[str, str]
) -> Reason:
    """The reason of the first fact that holds along some ways; NotFound, for the first way, when none does."""
    facts = [
        ox.Triple(other, relation, subject)
        if is_inverse and isinstance(other, ox.NamedNode)
        else ox.Triple(subject, relation, other)
        for relation, is_inverse in ways
    ]
    for fact in facts:
        with suppress(NotFound):
            return why(store, fact, rules)
    return why(store, facts[0], rules)


def why_written(
    store: ox.Store, index: labels.Index, subject: str, relation: str, other: str, rules: Mapping[str, str], lang: str
) -> Reason:
    """The reason of a fact by the names, CURIEs or IRIs of its parts, the last of which may be a literal."""
    thing, ways = labels.resolve(store, index, subject, lang), labels.ways(store, relation, lang)
    is_literal = other[:1] in '"-+0123456789'
    end = sparql.parse_term(other) if is_literal else labels.resolve(store, index, other, lang)
    return why_any(store, thing, ways, end, rules)


def _instead(store: ox.Store, fact: ox.Triple) -> Reason | None:
    """The reason of the chosen value for a fact that yields to it."""
    about = facts(store, [fact.subject]) if isinstance(fact.subject, ox.NamedNode) else []
    own = [known for known in about if (known.subject, known.predicate) == (fact.subject, fact.predicate)]
    if not any(known.yields and known.object == fact.object for known in own):
        return None
    chosen = next(known for known in own if known.asserted and not known.yields)
    return Reason(ox.Triple(chosen.subject, chosen.predicate, chosen.object), chosen.passages)


WITHOUT_SOURCES = (
    ": this graph does not say which facts its sources state; open a folder of “kgraph build” or “kgraph release”,"
    " or what “kgraph export --graphs” writes"
)


About = Callable[[ox.NamedNode], Sequence[Fact]]
"""Gives the facts of a thing."""


def reasons(store: ox.Store, rules: Mapping[str, str], about: About | None = None) -> Explain:
    """Explains facts of a store that does not change; compiles the axioms once. `about` gives the facts if known."""
    return _Search(store, rules, about).reason


def _passages(fact: ox.Triple, about: Callable[[ox.NamedNode], Iterable[Fact]]) -> tuple[Passage, ...]:
    """The passages of a fact, from the facts of its subject."""
    triple = (fact.subject, fact.predicate, fact.object)
    known = about(fact.subject) if isinstance(fact.subject, ox.NamedNode) else ()
    return next((other.passages for other in known if other.triple == triple), ())


class _Search:
    """Finds a reason of each fact, with as few inferred premises as possible and without circles."""

    def __init__(self, store: ox.Store, rules: Mapping[str, str], about: About | None = None) -> None:
        self.ways = Ways(store, rules)
        self.facts = about or lru_cache(maxsize=1024)(lambda thing: tuple(facts(store, [thing])))

    def reason(self, fact: ox.Triple, seen: frozenset[ox.Triple] = frozenset()) -> Reason | None:
        if self.ways.is_given(fact):
            return Reason(fact, _passages(fact, self.facts))
        for name, premises in self.ways.to(fact):
            if seen.isdisjoint(premises):
                reasons = [self.reason(premise, seen | {fact}) for premise in premises]
                if None not in reasons:
                    return Reason(fact, rule=name, premises=tuple(filter(None, reasons)))
        return None
