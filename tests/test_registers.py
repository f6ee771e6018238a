"""The worked examples of what a register's row says: each is correct, and refused when one thing in it is wrong."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base import vocab
from kgraph.base.paths import Folders
from kgraph.base.problems import Problem
from kgraph.build import pipeline
from kgraph.rdf import sparql, sparql_text
from tests.conftest import ROOT, lines

EXAMPLES = {path.stem: path for path in sorted((ROOT / "docs" / "registers").glob("*.ttl"))}

BROKEN = (
    ("1-identifiers", '"1234563218"', '"1234563219"', "1234563219 nie jest numerem NIP", "is not a NIP number"),
    ("1-identifiers", '"1234563218"', '"123-456-32-18"', "nie jest numerem NIP", "is not a NIP number"),
    ("1-identifiers", '"123456785"', '"123456784"', "nie jest numerem REGON", "is not a REGON number"),
    ("1-identifiers", '"12345678512347"', '"12345678512346"', "nie jest numerem REGON", "is not a REGON number"),
    ("1-identifiers", '"0000123456"', '"123456"', "nie jest numerem KRS", "is not a KRS number"),
    ("1-identifiers", '"10203"', '"A-1"', "nie jest numerem RJPS", "is not a RJPS number"),
    ("1-identifiers", '"12/2019"', '"nr 12"', "nie jest numerem KRKGW", "is not a KRKGW number"),
    (
        "2-status",
        '    dcterms:valid "2024-11-27"^^xsd:date ;\n',
        "",
        "bez dnia brak na liście niczego nie znaczy",
        "absence from a list without a day means nothing",
    ),
    ("2-status", '    se:validUntil "2019-05-31"^^xsd:date ~ ;\n', "", "ale nie koniec", "but not the end"),
    ("2-status", "ending:replaced", "operating:active", "kind:end-reason", "kind:end-reason"),
    ("2-status", "se:recordedStatus", "se:standing", "Użyto dawnej nazwy", "A former name is used"),
    ("3-address", '"08-110"', '"08110"', "Kod pocztowy nie jest", "The post code is not"),
    ("3-address", "biuro@example.org", "biuro", "E-mail nie wygląda na adres", "does not look like an address"),
    (
        "3-address",
        "id:example-foundation a se:SocialEconomyEntity",
        "id:example-foundation a foaf:Person",
        "danych kontaktowych osób nie zbieramy",
        "contacts of people are not collected",
    ),
    ("4-unit", "level:rural-gmina", "level:powiat", "nie odpowiada szczeblowi", "is not of the level"),
    ("4-unit", "level:rural-gmina", "legal:association", "kind:unit-level", "kind:unit-level"),
    ("5-activity", "pkd2007:94-99-z", "activity:catering", "nie wskazuje kodu PKD", "does not point at a PKD code"),
    ("5-activity", "operating:in-liquidation", "state:ended", "kind:operating-state", "kind:operating-state"),
    ("6-grant", '    schema:currency "PLN" ~ ;\n', "", "Kwota nie ma waluty", "The amount has no currency"),
    ("6-grant", "92000.00", '"92 tys. zł"', "Kwota nie jest liczbą dziesiętną", "The amount is not a decimal number"),
    ("6-grant", "schema:funder id:example-fund", "schema:funder id:siedlce", "org:Organization", "org:Organization"),
    (
        "7-employment",
        "schema:value 7",
        "schema:value -7",
        "Nie stwierdzono jednej wartości",
        "The value is missing or is not",
    ),
    ("7-employment", '"2023"^^xsd:gYear', '"2023-12-31"^^xsd:date', "jednego roku", "one year"),
    ("8-signing", "prov:agent id:example-caritas", "prov:agent id:siedlce", "w czyim imieniu", "On whose behalf"),
    (
        "8-signing",
        "prov:hadActivity id:example-signing",
        "prov:hadActivity id:example-cluster",
        "podczas czego",
        "At what somebody acts",
    ),
)
"""An example, what is replaced in it, and a part of the sentence that refuses it in each language."""


@pytest.fixture
def gazetteer(folders: Folders, tmp_path: Path) -> Folders:
    """The real folders with the gazetteer as the only source."""
    (tmp_path / "sources").mkdir()
    for name in ("places.ttl", "dataset.ttl"):
        shutil.copy(folders.data / name, tmp_path)
    return Folders(folders.ontology, tmp_path)


def checked(folders: Folders, **examples: str) -> tuple[ox.Store, list[Problem]]:
    for name, text in examples.items():
        (folders.data / "sources" / f"{name}.ttl").write_text(text, encoding="utf-8")
    return pipeline.validated(folders)


def text_of(name: str) -> str:
    return EXAMPLES[name].read_text(encoding="utf-8")


def test_the_worked_examples_are_correct(gazetteer: Folders) -> None:
    assert len(EXAMPLES) == 8
    _, found = checked(gazetteer, **{name: text_of(name) for name in EXAMPLES})
    assert lines(found) == []


def test_every_example_has_a_title_in_both_languages_and_a_fault() -> None:
    assert {
        name for name in EXAMPLES if not {"title-pl", "title-en"} <= sparql_text.head(text_of(name)).keys()
    } == set()
    assert {row[0] for row in BROKEN} == EXAMPLES.keys()


@pytest.mark.parametrize(("name", "old", "new", "polish", "english"), BROKEN)
def test_a_broken_example_is_refused(
    gazetteer: Folders, name: str, old: str, new: str, polish: str, english: str
) -> None:
    assert old in text_of(name)
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in vocab.PREFIXES.items())
    broken = text_of(name).replace(old, new).replace('VERSION "1.2"\n', f'VERSION "1.2"\n{prefixes}')
    _, found = checked(gazetteer, x=broken)
    for lang, sentence in (("pl", polish), ("en", english)):
        assert any(line.startswith("x.ttl · ") and sentence in line for line in lines(found, lang)), lines(found, lang)


ABSENT = """
ASK {
  ?list se:listsAll orgstatus:cis-status ; dcterms:valid ?day .
  ?record se:recordedStatus orgstatus:cis-status ; se:holder ?organisation
  FILTER NOT EXISTS { ?record se:listedOn ?list }
}
"""


def test_absence_from_a_complete_list_can_be_asked(gazetteer: Folders) -> None:
    """The record that ended is not on the list of its status, which says that it is complete."""
    store, _ = checked(gazetteer, status=text_of("2-status"))
    assert bool(sparql.run(store, vocab.TURTLE_PREFIXES + ABSENT))
