"""A soak test: hostile and normal clients at once for two minutes; run it with `pytest -m soak`."""

import random
import statistics
import threading
import time
from collections import Counter

import httpx
import pytest

from tests.serving import SLOW, serving

MINUTES = 2
HOSTILE = [
    SLOW,
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f",
    "SELECT (GROUP_CONCAT(DISTINCT CONCAT(STR(?c), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "ASK " + "{" * 3000 + "}" * 3000,
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }",
    "SELECT * {",
]
NORMAL = ["/sparql?query=ASK{}", "/healthz", "/network", "/search?q=ziola", "/things/id/mcps", "/questions/founders"]


@pytest.mark.soak
def test_normal_clients_are_served_while_hostile_ones_rage() -> None:
    ends = time.monotonic() + 60 * MINUTES
    statuses: Counter[int] = Counter()
    taken: dict[str, list[float]] = {path: [] for path in NORMAL}

    def hostile(number: int, url: str) -> None:
        chance = random.Random(number)
        while time.monotonic() < ends:
            try:
                query = f"{chance.choice(HOSTILE)} # {chance.random()}"
                patience = chance.choice((0.2, 2.0, 30.0))
                statuses[httpx.post(f"{url}/sparql", data={"query": query}, timeout=patience).status_code] += 1
            except httpx.HTTPError:
                statuses[0] += 1

    with serving("--timeout", "5", "--max-memory", "256", "--max-answer", "1") as server:
        threads = [threading.Thread(target=hostile, args=(n, server.url), daemon=True) for n in range(50)]
        for thread in threads:
            thread.start()
        while time.monotonic() < ends:
            for path, times in taken.items():
                started = time.monotonic()
                answer = httpx.get(server.url + path, timeout=30)
                times.append(time.monotonic() - started)
                assert answer.status_code == 200, (path, answer.text)
        for thread in threads:
            thread.join(40)
        assert not [status for status in statuses if status >= 500 and status != 503], statuses
        assert server.process.poll() is None
        assert httpx.get(f"{server.url}/healthz").status_code == 200
    assert all(statistics.median(times) < 1 for times in taken.values())
