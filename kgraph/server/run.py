"""Prepare what is served, and serve it on a port, or answer one address without a port."""

import asyncio
import signal
import sys
import webbrowser
from functools import cache, partial
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
from starlette.types import ASGIApp, Message, Scope

from kgraph import build, disputes, network, query, questions, resources, search
from kgraph.errors import CannotWrite
from kgraph.layout import positions
from kgraph.resources import Folders
from kgraph.server.app import Served, create_app
from kgraph.server.evaluator import Evaluator, Limits
from kgraph.server.payload import Marks


def prepare(store: ox.Store, folders: Folders, folder: Path | None, limits: Limits) -> Served:
    """Everything the server answers from; close its evaluator when done."""
    return Served(
        store=store,
        index=search.open_index(store, folder),
        questions=questions.all_in(folders.ontology),
        rules=build.rules(folders),
        marks=cache(partial(_marks, store)),
        static=resources.static(),
        evaluator=Evaluator(store, limits),
    )


def _marks(store: ox.Store) -> Marks:
    """The overview is laid out by itself, all else around it."""
    first = {node.iri for node in network.overview(store).nodes}
    disputed = (
        side for dispute in disputes.disputes(store) if dispute.contradiction for side in (dispute.one, dispute.other)
    )
    return Marks(
        positions=positions(network.whole(store), first),
        dates={thing.value: (begin.value, end.value) for thing, begin, end, _ in query.named(store, "dates")},
        unknowns={thing.value: int(count.value) for thing, count in query.named(store, "unknown-counts")},
        disputed=frozenset((side.subject.value, side.predicate.value, side.object.value) for side in disputed),
    )


def serve(served: Served, host: str, port: int, *, browser: bool) -> None:
    """Serve until interrupted; CannotWrite when the port is taken."""
    import socket

    import uvicorn

    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise CannotWrite(f"{host}:{port} cannot be used ({error.strerror}); choose another with --port") from error
    served.marks()  # laid out now, so that nobody waits for the first picture
    listener.listen(128)
    address = f"http://{host}:{listener.getsockname()[1]}/"
    print(f"kgraph serves {address} (Ctrl-C ends it)", flush=True)
    if browser:
        webbrowser.open(address)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    config = uvicorn.Config(create_app(served), log_level="warning", access_log=False, timeout_graceful_shutdown=3)
    uvicorn.Server(config).run(sockets=[listener])


def get(served: Served, address: str) -> tuple[int, bytes]:
    """The status and body of one address, answered without a port."""
    path, _, search = address.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": search.encode(),
        "headers": [(b"host", b"localhost")],
    }
    return asyncio.run(_answered(create_app(served), scope))


async def _answered(app: ASGIApp, scope: Scope) -> tuple[int, bytes]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])
