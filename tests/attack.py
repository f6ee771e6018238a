"""What the soak test sends against a server, in a process of its own: `python -m tests.attack URL SECONDS`.

It prints the statuses of all answers and their numbers as JSON.
"""

import http.client
import json
import os
import random
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

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
HOSTS = 5
"""The number of addresses of the attackers."""

PAUSE = 0.3
"""Seconds between two requests of one attacker: what is measured is harm by content, not by a flood."""

Attack = Callable[[str, random.Random], int]


def query(url: str, chance: random.Random) -> int:
    """A query that is never the same, by a client with more or less patience."""
    text = urlencode({"query": f"{chance.choice(QUERIES)} # {chance.random()}"})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return asked(url, chance.choice((0.2, 2.0, 30.0)), "POST", "/sparql", text, form)


def page(url: str, chance: random.Random) -> int:
    """A page that takes long, by a client that leaves after half a second."""
    return asked(url, 0.5, "GET", chance.choice(PAGES).format(chance.random()))


def asked(url: str, patience: float, *request: Any) -> int:
    """The status of the answer to a request; OSError when it takes too long."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=patience, source_address=source())
    try:
        connection.request(*request)
        answer = connection.getresponse()
        while answer.read(1 << 16):
            pass
        return answer.status
    finally:
        connection.close()


CHUNKED = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
CHUNKED += b"Authorization: Bearer no\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 600_000
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
MANY = HEAD + b"".join(b"X-%d: 1\r\n" % number for number in range(80_000)) + b"\r\n"
LARGE = HEAD + b"Accept: " + b"text/html," * 50_000 + b"\r\n\r\n"
PIPELINED = b"GET /questions HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2000


def crumbs(url: str, _: random.Random) -> int:
    """A body in chunks of one byte, with a token so that it is read."""
    return raw(url, CHUNKED)


def fields(url: str, chance: random.Random) -> int:
    """A head of 80,000 fields, or with one of 500 kB."""
    return raw(url, chance.choice((MANY, LARGE)))


def unread(url: str, _: random.Random) -> int:
    """Requests one after another on a connection that reads no answer."""
    with connected(url) as connection, suppress(OSError):
        connection.sendall(PIPELINED)
        time.sleep(20)
    return 0


def source() -> tuple[str, int]:
    """An address of the loopback network; a normal client has another."""
    return f"127.0.0.{random.randint(2, 1 + HOSTS)}", 0


def connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=10, source_address=source())
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
    os.nice(10)  # the attackers' processor time is not the server's
    ends, statuses = time.monotonic() + seconds, Counter[str]()

    def client(attack: Attack, number: int) -> None:
        chance = random.Random(number)
        while time.monotonic() < ends:
            try:
                statuses[f"{attack.__name__} {attack(url, chance)}"] += 1
            except (http.client.HTTPException, OSError) as error:
                statuses[f"{attack.__name__} {type(error).__name__}"] += 1
            time.sleep(PAUSE)

    for attack, clients in CLIENTS:
        for number in range(clients):
            threading.Thread(target=client, args=(attack, number), daemon=True).start()
    time.sleep(max(0, ends - time.monotonic()))
    print(json.dumps(dict(sorted(statuses.items()))))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
