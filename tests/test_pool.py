"""Slots for queries: who gets one, who waits, who is refused."""

import asyncio
import time
from contextlib import ExitStack
from socket import SO_RCVBUF, SOL_SOCKET, socket

import httpx
import pytest

from kgraph.errors import Busy
from kgraph.server.pool.admission import AdmissionQueue, Greedy
from tests.serving import serving

SOON = 0.01


class Jobs:
    """Jobs that wait for the slots of a queue, and the order in which they got one or were refused."""

    def __init__(self, queue: AdmissionQueue) -> None:
        self.queue = queue
        self.admitted: list[str] = []
        self.refused: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def come(self, *names: str, seconds: float = 60) -> None:
        """Have jobs come, each of the host that its name begins with."""
        self.tasks += [asyncio.create_task(self._wait(name, seconds)) for name in names]
        await asyncio.sleep(0)

    async def _wait(self, name: str, seconds: float) -> None:
        try:
            await self.queue.acquire(name[0], asyncio.get_running_loop().time() + seconds)
            self.admitted.append(name)
        except Busy:
            self.refused.append(name)

    async def end(self, *names: str) -> None:
        """Have jobs end."""
        for name in names:
            self.queue.release(name[0])
            await asyncio.sleep(SOON)


def test_one_host_leaves_slots_to_others() -> None:
    async def story() -> Jobs:
        jobs = Jobs(AdmissionQueue(free=4, room=9, share=3))
        await jobs.come("a1", "a2", "a3", "a4", "b1", "c1")
        assert jobs.admitted == ["a1", "a2", "a3", "b1"]
        await jobs.end("a1")
        return jobs

    assert asyncio.run(story()).admitted[4:] == ["c1"], "a holds two and c none, although a4 came before"


def test_greedy_hosts_leave_slots_to_others_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    greedy = Greedy()
    greedy.add("a")
    greedy.add("b")

    async def story() -> list[str]:
        jobs = Jobs(AdmissionQueue(free=3, room=9, share=2, reserve=1, greedy=greedy))
        await jobs.come("a1", "b1", "b2", "c1")
        assert jobs.admitted == ["a1", "b1", "c1"], "the third slot is not for b, but c does not wait"
        await jobs.end("c1")
        assert jobs.admitted == ["a1", "b1", "c1"], "b2 waits on, although a slot is free"
        monkeypatch.setattr(greedy, "until", {})
        await jobs.end("a1")
        return jobs.admitted

    assert asyncio.run(story())[3:] == ["b2"]


def test_the_first_and_the_newest_get_a_slot_in_turn() -> None:
    async def story() -> list[str]:
        jobs = Jobs(AdmissionQueue(free=1, room=9, share=1))
        await jobs.come("a1", "a2", "a3", "a4", "a5")
        await jobs.end("a1", "a2", "a3", "a4")
        return jobs.admitted

    assert asyncio.run(story()) == ["a1", "a5", "a2", "a4", "a3"]


def test_a_full_queue_refuses_the_host_with_most_that_wait() -> None:
    async def story() -> Jobs:
        jobs = Jobs(AdmissionQueue(free=1, room=3, share=1))
        await jobs.come("a0", "a1", "a2", "a3")
        await jobs.come("b1", "a4")
        await asyncio.sleep(SOON)
        return jobs

    jobs = asyncio.run(story())
    assert sorted(jobs.refused) == ["a3", "a4"], "b's first job takes the place of the newest of a"


def test_a_job_waits_until_its_deadline_and_takes_no_slot_with_it() -> None:
    async def story() -> None:
        jobs = Jobs(AdmissionQueue(free=1, room=3, share=1))
        await jobs.come("a1")
        await jobs.come("b1", "c1", seconds=SOON)
        await asyncio.sleep(5 * SOON)
        assert jobs.refused == ["b1", "c1"]
        await jobs.come("d1")
        jobs.tasks[-1].cancel()
        jobs.queue.release("a")
        await asyncio.sleep(0)
        assert (jobs.queue.free, jobs.queue.waiting, jobs.queue.held.total()) == (1, {}, 0)

    asyncio.run(story())


@pytest.mark.server
def test_answers_that_nobody_reads_do_not_stop_others() -> None:
    """Without its rule, connections of two hosts that read nothing held all quick slots for 30 seconds."""
    endless = httpx.QueryParams({"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }", "format": "csv"})
    with serving() as server, ExitStack() as stack:
        url = httpx.URL(server.url)
        for number in range(12):
            unread = stack.enter_context(socket())
            unread.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096)
            unread.bind((f"127.0.0.{2 + number // 6}", 0))
            unread.connect((url.host, url.port))
            unread.sendall(f"GET /sparql?{endless} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(1)
        started = time.monotonic()
        assert server.ask("ASK {}").status_code == 200
        assert time.monotonic() - started < 15
