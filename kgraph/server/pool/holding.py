"""What a fork server holds in memory: the graph, and what pages are written from."""

import gc
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from kgraph.base.paths import Folders
from kgraph.base.words import LANGUAGES
from kgraph.errors import NotFound
from kgraph.publish.pages import UNPUBLISHED, Site
from kgraph.publish.pages.book import Book, book_of
from kgraph.rdf.store import open_built

STDIN = "-"
"""The source of a graph that arrives on stdin as N-Quads."""


@dataclass(frozen=True)
class Holding:
    """The source of a graph: the folder of a store, a build folder, or STDIN; pages need `ontology` and `data`.

    Without a source, each worker opens the folder that the server names.
    """

    source: str | None = None
    is_build: bool = False
    ontology: str = ""
    data: str = ""
    site: Site = UNPUBLISHED

    def load(self) -> tuple[ox.Store | None, Book | None]:
        """The graph and the book of its pages; NotFound when the folder cannot be opened."""
        store = self._store()
        if store is None or not self.ontology:
            return store, None
        built = Path(self.source) if self.source and self.is_build else None
        return store, _warm(book_of(store, Folders(Path(self.ontology), Path(self.data)), self.site, built))

    def _store(self) -> ox.Store | None:
        if self.source is None:
            return None
        store = ox.Store()
        if self.source == STDIN:
            store.bulk_load(sys.stdin.buffer, ox.RdfFormat.N_QUADS)
        elif len(on_disk := open_built(Path(self.source)) if self.is_build else _opened(self.source)):
            store.bulk_extend(on_disk)
        return store


def _opened(folder: str) -> ox.Store:
    try:
        return ox.Store.read_only(folder)
    except (OSError, RuntimeError) as error:
        raise NotFound(f"{folder} cannot be opened ({error})") from error


def _warm(book: Book) -> Book:
    """The book with its costly parts computed, so that workers share them, and its index in memory.

    An SQLite connection to a file must not be carried across fork(2) (https://www.sqlite.org/howtocorrupt.html).
    """
    index = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(book.index):
        book.index.commit()  # an open transaction would keep the copy waiting
        book.index.backup(index)
    book = replace(book, index=index)
    for lang in LANGUAGES:
        book.names(lang)
    _ = book.marks, book.terms, book.shards, book.disputed, book.refined, book.contributions, book.context, book.reason
    gc.freeze()  # a collection in a worker would copy each page of memory that it touches
    return book
