"""The files for the harvester of dane.gov.pl: a description of the datasets as XML, and its MD5.

The portal shows each table by itself, so that the tables are resources; of the ontology, its package and itself.

Elements, their order, and identifiers of letters and digits follow descriptions that the portal accepts.
"""

from collections.abc import Mapping, Sequence
from hashlib import md5

from kgraph.base.media import CSV
from kgraph.base.text import printable
from kgraph.publish.formats import template
from kgraph.publish.metadata.authorities import LICENCES
from kgraph.publish.metadata.description import Dataset, Description, File

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


def xml(dataset: Dataset, release: Description, files: Sequence[File]) -> bytes:
    """The file `otwarte-dane.xml`: each part of the data that has files; equal data gives equal bytes."""
    licence = LICENCES.get(dataset.licence)
    written = template.text(
        "metadata/otwarte-dane.xml",
        dataset=dataset,
        release=release,
        parts=dataset.with_files(file for file in files if file.is_whole or file.media == CSV.media),
        frequency=FREQUENCIES.get(_code(dataset.frequency), "notApplicable"),
        themes=[_code(theme) for theme in dataset.themes],
        licence=licence.portal if licence else dataset.licence,
        identifier=_identifier,
    )
    return printable(written).encode()


def _code(iri: str) -> str:
    """The code in the IRI of an EU table."""
    return iri.rpartition("/")[2]


def checksum(content: bytes) -> bytes:
    """The file `otwarte-dane.md5`: the portal reads the XML again when this changes."""
    return md5(content, usedforsecurity=False).hexdigest().encode()


def _identifier(file: File) -> str:
    """A stable identifier of a file: its path, or the hash of a path that is too long."""
    plain = "kgraph" + "".join(letter for letter in file.path if letter.isascii() and letter.isalnum())
    if len(plain) <= LONGEST_IDENTIFIER:
        return plain
    return "kgraph" + md5(file.path.encode(), usedforsecurity=False).hexdigest()[: LONGEST_IDENTIFIER - 6]
