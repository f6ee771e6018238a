"""The fork server: `python -m kgraph.server.pool.forkserver SOCKET LIMITS STORE` holds the store and forks workers.

A worker shares its memory without a copy; fork(2) is safe because the process has one thread. STORE is the folder of a
store to copy into memory, or `-` for N-Quads on stdin. With `@`, each worker opens the folder that it is sent.
"""

import contextlib
import json
import os
import signal
import socket
import sys

import pyoxigraph as ox

from kgraph.server.pool import worker
from kgraph.server.pool.limits import Limits


def main(descriptor: str, limits: str, source: str) -> None:
    """Fork a worker for each connection while the server lives; then kill all of them."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that the kernel reaps the workers (wait(2))
    server = os.getppid()
    listener = socket.socket(fileno=int(descriptor))
    store = _loaded(source)
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


def _loaded(source: str) -> ox.Store | None:
    if source == "@":
        return None
    store = ox.Store()
    if source == "-":
        store.bulk_load(sys.stdin.buffer, ox.RdfFormat.N_QUADS)
    elif len(on_disk := ox.Store.read_only(source)):
        store.bulk_extend(on_disk)
    return store


if __name__ == "__main__":
    main(*sys.argv[1:])
