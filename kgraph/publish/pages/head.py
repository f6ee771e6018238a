"""The metadata of a page: Dublin Core, links to its data, a description for search engines."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox
from markupsafe import Markup

from kgraph.base.media import DATA, HTML
from kgraph.base.vocab import BASE, LICENCE
from kgraph.publish.pages import addresses, writing
from kgraph.publish.pages.page import Page
from kgraph.publish.pages.shards import SHARD

FORMS: Mapping[str, str] = {known.name: known.media for known in DATA}
"""Data by suffix, with its media type, as a server has them."""

INDEX = "index"
"""The path of the landing page."""
DATASET = f"{BASE}id/dataset"
PROJECT = f"{BASE}id/kgraph-project"
SHORT = 160
"""Characters of a description that search engines show."""


@dataclass(frozen=True)
class Link:
    """A typed link (RFC 8288) to an address, relative to the page or absolute."""

    rel: str
    href: str
    type: str | None = None

    def __str__(self) -> str:
        return f'<{self.href}>; rel="{self.rel}"' + (f'; type="{self.type}"' if self.type else "")


@dataclass(frozen=True)
class Head:
    """The head of a page: `about` is the IRI of its subject, `kind` the type of that in schema.org.

    `picture` is the address of what a link to the page shows as its picture; None where that of the site is unknown.
    `day` is that of a release, on the pages about one. Search engines leave out a page that is not `is_found`.
    """

    title: str
    description: str
    about: str
    kind: str = "WebPage"
    subjects: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)
    picture: str | None = None
    day: str | None = None
    is_found: bool = True

    @property
    def summary(self) -> str:
        return writing.plain(self.description, SHORT)

    @property
    def json_ld(self) -> Markup:
        """The description as a data block; nothing in it can end the block or begin a tag."""
        text = json.dumps(_shortened(self.data), ensure_ascii=False, separators=(",", ":"))
        for character in "<>&\u2028\u2029":
            text = text.replace(character, f"\\u{ord(character):04x}")
        return Markup(text)


def _shortened(value: object) -> object:
    """The value with its texts as a page shows them."""
    match value:
        case str():
            return writing.plain(value)
        case Mapping():
            return {key: _shortened(part) for key, part in value.items()}
        case list() | tuple():
            return [_shortened(part) for part in value]
    return value


def head(
    page: Page,
    title: str,
    description: str,
    about: ox.NamedNode | None = None,
    kind: str = "WebPage",
    subjects: Sequence[str] = (),
    data: Mapping[str, object] | None = None,
    items: Sequence[Link] = (),
) -> Head:
    """The head of a page about a thing that has data, or about the dataset if `about` is None."""
    iri = about.value if about else DATASET
    forms = [Link("describedby", page.data(form.name), form.media) for form in page.forms] if about else []
    links = (
        Link("cite-as", iri),
        *forms,
        *items,
        Link("license", LICENCE),
        Link("type", "https://schema.org/AboutPage"),
        *([Link("type", f"https://schema.org/{kind}")] if kind != "WebPage" else []),
        Link("author", PROJECT),
        *([] if page.path == INDEX else [Link("collection", page.to(INDEX), HTML.media)]),
    )
    shown = data or _described(page, title, description, iri, kind)
    picture = page.picture("site")
    return Head(writing.plain(title, 200), description, iri, kind, tuple(subjects), links, shown, picture)


def _described(page: Page, title: str, description: str, iri: str, kind: str) -> Mapping[str, object]:
    """The page's subject in schema.org (https://schema.org/docs/datamodel.html)."""
    address = page.absolute(page.lang)
    return {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": iri,
        "name": writing.plain(title, 500),
        "description": writing.plain(description, 500),
        "inLanguage": page.lang,
        "license": LICENCE,
        "isPartOf": {"@type": "Dataset", "@id": DATASET, "name": page.names.get(ox.NamedNode(DATASET), "kgraph")},
        **({"url": address} if "://" in address else {}),
    }


def header(shown: Head, page: Page) -> str:
    """The links of a page as the HTTP header `Link`, with its other language."""
    other = f'<{page.itself(page.other_lang)}>; rel="alternate"; hreflang="{page.other_lang}"'
    return ", ".join([*map(str, shown.links), other]).encode("ascii", "ignore").decode()


def data_header(path: str, suffix: str) -> str:
    """The links of data to the page that shows it and to its other forms."""
    root = addresses.root(f"data/{path}")
    page = f"{root}page/{addresses.quoted(path)}{addresses.SUFFIXES['en']}"
    others = [Link("alternate", f"{addresses.quoted(path.rpartition('/')[2])}.{s}", m) for s, m in FORMS.items()]
    kept = [link for link in others if not link.href.endswith(f".{suffix}")]
    about = [] if SHARD.fullmatch(path) else [Link("describes", f"{BASE}{addresses.quoted(path)}")]
    return ", ".join(map(str, [*about, Link("alternate", page, HTML.media), *kept]))
