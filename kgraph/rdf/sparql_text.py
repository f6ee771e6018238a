"""What a SPARQL text names outside of its strings and comments: prefixes, terms and variables."""

import re
from collections.abc import Mapping

OPAQUE = r"""(?sx:
      <[^<>"|^`\\\s]*>
    | '{3}(?:[^'\\]|(?!'{3})'|\\.)*+(?:'{3})? | "{3}(?:[^"\\]|(?!"{3})"|\\.)*+(?:"{3})?
    | '(?:[^'\\\n]|\\.)*+'? | "(?:[^"\\\n]|\\.)*+"?
    | \#[^\n]*
    | \\.
    )"""
"""An IRI, a string, a comment or an escaped sign, in which no word of SPARQL stands; a string may be unclosed."""

DECLARATION = re.compile(r"\b(?:PREFIX\s+([\w-]*):|BASE)\s*<([^<>\s]*)>", re.IGNORECASE)
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
CURIE = re.compile(r"(?<![\w:?$])([A-Za-z][\w-]*):((?:[\w%](?:[\w.%-]*[\w%-])?)?)")


def plain(text: str) -> str:
    """A query with blanks for its IRIs, strings and comments, each as long as what stood there.

    >>> plain("ASK { ?s ?p '{' } # {")
    'ASK { ?s ?p     }    '
    """
    return re.sub(OPAQUE, _blank, text)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _with_iris(text: str) -> str:
    return re.sub(OPAQUE, lambda found: found[0] if found[0].startswith("<") else _blank(found), text)


def declared(text: str) -> dict[str, str]:
    """The prefixes that a query declares, with their namespaces."""
    return {prefix: namespace for prefix, namespace in DECLARATION.findall(_with_iris(text)) if prefix}


def curies(text: str) -> list[tuple[str, str]]:
    """The prefixed names in a query, each as its prefix and the rest.

    >>> curies("PREFIX ex: <http://a:b/> ASK { ?a:b id:mcps 'id:b' } # id:c")
    [('id', 'mcps')]
    """
    return CURIE.findall(plain(DECLARATION.sub(" ", _with_iris(text))))


def undeclared(text: str) -> list[str]:
    """The prefixes that a query uses and does not declare, in the order in which it first uses them.

    >>> undeclared("PREFIX ex: <http://ex/> ASK { ex:a se:b id:mcps, id:c }")
    ['se', 'id']
    """
    known = declared(text)
    return list(dict.fromkeys(prefix for prefix, _ in curies(text) if prefix not in known))


def iris(text: str, prefixes: Mapping[str, str]) -> list[str]:
    """The absolute IRIs that a query names with a prefix, known or declared, and then those that it names whole.

    >>> iris("PREFIX ex: <http://ex/> ASK { <http://ex/a> ex:b id:mcps, <c> }", {"id": "http://id/"})
    ['http://ex/b', 'http://id/mcps', 'http://ex/a']
    """
    known = {**prefixes, **declared(text)}
    named = [known[prefix] + name for prefix, name in curies(text) if prefix in known]
    whole = re.findall(r"<([^<>]*)>", DECLARATION.sub(" ", _with_iris(text)))
    return list(dict.fromkeys(iri for iri in (*named, *whole) if ABSOLUTE.match(iri)))


def variables(text: str) -> list[str]:
    """The variables of a query, in the order in which it first names them.

    >>> variables("SELECT * { ?who se:signatoryOf $agreement . ?who a ?kind }")
    ['who', 'agreement', 'kind']
    """
    return list(dict.fromkeys(re.findall(r"[?$](\w+)", plain(text))))
