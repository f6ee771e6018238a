"""Checks of a query before evaluation: length, nesting, quotes, and calls to other machines.

The worker can open no file and no socket anyway; these checks give a clear error.
"""

from collections.abc import Iterable, Iterator

from kgraph.errors import BadQuery, Forbidden, LimitExceeded
from kgraph.rdf.sparql_text import Token, tokens, unescaped
from kgraph.server.pool.limits import Limits


def federates(text: str) -> bool:
    """Whether a query has the keyword SERVICE."""
    return "service" in text.lower() and any(is_keyword("service", token) for token in tokens(text))


def update(text: str, limits: Limits) -> str:
    """The text of an update that may be carried out; raises LimitExceeded, BadQuery or Forbidden."""
    plain = sized(text, limits)
    for word, sentence in (
        ("service", "this endpoint asks no other: SERVICE is not possible here"),
        ("load", "LOAD is not possible here; send the triples themselves, to /store or with INSERT DATA"),
    ):
        if any(is_keyword(word, token) for token in tokens(plain)) or _is_hidden(word, plain):
            raise Forbidden(sentence)
    return plain


def sized(text: str, limits: Limits) -> str:
    """The text with its codepoint escapes resolved (SPARQL 1.1, section 19.2), neither too long nor too deep."""
    if len(text) > limits.text:
        raise LimitExceeded(f"the query has {len(text)} characters; at most {limits.text} are taken")
    plain = unescaped(text)
    for token, depth in depths(tokens(plain)):
        if token.kind == "unclosed" or depth > limits.depth:
            line = plain.count("\n", 0, token.start) + 1
            if token.kind == "unclosed":
                raise BadQuery(f"the quote that begins at line {line} is not closed")
            raise BadQuery(f"nested too deeply at line {line}: at most {limits.depth} brackets may be open at once")
    return plain


def depths(found: Iterable[Token]) -> Iterator[tuple[Token, int]]:
    """Tokens, each with the number of brackets that are open after it."""
    depth = 0
    for token in found:
        depth += (token.kind == "open") - (token.kind == "close")
        yield token, depth


def is_keyword(word: str, token: Token) -> bool:
    """Whether a parser may take a token for a keyword: parsers differ on `true.SERVICE` and `SERVICE:a`."""
    kind, text, _ = token
    return (kind == "word" and word in text.lower()) or (
        kind == "name" and text[0] not in "?$@_" and text.partition(":")[0].lower() == word
    )


def _is_hidden(word: str, text: str) -> bool:
    """Whether rdflib finds a keyword that our tokens do not show, such as one hidden by `?a<b:c#>'''`."""
    if word not in text.lower():
        return False
    from rdflib.plugins.sparql.parser import parseUpdate

    try:
        return {"service": "ServiceGraphPattern", "load": "Load"}[word] in repr(parseUpdate(text))
    except Exception:  # what rdflib cannot read is not carried out when the word stands anywhere in it
        return True
