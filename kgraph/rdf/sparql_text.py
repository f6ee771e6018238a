"""The tokens of SPARQL text, and its form, prefixes, IRIs, variables, parameters and graphs.

The terminals are those of https://www.w3.org/TR/sparql11-query/#sparqlGrammar.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kgraph.errors import BadQuery

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
"""Matching is linear for any text: an unclosed quotation mark matches up to the end."""

QUERIES = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"})
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
ENTRY = re.compile(r"#\+ +([a-z-]+): *(.*)")
FULL_STOP = re.compile(r"(?<!\\)\.+$")
ESCAPED_SIGN = re.compile(r"\\(.)")
CODEPOINT = re.compile(r"\\(?:\\|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
"""A codepoint escape, or an escaped backslash, after which none begins."""


class Token(NamedTuple):
    """A token: its kind (a group of TOKEN), its text, and its offset."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """A keyword in capitals; empty for a token of another kind."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of SPARQL text without comments and spaces."""
    for found in TOKEN.finditer(text):
        if found.lastgroup not in ("comment", "space"):
            yield Token(str(found.lastgroup), found[0], found.start())


def token_at(text: str, start: int) -> Token:
    """The token that begins at an offset, a comment or spaces included."""
    found = TOKEN.match(text, start)
    assert found is not None
    return Token(str(found.lastgroup), found[0], start)


def head(text: str) -> dict[str, str]:
    """The keys and values of the comments `#+ key: value`.

    >>> head("#+ asked-by: mcps\\nASK { ?s ?p '''\\n#+ no: one''' }")
    {'asked-by': 'mcps'}
    """
    comments = (found[0] for found in TOKEN.finditer(text) if found.lastgroup == "comment")
    return {found[1]: found[2] for comment in comments if (found := ENTRY.match(comment))}


def unescaped(text: str) -> str:
    r"""The text with its codepoint escapes resolved once, before any other step (§19.2).

    In a string, `\\u0142` is a backslash (ECHAR) and five letters, as every engine reads it. BadQuery for an invalid
    codepoint, and for an escape whose backslash was escaped: an engine would resolve it once more.

    >>> print(unescaped(r"ASK { ?s ?p '\u0142' }"))
    ASK { ?s ?p 'ł' }
    >>> print(unescaped(r"ASK { ?s ?p '\\u0142 \\\u0142' }"))
    ASK { ?s ?p '\\u0142 \\ł' }
    """
    if "\\" not in text:
        return text
    plain = CODEPOINT.sub(_character, text)
    if plain != text and any(found[0] != "\\\\" for found in CODEPOINT.finditer(plain)):
        raise BadQuery("write the backslash of an escaped character as it is, not as \\u005C")
    return plain


def _character(found: re.Match[str]) -> str:
    if found[0] == "\\\\":
        return found[0]
    number = int(found[1] or found[2], 16)
    if 0xD800 <= number < 0xE000 or number > 0x10FFFF:
        raise BadQuery(f"{found[0]} is not a character")
    return chr(number)


def form(text: str) -> Token | None:
    """The first keyword of QUERIES or UPDATES, which is the form of a query or update.

    >>> form("PREFIX ask: <x:y#> SELECT * { ?s a ask:b }").text
    'SELECT'
    """
    return next((token for token in tokens(text) if token.word in QUERIES | UPDATES), None)


def selects_all(text: str) -> bool:
    """Whether a query is a `SELECT *`."""
    found = iter(tokens(text))
    is_select = any(token.word == "SELECT" for token in found)
    return is_select and next((t.text for t in found if t.word not in ("DISTINCT", "REDUCED")), "") == "*"


def pattern(text: str) -> tuple[int, int] | None:
    """The start and end of the pattern of a query, between its braces; None for CONSTRUCT WHERE.

    >>> text = 'CONSTRUCT { ?s ?p "}" } WHERE { ?s ?p "2018}" }'
    >>> text[slice(*pattern(text))]
    ' ?s ?p "2018}" '
    """
    found = list(tokens(text))
    begins = next((number for number, token in enumerate(found) if token.word in QUERIES), len(found))
    pairs = list(_braces(found[begins:]))
    if pairs and found[begins].word == "CONSTRUCT":
        pairs = pairs[1:] if found[begins + 1] == pairs[0][0] else []
    return (pairs[0][0].start + 1, pairs[0][1].start) if pairs else None


