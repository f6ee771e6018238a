"""Files for web hosts and crawlers: redirect rules for w3id.org, settings for Apache, a sitemap."""

from collections.abc import Iterable, Iterator, Mapping
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

SITEMAP, MOST = "sitemap.xml", 50_000
"""The file of pages for crawlers, and the most that one may name."""

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
        described=(media.TURTLE, media.JSON_LD, media.RDF_XML),
        accept=_names,
    )
    return filled.encode()


def _names(known: media.Format) -> str:
    """The media type of a format and its aliases as a regular expression."""
    return "|".join((known.media, *known.aliases)).replace("+", r"\+")


def redirects_readme(description: Description) -> bytes:
    """The README.md that w3id.org asks for beside the rules."""
    return template.text("hosting/w3id.md", url=description.base_url, contact=description.contact).encode()


def apache(digits: int = 1) -> bytes:
    """The `.htaccess` of the release: media types, CORS, and redirects from records to shards."""
    values = {"top": TOP, "shard": _shard(digits), "typed": TYPED, "texts": COMPRESSED}
    return template.text("hosting/release.htaccess", **values).encode()


def sitemaps(base_url: str, pages: Mapping[str, str], most: int = MOST) -> Iterator[tuple[str, bytes]]:
    """The pages for crawlers, each with the day of its last change or an empty text (https://www.sitemaps.org).

    The result has each file with its path. More than `most` pages have an index, and a file for each `most` of them.
    """
    entries = [_entry("url", base_url + quote(path), day) for path, day in sorted(pages.items())]
    if len(entries) <= most:
        yield SITEMAP, _sitemap("urlset", entries)
        return
    files = {
        f"sitemap-{number}.xml": _sitemap("urlset", entries[start : start + most])
        for number, start in enumerate(range(0, len(entries), most), 1)
    }
    yield SITEMAP, _sitemap("sitemapindex", (_entry("sitemap", base_url + path, "") for path in files))
    yield from files.items()


def _entry(kind: str, address: str, day: str) -> str:
    changed = f"<lastmod>{day}</lastmod>" if day else ""
    return f"<{kind}><loc>{escape(address)}</loc>{changed}</{kind}>\n"


def _sitemap(kind: str, entries: Iterable[str]) -> bytes:
    opening = f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (opening + "".join(entries) + f"</{kind}>\n").encode()


def robots(base_url: str) -> bytes:
    """A robots.txt that allows everything and names the sitemap."""
    return f"User-agent: *\nAllow: /\nSitemap: {base_url}{SITEMAP}\n".encode()
