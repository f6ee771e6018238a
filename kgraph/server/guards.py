"""Checks of a query before evaluation: calls to other machines, and the bounds of `rdf/bounds.py`.

The worker can open no file and no socket anyway; these checks give a clear error.
"""

import re
from collections.abc import Iterable, Iterator

from kgraph.errors import BadQuery, Forbidden
from kgraph.rdf import bounds
from kgraph.rdf.sparql_text import Token, token_at, tokens
from kgraph.server.pool.limits import Limits

AMBIGUOUS = re.compile("[#']")
"""The signs in `<…>` that begin a comment or a string when `<` is an operator."""

DOUBTFUL, READINGS = 20_000, 8
"""The most characters of a text with several readings that rdflib is asked about, and how often each may be read."""


def federates(text: str) -> bool:
    """Whether a query has the keyword SERVICE."""
    return "service" in text.lower() and _is_shown("service", text)


def update(text: str, limits: Limits) -> str:
    """The text of an update that may be carried out; raises LimitExceeded, BadQuery or Forbidden."""
    plain = sized(text, limits)
    for word, sentence in (
        ("service", "this endpoint asks no other: SERVICE is not possible here"),
        ("load", "LOAD is not possible here; send the triples themselves, to /store or with INSERT DATA"),
    ):
        if word in plain.lower() and (_is_shown(word, plain) or _is_hidden(word, plain)):
            raise Forbidden(sentence)
    return plain


def sized(text: str, limits: Limits) -> str:
    """The text with its codepoint escapes resolved; raises LimitExceeded or BadQuery, as `bounds.bounded` does."""
    return bounds.bounded(text, limits.text, limits.depth)


def is_keyword(word: str, token: Token) -> bool:
    """Whether a parser may take a token for a keyword: parsers differ on `true.SERVICE` and `SERVICE:a`."""
    kind, text, _ = token
    return (kind == "word" and word in text.lower()) or (
        kind == "name" and text[0] not in "?$@_" and text.partition(":")[0].lower() == word
    )


def _is_shown(word: str, text: str) -> bool:
    return any(is_keyword(word, token) for token in tokens(text))


def _is_hidden(word: str, text: str) -> bool:
    """Whether a keyword that our tokens do not show is one for a parser, such as one hidden by `?a<b:c#>'''`.

    rdflib decides, which is slow; it is asked about short texts that have another reading, and longer ones are refused.
    """
    start = next(_doubtful(tokens(text)), None)
    if start is None or not any(is_keyword(word, token) for token in _readings(text, start)):
        return False
    if len(text) > DOUBTFUL:
        return True
    from rdflib.plugins.sparql.parser import parseUpdate

    try:
        return {"service": "ServiceGraphPattern", "load": "Load"}[word] in repr(parseUpdate(text))
    except Exception:  # what rdflib cannot read is not carried out when another reading has the word
        return True


def _doubtful(found: Iterable[Token]) -> Iterator[int]:
    """The offsets of `<…>` that may be an operator and the start of a comment or a string.

    An operator stands after an operand and directly in parentheses: in all other places `<` begins an IRI.
    """
    brackets, before = [""], Token("other", "", 0)
    for token in found:
        is_operand = before.kind not in ("open", "other") or before.text.isdigit()
        if token.kind == "iri" and is_operand and brackets[-1] == "(" and AMBIGUOUS.search(token.text):
            yield token.start
        if token.kind == "open":
            brackets.append(token.text)
        elif token.kind == "close" and len(brackets) > 1:
            brackets.pop()
        before = token


def _readings(text: str, start: int) -> Iterator[Token]:
    """The tokens of all readings of a text from an offset on, each once; BadQuery when the readings are too many."""
    waiting, seen, left = [start], set[int](), READINGS * len(text)
    while waiting:
        at = waiting.pop()
        while at < len(text) and at not in seen:
            seen.add(at)
            token = token_at(text, at)
            yield token
            if token.kind == "iri" and AMBIGUOUS.search(token.text):
                waiting.append(at + 1)
            at, left = at + len(token.text), left - len(token.text)
            if left < 0:
                raise BadQuery("the text can be read in too many ways; put spaces around the operator <")
