"""The tables of a release for tools of machine learning: Croissant 1.0 (https://docs.mlcommons.org/croissant/)."""

from collections.abc import Mapping, Sequence
from typing import Any

from kgraph.publish.formats.tables import json_file, text_in
from kgraph.publish.metadata.description import Dataset, Description, File

FILE = "croissant.json"
SPECIFICATION = "http://mlcommons.org/croissant/1.0"

OWN = (
    *("citeAs", "column", "extract", "field", "fileObject", "fileProperty", "fileSet", "format", "includes"),
    *("isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated"),
    *("replace", "separator", "source", "subField", "transform"),
)
"""The terms of Croissant."""
CONTEXT: Mapping[str, object] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{name: f"cr:{name}" for name in OWN},
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}
TYPES = {"anyURI": "sc:URL", "boolean": "sc:Boolean", "date": "sc:Date", "decimal": "sc:Float", "integer": "sc:Integer"}
"""The types of the datatypes of CSVW; all others are text."""

Json = dict[str, Any]


def described(dataset: Dataset, release: Description, files: Sequence[File], tables: Mapping[str, Any]) -> bytes:
    """The description of the given tables, whose CSVW metadata is `tables`."""
    part = dataset.part("tables")
    by_path = {file.path: file for file in files}
    publisher = {"@type": "Organization", "name": dataset.publisher_names["en"], "url": dataset.publisher}
    return json_file(
        {
            "@context": CONTEXT,
            "@type": "sc:Dataset",
            "@id": part.node.value,
            "conformsTo": SPECIFICATION,
            "name": "sekg-tables",
            "alternateName": part.titles["en"],
            "description": part.descriptions["en"],
            "url": release.latest_url,
            "version": release.version,
            "datePublished": str(release.issued),
            "license": dataset.licence,
            "creator": publisher,
            "publisher": publisher,
            "inLanguage": ["pl", "en"],
            "keywords": sorted({*dataset.keywords_in("en")}),
            "isLiveDataset": False,
            "citeAs": f"{publisher['name']}: {part.titles['en']}, {release.version}. {part.node.value}",
            "distribution": [_file(by_path[f"tables/{table['url']}"], release) for table in tables["tables"]],
            "recordSet": [_records(table) for table in tables["tables"]],
        }
    )


def _file(file: File, release: Description) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": release.url(file.path),
        "contentSize": f"{file.size} B",
        "encodingFormat": file.media,
        "sha256": file.sha256,
    }


def _records(table: Json) -> Json:
    """The rows of a table."""
    name, schema = table["url"].removesuffix(".csv"), table["tableSchema"]
    links = {link["columnReference"][0]: link["reference"] for link in schema["foreignKeys"]}
    fields = [_field(name, table["url"], column, links.get(column["name"])) for column in schema["columns"]]
    keys = [{"@id": f"{name}/{column}"} for column in schema["primaryKey"]]
    titled = {"name": name, "description": text_in(table["dc:title"], "en")}
    return {"@type": "cr:RecordSet", "@id": name, **titled, "key": keys, "field": fields}


def _field(name: str, file: str, column: Json, link: Json | None) -> Json:
    """A column; a cell with several values is text, as the table has it."""
    is_one = "separator" not in column
    found: Json = {
        "@type": "cr:Field",
        "@id": f"{name}/{column['name']}",
        "name": column["name"],
        "description": text_in(column["dc:title"], "en"),
        "dataType": TYPES.get(column["datatype"], "sc:Text") if is_one else "sc:Text",
        "source": {"fileObject": {"@id": file}, "extract": {"column": column["name"]}},
    }
    if link:
        found["references"] = {
            "field": {"@id": f"{link['resource'].removesuffix('.csv')}/{link['columnReference'][0]}"}
        }
    return found
