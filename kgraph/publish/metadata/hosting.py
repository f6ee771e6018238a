"""Files for web hosts and crawlers: redirect rules for w3id.org, settings for Apache, a sitemap."""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

import pyoxigraph as ox

from kgraph.base import media
from kgraph.base.vocab import BASE, ONTOLOGY_GRAPH, PREFIXES, term
from kgraph.publish.formats import template
from kgraph.publish.metadata.description import Description, Edition
from kgraph.publish.pages.addresses import PARTS
from kgraph.rdf.terms import HASHED

COMPOUND = tuple(known for known in media.FILES if "." in known.name or known is media.VOID)
"""Formats of files that Apache does not recognise by what stands after the last point of their name."""
UNKNOWN = "404.html"
"""The page for an address at which there is nothing."""
COMPRESSED = (media.HTML, media.CSS, media.JAVASCRIPT, media.JSON, media.WASM, media.TRIG, *media.DATA)

OTHER_RDF = (media.RDF_XML.media, media.N3)
"""Forms of RDF that programs name and single things do not have."""
VERSIONED = ("bridge", "kinds", "shapes", "single-valued")
"""The vocabularies that have the version of the release."""

TOP = "((?:/[^/]+)*?)"
"""The path of the folder of the release: segments of which none is empty, or it would name another host."""


def _shard(digits: int) -> str:
    """A regular expression for the path of a record: groups for the first hex digits of its hash and for the others."""
    return rf"([0-9a-f]{{{digits}}})([0-9a-f]{{{HASHED - digits}}})(?:-[\w-]+)?"


def redirects(editions: Sequence[Edition], digits: int = 1, moved: Mapping[str, str] | None = None) -> bytes:
    """The `.htaccess` for https://w3id.org/sekg/, which redirects every IRI to the first of the editions, the newest.

    Of editions at one address, the newest is there. Shards have a number of hex `digits`. Apache ignores qualities:
    HTML goes to clients that accept it without one. `moved` has the newer paths of vocabularies that moved.
    """
    newest, there = editions[0], {one.base_url: one for one in reversed(editions)}
    filled = template.text(
        "hosting/w3id.htaccess",
        base=BASE,
        url=newest.base_url,
        editions=[*there.values()],
        replaced=moved or {},
        ontologies={one.ontology: one.base_url for one in there.values() if one.ontology},
        versioned="|".join(VERSIONED),
        parts="|".join(PARTS),
        shard=_shard(digits),
        page=media.HTML,
        forms=media.DATA,
        described=(media.TURTLE, media.JSON_LD, media.RDF_XML),
        others=OTHER_RDF,
        accept=_names,
        escaped=re.escape,
    )
    return filled.encode()


def replaced(store: ox.Store) -> dict[str, str]:
    """The newer paths of the vocabularies that the ontology says have moved."""
    links = store.quads_for_pattern(None, term("dcterms:isReplacedBy"), None, ONTOLOGY_GRAPH)
    pairs = ((str(link.subject.value), str(link.object.value)) for link in links)  # type: ignore[union-attr]
    moved = (pair for pair in pairs if pair[0].startswith(PREFIXES["kind"]))
    return dict(sorted((old.removeprefix(BASE), new.removeprefix(BASE)) for old, new in moved))


def _names(known: media.Format) -> str:
    """The media type of a format and its aliases as a regular expression."""
    return "|".join((known.media, *known.aliases)).replace("+", r"\+")


def redirects_readme(description: Description) -> bytes:
    """The README.md that w3id.org asks for beside the rules."""
    contact = description.contact or description.base_url
    return template.text("hosting/w3id.md", url=description.base_url, contact=contact).encode()


def apache(base_url: str | None = None, digits: int = 1) -> bytes:
    """The `.htaccess` of the release: media types, CORS, redirects from records to shards, its page for unknown paths.

    Apache finds that page by its path on the host, which only the address of the folder tells.
    """
    missing = f"{urlsplit(base_url).path.rstrip('/')}/{UNKNOWN}" if base_url else ""
    values: dict[str, object] = {"top": TOP, "shard": _shard(digits), "texts": COMPRESSED, "missing": missing}
    simple = [known for known in media.FILES if known not in COMPOUND]
    values |= {"simple": simple, "compound": COMPOUND, "typed": _typed, "escaped": re.escape}
    return template.text("hosting/release.htaccess", **values).encode()


def _typed(known: media.Format) -> str:
    """The media type of a format, with the charset of text."""
    return f"{known.media};charset=UTF-8" if known.media.startswith("text/") else known.media


def sitemap(base_url: str, paths: Iterable[str], changed: str | None = None) -> bytes:
    """The pages for crawlers, with the day of their last change if it is known (https://www.sitemaps.org)."""
    day = f"<lastmod>{changed}</lastmod>" if changed else ""
    entries = (f"<url><loc>{escape(base_url + quote(path))}</loc>{day}</url>\n" for path in sorted(paths))
    opening = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (opening + "".join(entries) + "</urlset>\n").encode()


def robots(base_url: str) -> bytes:
    """A robots.txt that allows everything and names the sitemap."""
    return f"User-agent: *\nAllow: /\nSitemap: {base_url}sitemap.xml\n".encode()
