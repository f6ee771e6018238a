"""The DCAT-AP catalogue: it conforms to the DCAT-AP shapes, and each missing mandatory property is reported."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF, SH, SKOS

from kgraph.base.media import BY_MEDIA
from kgraph.base.paths import Folders
from kgraph.base.vocab import DATE, PREFIXES, TURTLE_PREFIXES, TYPE, term
from kgraph.base.words import section
from kgraph.errors import BadData
from kgraph.publish.formats.template import serialize
from kgraph.publish.metadata import catalogue
from kgraph.publish.metadata.authorities import LICENCES, TABLES
from kgraph.publish.metadata.description import PARTS, Dataset, Description, Edition, File, dataset, dated, file

BASE, CONTACT = "https://example.org/sekg/1.1.0/", "mailto:office@example.org"
DAY = "2026-11-23"
FIRST = Edition("1.0.0", "2026-11-01", "https://example.org/sekg/1.0.0/", PARTS)
RELEASE = Description("1.1.0", BASE, date.fromisoformat(DAY), CONTACT, (FIRST,), f"{BASE}sparql", ("graph", "tables"))
PATHS = (
    "sekg.ttl",
    "sekg.nt",
    "sekg.trig",
    "sekg.jsonld",
    "sekg.graphml",
    "tables/csv-metadata.json",
    "tables/organisations.csv",
    "tables/sekg.sqlite",
    "sekg-numbers.ttl",
    "sekg-tables.zip",
    "sekg-ontology.zip",
    "changes/added.nt",
    "changes/removed.nt",
    "ontology/sekg.ttl",
    "ontology/questions/seats.rq",
)
FILES = [dated(file(path, path.encode()), {}, DAY) for path in PATHS]


@pytest.fixture(scope="module")
def about(graph: ox.Store) -> Dataset:
    return dataset(graph)


def written(about: Dataset, files: list[File], form: str = "turtle") -> bytes:
    return serialize(catalogue.triples(about, RELEASE, files), form, catalogue.HEADING)


@pytest.fixture(scope="module")
def triples(about: Dataset) -> list[ox.Triple]:
    return catalogue.triples(about, RELEASE, FILES)


@pytest.fixture(scope="module")
def read(about: Dataset) -> rdflib.Graph:
    return rdflib.Graph().parse(data=written(about, FILES))


@pytest.fixture(scope="module")
def shapes(folders: Folders) -> Path:
    return folders.ontology / "dcat-ap.ttl"


def node(name: str) -> rdflib.URIRef:
    return rdflib.URIRef(term(f"id:{name}").value)


def messages(triples: list[ox.Triple], shapes: Path) -> set[str]:
    return {problem.message for problem in catalogue.problems(triples, shapes)}


def test_the_catalogue_conforms_without_warnings(triples: list[ox.Triple], shapes: Path) -> None:
    assert catalogue.problems(triples, shapes) == []


def test_without_an_endpoint_there_is_no_data_service(about: Dataset, shapes: Path) -> None:
    bare = catalogue.triples(about, Description("1.0.0", BASE, date(2026, 11, 23), CONTACT), FILES)
    assert catalogue.problems(bare, shapes) == []
    assert term("dcat:DataService") not in {triple.object for triple in bare}


DATASETS = {
    "graph": "dataset",
    "tables": "dataset-tables",
    "numbers": "dataset-numbers",
    "ontology": "dataset-ontology",
}


def test_a_dataset_keeps_its_identifier_from_release_to_release(about: Dataset, read: rdflib.Graph) -> None:
    then = Description("1.0.0", FIRST.base_url, date.fromisoformat(FIRST.issued), CONTACT)
    before = rdflib.Graph().parse(data=serialize(catalogue.triples(about, then, FILES), "turtle", ""))
    for graph in (before, read):
        datasets = set(graph.subjects(RDF.type, DCAT.Dataset))  # what CKAN takes for its own
        assert datasets == {node(name) for name in DATASETS.values()}
        assert all(str(graph.value(one, DCTERMS.identifier)) == str(one) for one in datasets)
    assert set(before.subjects(RDF.type, DCAT.Distribution)) == set(read.subjects(RDF.type, DCAT.Distribution))


def test_a_dataset_has_a_new_version_only_when_its_files_changed(read: rdflib.Graph) -> None:
    said = {
        part: tuple(str(read.value(node(name), one)) for one in (rdflib.URIRef(f"{DCAT}version"), DCTERMS.modified))
        for part, name in DATASETS.items()
    }
    now = ("1.1.0", DAY)
    assert said == {"graph": now, "tables": now} | dict.fromkeys(("numbers", "ontology"), ("1.0.0", FIRST.issued))
    assert {str(read.value(node(name), DCTERMS.issued)) for name in DATASETS.values()} == {FIRST.issued}


def test_a_package_says_what_is_in_it(read: rdflib.Graph) -> None:
    types = "https://www.iana.org/assignments/media-types/"
    for name, media in (("tables", "text/csv"), ("ontology", "text/turtle")):
        one = rdflib.URIRef(catalogue.node(f"distribution-sekg-{name}.zip").value)
        said = (str(read.value(one, rdflib.URIRef(f"{DCAT}{name}"))) for name in ("mediaType", "packageFormat"))
        assert tuple(said) == (f"{types}{media}", f"{types}application/zip")


def test_each_version_is_a_dataset_of_its_own_in_the_list_of_versions(about: Dataset, shapes: Path) -> None:
    triples = catalogue.versions(about, RELEASE)
    graph = rdflib.Graph().parse(data=serialize(triples, "turtle", ""))
    names = {str(end).rpartition("/")[2] for end in graph.objects(None, rdflib.URIRef(f"{DCAT}hasVersion"))}
    graphs_and_tables = {
        f"{version}#{name}" for version in ("1.0.0", "1.1.0") for name in ("dataset", "dataset-tables")
    }
    assert names == graphs_and_tables | {"1.0.0#dataset-numbers", "1.0.0#dataset-ontology"}
    series = set(graph.subjects(RDF.type, rdflib.URIRef(f"{DCAT}DatasetSeries")))
    assert set(graph.objects(None, rdflib.URIRef(f"{DCAT}inSeries"))) == series
    assert not [wrong for wrong in catalogue.problems(triples, shapes) if "(advised)" not in wrong.message]


def test_a_version_of_itself_is_found(triples: list[ox.Triple]) -> None:
    whole = term("id:dataset")
    wrong = ox.Triple(whole, term("dcat:previousVersion"), whole)
    assert (catalogue.circular(triples), catalogue.circular([*triples, wrong])) == ([], [wrong])


def test_whom_to_ask_is_an_address_for_mail_or_a_page(about: Dataset, read: rdflib.Graph) -> None:
    (mail,) = read.objects(None, rdflib.URIRef(PREFIXES["vcard"] + "hasEmail"))
    page = catalogue.triples(about, replace(RELEASE, contact="https://example.org/ask"), FILES)
    (url,) = (triple.object for triple in page if triple.predicate == term("vcard:hasURL"))
    assert (str(mail), url) == (CONTACT, ox.NamedNode("https://example.org/ask"))


MANDATORY = [
    ("dcat:Catalog", "dcterms:title", "The catalogue has no title."),
    ("dcat:Catalog", "dcterms:description", "The catalogue has no description."),
    ("dcat:Catalog", "dcterms:publisher", "The catalogue has no publisher."),
    ("dcat:Dataset", "dcterms:title", "The dataset has no title."),
    ("dcat:Dataset", "dcterms:description", "The dataset has no description."),
    ("dcat:Distribution", "dcat:accessURL", "The distribution has no access URL."),
    ("dcat:DataService", "dcterms:title", "The data service has no title."),
    ("dcat:DataService", "dcat:endpointURL", "The data service has no endpoint URL."),
    ("foaf:Agent", "foaf:name", "The agent has no name."),
    ("spdx:Checksum", "spdx:algorithm", "The checksum has no algorithm."),
    ("spdx:Checksum", "spdx:checksumValue", "The checksum has no value."),
    ("skos:Concept", "skos:prefLabel", "The concept has no name."),
    ("skos:ConceptScheme", "dcterms:title", "The concept scheme has no title."),
]
ADVISED = [
    ("dcat:Catalog", "dcterms:license", "The catalogue has no licence (advised)."),
    ("dcat:Catalog", "dcat:themeTaxonomy", "The catalogue has no table of themes (advised)."),
    ("dcat:Dataset", "dcat:contactPoint", "The dataset has no contact point (advised)."),
    ("dcat:Dataset", "dcat:keyword", "The dataset has no keyword (advised)."),
    ("dcat:Dataset", "dcterms:temporal", "The dataset has no temporal coverage (advised)."),
    ("dcat:Distribution", "dcterms:format", "The distribution has no format (advised)."),
    ("dcat:Distribution", "dcatap:availability", "The distribution has no planned availability (advised)."),
    ("dcat:DataService", "dcat:servesDataset", "The data service has no dataset that it serves (advised)."),
    ("dcterms:PeriodOfTime", "dcat:endDate", "The period has no end (advised)."),
]


@pytest.mark.parametrize(("kind", "name", "message"), MANDATORY + ADVISED)
def test_a_missing_property_gives_exactly_its_fault(
    triples: list[ox.Triple], shapes: Path, kind: str, name: str, message: str
) -> None:
    things = {t.subject for t in triples if t.object == term(kind)}
    kept = [t for t in triples if not (t.subject in things and t.predicate == term(name))]
    assert len(kept) < len(triples)
    assert messages(kept, shapes) == {message}


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        ("id:a a dcat:DatasetSeries ; dcterms:title 'a' .", "The dataset series has no description."),
        ("id:a a dcat:DatasetSeries ; dcterms:description 'a' .", "The dataset series has no title."),
        ("id:a a adms:Identifier .", "The identifier has no notation."),
    ],
)
def test_what_our_catalogue_does_not_use_is_checked_too(shapes: Path, turtle: str, message: str) -> None:
    given = [quad.triple for quad in ox.parse(TURTLE_PREFIXES + turtle, ox.RdfFormat.TURTLE)]
    assert messages(given, shapes) == {message}


def test_a_catalogue_record_needs_its_day_and_its_topic(shapes: Path) -> None:
    given = [quad.triple for quad in ox.parse(TURTLE_PREFIXES + "id:a a dcat:CatalogRecord .", ox.RdfFormat.TURTLE)]
    assert messages(given, shapes) == {
        "The catalogue record has no modification date.",
        "The catalogue record has no primary topic.",
        "The catalogue record has no profile that it conforms to (advised).",
        "The catalogue record has no listing date (advised).",
        "The catalogue record has no change type (advised).",
    }


def test_a_value_of_the_wrong_kind_is_a_fault(triples: list[ox.Triple], shapes: Path) -> None:
    theme = ox.NamedNode("https://example.org/theme")
    dataset_node = term("id:dataset")
    found = catalogue.problems([*triples, ox.Triple(dataset_node, term("dcat:theme"), theme)], shapes)
    assert [problem.sentence("pl") for problem in found] == ["Katalog nie mówi, że wartość dcat:theme to skos:Concept."]


TYPED = [
    ("dcterms:accessRights", "dcterms:RightsStatement"),
    ("dcterms:accrualPeriodicity", "dcterms:Frequency"),
    ("dcterms:format", "dcterms:MediaTypeOrExtent"),
    ("dcterms:language", "dcterms:LinguisticSystem"),
    ("dcterms:license", "dcterms:LicenseDocument"),
    ("dcterms:rights", "dcterms:RightsStatement"),
    ("dcterms:spatial", "dcterms:Location"),
    ("dcterms:temporal", "dcterms:PeriodOfTime"),
    ("dcterms:conformsTo", "dcterms:Standard"),
    ("dcat:mediaType", "dcterms:MediaType"),
    ("dcat:contactPoint", "vcard:Kind"),
    ("dcat:landingPage", "foaf:Document"),
    ("dcatap:availability", "skos:Concept"),
    ("adms:status", "skos:Concept"),
    ("spdx:checksum", "spdx:Checksum"),
    ("spdx:algorithm", "spdx:ChecksumAlgorithm"),
]


@pytest.mark.parametrize(("name", "kind"), TYPED)
def test_the_types_of_values_must_stand_in_the_file(
    triples: list[ox.Triple], shapes: Path, name: str, kind: str
) -> None:
    ends = {t.object for t in triples if t.predicate == term(name)}
    kept = [t for t in triples if not (t.predicate == TYPE and t.object == term(kind) and t.subject in ends)]
    assert len(kept) < len(triples)
    assert f"The catalogue does not say that the value of {name} is a {kind}." in messages(kept, shapes)


def test_mandatory_is_a_violation_and_advised_a_warning(shapes: Path) -> None:
    graph = rdflib.Graph().parse(shapes)
    severities: dict[bool, set[object]] = {True: set(), False: set()}
    for shape in graph.subjects(SH.minCount, None):
        advised = any("(advised)" in str(text) for text in graph.objects(shape, SH.message))
        severities[advised].add(graph.value(shape, SH.severity))
    assert severities == {True: {SH.Warning}, False: {SH.Violation}}


def test_every_shape_speaks_polish_and_english(shapes: Path) -> None:
    graph = rdflib.Graph().parse(shapes)
    for shape in graph.subjects(RDF.type, SH.PropertyShape):
        assert sorted(str(text.language) for text in graph.objects(shape, SH.message)) == ["en", "pl"]  # type: ignore[attr-defined]


def test_every_text_has_both_languages(read: rdflib.Graph) -> None:
    for predicate in (
        DCTERMS.title,
        DCTERMS.description,
        SKOS.prefLabel,
        rdflib.URIRef(PREFIXES["adms"] + "versionNotes"),
    ):
        for subject in set(read.subjects(predicate, None)):
            assert {text.language for text in read.objects(subject, predicate)} == {"pl", "en"}, subject  # type: ignore[attr-defined]


def test_each_dataset_has_its_files(read: rdflib.Graph) -> None:
    by_dataset = {
        part: {str(read.value(d, DCAT.downloadURL)) for d in read.objects(node(name), DCAT.distribution)}
        for part, name in DATASETS.items()
    }
    assert by_dataset == {
        "graph": {f"{BASE}sekg.{suffix}" for suffix in ("ttl", "nt", "trig", "jsonld", "graphml")}
        | {f"{BASE}changes/{name}.nt" for name in ("added", "removed")},
        "tables": {f"{BASE}sekg-tables.zip", f"{BASE}tables/sekg.sqlite"},
        "numbers": {f"{BASE}sekg-numbers.ttl"},
        "ontology": {f"{BASE}sekg-ontology.zip", f"{BASE}ontology/sekg.ttl"},
    }


def test_the_numbers_are_data_cubes_made_from_the_graph(read: rdflib.Graph) -> None:
    numbers, standard = node("dataset-numbers"), rdflib.URIRef("https://www.w3.org/TR/vocab-data-cube/")
    assert set(read.objects(numbers, rdflib.URIRef(f"{PREFIXES['prov']}wasDerivedFrom"))) == {node("dataset")}
    assert standard in set(read.objects(numbers, DCTERMS.conformsTo))
    assert set(read.subjects(DCTERMS.conformsTo, standard)) == {numbers, read.value(numbers, DCAT.distribution)}


@pytest.mark.parametrize(
    "path", ["catalog.ttl", "changes/CHANGES.md", "data/id/sekg.ttl", "sekg-rdf12.ttl", "index.html", "tables/a.csv"]
)
def test_what_carries_no_data_is_no_distribution(about: Dataset, triples: list[ox.Triple], path: str) -> None:
    assert catalogue.triples(about, RELEASE, [*FILES, file(path, b"")]) == triples


def test_a_distribution_says_size_hash_format_and_licence(read: rdflib.Graph) -> None:
    one, given = rdflib.URIRef(catalogue.node("distribution-sekg.nt").value), FILES[1]
    checksum = read.value(one, rdflib.URIRef(PREFIXES["spdx"] + "checksum"))
    assert str(read.value(checksum, rdflib.URIRef(PREFIXES["spdx"] + "checksumValue"))) == given.sha256
    assert int(str(read.value(one, DCAT.byteSize))) == given.size
    assert str(read.value(one, DCTERMS.format)) == f"{TABLES}file-type/RDF_N_TRIPLES"
    assert str(read.value(one, DCTERMS.license)) == f"{TABLES}licence/CC_BY_4_0"


def test_a_release_names_its_version_and_the_one_before(read: rdflib.Graph) -> None:
    graph = node("dataset")
    assert str(read.value(graph, rdflib.URIRef(PREFIXES["dcat"] + "version"))) == "1.1.0"
    current = read.value(graph, rdflib.URIRef(PREFIXES["dcat"] + "hasCurrentVersion"))
    assert str(current) == "https://w3id.org/sekg/release/1.1.0#dataset"
    previous = read.value(current, rdflib.URIRef(PREFIXES["dcat"] + "previousVersion"))
    assert str(previous) == "https://w3id.org/sekg/release/1.0.0#dataset"
    notes = read.objects(graph, rdflib.URIRef(PREFIXES["adms"] + "versionNotes"))
    assert {str(note) for note in notes} == {"Follows release 1.0.0.", "Następuje po wydaniu 1.0.0."}


def test_every_source_is_named(read: rdflib.Graph, about: Dataset) -> None:
    named = set(read.objects(node("dataset"), rdflib.PROV.wasDerivedFrom))
    assert {str(source) for source in named} == set(about.sources)
    assert f"{PREFIXES['source']}mcps-2018-klaster" in about.sources


def test_the_time_covered_is_that_of_the_facts(about: Dataset, graph: ox.Store) -> None:
    dates = [
        quad.object.value
        for name in ("date", "earliest", "latest", "validFrom", "validUntil", "lastAttested")
        for quad in graph.quads_for_pattern(None, term(f"se:{name}"), None, ox.DefaultGraph())
        if isinstance(quad.object, ox.Literal) and quad.object.datatype == DATE
    ]
    assert (about.begin, about.end) == (min(dates), max(dates))


@pytest.mark.parametrize(("form", "parser"), [("turtle", "turtle"), ("jsonld", "json-ld"), ("rdfxml", "xml")])
def test_every_form_holds_the_same(about: Dataset, triples: list[ox.Triple], form: str, parser: str) -> None:
    content = written(about, FILES, form)
    assert set(rdflib.Graph().parse(data=content, format=parser)) == set(
        rdflib.Graph().parse(data=written(about, FILES))
    )
    assert len(rdflib.Graph().parse(data=content, format=parser)) == len(triples)


@pytest.mark.parametrize("form", ["turtle", "jsonld", "rdfxml"])
def test_the_order_of_the_files_does_not_matter(about: Dataset, form: str) -> None:
    shuffled = random.Random(1).sample(FILES, len(FILES))
    assert written(about, shuffled, form) == written(about, FILES, form)


def test_there_are_no_blank_nodes(triples: list[ox.Triple]) -> None:
    assert not any(isinstance(end, ox.BlankNode) for t in triples for end in (t.subject, t.object))


def test_every_code_has_a_name() -> None:
    file_types = {f"file-type/{known.code}" for known in BY_MEDIA.values() if known.code}
    assert file_types | {licence.code for licence in LICENCES.values()} <= section("en", "authorities").keys()


def test_a_graph_that_says_nothing_of_itself_is_refused() -> None:
    with pytest.raises(BadData, match=r"data/dataset\.ttl"):
        dataset(ox.Store())


def test_a_file_with_spaces_has_an_address(about: Dataset) -> None:
    odd = File("sekg.ż b", "text/turtle", 1, "0" * 64, DAY, DAY)
    content = written(about, [odd])
    addresses = set(rdflib.Graph().parse(data=content).objects(None, DCAT.downloadURL))
    assert addresses == {rdflib.URIRef(f"{BASE}sekg.%C5%BC%20b")}
