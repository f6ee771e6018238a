"""Data extension: the values of properties of entities, in the JSON of the reconciliation API."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from kgraph.base.vocab import PREFIXES
from kgraph.graph.entity.as_json import Dates
from kgraph.graph.identity import comparison, corroborating
from kgraph.graph.identity.comparison import REGISTERS
from kgraph.graph.identity.corroborating import FIELDS, Evidence
from kgraph.graph.names import labels
from kgraph.publish.pages.book import Book
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value
from kgraph.server.reconciliation.answers import Json, Service
from kgraph.server.reconciliation.queries import ID, node

INTEGER = PREFIXES["xsd"] + "integer"
FLOATING = tuple(PREFIXES["xsd"] + name for name in ("decimal", "double", "float"))

Cells = Mapping[tuple[str, str], Sequence[Value]]
"""The values of properties of things, by the IRIs of both."""


def extended(service: Service, ids: Sequence[str], properties: Sequence[str]) -> Json:
    """The values of properties of entities (section 7.4); those of an entity that is not there are empty."""
    store, wanted = service.book.store, {given: service.vocabulary.property(given) for given in properties}
    nodes = {given: node(given) for given in ids}
    current = sparql.current_of(store, nodes.values())
    things = {given: found.value for given, own in nodes.items() if own and (found := current.get(own))}
    known = cells(service.book, sorted({*things.values()}), sorted({*wanted.values()}))
    names = labels.names(store, {value for several in known.values() for value in several}, service.lang)

    def values(thing: str, own: str) -> list[Json]:
        shown = (_cell(service, value, names) for value in known.get((thing, own), ()))
        return [one for one in shown if one]

    rows = {given: {name: values(things.get(given, ""), own) for name, own in wanted.items()} for given in ids}
    meta = [{"id": given, "name": service.vocabulary.name(own)} for given, own in wanted.items()]
    return {"meta": meta, "rows": _as_list(rows) if service.is_draft else rows}


def cells(book: Book, things: Sequence[str], properties: Sequence[str]) -> Cells:
    """The values of each property of each thing, in a stable order."""
    found: defaultdict[tuple[str, str], list[Value]] = defaultdict(list)
    asked = [(Evidence(own, ()), things) for own in properties if own in REGISTERS or own == "place"]
    known = corroborating.facts(book.store, book.index, asked)
    for iri in things:
        for register, numbers in known.numbers.get(iri, {}).items():
            found[iri, register] += map(ox.Literal, sorted(numbers))
        places = comparison.narrowest(known.places.get(iri, set()), known.larger)
        found[iri, "place"] += map(ox.NamedNode, sorted(places))
        found[iri, "year"] += map(ox.Literal, _years(book.facets.dates.get(iri)))
    relations = [ox.NamedNode(own) for own in properties if own not in FIELDS]
    terms = {"thing": [ox.NamedNode(iri) for iri in things], "relation": relations}
    rows = sparql.named(book.store, "values", **terms) if things and relations else ()
    for thing, relation, value in sorted(rows, key=str):
        found[thing.value, relation.value].append(value)
    return found


def _years(dates: Dates | None) -> list[int]:
    """The first and the last known year of a thing."""
    years = (day[:4] for day in (dates.first, dates.last)) if dates else ()
    return sorted({int(year) for year in years if year.isdecimal()})


def _cell(service: Service, value: Value, names: labels.Names) -> Json | None:
    """A property value; None for a text in another language."""
    if isinstance(value, ox.NamedNode):
        name = labels.name(names, value)
        return {"id": value.value.removeprefix(ID), "name": name} if value.value.startswith(ID) else {"str": name}
    if value.language not in (None, service.lang):
        return None
    if value.datatype.value == INTEGER:
        return {"int": int(value.value)}
    return {"float": float(value.value)} if value.datatype.value in FLOATING else {"str": value.value}


def _as_list(rows: Mapping[str, Mapping[str, list[Json]]]) -> list[Json]:
    """The rows as the draft of 1.0 has them."""
    return [
        {"id": given, "properties": [{"id": name, "values": values} for name, values in row.items()]}
        for given, row in rows.items()
    ]
