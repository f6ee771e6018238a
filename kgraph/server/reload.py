"""A new graph without a pause: the application is swapped, and what runs on the old one ends there."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pyoxigraph as ox
from starlette.types import ASGIApp, Receive, Scope, Send

from kgraph.errors import KgraphError
from kgraph.rdf.store import STORE
from kgraph.server.app import create_app
from kgraph.server.served import Served

EVERY = 1.0
"""Seconds between two looks at the folder, and before the explorer follows an update."""


class Current:
    """The application as it is now."""

    def __init__(self, served: Served) -> None:
        self.change(served)

    def change(self, served: Served) -> None:
        """Answer from something else from now on."""
        self.served = served
        self.app: ASGIApp = create_app(served)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except RuntimeError as error:
            if not isinstance(error.__cause__, KgraphError):
                raise  # an answer that broke off: it has begun, so the connection is all that can be closed


@dataclass(frozen=True)
class Source:
    """Where a graph comes from: a folder to watch, if there is one, and how to prepare everything anew."""

    folder: Path | None
    prepare: Callable[[], Served]


async def follow(current: Current, source: Source, say: Callable[[str], None]) -> None:
    """Swap whenever the folder is replaced, or on SIGHUP; a graph that cannot be opened is said and left alone."""
    wanted = asyncio.Event()
    with contextlib.suppress(NotImplementedError, ValueError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, wanted.set)
    seen = _mark(source.folder)
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wanted.wait(), EVERY)
        mark = _mark(source.folder)
        if wanted.is_set() or (mark and mark != seen):
            wanted.clear()
            seen = mark
            await swap(current, source, say)


def _mark(folder: Path | None) -> tuple[int, int] | None:
    """What tells a folder from the one that takes its place."""
    with contextlib.suppress(OSError):
        found = os.stat(folder / STORE) if folder else None
        return (found.st_dev, found.st_ino) if found else None
    return None


async def swap(current: Current, source: Source, say: Callable[[str], None]) -> None:
    try:
        fresh = await asyncio.to_thread(source.prepare)
        await fresh.evaluator.warm()
    except (KgraphError, OSError) as error:
        return say(f"the new graph cannot be used, the old one stays: {error}")
    await asyncio.to_thread(fresh.marks)
    old = current.served
    current.change(replace(fresh, address=old.address, hosts=old.hosts))
    say("a new graph is served")
    await _drained(old)
    return None


async def _drained(old: Served) -> None:
    """Close the old processes when their queries have ended, or had the time to."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2 * old.evaluator.limits.seconds):
            await asyncio.sleep(EVERY)
            while old.evaluator.active:
                await asyncio.sleep(EVERY / 10)
    old.evaluator.close()


async def refresh(current: Current, renew: Callable[[Served, ox.Store], Served]) -> None:
    """Let the pages and the explorer follow the updates."""
    writer = current.served.writer
    assert writer is not None
    while True:
        await writer.news.wait()
        writer.news.clear()
        writer.shown = (writer.shown[1], writer.place)
        try:
            store = await asyncio.to_thread(partial(ox.Store.read_only, str(writer.shown[1])))
            current.change(await asyncio.to_thread(renew, current.served, store))
        except (OSError, RuntimeError):
            writer.news.set()  # cannot be opened just now: once more in a moment
        await asyncio.sleep(EVERY)
