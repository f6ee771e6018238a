"""`kgraph serve` as a subprocess on a free port."""

import asyncio
import os
import re
import resource
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import psutil

from kgraph.server.app import create_app
from kgraph.server.served import Served

JSON_RESULTS = "application/sparql-results+json"
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def descendants(pid: int) -> list[int]:
    """The PIDs of all descendants of a process."""
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Wait until a condition holds; an AssertionError after the time limit."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it never came to hold"
        time.sleep(0.05)


def free_port() -> int:
    """A free port of this machine."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass(frozen=True)
class Serving:
    """The address, process and HTTP client of a server."""

    url: str
    process: subprocess.Popen[str]
    client: httpx.Client

    def ask(self, query: str, accept: str = JSON_RESULTS, **parameters: str) -> httpx.Response:
        return self.client.get("/sparql", params={"query": query} | parameters, headers={"Accept": accept})


@contextmanager
def serving(*arguments: str, env: Mapping[str, str] | None = None, descriptors: int = 0) -> Iterator[Serving]:
    """`kgraph serve` with these arguments on a free port, stopped afterwards; 0 descriptors leave their limit."""
    lowered = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (descriptors, descriptors))
    process = subprocess.Popen(
        ["kgraph", "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {})},
        preexec_fn=lowered if descriptors else None,
    )
    assert process.stdout is not None and process.stderr is not None
    try:
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, process.stderr.read()
        with httpx.Client(base_url=found[0], timeout=30, verify=False) as client:  # no certificates to read: 30 ms
            yield Serving(found[0].rstrip("/"), process, client)
    finally:
        process.terminate()
        try:
            process.wait(10)
        finally:
            process.kill()
            process.stdout.close()
            process.stderr.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def serving_files(folder: Path) -> Iterator[str]:
    """The address of a server for the files of a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


@contextmanager
def without_socket(served: Served) -> Iterator[Callable[[str, str], httpx.Response]]:
    """A function from an address and an `Accept` header to a response of the application."""
    transport = httpx.ASGITransport(create_app(served), raise_app_exceptions=False)

    async def answer(address: str, accept: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as asking:
            return await asking.get(address, headers={"Accept": accept})

    with asyncio.Runner() as runner:  # one loop, to which the connections to workers belong
        yield lambda address, accept: runner.run(answer(address, accept))
