"""The values that the server answers requests from."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pyoxigraph as ox

from kgraph.graph.as_json import Marks
from kgraph.publish.pages.book import Book
from kgraph.server.federation import Federation
from kgraph.server.pool.evaluator import Evaluator
from kgraph.server.update.writer import Writer


@dataclass(frozen=True)
class Served:
    """The graph as a book, its marks for the explorer, the query processes, and the operator's options."""

    book: Book
    marks: Callable[[], Marks]
    evaluator: Evaluator
    writer: Writer | None = None
    federation: Federation = field(default_factory=Federation)
    address: str = "http://localhost/"
    hosts: frozenset[str] | None = None
    logs: bool = False
    origins: tuple[str, ...] = ()

    @property
    def store(self) -> ox.Store:
        """The store of the book."""
        return self.book.store

    @property
    def base(self) -> str:
        """The address that links begin with: the operator's, never that of a request."""
        return f"{self.book.site.base_url}/" if self.book.site.base_url else self.address
