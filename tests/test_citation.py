"""Citation metadata of a release: valid, complete, and the same bytes for the same data."""

import json
from dataclasses import replace
from datetime import date
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema_rs
import pyoxigraph as ox
import pytest
import rdflib
import ruamel.yaml

from kgraph._version import __version__
from kgraph.base.media import media_type
from kgraph.base.vocab import TURTLE_PREFIXES, TYPE, term
from kgraph.evidence import claims, turtle
from kgraph.graph.entity.cards import card
from kgraph.publish.metadata import citation
from kgraph.publish.metadata.description import Dataset, Description, dataset, file
from kgraph.rdf.store import fill

BASE = "https://example.org/sekg/1.0.0/"
RELEASE = Description("1.0.0", BASE, date(2026, 11, 23), "mailto:office@example.org")
FILES = [file(path, path.encode()) for path in ("sekg.ttl", "tables/people.csv", "a b.txt", "sekg-tables.zip")]


@pytest.fixture(scope="module")
def about(graph: ox.Store) -> Dataset:
    return dataset(graph)


def thing(graph: ox.Store, iri: str, lang: str = "en") -> dict[str, Any]:
    kinds = [
        quad.object.value
        for quad in graph.quads_for_pattern(term(iri), TYPE, None)
        if not isinstance(quad.object, ox.Triple)
    ]
    return citation.schema_thing(card(graph, term(iri), lang), kinds, f"{BASE}page/x", lang)


SCHEMA = "check_jsonschema/builtin_schemas/vendor/citation-file-format.json"
"""Read as a file: the package imports jsonschema, which compiles grammars for 1.4 s."""


def cff(text: bytes) -> dict[str, Any]:
    """The content of a valid CITATION.cff."""
    schema = distribution("check-jsonschema").locate_file(SCHEMA)
    read: dict[str, Any] = ruamel.yaml.YAML(typ="safe", pure=True).load(text.decode())
    jsonschema_rs.validate(json.loads(Path(str(schema)).read_text(encoding="utf-8")), read)
    return read


def test_citation_cff_is_valid(about: Dataset) -> None:
    read = cff(citation.cff(about, RELEASE))
    assert (read["version"], read["license"], read["type"]) == ("1.0.0", "CC-BY-4.0", "dataset")


def test_the_repository_is_cited_by_its_version() -> None:
    assert cff(Path("CITATION.cff").read_bytes())["version"] == __version__


def test_another_licence_is_given_by_its_address(about: Dataset) -> None:
    other = citation.cff(replace(about, licence="https://example.org/licence"), RELEASE).decode()
    assert 'license-url: "https://example.org/licence"' in other
    assert "CC-BY" not in other


def test_the_crate_names_every_file_with_size_and_hash(about: Dataset) -> None:
    graph = {node["@id"]: node for node in json.loads(citation.ro_crate(about, RELEASE, FILES))["@graph"]}
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert graph["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert [part["@id"] for part in graph["./"]["hasPart"]] == [
        "sekg.ttl",
        "tables/people.csv",
        "a%20b.txt",
        "sekg-tables.zip",
    ]
    assert graph["sekg.ttl"]["sha256"] == FILES[0].sha256
    assert graph["sekg.ttl"]["contentSize"] == str(FILES[0].size)


def test_whatever_the_crate_points_at_it_describes(about: Dataset) -> None:
    graph = {node["@id"]: node for node in json.loads(citation.ro_crate(about, RELEASE, FILES))["@graph"]}
    root = graph["./"]
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    for end in (root["license"], root["author"], root["publisher"], *root["hasPart"]):
        assert end["@id"] in graph


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_search_engines_learn_what_they_ask_for(about: Dataset, lang: str) -> None:
    found = citation.schema_dataset(about, RELEASE, FILES, lang)
    assert found["@type"] == "Dataset"
    assert 50 <= len(found["description"]) <= 5000
    assert found["description"] == about.whole.descriptions[lang]
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [one["contentUrl"] for one in found["distribution"]] == [
        f"{BASE}{path}" for path in ("sekg.ttl", "sekg-tables.zip")
    ]
    assert found["temporalCoverage"] == f"{about.begin}/{about.end}"


def test_it_is_json_ld(about: Dataset) -> None:
    found = citation.schema_dataset(about, RELEASE, FILES, "en") | {"@context": {"@vocab": citation.SCHEMA}}
    graph = rdflib.Graph().parse(data=json.dumps(found), format="json-ld")
    downloads = list(
        graph.objects(rdflib.URIRef(term("id:dataset").value), rdflib.URIRef(f"{citation.SCHEMA}distribution"))
    )
    assert len(downloads) == 2


