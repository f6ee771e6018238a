"""The start of the server's processes, and the frames between them: one byte of kind, eight of length, the content.

A worker sends HELLO with its process id, and answers OPEN with a folder by OPENED, or by GONE when it cannot. It
answers QUERY or PAGE by FORMAT, DATA, perhaps TRUNCATED, and END, empty when it retires; or by FAILED. The writer sends
HELLO with a checkpoint, and answers QUERY by COMMITTED and END with the next checkpoint; or by FAILED.
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
from kgraph.errors import BadData, BadQuery, CannotWrite, EndpointError, KgraphError, LimitExceeded, NotFound
from kgraph.server.pool.limits import Limits

HEAD = struct.Struct("!cQ")

HELLO, OPEN, OPENED, GONE, QUERY, PAGE = b"h", b"o", b"p", b"g", b"a", b"r"
FORMAT, DATA, TRUNCATED, END, FAILED = b"k", b"d", b"c", b"e", b"f"
COMMITTED = b"w"


class Fault(RuntimeError):
    """An error in kgraph itself, with its traceback in the worker."""


ERRORS: dict[str, type[Exception]] = {
    kind.__name__: kind for kind in (BadData, BadQuery, CannotWrite, EndpointError, Fault, LimitExceeded, NotFound)
}


def start_process(module: str, given: socket.socket, limits: Limits, *arguments: str) -> "subprocess.Popen[bytes]":
    """Start `python -m module SOCKET LIMITS …` in a new process group; of our descriptors it gets the socket only."""
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


def failed(error: Exception) -> bytes:
    """A FAILED frame with the class of an error and its message."""
    return frame(FAILED, f"{type(error).__name__} {error}".encode())


def failure(content: bytes) -> Exception:
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
