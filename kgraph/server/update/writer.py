"""Updates: one process holds the store on disk, and a write that it acknowledged survives its crash.

Each write ends in a checkpoint, a folder of hard links that the workers read, so that no reader sees half a write.
"""

import asyncio
import contextlib
import json
import signal
import socket
from collections.abc import Iterable
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

from kgraph.build.pipeline import MANIFEST
from kgraph.errors import BadQuery, CannotWrite, LimitExceeded, Timeout
from kgraph.graph.faceting.columnar import FILE as FACETS
from kgraph.graph.names.search import INDEX
from kgraph.rdf import bounds
from kgraph.rdf.sparql_text import Token, tokens
from kgraph.rdf.store import STORE
from kgraph.server import guards
from kgraph.server.http.protocol import SparqlOperation
from kgraph.server.pool.evaluator import Evaluator
from kgraph.server.pool.frames import COMMITTED, FAILED, QUERY, failure, frame, kill, receive, start_process
from kgraph.server.pool.limits import Limits
from kgraph.server.update.process import Write


class Writer:
    """Writes to the store of a build folder, one at a time; `checkpoint` is the folder of the newest state.

    `shown` are the checkpoints of the pages: the one before, which may still be read, and the current one.
    """

    def __init__(self, folder: Path, limits: Limits, token: str) -> None:
        self.folder = folder
        self.limits = limits
        self.token = token
        self.lock = asyncio.Lock()
        self.changed = asyncio.Event()
        self.kept: list[str] = []
        self._start()
        self.shown = (self.checkpoint, self.checkpoint)

    def _start(self) -> None:
        """Start a process that holds the store; CannotWrite when another has it."""
        self.connection, other = socket.socketpair()
        with other:
            arguments = (str(self.folder), json.dumps(self.kept))
            self.process = start_process("kgraph.server.update.process", other, self.limits, *arguments)
        try:
            self.checkpoint = Path(self._reply())
        except (EOFError, OSError) as error:
            raise CannotWrite(f"{self.folder} cannot be written: the process for it ended at once") from error

    def close(self) -> None:
        self.connection.close()
        kill(self.process)

    def write(self, write: Write, in_use: Iterable[Path] = ()) -> None:
        """Carry out one write and keep the folders `in_use`; errors other than BadQuery say whether it was written."""
        self.kept = list(map(str, {*in_use, *self.shown}))
        try:
            for described in (INDEX, FACETS, MANIFEST):  # they describe the store before the write
                (self.folder / described).unlink(missing_ok=True)
        except OSError as error:
            raise CannotWrite(f"{self.folder} cannot be written: {error}; nothing was changed") from error
        self._commit(write)
        try:
            self._learn_checkpoint()
        except CannotWrite as error:
            raise CannotWrite(f"written, but not visible yet: {error}") from error

    def _commit(self, write: Write) -> None:
        before = self._journal()
        try:
            self.connection.settimeout(self.limits.seconds)
            self.connection.sendall(frame(QUERY, json.dumps([asdict(write), self.kept]).encode()))
            self._reply()
        except TimeoutError as error:
            if not self._kill_and_ask():
                reason = f"stopped after {self.limits.seconds:g} s"
                raise Timeout(f"{reason}; {self._restart(before, 'write less at once')}") from error
        except (EOFError, ConnectionError) as error:
            self._kill_and_ask()
            if self.process.returncode == -signal.SIGABRT:  # the engine has no memory
                reason = "this needs more memory than it may have"
                raise LimitExceeded(f"{reason}; {self._restart(before, 'write less at once')}") from error
            reason = "the process that writes came to an unexpected end"
            raise CannotWrite(f"{reason}; {self._restart(before, 'send it again')}") from error

    def _journal(self) -> set[tuple[str, int, int]]:
        """The write-ahead logs of the store, with size and time: RocksDB may recycle an old log."""
        found = set()
        for file in (self.folder / STORE).glob("*.log"):
            with contextlib.suppress(FileNotFoundError):
                found.add((file.name, (state := file.stat()).st_size, state.st_mtime_ns))
        return found

    def _restart(self, before: set[tuple[str, int, int]], advice: str) -> str:
        """Start a new process; the sentence that says whether the old one changed the logs, with advice if not."""
        is_unchanged = self._journal() <= before
        self._start()
        written = "it was just being written; look whether it is there before you send it again"
        return f"nothing was written; {advice}" if is_unchanged else written

    def _learn_checkpoint(self) -> None:
        """Receive the new checkpoint, from a new process when this one has ended."""
        try:
            self.connection.settimeout(None)
            self.checkpoint = Path(self._reply())
        except (EOFError, OSError):
            self._kill_and_ask()
            self._start()

    def _kill_and_ask(self) -> bool:
        """Kill the process; whether its last frame was COMMITTED."""
        kill(self.process)
        with self.connection, contextlib.suppress(EOFError, OSError):
            self.connection.settimeout(None)
            return receive(self.connection)[0] == COMMITTED
        return False

    def _reply(self) -> str:
        kind, content = receive(self.connection)
        if kind == FAILED:
            raise failure(content)
        return content.decode()


async def write(writer: Writer, evaluator: Evaluator, wanted: Write) -> None:
    """Carry out one write, even if the client disconnects; queries that begin after it see it."""
    await asyncio.shield(_written(writer, evaluator, wanted))


async def _written(writer: Writer, evaluator: Evaluator, wanted: Write) -> None:
    async with writer.lock:
        before = writer.checkpoint
        try:
            await asyncio.to_thread(writer.write, wanted, evaluator.folders_in_use())
        finally:
            if writer.checkpoint != before:
                evaluator.switch(writer.checkpoint)
                writer.changed.set()


def update(operation: SparqlOperation, limits: Limits, base: str) -> Write:
    """The write of an update operation; raises BadQuery, Forbidden or LimitExceeded."""
    text = guards.update(operation.text or "", limits)
    return Write(clearing(using(text, operation.default, operation.named)), base=base)


def clearing(text: str) -> str:
    """CLEAR GRAPH made SILENT: a missing graph counts as empty (https://www.w3.org/TR/sparql11-update/#clear)."""
    for before, token in reversed(list(pairwise(_words(text)))):
        if (before.word, token.word) == ("CLEAR", "GRAPH"):
            text = f"{text[: token.start]}SILENT {text[token.start :]}"
    return text


def using(text: str, default: tuple[str, ...], named: tuple[str, ...]) -> str:
    """An update with USING the graphs of the request (https://www.w3.org/TR/sparql11-protocol/#update-dataset)."""
    if not default and not named:
        return text
    words = _words(text)
    if any(token.word in ("USING", "WITH") for token in words):
        raise BadQuery("give the graphs either in the update, with USING or WITH, or in the request, not in both")
    clause = "".join([*(f"USING <{name}> " for name in default), *(f"USING NAMED <{name}> " for name in named)])
    for before, token in reversed(list(pairwise(words))):
        if token.word == "WHERE":
            if before.word == "DELETE":
                raise BadQuery("DELETE WHERE takes no graphs from the request; write DELETE { … } WHERE { … }")
            text = text[: token.start] + clause + text[token.start :]
    return text


def _words(text: str) -> list[Token]:
    """The keywords outside all brackets."""
    return [token for token, depth in bounds.depths(tokens(text)) if token.word and not depth]
