"""Addresses of pages and of things, and which addresses are safe to open."""

import re
from functools import lru_cache
from urllib.parse import quote

import pyoxigraph as ox

from kgraph.base.vocab import BASE, ROW, curie
from kgraph.errors import NotFound
from kgraph.publish.pages.rows import place
from kgraph.publish.pages.shards import Shards

SUFFIXES = {"en": ".html", "pl": ".pl.html"}
LANGUAGES = tuple(SUFFIXES)
SAFE = ("http:", "https:", "mailto:", "tel:", "geo:")
UNQUOTED = "/:@!$&'()*+,;=~"
ONTOLOGY = f"{BASE}ns"
ENTRIES = ("id", "kind", "source", "graph")
"""The parts of our IRIs, after their base, that have pages of their own."""
PARTS = (*ENTRIES, "claim", "inference")
"""The parts of all our IRIs after their base."""


def split(address: str) -> tuple[str, str | None]:
    """A page's path without its suffix, and its language; None when the address does not say it.

    >>> split("id/mcps.pl.html"), split("ns.html"), split("id/mcps")
    (('id/mcps', 'pl'), ('ns', 'en'), ('id/mcps', None))
    """
    for lang in ("pl", "en"):
        if address.endswith(SUFFIXES[lang]):
            return address.removesuffix(SUFFIXES[lang]), lang
    return address, None


def root(path: str) -> str:
    """The way from a page to the top.

    >>> root("page/id/mcps"), root("index")
    ('../../', '')
    """
    return "../" * path.count("/")


def anchor(node: ox.NamedNode) -> str:
    """The anchor of a term on the page of the ontology: its local name, with its prefix when it is another's.

    >>> from kgraph.base.vocab import term
    >>> anchor(term("se:within")), anchor(term("org:role")), anchor(ox.NamedNode("http://purl.org/ontology/bibo/status"))
    ('within', 'org-role', 'bibo-status')
    """
    short = curie(node.value) or "-".join(re.split("[/#]", node.value)[-2:])
    return short.removeprefix("se:").replace(":", "-")


Target = tuple[str, str]
"""The path of a page, and a fragment there."""


def page_of(terms: frozenset[str], shards: Shards, node: ox.NamedNode) -> Target | None:
    """The path of the page about an IRI, and its fragment, given the `terms` of the ontology; None without a page."""
    if node.value in terms:
        return "page/ns", f"#{anchor(node)}"
    path, row, number = node.value.removeprefix(BASE).partition(ROW)
    if row:
        found_row = place(path, number)
        return f"page/{found_row.path}", f"#{found_row.anchor}"
    if path != node.value and (found := shards.find(path)):
        return f"page/{found[0]}", f"#{quoted(found[1])}"
    if path == node.value or path.partition("/")[0] not in ENTRIES or "/" not in path:
        return ("page/ns", "") if node.value == ONTOLOGY else None
    return f"page/{path}", ""


def node_at(path: str) -> ox.NamedNode:
    """The IRI of a path; NotFound when the path cannot be part of one."""
    try:
        return ox.NamedNode(BASE + (path.replace("ns/", "ns#", 1) if path.startswith("ns/") else path))
    except ValueError as error:
        raise NotFound(f"there is nothing at /{path}") from error


def outside(node: ox.NamedNode) -> str | None:
    """The address behind an IRI when it is safe to open; None for `javascript:` and the like."""
    return node.value if node.value.lower().startswith(SAFE) else None


@lru_cache(1 << 14)
def quoted(path: str) -> str:
    """A path as an address writes it; the latest are kept, as pages name the same paths again and again."""
    return quote(path, safe=UNQUOTED)


def picture(path: str, lang: str) -> str:
    """The address of a picture in its site; `path` is that of a thing, or `site` for the whole."""
    return f"pictures/{quoted(path)}.{lang}.png"
