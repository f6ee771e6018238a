"""SPARQL in processes that can be stopped: one process holds the store and forks a child for each query.

pyoxigraph can neither cancel a query nor survive one that is nested too deeply, so the server itself never evaluates
one. The holder has a single thread and forks, so a child shares the store's memory without a copy.
"""

import contextlib
import multiprocessing
import os
import signal
import socket
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kgraph import query
from kgraph.errors import BadQuery, Forbidden, KgraphError, LimitExceeded, Timeout

LENGTH = struct.Struct("!Q")
FAILED: dict[str, type[KgraphError]] = {"BadQuery": BadQuery, "Forbidden": Forbidden, "LimitExceeded": LimitExceeded}


@dataclass(frozen=True)
class Limits:
    """How much one query may cost: seconds of the clock, characters of its text, bytes of its answer and of memory."""

    seconds: float = 30
    text: int = 64 * 1024
    answer: int = 256 * 1024 * 1024
    memory: int = 2 * 1024**3


class Evaluator:
    """Answers queries from a store in processes of their own; call `close` when done."""

    def __init__(self, store: ox.Store, limits: Limits) -> None:
        self.limits = limits
        self.folder = tempfile.TemporaryDirectory(prefix="kgraph-")
        self.address = str(Path(self.folder.name) / "queries")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.address)
        listener.listen(64)
        context = multiprocessing.get_context("fork")
        self.holder = context.Process(target=_hold, args=(store, listener, limits), daemon=True)
        self.holder.start()
        listener.close()

    def close(self) -> None:
        self.holder.kill()
        self.holder.join()
        self.folder.cleanup()

    def evaluate(self, text: str, form: str) -> tuple[str, bytes]:
        """The kind of answer (`table`, `boolean` or `graph`) and its bytes in a format of that kind.

        `form` names a format for a table and one for a graph, as `json ttl`. Raises BadQuery, LimitExceeded, Timeout.
        """
        if len(text) > self.limits.text:
            raise LimitExceeded(f"the query has {len(text)} characters; at most {self.limits.text} are taken")
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(self.limits.seconds)
            connection.connect(self.address)
            worker = 0
            try:
                (worker,) = LENGTH.unpack(_receive(connection, LENGTH.size))
                _send(connection, form.encode())
                _send(connection, text.encode())
                outcome, content = _take(connection).decode(), _take(connection)
            except TimeoutError as error:
                raise Timeout(f"stopped after {self.limits.seconds:g} s; ask for less") from error
            except (EOFError, ConnectionError) as error:
                raise LimitExceeded("the query needs more memory than it may have, or is nested too deeply") from error
            finally:
                _kill(worker)
        if outcome in FAILED:
            raise FAILED[outcome](content.decode())
        return outcome, content


def _kill(worker: int) -> None:
    if worker:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)


def _hold(store: ox.Store, listener: socket.socket, limits: Limits) -> None:
    """The holder's life, as long as the server's: a child for each connection; the system reaps them."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    server = os.getppid()
    listener.settimeout(1)
    while os.getppid() == server:
        with contextlib.suppress(TimeoutError):
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                connection.settimeout(None)
                _answer(store, connection, limits)
                os._exit(0)
            connection.close()


def _answer(store: ox.Store, connection: socket.socket, limits: Limits) -> None:
    """A child's life: say who it is, take one query, give one answer."""
    _limit(limits)
    with contextlib.suppress(OSError, EOFError):
        connection.sendall(LENGTH.pack(os.getpid()))
        form, text = _take(connection).decode(), _take(connection).decode()
        outcome, content = _evaluated(store, text, form)
        if len(content) > limits.answer:
            outcome, content = "LimitExceeded", f"the answer has more than {limits.answer} bytes; add a LIMIT".encode()
        _send(connection, outcome.encode())
        _send(connection, content)
        connection.close()


def _limit(limits: Limits) -> None:
    """Memory and processor time, where the system knows such limits; the clock is the server's to watch."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + limits.memory,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (int(limits.seconds) + 5,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _seal() -> None:
    """From now on no file and no socket can be opened, whatever the query says."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _evaluated(store: ox.Store, text: str, form: str) -> tuple[str, bytes]:
    table, graph = form.split()
    try:
        if query.federates(text):
            return "Forbidden", b"this endpoint asks no other: SERVICE is not possible here"
        _seal()
        result = query.run(store, text)
        match result:
            case ox.QueryTriples():
                return "graph", query.serialize(result, graph)
            case ox.QueryBoolean():
                return "boolean", query.serialize(result, table if table in ("json", "xml") else "json")
        return "table", query.serialize(result, table)
    except KgraphError as error:
        return "BadQuery", str(error).encode()
    except MemoryError:
        return "LimitExceeded", b"the query needs more memory than it may have"


def _send(connection: socket.socket, content: bytes) -> None:
    connection.sendall(LENGTH.pack(len(content)))
    connection.sendall(content)


def _take(connection: socket.socket) -> bytes:
    (length,) = LENGTH.unpack(_receive(connection, LENGTH.size))
    return _receive(connection, length)


def _receive(connection: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = connection.recv(min(1 << 20, length - len(parts)))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
