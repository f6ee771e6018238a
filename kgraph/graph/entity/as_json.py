"""The package's values as JSON: cards, reasons, disputes, networks.

The explorer's form has every language and tags terms; that of the command line (docs/commands.md) has one language,
with IRIs as strings. A fact, a passage and a reason are written by the same function for both.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby

import pyoxigraph as ox

from kgraph.base.vocab import CONTRADICTS, curie
from kgraph.base.words import LANGUAGES
from kgraph.graph.entity.cards import Card, Difference, Origin
from kgraph.graph.entity.offices import Office
from kgraph.graph.entity.sentence import sentence
from kgraph.graph.entity.story import Group, Key, Line
from kgraph.graph.identity.comparison import Comparison
from kgraph.graph.names.labels import Names, names_by_language
from kgraph.graph.network.groups import Groups
from kgraph.graph.network.networks import Edge, Network, Node
from kgraph.graph.statements.disputes import Dispute, Side
from kgraph.graph.statements.explanations import because, cannot_both
from kgraph.graph.statements.facts import Fact, Passage, witnesses
from kgraph.graph.statements.reasons import Reason
from kgraph.rdf.sparql import Value

Json = dict[str, object]
Disputed = frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Dates:
    """The first and the last known day or year of a thing; whether it began on the first and ended on the last."""

    first: str
    last: str
    has_begun: bool
    has_ended: bool


@dataclass(frozen=True)
class Marks:
    """The first view; positions, dates and counts of unknowns by IRI; the disputed facts.

    A large graph has `groups` in place of a first view and of positions.
    """

    overview: Network
    positions: Mapping[str, tuple[float, float]]
    dates: Mapping[str, Dates]
    unknowns: Mapping[str, int]
    disputed: Disputed
    groups: Groups | None = None


def term(value: object) -> Json:
    """A term as the explorer reads it: `iri`, or the `value` of a literal with its `lang` and `datatype`."""
    if isinstance(value, ox.Literal):
        return {"value": value.value, "lang": value.language, "datatype": value.datatype.value}
    assert isinstance(value, ox.NamedNode)
    return {"iri": value.value}


def _plain_term(value: object) -> str | Json:
    if isinstance(value, ox.Literal):
        return {"value": value.value, "language": value.language, "datatype": value.datatype.value}
    assert isinstance(value, ox.NamedNode)
    return value.value


def labels(store: ox.Store, terms: Iterable[object]) -> Json:
    """The names of terms by IRI and language."""
    return _by_iri(names_by_language(store, terms, LANGUAGES))


def _by_iri(called: Mapping[str, Names]) -> Json:
    found: dict[str, dict[str, str]] = {}
    for lang in LANGUAGES:
        for node, name in called[lang].items():
            found.setdefault(node.value, {})[lang] = name
    return dict(sorted(found.items()))


def _origin(origin: Origin) -> Json:
    """The parts of a source; only a draft has the part `draft`."""
    return {part: value for part, value in vars(origin).items() if value or part != "draft"}


def passage(at: Passage) -> Json:
    """A passage; only in a register its `row`, and the `fragment` of the file with its cells (RFC 7111)."""
    shown: Json = {"source": at.source, "status": at.status, "start": at.start, "end": at.end, "words": at.words}
    return shown if at.row is None else shown | {"row": at.row, "fragment": at.fragment}


def comparison(of: Comparison) -> Json:
    """How a field of two things compares, in words of each language, with the passages behind both sides."""
    one, other = of.evidence
    shown: Json = {"field": of.field, "verdict": of.verdict, "words": {lang: of.told(lang) for lang in LANGUAGES}}
    return shown | {"one": [*map(passage, one)], "other": [*map(passage, other)]}


def _evidence(known: Fact | Edge) -> Json:
    """The evidence of a fact: its rule and passages; `yields` only where it does."""
    shown: Json = {"asserted": known.asserted, "rule": known.rule, "places": [*map(passage, known.passages)]}
    return shown | {"yields": True} if isinstance(known, Fact) and known.yields else shown


def _marked(known: Fact | Edge, disputed: Disputed) -> Json:
    """The evidence of a fact, whether it is disputed, and whether it has a single witness."""
    return _evidence(known) | {"disputed": known.values in disputed, "single": len(witnesses(known.passages)) == 1}


def reason(why: Reason, predicate: str = "predicate", write: Callable[[object], object] = term) -> Json:
    """A reason as a tree; `predicate` is the key of the relation, `write` the form of the object.

    A fact that yields has the reason of the chosen value under `instead`.
    """
    shown: Json = {
        "subject": _plain_term(why.fact.subject),
        predicate: why.fact.predicate.value,
        "object": write(why.fact.object),
        "rule": why.rule,
        "places": [*map(passage, why.passages)],
        "premises": [reason(premise, predicate, write) for premise in why.premises],
    }
    return shown | {"instead": reason(why.instead, predicate, write)} if why.instead else shown


def explained(why: Reason, names: Names) -> Json:
    """A reason for the command line, with the names of the IRIs in it."""
    return _with_names({"reason": reason(why, "relation", _plain_term)}, names)


def grounded(why: Iterable[Reason], names: Names) -> Json:
    """The facts behind an answer with their reasons, and the names of the IRIs in them."""
    return _with_names({"evidence": [reason(one, "relation", _plain_term) for one in why]}, names)


def sources(known: Mapping[str, Origin], names: Names) -> list[Json]:
    """Sources with their titles, publishers, days and addresses."""
    return [{"source": iri, "title": names.get(ox.NamedNode(iri)), **_origin(origin)} for iri, origin in known.items()]


def shown(card: Card) -> Json:
    """A card for the command line, in its language, with the names of the IRIs in it.

    The other end of a fact is its subject when it is `incoming`; memberships have roles and a time.
    """
    plain = _plain_term
    content: Json = {
        "thing": card.thing.value,
        "sentence": sentence(card),
        "state": plain(card.states[card.thing]) if card.thing in card.states else None,
        "labels": {label.language: label.value for label in card.labels},
        "notes": [{"relation": relation.value, "value": plain(value)} for relation, value in card.notes],
        "key": [_plain_key(card, key) for key in card.story.keys],
        "facts": [
            *_plain_facts(card, card.story.groups, folded=False),
            *_plain_facts(card, card.story.folded, folded=True),
        ],
        "links": [_plain_link(link) for link in card.links],
        "unknowns": list(card.unknowns),
        "silent": [
            {"unknown": card.name(unknown), "answers": _answers(answers, plain)}
            for unknown, answers in card.silent.items()
        ],
    }
    return _with_names(content, card.names)


def _plain_key(card: Card, key: Key) -> Json:
    """A key fact with its values, each with the facts along its path, or the known unknown about it."""
    values = [
        {
            "value": _plain_term(one.value),
            "when": one.office and one.office.span.told(card.lang),
            "status": one.status and _plain_term(one.status),
            "facts": [*map(_triple, one.path)],
        }
        for one in key.values
    ]
    return {"name": key.relation.name.get(card.lang), "values": values, "unknown": key.unknown and key.unknown.value}


def _triple(fact: Fact) -> list[object]:
    return [*map(_plain_term, fact.triple)]


def _plain_facts(card: Card, groups: Iterable[Group], *, folded: bool) -> Iterator[Json]:
    """The facts of a card; `folded` are those that only repeat others or follow from them."""
    for group in groups:
        for line in group.lines:
            state = card.state(line.fact.predicate, line.other)
            yield {
                "section": group.relation.section.name.get(card.lang),
                "name": group.relation.name.get(card.lang),
                "relation": line.fact.predicate.value,
                "incoming": line.incoming,
                "other": _plain_term(line.other),
                "folded": folded,
                **_evidence(line.fact),
                "because": because(line.fact.rule, card.names, card.lang) if line.fact.rule else None,
                "roles": [*map(_plain_term, line.office.roles)] if line.office else [],
                "when": line.office.span.told(card.lang) if line.office else None,
                "later": [*map(_plain_term, line.office.later)] if line.office else [],
                "state": _plain_term(state) if state else None,
            }


def _plain_link(link: Difference) -> Json:
    keys = ("value", "relation", "other", "of")
    return dict(zip(keys, map(_plain_term, (link.value, link.link, link.other, link.whose)), strict=True))


def _answers(found: Mapping[Value, tuple[ox.NamedNode, ...]], write: Callable[[object], object]) -> list[Json]:
    """The values that answer a known unknown, with their sources."""
    return [{"value": write(value), "sources": [source.value for source in own]} for value, own in found.items()]


def _with_names(content: Json, names: Names) -> Json:
    """Content with the names of the IRIs among its strings."""
    text = json.dumps(content, ensure_ascii=False)
    inside = sorted((node for node in names if f'"{node.value}"' in text), key=str)
    return {**content, "names": {node.value: names[node] for node in inside}}


def card(shown: Card, disputed: Disputed) -> Json:
    """A card for the explorer, in every language."""
    named = _by_iri(shown.called)
    folded, groups = shown.story.folded, shown.story.groups
    return {
        "iri": shown.thing.value,
        "curie": curie(shown.thing.value),
        "labels": {label.language: label.value for label in shown.labels},
        "kinds": [kind.value for kind in shown.kinds],
        "law": _named(shown.law, named) if shown.law else None,
        "sentence": _in_every_language(shown, sentence),
        "total": shown.total,
        "keys": [_key(key, disputed) for key in shown.story.keys],
        "notes": [
            {"predicate": predicate.value, "value": term(value)}
            for predicate, value in dict.fromkeys(note for lang in LANGUAGES for note in shown.read_in(lang).notes)
        ],
        "sections": [
            {"labels": group.relation.section.name, "groups": [_group(shown, one, disputed) for one in same]}
            for group, same in _by_section(groups)
        ],
        "folded": [_group(shown, group, disputed) for group in folded],
        "offices": {one.value: _office(office) for one, office in shown.offices.items()},
        "origins": {iri: _origin(origin) for iri, origin in shown.origins.items()},
        "because": {rule: _in_every_language(shown, partial(_because, rule)) for rule in _rules(shown)},
        "unknowns": [
            {**_named(unknown, named), "answers": _answers(shown.answers.get(unknown, {}), term)}
            for unknown in shown.known_unknowns
        ],
        "answers": _answers(shown.answers.get(shown.thing, {}), term),
        "leftOpen": [{"link": link.value, "other": term(end)} for link, end in shown.left_open],
        "links": [_link(shown, link) for link in shown.links],
        "left": dict(sorted((predicate.value, count) for predicate, count in shown.left.items())),
        "states": dict(sorted((end.value, state.value) for end, state in shown.states.items())),
        "names": named,
    }


def _in_every_language(shown: Card, write: Callable[[Card], str]) -> Json:
    return {lang: write(shown.read_in(lang)) for lang in LANGUAGES}


def _because(rule: str, shown: Card) -> str:
    return because(rule, shown.names, shown.lang)


def _rules(shown: Card) -> list[str]:
    """The rules of the facts that the card does not fold away."""
    return sorted({line.fact.rule for group in shown.story.groups for line in group.lines if line.fact.rule})


def _by_section(groups: Iterable[Group]) -> Iterator[tuple[Group, list[Group]]]:
    for _, same in groupby(groups, key=lambda group: group.relation.section.order):
        first, *others = same
        yield first, [first, *others]


def _group(shown: Card, group: Group, disputed: Disputed) -> Json:
    """The facts of one relation: each may have an office, and the way of the first is that of the group."""
    predicate, incoming = group.way
    return {
        "labels": group.relation.name,
        "predicate": predicate.value,
        "incoming": incoming,
        "facts": [_line(shown, line, disputed) for line in group.lines],
    }


def _line(shown: Card, line: Line, disputed: Disputed) -> Json:
    return {
        "other": term(line.other),
        "predicate": line.fact.predicate.value,
        "incoming": line.incoming,
        **_marked(line.fact, disputed),
        "tenures": shown.lasts_by(line.fact.predicate, line.other),
        "office": line.office.membership.value if line.office else None,
    }


def _office(office: Office) -> Json:
    """An office: who held it where, as what, and when in words."""
    return {
        "member": office.member.value,
        "organisation": office.organisation.value,
        "roles": [role.value for role in office.roles],
        "when": {lang: office.span.told(lang) for lang in LANGUAGES},
        "later": [one.value for one in office.later],
    }


def _key(key: Key, disputed: Disputed) -> Json:
    """A key fact: its values, each with its status and the facts on the way, the last first; else its known unknown."""
    return {
        "labels": key.relation.name,
        "unknown": key.unknown.value if key.unknown else None,
        "values": [
            {
                "value": term(one.value),
                "office": one.office.membership.value if one.office else None,
                "status": one.status.value if one.status else None,
                "facts": [_told(fact, disputed) for fact in one.path],
            }
            for one in key.values
        ],
    }


def _told(fact: Fact, disputed: Disputed) -> Json:
    """A fact with both ends and its evidence."""
    ends = {"subject": fact.subject.value, "predicate": fact.predicate.value, "object": term(fact.object)}
    return ends | _marked(fact, disputed)


def _link(shown: Card, link: Difference) -> Json:
    """Two values that differ, who says each, and why both cannot hold where they contradict each other."""
    return {
        "value": term(link.value),
        "link": link.link.value,
        "other": term(link.other),
        "of": link.whose.value,
        "predicate": link.predicate.value,
        "sources": [one.value for one in link.sources],
        "otherSources": [one.value for one in link.other_sources],
        "isLater": shown.is_later(link),
        "because": {lang: cannot_both(link.predicate, shown.called[lang], lang) for lang in LANGUAGES}
        if link.link == CONTRADICTS
        else None,
    }


def _named(node: ox.NamedNode, names: Json) -> Json:
    return {"iri": node.value, "labels": names.get(node.value, {})}


def dispute(shown: Dispute, called: Mapping[str, Names]) -> Json:
    """Both sides of a dispute, and why they cannot both hold where they contradict each other."""
    why = {lang: cannot_both(shown.one.predicate, called[lang], lang) for lang in LANGUAGES}
    sides = {"one": _side(shown.one), "other": _side(shown.other)}
    return {"contradiction": shown.contradiction, **sides, "because": why if shown.contradiction else None}


def _side(side: Side) -> Json:
    return {
        "subject": side.subject.value,
        "predicate": side.predicate.value,
        "object": term(side.object),
        "source": side.source.value,
        "places": [*map(passage, side.passages)],
    }


def network(store: ox.Store, shown: Network, marks: Marks) -> Json:
    """A network with the marks of its things, and the names of all its terms."""
    passages = {(at.source, at.status) for fact in shown.edges for at in fact.passages}
    named = {*chain.from_iterable(passages), *(t.kind for t in shown.nodes), *(f.predicate for f in shown.edges)}
    return {
        "nodes": [node(thing, marks) for thing in shown.nodes],
        "edges": [edge(fact, marks) for fact in shown.edges],
        "names": labels(store, map(ox.NamedNode, named)),
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


def edge(shown: Edge, marks: Marks) -> Json:
    return {
        "source": shown.source,
        "predicate": shown.predicate,
        "target": shown.target,
        **_marked(shown, marks.disputed),
        "during": [_when(marks.dates.get(tenure)) for tenure in shown.tenures],
    }


def _when(when: Dates | None) -> Json:
    """The dates of begin and end, as far as known."""
    return {
        "from": when.first if when and when.has_begun else None,
        "to": when.last if when and when.has_ended else None,
    }


def dates(known: Dates, disputed: Iterable[Value]) -> Json:
    """The dates of a thing, and those that sources dispute."""
    when: Json = {"from": known.first, "to": known.last, "open": not known.has_ended, "begun": known.has_begun}
    return when | {"disputed": [*map(term, disputed)]}
