"""Prepare the graph, and serve it on a port, or answer one address without a port."""

import asyncio
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from types import FrameType

import httpx
import pyoxigraph as ox
import uvicorn

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.build import pipeline
from kgraph.errors import CannotWrite
from kgraph.graph import questions, search, views
from kgraph.publish.pages import UNPUBLISHED, Site
from kgraph.publish.pages.book import shapes
from kgraph.rdf.store import STORE
from kgraph.server.app import create_app
from kgraph.server.federation import Federation
from kgraph.server.http.refusals import host_names
from kgraph.server.http.timeouts import HEAD, TimedProtocol
from kgraph.server.pool.evaluator import Evaluator
from kgraph.server.pool.limits import Limits
from kgraph.server.reload import CurrentApp, Source, follow, follow_updates
from kgraph.server.served import ALONE, Served
from kgraph.server.update.writer import Writer

GRACE = 4.0
"""Seconds from the signal until the process ends, whatever still runs."""


def prepare(
    store: ox.Store,
    folders: Folders,
    folder: Path | None,
    limits: Limits,
    site: Site = UNPUBLISHED,
    writer: Writer | None = None,
) -> Served:
    """Everything the server answers from; close its evaluator when done."""
    on_disk = writer.checkpoint if writer else folder and folder / STORE
    return Served(
        store=store,
        index=search.open_index(store, None if writer else folder),
        questions=questions.all_in(folders.ontology),
        rules=pipeline.rules(folders),
        marks=cache(partial(views.marks, store, None if writer else folder)),
        static=paths.static(),
        evaluator=Evaluator(on_disk or store, limits, on_disk=writer is not None),
        site=site,
        shapes=cache(partial(shapes, folders)),
        writer=writer,
    )


@dataclass(frozen=True)
class Options:
    """The options of the operator; with a token, updates are accepted."""

    limits: Limits
    site: Site = UNPUBLISHED
    federation: Federation = ALONE
    logs: bool = False
    token: str | None = None


def open_and_prepare(
    open_store: Callable[[], ox.Store], folders: Folders, folder: Path | None, options: Options
) -> Served:
    """Everything the server answers from, with a writer when the options have a token."""
    writer = Writer(folder, options.limits, options.token) if folder and options.token else None
    store = ox.Store.read_only(str(writer.checkpoint)) if writer else open_store()
    served = prepare(store, folders, folder, options.limits, options.site, writer)
    return replace(served, federation=options.federation, logs=options.logs)


def close(served: Served) -> None:
    """End every process of a server."""
    served.evaluator.close()
    if served.writer:
        served.writer.close()


def renewed(served: Served, store: ox.Store) -> Served:
    """The same server over a newer store."""
    return replace(served, store=store, index=search.open_index(store, None), marks=cache(partial(views.marks, store)))


def serve(served: Served, host: str, port: int, source: Source, *, browser: bool) -> None:
    """Serve until interrupted, and reload from the source; CannotWrite when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio sets TCP_NODELAY only with this
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise CannotWrite(f"{host}:{port} cannot be used ({error.strerror}); choose another with --port") from error
    served.marks()  # laid out before the first request
    listener.listen(128)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}/"
    print(f"kgraph serves {address} (Ctrl-C ends it)", flush=True)
    if browser:
        webbrowser.open(address)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    known = host_names(host, served.site.base_url)
    asyncio.run(_serve(CurrentApp(replace(served, address=address, hosts=known)), source, listener))


class PromptServer(uvicorn.Server):
    """A server that ends within GRACE seconds of a signal, whatever its clients do."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        timer = threading.Timer(GRACE, os._exit, [0])  # the fork server sees that its parent is gone, and ends too
        timer.daemon = True
        timer.start()


async def _serve(current: CurrentApp, source: Source, listener: socket.socket) -> None:
    config = uvicorn.Config(
        current,
        http=TimedProtocol,
        h11_max_incomplete_event_size=HEAD,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    following = follow_updates(current, renewed) if current.served.writer else follow(current, source, _report)
    task = asyncio.create_task(following)
    try:
        await PromptServer(config).serve(sockets=[listener])
    finally:
        task.cancel()
        close(current.served)


def _report(message: str) -> None:
    print(f"kgraph: {message}", file=sys.stderr, flush=True)


def get(served: Served, address: str) -> tuple[int, bytes]:
    """The status and body of one address, answered without a port."""
    transport = httpx.ASGITransport(create_app(served), raise_app_exceptions=False)

    async def answer() -> tuple[int, bytes]:
        async with httpx.AsyncClient(transport=transport) as client:
            found = await client.get(f"http://localhost{address}")
            return found.status_code, found.content

    return asyncio.run(answer())
