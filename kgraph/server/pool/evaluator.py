"""SPARQL in processes that can be stopped: bounded in number, time, memory and size, quick queries first.

pyoxigraph can neither cancel a query nor survive one that is nested too deeply, so the server itself never evaluates
one. A query begins in one of the quick places; when it is not done after a slice of time it needs a slow one, at low
priority. So a small query does not wait behind large ones.
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
from kgraph.server.pool.admission import HEAVY, Client, Lane
from kgraph.server.pool.frames import CUT, GONE, HELLO, KIND, OPEN, frame, read
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.query_run import Frame, Worker, frames
from kgraph.server.pool.worker import Asked

__all__ = ["Answer", "Asked", "Evaluator", "Limits"]

BUFFER = 64 * 1024
"""So much of an answer is held back, so that an error until then is a clean one."""

REMEMBERED = 30
"""Seconds for which a query that took long goes to the slow places at once."""

TRIES = 5
"""How often a worker is told where the store is, which may go on while it opens the last place."""

NOBODY = Client()


@dataclass(frozen=True)
class Answer:
    """An answer: its format, its bytes, whole or as they come, and what says so when it is known to be cut short.

    A later cut is a member of a JSON answer; any other breaks off with LimitExceeded, as on any late error.
    """

    form: str
    content: bytes | AsyncIterator[bytes]
    cut: str = ""


class Evaluator:
    """Answers queries from a store, or from the folder of one, in processes of their own; call `close` when done.

    When `moving`, the folder is not copied into memory, so that `move` to another is quick.
    """

    def __init__(self, source: ox.Store | Path, limits: Limits, *, moving: bool = False) -> None:
        self.limits = limits
        self.source = source
        self.place = source if moving and isinstance(source, Path) else None
        self.quick = Lane(limits.quick, 16 * limits.waiting, limits.quick, self.burden, fair=True)
        self.slow = Lane(limits.slow, limits.waiting, max(1, limits.slow - 1), self.burden)
        self.idle: list[Worker] = []
        self.workers = WeakSet[Worker]()  # all that live, whoever holds them
        self.active = 0
        self.long: dict[Asked | Client, float] = {}
        self.folder = tempfile.TemporaryDirectory(prefix="kgraph-")
        self.address = str(Path(self.folder.name) / "queries")
        self.holder = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        Path(self.address).unlink(missing_ok=True)
        what = "@" if self.place else "-" if isinstance(self.source, ox.Store) else str(self.source)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen(128)
            holder = process(
                "kgraph.server.pool.forkserver",
                [str(listener.fileno()), json.dumps(asdict(self.limits)), what],
                [listener.fileno()],
            )
        assert holder.stdin is not None
        with holder.stdin:
            if isinstance(self.source, ox.Store):
                ox.serialize(self.source, holder.stdin, ox.RdfFormat.N_QUADS)
        return holder

    def close(self) -> None:
        """End every process at once; to do so twice does no harm."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.holder.pid, signal.SIGKILL)
        self.holder.wait()
        self.folder.cleanup()

    def move(self, place: Path) -> None:
        """From now on answer from another folder; queries that run end on the old one."""
        self.place = place
        self.long.clear()
        while self.idle:
            self.idle.pop().end()

    async def warm(self) -> None:
        """Wait until the store is there, and keep a worker at hand."""
        self.keep(await self.worker())

    async def evaluate(self, asked: Asked, client: Client = NOBODY) -> Answer:
        """The answer to a query that the guards let through; whoever stops reading it frees the worker.

        Raises BadQuery, LimitExceeded, Timeout, or Busy when there is no place.
        """
        coming = frames(self, asked, client)
        form, cut, head = "", "", bytearray()
        try:
            async for kind, content in coming:
                if kind == KIND:
                    form = content.decode()
                elif kind == CUT:
                    cut = content.decode()
                else:
                    head += content
                if len(head) >= BUFFER and not cut:
                    return Answer(form, _content(bytes(head), coming, form))
            if cut and form != "json":
                raise LimitExceeded(cut)
            return Answer(form, _closed(bytes(head)) if cut else bytes(head), cut)
        except BaseException:
            await coming.aclose()
            raise

    async def worker(self) -> Worker:
        """A worker at hand, or a new one."""
        while self.idle:
            worker = self.idle.pop()
            if not worker.reader.at_eof():
                return worker
        reader, writer = await self._connected()
        try:
            kind, content = await read(reader)
            assert kind == HELLO
            worker = Worker(int(content), reader, writer, self.place)
            if self.place:
                await self._open(worker)
        except BaseException as error:
            writer.close()
            if isinstance(error, EOFError | ConnectionError):
                raise Busy("a process for the query ended at once; ask again in a moment") from error
            raise
        return worker

    async def _open(self, worker: Worker) -> None:
        """Have a worker open the store where it is now; Busy when it cannot."""
        self.workers.add(worker)
        for _ in range(TRIES):
            worker.place = self.place
            worker.writer.write(frame(OPEN, str(worker.place).encode()))
            if (await read(worker.reader))[0] != GONE:
                return
        raise Busy("the graph cannot be opened just now; ask again in a moment")

    def places(self) -> set[Path]:
        """The folders that are read, or about to be."""
        return {worker.place for worker in self.workers if worker.place}

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            return await asyncio.open_unix_connection(self.address)
        except ConnectionRefusedError:
            if self.holder.poll() is None:
                raise Busy("too many queries begin at once; ask again in a moment") from None
            self.holder = self._start()
            return await asyncio.open_unix_connection(self.address)

    def keep(self, worker: Worker) -> None:
        """Have a worker at hand that has answered and may answer again."""
        if worker.place == self.place and len(self.idle) < self.limits.quick:
            self.idle.append(worker)
        else:
            worker.end()

    def waiting(self) -> int:
        """How many queries wait for a place."""
        return len(self.quick.queue) + len(self.slow.queue)

    def is_alive(self) -> bool:
        """Whether the process that holds the store is there."""
        return self.holder.poll() is None

    def is_long(self, asked: Asked) -> bool:
        """Whether the same query took long a moment ago."""
        return self.long.get(asked, 0) > time.monotonic()

    def burden(self, client: Client) -> int:
        """How far behind a client stands: HEAVY when its connection asked much of late, one more when its host did."""
        now = time.monotonic()
        return HEAVY * (self.long.get(client, 0) > now) + (self.long.get(Client(client.host), 0) > now)

    def remember(self, asked: Asked, client: Client) -> None:
        """That a query took long, and who asked it."""
        now = time.monotonic()
        self.long = {known: until for known, until in self.long.items() if until > now}
        self.long |= {asked: now + REMEMBERED, client: now + REMEMBERED, Client(client.host): now + REMEMBERED}


def process(module: str, arguments: Iterable[str], descriptors: Iterable[int] = ()) -> "subprocess.Popen[bytes]":
    """A process of the server's own, in a group of its own, with the sockets it is given and no others."""
    path = [str(Path(kgraph.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        pass_fds=tuple(descriptors),
        process_group=0,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, path))},
    )


async def _content(last: bytes, coming: AsyncGenerator[Frame, None], form: str) -> AsyncIterator[bytes]:
    """The bytes that were held back, and those that come."""
    async with contextlib.aclosing(coming):
        async for kind, content in coming:
            if kind == CUT and form != "json":
                raise LimitExceeded(content.decode())
            yield _closed(last) if kind == CUT else last
            last = b"" if kind == CUT else content
        yield last


def _closed(json_rows: bytes) -> bytes:
    """A JSON answer that was cut short, ended after its last whole row, with a member that says so."""
    whole, row, _ = json_rows.rpartition(b'}},{"')
    if not row:
        raise LimitExceeded("a row of the answer is too large")
    return whole + b'}}]},"kgraph:truncated":true}'
