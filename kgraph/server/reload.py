"""A new graph without a pause: the application is replaced, and requests that run end on the old one."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pyoxigraph as ox
from starlette.types import ASGIApp, Receive, Scope, Send

from kgraph.errors import KgraphError
from kgraph.graph import search, views
from kgraph.rdf.store import STORE
from kgraph.server.app import create_app
from kgraph.server.served import Served

INTERVAL = 1.0
"""Seconds between two checks of the folder, and between two renewals of the pages after updates."""


class CurrentApp:
    """The application of the newest graph."""

    def __init__(self, served: Served) -> None:
        self.change(served)

    def change(self, served: Served) -> None:
        """Answer new requests from another graph."""
        self.served = served
        self.app: ASGIApp = create_app(served)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except RuntimeError as error:
            if not isinstance(error.__cause__, KgraphError):
                raise  # otherwise the answer broke off after it had begun, and uvicorn closes the connection


async def follow(current: CurrentApp, folder: Path | None, prepare: Callable[[], Served]) -> None:
    """Reload when the folder is replaced, and on SIGHUP; a graph that cannot be opened is reported."""
    wanted = asyncio.Event()
    with contextlib.suppress(NotImplementedError, ValueError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, wanted.set)
    seen = _identity(folder)
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wanted.wait(), INTERVAL)
        found = _identity(folder)
        if wanted.is_set() or (found and found != seen):
            wanted.clear()
            seen = found
            await _reload(current, prepare)


def _identity(folder: Path | None) -> tuple[int, int] | None:
    """The device and inode of the store, which change when another folder takes its name."""
    with contextlib.suppress(OSError):
        found = os.stat(folder / STORE) if folder else None
        return (found.st_dev, found.st_ino) if found else None
    return None


async def _reload(current: CurrentApp, prepare: Callable[[], Served]) -> None:
    """Answer from a new graph; the old processes end after their queries, at the latest after twice the time limit."""
    try:
        fresh = await asyncio.to_thread(prepare)
        await fresh.evaluator.warm()
    except (KgraphError, OSError) as error:
        print(f"kgraph: the new graph cannot be used, the old one stays: {error}", file=sys.stderr, flush=True)
        return
    await asyncio.to_thread(fresh.marks)
    old = current.served
    current.change(replace(fresh, address=old.address, hosts=old.hosts))
    print("kgraph: a new graph is served", file=sys.stderr, flush=True)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2 * old.evaluator.limits.seconds):
            await asyncio.sleep(INTERVAL)
            while old.evaluator.admission.active:
                await asyncio.sleep(INTERVAL / 10)
    old.evaluator.close()


async def follow_updates(current: CurrentApp) -> None:
    """Renew the pages and the explorer's data after updates."""
    writer = current.served.writer
    assert writer is not None
    while True:
        await writer.changed.wait()
        writer.changed.clear()
        writer.shown = (writer.shown[1], writer.checkpoint)
        try:
            current.change(await asyncio.to_thread(_renewed, current.served, writer.checkpoint))
        except (OSError, RuntimeError):
            writer.changed.set()  # the checkpoint was replaced meanwhile: try again after the interval
        await asyncio.sleep(INTERVAL)


def _renewed(served: Served, checkpoint: Path) -> Served:
    """A server over the store of a newer checkpoint, with the processes of an older one."""
    store = ox.Store.read_only(str(checkpoint))
    return replace(served, store=store, index=search.open_index(store, None), marks=cache(partial(views.marks, store)))
