"""The tables of a release as a Data Package, from their CSVW description (https://datapackage.org/standard/)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kgraph.publish.formats.tables import json_file, text_in
from kgraph.publish.metadata.authorities import LICENCES
from kgraph.publish.metadata.description import Dataset, Description, File

FILE = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/"

TYPES: Mapping[str, Mapping[str, str]] = {
    "anyURI": {"type": "string", "format": "uri"},
    "decimal": {"type": "number"},
    "gYear": {"type": "year"},
}
"""The types of values that have another name than in CSVW."""

Json = dict[str, Any]


def package(dataset: Dataset, release: Description, files: Sequence[File], described: Mapping[str, Any]) -> bytes:
    """The description of a package of the given tables; `described` is their CSVW metadata."""
    part = dataset.part("tables")
    licence = LICENCES.get(dataset.licence)
    by_path = {file.path: file for file in files}
    return json_file(
        {
            "$schema": f"{PROFILE}datapackage.json",
            "name": "sekg-tables",
            "id": part.node.value,
            "title": part.titles["en"],
            "description": part.descriptions["en"],
            "version": release.version,
            "created": f"{release.issued}T00:00:00Z",
            "homepage": release.latest_url,
            "licenses": [{"name": licence.spdx, "path": dataset.licence} if licence else {"path": dataset.licence}],
            "contributors": [{"title": dataset.publisher_names["en"], "roles": ["publisher"]}],
            "keywords": sorted({*dataset.keywords_in("en")}),
            "resources": [_resource(table, by_path[f"tables/{table['url']}"]) for table in described["tables"]],
        }
    )


def _resource(table: Json, file: File) -> Json:
    """A table as a resource."""
    return {
        "$schema": f"{PROFILE}dataresource.json",
        "name": _name(table["url"]),
        "title": text_in(table["dc:title"], "en"),
        "type": "table",
        "path": file.path,
        "format": "csv",
        "mediatype": file.media,
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": dict(_schema(table["tableSchema"])),
    }


def _name(url: str) -> str:
    return url.removesuffix(".csv")


def _schema(schema: Json) -> Iterator[tuple[str, object]]:
    """The columns of a table with their keys."""
    yield "$schema", f"{PROFILE}tableschema.json"
    yield "fields", [_field(column) for column in schema["columns"]]
    yield "primaryKey", schema["primaryKey"]
    if links := schema["foreignKeys"]:
        yield "foreignKeys", [_link(link) for link in links]


def _field(column: Json) -> Json:
    """A column; a cell with several values is a string, whose `separator` is told as CSVW tells it."""
    several = {"separator": column["separator"]} if "separator" in column else {}
    kind = {"type": "string"} if several else TYPES.get(column["datatype"], {"type": column["datatype"]})
    meaning = {"rdfType": column["propertyUrl"]} if "propertyUrl" in column else {}
    needed = {"constraints": {"required": True}} if column.get("required") else {}
    return {"name": column["name"], "title": text_in(column["dc:title"], "en"), **kind, **several, **meaning, **needed}


def _link(link: Json) -> Json:
    """A foreign key."""
    end = link["reference"]
    reference = {"resource": _name(end["resource"]), "fields": end["columnReference"]}
    return {"fields": link["columnReference"], "reference": reference}
