"""The server's connections to the fork server and to its workers."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from weakref import WeakSet

import pyoxigraph as ox

from kgraph.errors import Busy
from kgraph.server.pool.frames import FAILED, GONE, HEAD, OPEN, failure, frame, kill, start_process
from kgraph.server.pool.holding import STDIN, Holding
from kgraph.server.pool.jobs import Job
from kgraph.server.pool.limits import Limits

TRIES = 5
"""Attempts to have a worker open a folder, which an update may remove meanwhile."""

CPUCLOCK_SCHED = 2
"""The bits of a clock id that ask for the processor time of a process (linux/posix-timers.h)."""


async def read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The next frame, as `frames.receive` gives it; it stands here because asyncio doubles the start of a worker."""
    kind, length = HEAD.unpack(await reader.readexactly(HEAD.size))
    return kind, await reader.readexactly(length)


@dataclass(eq=False)
class Worker:
    """A worker process for one type of job, with the folder of the store on disk that it has opened, if any."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    folder: Path | None
    job: type[Job]
    has_low_priority: bool = False

    def end(self) -> None:
        """Kill the process, unless it has ended and another process may have its id."""
        if not self.reader.at_eof():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.writer.close()

    def processor_seconds(self) -> float:
        """The processor time of the process so far."""
        with contextlib.suppress(OSError):  # Python lacks clock_getcpuclockid(3); this is how the C library makes it
            return time.clock_gettime(~self.pid << 3 | CPUCLOCK_SCHED)
        return 0.0

    def lower_priority(self) -> None:
        """Give the process the lowest priority (setpriority(2)); only root could raise it again."""
        self.has_low_priority = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 19)


class Workers:
    """Worker processes of a fork server; `close` ends them.

    They share the graph of its holding. When that has no source, they open `folder`, a store on disk.
    """

    def __init__(
        self, limits: Limits, holding: Holding, graph: ox.Store | None = None, folder: Path | None = None
    ) -> None:
        self.limits = limits
        self.holding = holding
        self.graph = graph
        self.folder = folder
        self.idle: defaultdict[type[Job], list[Worker]] = defaultdict(list)
        self.all = WeakSet[Worker]()  # also those that a run holds
        self.temporary = tempfile.TemporaryDirectory(prefix="kgraph-")
        self.address = str(Path(self.temporary.name) / "queries")
        self.fork_server = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        Path(self.address).unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen(128)
            holding = json.dumps(asdict(self.holding))
            started = start_process("kgraph.server.pool.worker", listener, self.limits, holding)
        assert started.stdin is not None
        with started.stdin:
            if self.graph is not None and self.holding.source == STDIN:
                ox.serialize(self.graph, started.stdin, ox.RdfFormat.N_QUADS)
        return started

    def close(self) -> None:
        """Kill every process; a second call does no harm."""
        kill(self.fork_server)
        self.temporary.cleanup()

    def is_alive(self) -> bool:
        """Whether the fork server runs."""
        return self.fork_server.poll() is None

    def switch(self, folder: Path) -> None:
        """Have new queries read another folder; running ones finish on the old one."""
        self.folder = folder
        for idle in self.idle.values():
            while idle:
                idle.pop().end()

    def in_use(self) -> int:
        """The number of workers that do a job."""
        return len(self.all) - sum(map(len, self.idle.values()))

    def folders_in_use(self) -> set[Path]:
        """The folders that workers have opened or are about to open."""
        return {worker.folder for worker in self.all if worker.folder}

    async def acquire(self, job: type[Job], *, idle: bool = True) -> Worker:
        """An `idle` or a new worker for a type of job; Busy when none can start, or the error of the fork server."""
        while idle and self.idle[job]:
            worker = self.idle[job].pop()
            if not worker.reader.at_eof():
                return worker
        reader, writer = await self._connect()
        try:
            kind, content = await read(reader)
            if kind == FAILED:
                raise failure(content)
            worker = Worker(int(content), reader, writer, self.folder, job)
            self.all.add(worker)
            if self.folder:
                await self._open(worker)
        except BaseException as error:
            writer.close()
            if isinstance(error, EOFError | ConnectionError):
                raise Busy("a process for the query ended at once; try again later") from error
            raise
        return worker

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            return await asyncio.open_unix_connection(self.address)
        except ConnectionRefusedError:
            if self.is_alive():
                raise Busy("too many queries begin at once; try again later") from None
            self.fork_server = self._start()
            return await asyncio.open_unix_connection(self.address)

    async def _open(self, worker: Worker) -> None:
        """Have a worker open the current folder; Busy when it cannot."""
        for _ in range(TRIES):
            worker.folder = self.folder
            worker.writer.write(frame(OPEN, str(worker.folder).encode()))
            if (await read(worker.reader))[0] != GONE:
                return
        raise Busy("the graph cannot be opened now; try again later")

    def release(self, worker: Worker) -> None:
        """Keep a worker for another query, or end it if enough are idle or it reads an old folder."""
        idle = self.idle[worker.job]
        if worker.folder == self.folder and len(idle) < self.limits.quick:
            idle.append(worker)
        else:
            worker.end()
