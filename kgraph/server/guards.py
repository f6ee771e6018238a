"""Checks of a query before evaluation: calls to other machines, and the bounds of `rdf/bounds.py`.

The worker can open no file and no socket anyway; these checks give a clear error.
"""

from kgraph.errors import Forbidden
from kgraph.rdf import bounds
from kgraph.rdf.sparql_text import Token, tokens
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
    """The text with its codepoint escapes resolved; raises LimitExceeded or BadQuery, as `bounds.bounded` does."""
    return bounds.bounded(text, limits.text, limits.depth)


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
