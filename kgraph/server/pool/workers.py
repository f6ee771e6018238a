"""The server's connections to the fork server and to its workers."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakSet

import pyoxigraph as ox

from kgraph.errors import Busy
from kgraph.server.pool.frames import GONE, HEAD, HELLO, OPEN, frame, kill, start_process
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
    """A worker process, with the folder of the store on disk that it has opened, if any."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    folder: Path | None
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
    """Worker processes over a copy of a store in memory, or `on_disk` over the folder of one; `close` ends them."""

    def __init__(self, source: ox.Store | Path, limits: Limits, *, on_disk: bool = False) -> None:
        self.limits = limits
        self.source = source
        self.folder = source if on_disk and isinstance(source, Path) else None
        self.idle: list[Worker] = []
        self.all = WeakSet[Worker]()  # also those that a run holds
        self.temporary = tempfile.TemporaryDirectory(prefix="kgraph-")
        self.address = str(Path(self.temporary.name) / "queries")
        self.fork_server = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        Path(self.address).unlink(missing_ok=True)
        source = "@" if self.folder else "-" if isinstance(self.source, ox.Store) else str(self.source)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen(128)
            started = start_process("kgraph.server.pool.worker", listener, self.limits, source)
        assert started.stdin is not None
        with started.stdin:
            if isinstance(self.source, ox.Store):
                ox.serialize(self.source, started.stdin, ox.RdfFormat.N_QUADS)
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
        while self.idle:
            self.idle.pop().end()

    def folders_in_use(self) -> set[Path]:
        """The folders that workers have opened or are about to open."""
        return {worker.folder for worker in self.all if worker.folder}

    async def acquire(self) -> Worker:
        """An idle or a new worker; Busy when none can start."""
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
        self.all.add(worker)
        for _ in range(TRIES):
            worker.folder = self.folder
            worker.writer.write(frame(OPEN, str(worker.folder).encode()))
            if (await read(worker.reader))[0] != GONE:
                return
        raise Busy("the graph cannot be opened now; try again later")

    def release(self, worker: Worker) -> None:
        """Keep a worker for another query, or end it if enough are idle or it reads an old folder."""
        if worker.folder == self.folder and len(self.idle) < self.limits.quick:
            self.idle.append(worker)
        else:
            worker.end()
