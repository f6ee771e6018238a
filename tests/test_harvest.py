"""The XML file for the harvester of dane.gov.pl: structure, identifiers, languages and checksum."""

import hashlib
import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from kgraph.publish.metadata import harvest
from kgraph.publish.metadata.description import Dataset, Description, dataset, dated, file

BASE = "https://example.org/sekg/1.0.0/"
RELEASE = Description("1.0.0", BASE, date(2026, 11, 23), "mailto:office@example.org")
LONG = f"tables/{'very-' * 9}long.csv"
PATHS = ("sekg.ttl", "sekg.nt", "tables/people.csv", "sekg-tables.zip", "ontology/sekg.ttl", LONG)
FILES = [dated(file(path, b""), {}, "2026-11-23") for path in PATHS]


@pytest.fixture(scope="module")
def about(graph: ox.Store) -> Dataset:
    return dataset(graph)


@pytest.fixture(scope="module")
def content(about: Dataset) -> bytes:
    return harvest.xml(about, RELEASE, FILES)


@pytest.fixture(scope="module")
def root(content: bytes) -> ET.Element:
    return ET.fromstring(content)


def test_only_the_root_has_a_namespace(root: ET.Element) -> None:
    assert root.tag == "{urn:otwarte-dane:harvester:1.13}datasets"
    assert not [element for element in root.iter() if element is not root and "{" in element.tag]


def test_there_is_a_dataset_for_each_part_and_a_resource_for_each_file(root: ET.Element) -> None:
    assert [one.findtext("extIdent") for one in root] == ["kgraphgraph", "kgraphtables", "kgraphontology"]
    assert {one.text for one in root.iterfind("dataset/resources/resource/url")} == {BASE + one.path for one in FILES}


def test_identifiers_are_short_plain_and_unique(root: ET.Element) -> None:
    found = [one.text or "" for one in root.iter("extIdent")]
    assert len(found) == len(set(found)) == 3 + len(FILES)
    assert not [one for one in found if not re.fullmatch("[A-Za-z0-9]{1,36}", one)]


def test_identifiers_stay_from_release_to_release(root: ET.Element, about: Dataset) -> None:
    later = replace(RELEASE, version="1.1.0", base_url="https://example.org/sekg/1.1.0/", issued=date(2027, 1, 1))
    again = ET.fromstring(harvest.xml(about, later, FILES))
    assert [one.text for one in again.iter("extIdent")] == [one.text for one in root.iter("extIdent")]


def test_texts_are_polish_and_english_and_not_too_long(root: ET.Element) -> None:
    for name, longest in (("title", 300), ("description", 1000)):
        for one in root.iter(name):
            assert [child.tag for child in one] == ["polish", "english"]
            assert all(0 < len(child.text or "") <= longest for child in one)


def test_a_dataset_says_licence_frequency_categories_and_tags(root: ET.Element) -> None:
    one = root[0]
    assert one.get("status") == "published"
    assert one.findtext("conditions/dbOrCopyrightedLicenseChosen") == "CC BY 4.0"
    assert one.findtext("updateFrequency") == "irregular"
    assert [category.text for category in one.iterfind("categories/category")] == ["ECON", "SOCI"]
    assert {tag.get("lang") for tag in one.iterfind("tags/tag")} == {"pl", "en"}
    assert one.findtext("resources/resource/dataDate") == "2026-11-23"


@pytest.mark.parametrize(
    "name",
    ["hasDynamicData", "hasHighValueData", "hasHighValueDataFromEuropeanCommissionList", "hasResearchData"],
)
def test_nothing_is_claimed_to_be_special(root: ET.Element, name: str) -> None:
    assert {one.text for one in root.iter(name)} == {"false"}
    assert len(list(root.iter(name))) == 3 + len(FILES)


def test_the_checksum_is_that_of_the_bytes(content: bytes) -> None:
    assert harvest.checksum(content).decode() == hashlib.md5(content).hexdigest()


def test_equal_data_gives_equal_bytes(content: bytes, about: Dataset) -> None:
    assert harvest.xml(about, RELEASE, FILES) == content


def test_hostile_texts_stay_texts(about: Dataset) -> None:
    hostile = "</polish>\u0000<script>&"
    part = replace(about.whole, titles={"pl": hostile, "en": hostile})
    read = ET.fromstring(harvest.xml(replace(about, parts=(part,)), RELEASE, FILES[:1]))
    assert read.findtext("dataset/title/polish") == "</polish>\ufffd<script>&"
