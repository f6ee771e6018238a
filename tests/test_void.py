"""The VoID description: its counts equal those of SPARQL queries over the graph."""

from collections.abc import Callable
from datetime import date

import pyoxigraph as ox
import pytest

from kgraph import publish
from kgraph.base.vocab import PREFIXES, term
from kgraph.publish.formats.template import serialize
from kgraph.publish.metadata import void
from kgraph.publish.metadata.description import Dataset, Description, File, dataset, file
from kgraph.rdf import sparql

RELEASE = Description("1.0.0", "https://example.org/sekg/1.0.0/", date(2026, 11, 23), "https://example.org/contact")
FILES = [file(path, b"") for path in ("sekg.ttl", "sekg.nt", "tables/people.csv", "ontology/sekg.ttl")]


@pytest.fixture(scope="module")
def about(graph: ox.Store) -> Dataset:
    return dataset(graph)


def written(triples: list[ox.Triple], about: Dataset, files: list[File], form: str = "turtle") -> bytes:
    return serialize(void.triples(triples, about, RELEASE, files), form, void.HEADING)


@pytest.fixture(scope="module")
def described(graph: ox.Store, about: Dataset) -> ox.Store:
    """A store with the parsed VoID description."""
    store = ox.Store()
    store.load(written(publish.default_graph(graph), about, FILES), ox.RdfFormat.TURTLE)
    return store


def values(store: ox.Store, name: str, subject: ox.NamedNode | None = None) -> list[str]:
    node = subject or term("id:dataset")
    quads = store.quads_for_pattern(node, term(name), None)
    return sorted(quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode | ox.Literal))


def counted(graph: ox.Store, pattern: str) -> str:
    ((number,),) = sparql.rows(sparql.run(graph, f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}"))
    assert number is not None
    return number.value


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("void:distinctSubjects", "?x ?p ?o"),
        ("void:distinctObjects", "?s ?p ?x"),
        ("void:properties", "?s ?x ?o"),
        ("void:classes", "?s a ?x"),
        ("void:entities", "?x ?p ?o FILTER(STRSTARTS(STR(?x), STR(id:)))"),
    ],
)
def test_totals_equal_recomputation(graph: ox.Store, described: ox.Store, name: str, pattern: str) -> None:
    assert values(described, name) == [counted(graph, pattern)]


def test_the_triples_are_those_of_the_dump(graph: ox.Store, described: ox.Store) -> None:
    dump = list(ox.parse(publish.export(graph, "nt"), ox.RdfFormat.N_TRIPLES))
    assert values(described, "void:triples") == [str(len(dump))]


def test_each_class_has_its_things(graph: ox.Store, described: ox.Store) -> None:
    recounted = sparql.rows(sparql.run(graph, "SELECT ?c (COUNT(DISTINCT ?x) AS ?n) { ?x a ?c } GROUP BY ?c"))
    said = sparql.rows(
        sparql.run(described, "SELECT ?c ?n { ?d void:classPartition ?p . ?p void:class ?c ; void:entities ?n }")
    )
    assert {(c.value, n.value) for c, n in said if c and n} == {(c.value, n.value) for c, n in recounted if c and n}


def test_each_property_has_its_triples(graph: ox.Store, described: ox.Store) -> None:
    recounted = sparql.rows(
        sparql.run(
            graph,
            "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?x) AS ?s) (COUNT(DISTINCT ?y) AS ?o) { ?x ?p ?y } GROUP BY ?p",
        )
    )
    said = sparql.rows(
        sparql.run(
            described,
            """SELECT ?p ?n ?s ?o { ?d void:propertyPartition ?part .
            ?part void:property ?p ; void:triples ?n ; void:distinctSubjects ?s ; void:distinctObjects ?o }""",
        )
    )
    assert {tuple(v.value for v in row if v) for row in said} == {tuple(v.value for v in row if v) for row in recounted}


def test_links_are_counted_by_property_and_by_where_they_lead(
    about: Dataset, store_of: Callable[..., ox.Store]
) -> None:
    store = store_of(
        """id:a skos:exactMatch <http://www.wikidata.org/entity/Q1> , <http://www.wikidata.org/entity/Q2> ;
        skos:closeMatch <http://www.wikidata.org/entity/Q3> , <https://sws.geonames.org/1/> , id:b ."""
    )
    found = ox.Store()
    for triple in void.triples(publish.default_graph(store), about, RELEASE, []):
        found.add(ox.Quad(triple.subject, triple.predicate, triple.object))
    rows = sparql.run(
        found,
        """SELECT ?where ?how ?n { ?d void:subset ?l . ?l a void:Linkset ; void:subjectsTarget ?d ; void:triples ?n ;
        void:linkPredicate ?how ; void:objectsTarget/void:uriSpace ?where } ORDER BY ?where ?how""",
    )
    skos = PREFIXES["skos"]
    assert [tuple(value.value for value in row if value) for row in sparql.rows(rows)] == [
        ("http://www.wikidata.org/", f"{skos}closeMatch", "1"),
        ("http://www.wikidata.org/", f"{skos}exactMatch", "2"),
        ("https://sws.geonames.org/", f"{skos}closeMatch", "1"),
    ]


def test_the_dumps_are_the_files_of_the_graph(described: ox.Store) -> None:
    base = RELEASE.base_url
    assert values(described, "void:dataDump") == [f"{base}sekg.nt", f"{base}sekg.ttl"]
    assert values(described, "void:sparqlEndpoint") == []


def test_vocabularies_and_examples_are_those_of_the_graph(graph: ox.Store, described: ox.Store) -> None:
    vocabularies = values(described, "void:vocabulary")
    assert {PREFIXES[name] for name in ("se", "org", "skos", "foaf")} <= set(vocabularies)
    assert not [space for space in vocabularies if not space.endswith(("#", "/"))]
    for example in values(described, "void:exampleResource"):
        assert next(graph.quads_for_pattern(ox.NamedNode(example), None, None), None)


def test_the_file_says_what_it_is(described: ox.Store) -> None:
    document = ox.NamedNode("https://w3id.org/sekg/void")
    assert values(described, "rdf:type", document) == [f"{PREFIXES['void']}DatasetDescription"]
    assert values(described, "foaf:primaryTopic", document) == [term("id:dataset").value]


@pytest.mark.parametrize("form", ["turtle", "jsonld", "rdfxml"])
def test_equal_data_gives_equal_bytes(graph: ox.Store, about: Dataset, form: str) -> None:
    triples = publish.default_graph(graph)
    assert written(triples, about, FILES, form) == written(triples[::-1], about, FILES[::-1], form)
