"""Rows that an edition has in common with an earlier one: their facts are kept there, and read with the new numbers."""

import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from kgraph.base.vocab import PREFIXES, ROW

FACTS, UNCHANGED = "facts.nq.gz", "unchanged.json.gz"
"""The quads that were read of a register, without those of the rows that an earlier edition has."""

Cells = tuple[str, ...]
Record = bytes
"""A row as it stands in CSV, without its line end."""

Run = tuple[int, int, int]
"""Rows that follow each other in both editions: the first number now, the first number before, and how many."""


@dataclass(frozen=True)
class Unchanged:
    """The rows of an edition that stand word for word in an earlier one."""

    edition: str
    runs: tuple[Run, ...] = ()

    def rows(self) -> Iterator[tuple[int, int]]:
        """The number of each row now and before."""
        for now, before, count in self.runs:
            yield from ((now + at, before + at) for at in range(count))


@dataclass(frozen=True)
class Difference:
    """The rows of an edition beside those of an earlier one, by their numbers; `now` and `before` are those of one."""

    unchanged: Unchanged
    every: Mapping[int, Record]
    now: Mapping[int, Record]
    before: Mapping[int, Record]

    def same(self) -> Iterator[Record]:
        """The rows that both have."""
        return (self.every[number] for number, _ in self.unchanged.rows())


def difference(edition: str, before: Mapping[int, Record], now: Mapping[int, Record]) -> Difference:
    """The rows that are the same in two editions, each counted once, and those of either that are not."""
    known = dict(zip(before.values(), before, strict=True))
    found = dict(zip(now, map(known.pop, now.values(), repeat(0)), strict=True))  # 0: no row has this number
    changed = {number: now[number] for number, old in found.items() if not old}
    gone = {number: before[number] for number in sorted(before.keys() - {*found.values()})}
    return Difference(Unchanged(edition, tuple(_runs(found))), now, changed, gone)


def _runs(found: Mapping[int, int]) -> Iterator[Run]:
    """The runs of rows with their numbers now and before, which are 0 for rows that were not there."""
    first = before = count = 0
    for now, old in found.items():
        if old and count and old == before + count and now == first + count:
            count += 1
            continue
        if count:
            yield first, before, count
        first, before, count = now, old, int(old > 0)
    if count:
        yield first, before, count


def records(content: bytes, delimiter: str, first: int, *, is_numbered: bool) -> dict[int, Record] | None:
    """The rows of a table below its header by their numbers, which stand in the last column or are counted.

    Rows are not taken apart: of a hundred thousand, that alone would cost more than all the rest. None for a table with
    empty lines, which engines do not count.
    """
    lines = content.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    is_joined = any(count & 1 for count in set(map(bytes.count, lines, repeat(QUOTE))))
    found = (list(_joined(lines)) if is_joined else lines)[1:]
    if b"" in found:
        return None
    if not is_numbered:
        return dict(enumerate(found, first))
    parts = (record.rsplit(delimiter.encode(), 1) for record in found)
    return {int(number): record for record, number in parts}


QUOTE = b'"'


def _joined(lines: Iterable[bytes]) -> Iterator[Record]:
    """The rows of a table whose cells may have line ends between quotation marks (RFC 4180, section 2)."""
    begun: list[bytes] = []
    for line in lines:
        if line.count(QUOTE) % 2 == 0 and not begun:
            yield line
            continue
        begun.append(line)
        if line.count(QUOTE) % 2 and len(begun) > 1:
            yield b"\n".join(begun)
            begun = []
    if begun:
        yield b"\n".join(begun)


def cells(found: Iterable[Record], delimiter: str) -> Iterator[Cells]:
    """The cells of rows."""
    lines = (f"{record.decode()}\n" for record in found)
    return map(tuple, csv.reader(chain.from_iterable(map(_lines, lines)), delimiter=delimiter))


def _lines(record: str) -> list[str]:
    return record.splitlines(keepends=True)


def write_numbered(table: Path, delimiter: str, difference_: Difference) -> None:
    """Leave of a table the rows that an earlier edition does not have, with their numbers in a last column."""
    between = delimiter.encode()
    with table.open("rb") as lines:
        header = next(_joined(lines)).rstrip(b"\r\n")
    with table.open("wb") as out:
        out.write(header + between + b"\n")
        out.writelines(b"%b%b%d\n" % (record, between, number) for number, record in sorted(difference_.now.items()))


def keep(folder: Path, unchanged: Unchanged) -> None:
    """Write to the folder of an edition which rows an earlier one has."""
    content = json.dumps({"edition": unchanged.edition, "runs": unchanged.runs}).encode()
    (folder / UNCHANGED).write_bytes(gzip.compress(content, mtime=0))


def of(folder: Path) -> Unchanged | None:
    """The rows of an edition that stand in an earlier one; None when its facts are all its own."""
    if not (folder / UNCHANGED).is_file():
        return None
    found = json.loads(gzip.decompress((folder / UNCHANGED).read_bytes()))
    return Unchanged(found["edition"], tuple((now, before, count) for now, before, count in found["runs"]))


def files(folder: Path) -> list[Path]:
    """The files on which the facts of an edition rest."""
    found = of(folder)
    own = [path for path in (folder / FACTS, folder / UNCHANGED) if path.is_file()]
    return own + (files(folder.parent / found.edition) if found else [])


def lines(folder: Path) -> bytes:
    """What was read of the register in a folder, as N-Quads, in the order of rows; nothing where there is none."""
    facts = folder / FACTS
    own = gzip.decompress(facts.read_bytes()) if facts.is_file() else b""
    found = of(folder)
    if found is None:
        return own
    source, earlier = (f"{PREFIXES['source']}{edition}".encode() for edition in (folder.name, found.edition))
    head, _, rest = own.partition(b"\n")
    blocks = dict(_blocks(rest, source))
    before = dict(_blocks(lines(folder.parent / found.edition).partition(b"\n")[2], earlier))
    for now, old in found.rows():
        blocks[now] = _renamed(before[old], earlier, source, old, now)
    return b"".join([head, b"\n", *(blocks[number] for number in sorted(blocks))])


def _blocks(content: bytes, source: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines of each row: its facts, and after them those of its record, which has the number in its name."""
    row = re.escape(b"<" + source + ROW.encode())
    block = re.compile(rb"(?:(?!%b)[^\n]*\n)*+(?:%b(\d+)>[^\n]*\n)++" % (row, row))
    return ((int(found[1]), found[0]) for found in block.finditer(content))


def _renamed(block: bytes, earlier: bytes, source: bytes, old: int, now: int) -> bytes:
    """The lines of a row of an earlier edition as those of a row of this one."""
    row = ROW.encode()
    named = block.replace(b"<%b%b%d>" % (earlier, row, old), b"<%b%b%d>" % (source, row, now))
    return named.replace(b"<%b>" % earlier, b"<%b>" % source)


def dependents(folder: Path) -> list[Path]:
    """The editions that have rows in common with the one in a folder, and read them from there."""
    others = (path for path in folder.parent.iterdir() if path.is_dir())
    return sorted(path for path in others if (found := of(path)) and found.edition == folder.name)


def make_whole(folder: Path) -> None:
    """Have an edition keep all its facts itself."""
    content = lines(folder)
    whole = folder / f".{FACTS}"
    whole.write_bytes(gzip.compress(content, 1, mtime=0))
    whole.replace(folder / FACTS)
    (folder / UNCHANGED).unlink()
