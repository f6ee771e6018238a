"""Frames between the server and its processes: one byte for the kind, eight for the length, then the content.

A worker sends HELLO with its process id, and opens the store when it is sent OPEN with a folder: OPENED, or GONE when
that is impossible. To each QUERY it sends FORMAT, DATA, perhaps TRUNCATED, and END, which is empty when it retires; or
FAILED. The writer sends HELLO with a checkpoint, and to each QUERY, COMMITTED and END with the next; or FAILED.
"""

import asyncio
import socket
import struct

from kgraph.errors import BadQuery, CannotWrite, EndpointError, KgraphError, LimitExceeded

HEAD = struct.Struct("!cQ")

HELLO, OPEN, OPENED, GONE, QUERY = b"h", b"o", b"p", b"g", b"a"
FORMAT, DATA, TRUNCATED, END, FAILED = b"k", b"d", b"c", b"e", b"f"
COMMITTED = b"w"

ERRORS = {kind.__name__: kind for kind in (BadQuery, CannotWrite, EndpointError, LimitExceeded)}


def frame(kind: bytes, content: bytes = b"") -> bytes:
    return HEAD.pack(kind, len(content)) + content


def failed(error: KgraphError) -> bytes:
    """A FAILED frame with the name of the error and its sentence."""
    return frame(FAILED, f"{type(error).__name__} {error}".encode())


def failure(content: bytes) -> KgraphError:
    """The error in the content of a FAILED frame."""
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


async def read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The next frame; EOFError when the peer is gone."""
    kind, length = HEAD.unpack(await reader.readexactly(HEAD.size))
    return kind, await reader.readexactly(length)
