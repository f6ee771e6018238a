"""SPARQL queries: bound terms, prefixes, parameters, errors and result formats."""

import json
from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kgraph.base.vocab import term
from kgraph.errors import BadQuery
from kgraph.rdf import sparql

StoreOf = Callable[..., ox.Store]
FACTS = 'id:a skos:prefLabel "Żółw | x"@pl ; se:within id:b . id:b skos:prefLabel "B"@en ; se:numberOfSignatories 5 .'


@pytest.fixture
def small(store_of: StoreOf) -> ox.Store:
    return store_of(FACTS)


def answers(result: sparql.Result) -> list[tuple[str | None, ...]]:
    assert isinstance(result, ox.QuerySolutions)
    return [tuple(value and value.value for value in row) for row in sparql.rows(result)]


def test_known_prefixes_may_be_left_out(small: ox.Store) -> None:
    assert answers(sparql.run(small, "SELECT ?b { id:a se:within ?b }")) == [(term("id:b").value,)]


def test_a_projected_variable_is_bound(small: ox.Store) -> None:
    rows = answers(sparql.run(small, "SELECT ?a ?b { ?a se:within ?b }", a=term("id:a")))
    assert rows == [(term("id:a").value, term("id:b").value)]


def test_a_values_default_is_replaced_and_may_take_several(small: ox.Store) -> None:
    text = "SELECT ?name { VALUES ?thing { id:a } ?thing skos:prefLabel ?name } ORDER BY ?name"
    assert answers(sparql.run(small, text)) == [("Żółw | x",)]
    assert answers(sparql.run(small, text, thing=term("id:b"))) == [("B",)]
    assert answers(sparql.run(small, text, thing=[term("id:a"), term("id:b")])) == [("B",), ("Żółw | x",)]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('SELECT ?x { VALUES ?x { "a}b" } }', "q"),
        ("SELECT ?x { VALUES ?x { 'it\\'s }' } }", "q"),
        ('SELECT ?x { VALUES ?x { """a "}" b""" } }', "q"),
        ('SELECT ?x { VALUES ?x { "2018}"^^xsd:string } }', "q"),
        ("SELECT ?x { VALUES ?x { <https://example.org/#%7D> } }", "q"),
        ("SELECT ?x { VALUES ?x { 1 # the default }\n } }", "q"),
        ('SELECT ?x { BIND("VALUES ?x { 1 }" AS ?x) }', "VALUES ?x { 1 }"),
        ("# VALUES ?x { 1 }\nSELECT ?x { VALUES ?x { 2 } }", "q"),
    ],
)
def test_a_default_may_hold_a_brace(text: str, answer: str) -> None:
    store = ox.Store()
    given = {"x": ox.Literal("q")} if answer == "q" else {}
    assert answers(sparql.run(store, text, **given)) == [(answer,)]
    assert len(sparql.defaults(text)) == len(given)


def test_a_query_of_many_open_braces_is_read_in_no_time() -> None:
    assert sparql.defaults("VALUES ?x { 'a' # b\n" * 20_000) == {}


def test_a_value_that_looks_like_a_parameter_is_not_filled_in(small: ox.Store) -> None:
    text = "SELECT ?one ?two { VALUES ?one { UNDEF } VALUES ?two { UNDEF } }"
    hostile = ox.Literal("VALUES ?two { 1 } } # VALUES ?one { 2 }")
    answer = [
        (hostile.value, '"} id:a'),
    ]
    assert answers(sparql.run(small, text, one=hostile, two=ox.Literal('"} id:a'))) == answer
    assert answers(sparql.run(small, text, two=ox.Literal('"} id:a'), one=hostile)) == answer


def test_a_bound_term_cannot_break_out_of_its_place(small: ox.Store) -> None:
    text = 'SELECT ?thing { VALUES ?name { "" } ?thing skos:prefLabel ?label FILTER(STR(?label) = ?name) }'
    evil = '" } ?thing ?p ?o } #'
    assert answers(sparql.run(small, text, name=ox.Literal(evil))) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the query is empty"),
        ("SELECT * { ?s ?p", "near line 1, column 17"),
        ("SELECT * {\n  ?s xx:p ?o }", "unknown prefix 'xx'"),
        ("INSERT DATA { id:a id:b id:c }", "this is an update"),
        ("SELECT * { <x y> ?p ?o }", "not valid SPARQL"),
        ("SELECT * { <x#}> ?p ?o }", "not valid SPARQL"),
        ("PREFIX select: <x:y> # ASK\nDELETE WHERE { ?s select:p ?o }", "this is an update"),
    ],
)
def test_a_bad_query_says_where(small: ox.Store, text: str, message: str) -> None:
    with pytest.raises(BadQuery, match=message):
        sparql.run(small, text)


