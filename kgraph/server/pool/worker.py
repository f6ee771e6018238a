"""The fork server and its workers: `python -m kgraph.server.pool.worker SOCKET LIMITS HOLDING PARENT`.

The fork server holds the graph in memory and forks a worker for each connection; with one thread, fork(2) is safe.

A worker shares that memory, does one job after another, and can be killed at any moment. Once it has its store it can
open no socket and has bounded memory. After its first query it opens files only of a store on disk.
"""

import contextlib
import importlib
import json
import os
import pickle
import resource
import signal
import socket
import sys
import traceback
from dataclasses import dataclass, replace
from functools import partial
from typing import NoReturn

import pyoxigraph as ox

from kgraph.base.vocab import PREFIXES
from kgraph.errors import BadQuery, KgraphError, LimitExceeded
from kgraph.publish.pages import Site
from kgraph.publish.pages.book import Book
from kgraph.rdf import sparql, sparql_text
from kgraph.server import rendering
from kgraph.server.pool import frames
from kgraph.server.pool.frames import Fault, failed, frame, receive
from kgraph.server.pool.holding import Holding
from kgraph.server.pool.jobs import Page, Query, ToolCall
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.sandbox import limit_memory, no_sockets, on_deep_stack
from kgraph.server.shown import WrittenResponse

CHUNK = 32 * 1024
TOOLS = "kgraph.server.mcp.answers"
"""The module that answers calls of tools, which a server of pages and queries does not need."""
MERGED = ox.NamedNode("urn:kgraph:merged")
"""The graph that several default graphs are merged into."""

PAGE_BYTES = 1024**3
"""Bytes of a page or of the whole graph; they are sent to all who ask for it."""

USES, GROWTH = 20_000, 64 * 1024**2
"""The number of queries, and the growth of memory in bytes, after which a worker ends."""


class FrameWriter:
    """A binary file that sends its content as DATA frames, up to a limit of bytes; small ones wait for others."""

    def __init__(self, connection: socket.socket, limit: int) -> None:
        self.connection = connection
        self.limit = self.left = limit
        self.pending = bytearray()
        self.frames = bytearray()

    def write(self, content: bytes) -> int:
        if len(content) > self.left:
            raise LimitExceeded(f"the answer has more than {self.limit} bytes; add a LIMIT")
        self.left -= len(content)
        self.pending += content
        if len(self.pending) >= CHUNK:
            self.connection.sendall(self.rest())
        return len(content)

    def flush(self) -> None:
        """Do nothing: what waits is sent with the last frame."""

    def add(self, kind: bytes, content: bytes) -> None:
        """Have a frame sent after those that wait."""
        self.frames += frame(kind, content)

    def rest(self) -> bytes:
        """The frames that wait, which are the caller's to send."""
        if self.pending:
            self.add(frames.DATA, bytes(self.pending))
            self.pending.clear()
        waiting = bytes(self.frames)
        self.frames.clear()
        return waiting


@dataclass(frozen=True)
class Held:
    """What a worker works with: the limits, the graph if the fork server has it, and the book of its pages."""

    limits: Limits
    store: ox.Store | None
    book: Book | None


def main(descriptor: str, limits: str, holding: str, parent: str) -> None:
    """Fork a worker for each connection while the parent process lives; then kill the workers."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that the kernel reaps the workers (wait(2))
    listener = socket.socket(fileno=int(descriptor))
    given = json.loads(holding)
    try:
        held = Held(Limits(**json.loads(limits)), *Holding(**given | {"site": Site(**given["site"])}).load())
        if given["tools"]:
            importlib.import_module(TOOLS)  # a worker opens no files
    except KgraphError as error:
        listener.accept()[0].sendall(failed(error))
        return
    listener.settimeout(1)
    while os.getppid() == int(parent):
        with contextlib.suppress(TimeoutError):
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                connection.settimeout(None)
                work(held, connection)
            connection.close()
    os.killpg(0, signal.SIGKILL)


def work(held: Held, connection: socket.socket) -> NoReturn:
    """Do jobs until the worker retires or the connection closes; then end the process."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the engine prints a stack trace when it runs out of memory
    os.nice(10)
    on_deep_stack(partial(_serve, held, connection))
    os._exit(0)


def _serve(held: Held, connection: socket.socket) -> None:
    with contextlib.suppress(OSError, EOFError):
        connection.sendall(frame(frames.HELLO, str(os.getpid()).encode()))
        is_on_disk = held.store is None
        while held.store is None:
            held = replace(held, store=_opened(connection))
        if is_on_disk and held.book:
            held.book.read(held.store)
        most = _peak_memory() + GROWTH
        limit_memory(held.limits.memory)
        no_sockets()
        for use in range(1, USES + 1):
            kind, content = receive(connection)
            if kind == frames.QUERY and not is_on_disk:
                resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
            last = _do(held, connection, kind, content)
            stays = use < USES and _peak_memory() < most
            connection.sendall(last + frame(frames.END, b"again" if stays else b""))
            if not stays:
                return


