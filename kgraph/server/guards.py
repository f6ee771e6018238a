"""What is refused before a query is evaluated: too long, too deep, not UTF-8, or reaching for other machines.

The worker that evaluates can open no file and no socket whatever a query says; these guards give the clear answer.
"""

import re
from collections.abc import Iterator, Mapping

from kgraph.base.vocab import PREFIXES
from kgraph.errors import BadQuery, Forbidden, LimitExceeded
from kgraph.server.pool.limits import Limits

ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<string>'{3}(?:[^'\\]|(?!'{3})'|\\.)*+'{3} | "{3}(?:[^"\\]|(?!"{3})"|\\.)*+"{3}
              | (?!'{3})'(?:[^'\\\n\r]|\\.)*+' | (?!"{3})"(?:[^"\\\n\r]|\\.)*+")
  | (?P<unclosed>['"].*+)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<name>[?$@]\w+ | (?:[^\W\d][\w.-]*+)?:(?:[\w:.%-]|\\.)*+)
  | (?P<word>[^\W\d][\w.-]*+)
  | (?P<open>[({[])
  | (?P<close>[)}\]])
  | (?P<space>\s+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

"""Each character is read once, whatever the text is: a quote that is not closed goes on to the end."""

Token = tuple[str, str, int]
"""What it is, its text, and where it begins."""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of SPARQL text, comments and spaces left out."""
    for found in TOKEN.finditer(text):
        if found.lastgroup not in ("comment", "space"):
            yield str(found.lastgroup), found[0], found.start()


def sources(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The graphs of a query's FROM and of its FROM NAMED; none at all when one of them is not a whole IRI or CURIE."""
    prefixes = dict(PREFIXES)
    default: list[str | None] = []
    named: list[str | None] = []
    found = list(tokens(text)) if "from" in text.lower() else []
    for (_, before, _), (kind, word, _), (_, after, _) in zip(found, found[1:], found[2:], strict=False):
        if before.upper() == "PREFIX" and kind == "name":
            prefixes[word[:-1]] = after[1:-1]
        elif before.upper() == "FROM":
            names, graph = (named, after) if word.upper() == "NAMED" else (default, word)
            names.append(_whole(graph, prefixes))
        elif word == "{":
            break
    return ((), ()) if None in (*default, *named) else (tuple(filter(None, default)), tuple(filter(None, named)))


def _whole(name: str, prefixes: Mapping[str, str]) -> str | None:
    if name.startswith("<"):
        return name[1:-1] if ":" in name else None
    prefix, _, local = name.partition(":")
    return prefixes[prefix] + local if prefix in prefixes and "\\" not in local else None


def federates(text: str) -> bool:
    """Whether a query asks another endpoint, by SERVICE wherever it stands; a word in a string does not count."""
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
    """The text with its codepoint escapes resolved, as SPARQL wants it first, and neither too long nor too deep."""
    if len(text) > limits.text:
        raise LimitExceeded(f"the query has {len(text)} characters; at most {limits.text} are taken")
    plain = ESCAPED.sub(_character, text)
    depth = 0
    for kind, _, start in tokens(plain):
        depth += (kind == "open") - (kind == "close")
        if kind == "unclosed":
            raise BadQuery(f"the quote that begins at line {_line(plain, start)} is not closed")
        if depth > limits.depth:
            most = f"at most {limits.depth} brackets may be open at once"
            raise BadQuery(f"nested too deeply at line {_line(plain, start)}: {most}")
    return plain


def _line(text: str, start: int) -> int:
    return text.count("\n", 0, start) + 1


def _character(found: re.Match[str]) -> str:
    number = int(found[1] or found[2], 16)
    if 0xD800 <= number < 0xE000 or number > 0x10FFFF:
        raise BadQuery(f"{found[0]} is not a character")
    return chr(number)


def is_keyword(word: str, token: Token) -> bool:
    """Whether a token is, or might be taken for, a keyword: parsers differ in `true.SERVICE` and `SERVICE:a`."""
    kind, text, _ = token
    return (kind == "word" and word in text.lower()) or (
        kind == "name" and text[0] not in "?$@_" and text.partition(":")[0].lower() == word
    )


def _is_hidden(word: str, text: str) -> bool:
    """Whether an update has a keyword where the tokens do not show it, as `?a<b:c#>'''` can hide one."""
    if word not in text.lower():
        return False
    from rdflib.plugins.sparql.parser import parseUpdate

    try:
        return {"service": "ServiceGraphPattern", "load": "Load"}[word] in repr(parseUpdate(text))
    except Exception:  # what rdflib cannot read is not carried out when the word stands anywhere in it
        return True
