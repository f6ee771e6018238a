"""Triples as numbers: what their terms say."""

import pyoxigraph as ox
import pytest

from kgraph.rdf import encoding


@pytest.mark.parametrize("text", ["Żółty", 'a "b" \\ c', "\t\n\r\b\f\x00\x7f'/", "\\u0041", "\U0001f600", ""])
def test_a_literal_is_read_as_it_was_written(text: str) -> None:
    assert encoding.literal(str(ox.Literal(text)).encode()) == (text, "")
    assert encoding.literal(str(ox.Literal(text, language="pl")).encode()) == (text, "pl")
    assert encoding.literal(str(ox.Literal(text, datatype=ox.NamedNode("x:y"))).encode()) == (text, "")


def test_all_escapes_of_n_triples_are_read() -> None:
    assert encoding.literal(rb'"\t\b\n\r\f\"\'\\ \u0141\U0001F600"@pl') == ("\t\b\n\r\f\"'\\ Ł\U0001f600", "pl")
