"""Queries and pages in processes that can be killed, with bounds on their number, time, memory and answers.

pyoxigraph cannot cancel a query and crashes on one that is nested too deeply, so the server evaluates none itself.
A job begins in a quick slot. After its time slice it needs a slow slot, at the lowest priority, so that small jobs
do not wait for large ones.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from kgraph.errors import LimitExceeded, Timeout
from kgraph.server.pool.admission import AdmissionQueue, Greedy
from kgraph.server.pool.frames import END, FAILED, FORMAT, TRUNCATED, failure
from kgraph.server.pool.jobs import DONE_AS, Job, Page, Query
from kgraph.server.pool.workers import Frame, Worker, Workers

BUFFER = 64 * 1024
"""The first bytes of an answer are held back, so that an error among them gets its HTTP status."""

OTHERS_QUICK, OTHERS_SLOW = 2, 1
"""The quick and slow slots that one host leaves to others."""

ROOM = 16
"""Jobs that may wait for a quick slot, for each that may wait for a slow one."""

SHORTEST_SLICE = 0.01
"""The least seconds of processor time in a quick slot."""

STALLED = 10
"""Time slices of wall-clock time after which a query needs a slow slot, even without processor time."""


@dataclass(frozen=True)
class Answer:
    """An answer: its format, its bytes or a stream of them, and the reason if it is known to be truncated.

    A stream that is truncated later ends, in JSON, with `kgraph:truncated`; in other formats it raises LimitExceeded.
    """

    form: str
    content: bytes | AsyncIterator[bytes]
    truncated: str = ""

    async def whole(self) -> bytes:
        """All its bytes."""
        return self.content if isinstance(self.content, bytes) else b"".join([part async for part in self.content])


class Evaluator:
    """Does jobs in the workers of pages and, if there are others, of queries; `close` kills them."""

    def __init__(self, pages: Workers, queries: Workers | None = None) -> None:
        limits = self.limits = pages.limits
        self.greedy = Greedy()
        share = max(1, limits.quick - OTHERS_QUICK)
        reserve = limits.quick - share
        self.quick = AdmissionQueue(limits.quick, ROOM * limits.waiting, share, reserve, self.greedy)
        self.slow = AdmissionQueue(limits.slow, limits.waiting, max(1, limits.slow - OTHERS_SLOW))
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

    def folders_in_use(self) -> set[Path]:
        """The folders that workers have opened or are about to open."""
        return {folder for workers in self.workers.values() for folder in workers.folders_in_use()}

    async def warm(self) -> None:
        """Wait until the graph is loaded, and keep a worker ready for each type of job."""
        for job, workers in self.workers.items():
            workers.release(workers.idle_worker(job) or await workers.start(job))

    async def evaluate(self, job: Job, host: str = "") -> Answer:
        """The answer to a job, or BadQuery, LimitExceeded, Timeout or Busy; closing its stream frees the worker."""
        run = JobRun(self.quick, self.slow, self.workers[DONE_AS[type(job)]], self.greedy, job, host)
        form, truncated, head = "", "", bytearray()
        try:
            await run.enter(self.quick)
            while not run.is_complete:
                for kind, content in await run.read():
                    if kind == FORMAT:
                        form = content.decode()
                    elif kind == TRUNCATED:
                        truncated = content.decode()
                    else:
                        head += content
                if len(head) >= BUFFER and not truncated and not run.is_complete:
                    return Answer(form, _content(bytes(head), run, form))
            if truncated and form != "json":
                raise LimitExceeded(truncated)
            return Answer(form, _closed(bytes(head)) if truncated else bytes(head), truncated)
        except BaseException:
            run.end()
            raise


async def _content(last: bytes, run: "JobRun", form: str) -> AsyncIterator[bytes]:
    """The bytes that were held back, then those of the other frames."""
    try:
        while not run.is_complete:
            for kind, content in await run.read():
                if kind == TRUNCATED and form != "json":
                    raise LimitExceeded(content.decode())
                yield _closed(last) if kind == TRUNCATED else last
                last = b"" if kind == TRUNCATED else content
        yield last
    finally:
        run.end()


def _closed(json_rows: bytes) -> bytes:
    """A truncated JSON answer, closed after its last whole row, with the member `kgraph:truncated`."""
    whole, row, _ = json_rows.rpartition(b'}},{"')
    if not row:
        raise LimitExceeded("a row of the answer is too large")
    return whole + b'}}]},"kgraph:truncated":true}'


@dataclass(eq=False)
class JobRun:
    """The run of one job until its deadline: in a quick slot first, in a slow one when it `is_long`."""

    quick: AdmissionQueue
    slow: AdmissionQueue
    workers: Workers
    greedy: Greedy
    job: Job
    host: str
    queue: AdmissionQueue | None = None
    worker: Worker | None = None
    timer: asyncio.TimerHandle | None = None
    deadline: float = 0
    began: float = 0
    processor_before: float = 0
    is_long: bool = False
    has_answered: bool = False
    is_late: bool = False
    is_complete: bool = False

    async def enter(self, queue: AdmissionQueue) -> None:
        """Wait for a slot; a job without a worker begins, and has its deadline from then on."""
        clock, seconds = asyncio.get_running_loop().time, self.workers.limits.seconds
        if not queue.try_acquire(self.host):
            await queue.acquire(self.host, clock() + seconds)
        self.queue = queue
        if self.worker is None:
            self.worker = self._idle_worker() or await self.workers.start(DONE_AS[type(self.job)])
            self.worker.begin(self.job)
            self.deadline = clock() + seconds
        if queue is self.slow:
            self.worker.lower_priority()
        self.began, self.processor_before = clock(), self.worker.processor_seconds()
        self._watch(self.began)

    def _idle_worker(self) -> Worker | None:
        """An idle worker, which a greedy host leaves to others while jobs wait.

        A new worker takes a fork, behind those that others have asked for: half a second under an attack.
        """
        if self.quick.waiting and self.host in self.greedy:
            return None
        return self.workers.idle_worker(DONE_AS[type(self.job)])

    def _watch(self, now: float) -> None:
        """Look at the run after a time slice, and at its deadline."""
        ends = self.deadline if self.queue is self.slow else min(self.deadline, now + self._slice())
        self.timer = asyncio.get_running_loop().call_at(ends, self._look)

    def _slice(self) -> float:
        """Seconds of processor time in a quick slot, fewer when more jobs wait; for a long job, seconds to leave it."""
        if self.is_long:
            return STALLED * self.workers.limits.slice
        return max(SHORTEST_SLICE, self.workers.limits.slice / (1 + len(self.quick.waiting)))

    def _look(self) -> None:
        """End a run that is late or that nobody reads; give a long one a slow slot, or have it wait for one."""
        now = asyncio.get_running_loop().time()
        if self.worker is None or now >= self.deadline or (self.is_long and self.queue is self.quick):
            self.is_late = True
            self.end()
            return
        if self.queue is self.quick and self._needs_slow_slot(self.worker, now):
            self.is_long = True
            self.greedy.add(self.host)
            if self.slow.try_acquire(self.host):
                self.quick.release(self.host)
                self.queue = self.slow
                self.worker.lower_priority()
            else:
                self.worker.frames.wake()
        self._watch(now)

    def _needs_slow_slot(self, worker: Worker, now: float) -> bool:
        """Whether a run has used up its time slice, or does not get on because nobody reads its answer."""
        is_stalled = worker.frames.is_full or now - self.began > STALLED * self.workers.limits.slice
        return is_stalled or worker.processor_seconds() - self.processor_before >= self._slice()

    async def read(self) -> list[Frame]:
        """The next frames, without END; raises the error of a FAILED frame, Timeout, Busy or LimitExceeded."""
        while not (found := self._frames()):
            if self.is_long and self.queue is self.quick:
                await self._change_to_slow()
            elif self.worker:
                await self.worker.frames.wait()
        self.has_answered, frames = True, []
        for kind, content in found:
            if kind == FAILED:
                raise failure(content)
            if kind == END:
                self._complete(may_go_on=bool(content))
            else:
                frames.append((kind, content))
        return frames

    def _frames(self) -> list[Frame]:
        """The frames that have come since the last call; Timeout or LimitExceeded when no more will."""
        if self.worker and (found := self.worker.frames.take()):
            return found
        if self.is_late:
            raise Timeout(f"stopped after {self.workers.limits.seconds:g} s; ask for less")
        if self.worker is None or self.worker.frames.has_ended:
            raise LimitExceeded("the query needs more memory than it may have")
        return []

    async def _change_to_slow(self) -> None:
        """Wait for a slow slot; a job that has sent nothing begins again there."""
        self._leave()
        if self.worker and not self.has_answered:
            self.worker.end()
            self.worker = None
        await self.enter(self.slow)

    def _complete(self, *, may_go_on: bool) -> None:
        """End the run; its worker takes another job if it may go on, and its priority was not lowered."""
        self.is_complete = True
        if self.worker and may_go_on and not self.worker.has_low_priority:
            self.workers.release(self.worker)
            self.worker = None
        self.end()

    def end(self) -> None:
        """Kill the worker and free the slot, as far as the run still has them."""
        if self.worker:
            self.worker.end()
        self.worker = None
        self._leave()

    def _leave(self) -> None:
        """Stop the timer and free the slot."""
        if self.timer:
            self.timer.cancel()
        if self.queue:
            self.queue.release(self.host)
        self.queue = None
