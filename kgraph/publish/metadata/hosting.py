"""Files for web hosts and crawlers: redirect rules for w3id.org, settings for Apache, a sitemap."""

from collections.abc import Iterable
from urllib.parse import quote
from xml.sax.saxutils import escape

from kgraph.base import media
from kgraph.base.vocab import BASE
from kgraph.publish.formats import template
from kgraph.publish.metadata.description import Description
from kgraph.publish.pages.addresses import PARTS
from kgraph.rdf.terms import HASHED

TYPED = (*media.GRAPHS, media.TRIG, media.WASM, media.MARKDOWN)
"""Formats whose media type or charset is not in Apache's table."""
COMPRESSED = (media.HTML, media.CSS, media.JAVASCRIPT, media.JSON, media.WASM, media.TRIG, *media.DATA)

TOP = "((?:/[^/]+)*?)"
"""The path of the folder of the release: segments of which none is empty, or it would name another host."""


def _shard(digits: int) -> str:
    """A regular expression for the path of a record: groups for the first hex digits of its hash and for the others."""
    return rf"([0-9a-f]{{{digits}}})([0-9a-f]{{{HASHED - digits}}})(?:-[\w-]+)?"


def redirects(description: Description, digits: int = 1) -> bytes:
    """The `.htaccess` for https://w3id.org/sekg/, which redirects every IRI of the graph to the release.

    Shards have a number of hex `digits`. Apache ignores qualities: HTML goes to clients that accept it without one.
    """
    filled = template.text(
        "hosting/w3id.htaccess",
        base=BASE,
        url=description.base_url,
        version=description.version.replace(".", r"\."),
        parts="|".join(PARTS),
        shard=_shard(digits),
        page=media.HTML,
        forms=media.DATA,
        accept=_names,
    )
    return filled.encode()


def _names(known: media.Format) -> str:
    """The media type of a format and its aliases as a regular expression."""
    return "|".join((known.media, *known.aliases)).replace("+", r"\+")


def redirects_readme(description: Description) -> bytes:
    """The README.md that w3id.org asks for beside the rules."""
    contact = description.contact or description.base_url
    return template.text("hosting/w3id.md", url=description.base_url, contact=contact).encode()


def apache(digits: int = 1) -> bytes:
    """The `.htaccess` of the release: media types, CORS, and redirects from records to shards."""
    values = {"top": TOP, "shard": _shard(digits), "typed": TYPED, "texts": COMPRESSED}
    return template.text("hosting/release.htaccess", **values).encode()


def sitemap(base_url: str, paths: Iterable[str], changed: str | None = None) -> bytes:
    """The pages for crawlers, with the day of their last change if it is known (https://www.sitemaps.org)."""
    day = f"<lastmod>{changed}</lastmod>" if changed else ""
    entries = (f"<url><loc>{escape(base_url + quote(path))}</loc>{day}</url>\n" for path in sorted(paths))
    opening = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (opening + "".join(entries) + "</urlset>\n").encode()


def robots(base_url: str) -> bytes:
    """A robots.txt that allows everything and names the sitemap."""
    return f"User-agent: *\nAllow: /\nSitemap: {base_url}sitemap.xml\n".encode()
