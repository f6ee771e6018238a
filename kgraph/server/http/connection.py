"""Connections of the server: how long the head of a request may take and how long it may be."""

import asyncio
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10
"""Seconds for the head of a request, from the opening of the connection or the first byte of a later request."""

HEAD_BYTES = 512 * 1024
"""Bytes of a request's head: the address may hold a query of 64 K characters, percent-encoded."""


class TimedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol, which closes a connection when the head of a request takes over HEAD_SECONDS.

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
        self.deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _cancel(self) -> None:
        if self.deadline:
            self.deadline.cancel()
        self.deadline = None


def configuration(app: ASGIApp) -> uvicorn.Config:
    """The settings of uvicorn for an application."""
    return uvicorn.Config(
        app,
        http=TimedProtocol,
        h11_max_incomplete_event_size=HEAD_BYTES,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
