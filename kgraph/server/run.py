"""Prepare the graph and serve it on a port, or answer one address without a port.

When the graph is replaced, new requests get the new application; running ones finish on the old.
"""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

import pyoxigraph as ox
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from kgraph.base.paths import Folders
from kgraph.errors import CannotWrite, KgraphError
from kgraph.publish.pages import UNPUBLISHED, Site
from kgraph.rdf.store import STORE
from kgraph.server.app import create_app
from kgraph.server.http.cache import Cache
from kgraph.server.http.capacity import BACKLOG, capacity
from kgraph.server.http.connection import configuration
from kgraph.server.http.faults import log_once_per_minute
from kgraph.server.http.proxies import Proxies
from kgraph.server.http.refusals import host_names
from kgraph.server.pool.evaluator import Evaluator
from kgraph.server.pool.holding import STDIN, Holding
from kgraph.server.pool.jobs import Page
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.workers import Workers
from kgraph.server.served import Served
from kgraph.server.update.writer import Writer
from kgraph.server.watching import keep_building

MOMENT = 0.3
"""Seconds in which running requests may end after a signal; their workers are killed then."""

GRACE = 3.0
"""Seconds from a signal to the end of the process, even if a thread still runs."""

LARGE = 256 * 1024**2
"""Bytes above which a store stays on disk: loading it would take minutes, and as much memory again."""

INTERVAL = 1.0
"""Seconds between two checks of the folder, and between two renewals of the pages after updates."""


@dataclass(frozen=True)
class Setup:
    """What is served: a build folder or the graph that `open_store` gives, with the folders and the site of its pages.

    With a `token`, the build folder takes updates; with `tools`, workers answer calls of tools.
    """

    folders: Folders
    limits: Limits
    built: Path | None = None
    open_store: Callable[[], ox.Store] | None = None
    site: Site = UNPUBLISHED
    token: str = ""
    tools: bool = False

    @property
    def takes_updates(self) -> bool:
        return bool(self.built and self.token)

    def start(self) -> Served:
        """Start the processes; `close` ends them."""
        if self.built and self.takes_updates:
            writer = Writer(self.built, self.limits, self.token)
            queries = Workers(self.limits, Holding(), folder=writer.checkpoint)
            return Served(Evaluator(self.pages(writer.checkpoint), queries), self.site.base_url, writer)
        graph = None if self.built or self.open_store is None else self.open_store()
        return Served(Evaluator(self.pages(self.built, graph)), self.site.base_url)

    def pages(self, folder: Path | None, graph: ox.Store | None = None) -> Workers:
        """The workers of pages about the store in a folder, or about a graph."""
        is_build = folder is not None and folder == self.built
        store = folder / STORE if folder and is_build else folder
        on_disk = store if store and _size(store) > LARGE else None
        holding = Holding(
            str(folder) if folder else STDIN,
            is_build,
            on_disk is not None,
            str(self.folders.ontology.resolve()),
            str(self.folders.data.resolve()),
            self.site,
            self.tools,
        )
        return Workers(self.limits, holding, graph, on_disk)


def _size(folder: Path) -> int:
    """The bytes of the files in a folder; 0 where there is none."""
    with contextlib.suppress(OSError):
        return sum(file.stat().st_size for file in folder.iterdir())
    return 0


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
        with contextlib.suppress(KgraphError):  # an error after the first byte: uvicorn closes the connection
            await self.app(scope, receive, send)


def serve(served: Served, setup: Setup, host: str, port: int, *, browser: bool, proxies: Proxies) -> None:
    """Serve until interrupted, reloading a folder that is replaced; CannotWrite when the port is taken."""
    listener = listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}/"
    known = host_names(host, served.base_url)
    origins = served.origins or (("*",) if known is None else ())
    current = CurrentApp(replace(served, address=address, hosts=known, origins=origins))
    asyncio.run(_serve(current, setup, listener, proxies, browser=browser))


