"""SPARQL in processes that can be killed: bounded in number, time, memory and size.

pyoxigraph can neither cancel a query nor survive one that is nested too deeply, so the server evaluates none itself.
A query begins in a quick slot. When its time slice is used up it needs a slow one, at the lowest priority; so a small
query does not wait for large ones.
"""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kgraph.errors import LimitExceeded
from kgraph.server.pool.admission import Admission, Client
from kgraph.server.pool.frames import FORMAT, TRUNCATED
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.query_run import Frame, frames
from kgraph.server.pool.worker import Query
from kgraph.server.pool.workers import Workers

__all__ = ["Answer", "Evaluator", "Limits", "Query"]

BUFFER = 64 * 1024
"""Bytes of an answer that are held back: an error before they are sent still gets a status of its own."""

NOBODY = Client()


@dataclass(frozen=True)
class Answer:
    """An answer: its format, its bytes, whole or as they come, and why it is truncated, if that is known already.

    A later truncation is a member of a JSON answer; in any other format LimitExceeded breaks the answer off.
    """

    form: str
    content: bytes | AsyncIterator[bytes]
    truncated: str = ""


class Evaluator:
    """Answers queries from a store, or from the folder of one; `workers` are to be closed when done."""

    def __init__(self, source: ox.Store | Path, limits: Limits, *, on_disk: bool = False) -> None:
        self.limits = limits
        self.admission = Admission(limits)
        self.workers = Workers(source, limits, on_disk=on_disk)

    def close(self) -> None:
        """Kill every process; a second call does no harm."""
        self.workers.close()

    def switch(self, folder: Path) -> None:
        """Answer from another folder from now on."""
        self.workers.switch(folder)
        self.admission.slow_until.clear()

    async def warm(self) -> None:
        """Wait until the store is loaded, and keep a worker ready."""
        self.workers.release(await self.workers.acquire())

    async def evaluate(self, query: Query, client: Client = NOBODY) -> Answer:
        """The answer to a query that the guards let through; closing the iterator of its bytes frees the worker.

        Raises BadQuery, LimitExceeded, Timeout, or Busy when there is no slot.
        """
        coming = frames(self.admission, self.workers, query, client)
        form, truncated, head = "", "", bytearray()
        try:
            async for kind, content in coming:
                if kind == FORMAT:
                    form = content.decode()
                elif kind == TRUNCATED:
                    truncated = content.decode()
                else:
                    head += content
                if len(head) >= BUFFER and not truncated:
                    return Answer(form, _content(bytes(head), coming, form))
            if truncated and form != "json":
                raise LimitExceeded(truncated)
            return Answer(form, _closed(bytes(head)) if truncated else bytes(head), truncated)
        except BaseException:
            await coming.aclose()
            raise


async def _content(last: bytes, coming: AsyncGenerator[Frame, None], form: str) -> AsyncIterator[bytes]:
    """The bytes that were held back, then those that come."""
    async with contextlib.aclosing(coming):
        async for kind, content in coming:
            if kind == TRUNCATED and form != "json":
                raise LimitExceeded(content.decode())
            yield _closed(last) if kind == TRUNCATED else last
            last = b"" if kind == TRUNCATED else content
        yield last


def _closed(json_rows: bytes) -> bytes:
    """A truncated JSON answer, closed after its last whole row, with a member that tells of it."""
    whole, row, _ = json_rows.rpartition(b'}},{"')
    if not row:
        raise LimitExceeded("a row of the answer is too large")
    return whole + b'}}]},"kgraph:truncated":true}'
