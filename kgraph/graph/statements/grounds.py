"""The facts between the terms of an answer, each with its reason: what a row rests on."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import islice

import pyoxigraph as ox

from kgraph.base.vocab import CLAIMS_GRAPH, OBJECT, PREDICATE, PREFIXES, SUBJECT
from kgraph.errors import NotFound
from kgraph.graph.statements.reasons import Explain, Reason
from kgraph.rdf.sparql import Value

MOST_FACTS = 40
"""The most facts whose reasons are told."""

MOST_LOOKED_AT = 200
"""The most facts that are looked at for their reasons."""

MOST_CLAIMS = 500
"""The most claims about one thing that are looked at."""


def grounds(store: ox.Store, explain: Explain, groups: Iterable[Collection[Value]]) -> tuple[list[Reason], bool]:
    """The reasons of the facts between the terms of each group, such as a row, and whether some are left out.

    An inferred fact is left out beside one that a source states between the same two terms, and so is what only a
    curator notes.
    """
    between = dict.fromkeys(fact for group in groups for fact in _between(store, group))
    told = [reason for fact in islice(between, MOST_LOOKED_AT) if (reason := _reason(explain, fact))]
    stated = {_ends(reason) for reason in told if reason.passages}
    kept = [reason for reason in told if reason.passages or (reason.premises and _ends(reason) not in stated)]
    return kept[:MOST_FACTS], len(kept) > MOST_FACTS or len(between) > MOST_LOOKED_AT


def of_triples(explain: Explain, triples: Iterable[ox.Triple]) -> tuple[list[Reason], bool]:
    """The reasons of those triples that the graph has, and whether some are left out."""
    found = list(islice(triples, MOST_LOOKED_AT + 1))
    told = [reason for fact in found[:MOST_LOOKED_AT] if (reason := _reason(explain, fact))]
    kept = [reason for reason in told if reason.passages or reason.premises]
    return kept[:MOST_FACTS], len(kept) > MOST_FACTS or len(found) > MOST_LOOKED_AT


def _ends(reason: Reason) -> frozenset[str]:
    return frozenset((str(reason.fact.subject), str(reason.fact.object)))


def _reason(explain: Explain, fact: ox.Triple) -> Reason | None:
    with suppress(NotFound):
        return explain(fact)
    return None


def _between(store: ox.Store, group: Collection[Value]) -> Iterator[ox.Triple]:
    """The facts and the claims that have one term of a group as subject and another as object."""
    for thing in group:
        if isinstance(thing, ox.NamedNode) and thing.value.startswith(PREFIXES["id"]):
            for other in group:
                if other != thing:
                    found = store.quads_for_pattern(thing, None, other, ox.DefaultGraph())
                    yield from (quad.triple for quad in found)
            yield from _claimed(store, thing, group)


def _claimed(store: ox.Store, thing: ox.NamedNode, others: Collection[Value]) -> Iterator[ox.Triple]:
    """The triples with a thing as subject that sources claim, also those that they only expect or think."""
    for record in islice(store.quads_for_pattern(None, SUBJECT, thing, CLAIMS_GRAPH), MOST_CLAIMS):
        parts = [
            quad.object
            for part in (PREDICATE, OBJECT)
            for quad in store.quads_for_pattern(record.subject, part, None, CLAIMS_GRAPH)
        ]
        if len(parts) == 2 and parts[1] in others and isinstance(parts[0], ox.NamedNode):
            yield ox.Triple(thing, parts[0], parts[1])