def _braces(found: Iterable[Token]) -> Iterator[tuple[Token, Token]]:
    """The outermost pairs of braces that stand in no parentheses, such as those of an expression in the SELECT."""
    opening: list[Token] = []
    for token in found:
        if token.kind == "open":
            opening.append(token)
        elif token.kind == "close" and opening:
            begin = opening.pop()
            if not opening and (begin.text, token.text) == ("{", "}"):
                yield begin, token


class Parameter(NamedTuple):
    """A line `VALUES ?name { default }`: the offsets of the line and of its default."""

    name: str
    default: str
    start: int
    opening: int
    closing: int


@lru_cache(maxsize=256)
def parameters(text: str) -> tuple[Parameter, ...]:
    """The parameters of a query, in order.

    >>> [(found.name, found.default) for found in parameters('ASK { VALUES ?day { "2018}" } } # VALUES ?no { 1 }')]
    [('day', '"2018}"')]
    """
    return tuple(_parameters(text, list(tokens(text)))) if "VALUES" in text.upper() else ()


def _parameters(text: str, found: Sequence[Token]) -> Iterator[Parameter]:
    for number, (values, name) in enumerate(pairwise(found), 2):
        if values.word == "VALUES" and name.kind == "name" and name.text[0] == "?":
            begin = found[number] if number < len(found) else None
            end = next((found[at] for at in range(number + 1, len(found)) if found[at].text in ("{", "}")), None)
            if begin and end and (begin.text, end.text) == ("{", "}"):
                default = text[begin.start + 1 : end.start].strip()
                yield Parameter(name.text[1:], default, values.start, begin.start + 1, end.start)


def spliced(text: str, parts: Iterable[tuple[int, int, str]]) -> str:
    """The text with parts replaced; each part is a start, an end and its replacement, in order of position."""
    pieces, last = list[str](), 0
    for start, end, other in parts:
        pieces += text[last:start], other
        last = end
    return "".join((*pieces, text[last:]))


def _declared(found: Sequence[Token]) -> dict[str, str]:
    """The prefixes that tokens declare, with their namespaces."""
    declarations = zip(found, found[1:], found[2:], strict=False) if any(t.word == "PREFIX" for t in found) else ()
    return {
        name.text[:-1]: iri.text[1:-1]
        for before, name, iri in declarations
        if before.word == "PREFIX" and name.kind == "name" and iri.kind == "iri"
    }


def _used(found: Sequence[Token]) -> Iterator[Token]:
    """The IRIs and prefixed names outside declarations."""
    last, before = "", ""
    for token in found:
        is_declared = before in ("PREFIX", "BASE") or last == "PREFIX"
        if not is_declared and (token.kind == "iri" or (token.kind == "name" and token.text[0].isalpha())):
            yield token
        last, before = before, token.word


def curies(text: str) -> list[tuple[str, str]]:
    """The prefixed names in a query, each as its prefix and the rest.

    >>> curies("PREFIX ex: <http://a:b/> ASK { ?a:b id:mcps 'id:b' } # id:c")
    [('id', 'mcps')]
    """
    return [_parts(token) for token in _used(list(tokens(text))) if token.kind == "name"]


def _parts(token: Token) -> tuple[str, str]:
    prefix, _, name = FULL_STOP.sub("", token.text).partition(":")
    return prefix, ESCAPED_SIGN.sub(r"\1", name)


def undeclared(text: str) -> list[str]:
    """The prefixes that a query uses and does not declare, in order of first use.

    >>> undeclared("PREFIX ex: <http://ex/> ASK { ex:a se:b id:mcps, id:c }")
    ['se', 'id']
    """
    known = _declared(list(tokens(text)))
    return list(dict.fromkeys(prefix for prefix, _ in curies(text) if prefix not in known))


