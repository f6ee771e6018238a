"""How many connections a server keeps, in total and for each host, and for how long."""

import asyncio
import contextlib
import ipaddress
import os
import resource
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

BACKLOG = 128
"""Connections that the kernel holds until they are accepted (listen(2))."""

ACCEPTED = 16
"""Connections that are accepted in one turn of the event loop.

asyncio tells its protocols of a connection, and so its cap, two turns after the connection was accepted.
"""

DESCRIPTORS = 4096
"""The soft limit of open files that the server takes where the hard limit allows it (getrlimit(2))."""

RESERVE = 96
"""Descriptors for processes, their pipes, and files that are opened while the server runs."""

MOST, PER_HOST = 2000, 256
"""The most connections in total and of one host; fewer where descriptors are few."""

REFUSED = 32
"""Connections beyond the caps that get a sentence; further ones are closed at once."""

SWEEP_SECONDS = 0.5
"""Seconds between two looks at all connections."""


class Kept(Protocol):
    """A connection as its caps see it."""

    @property
    def is_idle(self) -> bool:
        """Whether no request of it is being answered."""

    def check(self, now: float) -> None:
        """End the connection when one of its times is over."""

    def abort(self) -> None:
        """End the connection at once."""


@dataclass
class Capacity:
    """The open connections of each host; the host "" has no cap of its own."""

    most: int = MOST
    per_host: int = PER_HOST
    by_host: defaultdict[str, dict[Kept, None]] = field(default_factory=lambda: defaultdict(dict))
    total: int = 0
    refused: dict[Kept, None] = field(default_factory=dict)

    def add(self, connection: Kept, host: str) -> bool:
        """Keep a connection if its host and the server have room; a full server ends one of the greediest host."""
        if host and len(self.by_host[host]) >= self.per_host:
            return False
        if self.total >= self.most and not self._make_room(host):
            return False
        self.by_host[host][connection] = None
        self.total += 1
        return True

    def _make_room(self, host: str) -> bool:
        greedy = max(filter(None, self.by_host), key=lambda name: len(self.by_host[name]), default="")
        held = self.by_host[greedy] if greedy else {}
        if len(held) <= len(self.by_host[host]) + 1:
            return False
        ended = next((connection for connection in held if connection.is_idle), next(iter(held)))
        self.remove(ended, greedy)
        ended.abort()
        return True

    def refuse(self, connection: Kept) -> bool:
        """Whether a connection without room may wait for its refusal."""
        if len(self.refused) >= REFUSED:
            return False
        self.refused[connection] = None
        return True

    def remove(self, connection: Kept, host: str) -> None:
        """Forget a connection that has ended."""
        self.refused.pop(connection, None)
        if connection in self.by_host[host]:
            del self.by_host[host][connection]
            self.total -= 1
        if not self.by_host[host]:
            del self.by_host[host]

    async def sweep(self) -> None:
        """Have each connection look at its times, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            now = loop.time()
            for connection in [*self.refused, *(each for held in self.by_host.values() for each in held)]:
                connection.check(now)


def capacity() -> Capacity:
    """The caps for the descriptors of this process, whose soft limit is raised to at most DESCRIPTORS."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    free = MOST if soft == resource.RLIM_INFINITY else soft - _open_files() - 8 * ACCEPTED - RESERVE - REFUSED
    most = max(8, min(MOST, free))
    return Capacity(most, min(PER_HOST, max(4, most // 2)))


def _open_files() -> int:
    for folder in ("/proc/self/fd", "/dev/fd"):
        if Path(folder).is_dir():
            return len(os.listdir(folder))
    return RESERVE


@lru_cache(4096)
def host_of(address: str) -> str:
    """What counts as one host: an IPv4 address, or the /64 network that one IPv6 host may choose addresses from.

    >>> host_of("192.0.2.1"), host_of("2001:db8::1"), host_of("::ffff:192.0.2.1")
    ('192.0.2.1', '2001:db8::/64', '192.0.2.1')
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if not found.ipv4_mapped:
            return str(ipaddress.ip_network((found, 64), strict=False))
        found = found.ipv4_mapped
    return str(found)
