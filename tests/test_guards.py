"""Checks of a query text before evaluation: linear time, quoted strings, and line numbers of errors."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from timeit import timeit

import pyoxigraph as ox
import pytest

import kgraph
from kgraph.errors import BadQuery, Forbidden, LimitExceeded
from kgraph.rdf import bounds, sparql, sparql_text
from kgraph.server import guards
from kgraph.server.pool.limits import Limits

PIECES = ["'\\", '"\\', "'''\\'", '"""\\"', "'''\\", "'", "\"'", "'a\\\n", "<a", ":\\"]
QUOTED = ["''", "'a\\'b'", '"a\'b"', "'''a'b''c\nd'''", '"""a\\""" b"""', "'''a\\'''b'''", '""', "'#<'"]


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this thread; `timeit` keeps the garbage of earlier tests from being collected meanwhile."""
    return timeit(work, timer=time.thread_time, number=1)


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (64_000 // len(piece))
    assert cpu_seconds(lambda: list(sparql_text.tokens(text))) < 0.5
    assert cpu_seconds(lambda: sparql_text.iris(text, {})) < 0.5
    assert cpu_seconds(lambda: sparql_text.parameters(text)) < 0.5


@pytest.mark.parametrize("text", QUOTED)
def test_a_string_is_one_token_and_is_masked(text: str) -> None:
    assert [(kind, found) for kind, found, _ in sparql_text.tokens(f"?a {text} service")][1:] == [
        ("string", text),
        ("word", "service"),
    ]
    assert sparql_text.variables(f"?a {text} ?b") == ["a", "b"]


@pytest.mark.parametrize("quote", ["'", '"', "'''", '"""'])
def test_a_quote_that_is_not_closed_is_said_with_its_line(quote: str) -> None:
    with pytest.raises(BadQuery, match="the quote that begins at line 2 is not closed"):
        guards.sized(f'ASK {{ ?s ?p "a" ;\n ?q {quote}it\n }}', Limits())


@pytest.mark.parametrize("opening", ["{", "(", "[", "\\u007B"])
def test_the_package_refuses_what_the_engine_would_crash_on(opening: str) -> None:
    with pytest.raises(BadQuery, match="nested too deeply at line 1"):
        sparql.run(ox.Store(), f"ASK {opening * 3000}")
    with pytest.raises(LimitExceeded, match="characters; at most"):
        sparql.run(ox.Store(), "ASK {} #" + "x" * bounds.LENGTH)


@pytest.mark.slow
def test_python_is_safe_from_what_the_engine_would_crash_on() -> None:
    graph = kgraph.open("data/sekg.ttl")
    with pytest.raises(BadQuery, match="nested too deeply at line 1"):
        kgraph.query(graph, f"ASK {'{' * 3000}{'}' * 3000}")
    assert kgraph.query(graph, f"ASK {{ FILTER({'+'.join(['1'] * 10_000)} > 0) }}")


def test_many_brackets_side_by_side_are_no_nesting() -> None:
    assert sparql.run(ox.Store(), f"ASK {{ {'FILTER(1 = 1) ' * 1000} }}")


def test_an_escaped_quote_in_a_name_begins_no_string() -> None:
    assert guards.sized("ASK { ?s ex:it\\'s 1 }", Limits())
    assert sparql.bind("ASK { ?s ex:it\\'s ?o }", {"s": ox.NamedNode("x:y")}).endswith("ex:it\\'s ?o }")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\\u0041"', r"\u0041"),
        (r'"\\\u0041"', r"\A"),
        (r'"\\\\u0041"', r"\\u0041"),
        (r"'''\\U0001F600'''", r"\U0001F600"),
        (r'"\\uD800"', r"\uD800"),
        (r'"\u005C\u005Cu0041"', r"\u0041"),
        (r'"\u0041\u0142"', "Ał"),
    ],
)
def test_an_escaped_backslash_begins_no_codepoint(text: str, value: str) -> None:
    """The engine gives the value that the text has by SPARQL 1.1, sections 19.2 and 19.7."""
    rows = ox.Store().query(guards.sized(f"SELECT ({text} AS ?x) {{}}", Limits()))
    assert isinstance(rows, ox.QuerySolutions)
    assert [row["x"] for row in rows] == [ox.Literal(value)]


@pytest.mark.parametrize("text", [r'"\u005Cu0041"', r"\u005Cu0053ERVICE <x:y> {}", r'"\u005C\\u0041"'])
def test_no_escape_is_resolved_twice(text: str) -> None:
    with pytest.raises(BadQuery, match="backslash"):
        guards.sized(f"SELECT ({text} AS ?x) {{}}", Limits())


HIDDEN = [
    "INSERT { <a:a> <a:b> 1 } WHERE { FILTER(?a<b:c#>'''\n)SERVICE<x:y>{?s ?p ?o}#'''\n}",
    "INSERT { <a:a> <a:b> 1 } WHERE { FILTER(?a<b:c#>{\n?x<d:e#>'''\n)SERVICE<x:y>{?s ?p ?o}#'''\n}",
    "INSERT { <a:a> <a:b> 1 } WHERE { FILTER(?a<b:'>SERVICE<x:y>{?s ?p ?o}#'\n) }",
]


@pytest.mark.parametrize("text", [*HIDDEN, HIDDEN[0] + "#" * 30_000])
def test_a_keyword_that_another_reading_shows_is_refused(text: str) -> None:
    with pytest.raises((Forbidden, BadQuery)):
        guards.update(text, Limits())


def test_a_word_in_a_string_is_no_keyword_and_costs_little() -> None:
    """5,000 triples whose texts name a service, and rows with IRIs that have a fragment."""
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    facts = "\n".join(f'<x:{number}> {label} """a service\nof loads""" .' for number in range(5000))
    rows = f"({label} {label})"
    limits = replace(Limits(), text=2**24)
    for text in (f"INSERT DATA {{ {facts} }}", f"INSERT {{ {facts} }} WHERE {{ VALUES (?a ?b) {{ {rows} }} }}"):
        assert guards.update(text, limits) == text
        assert cpu_seconds(partial(guards.update, text, limits)) < 2
