"""Rows that an edition has in common with an earlier one: their facts are kept there, and read with the new numbers."""

import csv
import gzip
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, ValuesView
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from kgraph.base.vocab import PREFIXES, ROW, term
from kgraph.rdf.store import write_file

FACTS, UNCHANGED = "facts.nq.gz", "unchanged.json.gz"
"""The quads that were read of a register, without those of the rows that an earlier edition has."""

Cells = tuple[str, ...]
Record = bytes
"""A row as it stands in CSV, without its line end."""

Run = tuple[int, int, int]
"""Rows that follow each other in both editions: the first number now, the first number before, and how many."""


@dataclass(frozen=True)
class Unchanged:
    """The rows of an edition that stand word for word in an earlier one.

    Where a first column without facts numbers the rows, it does not count; `leading` are its cells now.
    """

    edition: str
    runs: tuple[Run, ...] = ()
    leading: tuple[str, ...] = ()

    def rows(self) -> Iterator[tuple[int, int]]:
        """The number of each row now and before."""
        for now, before, count in self.runs:
            yield from ((now + at, before + at) for at in range(count))


@dataclass(frozen=True)
class Rows:
    """The rows of a table by their numbers, and what of each is compared: all, or all but the first cell."""

    records: Mapping[int, Record]
    compared: Collection[Record]

    def without_first(self, delimiter: str) -> "Rows":
        """The rows compared without their first cells, if these are numbers all."""
        split = [record.partition(delimiter.encode()) for record in self.records.values()]
        is_counted = all(cell.isdigit() for cell, _, _ in split)
        return Rows(self.records, [rest for _, _, rest in split]) if is_counted else self


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


def difference(edition: str, before: Rows, now: Rows) -> Difference:
    """The rows that are the same in two editions, each counted once, and those of either that are not."""
    known = dict(zip(before.compared, before.records, strict=True))
    found = dict(zip(now.records, map(known.pop, now.compared, repeat(0)), strict=True))  # 0: no row has this number
    changed = {number: now.records[number] for number, old in found.items() if not old}
    gone = {number: before.records[number] for number in sorted(before.records.keys() - {*found.values()})}
    is_whole = isinstance(now.compared, ValuesView)
    unchanged = Unchanged(edition, tuple(_runs(found)), () if is_whole else _leading(found, now))
    return Difference(unchanged, now.records, changed, gone)


def _leading(found: Mapping[int, int], now: Rows) -> tuple[str, ...]:
    """The first cells of the rows that both have."""
    same = (now.records[number] for number, old in found.items() if old)
    return tuple(LEADING.match(record)[0].decode() for record in same)  # type: ignore[index]


LEADING = re.compile(rb"\d+")
"""The number of a row in a first column."""


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


def records(content: bytes, delimiter: str, first: int, *, is_numbered: bool) -> Rows | None:
    """The rows of a table below its header by their numbers, which stand in the last column or are counted.

    Rows are not taken apart: of a hundred thousand, that alone would cost more than all the rest. None for a table with
    empty lines, which engines do not count.
    """
    lines = content.rstrip(b"\r\n").split(b"\n")
    is_joined = any(count & 1 for count in set(map(bytes.count, lines, repeat(QUOTE))))
    found = (list(_joined(lines)) if is_joined else lines)[1:]
    if b"\r" in content:
        found = [record.removesuffix(b"\r") for record in found]
    if b"" in found:
        return None
    between = delimiter.encode()
    parts = [record.rsplit(between, 1) for record in found] if is_numbered else []
    numbers = [int(number) for _, number in parts] if parts else range(first, first + len(found))
    known = dict(zip(numbers, [record for record, _ in parts] if parts else found, strict=True))
    return Rows(known, known.values())


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
    content = b"".join(record + b"\n" for record in found).decode()
    return map(tuple, csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))


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
    content = json.dumps(vars(unchanged)).encode()
    (folder / UNCHANGED).write_bytes(gzip.compress(content, mtime=0))


def of(folder: Path) -> Unchanged | None:
    """The rows of an edition that stand in an earlier one; None when its facts are all its own."""
    if not (folder / UNCHANGED).is_file():
        return None
    found = json.loads(gzip.decompress((folder / UNCHANGED).read_bytes()))
    runs = tuple((now, before, count) for now, before, count in found["runs"])
    return Unchanged(found["edition"], runs, tuple(found["leading"]))


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
    for (now, old), leading in zip(found.rows(), found.leading or repeat(""), strict=False):
        block = _renamed(before[old], earlier, source, old, now)
        blocks[now] = FIRST.sub(rb"\g<1>%b\g<2>" % leading.encode(), block, count=1) if leading else block
    return b"".join([head, b"\n", *(blocks[number] for number in sorted(blocks))])


FIRST = re.compile(rb'(%b> "\[\\")\d+(\\")' % re.escape(term("se:cells").value.encode()))
"""The first cell of a row that is a number, in the line that has its cells."""


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
    write_file(folder / FACTS, gzip.compress(lines(folder), 1, mtime=0))
    (folder / UNCHANGED).unlink()
