"""Prepare the graph and serve it on a port, or answer one address without a port.

When the graph is replaced, new requests get the new application; running ones finish on the old.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import Any

import pyoxigraph as ox
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from kgraph.base.paths import Folders
from kgraph.errors import CannotWrite, KgraphError
from kgraph.graph import search, views
from kgraph.publish.pages import UNPUBLISHED, Site
from kgraph.publish.pages.book import book_of
from kgraph.rdf.store import STORE
from kgraph.server.app import create_app
from kgraph.server.http.refusals import host_names
from kgraph.server.pool.evaluator import Evaluator
from kgraph.server.pool.limits import Limits
from kgraph.server.served import Served
from kgraph.server.update.writer import Writer

MOMENT = 0.3
"""Seconds in which running requests may end after a signal; their workers are killed then."""

GRACE = 3.0
"""Seconds from a signal to the end of the process, even if a thread still runs."""

HEAD_SECONDS = 10
"""Seconds for the head of a request, from the opening of the connection or the first byte of a later request."""

HEAD_BYTES = 512 * 1024
"""Bytes of a request's head: the address may hold a query of 64 K characters, percent-encoded."""

INTERVAL = 1.0
"""Seconds between two checks of the folder, and between two renewals of the pages after updates."""


def prepare(
    open_store: Callable[[], ox.Store],
    folders: Folders,
    folder: Path | None,
    limits: Limits,
    site: Site = UNPUBLISHED,
    token: str = "",
) -> Served:
    """What the server answers from, with a writer when there is a token for updates; `close` ends its processes."""
    writer = Writer(folder, limits, token) if folder and token else None
    store = ox.Store.read_only(str(writer.checkpoint)) if writer else open_store()
    built = None if writer else folder
    on_disk = writer.checkpoint if writer else built and built / STORE
    return Served(
        book_of(store, folders, site, built),
        cache(partial(views.marks, store, built)),
        Evaluator(on_disk or store, limits, on_disk=writer is not None),
        writer,
    )


def close(served: Served) -> None:
    """End every process of a server."""
    served.evaluator.close()
    if served.writer:
        served.writer.close()


class CurrentApp:
    """An ASGI application that passes each request to the application of the newest graph."""

    def __init__(self, served: Served) -> None:
        self.change(served)

    def change(self, served: Served) -> None:
        """Pass new requests to an application for another graph."""
        self.served = served
        self.app: ASGIApp = create_app(served)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except RuntimeError as error:
            if not isinstance(error.__cause__, KgraphError):
                raise  # a KgraphError after the first byte: uvicorn closes the connection


def serve(
    served: Served, host: str, port: int, folder: Path | None, prepare: Callable[[], Served], *, browser: bool
) -> None:
    """Serve until interrupted, reloading a folder that is replaced; CannotWrite when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio sets TCP_NODELAY only with this
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise CannotWrite(f"{host}:{port} cannot be used ({error.strerror}); choose another with --port") from error
    served.marks()  # computed before the first request
    listener.listen(128)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}/"
    print(f"kgraph serves {address} (Ctrl-C ends it)", flush=True)
    if browser:
        webbrowser.open(address)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    known = host_names(host, served.book.site.base_url)
    current = CurrentApp(replace(served, address=address, hosts=known))
    following = follow_updates(current) if served.writer else follow(current, folder, prepare)
    asyncio.run(_serve(current, following, listener))


class PromptServer(uvicorn.Server):
    """A uvicorn server that ends MOMENT seconds after a signal; after GRACE seconds it calls `close` and is killed."""

    def __init__(self, config: uvicorn.Config, close: Callable[[], None]) -> None:
        super().__init__(config)
        self.close = close

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MOMENT):
                await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        timer = threading.Timer(GRACE, self._force)
        timer.daemon = True
        timer.start()

    def _force(self) -> None:
        """End the process without its threads, but not without removing its temporary folder."""
        try:
            self.close()
        finally:
            os._exit(0)


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


async def _serve(current: CurrentApp, following: Coroutine[None, None, None], listener: socket.socket) -> None:
    config = uvicorn.Config(
        current,
        http=TimedProtocol,
        h11_max_incomplete_event_size=HEAD_BYTES,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    task = asyncio.create_task(following)
    try:
        await PromptServer(config, lambda: close(current.served)).serve(sockets=[listener])
    finally:
        task.cancel()
        close(current.served)


async def follow(current: CurrentApp, folder: Path | None, prepare: Callable[[], Served]) -> None:
    """Reload when the folder is replaced, and on SIGHUP; report a graph that cannot be opened."""
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
    """The device and inode of the store's folder, which change when it is replaced; None without one."""
    with contextlib.suppress(OSError):
        found = os.stat(folder / STORE) if folder else None
        return (found.st_dev, found.st_ino) if found else None
    return None


async def _reload(current: CurrentApp, prepare: Callable[[], Served]) -> None:
    """Answer from a new graph; the old processes end after their queries, or after twice the time limit."""
    try:
        fresh = await asyncio.to_thread(prepare)
        await fresh.evaluator.warm()
    except (KgraphError, OSError) as error:
        print(f"kgraph: the new graph cannot be used, the old one stays: {error}", file=sys.stderr, flush=True)
        return
    await asyncio.to_thread(fresh.marks)
    old = current.served
    fresh = replace(fresh, federation=old.federation, address=old.address, hosts=old.hosts, logs=old.logs)
    current.change(fresh)
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
    """The same server with the pages and data of another checkpoint."""
    store = ox.Store.read_only(str(checkpoint))
    book = replace(served.book, store=store, index=search.open_index(store, None), folder=None)
    return replace(served, book=book, marks=cache(partial(views.marks, store)))


def get(served: Served, address: str) -> tuple[int, bytes]:
    """The status and body of one address, answered without a port."""
    import httpx  # slow to import, and not needed by a server

    transport = httpx.ASGITransport(create_app(served), raise_app_exceptions=False)

    async def answer() -> tuple[int, bytes]:
        async with httpx.AsyncClient(transport=transport) as client:
            found = await client.get(f"http://localhost{address}")
            return found.status_code, found.content

    return asyncio.run(answer())
