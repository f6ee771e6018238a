"""What programs find of a site without being told: `llms.txt`, and the questions as SPARQL examples."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from llms_txt import parse_llms_file
from rdflib import RDF, RDFS, SH

from kgraph.base.paths import Folders
from kgraph.graph import questions
from kgraph.publish.metadata import examples, for_programs
from kgraph.publish.pages import Site
from kgraph.publish.pages.book import Book, book_of
from kgraph.publish.release.site import Folder, read_by_programs

SITE = Site("https://example.org/sekg", files=("sekg.trig", "sekg.ttl", "tables/claims.csv"))
ASKED = replace(SITE, endpoint="https://example.org/sparql")
SCHEMA = rdflib.Namespace("https://schema.org/")
EXECUTABLE = SH.SPARQLExecutable

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <https://schema.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix spex: <https://purl.expasy.org/sparql-examples/ontology#> .

<urn:shape> sh:targetClass sh:SPARQLExecutable ; sh:nodeKind sh:IRI ; sh:property
    [ sh:path [ sh:alternativePath (sh:select sh:ask sh:construct spex:describe) ] ; sh:minCount 1 ; sh:maxCount 1 ],
    [ sh:path rdfs:comment ; sh:minCount 1 ; sh:uniqueLang true ;
      sh:or ([ sh:datatype rdf:langString ] [ sh:datatype rdf:HTML ]) ],
    [ sh:path sh:prefixes ; sh:minCount 1 ],
    [ sh:path schema:target ; sh:minCount 1 ; sh:nodeKind sh:IRI ],
    [ sh:path schema:keyword ; sh:maxCount 0 ],
    [ sh:path schema:keywords ; sh:pattern "^[^\\\\s].*[^\\\\s]$" ] .

<urn:prefixes> sh:targetObjectsOf sh:declare ; sh:property
    [ sh:path sh:prefix ; sh:minCount 1 ; sh:maxCount 1 ],
    [ sh:path sh:namespace ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype <http://www.w3.org/2001/XMLSchema#anyURI> ] .
"""
"""The rules that the tools of the SIB hold examples to, and those of SHACL for prefixes, in words of our own."""


@pytest.fixture(scope="module")
def book(graph: ox.Store, folders: Folders) -> Book:
    return book_of(graph, folders, SITE)


def parsed(content: bytes) -> rdflib.Graph:
    return rdflib.Graph().parse(data=content, format="turtle")


def described(found: rdflib.Graph) -> Iterator[tuple[str, str]]:
    """The name and the text of each example."""
    for node in sorted(found.subjects(RDF.type, EXECUTABLE), key=str):
        assert (node, RDF.type, SH.SPARQLSelectExecutable) in found
        yield str(node).rpartition("#")[2], str(found.value(node, SH.select))


def test_the_examples_fit_their_shapes(book: Book, folders: Folders, tmp_path: Path) -> None:
    """`test_questions.py` has rdflib answer each of them."""
    folder = Folder(tmp_path)
    for path, content in read_by_programs(book):
        folder.put(path, content)
    file = (tmp_path / examples.FILE).read_bytes()
    assert file == (tmp_path / examples.WELL_KNOWN).read_bytes()
    found = parsed(file)
    conforms, _, report = pyshacl.validate(found, shacl_graph=parsed(SHAPES.encode()))
    assert conforms, report
    assert {*found.objects(None, SCHEMA.target)} == {rdflib.URIRef("https://example.org/sekg/sekg.trig")}

    known, lacking = dict(described(found)), {"brokers", "chain", "within-30-km"}
    asked = questions.all_in(folders.ontology)
    assert known == {name: one.plain for name, one in asked.items() if name not in lacking}


def test_examples_that_break_the_shapes_are_found(book: Book) -> None:
    """The shapes of this test can fail: without a target, a comment, or prefixes."""
    found = parsed(examples.turtle(book.questions.values(), "https://example.org/", "https://example.org/sparql"))
    node = examples.node("https://example.org/", "founders").value
    for change in (SCHEMA.target, RDFS.comment, SH.prefixes):
        spoilt = rdflib.Graph() + found
        spoilt.remove((rdflib.URIRef(node), change, None))
        assert not pyshacl.validate(spoilt, shacl_graph=parsed(SHAPES.encode()))[0]


def test_llms_txt_is_read_by_the_parser_of_its_authors(book: Book) -> None:
    found = parse_llms_file(for_programs.text(book).decode())
    assert found.title == "kgraph, a knowledge graph of the social economy"
    assert "according to whom" in found.summary and "unknown, not false" in found.info
    assert [*found.sections] == ["Ask", "Data", "Questions", "Optional"]
    urls = [link.url for links in found.sections.values() for link in links]
    assert "https://example.org/sekg/tables/claims.csv" in urls and "https://example.org/sekg/void.ttl" not in urls
    assert all(link.title and link.desc for links in found.sections.values() for link in links)
    answered = parse_llms_file(for_programs.text(replace(book, site=ASKED)).decode())
    assert answered.sections.Ask[0].url == "https://example.org/sparql"


def test_a_server_has_what_its_llms_txt_names_and_describes_the_examples(address: str) -> None:
    with httpx.Client(base_url=address, timeout=30) as client:
        answer = client.get("/llms.txt")
        assert answer.headers["content-type"].startswith("text/plain")
        links = [link.url for links in parse_llms_file(answer.text).sections.values() for link in links]
        assert len(links) > 12
        assert {link: client.get(urljoin(address, link)).status_code for link in links} == dict.fromkeys(links, 200)

        alone = parsed(client.get(f"/{examples.WELL_KNOWN}", headers={"Accept": "text/turtle"}).content)
        about = parsed(client.get("/sparql", headers={"Accept": "text/turtle"}).content)
        assert {*described(alone)} == {*described(about)} and len(dict(described(alone))) == 34
        assert {*about.objects(None, SCHEMA.target)} == {rdflib.URIRef(urljoin(address, "sparql"))}
        for media in ("application/n-triples", "application/ld+json", "application/rdf+xml"):
            told = client.get(f"/{examples.WELL_KNOWN}", headers={"Accept": media})
            assert len(rdflib.Graph().parse(data=told.content, format=media)) == len(alone)
        assert client.get(f"/{examples.WELL_KNOWN}", headers={"Accept": "image/png"}).status_code == 406
