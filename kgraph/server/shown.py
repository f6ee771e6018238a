"""What pages and the explorer's data are rendered from, in a worker."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import IO

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from kgraph.publish.pages.book import Book
from kgraph.server.pool.limits import Limits


@dataclass(frozen=True)
class Shown:
    """The book of a graph, and the limits of queries, which the explorer shows."""

    book: Book
    limits: Limits

    @property
    def store(self) -> ox.Store:
        return self.book.store


class WrittenResponse(Response):
    """A response that writes its content to a file, in parts."""

    def __init__(self, write: Callable[[IO[bytes]], object], media_type: str) -> None:
        super().__init__(media_type=media_type)
        self.write = write


Render = Callable[[Shown, Request], Response]
"""Renders the response to a request; it runs in a worker."""

Bind = Callable[[Render], Callable[[Request], Awaitable[Response]]]
"""The handler of a route for what renders its response: in the server, one that asks a worker."""

RENDERED = (413, 503)
"""The statuses of a response that takes too much memory or time."""