def _do(held: Held, connection: socket.socket, kind: bytes, content: bytes) -> bytes:
    """Do one job; its last frames, which FAILED may end."""
    out = FrameWriter(connection, max(held.limits.answer, PAGE_BYTES if kind == frames.PAGE else 0))
    try:
        if kind == frames.QUERY:
            _answer(held.store, out, pickle.loads(content))
        else:
            _render(held, out, pickle.loads(content))
        return out.rest()
    except LimitExceeded as error:
        return out.rest() + frame(frames.TRUNCATED, str(error).encode())
    except MemoryError:
        return failed(LimitExceeded("the query needs more memory than it may have"))
    except KgraphError as error:
        return failed(error)
    except Exception as error:
        text = f"the query cannot be evaluated: {error}"
        unknown = kind == frames.PAGE or not isinstance(error, RuntimeError | ValueError | OSError)
        return failed(Fault(traceback.format_exc()) if unknown else BadQuery(text))


def _opened(connection: socket.socket) -> ox.Store | None:
    """The store in the folder that the server names; None when it cannot be opened."""
    kind, content = receive(connection)
    if kind != frames.OPEN:
        raise EOFError
    folder = content.decode()
    try:
        store = ox.Store.read_only(folder)
    except (OSError, RuntimeError):  # RuntimeError: a folder that is being removed looks like a corrupt store
        connection.sendall(frame(frames.GONE))
        return None
    connection.sendall(frame(frames.OPENED))
    return store


def _peak_memory() -> int:
    """The largest resident set so far in bytes (getrusage(2)); the files in /proc cannot be opened here."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _answer(store: ox.Store | None, out: FrameWriter, query: Query) -> None:
    """Send the format of a query's answer, and the answer."""
    assert store is not None
    result = sparql.evaluate(*_dataset(store, query))
    form = _format(result, query)
    out.add(frames.FORMAT, form.encode())
    if isinstance(result, ox.QueryTriples):
        out.write(sparql.serialize(result, form))
    else:
        result.serialize(output=out, format=sparql.TABLES[form])  # type: ignore[arg-type]


def _render(held: Held, out: FrameWriter, job: Page | ToolCall) -> None:
    """Send the status and header fields of a page or of a tool's answer as JSON, and its content."""
    assert held.book is not None
    if isinstance(job, ToolCall):
        response = sys.modules[TOOLS].response(held.book, job)
    else:
        response = rendering.render(held.book, held.limits, job)
    out.add(frames.FORMAT, json.dumps([response.status_code, dict(response.headers)]).encode())
    if isinstance(response, WrittenResponse):
        response.write(out)  # type: ignore[arg-type]
    else:
        out.write(bytes(response.body))


def _format(result: sparql.Result, query: Query) -> str:
    """The format of an answer; a boolean has no CSV and no TSV."""
    if isinstance(result, ox.QueryTriples):
        return query.graph
    return "json" if isinstance(result, ox.QueryBoolean) and query.table not in ("json", "xml") else query.table


def _dataset(store: ox.Store, query: Query) -> tuple[ox.Store, str, sparql.Dataset]:
    """The store, text and dataset of a query; the request overrides FROM (SPARQL 1.1 Protocol, section 2.1.4).

    Several default graphs are copied into one, because pyoxigraph counts a triple once for each graph of a union.
    """
    given = (query.default, query.named)
    if not any(given):
        given = sparql_text.graphs(query.text, PREFIXES)
        if len(given[0]) < 2:
            return store, query.text, sparql.Dataset(base=query.base)
    default, named = (tuple(map(ox.NamedNode, names)) for names in given)
    if len(default) > 1:
        store, default = _merged(store, default, named), (MERGED,)
    return store, query.text, sparql.Dataset(default, named, query.base)


def _merged(store: ox.Store, default: tuple[ox.NamedNode, ...], named: tuple[ox.NamedNode, ...]) -> ox.Store:
    merged = ox.Store()
    for name in default:
        quads = store.quads_for_pattern(None, None, None, name)
        merged.extend(ox.Quad(quad.subject, quad.predicate, quad.object, MERGED) for quad in quads)
    for name in named:
        merged.extend(store.quads_for_pattern(None, None, None, name))
    return merged


if __name__ == "__main__":
    main(*sys.argv[1:])
