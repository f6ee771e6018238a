"""Files for web hosts and crawlers: redirect rules for w3id.org, settings for Apache, a sitemap."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

import pyoxigraph as ox

from kgraph.base import media
from kgraph.base.vocab import BASE, ONTOLOGY_GRAPH, PREFIXES, term
from kgraph.publish.formats import template
from kgraph.publish.metadata.description import Description
from kgraph.publish.pages.addresses import PARTS
from kgraph.rdf.terms import HASHED

COMPOUND = tuple(known for known in media.FILES if "." in known.name or known in media.WHOLE)
"""Formats of files that Apache does not recognise by what stands after the last point of their name."""
UNKNOWN = "404.html"
"""The page for an address at which there is nothing."""
COMPRESSED = (media.HTML, media.CSS, media.JAVASCRIPT, media.JSON, media.WASM, media.TRIG, *media.DATA)

SITEMAP, MOST = "sitemap.xml", 50_000
"""The file of pages for crawlers, and the most that one may name."""

TOP = "((?:/[^/]+)*?)"
"""The path of the folder of the release: segments of which none is empty, or it would name another host."""


def _addresses(digits: int) -> dict[str, str]:
    """Regular expressions for addresses: the parts of the data, the suffixes of data files, and the path of a record.

    The last has groups for the first hex digits of the hash and for the others.
    """
    shard = rf"([0-9a-f]{{{digits}}})([0-9a-f]{{{HASHED - digits}}})(?:-[\w-]+)?"
    return {"parts": "|".join(PARTS), "suffixes": "|".join(form.name for form in media.DATA), "shard": shard}


def redirects(
    release: Description,
    digits: int = 1,
    vocabularies: Mapping[str, str] | None = None,
    moved: Mapping[str, str] | None = None,
) -> bytes:
    """The `.htaccess` for https://w3id.org/sekg/: every IRI leads to the release, an earlier version to its own.

    Of releases at one address, the newest is there. Shards have a number of hex `digits`. `vocabularies` has the
    versions of those beside the ontology, `moved` the newer paths of those that have another. Apache ignores qualities:
    HTML goes to clients that accept it without one.
    """
    there = {edition.base_url: edition for edition in release.editions}
    filled = template.text(
        "hosting/w3id.htaccess",
        base=BASE,
        url=release.base_url,
        editions=[*there.values()],
        moved=moved or {},
        ontologies={one.ontology: one.base_url for one in there.values() if one.ontology},
        vocabularies=vocabularies or {},
        page=media.HTML,
        forms=media.FILED,
        described=(media.TURTLE, media.JSON_LD, media.RDF_XML),
        others=(media.N_TRIPLES.media, *media.N_TRIPLES.aliases, media.N3),
        accept=_names,
        escaped=re.escape,
        **_addresses(digits),
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
    return template.text("hosting/w3id.md", url=description.base_url, contact=description.contact).encode()


def apache(base_url: str | None = None, digits: int = 1, gone: Iterable[str] = ()) -> bytes:
    """The `.htaccess` of the release: media types, CORS, redirects from records to shards, its page for unknown paths.

    Apache finds that page by its path on the host, which only the address of the folder tells. The files at the paths
    of `gone` things are sent with status 410: each is the error document of its own address (Apache 2.4.13 or later).
    """
    missing = f"{urlsplit(base_url).path.rstrip('/')}/{UNKNOWN}" if base_url else ""
    values: dict[str, object] = {
        "top": TOP,
        "compressions": media.COMPRESSIONS,
        "texts": COMPRESSED,
        "missing": missing,
        "gone": [*gone],
    }
    simple = [known for known in media.FILES if known not in COMPOUND]
    values |= {"simple": simple, "compound": COMPOUND, "typed": _typed, "escaped": re.escape, **_addresses(digits)}
    return template.text("hosting/release.htaccess", **values).encode()


def _typed(known: media.Format) -> str:
    """The media type of a format, with the charset of text."""
    return f"{known.media};charset=UTF-8" if known.media.startswith("text/") else known.media


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
