"""A card and a reason as plain values, for JSON: IRIs whole, with what they are called in one language beside them."""

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from kgraph.graph.cards import Card
from kgraph.graph.facts import Passage
from kgraph.graph.labels import Names
from kgraph.graph.reasons import Reason

Plain = Mapping[str, object]


def card(shown: Card) -> Plain:
    """A thing with its notes, its facts and their passages in sources, what is not known of it, and all names."""
    return _with_names(
        {
            "thing": shown.thing.value,
            "state": _term(shown.states[shown.thing]) if shown.thing in shown.states else None,
            "labels": {label.language: label.value for label in shown.labels},
            "notes": [{"relation": relation.value, "value": _term(value)} for relation, value in shown.notes],
            "facts": list(_facts(shown)),
            "links": [
                {"value": _term(value), "relation": _term(link), "other": _term(other), "of": _term(whose)}
                for value, link, other, whose in shown.links
            ],
            "unknowns": list(shown.unknowns),
        },
        shown.names,
    )


def _facts(shown: Card) -> Iterator[Plain]:
    """Each fact with its other end, which is the subject when `incoming`, and what is known of that end.

    Its roles if it is a membership, and its state on the day if any.
    """
    for group in shown.groups:
        for other, fact in group.facts.items():
            yield {
                "relation": group.predicate.value,
                "incoming": group.incoming,
                "other": _term(other),
                "asserted": fact.asserted,
                "rule": fact.rule,
                "roles": [*map(_term, shown.roles.get(other, ()))],
                "state": _term(state) if (state := shown.state(group.predicate, other)) else None,
                "places": [*map(_passage, fact.passages)],
            }


def reason(why: Reason, names: Names) -> Plain:
    """A fact with its reason, premises within, and all names."""
    return _with_names({"reason": _reason(why)}, names)


def _reason(why: Reason) -> Plain:
    return {
        "subject": _term(why.fact.subject),
        "relation": why.fact.predicate.value,
        "object": _term(why.fact.object),
        "rule": why.rule,
        "places": [*map(_passage, why.passages)],
        "premises": [*map(_reason, why.premises)],
    }


def _passage(passage: Passage) -> Plain:
    where = {"start": passage.start, "end": passage.end, "words": passage.words}
    return {"source": passage.source, "status": passage.status, **where}


def _term(term: object) -> str | Plain:
    """An IRI as a string, a literal with its language and its datatype."""
    if isinstance(term, ox.Literal):
        return {"value": term.value, "language": term.language, "datatype": term.datatype.value}
    assert isinstance(term, ox.NamedNode)
    return term.value


def _with_names(content: Plain, names: Names) -> Plain:
    """Content with the names of the IRIs in it."""
    inside = set(_texts(content))
    return {
        **content,
        "names": {str(node.value): names[node] for node in sorted(names, key=str) if node.value in inside},
    }


def _texts(content: object) -> Iterator[str]:
    match content:
        case str():
            yield content
        case Mapping():
            yield from _texts([*content.values()])
        case list():
            for part in content:
                yield from _texts(part)
