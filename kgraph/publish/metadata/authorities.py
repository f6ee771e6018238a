"""The codes of the EU authority tables that our catalogue uses, with their class and their names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.media import BY_MEDIA
from kgraph.base.vocab import LICENCE, term
from kgraph.publish.formats.statements import about

TABLES = "http://publications.europa.eu/resource/authority/"

CLASSES: Mapping[str, str] = {
    "access-right": "dcterms:RightsStatement",
    "country": "dcterms:Location",
    "data-theme": "skos:Concept",
    "distribution-status": "skos:Concept",
    "file-type": "dcterms:MediaTypeOrExtent",
    "frequency": "dcterms:Frequency",
    "language": "dcterms:LinguisticSystem",
    "licence": "dcterms:LicenseDocument",
    "planned-availability": "skos:Concept",
}
"""What DCAT-AP 3.0.1 wants the codes of a table to be."""

FILE_TYPES: Mapping[str, str] = {name: f"file-type/{known.code}" for name, known in BY_MEDIA.items() if known.code}
"""The code of a format, by media type."""


@dataclass(frozen=True)
class Licence:
    """A licence as others call it: its code in the EU table, its SPDX identifier, its name on dane.gov.pl."""

    code: str
    spdx: str
    portal: str


LICENCES: Mapping[str, Licence] = {LICENCE: Licence("licence/CC_BY_4_0", "CC-BY-4.0", "CC BY 4.0")}
"""By their own addresses; any other licence goes by its address."""


def code(name: str) -> ox.NamedNode:
    """The IRI of a code, given as `table/CODE`."""
    return ox.NamedNode(TABLES + name)


def described(codes: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
    """The class and the names of each of the IRIs that is a code of a table that we know."""
    for node in codes:
        table, slash, name = node.value.removeprefix(TABLES).partition("/")
        if slash and table in CLASSES:
            yield from about(node, {"rdf:type": term(CLASSES[table]), "skos:prefLabel": _names(f"{table}/{name}")})


def _names(name: str) -> Iterator[ox.Literal]:
    known = name in words.section("en", "authorities")
    found = words.texts(f"authorities.{name}") if known else {}
    return (ox.Literal(text, language=lang) for lang, text in found.items())
