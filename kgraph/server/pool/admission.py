"""Admission queues: a bounded number of slots, and a bounded number of waiting clients."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from kgraph.errors import Busy
from kgraph.server.pool.jobs import Job
from kgraph.server.pool.limits import Limits

HEAVY = 2
"""The penalty of a connection that sent a long query recently."""

OTHERS = 2
"""Quick slots that are left to others when one host holds all that it may."""

REMEMBERED = 30
"""Seconds during which a query that took long starts in a slow slot, and its client has a penalty."""


class Client(NamedTuple):
    """A client: its host and the port of its connection."""

    host: str = ""
    connection: str = ""


@dataclass(eq=False)
class AdmissionQueue:
    """Slots, of which one host may hold `per_host`, and a queue of at most `room` clients that wait for one.

    A free slot goes to the host that holds fewest; there, to the client with the least `penalty`. Those with the
    penalty HEAVY never get the last quarter. An `alternating` queue gives every second slot to the newest client of a
    host, so that in overload some do not time out.
    """

    free: int
    room: int
    per_host: int
    penalty: Callable[[Client], int]
    alternating: bool = False

    def __post_init__(self) -> None:
        self.reserve = self.free // 4
        self.newest_first = False
        self.running: Counter[str] = Counter()
        self.queue: dict[asyncio.Future[None], Client] = {}  # done when the client is admitted

    def try_acquire(self, client: Client) -> bool:
        """Take a slot if one is free now."""
        if not self._may_enter(client):
            return False
        self.free -= 1
        self.running[client.host] += 1
        return True

    def _may_enter(self, client: Client) -> bool:
        reserve = self.reserve if self.penalty(client) >= HEAVY else 0
        return self.free > reserve and self.running[client.host] < self.per_host

    def _rank(self, client: Client) -> tuple[int, int]:
        return self.running[client.host], self.penalty(client)

    async def acquire(self, client: Client, timeout: float) -> None:
        """Wait for a slot; Busy when the queue is full, or no slot gets free within `timeout` seconds."""
        if self.try_acquire(client):
            return
        self._make_room(client)
        admitted = asyncio.get_running_loop().create_future()
        self.queue[admitted] = client
        try:
            async with asyncio.timeout(timeout):
                await admitted
        except BaseException as error:
            is_waiting = self.queue.pop(admitted, None) is not None
            if not is_waiting and admitted.done() and not admitted.cancelled() and admitted.exception() is None:
                self.release(client)  # the slot that was given at the same moment
            if isinstance(error, TimeoutError):
                raise Busy(f"no slot got free within {timeout:g} s; try again later") from error
            raise

    def _make_room(self, client: Client) -> None:
        """When the queue is full, refuse a client of the host with most that wait: the one with most penalty."""
        if len(self.queue) < self.room:
            return
        busy = Busy("too many queries run at once; try again later")
        waiting = Counter(other.host for other in self.queue.values())
        waiting[client.host] += 1

        def rank(other: Client) -> tuple[int, int]:
            return waiting[other.host], self.penalty(other)

        last = max(self.queue, key=lambda future: rank(self.queue[future]))
        if rank(self.queue[last]) <= rank(client):
            raise busy
        del self.queue[last]
        if not last.done():
            last.set_exception(busy)

    def release(self, client: Client) -> None:
        """Free a slot and admit the next client."""
        self.free += 1
        self.running[client.host] -= 1
        if not self.running[client.host]:
            del self.running[client.host]
        self.newest_first = self.alternating and not self.newest_first
        ready = [waiting for waiting, by in self.queue.items() if not waiting.done() and self._may_enter(by)]
        if ready:
            ordered = reversed(ready) if self.newest_first else ready
            admitted = min(ordered, key=lambda waiting: self._rank(self.queue[waiting]))
            self.try_acquire(self.queue.pop(admitted))
            admitted.set_result(None)


class Admission:
    """The queues of a server, and the penalties of clients and queries that took long recently."""

    def __init__(self, limits: Limits) -> None:
        waiting = limits.waiting
        self.quick = AdmissionQueue(
            limits.quick, 16 * waiting, max(1, limits.quick - OTHERS), self.penalty, alternating=True
        )
        self.slow = AdmissionQueue(limits.slow, waiting, max(1, limits.slow - 1), self.penalty)
        self.active = 0
        self.slow_until: dict[Job | Client, float] = {}

    def was_slow(self, job: Job) -> bool:
        """Whether the job took long within the last REMEMBERED seconds."""
        return self.slow_until.get(job, 0) > time.monotonic()

    def penalty(self, client: Client) -> int:
        """HEAVY when the connection sent a long query recently, plus one when its host did."""
        if not self.slow_until:
            return 0
        now, host = time.monotonic(), Client(client.host)
        return HEAVY * (self.slow_until.get(client, 0) > now) + (self.slow_until.get(host, 0) > now)

    def may_take_idle(self, client: Client) -> bool:
        """Whether a client gets an idle worker: when others wait, those with a penalty start one of their own."""
        return not self.quick.queue or not self.penalty(client)

    def penalise(self, job: Job, client: Client) -> None:
        """Remember that a job took long, and for which client."""
        now = time.monotonic()
        kept = {known: until for known, until in self.slow_until.items() if until > now}
        self.slow_until = kept | dict.fromkeys((job, client, Client(client.host)), now + REMEMBERED)
