"""The network of agreements measured: who holds it together, where it falls apart, who stands with whom."""

from kgraph.graph.analysis.measures import (
    PROJECTIONS,
    Analysis,
    Basis,
    Measured,
    Tie,
    Whole,
    analyse,
    day_of,
    measure,
    to_networkx,
)
from kgraph.graph.analysis.tables import chain, network, things, ties
from kgraph.rdf.sparql import Table

__all__ = [
    "PROJECTIONS",
    "Analysis",
    "Basis",
    "Measured",
    "Table",
    "Tie",
    "Whole",
    "analyse",
    "chain",
    "day_of",
    "measure",
    "network",
    "things",
    "ties",
    "to_networkx",
]
