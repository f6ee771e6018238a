"""Pairs of things that may be one, for curators: the pairs whose decision gives most come first, with their reasons."""

from math import log2
from sqlite3 import Connection

import pyoxigraph as ox

from kgraph.base.vocab import short
from kgraph.graph.entity import as_json
from kgraph.graph.entity.as_json import Json
from kgraph.graph.faceting.facets import Index
from kgraph.graph.identity import backing, candidates
from kgraph.graph.identity.candidates import Pair
from kgraph.rdf import sparql


def item(one: str, other: str) -> str:
    """The name of a pair: both addresses as CURIEs."""
    return f"{short(one)} {short(other)}"


def worth(score: float, facts: int) -> float:
    """What a decision gives: how likely two things are one, times the logarithm of the facts that come together.

    >>> worth(0.95, 12) > worth(0.62, 100) > worth(0.62, 12)
    True
    """
    return round((2 * score - 1) * log2(2 + facts), 3)


def identities(store: ox.Store, index: Connection, known: Index) -> Json:
    """The undecided pairs of a graph, the most worth first, and the names of these, of all decided, and of sources."""
    facts = dict(zip(known.things, map(int, known.facts), strict=True))
    shown = backing.with_evidence(store, candidates.of_graph(store, index))
    found = [(pair, facts.get(pair.one, 0) + facts.get(pair.other, 0)) for pair in shown]
    found.sort(key=lambda one: (-worth(one[0].score, one[1]), one[0].one, one[0].other))
    decided = [node for pair in sparql.named(store, "decided") for node in pair if isinstance(node, ox.NamedNode)]
    things = [ox.NamedNode(iri) for pair in shown for iri in (pair.one, pair.other)]
    names = as_json.labels(store, {*things, *decided, *backing.sources(shown)})
    return {"items": [_pair(pair, count) for pair, count in found], "names": names}


def _pair(pair: Pair, facts: int) -> Json:
    return {
        "id": item(pair.one, pair.other),
        "one": pair.one,
        "other": pair.other,
        "score": pair.score,
        "isSure": pair.is_sure,
        "facts": facts,
        "reasons": [*map(as_json.comparison, pair.comparisons)],
    }
