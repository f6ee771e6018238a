"""What is known of sources beside their titles: publishers, days, addresses."""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from kgraph.base.vocab import term
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value

Links = Mapping[Value, Value]
"""The first value of each link of a source for which the query `origins` asks."""

DAYS = tuple(map(term, ("dcterms:issued", "dcterms:valid")))
"""The day of issue, and the day of a register, which counts where there is no other."""


def links_of(store: ox.Store, sources: Iterable[str]) -> Mapping[ox.NamedNode, Links]:
    """The links of each of some sources, in the order of their IRIs; empty for one of which nothing is known."""
    asked = [ox.NamedNode(iri) for iri in sorted({*sources})]
    found: dict[Value, dict[Value, Value]] = {source: {} for source in asked}
    for source, link, value in sparql.named(store, "origins", source=asked) if asked else ():
        found[source].setdefault(link, value)
    return {source: found[source] for source in asked}


def day_of(links: Links) -> Value | None:
    """The day of issue of a source, of a register its own day; None where it is not known."""
    return next((links[link] for link in DAYS if link in links), None)