def test_a_caret_points_at_the_place(small: ox.Store) -> None:
    with pytest.raises(BadQuery) as caught:
        sparql.run(small, "SELECT ?s\nWHERE { ?s ?p }")
    assert str(caught.value).splitlines()[1:] == ["  WHERE { ?s ?p }", "                 ^"]


def test_a_variable_that_is_not_there(small: ox.Store) -> None:
    with pytest.raises(BadQuery, match=r"no variable \?x"):
        sparql.run(small, "SELECT ?s { ?s ?p ?o }", x=term("id:a"))


def test_any_variable_of_the_pattern_takes_values(small: ox.Store) -> None:
    def found(text: str, **terms: sparql.Value | list[sparql.Value]) -> set[str]:
        return {row[0].value for row in sparql.rows(sparql.run(small, text, **terms)) if row[0]}

    inside = found("SELECT ?s { ?s se:within ?o }", o=term("id:b"))
    assert inside == found("SELECT ?s { ?s se:within ?o }", o=[term("id:b"), term("id:none")]) == {term("id:a").value}
    assert found("SELECT ?s { ?s se:within ?o }", o=[]) == set()
    assert found("SELECT ?n { ?s se:within ?o BIND(STR(?o) AS ?n) }", n=ox.Literal("no")) == set()
    assert found("SELECT * { SELECT ?s { ?s se:within ?o } }", s=term("id:a")) == inside
    with pytest.raises(BadQuery, match=r"\?n cannot have a value here; write VALUES \?n { UNDEF }"):
        sparql.run(small, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", n=ox.Literal(1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id:mcps", ox.NamedNode("https://w3id.org/sekg/id/mcps")),
        ("<https://example.org/a>", ox.NamedNode("https://example.org/a")),
        ("https://example.org/a", ox.NamedNode("https://example.org/a")),
        ("2018", ox.Literal(2018)),
        ("2018-03-22", ox.Literal("2018-03-22", datatype=term("xsd:date"))),
        ('"Siedlce"@pl', ox.Literal("Siedlce", language="pl")),
        ('"2018-03-22"^^xsd:date', ox.Literal("2018-03-22", datatype=term("xsd:date"))),
        ("Siedlce", ox.Literal("Siedlce")),
        ("", ox.Literal("")),
    ],
)
def test_a_term_as_people_write_it(text: str, expected: sparql.Value) -> None:
    assert sparql.parse_term(text) == expected


@pytest.mark.parametrize("text", ["zz:a", "<not an iri>", '"2018"^^xx:y', '"a" . id:x id:y id:z'])
def test_a_term_that_is_none(text: str) -> None:
    with pytest.raises(BadQuery):
        sparql.parse_term(text)


@pytest.mark.parametrize("text", ["novalue", "=x", "a b=x"])
def test_a_parameter_needs_a_name_and_a_value(text: str) -> None:
    with pytest.raises(BadQuery, match="is not name=value"):
        sparql.parameter(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("14.09.2020", "is neither a number nor a day such as 2018-03-22"),
        ("2020-13-01", "there is no day 2020-13-01"),
        ('"a" "b"', "is not one literal"),
        ("https://not an iri", "is not an IRI"),
    ],
)
def test_a_term_that_is_none_is_told_in_one_sentence(text: str, message: str) -> None:
    with pytest.raises(BadQuery, match=message) as caught:
        sparql.parameter(f"day={text}")
    assert str(caught.value).startswith("day: ")
    assert "arser" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ASK { id:a se:b/^org:c ?d }", ["id:a", "se:b", "org:c"]),
        ("ASK { <https://w3id.org/sekg/id/a> ?p <https://example.org/b> }", ["id:a", "<https://example.org/b>"]),
        ("BASE <http://a/> PREFIX b: <c/> ASK { b:d ?p <e> }", []),
        ("# id:x\nASK { ?s ?p 'id:y', \"id:z\", id:a-b. }", ["id:a-b"]),
        ("PREFIX k: <https://w3id.org/sekg/id/> ASK { k:a ?p id:a }", ["id:a"]),
        ('ASK { ?s ?p "a \\" id:zz b", """id:y " id:z""" , id:b }', ["id:b"]),
        ("ASK { id:a.b ?p id:p%20q. }", ["id:a.b", "id:p%20q"]),
        ("PREFIX id: <https://example.org/> ASK { id:a ?p ?o }", ["<https://example.org/a>"]),
    ],
)
def test_the_terms_that_a_query_names(text: str, named: list[str]) -> None:
    assert sparql.mentioned(text) == [sparql.parse_term(name) for name in named]


