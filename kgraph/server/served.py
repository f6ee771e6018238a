"""What the server needs to answer requests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from sqlite3 import Connection

import pyoxigraph as ox

from kgraph.graph.as_json import Marks
from kgraph.graph.questions import Question
from kgraph.publish.pages import UNPUBLISHED, Site
from kgraph.publish.pages.book import Book
from kgraph.server.federation import Federation
from kgraph.server.pool.evaluator import Evaluator
from kgraph.server.update.writer import Writer


@dataclass(frozen=True)
class Served:
    """The graph with its index, questions, rules and shapes, the processes, and the operator's options."""

    store: ox.Store
    index: Connection
    questions: Mapping[str, Question]
    rules: Mapping[str, str]
    marks: Callable[[], Marks]
    evaluator: Evaluator
    site: Site = UNPUBLISHED
    shapes: Callable[[], ox.Store] = ox.Store
    writer: Writer | None = None
    federation: Federation = field(default_factory=Federation)
    address: str = "http://localhost/"
    hosts: frozenset[str] | None = None
    logs: bool = False

    def book(self) -> Book:
        """The book that the pages are written from."""
        return Book(self.store, self.index, self.questions, self.rules, self.shapes, self.site)

    @property
    def base(self) -> str:
        """The address that links begin with, set by the operator and never taken from a request."""
        return f"{self.site.base_url}/" if self.site.base_url else self.address
