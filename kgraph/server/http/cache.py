"""Rendered pages of one graph: each is rendered once for all who wait for it, and the latest are kept."""

import asyncio
import json
import os
import tempfile
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import IO

from kgraph.server.pool.evaluator import Answer
from kgraph.server.pool.jobs import Page

IN_MEMORY, ON_DISK = 64 * 1024**2, 1024**3
"""The bytes of small and of large pages that are kept."""

OVERHEAD = 2048
"""Bytes that a page takes beside its body, about."""

CHUNK = 256 * 1024

MOMENTARY = "no-store"
"""The Cache-Control of a page that holds for one moment (RFC 9111, section 5.2.2.5)."""


@dataclass(frozen=True)
class RenderedPage:
    """A rendered page: its body, or for a large one a file without a name, which ends with its last reader."""

    status: int
    headers: dict[str, str]
    size: int
    body: bytes = b""
    file: IO[bytes] | None = None

    @property
    def may_be_kept(self) -> bool:
        """Whether it may be given to others: no error, and nothing that holds for one moment."""
        return self.status < 400 and self.headers.get("cache-control") != MOMENTARY

    @classmethod
    async def of(cls, answer: Answer) -> "RenderedPage":
        """The whole answer of a worker."""
        status, headers = json.loads(answer.form)
        if isinstance(answer.content, bytes):
            return cls(status, headers, len(answer.content), answer.content)
        file = tempfile.TemporaryFile()  # noqa: SIM115
        async for part in answer.content:
            file.write(part)
        file.flush()
        return cls(status, headers, file.tell(), file=file)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The content of the file."""
        assert self.file is not None
        for start in range(0, self.size, CHUNK):
            yield os.pread(self.file.fileno(), CHUNK, start)


@dataclass(eq=False)
class Flight:
    """A page that is being rendered, and the number of clients that wait for it."""

    task: asyncio.Future[RenderedPage]
    waiting: int = 0


@dataclass
class Shelf:
    """Pages of one size, of which the least recently used go when there are too many bytes."""

    left: int
    pages: OrderedDict[Page, RenderedPage] = field(default_factory=OrderedDict)

    def find(self, page: Page) -> RenderedPage | None:
        if page in self.pages:
            self.pages.move_to_end(page)
        return self.pages.get(page)

    def keep(self, page: Page, found: RenderedPage) -> None:
        """Keep a page; one that was rendered twice, because its first client left at the last moment, counts once."""
        if old := self.pages.pop(page, None):
            self.left += old.size + OVERHEAD
        self.pages[page] = found
        self.left -= found.size + OVERHEAD
        while self.left < 0:
            self.left += self.pages.popitem(last=False)[1].size + OVERHEAD


class Cache:
    """The pages of one graph: those that are kept, small and large, and those that are being rendered.

    `since` is the time from which the graph is served, as HTTP writes it: no page of it has changed later.
    """

    def __init__(self) -> None:
        self.since = formatdate(usegmt=True)
        self.small, self.large = Shelf(IN_MEMORY), Shelf(ON_DISK)
        self.flights: dict[Page, Flight] = {}

    def find(self, page: Page) -> RenderedPage | None:
        """A page that is kept."""
        return self.small.find(page) or self.large.find(page)

    async def get(self, page: Page, render: Callable[[], Coroutine[None, None, RenderedPage]]) -> RenderedPage:
        """A page that is being rendered, else rendered now; it is cancelled when nobody waits for it any more."""
        flight = self.flights.get(page)
        if flight is None:
            flight = self.flights[page] = Flight(asyncio.ensure_future(render()))
            flight.task.add_done_callback(lambda task: self._end(page, task))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and self.flights.get(page) is flight:
                del self.flights[page]
                flight.task.cancel()

    def _end(self, page: Page, task: asyncio.Future[RenderedPage]) -> None:
        if page in self.flights and self.flights[page].task is task:
            del self.flights[page]
        if not task.cancelled() and task.exception() is None and task.result().may_be_kept:
            (self.large if task.result().file else self.small).keep(page, task.result())
