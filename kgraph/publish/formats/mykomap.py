"""Organisations as the standard CSV of mykomap, the map of the Solidarity Economy Association.

The columns are those of https://github.com/DigitalCommons/mykomap-monolith/blob/main/docs/data-pipeline.md; others may
follow. A cell is empty where the graph has no value. It has none of mykomap's codes for structures and activities.
"""

from collections.abc import Iterator, Set

import pyoxigraph as ox

from kgraph.base import csvs, paths
from kgraph.base.vocab import PREFIXES
from kgraph.graph import labels
from kgraph.rdf import sparql

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
    "locality": "Locality",
    "region": "Region",
    "post": "Postcode",
    "country": "Country ID",
    "page": "Website",
    "phone": "Phone",
    "mail": "Email",
    "form": "Legal Form",
    "iri": "URI",
}
"""The column of each variable of the query whose value stands as it is."""

PLACE = {"container": "Geo Container", "latitude": "Geo Container Latitude", "longitude": "Geo Container Longitude"}
"""The columns of the place whose point stands for the organisation."""


def standard(store: ox.Store, lang: str, kind: ox.NamedNode | None = None) -> bytes:
    """All organisations, or those of a class, with their names in a language."""
    columns = (*COLUMNS, *OWN)
    rows = [[row.get(column, "") for column in columns] for row in _rows(store, lang)]
    wanted = None if kind is None else labels.of_kind(store, kind, {row[-1] for row in rows})
    return csvs.written(columns, _among(rows, wanted)).encode()


def _among(rows: list[list[str]], wanted: Set[str] | None) -> Iterator[list[str]]:
    return (row for row in rows if wanted is None or row[-1] in wanted)


def _rows(store: ox.Store, lang: str) -> Iterator[dict[str, str]]:
    """The values of each organisation by column."""
    result = sparql.run(store, paths.query_text("mykomap"), lang=ox.Literal(lang))
    assert isinstance(result, ox.QuerySolutions)
    names = sparql.columns(result)
    for row in sparql.rows(result):
        found = {name: value.value for name, value in zip(names, row, strict=True) if value is not None}
        yield {
            "Identifier": found["iri"].removeprefix(PREFIXES["id"]),
            "Street Address": found.get("street") or found.get("line", ""),
            **{column: found.get(name, "") for name, column in ASKED.items()},
            **({column: found[name] for name, column in PLACE.items()} if _is_one_point(found) else {}),
        }


def _is_one_point(found: dict[str, str]) -> bool:
    """Whether sources agree on the place of an organisation, and that place has a point."""
    return "latitude" in found and ";" not in found.get("locality", "")
