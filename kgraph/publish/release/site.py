"""The static site: pages, data and the explorer as files that any web host can serve."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from functools import partial
from itertools import chain
from os.path import normpath
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from kgraph import publish
from kgraph.base import paths
from kgraph.base.media import DUMPED
from kgraph.base.paths import Folders
from kgraph.base.vocab import BASE
from kgraph.base.words import LANGUAGES
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
from kgraph.publish.release.workers import Each, sharing
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

    def filled(self, made: Iterable[tuple[str, bytes]]) -> list[File]:
        """Write files in another process than the one that has the list of all; what was written."""
        own = replaced(self, files=[])
        for path, content in made:
            own.put(path, content)
        return own.files


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
        folder, book = Folder(root), book_of(store, folders, site)
        with begun(folder, book) as each:
            folder.put(explorer.QUADS, publish.trig(store, ontology=True))
            write(folder, book, each, step)

    replace(target, fill)


@contextmanager
def begun(folder: Folder, book: Book) -> Iterator[Each]:
    """The processes that write a site; they begin with what names no other file of the release."""
    book.share()
    with_data = [*filter(writers.has_data, writers.paths(book)), *writers.gone_paths(book)]
    with sharing(folder, book) as each:
        drawn = (partial(pictures, langs=[lang]) for lang in LANGUAGES)
        told = (partial(_data, paths=some) for some in _batches(with_data))
        beside = each(_put, [*drawn, _answers, *told])
        yield each
        folder.files.extend(chain.from_iterable(beside))


def _put(folder: Folder, book: Book, make: Callable[[Book], Iterable[tuple[str, bytes]]]) -> list[File]:
    """Write what is made of the book; what was written."""
    return folder.filled(make(book))


BATCH = 8
"""The pages that a process writes at a time."""
Batch = TypeVar("Batch")


def _batches(given: Sequence[Batch]) -> list[Sequence[Batch]]:
    return [given[begin : begin + BATCH] for begin in range(0, len(given), BATCH)]


def write(
    folder: Folder, book: Book, each: Each, step: Step = lambda _: None, published: Published | None = None
) -> None:
    """Write pages, data and the explorer into a folder, which has the `sekg.trig` that the explorer queries."""
    things = _things(book)
    known = [thing.value for own in things.values() for thing in own]
    pages = [(path, things.pop(path, [])) for path in writers.paths(book)]
    written = each(_put_pages, [(book.site, some) for some in _batches(pages)])
    for path, content in (
        *_about_all(book, published),
        *_gone(book),
        *_whole(book, folder.root),
        *read_by_programs(book),
    ):
        folder.put(path, content)
    why, cards = explorer.reasons(book, known), explorer.cards(book, chain.from_iterable(things.values()))
    for number, (files, told) in enumerate(written):
        step(f"writing page {number * BATCH + 1} of {len(pages)}")
        folder.files.extend(files)
        cards |= told
    step("writing the explorer")
    for path, content in explorer.card_files(cards, why):
        folder.put(f"api/{path}", content)
    gone = {f"page/{path}{suffix}" for path in writers.gone_paths(book) for suffix in SUFFIXES.values()}
    days = {one.path: one.modified for one in folder.files if one.path.endswith(".html") and one.path not in gone}
    for path, content in (*_static(), *_hosting(book, days)):
        folder.put(path, content)


def _things(book: Book) -> dict[str, list[ox.NamedNode]]:
    """The things that have a card, by the path of the page about them."""
    found: dict[str, list[ox.NamedNode]] = defaultdict(list)
    for iri in explorer.things(book.store):
        found[book.shards.home(iri.removeprefix(BASE))].append(ox.NamedNode(iri))
    return found


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


def _put_pages(
    folder: Folder, book: Book, given: tuple[Site, Sequence[tuple[str, Sequence[ox.NamedNode]]]]
) -> tuple[list[File], dict[str, bytes]]:
    """Write pages in both languages; what was written, and for the explorer the cards of the things on each."""
    book.site, pages = given
    cards: dict[str, bytes] = {}

    def written() -> Iterator[tuple[str, bytes]]:
        for path, things in pages:
            for lang, suffix in SUFFIXES.items():
                yield f"page/{path}{suffix}", writers.written(book, path, lang)[0].encode()
            cards.update(explorer.cards(book, things))

    return folder.filled(written()), cards


def _whole(book: Book, root: Path) -> Iterator[tuple[str, bytes]]:
    """The whole graph in every form; a form that the folder has is copied."""
    for suffix in (form.name for form in DUMPED):
        done = root / f"{data.WHOLE}.{suffix}"
        whole = done.read_bytes() if done.is_file() else data.content(book, data.WHOLE, suffix)
        yield f"data/{data.WHOLE}.{suffix}", whole


def _data(book: Book, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The data of some pages in every form."""
    for path in paths:
        triples = data.described(book, path)
        for form in book.site.forms:
            yield f"data/{path}.{form.name}", data.written(book, triples, form.name)


def _answers(book: Book) -> Iterator[tuple[str, bytes]]:
    """The answers of a server to the explorer, except the cards of things."""
    return ((f"api/{path}", content) for path, content in explorer.files(book))


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
