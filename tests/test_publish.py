"""Exports: readable by other tools, sorted, without blank nodes, the same bytes for the same data."""

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import jinja2
import pyoxigraph as ox
import pytest
import rdflib

from kgraph import publish
from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import INFERRED_GRAPH, ONTOLOGY_GRAPH, TURTLE_PREFIXES, term
from kgraph.build import pipeline
from kgraph.errors import BadData
from kgraph.publish.formats.template import Compiled
from kgraph.rdf.store import graph as triples_of

pytestmark = pytest.mark.whole

FORMS = {"turtle": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}
RDFLIB_FORMS = {"turtle": "turtle", "nt": "nt", "jsonld": "json-ld"}


def triples(facts: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(TURTLE_PREFIXES + facts, ox.RdfFormat.TURTLE)]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_holds_the_default_graph(graph: ox.Store, form: str) -> None:
    content = publish.export(graph, form)
    assert {quad.triple for quad in ox.parse(content, FORMS[form])} == set(triples_of(graph, ox.DefaultGraph()))


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_rdflib_reads_every_form(graph: ox.Store, form: str) -> None:
    read = rdflib.Graph().parse(data=publish.export(graph, form), format=RDFLIB_FORMS[form])
    assert len(read) == len(publish.default_graph(graph))


@pytest.fixture(scope="module")
def again(folders: Folders) -> ox.Store:
    return pipeline.graph(folders)


@pytest.mark.parametrize(
    "form", ["turtle", *(pytest.param(form, marks=pytest.mark.slow) for form in ("nt", "jsonld", "trig"))]
)
def test_two_builds_give_the_same_bytes(graph: ox.Store, again: ox.Store, form: str) -> None:
    assert publish.export(graph, form) == publish.export(again, form)


@pytest.mark.slow
def test_the_order_of_the_triples_does_not_matter(graph: ox.Store) -> None:
    facts = publish.default_graph(graph)
    random.Random(1).shuffle(facts)
    assert publish.turtle(facts) == publish.export(graph, "turtle")


def test_trig_keeps_each_source_apart_and_leaves_the_ontology_out(graph: ox.Store) -> None:
    read = set(ox.parse(publish.trig(graph), ox.RdfFormat.TRIG))
    names = {quad.graph_name for quad in read}
    assert {term("source:mcps-2018-klaster"), term("graph:claims"), INFERRED_GRAPH} <= names
    assert ONTOLOGY_GRAPH not in names
    assert read == {quad for quad in graph if quad.graph_name not in (ox.DefaultGraph(), ONTOLOGY_GRAPH)}


def test_asserted_leaves_the_inferred_out(graph: ox.Store) -> None:
    asserted = {quad.triple for quad in ox.parse(publish.export(graph, "nt", inferred=False), ox.RdfFormat.N_TRIPLES)}
    assert not asserted & set(triples_of(graph, INFERRED_GRAPH))
    assert len(asserted) + len(set(triples_of(graph, INFERRED_GRAPH))) == len(publish.default_graph(graph))


def test_turtle_is_pretty(store_of: Callable[..., ox.Store]) -> None:
    facts = 'id:b skos:prefLabel "B"@en . id:a se:within id:b ; a cv:AdminUnit ; se:numberOfSignatories 5 .'
    assert publish.export(store_of(facts), "turtle").decode().partition("\n\n")[2] == (
        'id:a a cv:AdminUnit ;\n    se:numberOfSignatories 5 ;\n    se:within id:b .\n\nid:b skos:prefLabel "B"@en .\n'
    )


ODD = [
    'say "no"\nand \\ tab\t',
    "żółć ąę",
    "￿ ☃ 𝔘",
    "'''",
    "",
    " trailing ",
    "a\rb",
    "\u2028\u202e",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", ODD)
def test_odd_text_survives(form: str, text: str) -> None:
    store = ox.Store()
    triple = ox.Triple(term("id:a"), term("skos:note"), ox.Literal(text, language="pl"))
    store.add(ox.Quad(triple.subject, triple.predicate, triple.object))
    assert {quad.triple for quad in ox.parse(publish.export(store, form), FORMS[form])} == {triple}


@pytest.mark.parametrize(
    "literal",
    [
        ox.Literal(5),
        ox.Literal(True),
        ox.Literal("1.5", datatype=term("xsd:decimal")),
        ox.Literal("1.", datatype=term("xsd:decimal")),
        ox.Literal("--03-22", datatype=term("xsd:gMonthDay")),
        ox.Literal("x", datatype=ox.NamedNode("https://example.org/a(b)")),
        ox.Literal("five", datatype=term("xsd:integer")),
    ],
)
def test_typed_literals_survive(literal: ox.Literal) -> None:
    written = publish.turtle([ox.Triple(term("id:a"), term("skos:note"), literal)])
    assert {quad.object for quad in ox.parse(written, ox.RdfFormat.TURTLE)} == {literal}


@pytest.mark.parametrize(
    "iri", ["https://w3id.org/sekg/id/a/b", "https://w3id.org/sekg/id/", "https://w3id.org/sekg/id/a.", "urn:x:y"]
)
def test_iris_that_are_no_local_names_survive(iri: str) -> None:
    written = publish.turtle([ox.Triple(ox.NamedNode(iri), term("se:within"), ox.NamedNode(iri))])
    assert {quad.subject for quad in ox.parse(written, ox.RdfFormat.TURTLE)} == {ox.NamedNode(iri)}


@pytest.mark.parametrize("form", FORMS)
def test_a_blank_node_is_refused(form: str) -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.BlankNode(), term("se:within"), term("id:b")))
    with pytest.raises(BadData, match="give it an IRI"):
        publish.export(store, form)


