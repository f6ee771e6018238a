"""Prepare what is served, and serve it on a port, or answer one address without a port."""

import asyncio
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from types import FrameType
from urllib.parse import unquote

import pyoxigraph as ox
import uvicorn
from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp, Message, Scope

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import PREF_LABEL
from kgraph.base.words import LANGUAGES
from kgraph.build import pipeline
from kgraph.errors import CannotWrite
from kgraph.graph import disputes, layout, networks, questions, search
from kgraph.graph.as_json import Dates, Marks
from kgraph.publish.pages import UNPUBLISHED, Site
from kgraph.rdf import sparql
from kgraph.rdf.store import STORE
from kgraph.server.app import create_app
from kgraph.server.federation import Federation
from kgraph.server.http import hosts
from kgraph.server.http.timeouts import HEAD, Patient
from kgraph.server.pool.evaluator import Evaluator, Limits
from kgraph.server.reload import Current, Source, follow, refresh
from kgraph.server.served import ALONE, Served
from kgraph.server.update.writer import Writer

GRACE = 4.0
"""Seconds from the signal to the end at the latest."""


def prepare(
    store: ox.Store,
    folders: Folders,
    folder: Path | None,
    limits: Limits,
    site: Site = UNPUBLISHED,
    writer: Writer | None = None,
) -> Served:
    """Everything the server answers from; close its evaluator when done."""
    place = writer.place if writer else folder and folder / STORE
    return Served(
        store=store,
        index=search.open_index(store, None if writer else folder),
        questions=questions.all_in(folders.ontology),
        rules=pipeline.rules(folders),
        marks=cache(partial(_marks, store, None if writer else folder)),
        static=paths.static(),
        evaluator=Evaluator(place or store, limits, moving=writer is not None),
        site=site,
        shapes=cache(partial(_shapes, folders)),
        writer=writer,
    )


@dataclass(frozen=True)
class Options:
    """How the operator wants it served; with a token, updates are taken."""

    limits: Limits
    site: Site = UNPUBLISHED
    federation: Federation = ALONE
    logs: bool = False
    token: str | None = None


def open_and_prepare(
    open_store: Callable[[], ox.Store], folders: Folders, folder: Path | None, options: Options
) -> Served:
    """Everything the server answers from, with the writer that the options may ask for."""
    writer = Writer(folder, options.limits, options.token) if folder and options.token else None
    store = ox.Store.read_only(str(writer.place)) if writer else open_store()
    served = prepare(store, folders, folder, options.limits, options.site, writer)
    return replace(served, federation=options.federation, logs=options.logs)


def close(served: Served) -> None:
    """End every process of a server."""
    served.evaluator.close()
    if served.writer:
        served.writer.close()


def renewed(served: Served, store: ox.Store) -> Served:
    """The same server over a newer store."""
    return replace(served, store=store, index=search.open_index(store, None), marks=cache(partial(_marks, store)))


def _shapes(folders: Folders) -> ox.Store:
    """The shapes as a graph of their own, for the page of the ontology."""
    store = ox.Store()
    store.bulk_load(path=str(folders.ontology / "shapes.ttl"), format=ox.RdfFormat.TURTLE)
    return store


def _marks(store: ox.Store, folder: Path | None = None) -> Marks:
    """The overview is laid out by itself, all else around it, unless the build has a layout or is too large for one."""
    disputed = (
        side for dispute in disputes.disputes(store) if dispute.contradiction for side in (dispute.one, dispute.other)
    )
    overview = networks.overview(store)
    return Marks(
        overview=overview,
        positions=(folder and layout.load(folder)) or _laid_out(store, overview),
        dates={
            thing.value: Dates(first.value, last.value, begun.value == "true", is_open.value != "true")
            for thing, first, last, is_open, begun in sparql.named(store, "dates")
        },
        unknowns={thing.value: int(count.value) for thing, count in sparql.named(store, "unknown-counts")},
        disputed=frozenset((side.subject.value, side.predicate.value, side.object.value) for side in disputed),
    )


def _laid_out(store: ox.Store, overview: networks.Network) -> Mapping[str, tuple[float, float]]:
    """Where things stand; of a country nothing, because its parts are laid out when they are asked for."""
    named = store.quads_for_pattern(None, PREF_LABEL, None, ox.DefaultGraph())
    if any(islice(named, layout.COUNTRY * len(LANGUAGES), None)):
        return {}
    return layout.positions(networks.whole(store), {node.iri for node in overview.nodes})


def serve(served: Served, host: str, port: int, source: Source, *, browser: bool) -> None:
    """Serve until interrupted, and follow the source; CannotWrite when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # else packets wait 40 ms
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise CannotWrite(f"{host}:{port} cannot be used ({error.strerror}); choose another with --port") from error
    served.marks()  # laid out now, so that nobody waits for the first picture
    listener.listen(128)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}/"
    print(f"kgraph serves {address} (Ctrl-C ends it)", flush=True)
    if browser:
        webbrowser.open(address)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    known = hosts.names(host, served.site.base_url)
    asyncio.run(_serve(Current(replace(served, address=address, hosts=known)), source, listener))


class Ending(uvicorn.Server):
    """A server that ends within seconds of being told, whatever its clients do."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        last = threading.Timer(GRACE, os._exit, [0])  # the holder sees that its server is gone, and ends too
        last.daemon = True
        last.start()


async def _serve(current: Current, source: Source, listener: socket.socket) -> None:
    config = uvicorn.Config(
        current,
        http=Patient,
        h11_max_incomplete_event_size=HEAD,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    following = refresh(current, renewed) if current.served.writer else follow(current, source, _say)
    task = asyncio.create_task(following)
    try:
        await Ending(config).serve(sockets=[listener])
    finally:
        task.cancel()
        close(current.served)


def _say(message: str) -> None:
    print(f"kgraph: {message}", file=sys.stderr, flush=True)


def get(served: Served, address: str) -> tuple[int, bytes]:
    """The status and body of one address, answered without a port."""
    with client(served) as ask:
        return ask(address)


@contextmanager
def client(served: Served) -> Iterator[Callable[[str], tuple[int, bytes]]]:
    """What answers one address after another without a port, with status and body."""
    app = create_app(served)
    with start_blocking_portal() as portal:
        yield lambda address: portal.call(_answered, app, _scope(address))


def _scope(address: str) -> Scope:
    path, _, search = address.partition("?")
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": search.encode(),
        "headers": [(b"host", b"localhost")],
    }


async def _answered(app: ASGIApp, scope: Scope) -> tuple[int, bytes]:
    sent: list[Message] = []
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        for message in asked:
            return message
        return await asyncio.Future()  # the client neither says more nor leaves

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])
