"""A queue of work for curators, whatever it is about: items of the graph, and answers in a file of the data folder."""

import asyncio
import hashlib
import json
import shlex
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kgraph.base.problems import Problem, fault
from kgraph.base.words import LANGUAGES, texts
from kgraph.errors import KgraphError
from kgraph.graph.entity.as_json import Json
from kgraph.publish.pages.book import Book
from kgraph.rdf.store import write_file


@dataclass(frozen=True)
class Answer:
    """What a curator answers to an item: the verdict, by whom, on which day, and why, as pairs of language and text."""

    item: str
    verdict: str
    by: str
    day: str
    why: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answers:
    """The answers in a file, in its order, and what is wrong with them."""

    answers: tuple[Answer, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Queue:
    """Where the items of a queue come from, and how its answers are read, written and taken back.

    `items` gives those of a graph. `subjects` are the things that an item is about; BadQuery for what names no item.
    Two names with one `key` mean one item. `objection` is what speaks against an answer beside the others. The
    functions of files take the data folder.
    """

    file: str
    verdicts: tuple[str, ...]
    items: Callable[[Book], Json]
    subjects: Callable[[str], Sequence[ox.NamedNode]]
    key: Callable[[str], Hashable]
    read: Callable[[Path], Answers]
    objection: Callable[[Path, Answer], Problem | None]
    write: Callable[[Path, Answer], None]
    remove: Callable[[Path, str], None]


class Conflict(KgraphError):
    """A request of a curator does not go with the graph or the file as they are now; nothing was written."""


@dataclass(frozen=True)
class Written:
    """The file before and after an answer was written (None: no file), and the answer that was replaced."""

    before: bytes | None
    after: bytes | None
    replaced: Answer | None


@dataclass
class Editing:
    """The data folder that curators write, with the token that lets them.

    A token that `is_shown` is part of the address to start from. `curator` is who decides, if that is known. `built` is
    the folder that a build writes; None when the server builds the graph anew by itself. `written` has the last answer
    to each item since the start, by queue and item.
    """

    data: Path
    token: str
    is_shown: bool = False
    curator: str = ""
    built: Path | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    written: dict[tuple[str, Hashable], Written] = field(default_factory=dict)

    def start(self, address: str) -> str:
        """The page to start from; the token is in its fragment, which no browser sends to a server."""
        return f"{address}#/inbox{f'?token={self.token}' if self.is_shown else ''}"

    @property
    def command(self) -> str:
        """The command that builds the graph; empty when the server does so by itself."""
        if self.built is None:
            return ""
        return shlex.join(("kgraph", "build", "--data", str(self.data), "--out", str(self.built)))


def answer(editing: Editing, name: str, queue: Queue, given: Answer, seen: str | None) -> None:
    """Write an answer in place of those that the curator has seen; Conflict for others, or when one contradicts it."""
    found = _as_seen(editing, queue, given.item, seen)
    if objection := queue.objection(editing.data, given):
        raise Conflict(objection)
    before = _content(editing, queue)
    queue.write(editing.data, given)
    written = Written(before, _content(editing, queue), found[-1] if found else None)
    editing.written[name, queue.key(given.item)] = written


def undo(editing: Editing, name: str, queue: Queue, item: str, seen: str | None) -> None:
    """Take back the answer that the curator has seen.

    While the file is as the answer left it, it becomes what it was before, byte for byte. Otherwise only the answer to
    the item goes, or gives way to the one that it replaced.
    """
    if not _as_seen(editing, queue, item, seen):
        raise Conflict(fault("inbox-taken-back"))
    written = editing.written.pop((name, queue.key(item)), None)
    if written and written.after == _content(editing, queue):
        _restore(editing.data / queue.file, written.before)
    elif written and written.replaced:
        queue.write(editing.data, written.replaced)
    else:
        queue.remove(editing.data, item)


def _content(editing: Editing, queue: Queue) -> bytes | None:
    path = editing.data / queue.file
    return path.read_bytes() if path.is_file() else None


def _restore(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink()
    else:
        write_file(path, content)


def _as_seen(editing: Editing, queue: Queue, item: str, seen: str | None) -> list[Answer]:
    """The answers to an item; Conflict when they are not those that were seen."""
    found = _to(queue, queue.read(editing.data), item)
    if seen == _tag(found):
        return found
    if not found:
        raise Conflict(fault("inbox-taken-back"))
    last = found[-1]
    why, verdict = next((text for _, text in last.why), "–"), texts(f"inbox.verdicts.{last.verdict}")
    raise Conflict(fault("inbox-answered", by=last.by, day=last.day, why=why, verdict=tuple(sorted(verdict.items()))))


def _to(queue: Queue, found: Answers, item: str) -> list[Answer]:
    """The answers to an item; a file that people edit may have several."""
    return [one for one in found.answers if queue.key(one.item) == queue.key(item)]


def _tag(found: Sequence[Answer]) -> str | None:
    """A text that changes with every part of the answers to an item; None without any."""
    if not found:
        return None
    return hashlib.blake2b(json.dumps([asdict(one) for one in found]).encode(), digest_size=9).hexdigest()


def state(editing: Editing, queue: Queue) -> Mapping[str, object]:
    """What the page of a queue shows besides its items: who decides, the file, its answers and their problems."""
    found = queue.read(editing.data)
    by_item: defaultdict[Hashable, list[Answer]] = defaultdict(list)
    for one in found.answers:
        by_item[queue.key(one.item)].append(one)
    return {
        "curator": editing.curator,
        "file": str(editing.data / queue.file),
        "command": editing.command,
        "answers": [
            {**asdict(one), "why": dict(one.why), "tag": _tag(by_item[queue.key(one.item)])} for one in found.answers
        ],
        "problems": [{lang: one.worded(lang) for lang in LANGUAGES} for one in found.problems],
    }
