"""A bounded number of places, and a bounded number of those who wait for one."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from kgraph.errors import Busy

HEAVY = 2
"""The burden of a connection that asked much a moment ago."""


@dataclass(frozen=True)
class Client:
    """Who asks: a machine, and one connection from it."""

    host: str = ""
    connection: str = ""


@dataclass(frozen=True, eq=False)
class Waiting:
    """A client in the queue, and what is told when its turn comes."""

    client: Client
    turn: asyncio.Future[None]


class Lane:
    """So many places at once, at most `share` of them for one machine; who has the least `burden` is served first.

    A client with the burden HEAVY leaves the last quarter of the places to others. Among equals the first comes first;
    where `fair`, the last has every second place: when more come than can be served, not everybody waits long.
    """

    def __init__(
        self, places: int, room: int, share: int, burden: Callable[[Client], int], *, fair: bool = False
    ) -> None:
        self.free = places
        self.kept = places // 4
        self.room = room
        self.share = share
        self.burden = burden
        self.fair = fair
        self.turned = False
        self.running: Counter[str] = Counter()
        self.queue: list[Waiting] = []

    def take(self, client: Client) -> bool:
        """Take a place if there is one at once."""
        if not self._may(client):
            return False
        self.free -= 1
        self.running[client.host] += 1
        return True

    def _may(self, client: Client) -> bool:
        kept = self.kept if self.burden(client) >= HEAVY else 0
        return self.free > kept and self.running[client.host] < self.share

    async def acquire(self, client: Client, patience: float) -> None:
        """Wait for a place; Busy when too many wait already, or none gets free in `patience` seconds."""
        if self.take(client):
            return
        self._make_room(client)
        waiting = Waiting(client, asyncio.get_running_loop().create_future())
        self.queue.append(waiting)
        try:
            async with asyncio.timeout(patience):
                await waiting.turn
        except BaseException as error:
            self._forget(waiting)
            if isinstance(error, TimeoutError):
                raise Busy(f"no place got free within {patience:g} s; ask again in a moment") from error
            raise

    def _make_room(self, client: Client) -> None:
        """Turn somebody away, the one with the greatest burden, when too many wait."""
        if len(self.queue) < self.room:
            return
        busy = Busy("too many queries run at once; ask again in a moment")
        last = max(self.queue, key=lambda waiting: self.burden(waiting.client))
        if self.burden(last.client) <= self.burden(client):
            raise busy
        self.queue.remove(last)
        if not last.turn.done():
            last.turn.set_exception(busy)

    def _forget(self, waiting: Waiting) -> None:
        """Leave the queue; give the place back when it came just as the client went."""
        if waiting in self.queue:
            self.queue.remove(waiting)
        elif waiting.turn.done() and not waiting.turn.cancelled() and waiting.turn.exception() is None:
            self.release(waiting.client)

    def release(self, client: Client) -> None:
        """Give a place back, and on to whoever waits and has the least burden."""
        self.free += 1
        self.running -= Counter([client.host])
        self.turned = self.fair and not self.turned
        queue = self.queue[::-1] if self.turned else self.queue
        ready = [waiting for waiting in queue if not waiting.turn.done() and self._may(waiting.client)]
        if ready:
            chosen = min(ready, key=lambda waiting: self.burden(waiting.client))
            self.queue.remove(chosen)
            self.take(chosen.client)
            chosen.turn.set_result(None)
