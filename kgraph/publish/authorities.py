"""The codes of the EU authority tables that our catalogue uses, with their class and their names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.media import BY_MEDIA
from kgraph.base.vocab import LICENCE, term
from kgraph.publish.statements import about

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

NAMES: Mapping[str, tuple[str, str]] = {
    "access-right/NON_PUBLIC": ("niepubliczny", "non-public"),
    "access-right/PUBLIC": ("publiczny", "public"),
    "access-right/RESTRICTED": ("ograniczony", "restricted"),
    "country/POL": ("Polska", "Poland"),
    "data-theme/ECON": ("Gospodarka i finanse", "Economy and finance"),
    "data-theme/GOVE": ("Rząd i sektor publiczny", "Government and public sector"),
    "data-theme/SOCI": ("Ludność i społeczeństwo", "Population and society"),
    "distribution-status/COMPLETED": ("ukończona", "completed"),
    "file-type/CSV": ("CSV", "CSV"),
    "file-type/HTML": ("HTML", "HTML"),
    "file-type/JSON": ("JSON", "JSON"),
    "file-type/JSON_LD": ("JSON-LD", "JSON-LD"),
    "file-type/RDF_N_QUADS": ("N-Quads", "N-Quads"),
    "file-type/RDF_N_TRIPLES": ("N-Triples", "N-Triples"),
    "file-type/RDF_TRIG": ("TriG", "TriG"),
    "file-type/RDF_TURTLE": ("Turtle", "Turtle"),
    "file-type/RDF_XML": ("RDF/XML", "RDF/XML"),
    "file-type/SPARQLQ": ("zapytanie SPARQL", "SPARQL query"),
    "file-type/TXT": ("zwykły tekst", "plain text"),
    "file-type/XML": ("XML", "XML"),
    "frequency/ANNUAL": ("raz w roku", "annual"),
    "frequency/IRREG": ("nieregularna", "irregular"),
    "frequency/MONTHLY": ("raz w miesiącu", "monthly"),
    "frequency/QUARTERLY": ("raz na kwartał", "quarterly"),
    "frequency/UNKNOWN": ("nieznana", "unknown"),
    "language/ENG": ("angielski", "English"),
    "language/POL": ("polski", "Polish"),
    "licence/CC_BY_4_0": (
        "Creative Commons Uznanie autorstwa 4.0 Międzynarodowe",
        "Creative Commons Attribution 4.0 International",
    ),
    "planned-availability/STABLE": ("trwała", "stable"),
}
"""Polish and English names."""

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
    return (ox.Literal(text, language=lang) for lang, text in zip(("pl", "en"), NAMES.get(name, ()), strict=False))