def listening(host: str, port: int, option: str = "--port") -> socket.socket:
    """A socket that listens; CannotWrite, with the option that chooses another port, when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio sets TCP_NODELAY only with this
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise CannotWrite(f"{host}:{port} cannot be used ({error.strerror}); choose another with {option}") from error
    listener.listen(BACKLOG)
    return listener


class PromptServer(uvicorn.Server):
    """A uvicorn server that ends MOMENT seconds after a signal; after GRACE seconds it calls `close` and is killed."""

    def __init__(self, config: uvicorn.Config, close: Callable[[], None]) -> None:
        super().__init__(config)
        self.close = close

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(BACKLOG)  # asyncio has set it to the connections of one turn

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


async def _serve(
    current: CurrentApp, setup: Setup, listener: socket.socket, proxies: Proxies, *, browser: bool
) -> None:
    kept = capacity()
    config = configuration(current, kept, proxies)
    log_once_per_minute()
    following = follow_updates(current, setup) if setup.takes_updates else follow(current, setup)
    watch = current.served.watch
    tasks = [
        asyncio.create_task(work) for work in (following, kept.sweep(), *([keep_building(watch)] if watch else []))
    ]
    try:
        await current.served.evaluator.warm()
        gc.freeze()  # what is loaded now stays, so that no collection looks at it
        print(f"kgraph serves {current.served.address} (Ctrl-C ends it)", flush=True)
        if editing := current.served.editing:
            print(f"curators decide at {editing.start(current.served.address)}", flush=True)
        if browser:
            webbrowser.open(editing.start(current.served.address) if editing else current.served.address)
        await PromptServer(config, lambda: close(current.served)).serve(sockets=[listener])
    finally:
        for task in tasks:
            task.cancel()
        close(current.served)


def _on_hangup(call: Callable[[], object]) -> None:
    """Have a function called on SIGHUP, where the system has it."""
    with contextlib.suppress(NotImplementedError, ValueError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, call)


async def follow(current: CurrentApp, setup: Setup) -> None:
    """Reload when the folder is replaced, and on SIGHUP; report a graph that cannot be opened."""
    wanted = asyncio.Event()
    _on_hangup(wanted.set)
    seen = _identity(setup.built)
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wanted.wait(), INTERVAL)
        found = _identity(setup.built)
        if wanted.is_set() or (found and found != seen):
            wanted.clear()
            seen = found
            await _reload(current, setup)


def _identity(folder: Path | None) -> tuple[int, int] | None:
    """The device and inode of the store's folder, which change when it is replaced; None without one."""
    with contextlib.suppress(OSError):
        found = os.stat(folder / STORE) if folder else None
        return (found.st_dev, found.st_ino) if found else None
    return None


async def _reload(current: CurrentApp, setup: Setup) -> None:
    """Answer from a new graph; the old processes end after their jobs, or after twice the time limit."""
    fresh: Served | None = None
    try:
        fresh = await asyncio.to_thread(setup.start)
        await fresh.evaluator.warm()
    except (KgraphError, OSError) as error:
        print(f"kgraph: the new graph cannot be used, the old one stays: {error}", file=sys.stderr, flush=True)
        if fresh:
            fresh.evaluator.close()
        return
    old = current.served
    current.change(replace(old, evaluator=fresh.evaluator, cache=Cache()))
    if old.watch:
        old.watch.graph += 1
    print("kgraph: a new graph is served", file=sys.stderr, flush=True)
    await _retire(*{*old.evaluator.workers.values()})


async def _retire(*old: Workers) -> None:
    """End processes after their jobs, or after twice the time limit."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2 * old[0].limits.seconds):
            await asyncio.sleep(INTERVAL)  # a request may have taken the old application, and no worker yet
            while any(workers.in_use() for workers in old):
                await asyncio.sleep(INTERVAL / 10)
    for workers in old:
        workers.close()


async def follow_updates(current: CurrentApp, setup: Setup) -> None:
    """Renew the pages and the explorer's data after updates."""
    writer = current.served.writer
    assert writer is not None
    _on_hangup(writer.changed.set)
    retiring = set[asyncio.Task[None]]()
    while True:
        await writer.changed.wait()
        writer.changed.clear()
        writer.shown = (writer.shown[1], writer.checkpoint)
        try:
            old = await _renew(current, setup, writer.checkpoint)
        except (KgraphError, OSError):
            writer.changed.set()  # the checkpoint was replaced meanwhile: try again after the interval
        else:
            retiring.add(task := asyncio.create_task(_retire(old)))
            task.add_done_callback(retiring.discard)
        await asyncio.sleep(INTERVAL)


async def _renew(current: CurrentApp, setup: Setup, checkpoint: Path) -> Workers:
    """Render pages from another checkpoint; the workers that did so before."""
    fresh = await asyncio.to_thread(setup.pages, checkpoint)
    try:
        fresh.release(await fresh.start(Page))
    except BaseException:
        fresh.close()
        raise
    workers = current.served.evaluator.workers
    old, workers[Page] = workers[Page], fresh
    current.change(replace(current.served, cache=Cache()))
    return old


def get(served: Served, address: str) -> tuple[int, bytes]:
    """The status and body of one address, answered without a port."""
    import httpx  # slow to import, and not needed by a server

    transport = httpx.ASGITransport(create_app(served), raise_app_exceptions=False)

    async def answer() -> tuple[int, bytes]:
        await served.evaluator.warm()  # a graph that cannot be opened is an error for any address
        async with httpx.AsyncClient(transport=transport) as client:
            found = await client.get(f"http://localhost{address}")
            return found.status_code, found.content

    return asyncio.run(answer())