@pytest.mark.parametrize(
    ("iri", "kind"),
    [
        ("id:ziola-siedleckie", "Organization"),
        ("id:city-of-siedlce", "GovernmentOrganization"),
        ("id:artur-pozorek", "Person"),
        ("id:siedlce", "AdministrativeArea"),
        ("id:wodynie", "Place"),
        ("id:signing-2018", "Event"),
        ("id:agreement-2018", "CreativeWork"),
        ("source:mcps-2018-klaster", "CreativeWork"),
        ("legal:foundation", "DefinedTerm"),
        ("id:terc-14", "Thing"),
    ],
)
def test_a_thing_is_of_the_type_of_its_class(graph: ox.Store, iri: str, kind: str) -> None:
    assert thing(graph, iri)["@type"] == kind


def test_a_thing_has_its_name_in_the_language_asked_for(graph: ox.Store) -> None:
    polish, english = (thing(graph, "id:cis-siedlce", lang) for lang in ("pl", "en"))
    assert polish["name"] == "Centrum Integracji Społecznej w Siedlcach"
    assert polish["alternateName"] == [english["name"]]


def test_only_what_a_source_states_is_told(graph: ox.Store) -> None:
    assert "location" not in thing(graph, "id:ziola-siedleckie")
    centre = thing(graph, "id:cis-siedlce")
    assert centre["location"] == {"@id": term("id:siedlce").value, "name": "Siedlce"}
    assert "memberOf" not in centre


def test_an_event_has_its_day_and_a_place_its_other_addresses(graph: ox.Store) -> None:
    assert thing(graph, "id:signing-2018")["startDate"] == "2018-03-22"
    assert thing(graph, "id:siedlce")["sameAs"] == [
        "http://www.wikidata.org/entity/Q319813",
        "https://sws.geonames.org/759412/",
    ]


SOURCE = """
source:test a se:Source ; dcterms:title "T"@pl , "T"@en ; dcterms:publisher "T" ; se:textUnavailable true .
"""


def told(folder: Path, facts: str) -> ox.Store:
    """A store with one source that states these facts."""
    path = folder / "test.ttl"
    path.write_text(f'VERSION "1.2"\n{TURTLE_PREFIXES}{SOURCE}{facts}', encoding="utf-8")
    store = ox.Store()
    fill(store, claims.quads(turtle.read(path)))
    return store


@pytest.mark.parametrize(
    ("dates", "start"),
    [
        ('"2023"^^xsd:gYear', "2023"),
        ('"2018-03-22"^^xsd:date', "2018-03-22"),
        ('"--03-22"^^xsd:gMonthDay', None),
        ('"--03-22"^^xsd:gMonthDay ~ , "2018"^^xsd:gYear ~ , "2018-03-22"^^xsd:date', "2018-03-22"),
        ('"1991-04-14"^^xsd:date ~ , "1991-04-15"^^xsd:date', ["1991-04-14", "1991-04-15"]),
        ('"2019"^^xsd:gYear ~ , "2018-03-22"^^xsd:date', ["2018-03-22", "2019"]),
    ],
)
def test_an_event_was_when_sources_say_and_as_exactly(tmp_path: Path, dates: str, start: object) -> None:
    bounds = 'se:earliest "2018-01-01"^^xsd:date ~ ; se:latest "2023-12-31"^^xsd:date ~'
    found = thing(told(tmp_path, f"id:e a se:Event ~ ; se:date {dates} ~ ; {bounds} ."), "id:e")
    assert (found.get("startDate"), found.get("endDate")) == (start, None)


def test_a_homepage_is_the_address_of_a_thing_and_else_its_page(tmp_path: Path) -> None:
    home = "https://example.org/guest"
    store = told(tmp_path, f"id:a a org:Organization ~ ; foaf:homepage <{home}> ~ . id:b a foaf:Person ~ .")
    assert (thing(store, "id:a")["url"], thing(store, "id:b")["url"]) == (home, f"{BASE}page/x")


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("sekg.ttl", "text/turtle"),
        ("tables/csv-metadata.json", "application/csvm+json"),
        ("ro-crate-metadata.json", "application/ld+json"),
        ("CITATION.cff", "application/yaml"),
        ("LICENSE", "text/plain"),
        ("unknown", "application/octet-stream"),
    ],
)
def test_a_file_has_the_media_type_of_its_name(path: str, media: str) -> None:
    assert media_type(path) == media
