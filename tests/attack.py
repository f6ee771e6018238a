"""What the soak test sends against a server, in a process of its own: `python -m tests.attack URL SECONDS`.

It prints the statuses of all answers and their numbers as JSON.
"""

import json
import random
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import httpx

from tests.serving import SLOW

QUERIES = (
    SLOW,
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f",
    "SELECT (GROUP_CONCAT(DISTINCT CONCAT(STR(?c), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "ASK " + "{" * 3000 + "}" * 3000,
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }",
    "SELECT * {",
)
PAGES = (
    "/questions/role-changes?lang=en&x={}",
    "/network?whole=1&x={}",
    "/data/sekg.jsonld?x={}",
    "/index.html?x={}",
    "/places?x={}",
    "/table?kind=se:SocialEconomyEntity&x={}",
    "/sources?x={}",
    "/page/sources.html?x={}",
)
Attack = Callable[[str, random.Random], int]


def query(url: str, chance: random.Random) -> int:
    """A query that is never the same, by a client with more or less patience."""
    text = f"{chance.choice(QUERIES)} # {chance.random()}"
    return httpx.post(f"{url}/sparql", data={"query": text}, timeout=chance.choice((0.2, 2.0, 30.0))).status_code


def page(url: str, chance: random.Random) -> int:
    """A page that takes long, by a client that leaves after half a second."""
    return httpx.get(url + chance.choice(PAGES).format(chance.random()), timeout=0.5).status_code


def crumbs(url: str, chance: random.Random) -> int:
    """A body in chunks of one byte."""
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    return raw(url, head + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 600_000)


def fields(url: str, chance: random.Random) -> int:
    """A head of 80,000 fields, or with one of 500 kB."""
    many = b"".join(b"X-%d: 1\r\n" % number for number in range(80_000))
    large = b"Accept: " + b"text/html," * 50_000 + b"\r\n"
    return raw(url, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + chance.choice((many, large)) + b"\r\n")


def unread(url: str, chance: random.Random) -> int:
    """Requests one after another on a connection that reads no answer."""
    with connected(url) as connection, suppress(OSError):
        for _ in range(2000):
            connection.sendall(b"GET /questions HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(20)
    return 0


def connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=10)
    connection.settimeout(10)
    return connection


def raw(url: str, content: bytes) -> int:
    """The status of the answer to some bytes, 0 without one."""
    with connected(url) as connection:
        with suppress(OSError):  # the server may answer and close before it has read everything
            connection.sendall(content)
        answer = connection.recv(100)
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else 0


CLIENTS: tuple[tuple[Attack, int], ...] = ((query, 20), (page, 45), (crumbs, 10), (fields, 5), (unread, 20))
"""Each attack and its number of clients."""


def main(url: str, seconds: float) -> None:
    ends, statuses = time.monotonic() + seconds, Counter[str]()

    def client(attack: Attack, number: int) -> None:
        chance = random.Random(number)
        while time.monotonic() < ends:
            try:
                statuses[f"{attack.__name__} {attack(url, chance)}"] += 1
            except (httpx.HTTPError, OSError) as error:
                statuses[f"{attack.__name__} {type(error).__name__}"] += 1
                time.sleep(0.05)

    for attack, clients in CLIENTS:
        for number in range(clients):
            threading.Thread(target=client, args=(attack, number), daemon=True).start()
    time.sleep(max(0, ends - time.monotonic()))
    print(json.dumps(dict(sorted(statuses.items()))))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
