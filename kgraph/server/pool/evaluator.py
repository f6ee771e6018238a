"""Queries and pages in processes that can be killed, with bounds on their number, time, memory and answers.

pyoxigraph cannot cancel a query and crashes on one that is nested too deeply, so the server evaluates none itself.
A job begins in a quick slot. After its time slice it needs a slow slot, at the lowest priority, so that small jobs
do not wait for large ones.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from kgraph.errors import Busy, LimitExceeded, Timeout
from kgraph.server.pool.admission import HEAVY, Admission, AdmissionQueue, Client
from kgraph.server.pool.frames import END, FAILED, FORMAT, PAGE, QUERY, TRUNCATED, failure
from kgraph.server.pool.jobs import Job, Page, Query
from kgraph.server.pool.workers import Frame, Worker, Workers

BUFFER = 64 * 1024
"""The first bytes of an answer are held back, so that an error among them gets its HTTP status."""

NOBODY = Client()

SHORTEST_SLICE = 0.01
"""The least seconds of processor time in a quick slot."""

STALLED = 10
"""Time slices of wall-clock time after which a query leaves its quick slot, even without processor time."""

REFUSAL_DELAY = 1
"""Seconds of delay before a client with a penalty gets Busy, so that it gains nothing by an immediate retry."""


@dataclass(frozen=True)
class Answer:
    """An answer: its format, its bytes or a stream of them, and the reason if it is known to be truncated.

    A stream that is truncated later ends, in JSON, with `kgraph:truncated`; in other formats it raises LimitExceeded.
    """

    form: str
    content: bytes | AsyncIterator[bytes]
    truncated: str = ""


class Evaluator:
    """Does jobs in the workers of pages and, if there are others, of queries; `close` kills them."""

    def __init__(self, pages: Workers, queries: Workers | None = None) -> None:
        self.limits = pages.limits
        self.admission = Admission(self.limits)
        self.workers: dict[type[Job], Workers] = {Page: pages, Query: queries or pages}

    def close(self) -> None:
        """Kill every process; a second call does no harm."""
        for workers in self.workers.values():
            workers.close()

    def is_alive(self) -> bool:
        """Whether the fork servers run."""
        return all(workers.is_alive() for workers in self.workers.values())

    def switch(self, folder: Path) -> None:
        """Evaluate new queries over another folder."""
        self.workers[Query].switch(folder)
        self.admission.slow_until.clear()

    def folders_in_use(self) -> set[Path]:
        """The folders that workers have opened or are about to open."""
        return {folder for workers in self.workers.values() for folder in workers.folders_in_use()}

    async def warm(self) -> None:
        """Wait until the graph is loaded, and keep a worker ready for each type of job."""
        for job, workers in self.workers.items():
            workers.release(await workers.acquire(job))

    async def evaluate(self, job: Job, client: Client = NOBODY) -> Answer:
        """The answer to a job, or BadQuery, LimitExceeded, Timeout or Busy; closing its stream frees the worker."""
        coming = JobRun(self.admission, self.workers[type(job)], job, client).frames()
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


async def _content(last: bytes, coming: AsyncGenerator[Frame, None], form: str) -> AsyncIterator[bytes]:
    """The bytes that were held back, then those of the other frames."""
    async with contextlib.aclosing(coming):
        async for kind, content in coming:
            if kind == TRUNCATED and form != "json":
                raise LimitExceeded(content.decode())
            yield _closed(last) if kind == TRUNCATED else last
            last = b"" if kind == TRUNCATED else content
        yield last


def _closed(json_rows: bytes) -> bytes:
    """A truncated JSON answer, closed after its last whole row, with the member `kgraph:truncated`."""
    whole, row, _ = json_rows.rpartition(b'}},{"')
    if not row:
        raise LimitExceeded("a row of the answer is too large")
    return whole + b'}}]},"kgraph:truncated":true}'


@dataclass(eq=False)
class JobRun:
    """The run of one job: in a quick slot first, in a slow one when it takes long."""

    admission: Admission
    workers: Workers
    job: Job
    client: Client
    queue: AdmissionQueue | None = None
    worker: Worker | None = None
    timer: asyncio.TimerHandle | None = None
    began: float = 0
    processor_before: float = 0
    has_answered: bool = False
    is_over: bool = False

    async def frames(self) -> AsyncGenerator[Frame, None]:
        """The frames of an answer up to END; raises the error of a FAILED frame, Timeout or Busy."""
        admission = self.admission
        admission.active += 1
        try:
            await self.begin(admission.slow if admission.was_slow(self.job) else admission.quick)
            while (found := await self.next())[0] != END:
                if found[0] == FAILED:
                    raise failure(found[1])
                yield found
            if found[1] and self.worker and not self.worker.has_low_priority:
                self.workers.release(self.worker)  # it takes another query
                self.worker = None
        except Busy:
            self.end()
            await asyncio.sleep(REFUSAL_DELAY * bool(admission.penalty(self.client)))
            raise
        finally:
            admission.active -= 1
            self.end()

    async def begin(self, queue: AdmissionQueue) -> None:
        """Wait for a slot, and send the job to a worker."""
        await queue.acquire(self.client, self.workers.limits.seconds)
        self.queue = queue
        self.worker = await self.workers.acquire(type(self.job), idle=self.admission.may_take_idle(self.client))
        if queue is self.admission.slow or self.admission.penalty(self.client) >= HEAVY:
            self.worker.lower_priority()
        self.began, self.processor_before = time.monotonic(), self.worker.processor_seconds()
        kind = QUERY if isinstance(self.job, Query) else PAGE
        self.worker.send(kind, json.dumps(vars(self.job)).encode())
        self.timer = asyncio.get_running_loop().call_later(self.workers.limits.seconds, self._expire)

    def _expire(self) -> None:
        self.is_over = True
        self.end()

    async def next(self) -> Frame:
        """The next frame; meanwhile a job that has used up its time slice changes to a slow slot."""
        while (found := await self._read()) is None:
            if not self.is_over and self._has_used_its_slice():
                await self._change_to_slow()
        self.has_answered = True
        return found

    def _slice(self) -> float | None:
        """Seconds of processor time in a quick slot, fewer when more clients wait; None in a slow slot."""
        if self.queue is not self.admission.quick:
            return None
        return max(SHORTEST_SLICE, self.workers.limits.slice / (1 + len(self.admission.quick.queue)))

    def _has_used_its_slice(self) -> bool:
        assert self.worker is not None
        is_stalled = time.monotonic() - self.began > STALLED * self.workers.limits.slice
        return is_stalled or self.worker.processor_seconds() - self.processor_before >= (self._slice() or 0)

    async def _read(self) -> Frame | None:
        """The next frame, None when none comes within a time slice."""
        timeout = Timeout(f"stopped after {self.workers.limits.seconds:g} s; ask for less")
        if self.worker is None:
            raise timeout
        try:
            return await self.worker.frames.read(self._slice())
        except EOFError as error:
            if self.is_over:
                raise timeout from error
            raise LimitExceeded("the query needs more memory than it may have") from error

    async def _change_to_slow(self) -> None:
        """Take a slow slot or wait for one; a query that must wait and has sent nothing begins again there."""
        self.admission.penalise(self.job, self.client)
        assert self.worker is not None
        slow = self.admission.slow
        is_free = slow.try_acquire(self.client)
        if not is_free and not self.has_answered:
            self.end()
            await self.begin(slow)
            return
        self._release()
        self.worker.lower_priority()
        if not is_free:
            await slow.acquire(self.client, self.workers.limits.seconds)
        self.queue = slow

    def end(self) -> None:
        """Stop the timer, kill the worker and release the slot, as far as the run still has them."""
        if self.timer:
            self.timer.cancel()
        if self.worker:
            self.worker.end()
        self.worker = None
        self._release()

    def _release(self) -> None:
        if self.queue:
            self.queue.release(self.client)
        self.queue = None
