"""What the explorer is told, as JSON: the package's own values in both languages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.vocab import curie
from kgraph.graph.cards import Card
from kgraph.graph.disputes import Dispute, Side
from kgraph.graph.facts import Fact, Passage
from kgraph.graph.labels import names
from kgraph.graph.networks import Edge, Network, Node
from kgraph.graph.reasons import Reason
from kgraph.rdf.sparql import Value

LANGUAGES = ("pl", "en")

Json = dict[str, object]
Disputed = frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Dates:
    """The first and the last day or year known of a thing; whether it began with the one and ended with the other."""

    first: str
    last: str
    has_begun: bool
    has_ended: bool


@dataclass(frozen=True)
class Marks:
    """What the explorer shows of things beside their facts, by IRI: where in the picture, time, unknowns, disputes.

    And the first view, because everybody begins with it.
    """

    overview: Network
    positions: Mapping[str, tuple[float, float]]
    dates: Mapping[str, Dates]
    unknowns: Mapping[str, int]
    disputed: Disputed


@dataclass(frozen=True)
class Beside:
    """What the explorer shows on a card beside its facts.

    `unknowns` is what is not known of the thing; `left_open` says of a known unknown what it is about and who leaves it
    open; `states` are those of a day, empty when none was asked for.
    """

    kinds: Sequence[ox.NamedNode]
    laws: Sequence[ox.NamedNode]
    unknowns: Sequence[ox.NamedNode]
    left_open: Sequence[tuple[Value, ...]]
    states: Mapping[ox.NamedNode, ox.NamedNode]
    disputed: Disputed


def labels(store: ox.Store, terms: Iterable[object]) -> Json:
    """What terms are called, by IRI and language."""
    named = list(terms)
    called: dict[str, dict[str, str]] = {}
    for lang in LANGUAGES:
        for node, name in names(store, named, lang).items():
            called.setdefault(node.value, {})[lang] = name
    return dict(sorted(called.items()))


def term(value: object) -> Json:
    if isinstance(value, ox.Literal):
        return {"value": value.value, "lang": value.language, "datatype": value.datatype.value}
    assert isinstance(value, ox.NamedNode)
    return {"iri": value.value}


def passage(where: Passage) -> Json:
    return {
        "source": where.source,
        "status": where.status,
        "start": where.start,
        "end": where.end,
        "words": where.words,
    }


def node(thing: Node, marks: Marks) -> Json:
    x, y = marks.positions.get(thing.iri, (0.0, 0.0))
    return {
        "iri": thing.iri,
        "kind": thing.kind,
        "labels": dict(thing.labels),
        "x": x,
        "y": y,
        **_when(marks.dates.get(thing.iri)),
        "unknowns": marks.unknowns.get(thing.iri, 0),
    }


def dates(known: Dates, disputed: Iterable[Value]) -> Json:
    """When something was, and the dates on which sources contradict each other."""
    when = {"from": known.first, "to": known.last, "open": not known.has_ended, "begun": known.has_begun}
    return when | {"disputed": [term(date) for date in disputed]}


def edge(shown: Edge, marks: Marks) -> Json:
    return {
        "source": shown.source,
        "predicate": shown.predicate,
        "target": shown.target,
        "asserted": shown.asserted,
        "rule": shown.rule,
        "disputed": (shown.source, shown.predicate, shown.target) in marks.disputed,
        "single": len({at.copy_of or at.source for at in shown.passages}) == 1,
        "places": [passage(at) for at in shown.passages],
        "during": [_when(marks.dates.get(tenure)) for tenure in shown.tenures],
    }


def _when(when: Dates | None) -> Json:
    """From when to when, as far as that is known."""
    return {
        "from": when.first if when and when.has_begun else None,
        "to": when.last if when and when.has_ended else None,
    }


def network(store: ox.Store, shown: Network, marks: Marks) -> Json:
    """A network with what is shown beside its things, and the names of everything in it."""
    return {
        "nodes": [node(thing, marks) for thing in shown.nodes],
        "edges": [edge(fact, marks) for fact in shown.edges],
        "names": labels(store, _network_terms(shown)),
    }


def _network_terms(shown: Network) -> Iterator[ox.NamedNode]:
    yield from (ox.NamedNode(thing.kind) for thing in shown.nodes)
    for fact in shown.edges:
        yield ox.NamedNode(fact.predicate)
        for at in fact.passages:
            yield from (ox.NamedNode(at.source), ox.NamedNode(at.status))


def fact(known: Fact, other: Value, disputed: Disputed) -> Json:
    return {
        "other": term(other),
        "asserted": known.asserted,
        "rule": known.rule,
        "disputed": (known.subject.value, known.predicate.value, known.object.value) in disputed,
        "single": len(known.witnesses) == 1,
        "places": [passage(at) for at in known.passages],
    }


def card(store: ox.Store, shown: Card, other: Card, beside: Beside) -> Json:
    """A thing's card in both languages: `shown` and `other` are the same card, read in Polish and in English."""
    ends = {shown.thing, *(end for group in shown.groups for end in group.facts)}
    ends |= {ox.NamedNode(tenure) for held in shown.tenures.values() for tenure in held}
    states = {end.value: state.value for end, state in beside.states.items() if end in ends}
    named = labels(store, {*shown.names, *other.names, *_beside_terms(beside), *map(ox.NamedNode, states.values())})
    law = beside.laws[0].value if beside.laws else None
    return {
        "iri": shown.thing.value,
        "curie": curie(shown.thing.value),
        "labels": {label.language: label.value for label in shown.labels},
        "kinds": [kind.value for kind in beside.kinds],
        "law": {"iri": law, "labels": named.get(law, {})} if law else None,
        "notes": [
            {"predicate": predicate.value, "value": term(value)}
            for predicate, value in dict.fromkeys((*shown.notes, *other.notes))
        ],
        "groups": [
            {
                "predicate": group.predicate.value,
                "incoming": group.incoming,
                "facts": [
                    fact(known, end, beside.disputed) | {"tenures": shown.lasts_by(group.predicate, end)}
                    for end, known in group.facts.items()
                ],
            }
            for group in shown.groups
        ],
        "unknowns": [{"iri": unknown.value, "labels": named.get(unknown.value, {})} for unknown in beside.unknowns],
        "leftOpen": [{"link": str(link.value), "other": term(end)} for link, end in beside.left_open],
        "links": [
            {"value": term(value), "link": str(link.value), "other": term(other), "of": str(whose.value)}
            for value, link, other, whose in shown.links
        ],
        "roles": {end.value: [role.value for role in roles] for end, roles in shown.roles.items()},
        "states": dict(sorted(states.items())),
        "names": named,
    }


def _beside_terms(beside: Beside) -> Iterator[Value]:
    yield from (*beside.kinds, *beside.laws, *beside.unknowns)
    for terms in beside.left_open:
        yield from terms


def reason(why: Reason) -> Json:
    return {
        "subject": term(why.fact.subject)["iri"],
        "predicate": why.fact.predicate.value,
        "object": term(why.fact.object),
        "rule": why.rule,
        "places": [passage(at) for at in why.passages],
        "premises": [reason(premise) for premise in why.premises],
    }


def dispute(shown: Dispute) -> Json:
    return {"contradiction": shown.contradiction, "one": _side(shown.one), "other": _side(shown.other)}


def _side(side: Side) -> Json:
    return {
        "subject": side.subject.value,
        "predicate": side.predicate.value,
        "object": term(side.object),
        "source": side.source.value,
        "places": [passage(at) for at in side.passages],
    }
