"""What the harvester of dane.gov.pl reads: a description of the datasets as XML, and its MD5.

The order of the elements, the shortness of the identifiers (letters and digits only) and the values are those of
descriptions that the portal accepts.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import md5
from xml.etree import ElementTree as ET

from kgraph.publish.formats.graphml import printable
from kgraph.publish.metadata.authorities import LICENCES, TABLES
from kgraph.publish.metadata.description import Dataset, Description, File, Part, Texts

NAMESPACE = "urn:otwarte-dane:harvester:1.13"

FREQUENCIES: Mapping[str, str] = {
    "ANNUAL": "yearly",
    "ANNUAL_2": "everyHalfYear",
    "DAILY": "daily",
    "IRREG": "irregular",
    "MONTHLY": "monthly",
    "NOT_PLANNED": "notPlanned",
    "QUARTERLY": "quarterly",
    "WEEKLY": "weekly",
}
"""The portal's words for the codes of the EU table; `notApplicable` for all others."""

LONGEST_IDENTIFIER = 36
SPECIAL = ("hasDynamicData", "hasHighValueData", "hasHighValueDataFromEuropeanCommissionList", "hasResearchData")


def xml(dataset: Dataset, release: Description, files: Sequence[File]) -> bytes:
    """The file `otwarte-dane.xml`: each part of the data that has files; equal data gives equal bytes."""
    ET.register_namespace("p", NAMESPACE)
    root = ET.Element(f"{{{NAMESPACE}}}datasets")
    for part in dataset.parts:
        found = [file for file in files if file.part == part.name]
        if found:
            root.append(_dataset(dataset, release, part, found))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def checksum(content: bytes) -> bytes:
    """The file `otwarte-dane.md5`: the portal reads the XML again when this changes."""
    return md5(content, usedforsecurity=False).hexdigest().encode()


def _dataset(dataset: Dataset, release: Description, part: Part, files: Iterable[File]) -> ET.Element:
    element = ET.Element("dataset", status="published")
    _text(element, "extIdent", f"kgraph{part.name}")
    _both(element, "title", part.titles)
    _both(element, "description", part.descriptions)
    _text(element, "url", release.base_url)
    _text(element, "updateFrequency", FREQUENCIES.get(dataset.frequency.rpartition("/")[2], "notApplicable"))
    _special(element)
    categories = ET.SubElement(element, "categories")
    for theme in dataset.themes:
        _text(categories, "category", theme.removeprefix(f"{TABLES}data-theme/"))
    conditions = ET.SubElement(element, "conditions")
    licence = LICENCES.get(dataset.licence)
    _text(conditions, "dbOrCopyrightedLicenseChosen", licence.portal if licence else dataset.licence)
    resources = ET.SubElement(element, "resources")
    resources.extend(_resource(release, part, file) for file in files)
    tags = ET.SubElement(element, "tags")
    for lang, word in dataset.keywords:
        _text(tags, "tag", word).set("lang", lang)
    _text(element, "lastUpdateDate", _moment(release))
    return element


def _resource(release: Description, part: Part, file: File) -> ET.Element:
    element = ET.Element("resource", status="published")
    _text(element, "extIdent", _identifier(file))
    _text(element, "url", release.url(file.path))
    _both(element, "title", {lang: f"{title} ({file.name})" for lang, title in part.titles.items()})
    _both(element, "description", part.descriptions)
    _text(element, "availability", "local")
    _text(element, "dataDate", str(release.issued))
    _text(element, "lastUpdateDate", _moment(release))
    _special(element)
    _text(element, "containsProtectedData", "false")
    return element


def _identifier(file: File) -> str:
    """An identifier that stays the same from release to release: the path, or its hash where the path is too long."""
    plain = "kgraph" + "".join(letter for letter in file.path if letter.isascii() and letter.isalnum())
    if len(plain) <= LONGEST_IDENTIFIER:
        return plain
    return "kgraph" + md5(file.path.encode(), usedforsecurity=False).hexdigest()[: LONGEST_IDENTIFIER - 6]


def _moment(release: Description) -> str:
    """The beginning of the day of the release, so that the bytes stay the same."""
    return f"{release.issued}T00:00:00Z"


def _special(element: ET.Element) -> None:
    """None of the data is of a kind that the law treats apart."""
    for name in SPECIAL:
        _text(element, name, "false")


def _both(element: ET.Element, name: str, texts: Texts) -> None:
    child = ET.SubElement(element, name)
    for lang, tag in (("pl", "polish"), ("en", "english")):
        _text(child, tag, texts[lang])


def _text(element: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(element, name)
    child.text = printable(text)
    return child
