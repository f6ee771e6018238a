"""Bounds on text before the engine parses it: length and nesting of SPARQL, entities of RDF/XML, nesting of JSON-LD.

The engine's parsers recurse into each bracket, and a process whose stack is full ends at once.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from mmap import mmap

from kgraph.errors import BadQuery, LimitExceeded
from kgraph.rdf.sparql_text import Token, tokens, unescaped

LENGTH = 8 * 1024**2
"""The most characters of a query of one's own; a server takes fewer."""

DEPTH = 128
"""The most nested brackets of a query."""

QUOTE = re.compile("['\"]")

JSON_DEPTH = 500
"""The most nested brackets of JSON-LD."""

JSON_PART = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
"""A JSON string (RFC 8259, section 7) or a bracket; possessive, so that an open quote costs no backtracking."""

STEPS = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}

DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
"""XML declarations that can name other files, or expand a short text to a huge one."""


def bounded(text: str, length: int = LENGTH, depth: int = DEPTH) -> str:
    """A query with its codepoint escapes resolved (SPARQL 1.1, section 19.2).

    Raises LimitExceeded when it is too long, BadQuery when it is nested too deeply or has an open quote.
    """
    if len(text) > length:
        raise LimitExceeded(f"the query has {len(text)} characters; at most {length} are taken")
    plain = unescaped(text)
    if not QUOTE.search(plain) and sum(map(plain.count, "({[")) <= depth:
        return plain  # neither can be wrong
    for token, opened in depths(tokens(plain)):
        if token.kind == "unclosed" or opened > depth:
            line = plain.count("\n", 0, token.start) + 1
            if token.kind == "unclosed":
                raise BadQuery(f"the quote that begins at line {line} is not closed")
            raise BadQuery(f"nested too deeply at line {line}: at most {depth} brackets may be open at once")
    return plain


def check(text: str) -> None:
    """Raise what `bounded` raises for a text that is too long or may be nested too deeply; quick for any other."""
    plain = unescaped(text)
    if len(text) > LENGTH or sum(map(plain.count, "([{")) > DEPTH:
        bounded(text)


def depths(found: Iterable[Token]) -> Iterator[tuple[Token, int]]:
    """Tokens, each with the number of brackets that are open after it."""
    depth = 0
    for token in found:
        depth += (token.kind == "open") - (token.kind == "close")
        yield token, depth


def has_entities(xml: bytes | mmap) -> bool:
    """Whether RDF/XML declares a document type or entities."""
    return DECLARATION.search(xml) is not None


def is_too_deep(json: bytes | mmap) -> bool:
    """Whether JSON-LD has more than JSON_DEPTH brackets open at once."""
    steps = (STEPS.get(found[0], 0) for found in JSON_PART.finditer(json))
    return any(depth > JSON_DEPTH for depth in accumulate(steps))
