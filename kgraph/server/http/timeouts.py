"""A deadline for the head of each request: uvicorn's own timeout counts only between requests."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 10
"""From the opening of a connection, or the first byte of a later request, to the end of the request's head."""

HEAD = 512 * 1024
"""Bytes of a request's head: its address may hold a query of 64 K characters, percent-encoded."""


class TimedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol, which closes a connection whose request head is late.

    It relies on the attributes `cycle`, `loop` and `transport`, hence the upper bound of uvicorn in pyproject.toml.
    """

    deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._start()

    def data_received(self, data: bytes) -> None:
        if self.deadline is None and (self.cycle is None or self.cycle.response_complete):
            self._start()
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel()
        super().connection_lost(exc)

    def _start(self) -> None:
        self.deadline = self.loop.call_later(SECONDS, self.transport.close)

    def _cancel(self) -> None:
        if self.deadline:
            self.deadline.cancel()
        self.deadline = None
