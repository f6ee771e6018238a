"""A worker: a process that answers queries, one after another, and can be stopped at any moment.

It can open no file and no socket once it has its store, and it has no more memory than it is given.
"""

import contextlib
import json
import os
import resource
import socket
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox

from kgraph.base.vocab import PREFIXES
from kgraph.errors import BadQuery, KgraphError, LimitExceeded
from kgraph.rdf import sparql, sparql_text
from kgraph.server.pool.frames import ASK, CUT, DATA, END, FAILED, GONE, HELLO, KIND, OPEN, OPENED, frame, receive
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.sandbox import no_sockets

STACK = 256 * 1024**2
"""Enough for the deepest query that the guards let through; the system's 8 MB are not."""

CHUNK = 32 * 1024
MERGED = ox.NamedNode("urn:kgraph:merged")
"""What several default graphs become, a graph that no query can name."""

USES = 1000
GROWTH = 64 * 1024**2
"""A worker retires after so many queries, or when it has kept so much memory."""


@dataclass(frozen=True)
class Asked:
    """A query, the formats for a table and for triples, and the graphs that the request names in place of its own.

    `base` is the IRI against which relative ones stand.
    """

    text: str
    table: str = "json"
    graph: str = "ttl"
    base: str | None = None
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def packed(self) -> bytes:
        return json.dumps(asdict(self)).encode()


class Full(Exception):
    """The answer has as many bytes as it may have."""


class Frames:
    """A file that sends what is written to it as DATA, up to a limit."""

    def __init__(self, connection: socket.socket, limit: int) -> None:
        self.connection = connection
        self.left = limit
        self.pending = bytearray()

    def write(self, content: bytes) -> int:
        if len(content) > self.left:
            raise Full
        self.left -= len(content)
        self.pending += content
        if len(self.pending) >= CHUNK:
            self.flush()
        return len(content)

    def flush(self) -> None:
        if self.pending:
            self.connection.sendall(frame(DATA, bytes(self.pending)))
            self.pending.clear()


def work(store: ox.Store | None, connection: socket.socket, limits: Limits) -> NoReturn:
    """A worker's life, in a thread with a stack of its own, and its end with the process."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the engine's last words when memory runs out help nobody
    os.nice(5)
    threading.stack_size(STACK)
    life = threading.Thread(target=_live, args=(store, connection, limits))
    life.start()
    life.join()
    os._exit(0)


def _live(store: ox.Store | None, connection: socket.socket, limits: Limits) -> None:
    with contextlib.suppress(OSError, EOFError):
        connection.sendall(frame(HELLO, str(os.getpid()).encode()))
        on_disk = store is None
        while store is None:
            store = _opened(connection)
        most = _used() + GROWTH
        _limit(limits, files=on_disk)
        for use in range(1, USES + 1):
            asked = json.loads(_told(connection, ASK))
            _give(store, connection, limits, Asked(**asked))
            stays = use < USES and _used() < most
            connection.sendall(frame(END, b"again" if stays else b""))
            if not stays:
                return


def _opened(connection: socket.socket) -> ox.Store | None:
    """The store in the folder that this worker is told; None when it cannot be opened, perhaps because it went away."""
    place = _told(connection, OPEN).decode()
    try:
        store = ox.Store.read_only(place)
    except (OSError, RuntimeError):  # a folder that is being removed is taken for a spoilt one
        connection.sendall(frame(GONE))
        return None
    connection.sendall(frame(OPENED))
    return store


def _told(connection: socket.socket, kind: bytes) -> bytes:
    told, content = receive(connection)
    if told != kind:
        raise EOFError
    return content


def _used() -> int:
    """Bytes of memory that this process has had in use at most; asks no file, which it could not open any more."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _limit(limits: Limits, *, files: bool) -> None:
    """From now on memory is bounded, and no socket can be opened, nor a file that a store on disk does not need."""
    with contextlib.suppress(OSError, ValueError):
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + limits.memory,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    no_sockets()
    if not files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _give(store: ox.Store, connection: socket.socket, limits: Limits, asked: Asked) -> None:
    """One answer, or the sentence that says why there is none."""
    out = Frames(connection, limits.answer)
    try:
        result = sparql.evaluate(*_dataset(store, asked))
        form = _form(result, asked)
        connection.sendall(frame(KIND, form.encode()))
        _write(result, form, out)
        out.flush()
    except Full:
        out.flush()
        connection.sendall(frame(CUT, f"the answer has more than {limits.answer} bytes; add a LIMIT".encode()))
    except MemoryError:
        _fail(connection, LimitExceeded("the query needs more memory than it may have"))
    except KgraphError as error:
        _fail(connection, error)
    except (RuntimeError, ValueError, OSError) as error:
        _fail(connection, BadQuery(f"this answer cannot be given: {error}"))


def _fail(connection: socket.socket, error: KgraphError) -> None:
    connection.sendall(frame(FAILED, f"{type(error).__name__} {error}".encode()))


def _form(result: sparql.Result, asked: Asked) -> str:
    """The format of an answer; a boolean has no CSV and no TSV."""
    match result:
        case ox.QueryTriples():
            return asked.graph
        case ox.QueryBoolean() if asked.table not in ("json", "xml"):
            return "json"
    return asked.table


def _write(result: sparql.Result, form: str, out: Frames) -> None:
    if isinstance(result, ox.QueryTriples):
        out.write(sparql.serialize(result, form))
    else:
        result.serialize(output=out, format=sparql.TABLES[form])  # type: ignore[arg-type]


def _dataset(store: ox.Store, asked: Asked) -> tuple[ox.Store, str, sparql.Dataset]:
    """The store, the text and the graphs to ask (https://www.w3.org/TR/sparql11-protocol/#dataset).

    Several default graphs are merged into one first: pyoxigraph would count a triple once for each graph that has it.
    """
    given = (asked.default, asked.named)
    if not any(given):
        given = sparql_text.graphs(asked.text, PREFIXES)
        if len(given[0]) < 2:
            return store, asked.text, sparql.Dataset(base=asked.base)
    default, named = (tuple(map(ox.NamedNode, names)) for names in given)
    if len(default) > 1:
        store, default = _merged(store, default, named), (MERGED,)
    return store, asked.text, sparql.Dataset(default, named, asked.base)


def _merged(store: ox.Store, default: tuple[ox.NamedNode, ...], named: tuple[ox.NamedNode, ...]) -> ox.Store:
    merged = ox.Store()
    for name in default:
        merged.extend(
            ox.Quad(quad.subject, quad.predicate, quad.object, MERGED)
            for quad in store.quads_for_pattern(None, None, None, name)
        )
    for name in named:
        merged.extend(store.quads_for_pattern(None, None, None, name))
    return merged
