"""What each source gives to the graph, in figures."""

from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value


@dataclass(frozen=True)
class Contribution:
    """What one source gives: counts of facts stated, of these shared and alone, of other claims, links and unknowns."""

    source: Value
    issued: str
    stated: int
    shared: int
    alone: int
    unasserted: int
    refines: int
    contradicts: int
    unknown: int


def contributions(store: ox.Store) -> list[Contribution]:
    """What each source contributes."""
    rows = sparql.named(store, "contributions", lang=ox.Literal("en"))
    return [Contribution(source, issued.value, *(int(n.value) for n in counts)) for source, _, issued, *counts in rows]
