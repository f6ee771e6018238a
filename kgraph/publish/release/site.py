"""The static site: pages, data and the explorer as files that any web host can serve."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from os.path import normpath
from pathlib import Path

import pyoxigraph as ox

from kgraph import publish
from kgraph.base import paths
from kgraph.base.media import DUMPED
from kgraph.base.paths import Folders
from kgraph.base.vocab import BASE
from kgraph.build import pipeline
from kgraph.build.pipeline import Step
from kgraph.errors import BadData, BadQuery
from kgraph.publish.metadata import citation, examples, for_programs, hosting
from kgraph.publish.metadata.description import Dataset, Description, File, dated, file
from kgraph.publish.pages import Site, data, writers
from kgraph.publish.pages.addresses import SUFFIXES
from kgraph.publish.pages.book import Book, book_of
from kgraph.publish.pages.head import INDEX
from kgraph.publish.pages.pictures import pictures
from kgraph.publish.release import explorer
from kgraph.rdf.endpoint import is_address
from kgraph.rdf.store import must_be_new, replace


@dataclass(frozen=True)
class Folder:
    """A folder that is being filled, and the files written to it so far.

    The files of a release get its `day`, or the days that they had `before`, where their bytes are the same.
    """

    root: Path
    files: list[File] = field(default_factory=list)
    day: str = ""
    before: Mapping[str, File] = field(default_factory=dict)

    def dated(self, path: str, content: bytes) -> File:
        """A file with its days."""
        return dated(file(path, content), self.before, self.day)

    def put(self, path: str, content: bytes) -> None:
        """Write a file; BadData for a path that leads out of the folder."""
        target = Path(normpath(self.root / path))
        if not target.is_relative_to(normpath(self.root)):
            raise BadData(f"{path} would be written outside {self.root}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.files.append(self.dated(path, content))


@dataclass(frozen=True)
class Published:
    """The release that a site belongs to: its data, its description and the files that carry the data."""

    data: Dataset
    release: Description
    files: Sequence[File]

    def schema(self, lang: str) -> citation.Json:
        """The description in schema.org, in a language."""
        return citation.schema_dataset(self.data, self.release, self.files, lang)


def folder_address(base_url: str) -> str:
    """The address of a folder with a final slash; BadQuery for any other text."""
    if not is_address(base_url) or set("?#") & set(base_url):
        raise BadQuery(f"{base_url!r} is not the address of a folder; give one such as https://example.org/sekg/")
    return base_url.rstrip("/") + "/"


def write_alone(target: Path, folders: Folders, base_url: str, step: Step = lambda _: None) -> None:
    """Write the site of the data to a new or empty folder, whole or not at all."""
    must_be_new(target)
    site = Site(folder_address(base_url).rstrip("/"), files=(explorer.QUADS,), is_static=True)
    step("reading the data")
    store = pipeline.graph(folders)

    def fill(root: Path) -> None:
        folder = Folder(root)
        folder.put(explorer.QUADS, publish.trig(store, ontology=True))
        write(folder, book_of(store, folders, site), step)

    replace(target, fill)


def write(folder: Folder, book: Book, step: Step = lambda _: None, published: Published | None = None) -> None:
    """Write pages, data and the explorer into a folder, which has the `sekg.trig` that the explorer queries."""
    for path, content in (*_about_all(book, published), *_gone(book)):
        folder.put(path, content)
    for path, content in _pages(book, step):
        folder.put(path, content)
    step("writing the data of the pages")
    for path, content in _data(book, folder.root):
        folder.put(path, content)
    for path, content in pictures(book):
        folder.put(path, content)
    step("writing the explorer")
    for path, content in explorer.files(book):
        folder.put(f"api/{path}", content)
    gone = {f"page/{path}{suffix}" for path in writers.gone_paths(book) for suffix in SUFFIXES.values()}
    pages = {one.path: one.modified for one in folder.files if one.path.endswith(".html") and one.path not in gone}
    for path, content in (*_static(), *read_by_programs(book), *_hosting(book, pages)):
        folder.put(path, content)


def _about_all(book: Book, published: Published | None) -> Iterator[tuple[str, bytes]]:
    """The landing page and, of a release, the page of all versions."""
    for lang, suffix in SUFFIXES.items():
        described = published.schema(lang) if published else None
        yield f"{INDEX}{suffix}", writers.landing(book, lang, described)[0].encode()
        if published:
            yield f"versions{suffix}", writers.versions(book, lang, published.release.editions)[0].encode()


def _gone(book: Book) -> Iterator[tuple[str, bytes]]:
    """The pages of removed things, which no sitemap names."""
    for path in writers.gone_paths(book):
        for lang, suffix in SUFFIXES.items():
            yield f"page/{path}{suffix}", writers.gone(book, path, lang)[0].encode()


def _pages(book: Book, step: Step) -> Iterator[tuple[str, bytes]]:
    """Every page of a thing, a list or a question in both languages, and the cards of things for the explorer."""
    pages, things, cards = writers.paths(book), _things(book), dict[str, bytes]()
    for number, path in enumerate(pages, 1):
        step(f"writing page {number} of {len(pages)}")
        for lang, suffix in SUFFIXES.items():
            yield f"page/{path}{suffix}", writers.written(book, path, lang)[0].encode()
        cards |= explorer.cards(book, things.pop(path, ()))
    cards |= explorer.cards(book, chain.from_iterable(things.values()))
    yield from ((f"api/{path}", content) for path, content in explorer.card_files(book, cards))


def _things(book: Book) -> dict[str, list[ox.NamedNode]]:
    """The things that have a card, by the path of the page about them."""
    found: dict[str, list[ox.NamedNode]] = defaultdict(list)
    for iri in explorer.things(book.store):
        found[book.shards.home(iri.removeprefix(BASE))].append(ox.NamedNode(iri))
    return found


def _data(book: Book, root: Path) -> Iterator[tuple[str, bytes]]:
    """The data of each page and the whole graph in every form; a form that the folder has is copied."""
    for suffix in (form.name for form in DUMPED):
        done = root / f"{data.WHOLE}.{suffix}"
        whole = done.read_bytes() if done.is_file() else data.content(book, data.WHOLE, suffix)
        yield f"data/{data.WHOLE}.{suffix}", whole
    for path in (*filter(writers.has_data, writers.paths(book)), *writers.gone_paths(book)):
        triples = data.described(book, path)
        for form in book.site.forms:
            yield f"data/{path}.{form.name}", data.written(book, triples, form.name)


def _static() -> Iterator[tuple[str, bytes]]:
    """The built explorer and the style of the pages."""
    static = paths.packaged("static")
    yield "explorer.html", explorer.page(static)
    yield "page.css", paths.packaged("publish/templates/page.css").read_bytes()
    for path in sorted(path for path in static.rglob("*") if path.is_file() and path != static / "index.html"):
        yield path.relative_to(static).as_posix(), path.read_bytes()


def read_by_programs(book: Book) -> Iterator[tuple[str, bytes]]:
    """The prepared questions as SPARQL examples, for the endpoint if there is one, else for the whole graph."""
    base = f"{book.site.base_url or BASE.rstrip('/')}/"
    target = book.site.endpoint or f"{base}{explorer.QUADS}"
    content = examples.turtle(examples.in_plain_sparql(book.questions.values()), base, target)
    yield from ((path, content) for path in (examples.FILE, examples.WELL_KNOWN))
    yield for_programs.FILE, for_programs.text(book)


def _hosting(book: Book, pages: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Files for web hosts and crawlers; without `.nojekyll` GitHub Pages would leave files out."""
    yield hosting.UNKNOWN, writers.missing_file(book).encode()
    if book.site.lasting:
        address = f"{book.site.lasting}/"
        yield from hosting.sitemaps(address, pages)
        yield "robots.txt", hosting.robots(address)
    yield ".htaccess", hosting.apache(book.site.base_url, book.shards.digits, writers.gone_paths(book))
    yield ".nojekyll", b""
