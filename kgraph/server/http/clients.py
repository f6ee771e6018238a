"""The client of a request: the host that it is counted for, and work that ends when it leaves."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

from kgraph.server.http.capacity import host_of
from kgraph.server.http.connection import LEAVING

Result = TypeVar("Result")


def client_of(request: Request) -> str:
    """The host that a request is counted for."""
    return host_of(request.client.host) if request.client else ""


async def unless_disconnected(request: Request, work: Coroutine[None, None, Result]) -> Result:
    """The result of a coroutine, cancelled when the client disconnects first."""
    extension = request.scope.get("extensions", {}).get(LEAVING)
    if extension is None:  # a request without a connection, as `run.get` makes it
        return await work
    task, left, on_leaving = asyncio.current_task(), [], extension["register"]
    assert task is not None
    on_leaving(lambda: left.append(task.cancel()))
    try:
        return await work
    except asyncio.CancelledError:
        if not left:
            raise
        task.uncancel()
        raise ClientDisconnect from None
    finally:
        on_leaving(None)