def test_the_context_knows_links_from_text(graph: ox.Store) -> None:
    document = json.loads(publish.export(graph, "context"))["@context"]
    assert document["se:hasSignatory"] == {"@type": "@id"}
    assert "se:date" not in document
    assert document["id"] == "https://w3id.org/sekg/id/"


@pytest.mark.parametrize("name", ["sekg", "kinds", "shapes"])
@pytest.mark.parametrize("form", ["turtle", "n_triples", "json_ld"])
def test_an_ontology_survives_with_its_lists_and_paths(folders: Folders, name: str, form: str) -> None:
    authored = [quad.triple for quad in ox.parse(path=folders.ontology / f"{name}.ttl", format=ox.RdfFormat.TURTLE)]
    writers = {
        "turtle": (publish.turtle, ox.RdfFormat.TURTLE),
        "n_triples": (publish.n_triples, ox.RdfFormat.N_TRIPLES),
        "json_ld": (lambda facts: publish.json_ld(facts, publish.context(ox.Store())), ox.RdfFormat.JSON_LD),
    }
    write, read = writers[form]
    again = [quad.triple for quad in ox.parse(write(authored), read)]
    assert publish.n_triples(again) == publish.n_triples(authored)
    assert write(again) == write(authored)


def test_a_list_and_a_nested_node_read_well() -> None:
    written = publish.turtle(triples("se:a owl:propertyChainAxiom ( se:b se:c ) ; sh:path [ sh:inversePath se:d ] ."))
    assert written.decode().partition("\n\n")[2] == (
        "se:a owl:propertyChainAxiom ( se:b se:c ) ;\n    sh:path [\n        sh:inversePath se:d\n    ] .\n"
    )


@pytest.mark.parametrize("facts", ["se:a se:b _:x . se:c se:b _:x .", "_:x se:b _:x ."])
def test_a_shared_or_circular_blank_node_is_refused(facts: str) -> None:
    with pytest.raises(BadData, match="give it an IRI"):
        publish.turtle(triples(facts))


def test_the_edition_with_annotations_says_the_same(graph: ox.Store) -> None:
    facts = publish.default_graph(graph)
    written = publish.annotated(facts)
    again = publish.plain(quad.triple for quad in ox.parse(written, ox.RdfFormat.TURTLE))
    assert publish.n_triples(again) == publish.n_triples(facts)
    random.Random(1).shuffle(facts)
    assert publish.annotated(facts) == written


def test_an_annotation_stands_at_its_fact_and_a_hope_is_not_asserted(graph: ox.Store) -> None:
    text = publish.annotated(publish.default_graph(graph)).decode()
    assert re.search(r"se:hasSignatory.*?id:ziola-siedleckie ~ claim:\w+ \{\| a se:Claim", text, re.DOTALL)
    assert re.search(r"<< id:cluster-siedlce se:firstOfKindIn id:mazowieckie ~ claim:\w+ >>\n", text)


def test_n_triples_are_the_canonical_n_quads_of_the_graph(graph: ox.Store) -> None:
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in publish.default_graph(graph))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert publish.export(graph, "nt").decode() == "".join(sorted(f"{quad} .\n" for quad in dataset))


def test_a_compiled_template_is_kept_for_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rendered(text: str, module: Path = Path(__file__)) -> str:
        loader = jinja2.DictLoader({"one.html": text})
        return jinja2.Environment(loader=loader, bytecode_cache=Compiled(str(module))).get_template("one.html").render()

    monkeypatch.setenv(paths.CACHE, str(tmp_path / "cache"))
    assert rendered("{{ 1 + 1 }}") == "2"
    [kept] = (tmp_path / "cache").iterdir()
    compiled, written = kept.read_bytes(), kept.stat().st_mtime_ns
    assert rendered("{{ 1 + 1 }}") == "2" and kept.stat().st_mtime_ns == written
    kept.write_bytes(compiled[:-9])
    assert rendered("{{ 1 + 1 }}") == "2" and kept.read_bytes() == compiled
    (tmp_path / "module.py").touch()
    assert (rendered("{{ 1 + 2 }}"), rendered("{{ 1 + 1 }}", tmp_path / "module.py")) == ("3", "2")
    assert len([*kept.parent.iterdir()]) == 3
    kept.parent.chmod(0o777)  # another user could put code there
    kept.write_bytes(b"")
    assert (rendered("{{ 1 + 1 }}"), rendered("{{ 1 + 3 }}"), kept.read_bytes()) == ("2", "4", b"")
    monkeypatch.setenv(paths.CACHE, "")
    assert rendered("{{ 1 + 4 }}") == "5" and len([*kept.parent.iterdir()]) == 3
