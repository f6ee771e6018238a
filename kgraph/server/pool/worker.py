"""The fork server and its workers: `python -m kgraph.server.pool.worker SOCKET LIMITS STORE`.

The fork server holds the store in memory and forks a worker for each connection; with one thread, fork(2) is safe.
STORE is the folder of the store to copy, or `-` for N-Quads on stdin. With `@`, each worker opens a folder on request.

A worker shares that memory, answers queries one by one, and can be killed at any moment. Once it has its store it can
open no socket, opens files only of a store on disk, and has bounded memory.
"""

import contextlib
import json
import os
import resource
import signal
import socket
import sys
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

import pyoxigraph as ox

from kgraph.base.vocab import PREFIXES
from kgraph.errors import BadQuery, KgraphError, LimitExceeded
from kgraph.rdf import sparql, sparql_text
from kgraph.server.pool import frames
from kgraph.server.pool.frames import failed, frame, receive
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.sandbox import limit_memory, no_sockets, on_deep_stack

CHUNK = 32 * 1024
MERGED = ox.NamedNode("urn:kgraph:merged")
"""The graph that several default graphs are merged into."""

USES, GROWTH = 1000, 64 * 1024**2
"""The number of queries, and the growth of memory in bytes, after which a worker ends."""


@dataclass(frozen=True)
class Query:
    """A query with the formats of a table and of triples, its base IRI, and the dataset of the request."""

    text: str
    table: str = "json"
    graph: str = "ttl"
    base: str | None = None
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class FrameWriter:
    """A binary file that sends its content as DATA frames, up to a limit of bytes."""

    def __init__(self, connection: socket.socket, limit: int) -> None:
        self.connection = connection
        self.limit = self.left = limit
        self.pending = bytearray()

    def write(self, content: bytes) -> int:
        if len(content) > self.left:
            raise LimitExceeded(f"the answer has more than {self.limit} bytes; add a LIMIT")
        self.left -= len(content)
        self.pending += content
        if len(self.pending) >= CHUNK:
            self.flush()
        return len(content)

    def flush(self) -> None:
        if self.pending:
            self.connection.sendall(frame(frames.DATA, bytes(self.pending)))
            self.pending.clear()


def main(descriptor: str, limits: str, source: str) -> None:
    """Fork a worker for each connection while the parent process lives; then kill the workers."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that the kernel reaps the workers (wait(2))
    server = os.getppid()
    listener = socket.socket(fileno=int(descriptor))
    store = _loaded(source)
    listener.settimeout(1)
    while os.getppid() == server:
        with contextlib.suppress(TimeoutError):
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                connection.settimeout(None)
                work(store, connection, Limits(**json.loads(limits)))
            connection.close()
    os.killpg(0, signal.SIGKILL)


def _loaded(source: str) -> ox.Store | None:
    if source == "@":
        return None
    store = ox.Store()
    if source == "-":
        store.bulk_load(sys.stdin.buffer, ox.RdfFormat.N_QUADS)
    elif len(on_disk := ox.Store.read_only(source)):
        store.bulk_extend(on_disk)
    return store


def work(store: ox.Store | None, connection: socket.socket, limits: Limits) -> NoReturn:
    """Answer queries until the worker retires or the connection closes; then end the process."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the engine prints a stack trace when it runs out of memory
    os.nice(5)
    on_deep_stack(partial(_serve, store, connection, limits))
    os._exit(0)


def _serve(store: ox.Store | None, connection: socket.socket, limits: Limits) -> None:
    with contextlib.suppress(OSError, EOFError):
        connection.sendall(frame(frames.HELLO, str(os.getpid()).encode()))
        on_disk = store is None
        while store is None:
            store = _opened(connection)
        most = _peak_memory() + GROWTH
        limit_memory(limits.memory)
        no_sockets()
        if not on_disk:
            resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
        for use in range(1, USES + 1):
            query = Query(**json.loads(_expected(connection, frames.QUERY)))
            _answer(store, connection, limits, query)
            stays = use < USES and _peak_memory() < most
            connection.sendall(frame(frames.END, b"again" if stays else b""))
            if not stays:
                return


def _opened(connection: socket.socket) -> ox.Store | None:
    """The store in the folder that the server names; None when it cannot be opened."""
    folder = _expected(connection, frames.OPEN).decode()
    try:
        store = ox.Store.read_only(folder)
    except (OSError, RuntimeError):  # RuntimeError: a folder that is being removed looks like a corrupt store
        connection.sendall(frame(frames.GONE))
        return None
    connection.sendall(frame(frames.OPENED))
    return store


def _expected(connection: socket.socket, kind: bytes) -> bytes:
    received, content = receive(connection)
    if received != kind:
        raise EOFError
    return content


def _peak_memory() -> int:
    """The largest resident set so far in bytes (getrusage(2)); the files in /proc cannot be opened here."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _answer(store: ox.Store, connection: socket.socket, limits: Limits, query: Query) -> None:
    """Send the frames of one answer up to END, or FAILED."""
    out = FrameWriter(connection, limits.answer)
    try:
        result = sparql.evaluate(*_dataset(store, query))
        form = _format(result, query)
        connection.sendall(frame(frames.FORMAT, form.encode()))
        if isinstance(result, ox.QueryTriples):
            out.write(sparql.serialize(result, form))
        else:
            result.serialize(output=out, format=sparql.TABLES[form])  # type: ignore[arg-type]
        out.flush()
    except LimitExceeded as error:
        out.flush()
        connection.sendall(frame(frames.TRUNCATED, str(error).encode()))
    except MemoryError:
        connection.sendall(failed(LimitExceeded("the query needs more memory than it may have")))
    except KgraphError as error:
        connection.sendall(failed(error))
    except (RuntimeError, ValueError, OSError) as error:
        connection.sendall(failed(BadQuery(f"the query cannot be evaluated: {error}")))


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
