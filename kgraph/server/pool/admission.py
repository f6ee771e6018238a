"""Admission queues: a bounded number of slots, of which each host has a share, and jobs that wait up to a deadline."""

import asyncio
import time
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field

from kgraph.errors import Busy

REMEMBERED = 30
"""Seconds during which a host that sent a long job is greedy."""


class Greedy(Container[str]):
    """The hosts that sent a long job recently."""

    def __init__(self) -> None:
        self.until: dict[str, float] = {}

    def add(self, host: str) -> None:
        """Remember a host for REMEMBERED seconds."""
        now = time.monotonic()
        kept = {known: until for known, until in self.until.items() if until > now}
        self.until = kept | {host: now + REMEMBERED}

    def __contains__(self, host: object) -> bool:
        return self.until.get(str(host), 0) > time.monotonic()


@dataclass(eq=False)
class AdmissionQueue:
    """Slots, of which one host may hold `share`, and a queue of at most `room` jobs that wait for one.

    The `greedy` hosts together leave `reserve` slots to the others. A free slot goes to the host that holds fewest,
    there to its first job and its newest in turn, so that in overload some do not wait for all before them. When the
    queue is full, the host with most jobs in it loses its newest.
    """

    free: int
    room: int
    share: int
    reserve: int = 0
    greedy: Container[str] = ()
    held: Counter[str] = field(default_factory=Counter)
    waiting: dict[asyncio.Future[None], str] = field(default_factory=dict)
    """The hosts by futures, which are done when the job is admitted."""
    is_newest_next: bool = False

    def try_acquire(self, host: str) -> bool:
        """Take a slot if one is free now."""
        if not self._has_slot(host):
            return False
        self.free -= 1
        self.held[host] += 1
        return True

    def _has_slot(self, host: str) -> bool:
        reserve = self.reserve if host in self.greedy else 0
        return self.free > reserve and self.held[host] < self.share

    async def acquire(self, host: str, deadline: float) -> None:
        """Wait for a slot; Busy when the queue is full, or when none gets free before the deadline of the loop."""
        if self.try_acquire(host):
            return
        if len(self.waiting) >= self.room:
            self._make_room(host)
        admitted = asyncio.get_running_loop().create_future()
        self.waiting[admitted] = host
        try:
            async with asyncio.timeout_at(deadline):
                await admitted
        except BaseException as error:
            is_admitted = self.waiting.pop(admitted, None) is None and not admitted.cancelled()
            if is_admitted and admitted.exception() is None:
                self.release(host)  # the slot that was given at the same moment
            if isinstance(error, TimeoutError):
                raise Busy("no slot got free in time; try again later") from error
            raise

    def _make_room(self, host: str) -> None:
        """Refuse the newest job of the host with most that wait, which may be the one that has just come."""
        busy, count = Busy("too many queries run at once; try again later"), Counter(self.waiting.values())
        greediest, most = count.most_common(1)[0]
        if most <= count[host] + 1:
            raise busy
        last = next(future for future in reversed(self.waiting) if self.waiting[future] == greediest)
        del self.waiting[last]
        if not last.done():
            last.set_exception(busy)

    def release(self, host: str) -> None:
        """Free a slot, and admit the next job."""
        self.free += 1
        self.held[host] -= 1
        if not self.held[host]:
            del self.held[host]
        if not self.waiting:
            return
        self.is_newest_next = not self.is_newest_next
        ordered = reversed(self.waiting) if self.is_newest_next else iter(self.waiting)
        ready = (future for future in ordered if self._has_slot(self.waiting[future]) and not future.done())
        if admitted := min(ready, key=lambda future: self.held[self.waiting[future]], default=None):
            self.try_acquire(self.waiting.pop(admitted))
            admitted.set_result(None)
