"""One query's turn: a quick place, a slow one if it takes long, and a worker that ends with the time or the reader."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kgraph.errors import BadQuery, Busy, EndpointError, KgraphError, LimitExceeded, Timeout
from kgraph.server.pool.admission import HEAVY, Client, Lane
from kgraph.server.pool.frames import ASK, END, FAILED, frame, read
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.worker import Asked

Frame = tuple[bytes, bytes]

SHORTEST = 0.02
"""Seconds that a query has in any case before it goes over to the slow lane, however many wait."""

STALLED = 10
"""After so many slices of the clock a query goes over, however little of the processor it got or wanted."""

COOLING = 1
"""Seconds that the refusal takes for who asked too much a moment ago, so that asking again and again gains nothing."""

FAILURES: dict[str, type[KgraphError]] = {kind.__name__: kind for kind in (BadQuery, EndpointError, LimitExceeded)}


@dataclass(eq=False)
class Worker:
    """The server's side of a process that answers queries from a place."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    place: Path | None
    is_calm: bool = False

    def end(self) -> None:
        """End the process, which lives as long as its side of the connection is open."""
        if not self.reader.at_eof():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.writer.close()

    def seconds(self) -> float:
        """The processor time that the process has had."""
        with contextlib.suppress(OSError):
            return time.clock_gettime(
                ~self.pid << 3 | 2
            )  # the clock of another process, as clock_getcpuclockid(3) has it
        return 0.0

    def calm(self) -> None:
        """Let everything else go first."""
        self.is_calm = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 19)


class Pool(Protocol):
    """What a run needs of the evaluator: the lanes, the workers, and who asked much of late."""

    limits: Limits
    quick: Lane
    slow: Lane
    active: int

    def is_long(self, asked: Asked) -> bool: ...

    def burden(self, client: Client) -> int: ...

    def remember(self, asked: Asked, client: Client) -> None: ...

    async def worker(self) -> Worker: ...

    def keep(self, worker: Worker) -> None: ...


async def frames(pool: Pool, asked: Asked, client: Client) -> AsyncGenerator[Frame, None]:
    """What a worker gives for a query, frame by frame; raises what it failed with, or Timeout, or Busy."""
    turn = Turn(pool, asked, client)
    pool.active += 1
    try:
        await turn.begin(pool.slow if pool.is_long(asked) else pool.quick)
        while (found := await turn.next())[0] != END:
            if found[0] == FAILED:
                raise failure(found[1])
            yield found
        turn.done(again=bool(found[1]))
    except Busy:
        turn.leave()
        await asyncio.sleep(COOLING * bool(pool.burden(client)))
        raise
    finally:
        pool.active -= 1
        turn.leave()


def failure(content: bytes) -> KgraphError:
    name, _, sentence = content.decode().partition(" ")
    return FAILURES.get(name, KgraphError)(sentence)


class Turn:
    """Where a query stands: its place in a lane, its worker, and the clock that ends both."""

    def __init__(self, pool: Pool, asked: Asked, client: Client) -> None:
        self.pool = pool
        self.asked = asked
        self.client = client
        self.lane: Lane | None = None
        self.worker: Worker | None = None
        self.reading: asyncio.Task[Frame] | None = None
        self.clock: asyncio.TimerHandle | None = None
        self.began = self.before = 0.0
        self.answered = False
        self.is_over = False

    async def begin(self, lane: Lane) -> None:
        """Wait for a place, and put the query to a worker."""
        await self._enter(lane)
        self.worker = await self.pool.worker()
        if lane is self.pool.slow or self.pool.burden(self.client) >= HEAVY:
            self.worker.calm()
        self.began, self.before = time.monotonic(), self.worker.seconds()
        self.worker.writer.write(frame(ASK, self.asked.packed()))
        self.clock = asyncio.get_running_loop().call_later(self.pool.limits.seconds, self._expire)

    async def _enter(self, lane: Lane) -> None:
        await lane.acquire(self.client, self.pool.limits.seconds)
        self.lane = lane

    def _expire(self) -> None:
        self.is_over = True
        self._drop()

    async def next(self) -> Frame:
        """The next frame; a query that is not done with its slice of time goes over to the slow lane meanwhile."""
        if self.reading is None:
            self.reading = asyncio.create_task(self._read())
        while not (await asyncio.wait([self.reading], timeout=self._slice()))[0]:
            if not self.is_over and self._has_had_its_slice():
                await self._slow_down()
        found, self.reading, self.answered = self.reading.result(), None, True
        return found

    def _slice(self) -> float | None:
        """Seconds of the processor until a query must go over to the slow lane: the fewer, the more wait."""
        if self.lane is not self.pool.quick:
            return None
        return max(SHORTEST, self.pool.limits.slice / (1 + len(self.pool.quick.queue)))

    def _has_had_its_slice(self) -> bool:
        assert self.worker is not None
        stalled = time.monotonic() - self.began > STALLED * self.pool.limits.slice
        return stalled or self.worker.seconds() - self.before >= (self._slice() or 0)

    async def _read(self) -> Frame:
        over = Timeout(f"stopped after {self.pool.limits.seconds:g} s; ask for less")
        if self.worker is None:
            raise over
        try:
            return await read(self.worker.reader)
        except (EOFError, ConnectionError) as error:
            if self.is_over:
                raise over from error
            raise LimitExceeded("the query needs more memory than it may have") from error

    async def _slow_down(self) -> None:
        """Go over to the slow lane; when that is full, wait for it, from the beginning if nothing was answered yet."""
        self.pool.remember(self.asked, self.client)
        assert self.worker is not None
        if self.pool.slow.take(self.client):
            self._free()
            self.lane = self.pool.slow
            self.worker.calm()
        elif self.answered:
            self._free()
            self.worker.calm()
            await self._enter(self.pool.slow)
        else:
            self._drop()
            await self.begin(self.pool.slow)
            self.reading = asyncio.create_task(self._read())

    def done(self, *, again: bool) -> None:
        """The worker has answered; it stays at hand when it may answer again and has its priority still."""
        if again and self.worker and not self.worker.is_calm:
            self.pool.keep(self.worker)
            self.worker = None

    def leave(self) -> None:
        """Give back what is left: the place, and the worker, which ends."""
        self._drop()

    def _drop(self) -> None:
        if self.clock:
            self.clock.cancel()
        if self.worker:
            self.worker.end()
        self.worker = None
        if self.reading and not self.is_over:
            self.reading.cancel()
        self._free()

    def _free(self) -> None:
        if self.lane:
            self.lane.release(self.client)
        self.lane = None
