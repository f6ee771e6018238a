"""The pages of statistics and of the data dictionary, and the quality of facts in the catalogue."""

import re
from datetime import date

import pyoxigraph as ox
import pytest

from kgraph import publish
from kgraph.base.paths import Folders
from kgraph.base.vocab import PREFIXES, term
from kgraph.base.words import LANGUAGES
from kgraph.graph.faceting import facets
from kgraph.graph.statements import facts, quality
from kgraph.graph.statements.facts import Fact, Passage
from kgraph.graph.statements.quality import METRICS, Quality
from kgraph.publish.formats import tables
from kgraph.publish.metadata import catalogue, void
from kgraph.publish.metadata.description import Description, dataset, file
from kgraph.publish.pages import statistics, writers
from kgraph.publish.pages.book import Book, book_of

RELEASE = Description("1.0.0", "https://example.org/1.0.0/", date(2026, 1, 2), "mailto:office@example.org")
DQV = "http://www.w3.org/ns/dqv#"


@pytest.fixture(scope="module")
def book(graph: ox.Store, folders: Folders) -> Book:
    return book_of(graph, folders)


def stated(fact: Fact) -> list[Passage]:
    return [passage for passage in fact.passages if passage.is_stated]


def test_the_quality_is_that_of_the_facts_one_by_one(graph: ox.Store, book: Book) -> None:
    known = [fact for fact in facts.facts(graph) if fact.asserted]
    unanswered = graph.query(
        f"PREFIX se: <{PREFIXES['se']}> "
        "SELECT ?one { ?one a se:KnownUnknown FILTER NOT EXISTS { ?one se:resolvedBy ?by } }"
    )
    expected = Quality(
        facts=len(known),
        words=sum(any(passage.words for passage in stated(fact)) for fact in known),
        witnesses=sum(len(facts.witnesses(stated(fact))) > 1 for fact in known),
        disputed=len(book.disputed),
        unknown=len([*unanswered]),  # type: ignore[misc]
    )
    assert quality.of(graph) == expected
    assert facets.index(graph, facets.dates(graph)).quality == expected
    assert 0 < expected.disputed < expected.witnesses < expected.words < expected.facts
    assert Quality(0, 0, 0, 0, 0).share("words") == 0


def test_the_catalogue_measures_the_quality_with_definitions(graph: ox.Store) -> None:
    known = dataset(graph)
    entries = catalogue.triples(known, RELEASE, [file("sekg.ttl", b"x")])
    said = {(str(triple.subject), triple.predicate.value): triple.object for triple in entries}
    measured = [str(triple.object) for triple in entries if triple.predicate.value == f"{DQV}hasQualityMeasurement"]
    assert len(measured) == len(METRICS)
    for one in measured:
        metric = said[one, f"{DQV}isMeasurementOf"]
        name = str(metric).strip("<>").rpartition("-")[2]
        assert said[one, f"{DQV}value"] == ox.Literal(str(known.quality.share(name)), datatype=term("xsd:decimal"))
        assert said[one, f"{DQV}computedOn"] == known.whole.node
        definitions = [t.object for t in entries if t.subject == metric and t.predicate == term("skos:definition")]
        assert {text.language for text in definitions} == set(LANGUAGES)  # type: ignore[union-attr]


def test_the_page_of_statistics_has_the_numbers_of_void(graph: ox.Store, book: Book) -> None:
    shown = statistics.statistics(book, "en")
    told = void.triples(publish.default_graph(graph), dataset(graph), RELEASE, [])
    said = {(triple.subject, triple.predicate): triple.object for triple in told}

    def counted(kind: str, *parts: str) -> dict[str, list[int]]:
        """The numbers of each partition by what it is of."""
        own = {triple.object.value: triple.subject for triple in told if triple.predicate == term(f"void:{kind}")}  # type: ignore[union-attr]
        return {iri: [int(said[node, term(f"void:{part}")].value) for part in parts] for iri, node in own.items()}  # type: ignore[union-attr]

    numbers = ("triples", "distinctSubjects", "distinctObjects")
    assert {row[0].value: [*row[1:]] for row in shown["properties"]} == counted("property", *numbers)  # type: ignore[attr-defined]
    assert {row[0].value: [*row[1:]] for row in shown["classes"]} == counted("class", "entities")  # type: ignore[attr-defined]
    linksets = [triple.subject for triple in told if triple.object == term("void:Linkset")]
    sizes = [int(said[node, term("void:triples")].value) for node in linksets]  # type: ignore[union-attr]
    assert sorted(sizes) == sorted(count for _, count in statistics.links(graph))
    for lang in LANGUAGES:
        html = writers.written(book, "statistics", lang)[0]
        assert statistics.percent(book.facets.quality.share("words"), lang) in html
        assert all(f'id="{metric}"' in html for metric in METRICS)


def test_the_dictionary_has_each_column_of_each_table(book: Book) -> None:
    described = tables.described()["tables"]
    columns = {
        f"{table['url'].removesuffix('.csv')}-{column['name']}"
        for table in described
        for column in table["tableSchema"]["columns"]
    }
    for lang in LANGUAGES:
        html = writers.written(book, "dictionary", lang)[0]
        assert set(re.findall(r'<tr id="([^"]+)">', html)) == columns
    assert "preferred name" in writers.written(book, "dictionary", "en")[0]
