"""The curated data: claims, offsets, statuses, identifiers and definitions."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.vocab import CLAIMS_GRAPH, INFERRED_GRAPH, KINDS_GRAPH, ONTOLOGY_GRAPH, PREFIXES, STATED, curie, term
from kgraph.evidence import turtle
from kgraph.evidence.claims import Claim, SourceFile
from kgraph.evidence.quotes import LONGEST_QUOTE
from kgraph.rdf import inference
from kgraph.rdf.store import graph as triples_of
from tests.conftest import holds

ARTICLE = term("source:mcps-2018-klaster")
COPY = 403
"""The distance in characters between the lead paragraph and its repetition."""


@pytest.fixture(scope="module")
def files(folders: Folders) -> list[SourceFile]:
    return [turtle.read(path) for path in folders.sources()]


@pytest.fixture(scope="module")
def claims(files: list[SourceFile]) -> list[Claim]:
    return [claim for file in files for claim in file.claims]


def spans(claims: list[Claim]) -> set[tuple[int | None, int | None]]:
    return {(place.start, place.end) for claim in claims if claim.source == ARTICLE for place in claim.evidence}


def fact_table() -> dict[str, list[tuple[int, int]]]:
    """The spans of each fact in the article's fact table, without F52 (an opinion) and F56 (furniture)."""
    rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
    with (Path(__file__).parent / "expected" / "article-facts.csv").open() as file:
        for row in csv.DictReader(file):
            rows[row["fact"]].append((int(row["start"]), int(row["end"])))
    return rows


def test_the_fact_table_has_54_rows() -> None:
    assert len(fact_table()) == 54


@pytest.mark.parametrize("fact", sorted(fact_table()))
def test_each_fact_of_the_article_is_found_by_its_offsets(claims: list[Claim], fact: str) -> None:
    assert set(fact_table()[fact]) <= spans(claims)


def test_a_fact_of_the_repeated_lead_has_both_places(claims: list[Claim]) -> None:
    for claim in claims:
        stated_in_lead = [p for p in claim.evidence if p.start is not None and 61 <= p.start < 462]
        if claim.source != ARTICLE or claim.status == term("status:alternative-reading"):
            continue
        for place in stated_in_lead:
            assert place.start is not None
            copy = [p for p in claim.evidence if p.start == place.start + COPY]
            assert [(p.exact, p.abridged) for p in copy] == [(place.exact, place.abridged)], claim.triple


def test_a_source_states_exactly_its_stated_claims(graph: ox.Store, claims: list[Claim]) -> None:
    for source in {claim.source for claim in claims}:
        stated = {claim.triple for claim in claims if claim.source == source and claim.status == STATED}
        assert set(triples_of(graph, source)) == stated


def test_every_fact_has_a_claim_or_an_inference(graph: ox.Store, claims: list[Claim]) -> None:
    stated = {claim.triple for claim in claims if claim.status == STATED}
    editorial = {*triples_of(graph, term("graph:editorial")), *triples_of(graph, KINDS_GRAPH)}
    unexplained = set(inference.facts_of(graph)) - stated - editorial - set(triples_of(graph, INFERRED_GRAPH))
    assert unexplained == set()


def test_what_is_only_said_is_not_asserted(graph: ox.Store, claims: list[Claim]) -> None:
    stated = {claim.triple for claim in claims if claim.status == STATED}
    said = [claim for claim in claims if claim.status != STATED and claim.triple not in stated]
    assert len(said) >= 15
    found = set(triples_of(graph, ox.DefaultGraph())) - set(triples_of(graph, INFERRED_GRAPH))
    assert not {claim.triple for claim in said} & found


def test_statuses_of_the_article(claims: list[Claim]) -> None:
    counted = Counter(curie(claim.status.value) for claim in claims if claim.source == ARTICLE)
    assert counted["status:opinion"] == 5
    assert counted["status:superlative"] == counted["status:hoped"] == counted["status:general-statement"] == 1


