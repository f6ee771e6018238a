"""Writing: one process holds the store on disk; what it has acknowledged is there after a power cut of the process.

Each write ends in a checkpoint, a folder of hard links that the workers then read; so a reader never sees half a write.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from kgraph.build.pipeline import MANIFEST
from kgraph.errors import BadQuery, CannotWrite, KgraphError, LimitExceeded, Timeout
from kgraph.graph.search import INDEX
from kgraph.rdf.sparql_text import Token, tokens
from kgraph.rdf.store import STORE
from kgraph.server import guards
from kgraph.server.http.protocol import Operation
from kgraph.server.pool.evaluator import Evaluator, process
from kgraph.server.pool.frames import ASK, COMMITTED, FAILED, frame, receive
from kgraph.server.pool.limits import Limits

FAILURES: dict[str, type[KgraphError]] = {
    kind.__name__: kind for kind in (BadQuery, CannotWrite, KgraphError, LimitExceeded)
}


UNTOUCHED = "nothing was written; write less at once"
TOUCHED = "it was just being written; look whether it is there before you send it again"


@dataclass(frozen=True)
class Write:
    """An update, or, with a `form`, triples for a graph; `replaces` says that what the graph had goes."""

    text: str
    graph: str | None = None
    form: str = ""
    base: str | None = None
    replaces: bool = False


class Writer:
    """Writes to the store of a build folder, one thing at a time; `place` is where the last state can be read.

    `shown` are the places from which the pages are made, the last and the one before; `kept` stay for their readers.
    """

    def __init__(self, folder: Path, limits: Limits, token: str) -> None:
        self.folder = folder
        self.limits = limits
        self.token = token
        self.lock = asyncio.Lock()
        self.news = asyncio.Event()
        self.kept: list[str] = []
        self._start()
        self.shown = (self.place, self.place)

    def _start(self) -> None:
        """A process that holds the store; CannotWrite when another has it."""
        self.connection, other = socket.socketpair()
        with other:
            arguments = [str(other.fileno()), json.dumps(asdict(self.limits)), str(self.folder), json.dumps(self.kept)]
            self.process = process("kgraph.server.update.process", arguments, [other.fileno()])
        try:
            self.place = Path(self._reply())
        except (EOFError, OSError) as error:
            raise CannotWrite(f"{self.folder} cannot be written: the process for it ended at once") from error

    def close(self) -> None:
        self.connection.close()
        self._end()

    def _end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def write(self, wanted: Write, read: Iterable[Path] = ()) -> None:
        """Carry out one write, and learn where it can be read; the places that are `read` now stay.

        Raises BadQuery when nothing was written, and Timeout, LimitExceeded or CannotWrite, which say whether it was.
        """
        self.kept = list(map(str, {*read, *self.shown}))
        self._forget()
        self._commit(wanted)
        try:
            self._see()
        except CannotWrite as error:
            raise CannotWrite(f"written, but not visible yet: {error}") from error

    def _commit(self, wanted: Write) -> None:
        before = self._log()
        try:
            self.connection.settimeout(self.limits.seconds)
            self.connection.sendall(frame(ASK, json.dumps([asdict(wanted), self.kept]).encode()))
            self._reply()
        except TimeoutError as error:
            if not self._stopped():
                raise Timeout(f"stopped after {self.limits.seconds:g} s; {self._left(before)}") from error
        except (EOFError, ConnectionError) as error:
            self._stopped()
            raise LimitExceeded(f"this needs more memory than it may have; {self._left(before)}") from error

    def _log(self) -> set[tuple[str, int, int]]:
        """The store's files into which a write goes first, with size and time: an old one may be written over."""
        found = set()
        for file in (self.folder / STORE).glob("*.log"):
            with contextlib.suppress(FileNotFoundError):
                found.add((file.name, (state := file.stat()).st_size, state.st_mtime_ns))
        return found

    def _left(self, before: set[tuple[str, int, int]]) -> str:
        """Begin anew after a process that was ended; what it has left of a write, in words."""
        is_untouched = self._log() <= before
        self._start()
        return UNTOUCHED if is_untouched else TOUCHED

    def _see(self) -> None:
        """Learn where the store can be read now, from a new process when this one has ended."""
        try:
            self.connection.settimeout(None)
            self.place = Path(self._reply())
        except (EOFError, OSError):
            self._stopped()
            self._start()

    def _stopped(self) -> bool:
        """End the process; whether its last word was that it had written."""
        self._end()
        with self.connection, contextlib.suppress(EOFError, OSError):
            self.connection.settimeout(None)
            return receive(self.connection)[0] == COMMITTED
        return False

    def _forget(self) -> None:
        """Clear away what a build says of its store, before that is no longer true."""
        try:
            for name in (INDEX, MANIFEST):
                (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise CannotWrite(f"{self.folder} cannot be written: {error}; nothing was changed") from error

    def _reply(self) -> str:
        kind, content = receive(self.connection)
        if kind == FAILED:
            name, _, sentence = content.decode().partition(" ")
            raise FAILURES[name](sentence)
        return content.decode()


async def write(writer: Writer, evaluator: Evaluator, wanted: Write) -> None:
    """Carry out one write, also when who asked for it goes; queries that begin after it see it."""
    await asyncio.shield(_written(writer, evaluator, wanted))


async def _written(writer: Writer, evaluator: Evaluator, wanted: Write) -> None:
    async with writer.lock:
        before = writer.place
        try:
            await asyncio.to_thread(writer.write, wanted, evaluator.places())
        finally:
            if writer.place != before:
                evaluator.move(writer.place)
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


def _outermost(text: str) -> list[Token]:
    """The tokens that stand in no brackets."""
    depth, found = 0, []
    for token in tokens(text):
        depth -= token[0] == "close"
        if not depth:
            found.append(token)
        depth += token[0] == "open"
    return found
