"""A card and a reason as tables: a row for each fact and each of its passages."""

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from kgraph.graph.entity.cards import Card
from kgraph.graph.names.labels import Names, name
from kgraph.graph.statements.facts import Passage
from kgraph.graph.statements.reasons import Reason
from kgraph.rdf.sparql import Table, Value

EVIDENCE = ("rule", "status", "source", "start", "end", "words")

Row = list[Value | None]


def reason(why: Reason, names: Names) -> Table:
    """The facts of a reason from the top, each with its depth; a premise follows what it supports."""
    columns = ("depth", "subject", "subject_name", "relation", "relation_name", "object", "object_name")
    return (*columns, *EVIDENCE), [*_reasons(why, names, 0)]


def _reasons(why: Reason, names: Names, depth: int) -> Iterator[Row]:
    parts = (why.fact.subject, why.fact.predicate, why.fact.object)
    named = [cell for part in parts for cell in (part, ox.Literal(name(names, part)))]
    for evidence in _evidence(why.rule, why.passages):
        yield [ox.Literal(depth), *named, *evidence]  # type: ignore[list-item]
    for premise in why.premises:
        yield from _reasons(premise, names, depth + 1)
    if why.instead:
        yield from _reasons(why.instead, names, depth + 1)


def card(shown: Card) -> Table:
    """The facts of a card in their order; `incoming` ones have the thing as their object."""
    columns = ("section", "relation", "relation_name", "incoming", "other", "other_name", "folded")
    rows = [*_facts(shown, folded=False), *_facts(shown, folded=True)]
    return (*columns, *EVIDENCE), rows


def _facts(shown: Card, *, folded: bool) -> Iterator[Row]:
    for group in shown.story.folded if folded else shown.story.groups:
        section = ox.Literal(group.relation.section.name.get(shown.lang, ""))
        relation = ox.Literal(group.relation.name.get(shown.lang) or name(shown.names, group.way[0]))
        for line in group.lines:
            about: Row = [section, line.fact.predicate, relation, ox.Literal(line.incoming), line.other]
            about += [ox.Literal(name(shown.names, line.other)), ox.Literal(folded)]
            yield from ([*about, *evidence] for evidence in _evidence(line.fact.rule, line.fact.passages))


def _evidence(rule: str | None, passages: Sequence[Passage]) -> Iterator[Row]:
    """The rule and the passage of each row; one row where there is no passage."""
    told = ox.Literal(rule) if rule else None
    for at in passages:
        place = (None if value is None else ox.Literal(value) for value in (at.start, at.end, at.words))
        yield [told, ox.NamedNode(at.status), ox.NamedNode(at.source), *place]
    if not passages:
        yield [told, None, None, None, None, None]
