"""The start of the server's processes, and the frames between them: a byte for the kind, eight for the length, content.

A worker sends HELLO with its process id, and opens the store when it is sent OPEN with a folder: OPENED, or GONE when
that is impossible. To each QUERY it sends FORMAT, DATA, perhaps TRUNCATED, and END, which is empty when it retires; or
FAILED. The writer sends HELLO with a checkpoint, and to each QUERY, COMMITTED and END with the next; or FAILED.
"""

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import kgraph
from kgraph.errors import BadQuery, CannotWrite, EndpointError, KgraphError, LimitExceeded
from kgraph.server.pool.limits import Limits

HEAD = struct.Struct("!cQ")

HELLO, OPEN, OPENED, GONE, QUERY = b"h", b"o", b"p", b"g", b"a"
FORMAT, DATA, TRUNCATED, END, FAILED = b"k", b"d", b"c", b"e", b"f"
COMMITTED = b"w"

ERRORS = {kind.__name__: kind for kind in (BadQuery, CannotWrite, EndpointError, LimitExceeded)}


def start_process(module: str, given: socket.socket, limits: Limits, *arguments: str) -> "subprocess.Popen[bytes]":
    """`python -m module SOCKET LIMITS …`, in a process group of its own, with no descriptor but that of the socket."""
    path = [str(Path(kgraph.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    descriptor = given.fileno()
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, str(descriptor), json.dumps(asdict(limits)), *arguments],
        stdin=subprocess.PIPE,
        pass_fds=[descriptor],
        process_group=0,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, path))},
    )


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process with its group, and wait for its end."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def frame(kind: bytes, content: bytes = b"") -> bytes:
    return HEAD.pack(kind, len(content)) + content


def failed(error: KgraphError) -> bytes:
    """A FAILED frame with the name of the error and its sentence."""
    return frame(FAILED, f"{type(error).__name__} {error}".encode())


def failure(content: bytes) -> KgraphError:
    """The error that a FAILED frame carries."""
    name, _, sentence = content.decode().partition(" ")
    return ERRORS.get(name, KgraphError)(sentence)


def receive(connection: socket.socket) -> tuple[bytes, bytes]:
    """The next frame; EOFError when the peer is gone."""
    kind, length = HEAD.unpack(_exactly(connection, HEAD.size))
    return kind, _exactly(connection, length)


def _exactly(connection: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = connection.recv(min(1 << 20, length - len(parts)))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
