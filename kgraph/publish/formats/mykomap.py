"""Organisations as the standard CSV of mykomap, the map of the Solidarity Economy Association.

The columns are those of https://github.com/DigitalCommons/mykomap-monolith/blob/main/docs/data-pipeline.md; others may
follow. A cell is empty where the graph has no value. It has none of mykomap's codes for structures and activities.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

import pyoxigraph as ox

from kgraph.base import csvs
from kgraph.base.vocab import PREFIXES, term
from kgraph.graph.names import labels
from kgraph.rdf import sparql
from kgraph.rdf.functions import POINT

COLUMNS = (
    *("Identifier", "Name", "Description", "Organisational Structure", "Primary Activity", "Activities"),
    *("Street Address", "Locality", "Region", "Postcode", "Country ID", "Territory ID", "Website", "Phone", "Email"),
    *("Twitter", "Facebook", "Companies House Number", "Qualifiers", "Membership Type", "Latitude", "Longitude"),
    *("Geo Container", "Geo Container Confidence", "Geo Container Latitude", "Geo Container Longitude"),
    "Geocoded Address",
)
"""The standard columns, in their order."""

OWN = ("Legal Form", "URI")
"""Columns of ours: the legal form by name, and the IRI, which leads to the evidence."""

ASKED = {
    "name": "Name",
    "note": "Description",
    "code": "Postcode",
    "page": "Website",
    "phone": "Phone",
    "mail": "Email",
    "form": "Legal Form",
    "iri": "URI",
}
"""The column of each part of an organisation whose values stand as they are."""

COUNTRY, VOIVODESHIP = term("level:country").value, term("level:voivodeship").value
WIDE = {COUNTRY, VOIVODESHIP, term("level:powiat").value}
"""The levels of places that are larger than a gmina."""

Parts = Mapping[str, Sequence[str]]
"""The values of an organisation or a place by part."""
Known = Mapping[str, Parts]


def standard(store: ox.Store, lang: str, kind: ox.NamedNode | None = None) -> bytes:
    """All organisations, or those of a class, with their names in a language."""
    known = _known(store, lang)
    things = {iri for iri, parts in known.items() if "iri" in parts and iri.startswith(PREFIXES["id"])}
    wanted = things if kind is None else labels.of_kind(store, kind, things)
    columns = (*COLUMNS, *OWN)
    rows = (_row(iri, known[iri], known) for iri in sorted(wanted))
    return csvs.written(columns, ([row.get(column, "") for column in columns] for row in rows)).encode()


def _known(store: ox.Store, lang: str) -> Known:
    """The sorted values of organisations and of the places of their seats."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for node, part, value in sparql.named(store, "mykomap", lang=ox.Literal(lang)):
        found[node.value][part.value].add(value.value)
    return {node: {part: sorted(values) for part, values in parts.items()} for node, parts in found.items()}


def _row(iri: str, own: Parts, known: Known) -> dict[str, str]:
    """The values of an organisation by column; several are separated by a semicolon."""
    return {
        "Identifier": iri.removeprefix(PREFIXES["id"]),
        **{column: ";".join(own.get(part, ())) for part, column in ASKED.items()},
        "Street Address": _street(own) or ";".join(own.get("line", ())),
        **_seat({place: known.get(place, {}) for place in own.get("seat", ())}),
    }


def _street(own: Parts) -> str:
    """The street and the house of an address in parts, of a village without streets its post; empty without one."""
    return " ".join([*(own.get("road") or own.get("office", ()))[:1], *own.get("house", ())[:1]])


def _seat(seats: Known) -> dict[str, str]:
    """The place, region and country of a seat; a point where its sources agree on a place that has one."""
    wider = {other for parts in seats.values() for other in parts.get("within", ())}
    narrow = {place: parts for place, parts in seats.items() if place not in wider}
    near = [name for parts in narrow.values() if not _is(parts, WIDE) for name in parts.get("name", ())]
    region = [name for parts in seats.values() if _is(parts, {VOIVODESHIP}) for name in parts.get("name", ())]
    country = [code for parts in seats.values() if _is(parts, {COUNTRY}) for code in parts.get("number", ())]
    named = {"Locality": near, "Region": region, "Country ID": [code for code in country if len(code) == 2]}
    return {column: ";".join(values) for column, values in named.items()} | _point(narrow)


def _is(place: Parts, levels: Set[str]) -> bool:
    return not levels.isdisjoint(place.get("level", ()))


def _point(narrow: Known) -> dict[str, str]:
    """The only place of a seat with its point, which stands for the organisation; empty where sources differ."""
    points = [(place, POINT.fullmatch(point)) for place, parts in narrow.items() for point in parts.get("point", ())]
    known = [(place, found) for place, found in points if found]
    if len(narrow) != 1 or len(known) != 1:
        return {}
    [(place, found)] = known
    return {"Geo Container": place, "Geo Container Longitude": found[1], "Geo Container Latitude": found[2]}
