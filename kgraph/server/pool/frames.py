"""Frames between the server and its workers: one byte that says what it is, eight for the length, the content."""

import asyncio
import socket
import struct

HEAD = struct.Struct("!cQ")

HELLO, OPEN, OPENED, GONE, ASK = b"h", b"o", b"p", b"g", b"a"
KIND, DATA, CUT, END, FAILED = b"k", b"d", b"c", b"e", b"f"
COMMITTED = b"w"
"""A worker says HELLO with its number, is told what to OPEN, and for each ASK gives a KIND, DATA, perhaps CUT, and END.

It says OPENED, or GONE when it cannot open that; then it is told another place. Or it gives FAILED, with the name of an
error and its sentence. The content of END is empty when the worker retires. The writer says COMMITTED before END.
"""


def frame(kind: bytes, content: bytes = b"") -> bytes:
    return HEAD.pack(kind, len(content)) + content


def receive(connection: socket.socket) -> tuple[bytes, bytes]:
    """The next frame; EOFError when the other side is gone."""
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
    """The next frame; EOFError when the other side is gone."""
    kind, length = HEAD.unpack(await reader.readexactly(HEAD.size))
    return kind, await reader.readexactly(length)
