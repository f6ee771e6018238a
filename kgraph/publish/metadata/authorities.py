"""Codes of the EU authority tables in the catalogue, with classes and names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.vocab import LICENCE, PREF_LABEL, TYPE, term

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
"""The class of the codes of each table in DCAT-AP 3.0.1."""


@dataclass(frozen=True)
class Licence:
    """The names of a licence: code in the EU table, SPDX identifier, name on dane.gov.pl."""

    code: str
    spdx: str
    portal: str


LICENCES: Mapping[str, Licence] = {LICENCE: Licence("licence/CC_BY_4_0", "CC-BY-4.0", "CC BY 4.0")}
"""The known licences, by address."""


def code(name: str) -> ox.NamedNode:
    """The IRI of a code, given as `table/CODE`."""
    return ox.NamedNode(TABLES + name)


def described(nodes: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
    """The class and the names of each node that is a code of a known table."""
    named = words.section("en", "authorities")
    for node in nodes:
        name = node.value.removeprefix(TABLES)
        table, slash, _ = name.partition("/")
        if slash and table in CLASSES:
            yield ox.Triple(node, TYPE, term(CLASSES[table]))
            for lang, text in (words.texts(f"authorities.{name}") if name in named else {}).items():
                yield ox.Triple(node, PREF_LABEL, ox.Literal(text, language=lang))