def test_what_is_in_no_triple_is_unknown(small: ox.Store) -> None:
    asked = [
        "id:a",
        "id:nobody",
        "se:within",
        "se:withinn",
        "graph:facts",
        "graph:no",
        "call:distance-km",
        "xsd:date",
        "foaf:nothing",
    ]
    unknown = sparql.unknown(small, [*map(term, asked), ox.Literal("id:x")])
    assert unknown == [term("id:nobody"), term("se:withinn"), term("graph:no"), term("foaf:nothing")]


SELECT = "SELECT ?s ?name ?n { ?s skos:prefLabel ?name OPTIONAL { ?s se:numberOfSignatories ?n } } ORDER BY ?s"


def test_csv_and_ndjson_and_markdown(small: ox.Store) -> None:
    def in_form(form: str) -> str:
        return sparql.serialize(sparql.run(small, SELECT), form).decode()

    assert in_form("csv").splitlines()[1] == "https://w3id.org/sekg/id/a,Żółw | x,"
    assert [json.loads(line) for line in in_form("ndjson").splitlines()][1] == {
        "s": "https://w3id.org/sekg/id/b",
        "name": "B",
        "n": 5,
    }
    assert in_form("md").splitlines() == [
        "| s | name | n |",
        "| --- | --- | --- |",
        "| id:a | Żółw \\| x |  |",
        "| id:b | B | 5 |",
    ]


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_results_can_be_read_back(small: ox.Store, form: str) -> None:
    content = sparql.serialize(sparql.run(small, SELECT), form)
    if form != "csv":
        read = ox.parse_query_results(content, sparql.TABLES[form])
        assert isinstance(read, ox.QuerySolutions)
        assert len(list(read)) == 2
    assert b"\xc5\xbb\xc3\xb3\xc5\x82w" in content


@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld"])
def test_triples_can_be_read_back(small: ox.Store, form: str) -> None:
    content = sparql.serialize(sparql.run(small, "CONSTRUCT WHERE { ?s se:within ?o }"), form)
    triples = {quad.triple for quad in ox.parse(content, sparql.GRAPHS[form])}
    assert triples == {ox.Triple(term("id:a"), term("se:within"), term("id:b"))}


@pytest.mark.parametrize(
    ("text", "form"), [(SELECT, "ttl"), ("ASK {}", "csv"), ("CONSTRUCT WHERE { ?s ?p ?o }", "csv")]
)
def test_a_format_that_cannot_hold_the_answer(small: ox.Store, text: str, form: str) -> None:
    with pytest.raises(BadQuery, match="cannot hold this answer"):
        sparql.serialize(sparql.run(small, text), form)


def test_ndjson_has_the_numbers_and_truth_values_of_json() -> None:
    kept = ["x", "2018-03-22", "NaN", "0.1234567890123456789", "99999999999999999999", "abc", "1_0"]
    text = """SELECT ?v { VALUES ?v { 7 -1.5 1e3 true "8"^^xsd:int "x" "2018-03-22"^^xsd:date "NaN"^^xsd:double
        0.1234567890123456789 99999999999999999999 "abc"^^xsd:integer "1_0"^^xsd:double } }"""
    lines = sparql.serialize(sparql.run(ox.Store(), text), "ndjson").splitlines()
    found = [json.loads(line)["v"] for line in lines]
    assert found == [7, -1.5, 1000.0, True, 8, *kept]
    assert [type(value) for value in found[:5]] == [int, float, float, bool, int]


def test_what_cannot_be_bound_says_why(small: ox.Store) -> None:
    with pytest.raises(BadQuery, match=r"the query has no variable \?who; it has \?x, \?p$"):
        sparql.run(small, "SELECT ?x { ?x ?p '?n' }", who=ox.Literal(1))


@pytest.mark.parametrize("number", ["9223372036854775808", "-99999999999999999999999", "9999999999999999999.5"])
def test_a_number_that_the_engine_cannot_hold_is_refused(number: str) -> None:
    with pytest.raises(
        BadQuery, match="is too large a number; the largest that can be asked with is 922337203685477580"
    ):
        sparql.parse_term(number)
