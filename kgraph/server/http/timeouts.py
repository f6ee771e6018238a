"""HTTP with a clock: a connection whose request does not arrive in time is closed, and a head too large is refused."""

import asyncio
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from kgraph.server.http.problems import problem

SECONDS = 10
"""From the opening of a connection, or the first byte of a request, to the end of its head."""

HEAD = 512 * 1024
"""Bytes of a request's head at most: an address may hold a whole query, three bytes for each."""

FIELDS = 100
"""Fields in the head of a request at most."""


class Patient(H11Protocol):
    """uvicorn's own protocol, and a clock that runs until the head of a request is there."""

    clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wind()

    def data_received(self, data: bytes) -> None:
        if self.clock is None and (self.cycle is None or self.cycle.response_complete):
            self._wind()
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _wind(self) -> None:
        self.clock = self.loop.call_later(SECONDS, self.transport.close)

    def _stop(self) -> None:
        if self.clock:
            self.clock.cancel()
        self.clock = None


class FewFields:
    """Refuses requests with more fields than anybody needs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and len(scope["headers"]) > FIELDS:
            refused = problem(431, "RequestHeaderFieldsTooLarge", f"at most {FIELDS} fields are taken")
            await refused(scope, receive, send)
        else:
            await self.app(scope, receive, send)
