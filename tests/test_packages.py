"""The tables as Data Package and Croissant, compressed dumps, Zenodo and CodeMeta; the terms of sources."""

import csv
import gzip
import hashlib
import io
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import brotli
import pyoxigraph as ox
import pytest

from kgraph._version import __version__
from kgraph.base.paths import Folders
from kgraph.base.vocab import term
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadData
from kgraph.evidence import head
from kgraph.publish.formats import tables
from kgraph.publish.formats.package import compressed, unpacked
from kgraph.publish.metadata import catalogue, citation, croissant, datapackage
from kgraph.publish.metadata.description import Dataset, Description, Edition, dataset, file
from kgraph.publish.pages import UNPUBLISHED, writers
from kgraph.publish.pages.book import book_of
from tests.conftest import ROOT
from tests.test_pages import with_triples

FIRST = Edition("1.0.0", "2026-11-23", "https://example.org/1.0.0/")
RELEASE = Description("1.1.0", "https://example.org/1.1.0/", date(2026, 11, 24), "mailto:a@example.org", (FIRST,))


@pytest.fixture(scope="module")
def known(graph: ox.Store) -> Dataset:
    return dataset(graph)


@pytest.fixture(scope="module")
def made(graph: ox.Store, known: Dataset) -> dict[str, bytes]:
    return {f"tables/{name}": content for name, content in tables.tables(graph, known).items()}


def test_each_table_is_described_as_it_is(known: Dataset, made: dict[str, bytes]) -> None:
    files, csvw = [file(*one) for one in made.items()], json.loads(made[f"tables/{tables.METADATA}"])
    package = json.loads(datapackage.package(known, RELEASE, files, csvw))
    learning = json.loads(croissant.described(known, RELEASE, files, csvw))
    assert {one["path"] for one in package["resources"]} == {path for path in made if path.endswith(".csv")}
    for one, there, records in zip(package["resources"], learning["distribution"], learning["recordSet"], strict=True):
        content = made[one["path"]]
        (header, *_) = csv.reader(io.StringIO(content.decode()))
        digest = hashlib.sha256(content).hexdigest()
        assert (one["bytes"], one["hash"], there["sha256"]) == (len(content), f"sha256:{digest}", digest)
        assert [field["name"] for field in one["schema"]["fields"]] == header
        assert [field["source"]["extract"]["column"] for field in records["field"]] == header
        assert there["contentUrl"] == f"https://example.org/1.1.0/{one['path']}"
    columns = {one["name"]: {field["name"] for field in one["schema"]["fields"]} for one in package["resources"]}
    links = [link for one in package["resources"] for link in one["schema"].get("foreignKeys", ())]
    assert links and all({*link["reference"]["fields"]} <= columns[link["reference"]["resource"]] for link in links)
    fields = {field["@id"] for records in learning["recordSet"] for field in records["field"]}
    assert {*references(learning)} <= fields | {one["@id"] for one in learning["distribution"]}


def references(node: Any) -> Iterator[str]:
    """The identifiers that a document of Croissant refers to."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if isinstance(value, dict) and {*value} == {"@id"} and key != "data":
            yield value["@id"]
        elif key != "@context":
            yield from references(value)


def test_a_compressed_dump_is_the_same_each_time_and_the_catalogue_says_how(known: Dataset) -> None:
    line, types = b"<a:a> <a:b> <a:c> .\n", "https://www.iana.org/assignments/media-types/"
    packed = compressed(line)
    assert packed == compressed(line)
    assert (gzip.decompress(packed["gz"]), brotli.decompress(packed["br"])) == (line, line)
    named = {"gz": f"{types}application/gzip", "br": "https://www.rfc-editor.org/rfc/rfc7932"}
    for suffix, content in packed.items():
        one = file(f"sekg.nt.{suffix}", content)
        assert (one.inner, one.part, one.is_whole) == ("application/n-triples", "graph", True)
        said = {
            triple.predicate: triple.object
            for triple in catalogue.triples(known, RELEASE, [one])
            if triple.subject == catalogue.node(f"distribution-sekg.nt.{suffix}")
        }
        assert said[term("dcat:compressFormat")] == ox.NamedNode(named[suffix])
        assert said[term("dcat:mediaType")] == ox.NamedNode(f"{types}application/n-triples")


@pytest.mark.parametrize("suffix", ["gz", "br"])
def test_a_broken_compressed_file_is_refused_and_a_large_one_is_read_in_part(suffix: str) -> None:
    packed = compressed(b"x" * 10_000_000)[suffix]
    assert 10 < len(unpacked(f"sekg.nt.{suffix}", packed, 11)) < 1_000_000
    for broken in (packed[:-4], b"no " + packed):
        with pytest.raises(BadData, match="not a whole compressed file"):
            unpacked(f"sekg.nt.{suffix}", broken, 20_000_000)


def test_zenodo_is_told_of_the_data_and_codemeta_of_the_software(known: Dataset) -> None:
    zenodo = json.loads(citation.zenodo(known, RELEASE))
    assert (zenodo["upload_type"], zenodo["license"], zenodo["version"]) == ("dataset", "cc-by-4.0", "1.1.0")
    assert {"relation": "isNewVersionOf", "identifier": FIRST.base_url} in zenodo["related_identifiers"]
    software = json.loads((ROOT / "codemeta.json").read_bytes())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert software["version"] == __version__
    assert all(software[name] == project[name] for name in ("name", "description", "keywords"))
    assert software["runtimePlatform"] == f"Python {project['requires-python']}"
    names = [address.rpartition("/")[2] for address in software["license"]]
    assert " AND ".join(names) == project["license"]


def test_the_page_of_a_source_says_its_licence_day_and_copy_or_that_they_are_not_known(
    graph: ox.Store, folders: Folders
) -> None:
    told = """source:mcps-2018-klaster dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
        se:retrieved "2026-11-23"^^xsd:date ; schema:archivedAt <https://archive.example/1> ."""
    book = book_of(with_triples(graph, told), folders, UNPUBLISHED)
    pages = {
        (name, lang): writers.written(book, f"source/{name}", lang)[0]
        for name, lang in product(("mcps-2018-klaster", "mcps-2024-cis"), LANGUAGES)
    }
    known, unknown = pages["mcps-2018-klaster", "en"], pages["mcps-2024-cis", "en"]
    assert 'href="https://archive.example/1"' in known and "23 November 2026" in known
    assert "licence not known" in unknown and "licence not known" not in known
    assert "licencja nieznana" in pages["mcps-2024-cis", "pl"]


def test_a_new_source_has_places_for_licence_day_and_copy() -> None:
    begun = head.head("https://example.org/a", "invented", None)
    for line in re.findall(r"(?m)^    # ((?:dcterms:license|se:retrieved|schema:archivedAt) .*)$", begun):
        begun = begun.replace(f"# {line}", line)
    quads = ox.parse(begun.replace("# dcterms:title", "# "), ox.RdfFormat.TURTLE)
    found = {quad.predicate for quad in quads if quad.subject == term("source:invented")}
    assert {term("dcterms:license"), term("se:retrieved"), term("schema:archivedAt")} <= found
