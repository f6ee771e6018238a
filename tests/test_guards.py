"""Checks of a query text before evaluation: linear time, quoted strings, and line numbers of errors."""

import time

import pyoxigraph as ox
import pytest

import kgraph
from kgraph.errors import BadQuery, LimitExceeded
from kgraph.rdf import bounds, endpoint, sparql, sparql_text
from kgraph.server import guards
from kgraph.server.pool.limits import Limits

PIECES = ["'\\", '"\\', "'''\\'", '"""\\"', "'''\\", "'", "\"'", "'a\\\n", "<a", ":\\"]
QUOTED = ["''", "'a\\'b'", '"a\'b"', "'''a'b''c\nd'''", '"""a\\""" b"""', "'''a\\'''b'''", '""', "'#<'"]


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (64_000 // len(piece))
    started = time.process_time()
    list(sparql_text.tokens(text))
    sparql_text.iris(text, {})
    sparql_text.parameters(text)
    assert time.process_time() - started < 1


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


def test_python_is_safe_from_what_the_engine_would_crash_on() -> None:
    graph = kgraph.open("data/sekg.ttl")
    with pytest.raises(BadQuery, match="nested too deeply at line 1"):
        kgraph.query(graph, f"ASK {'{' * 3000}{'}' * 3000}")
    assert kgraph.query(graph, f"ASK {{ FILTER({'+'.join(['1'] * 16_000)} > 0) }}")


def test_many_brackets_side_by_side_are_no_nesting() -> None:
    assert sparql.run(ox.Store(), f"ASK {{ {'FILTER(1 = 1) ' * 1000} }}")


def test_an_escaped_quote_in_a_name_begins_no_string() -> None:
    assert guards.sized("ASK { ?s ex:it\\'s 1 }", Limits())
    assert endpoint.bound("ASK { ?s ex:it\\'s ?o }", {"s": ox.NamedNode("x:y")}).endswith("ex:it\\'s ?o }")
