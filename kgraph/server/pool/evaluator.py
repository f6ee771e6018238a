"""SPARQL in processes that can be killed: bounded in number, time, memory and size.

pyoxigraph can neither cancel a query nor survive one that is nested too deeply, so the server evaluates none itself.
A query begins in a quick slot. When its time slice is used up it needs a slow one, at the lowest priority; so a small
query does not wait for large ones.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from weakref import WeakSet

import pyoxigraph as ox

import kgraph
from kgraph.errors import Busy, LimitExceeded
from kgraph.server.pool.admission import HEAVY, AdmissionQueue, Client
from kgraph.server.pool.frames import FORMAT, GONE, HELLO, OPEN, TRUNCATED, frame, read
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.query_run import Frame, Worker, frames
from kgraph.server.pool.worker import Query

__all__ = ["Answer", "Evaluator", "Limits", "Query", "start_process"]

BUFFER = 64 * 1024
"""Bytes of an answer that are held back: an error before they are sent still gets a status of its own."""

REMEMBERED = 30
"""Seconds for which a query that took long goes to a slow slot at once."""

TRIES = 5
"""How often a worker is sent a folder to open; it may be removed at that moment, when an update has made a newer."""

NOBODY = Client()


@dataclass(frozen=True)
class Answer:
    """An answer: its format, its bytes, whole or as they come, and why it is truncated, if that is known already.

    A later truncation is a member of a JSON answer; in any other format LimitExceeded breaks the answer off.
    """

    form: str
    content: bytes | AsyncIterator[bytes]
    truncated: str = ""


class Evaluator:
    """Answers queries from a store, or from the folder of one, in processes of its own; call `close` when done.

    With `on_disk`, workers read the folder and no copy is made in memory, so that `switch` to another is quick.
    """

    def __init__(self, source: ox.Store | Path, limits: Limits, *, on_disk: bool = False) -> None:
        self.limits = limits
        self.source = source
        self.folder = source if on_disk and isinstance(source, Path) else None
        self.quick = AdmissionQueue(limits.quick, 16 * limits.waiting, limits.quick, self.penalty, alternating=True)
        self.slow = AdmissionQueue(limits.slow, limits.waiting, max(1, limits.slow - 1), self.penalty)
        self.idle: list[Worker] = []
        self.workers = WeakSet[Worker]()  # all that live, also those that a run holds
        self.active = 0
        self.slow_until: dict[Query | Client, float] = {}
        self.temporary = tempfile.TemporaryDirectory(prefix="kgraph-")
        self.address = str(Path(self.temporary.name) / "queries")
        self.fork_server = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        Path(self.address).unlink(missing_ok=True)
        source = "@" if self.folder else "-" if isinstance(self.source, ox.Store) else str(self.source)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen(128)
            started = start_process(
                "kgraph.server.pool.forkserver",
                [str(listener.fileno()), json.dumps(asdict(self.limits)), source],
                [listener.fileno()],
            )
        assert started.stdin is not None
        with started.stdin:
            if isinstance(self.source, ox.Store):
                ox.serialize(self.source, started.stdin, ox.RdfFormat.N_QUADS)
        return started

    def close(self) -> None:
        """Kill every process; a second call does no harm."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.fork_server.pid, signal.SIGKILL)
        self.fork_server.wait()
        self.temporary.cleanup()

    def switch(self, folder: Path) -> None:
        """Answer from another folder from now on; queries that run end on the old one."""
        self.folder = folder
        self.slow_until.clear()
        while self.idle:
            self.idle.pop().end()

    async def warm(self) -> None:
        """Wait until the store is loaded, and keep a worker ready."""
        self.keep(await self.worker())

    async def evaluate(self, query: Query, client: Client = NOBODY) -> Answer:
        """The answer to a query that the guards let through; closing the iterator of its bytes frees the worker.

        Raises BadQuery, LimitExceeded, Timeout, or Busy when there is no slot.
        """
        coming = frames(self, query, client)
        form, truncated, head = "", "", bytearray()
        try:
            async for kind, content in coming:
                if kind == FORMAT:
                    form = content.decode()
                elif kind == TRUNCATED:
                    truncated = content.decode()
                else:
                    head += content
                if len(head) >= BUFFER and not truncated:
                    return Answer(form, _content(bytes(head), coming, form))
            if truncated and form != "json":
                raise LimitExceeded(truncated)
            return Answer(form, _closed(bytes(head)) if truncated else bytes(head), truncated)
        except BaseException:
            await coming.aclose()
            raise

    async def worker(self) -> Worker:
        """An idle worker, or a new one; Busy when it cannot begin."""
        while self.idle:
            worker = self.idle.pop()
            if not worker.reader.at_eof():
                return worker
        reader, writer = await self._connect()
        try:
            kind, content = await read(reader)
            assert kind == HELLO
            worker = Worker(int(content), reader, writer, self.folder)
            if self.folder:
                await self._open(worker)
        except BaseException as error:
            writer.close()
            if isinstance(error, EOFError | ConnectionError):
                raise Busy("a process for the query ended at once; try again later") from error
            raise
        return worker

    async def _open(self, worker: Worker) -> None:
        """Have a worker open the current folder; Busy when it cannot."""
        self.workers.add(worker)
        for _ in range(TRIES):
            worker.folder = self.folder
            worker.writer.write(frame(OPEN, str(worker.folder).encode()))
            if (await read(worker.reader))[0] != GONE:
                return
        raise Busy("the graph cannot be opened now; try again later")

    def folders_in_use(self) -> set[Path]:
        """The folders that workers have opened or are about to open."""
        return {worker.folder for worker in self.workers if worker.folder}

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            return await asyncio.open_unix_connection(self.address)
        except ConnectionRefusedError:
            if self.is_alive():
                raise Busy("too many queries begin at once; try again later") from None
            self.fork_server = self._start()
            return await asyncio.open_unix_connection(self.address)

    def keep(self, worker: Worker) -> None:
        """Keep a worker for another query, unless there are enough or it reads an old folder."""
        if worker.folder == self.folder and len(self.idle) < self.limits.quick:
            self.idle.append(worker)
        else:
            worker.end()

    def waiting(self) -> int:
        """The number of queries that wait for a slot."""
        return len(self.quick.queue) + len(self.slow.queue)

    def is_alive(self) -> bool:
        """Whether the fork server runs."""
        return self.fork_server.poll() is None

    def was_slow(self, query: Query) -> bool:
        """Whether the query took long within the last REMEMBERED seconds."""
        return self.slow_until.get(query, 0) > time.monotonic()

    def penalty(self, client: Client) -> int:
        """HEAVY when a query of the connection took long of late, plus one when one of its host did."""
        now, host = time.monotonic(), Client(client.host)
        return HEAVY * (self.slow_until.get(client, 0) > now) + (self.slow_until.get(host, 0) > now)

    def penalise(self, query: Query, client: Client) -> None:
        """Remember that a query took long, and for which client."""
        now = time.monotonic()
        kept = {known: until for known, until in self.slow_until.items() if until > now}
        self.slow_until = kept | dict.fromkeys((query, client, Client(client.host)), now + REMEMBERED)


def start_process(module: str, arguments: Iterable[str], descriptors: Iterable[int] = ()) -> "subprocess.Popen[bytes]":
    """`python -m module` with this package, in a process group of its own, with no descriptors but those given."""
    path = [str(Path(kgraph.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        pass_fds=tuple(descriptors),
        process_group=0,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, path))},
    )


async def _content(last: bytes, coming: AsyncGenerator[Frame, None], form: str) -> AsyncIterator[bytes]:
    """The bytes that were held back, then those that come."""
    async with contextlib.aclosing(coming):
        async for kind, content in coming:
            if kind == TRUNCATED and form != "json":
                raise LimitExceeded(content.decode())
            yield _closed(last) if kind == TRUNCATED else last
            last = b"" if kind == TRUNCATED else content
        yield last


def _closed(json_rows: bytes) -> bytes:
    """A truncated JSON answer, closed after its last whole row, with a member that tells of it."""
    whole, row, _ = json_rows.rpartition(b'}},{"')
    if not row:
        raise LimitExceeded("a row of the answer is too large")
    return whole + b'}}]},"kgraph:truncated":true}'
