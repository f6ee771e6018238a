"""The run of one query: its slot, its worker, and the timer that ends both."""

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from kgraph.errors import Busy, LimitExceeded, Timeout
from kgraph.server.pool.admission import HEAVY, Admission, AdmissionQueue, Client
from kgraph.server.pool.frames import END, FAILED, QUERY, failure, frame, read
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.worker import Query
from kgraph.server.pool.workers import Worker, Workers

Frame = tuple[bytes, bytes]

SHORTEST_SLICE = 0.02
"""Seconds of processor time that a query has in its quick slot, however many wait."""

STALLED = 10
"""Time slices by the wall clock after which a query leaves its quick slot, whatever processor time it had."""

REFUSAL_DELAY = 1
"""Seconds before a client with a penalty learns that the server is busy, so that immediate retries gain nothing."""


async def frames(admission: Admission, workers: Workers, query: Query, client: Client) -> AsyncGenerator[Frame, None]:
    """The frames of an answer up to END; raises the error of a FAILED frame, Timeout or Busy."""
    run = QueryRun(admission, workers, query, client)
    admission.active += 1
    try:
        await run.begin(admission.slow if admission.was_slow(query) else admission.quick)
        while (found := await run.next())[0] != END:
            if found[0] == FAILED:
                raise failure(found[1])
            yield found
        run.finish(may_stay=bool(found[1]))
    except Busy:
        run.end()
        await asyncio.sleep(REFUSAL_DELAY * bool(admission.penalty(client)))
        raise
    finally:
        admission.active -= 1
        run.end()


@dataclass(eq=False)
class QueryRun:
    """A query that waits for a slot or has one, quick at first, slow when it takes long."""

    admission: Admission
    workers: Workers
    query: Query
    client: Client
    queue: AdmissionQueue | None = None
    worker: Worker | None = None
    reading: asyncio.Task[Frame] | None = None
    timer: asyncio.TimerHandle | None = None
    began: float = 0
    processor_before: float = 0
    has_answered: bool = False
    is_over: bool = False

    @property
    def limits(self) -> Limits:
        return self.workers.limits

    async def begin(self, queue: AdmissionQueue) -> None:
        """Wait for a slot, and send the query to a worker."""
        await self._enter(queue)
        self.worker = await self.workers.acquire()
        if queue is self.admission.slow or self.admission.penalty(self.client) >= HEAVY:
            self.worker.lower_priority()
        self.began, self.processor_before = time.monotonic(), self.worker.processor_seconds()
        self.worker.writer.write(frame(QUERY, self.query.packed()))
        self.timer = asyncio.get_running_loop().call_later(self.limits.seconds, self._expire)

    async def _enter(self, queue: AdmissionQueue) -> None:
        await queue.acquire(self.client, self.limits.seconds)
        self.queue = queue

    def _expire(self) -> None:
        self.is_over = True
        self.end()

    async def next(self) -> Frame:
        """The next frame; a query whose time slice is used up changes to a slow slot while it is awaited."""
        if self.reading is None:
            self.reading = asyncio.create_task(self._read())
        while not (await asyncio.wait([self.reading], timeout=self._slice()))[0]:
            if not self.is_over and self._has_used_its_slice():
                await self._change_to_slow()
        found, self.reading, self.has_answered = self.reading.result(), None, True
        return found

    def _slice(self) -> float | None:
        """Seconds of processor time in a quick slot, the fewer the more clients wait; None in a slow slot."""
        if self.queue is not self.admission.quick:
            return None
        return max(SHORTEST_SLICE, self.limits.slice / (1 + len(self.admission.quick.queue)))

    def _has_used_its_slice(self) -> bool:
        assert self.worker is not None
        is_stalled = time.monotonic() - self.began > STALLED * self.limits.slice
        return is_stalled or self.worker.processor_seconds() - self.processor_before >= (self._slice() or 0)

    async def _read(self) -> Frame:
        timeout = Timeout(f"stopped after {self.limits.seconds:g} s; ask for less")
        if self.worker is None:
            raise timeout
        try:
            return await read(self.worker.reader)
        except (EOFError, ConnectionError) as error:
            if self.is_over:
                raise timeout from error
            raise LimitExceeded("the query needs more memory than it may have") from error

    async def _change_to_slow(self) -> None:
        """Take a slow slot, or wait for one; a query that has sent nothing yet begins again there."""
        self.admission.penalise(self.query, self.client)
        assert self.worker is not None
        if self.admission.slow.try_acquire(self.client):
            self._release()
            self.queue = self.admission.slow
            self.worker.lower_priority()
        elif self.has_answered:
            self._release()
            self.worker.lower_priority()
            await self._enter(self.admission.slow)
        else:
            self.end()
            await self.begin(self.admission.slow)
            self.reading = asyncio.create_task(self._read())

    def finish(self, *, may_stay: bool) -> None:
        """After END: keep the worker for another query, unless it retires or has the lowest priority."""
        if may_stay and self.worker and not self.worker.has_low_priority:
            self.workers.release(self.worker)
            self.worker = None

    def end(self) -> None:
        """Stop the timer, kill the worker and release the slot, as far as the run still has them."""
        if self.timer:
            self.timer.cancel()
        if self.worker:
            self.worker.end()
        self.worker = None
        if self.reading and not self.is_over:
            self.reading.cancel()
        self._release()

    def _release(self) -> None:
        if self.queue:
            self.queue.release(self.client)
        self.queue = None
