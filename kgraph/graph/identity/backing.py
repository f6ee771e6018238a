"""The words of sources and the cells of registers behind what two things have in common or apart."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pyoxigraph as ox

from kgraph.base.likeness import parts
from kgraph.base.stemming import stem, words_in
from kgraph.base.vocab import PREFIXES, term
from kgraph.graph.identity.comparison import Comparison
from kgraph.graph.identity.records import Pair
from kgraph.graph.names.labels import Names, name
from kgraph.graph.statements import facts
from kgraph.graph.statements.facts import Fact, Passage

AT_ONCE = 500
"""Of how many things the facts are asked for at once."""

MOST = 3
"""The most passages of one side."""

LINKS: Mapping[str, tuple[ox.NamedNode, ...]] = {
    field: tuple(map(term, names))
    for field, names in {
        "number": ("adms:identifier",),
        "place": ("se:seatIn", "se:locatedIn"),
        "form": ("org:classification",),
        "street": ("se:address",),
        "date": ("org:resultedFrom",),
        "activity": ("se:mainActivity", "rov:orgActivity"),
    }.items()
}
"""The relations in which the values of a field stand; of a number and a date, those to the node that has the value."""

NODES: Mapping[str, ox.NamedNode] = {"number": term("skos:notation"), "date": term("se:date")}
"""The properties of nodes that have the value of a field."""

Known = Mapping[str, Sequence[Fact]]
"""Facts with passages, by each of their ends."""


def with_evidence(store: ox.Store, found: Sequence[Pair]) -> list[Pair]:
    """The pairs with the passages behind both sides of each comparison, as far as sources are known for them."""
    known = _facts(store, (iri for pair in found for iri in (pair.one, pair.other)))
    nodes = _facts(store, (node for things in known.values() for node in _nodes(things)))
    every = {**nodes, **known}
    return [replace(pair, comparisons=tuple(_told(every, pair, each) for each in pair.comparisons)) for pair in found]


def _facts(store: ox.Store, things: Iterable[str]) -> Known:
    """The facts of some things that have passages."""
    wanted = dict.fromkeys(things)
    nodes = [*map(ox.NamedNode, wanted)]
    by_end: defaultdict[str, list[Fact]] = defaultdict(list)
    for begin in range(0, len(nodes), AT_ONCE):
        for fact in facts.facts(store, nodes[begin : begin + AT_ONCE]):
            for end in {fact.subject.value, fact.object.value} & wanted.keys() if fact.passages else ():
                by_end[end].append(fact)
    return by_end


def _nodes(known: Iterable[Fact]) -> Iterator[str]:
    links = {link for field in NODES for link in LINKS[field]}
    return (fact.object.value for fact in known if fact.predicate in links)


def _told(known: Known, pair: Pair, of: Comparison) -> Comparison:
    one, other = (
        tuple(_distinct(_passages(known, iri, of, value)))
        for iri, value in ((pair.one, of.one), (pair.other, of.other))
    )
    return replace(of, evidence=(one, other))


def _distinct(passages: Iterable[Passage]) -> list[Passage]:
    """At most a few passages, each of other words or another source, those with words first."""
    ordered = sorted(passages, key=lambda passage: passage.words is None)
    return [*{(each.source, each.words): each for each in ordered}.values()][:MOST]


def _passages(known: Known, iri: str, of: Comparison, value: str) -> Iterable[Passage]:
    own = known.get(iri, ())
    if of.field == "name":
        return _naming(own, iri, value)
    if of.field == "source":
        return (each for fact in own for each in fact.passages if each.source == value)
    linked = [fact for fact in own if fact.predicate in LINKS.get(of.field, ())]
    if of.field in NODES:
        return _through_nodes(known, linked, NODES[of.field], value)
    exact = [fact for fact in linked if value and fact.object.value in (value, PREFIXES["legal"] + value)]
    if of.field == "form" and not exact:
        return (each for fact in own for each in fact.passages if value and parts(each.words or "").form == value)
    return (each for fact in exact for each in fact.passages)


def _through_nodes(known: Known, linked: Iterable[Fact], link: ox.NamedNode, value: str) -> Iterator[Passage]:
    """The passages that give a thing a node with a value, such as a number, and those of their sources on the value."""
    values = set(value.replace(",", " ").split())
    for fact in linked:
        node, own = fact.object.value, {each.source for each in fact.passages}
        stating = [each for each in known.get(node, ()) if each.subject.value == node and each.predicate == link]
        for each in stating:
            if each.object.value in values:
                yield from fact.passages
                yield from (passage for passage in each.passages if passage.source in own)


def _naming(own: Sequence[Fact], iri: str, called: str) -> list[Passage]:
    """The passages that have most of the words of a name, in the facts of a thing; those that say its kind first."""
    stems = {stem(word) for word in words_in(called)}
    kinds = [fact for fact in own if fact.subject.value == iri and fact.predicate == term("rdf:type")]
    passages = [each for fact in (*kinds, *own) for each in fact.passages if each.words]
    shares = [len(stems & {stem(word) for word in words_in(each.words or "")}) for each in passages]
    best = max(shares, default=0)
    return [each for each, share in zip(passages, shares, strict=True) if best and share == best]


def sources(found: Iterable[Pair]) -> set[ox.NamedNode]:
    """The sources of the evidence of pairs."""
    sides = (side for pair in found for each in pair.comparisons for side in each.evidence)
    return {ox.NamedNode(passage.source) for side in sides for passage in side}


def told(pair: Pair, named: Names, lang: str) -> str:
    """The evidence of a pair in words: each comparison with one passage of either side."""
    return "; ".join(
        f"{each.told(lang)}: {' / '.join(_said(side[0], named, lang) for side in each.evidence if side)}"
        for each in pair.comparisons
        if any(each.evidence)
    )


def _said(passage: Passage, named: Names, lang: str) -> str:
    return f"{passage.told(lang)} — {name(named, ox.NamedNode(passage.source))}"
