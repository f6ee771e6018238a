"""Writing: one process holds the store on disk; what it has acknowledged is there after a power cut of the process.

Each write ends in a checkpoint, a folder of hard links that the workers then read; so a reader never sees half a write.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from kgraph.build import MANIFEST
from kgraph.errors import BadQuery, CannotWrite, KgraphError, LimitExceeded, Timeout
from kgraph.lookup import INDEX
from kgraph.server import guards
from kgraph.server.pool.evaluator import Evaluator, process
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.wire import ASK, FAILED, frame, receive
from kgraph.server.protocol import Operation

FAILURES: dict[str, type[KgraphError]] = {
    kind.__name__: kind for kind in (BadQuery, CannotWrite, KgraphError, LimitExceeded)
}


@dataclass(frozen=True)
class Write:
    """An update, or, with a `form`, triples for a graph; `replaces` says that what the graph had goes."""

    text: str
    graph: str | None = None
    form: str = ""
    base: str | None = None
    replaces: bool = False

    def packed(self) -> bytes:
        return json.dumps(asdict(self)).encode()


class Writer:
    """Writes to the store of a build folder, one thing at a time; `place` is where the last state can be read."""

    def __init__(self, folder: Path, limits: Limits, token: str) -> None:
        self.folder = folder
        self.limits = limits
        self.token = token
        self.lock = asyncio.Lock()
        self.news = asyncio.Event()
        self._start()

    def _start(self) -> None:
        """A process that holds the store; CannotWrite when another has it."""
        self.connection, other = socket.socketpair()
        with other:
            arguments = [str(other.fileno()), json.dumps(asdict(self.limits)), str(self.folder)]
            self.process = process("kgraph.server.writer", arguments, [other.fileno()])
        self.place = Path(self._reply())

    def close(self) -> None:
        self.connection.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    async def write(self, wanted: Write) -> Path:
        """Carry out one write; where its result can be read. Raises BadQuery, LimitExceeded, Timeout or CannotWrite."""
        async with self.lock:
            return await asyncio.shield(asyncio.to_thread(self._write, wanted))

    def _write(self, wanted: Write) -> Path:
        self._forget()
        try:
            self.connection.settimeout(self.limits.seconds)
            self.connection.sendall(frame(ASK, wanted.packed()))
            self.place = Path(self._reply())
        except TimeoutError as error:
            self._again()
            raise Timeout(
                f"stopped after {self.limits.seconds:g} s, nothing was written; write less at once"
            ) from error
        except (EOFError, ConnectionError) as error:
            self._again()
            raise LimitExceeded("this needs more memory than it may have; nothing was written") from error
        return self.place

    def _forget(self) -> None:
        """Clear away what a build says of its store, before that is no longer true."""
        try:
            for name in (INDEX, MANIFEST):
                (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise CannotWrite(f"{self.folder} cannot be written: {error}; nothing was changed") from error

    def _again(self) -> None:
        self.close()
        self._start()

    def _reply(self) -> str:
        kind, content = receive(self.connection)
        if kind == FAILED:
            name, _, sentence = content.decode().partition(" ")
            raise FAILURES[name](sentence)
        return content.decode()


async def write(writer: Writer, evaluator: Evaluator, wanted: Write) -> None:
    """Carry out one write; queries that begin after it see it."""
    evaluator.move(await writer.write(wanted))
    writer.news.set()


def of(asked: Operation, limits: Limits, base: str) -> Write:
    """The write that an update asks for; raises BadQuery, Forbidden or LimitExceeded."""
    text = guards.update(asked.text or "", limits)
    return Write(clearing(using(text, asked.default, asked.named)), base=base)


def clearing(text: str) -> str:
    """An update in which CLEAR GRAPH takes a graph that is not there for one that is empty."""
    words = [(found.upper(), start) for kind, found, start in _outermost(text) if kind == "word"]
    for (before, _), (word, start) in reversed(list(pairwise(words))):
        if (before, word) == ("CLEAR", "GRAPH"):
            text = f"{text[:start]}SILENT {text[start:]}"
    return text


def using(text: str, default: tuple[str, ...], named: tuple[str, ...]) -> str:
    """An update with the graphs that the request gives it, as USING clauses; BadQuery when it has its own."""
    if not default and not named:
        return text
    words = [(found, start) for kind, found, start in _outermost(text) if kind == "word"]
    if any(word.upper() in ("USING", "WITH") for word, _ in words):
        raise BadQuery("give the graphs either in the update, with USING or WITH, or in the request, not in both")
    clause = "".join([*(f"USING <{name}> " for name in default), *(f"USING NAMED <{name}> " for name in named)])
    for (before, _), (word, start) in reversed(list(zip([("", 0), *words], words, strict=False))):
        if word.upper() == "WHERE":
            if before.upper() == "DELETE":
                raise BadQuery("DELETE WHERE takes no graphs from the request; write DELETE { … } WHERE { … }")
            text = text[:start] + clause + text[start:]
    return text


def _outermost(text: str) -> list[guards.Token]:
    """The tokens that stand in no brackets."""
    depth, found = 0, []
    for token in guards.tokens(text):
        depth -= token[0] == "close"
        if not depth:
            found.append(token)
        depth += token[0] == "open"
    return found
