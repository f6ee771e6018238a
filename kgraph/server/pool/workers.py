"""The server's connections to the fork server and to its workers."""

import asyncio
import contextlib
import json
import os
import pickle
import signal
import socket
import subprocess
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast
from weakref import WeakSet

import pyoxigraph as ox

from kgraph.errors import Busy
from kgraph.server.pool.frames import FAILED, GONE, HEAD, OPEN, PAGE, QUERY, failure, frame, kill, start_process
from kgraph.server.pool.holding import STDIN, Holding
from kgraph.server.pool.jobs import Job, Query
from kgraph.server.pool.limits import Limits

TRIES = 5
"""Attempts to have a worker open a folder, which an update may remove meanwhile."""

BUFFERED = 256 * 1024
"""Bytes of frames that may wait to be read."""

Frame = tuple[bytes, bytes]
"""The kind of a frame and its content."""

CPUCLOCK_SCHED = 2
"""The bits of a clock id that ask for the processor time of a process (linux/posix-timers.h)."""


class Frames(asyncio.Protocol):
    """The frames that a worker sends; while BUFFERED bytes of them wait to be read, it must wait too.

    A stream of asyncio takes a task and several turns of the loop for each frame: twice the time of a small query.
    """

    def __init__(self) -> None:
        self.received = bytearray()
        self.ready: list[Frame] = []
        self.size = 0
        self.has_ended = False
        self.waiting: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        received, start = self.received, 0
        received += data
        while len(received) - start >= HEAD.size:
            kind, length = HEAD.unpack_from(received, start)
            end = start + HEAD.size + length
            if len(received) < end:
                break
            self.ready.append((kind, bytes(received[start + HEAD.size : end])))
            self.size, start = self.size + length, end
        del received[:start]
        if self.is_full:
            self.transport.pause_reading()
        if self.ready:
            self.wake()

    def connection_lost(self, _: Exception | None) -> None:
        self.has_ended = True
        self.wake()

    def wake(self) -> None:
        """Have `wait` return now."""
        if self.waiting and not self.waiting.done():
            self.waiting.set_result(None)

    @property
    def is_full(self) -> bool:
        """Whether BUFFERED bytes wait to be read, so that the worker waits too."""
        return self.size > BUFFERED

    async def wait(self) -> None:
        """Wait until frames have come, the worker has ended, or `wake` is called."""
        self.waiting = asyncio.get_running_loop().create_future()
        await self.waiting

    def take(self) -> list[Frame]:
        """The frames that have come and were not taken yet."""
        found, self.ready = self.ready, []
        if self.is_full:
            self.transport.resume_reading()
        self.size = 0
        return found

    async def read(self) -> Frame:
        """The one frame that answers another; EOFError when the worker has ended."""
        while not self.ready and not self.has_ended:
            await self.wait()
        for found in self.take():
            return found
        raise EOFError


@dataclass(eq=False)
class Worker:
    """A worker process for one type of job, with the folder of the store on disk that it has opened, if any."""

    pid: int
    frames: Frames
    folder: Path | None
    job: type[Job]
    has_low_priority: bool = False

    def send(self, kind: bytes, content: bytes) -> None:
        self.frames.transport.write(frame(kind, content))

    def begin(self, job: Job) -> None:
        """Send a job."""
        self.send(QUERY if isinstance(job, Query) else PAGE, pickle.dumps(job))

    def end(self) -> None:
        """Kill the process, unless it has ended and another process may have its id."""
        if not self.frames.has_ended:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.frames.transport.close()

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
            started = start_process("kgraph.server.pool.worker", listener, self.limits, holding, str(os.getpid()))
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

    def idle_worker(self, job: type[Job]) -> Worker | None:
        """An idle worker for a type of job, which is in use from now on; None when there is none."""
        while self.idle[job]:
            worker = self.idle[job].pop()
            if not worker.frames.has_ended:
                return worker
        return None

    async def start(self, job: type[Job]) -> Worker:
        """A new worker for a type of job; Busy when none can start, or the error of the fork server."""
        frames = await self._connect()
        try:
            kind, content = await frames.read()
            if kind == FAILED:
                raise failure(content)
            worker = Worker(int(content), frames, self.folder, job)
            self.all.add(worker)
            if self.folder:
                await self._open(worker)
        except BaseException as error:
            frames.transport.close()
            if isinstance(error, EOFError):
                raise Busy("a process for the query ended at once; try again later") from error
            raise
        return worker

    async def _connect(self) -> Frames:
        loop = asyncio.get_running_loop()
        try:
            return (await loop.create_unix_connection(Frames, self.address))[1]
        except ConnectionRefusedError:
            if self.is_alive():
                raise Busy("too many queries begin at once; try again later") from None
            self.fork_server = self._start()
            return (await loop.create_unix_connection(Frames, self.address))[1]

    async def _open(self, worker: Worker) -> None:
        """Have a worker open the current folder; Busy when it cannot."""
        for _ in range(TRIES):
            worker.folder = self.folder
            worker.send(OPEN, str(worker.folder).encode())
            if (await worker.frames.read())[0] != GONE:
                return
        raise Busy("the graph cannot be opened now; try again later")

    def release(self, worker: Worker) -> None:
        """Keep a worker for another query, or end it if enough are idle or it reads an old folder."""
        idle = self.idle[worker.job]
        if worker.folder == self.folder and len(idle) < self.limits.quick:
            idle.append(worker)
        else:
            worker.end()
