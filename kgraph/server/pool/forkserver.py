"""The process that holds the store and forks workers: `python -m kgraph.server.pool.forkserver SOCKET LIMITS STORE`.

It has a single thread, so that a fork is safe, and a worker shares its memory without a copy. STORE is the folder of a
store that is copied into memory, `-` for quads on stdin, or `@` for none: then each worker opens what it is told.
"""

import contextlib
import json
import os
import signal
import socket
import sys
from pathlib import Path

import pyoxigraph as ox

from kgraph.server.pool import worker
from kgraph.server.pool.limits import Limits


def main(descriptor: str, limits: str, source: str) -> None:
    """Fork a worker for each connection, as long as the server lives; then end all of them."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    server = os.getppid()
    listener = socket.socket(fileno=int(descriptor))
    store = _held(source)
    listener.settimeout(1)
    while os.getppid() == server:
        with contextlib.suppress(TimeoutError):
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                connection.settimeout(None)
                worker.work(store, connection, Limits(**json.loads(limits)))
            connection.close()
    os.killpg(0, signal.SIGKILL)


def _held(source: str) -> ox.Store | None:
    if source == "@":
        return None
    store = ox.Store()
    if source == "-":
        store.bulk_load(sys.stdin.buffer, ox.RdfFormat.N_QUADS)
    elif len(on_disk := ox.Store.read_only(str(Path(source)))):
        store.bulk_extend(on_disk)
    return store


if __name__ == "__main__":
    main(*sys.argv[1:])
