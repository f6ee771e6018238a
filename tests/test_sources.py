"""Parsing of source files: claims, evidence, and the message of each fault."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base.problems import Problem
from kgraph.base.vocab import CLAIMS_GRAPH, STATED, TURTLE_PREFIXES, term
from kgraph.errors import BadData
from kgraph.evidence import claims, head, turtle
from kgraph.evidence.claims import Evidence, SourceFile, claim_iri
from kgraph.evidence.links import described_twice, link, links_of
from kgraph.evidence.quotes import check_text
from kgraph.rdf.terms import said
from tests.conftest import lines

TEXT = "W Siedlcach działa Relaksownia."
HEAD = f"""
source:s a se:Source ; dcterms:title "T"@pl, "T"@en ;
    se:textSHA256 "{hashlib.sha256(TEXT.encode()).hexdigest()}" ; se:textLength {len(TEXT)} .
"""
FACT = "id:relaksownia se:seatIn id:siedlce"

Read = Callable[..., SourceFile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def write_and_read(body: str, head: str = HEAD, name: str = "s.ttl") -> SourceFile:
        path = tmp_path / name
        path.write_text('VERSION "1.2"\n' + TURTLE_PREFIXES + head + body, encoding="utf-8")
        return turtle.read(path)

    return write_and_read


def messages(file: SourceFile, lang: str = "en") -> str:
    return "\n".join(lines(file.problems, lang))


def test_an_annotated_fact_is_a_stated_claim_in_its_sources_graph(read: Read) -> None:
    file = read(FACT + ' {| oa:start 2 ; oa:end 11 ; oa:exact "Siedlcach" |} .')
    assert [(claim.status, claim.evidence) for claim in file.claims] == [
        (STATED, (Evidence(2, 11, "Siedlcach", None),))
    ]
    assert file.problems == ()
    fact = ox.Quad(term("id:relaksownia"), term("se:seatIn"), term("id:siedlce"), term("source:s"))
    assert fact in set(claims.quads(file))


def test_an_unasserted_claim_is_recorded_only(read: Read) -> None:
    file = read(f'<< {FACT} >> se:claimStatus status:hoped ; oa:start 2 ; oa:end 11 ; oa:exact "Siedlcach" .')
    assert [claim.status for claim in file.claims] == [term("status:hoped")]
    assert {quad.graph_name for quad in claims.quads(file) if quad.subject == file.claims[0].iri} == {CLAIMS_GRAPH}
    assert not [quad for quad in claims.quads(file) if quad.predicate == term("se:seatIn")]


def test_two_places_are_one_claim(read: Read) -> None:
    place = ' {| oa:start 2 ; oa:end 11 ; oa:exact "Siedlcach" |}'
    file = read(FACT + place + place.replace("2 ;", "3 ;").replace("11", "12") + " .")
    assert len(file.claims) == 1
    assert [place.start for place in file.claims[0].evidence] == [2, 3]


def test_a_fact_without_a_known_place_is_a_claim_without_evidence(read: Read) -> None:
    file = read(FACT + " ~ .")
    assert [claim.evidence for claim in file.claims] == [()]
    assert file.problems == ()


def test_a_claims_iri_depends_on_source_and_triple_only() -> None:
    triple = ox.Triple(term("id:a"), term("se:within"), term("id:b"))
    assert claim_iri(term("source:s"), triple) == claim_iri(term("source:s"), triple)
    assert claim_iri(term("source:t"), triple) != claim_iri(term("source:s"), triple)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (FACT + " .", "has no evidence"),
        (FACT + ' {| oa:start 2 ; oa:end 99 ; oa:exact "Siedlcach" |} .', "beyond the text, which has 31 characters"),
        (FACT + ' {| oa:start 9 ; oa:end 2 ; oa:exact "x" |} .', "hold no character"),
        (FACT + ' {| oa:start 2 ; oa:exact "x" |} .', "needs both oa:start and oa:end"),
        (FACT + ' {| oa:start "²" ; oa:end 11 ; oa:exact "x" |} .', "needs both oa:start and oa:end"),
        (FACT + ' {| oa:start 2 ; oa:end 11 ; oa:exact "Siedlce" |} .', "quotes 7 characters “Siedlce” for 9"),
        (FACT + " {| oa:start 2 ; oa:end 11 |} .", "quotes no words"),
        (FACT + ' {| oa:start 2 ; oa:end 11 ; se:abridged "Siedlcach" |} .', "abridges without one …"),
        (FACT + " {| se:claimStatus status:opinion |} .", "is asserted, so it cannot have another status"),
        (FACT + " {| oa:strat 2 |} .", "has oa:strat in its evidence"),
        (f'<< {FACT} >> oa:start 2 ; oa:end 11 ; oa:exact "Siedlcach" .', "needs one se:claimStatus"),
        ("[] se:seatIn id:siedlce ~ .", "blank node"),
        ("id:a skos:prefLabel [] .", "blank node"),
        (FACT + " {| prov:wasDerivedFrom source:other |} .", "which source of this file"),
    ],
)
def test_a_fault_is_named_with_file_and_fact(read: Read, body: str, message: str) -> None:
    file = read(body)
    assert message in messages(file)
    assert all(problem.file == "s.ttl" for problem in file.problems)


def test_a_fault_is_named_in_polish_too(read: Read) -> None:
    assert 'nie ma dowodu: dodaj {| oa:exact "słowa z tekstu" |}' in messages(read(FACT + " ."), "pl")
    bad = read(FACT + ' {| oa:start 2 ; oa:end 99 ; oa:exact "Siedlcach" |} .')
    assert "[2, 99) poza tekstem, który ma 31 znaków" in messages(bad, "pl")


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("source:s a se:Source .", "source:s · has no se:textSHA256"),
        (f'source:s a se:Source ; se:textSHA256 "{64 * "0"}" .', "has no se:textLength"),
        ("", "describes no source"),
    ],
)
def test_a_source_says_what_text_it_has(read: Read, head: str, message: str) -> None:
    assert message in messages(read("", head))


def test_offsets_need_a_text_to_count_in(read: Read) -> None:
    file = read(
        FACT + ' {| oa:start 2 ; oa:end 11 ; oa:exact "Siedlcach" |} .',
        "source:s a se:Source ; se:textUnavailable true .",
    )
    assert "its source has no se:textSHA256 to count them in" in messages(file)


def test_words_may_be_quoted_without_offsets_when_the_text_is_not_at_hand(read: Read) -> None:
    body = FACT + ' {| oa:exact "Siedlcach" |} .'
    assert read(body, "source:s a se:Source ; se:textUnavailable true .").problems == ()
    assert "has no place in the text yet: “kgraph check --fix” writes it" in messages(read(body))


def test_a_long_quote_is_refused(read: Read) -> None:
    head = f'source:s a se:Source ; se:textSHA256 "{64 * "0"}" ; se:textLength 100 .'
    file = read(FACT + f' {{| oa:start 0 ; oa:end 61 ; oa:exact "{61 * "x"}" |}} .', head)
    assert "quotes more than 60 characters" in messages(file)


def test_quotes_are_compared_with_the_text(read: Read) -> None:
    right = read(FACT + ' {| oa:start 2 ; oa:end 11 ; oa:exact "Siedlcach" |} .')
    wrong = read(FACT + ' {| oa:start 3 ; oa:end 12 ; oa:exact "Siedlcach" |} .')
    assert check_text([right], "t.txt", TEXT) == []
    assert "quotes “Siedlcach”, the text has “iedlcach ”" in str(check_text([wrong], "t.txt", TEXT)[0])
    assert "cytuje „Siedlcach”" in lines(check_text([wrong], "t.txt", TEXT), "pl")[0]


def test_abridged_quotes_are_compared_at_both_ends(read: Read) -> None:
    right = read(FACT + ' {| oa:start 2 ; oa:end 18 ; se:abridged "Siedlcach … działa" |} .')
    wrong = read(FACT + ' {| oa:start 2 ; oa:end 18 ; se:abridged "Siedlcach … działają" |} .')
    assert check_text([right], "t.txt", TEXT) == []
    assert len(check_text([wrong], "t.txt", TEXT)) == 1


def test_a_text_with_another_hash_is_nobodys(read: Read) -> None:
    [problem] = check_text([read("")], "t.txt", TEXT + "\n")
    assert str(problem).startswith("t.txt · no source has a text with this SHA-256")
    assert check_text([read("")], "t.txt", TEXT) == []


def test_the_length_of_a_text_is_compared(read: Read) -> None:
    file = read("", HEAD.replace(f"se:textLength {len(TEXT)}", "se:textLength 99"))
    [problem] = check_text([file], "t.txt", TEXT)
    assert str(problem) == "s.ttl · source:s · says se:textLength 99, the text has 31 characters; correct the number"


def test_a_file_may_begin_with_a_byte_order_mark(read: Read, tmp_path: Path) -> None:
    whole = read(FACT + " ~ .")
    path = tmp_path / "s.ttl"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert turtle.read(path) == whole


def test_an_end_before_the_start_is_one_fault(read: Read) -> None:
    file = read(FACT + ' {| oa:start 11 ; oa:end 2 ; oa:exact "Siedlcach" |} .')
    [problem] = file.problems
    assert "[11, 2), which hold no character" in problem.message
    assert not [quad for quad in claims.quads(file) if quad.predicate == term("oa:start")]
    assert check_text([file], "t.txt", TEXT) == []


def test_a_source_in_two_files_is_named_with_both() -> None:
    [problem] = described_twice(
        [("a.ttl", "https://w3id.org/sekg/source/s"), ("b.ttl", "https://w3id.org/sekg/source/s")]
    )
    assert problem.file == "b.ttl" and "a.ttl describes this source too" in problem.message


def test_a_value_is_written_as_turtle_writes_it() -> None:
    assert said(ox.Literal("2018-03-22", datatype=term("xsd:date"))) == '"2018-03-22"^^xsd:date'
    assert said(ox.Literal("coop", language="en")) == '"coop"@en'
    assert said(ox.Literal("plain")) == '"plain"'


def test_broken_turtle_is_refused_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("PREFIX id: <http://x/>\nid:a id:b .\n", encoding="utf-8")
    with pytest.raises(BadData, match=r"broken\.ttl:2:\d+ · the value after id:b is missing"):
        turtle.read(path)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.ttl"
    path.write_bytes("# Spółdzielnia".encode("iso-8859-2"))
    with pytest.raises(BadData, match="not UTF-8 at byte"):
        turtle.read(path)


DATE = "id:signing se:date "


def linked(*files: SourceFile) -> tuple[list[ox.Quad], list[Problem]]:
    """The links between claims of the files, and the problems of unresolved links."""
    claims = [claim for file in files for claim in file.claims]
    links = [(file.name, link) for file in files for link in links_of(file.claims)]
    return link(links, lambda triple: [(claim.iri, claim.source) for claim in claims if claim.triple == triple])


def test_a_refinement_links_the_claims_of_two_sources(read: Read) -> None:
    first = read(DATE + '"--03-22"^^xsd:gMonthDay ~ .')
    second = read(
        DATE + '"2018-03-22"^^xsd:date {| se:refines <<( id:signing se:date "--03-22"^^xsd:gMonthDay )>> |} .',
        "source:t a se:Source ; se:textUnavailable true .",
    )
    quads, problems = linked(first, second)
    assert [(q.subject, q.predicate, q.object) for q in quads] == [
        (second.claims[0].iri, term("se:refines"), first.claims[0].iri)
    ]
    assert problems == []


def test_a_contradiction_holds_both_ways(read: Read) -> None:
    first = read(DATE + '"2018"^^xsd:gYear ~ .')
    second = read(
        DATE + '"2019"^^xsd:gYear {| se:contradicts <<( id:signing se:date "2018"^^xsd:gYear )>> |} .',
        "source:t a se:Source ; se:textUnavailable true .",
    )
    assert len(linked(first, second)[0]) == 2


@pytest.mark.parametrize("link", ["se:differsInTime", "se:listsDiffer"])
def test_that_two_claims_differ_and_both_hold_is_said_both_ways(read: Read, link: str) -> None:
    first = read("id:bakery se:carriesOut activity:baking ~ .")
    second = read(
        f"id:bakery se:carriesOut activity:milling {{| {link} <<( id:bakery se:carriesOut activity:baking )>> |}} .",
        "source:t a se:Source ; se:textUnavailable true .",
    )
    assert [quad.predicate for quad in linked(first, second)[0]] == [term(link), term(link)]
    assert "is said to differ from" in str(linked(second)[1][0])


def test_a_refinement_of_nothing_is_a_problem(read: Read) -> None:
    file = read(DATE + '"2018-03-22"^^xsd:date {| se:refines <<( id:signing se:date "--03-22"^^xsd:gMonthDay )>> |} .')
    assert "which no other source says" in str(linked(file)[1][0])
    assert "uściśla" in lines(linked(file)[1], "pl")[0]


def test_the_head_of_a_new_source_keeps_an_address_as_it_is() -> None:
    assert "rdfs:seeAlso <https://example.org/NAME/WORDING> ;" in head.head(
        "https://example.org/NAME/WORDING", "s", None
    )