@pytest.mark.parametrize(
    "fact",
    [
        "id:siedlce se:within id:powiat-siedlecki",
        "id:region-siedlecki se:within ?anywhere",
        "id:mcps se:signatoryOf id:agreement-2018",
        "id:cluster-siedlce se:firstOfKindIn ?anywhere",
        "?actor org:classification orgstatus:social-enterprise-2022",
        "id:ziola-siedleckie se:seatIn ?place",
        "id:owes-siedlce-director-2018 foaf:name ?name",
        "?thing owl:sameAs ?other",
    ],
)
def test_nothing_is_repaired_or_invented(graph: ox.Store, fact: str) -> None:
    assert not holds(graph, fact)


@pytest.mark.parametrize(
    "fact",
    [
        "id:siedlce se:within id:pl925",
        "id:powiat-siedlecki se:within id:pl925",
        "id:wodynie se:within id:powiat-siedlecki",
        "id:serwis-komunalny se:seatIn id:powiat-siedlecki",
        "id:cluster-siedlce se:establishedBy id:agreement-2018",
        "id:mcps se:representedAt id:signing-2018",
        "source:mcps-2018-klaster se:leavesUnknown id:unknown-signing-year",
        "id:dataset dcterms:license <https://creativecommons.org/licenses/by/4.0/>",
    ],
)
def test_the_graph_knows(graph: ox.Store, fact: str) -> None:
    assert holds(graph, fact)


def test_no_blank_nodes_outside_the_ontology(graph: ox.Store) -> None:
    blank = [q for q in graph if ox.BlankNode in (type(q.subject), type(q.object)) and q.graph_name != ONTOLOGY_GRAPH]
    assert blank == []


def test_our_iris_are_lowercase_ascii_slugs(graph: ox.Store) -> None:
    things = {q.subject.value for q in graph if isinstance(q.subject, ox.NamedNode)}
    ours = [iri for iri in things if iri.startswith((PREFIXES["id"], PREFIXES["kind"]))]
    assert len(ours) > 100
    assert [iri for iri in ours if iri != iri.lower() or not iri.isascii() or curie(iri) is None] == []


def test_every_claim_has_its_source_described(graph: ox.Store, claims: list[Claim]) -> None:
    for source in {claim.source for claim in claims}:
        assert holds(
            graph, f'{source} a se:Source ; dcterms:title ?pl , ?en . FILTER(LANG(?pl) = "pl" && LANG(?en) = "en")'
        )


def test_the_second_source_refines_the_first(graph: ox.Store) -> None:
    refined = {
        (str(q.subject), str(q.object)) for q in graph.quads_for_pattern(None, term("se:refines"), None, CLAIMS_GRAPH)
    }
    # two from the CIS; three from the curator: the day of 2020 in two sources, and the cornerstone
    assert len(refined) == 5


def test_the_texts_of_sources_stay_outside(folders: Folders) -> None:
    """Quotes are short, so that the text cannot be restored from them."""
    quoted = {
        place.exact for file in map(turtle.read, folders.sources()) for claim in file.claims for place in claim.evidence
    }
    assert max(len(words) for words in quoted if words) <= LONGEST_QUOTE


DECLARED = """
GRAPH graph:ontology { ?term a ?kind }
FILTER(?kind IN (owl:Class, owl:ObjectProperty, owl:DatatypeProperty, owl:AnnotationProperty))
"""


def declared_without(pattern: str) -> str:
    return f"{DECLARED} FILTER NOT EXISTS {{ GRAPH graph:ontology {{ ?term {pattern} }} }}"


@pytest.mark.parametrize("naming", ["rdfs:label", "skos:definition"])
@pytest.mark.parametrize("lang", ["pl", "en"])
def test_every_term_of_the_ontology_is_explained(graph: ox.Store, naming: str, lang: str) -> None:
    assert holds(graph, DECLARED)
    assert not holds(graph, declared_without(f'{naming} ?text FILTER(LANG(?text) = "{lang}")'))


def test_every_term_says_where_it_is_defined(graph: ox.Store) -> None:
    assert not holds(graph, declared_without("rdfs:isDefinedBy ?vocabulary"))
