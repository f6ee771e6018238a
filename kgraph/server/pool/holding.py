"""What a fork server holds in memory: the graph, and what pages are written from."""

import gc
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kgraph.base.paths import Folders
from kgraph.errors import NotFound
from kgraph.publish.pages import UNPUBLISHED, Site
from kgraph.publish.pages.book import Book, book_of
from kgraph.rdf.store import open_built

STDIN = "-"
"""The source of a graph that arrives on stdin as N-Quads."""


@dataclass(frozen=True)
class Holding:
    """The source of a graph: a build folder, the folder of a store, or STDIN; pages need `ontology` and `data`.

    With `tools`, what answers calls of tools is loaded too. Without a source, and with one that stays `on_disk`, each
    worker opens the folder that the server names.
    """

    source: str | None = None
    is_build: bool = False
    on_disk: bool = False
    ontology: str = ""
    data: str = ""
    site: Site = UNPUBLISHED
    tools: bool = False

    def load(self) -> tuple[ox.Store | None, Book | None]:
        """The graph unless it stays on disk, and the book of its pages; NotFound when the folder cannot be opened."""
        if self.source is None:
            return None, None
        store = self._store(self.source)
        built = Path(self.source) if self.is_build else None
        book = book_of(store, Folders(Path(self.ontology), Path(self.data)), self.site, built)
        book.index = _in_memory(book.index)
        book.warm()
        if self.on_disk:
            book.read(store := ox.Store())  # a process with an open RocksDB has threads, which do not survive fork(2)
        else:
            _ = book.reason
        gc.freeze()  # a collection in a worker would copy each page of memory that it touches
        return None if self.on_disk else store, book

    def _store(self, source: str) -> ox.Store:
        if source == STDIN:
            store = ox.Store()
            store.bulk_load(sys.stdin.buffer, ox.RdfFormat.N_QUADS)
            return store
        opened = open_built(Path(source)) if self.is_build else _opened(source)
        if self.on_disk:
            return opened
        store = ox.Store()
        if len(opened):
            store.bulk_extend(opened)
        return store


def _opened(folder: str) -> ox.Store:
    try:
        return ox.Store.read_only(folder)
    except (OSError, RuntimeError) as error:
        raise NotFound(f"{folder} cannot be opened ({error})") from error


def _in_memory(index: sqlite3.Connection) -> sqlite3.Connection:
    """A copy of an index; a connection to a file must not be carried across fork(2).

    https://www.sqlite.org/howtocorrupt.html#_carrying_an_open_database_connection_across_a_fork_
    """
    copied = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(index):
        index.commit()  # an open transaction would keep the copy waiting
        index.backup(copied)
    return copied
