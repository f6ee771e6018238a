"""The shapes as other validators take them: in one language, and in SHACL Core."""

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyshacl import validate
from rdflib import Graph, Literal
from rdflib.namespace import SH

from kgraph.base.paths import Folders
from kgraph.base.vocab import TURTLE_PREFIXES, term
from kgraph.base.words import LANGUAGES
from kgraph.build import shapes
from kgraph.evidence.turtle import parse
from kgraph.publish.formats.monolingual import monolingual
from kgraph.publish.release.making import SHAPES

MESSAGE = term("sh:message")
FAULTY = f"""{TURTLE_PREFIXES}
source:s a se:Source ; dcterms:issued "2026-11-30"^^xsd:date ; se:leavesUnknown id:unknown .
id:unknown a se:KnownUnknown ; se:about source:s ; se:aspect dcterms:issued .
"""
"""An invented source whose day of issue is given and unknown, which has no title."""


def said(text: str) -> set[str]:
    """The triples of Turtle without its blank nodes, whose labels change."""
    return {
        " ".join("_" if isinstance(part, ox.BlankNode) else str(part) for part in (q.subject, q.predicate, q.object))
        for q in ox.parse(text, ox.RdfFormat.TURTLE)
    }


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_in_one_language_says_the_same_with_one_message_a_shape(folders: Folders, name: str, lang: str) -> None:
    whole = (folders.ontology / name).read_text(encoding="utf-8")
    one = monolingual(whole, lang)
    others = {line for line in said(whole) if f" {MESSAGE} " in line and not line.endswith(f"@{lang}")}
    assert said(one) == said(whole) - others
    shaped = Counter(q.subject for q in ox.parse(one, ox.RdfFormat.TURTLE) if q.predicate == MESSAGE)
    assert set(shaped.values()) == {1}


@pytest.mark.parametrize("name", SHAPES)
def test_the_shapes_need_no_sparql(folders: Folders, name: str) -> None:
    used = {quad.predicate for quad in parse(folders.ontology / name)}
    assert term("sh:path") in used and not used & {term("sh:sparql"), term("sh:select"), term("sh:ask"), term("sh:js")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pyshacl_reports_in_the_language_of_the_file(folders: Folders, tmp_path: Path, lang: str) -> None:
    text = monolingual((folders.ontology / "shapes.ttl").read_text(encoding="utf-8"), lang)
    conforms, report, _ = validate(Graph().parse(data=FAULTY), shacl_graph=Graph().parse(data=text))
    assert not conforms and isinstance(report, Graph)
    messages = {said for said in report.objects(None, SH.resultMessage) if isinstance(said, Literal)}
    (tmp_path / "shapes.ttl").write_text(text, encoding="utf-8")
    ours = shapes.faults((quad.triple for quad in ox.parse(FAULTY, ox.RdfFormat.TURTLE)), tmp_path / "shapes.ttl")
    assert {str(message) for message in messages} == {fault.message(lang) for fault in ours}
    assert {message.language for message in messages} == {lang}
    known = {"pl": "Dzień wydania jest podany, a nadal", "en": "The day of issue is given and still"}[lang]
    assert any(message.startswith(known) for message in messages)


def test_the_check_keeps_both_languages(folders: Folders) -> None:
    triples = (quad.triple for quad in ox.parse(FAULTY, ox.RdfFormat.TURTLE))
    found = [set(fault.messages) for fault in shapes.faults(triples, folders.ontology / "shapes.ttl")]
    assert found and all(languages == set(LANGUAGES) for languages in found)