def iris(text: str, prefixes: Mapping[str, str]) -> list[str]:
    """The absolute IRIs in a query: first those written with a known or declared prefix, then the others.

    >>> iris("PREFIX ex: <http://ex/> ASK { <http://ex/a> ex:b id:mcps, <c> }", {"id": "http://id/"})
    ['http://ex/b', 'http://id/mcps', 'http://ex/a']
    """
    found = list(tokens(text))
    known = {**prefixes, **_declared(found)}
    used = list(_used(found))
    names = (_parts(token) for token in used if token.kind == "name")
    named = [known[prefix] + name for prefix, name in names if prefix in known]
    whole = [token.text[1:-1] for token in used if token.kind == "iri"]
    return list(dict.fromkeys(iri for iri in (*named, *whole) if ABSOLUTE.match(iri)))


def variables(text: str) -> list[str]:
    """The variables of a query in order of first use.

    >>> variables("SELECT * { ?who se:signatoryOf $agreement . ?who a ?kind }")
    ['who', 'agreement', 'kind']
    """
    return list(
        dict.fromkeys(token.text[1:] for token in tokens(text) if token.text[0] in "?$" and token.kind == "name")
    )


def computed(text: str) -> dict[str, int]:
    """The variables that a query computes, by AS, each with the offset of the first place.

    >>> computed("SELECT (count(*) AS ?n) { BIND(1 AS ?one) }")
    {'one': 36, 'n': 20}
    """
    named = [(name.text[1:], name.start) for word, name in pairwise(tokens(text)) if word.word == "AS"]
    return dict(reversed(named))


def names_without_language(text: str) -> list[str]:
    """The strings that a query gives as a name, by skos:prefLabel or rdfs:label, without a language or datatype.

    >>> names_without_language('ASK { ?a skos:prefLabel "Siedlce" . ?b rdfs:label "Siedlce"@pl ; se:address "ul. 1" }')
    ['"Siedlce"']
    """
    return [name for link, name in _plain_strings(text) if link in ("skos:prefLabel", "rdfs:label")]


def plain_strings(text: str) -> list[str]:
    """All strings of a query without a language or datatype, as written.

    >>> plain_strings('ASK { VALUES ?n { "Siedlce" } FILTER(LANG(?a) = "pl" && ?b = "ul. 1"@pl) }')
    ['"Siedlce"', '"pl"']
    """
    return [name for _, name in _plain_strings(text)]


def _plain_strings(text: str) -> Iterator[tuple[str, str]]:
    """Each string without a language or datatype, after the token before it."""
    found = list(tokens(text))
    for before, one, after in zip(found, found[1:], [*found[2:], None], strict=False):
        if one.kind == "string" and (after is None or after.text[0] not in "@^"):
            yield before.text, one.text


def graphs(text: str, prefixes: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The graphs of FROM and of FROM NAMED; two empty tuples when one is no absolute IRI and no known CURIE.

    >>> graphs("SELECT * FROM <x:a> FROM NAMED id:b { ?s ?p ?o }", {"id": "http://id/"})
    (('x:a',), ('http://id/b',))
    """
    if "from" not in text.lower():
        return (), ()
    default: list[str | None] = []
    named: list[str | None] = []
    found = list(tokens(text))
    known = {**prefixes, **_declared(found)}
    for before, one, after in zip(found, found[1:], found[2:], strict=False):
        if before.word == "FROM":
            names, graph = (named, after) if one.word == "NAMED" else (default, one)
            names.append(_whole(graph.text, known))
        elif one.text == "{":
            break
    return ((), ()) if None in (*default, *named) else (tuple(filter(None, default)), tuple(filter(None, named)))


def _whole(name: str, prefixes: Mapping[str, str]) -> str | None:
    if name.startswith("<"):
        return name[1:-1] if ":" in name else None
    prefix, _, local = name.partition(":")
    return prefixes[prefix] + local if prefix in prefixes and "\\" not in local else None
