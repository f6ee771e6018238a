"""Rows that an edition has in common with an earlier one: their facts are kept there, and read with the new numbers."""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import filterfalse, repeat
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
    """The rows of a table in order, their numbers, and what of each is compared: all, or all but the first cell."""

    records: Sequence[Record]
    numbers: Sequence[int]
    compared: Sequence[Record]

    def without_first(self, delimiter: str) -> "Rows":
        """The rows compared without their first cells, if these are numbers all."""
        split = [record.partition(delimiter.encode()) for record in self.records]
        is_counted = all(cell.isdigit() for cell, _, _ in split)
        return replace(self, compared=[rest for _, _, rest in split]) if is_counted else self

    def some(self, places: Iterable[int]) -> dict[int, Record]:
        """The rows at some places, by their numbers."""
        return {self.numbers[at]: self.records[at] for at in places}


@dataclass(frozen=True)
class Difference:
    """The rows of an edition beside those of an earlier one; `now` and `before` are those of one, by their numbers."""

    unchanged: Unchanged
    every: Rows
    now: Mapping[int, Record]
    before: Mapping[int, Record]

    def same(self) -> Iterator[Record]:
        """The rows that both have."""
        numbered = zip(self.every.numbers, self.every.records, strict=True)
        return (record for number, record in numbered if number not in self.now)


def difference(edition: str, before: Rows, now: Rows) -> Difference:
    """The rows that are the same in two editions, each counted once, and those of either that are not."""
    together = [*_together(before.compared, now.compared)]
    new = [*_between(((place, count) for place, _, count in together), len(now.records))]
    old = [*_between(((place, count) for _, place, count in together), len(before.records))]
    where = {before.compared[place]: place for place in old}
    moved = {place: where.pop(now.compared[place]) for place in new if now.compared[place] in where}
    runs = sorted((*together, *((*each, 1) for each in moved.items())))
    leading = () if now.compared is now.records else tuple(_leading(runs, now))
    unchanged = Unchanged(edition, tuple(_joined(_numbered(runs, before, now))), leading)
    gone = {*old}.difference(moved.values())
    return Difference(unchanged, now, now.some(filterfalse(moved.__contains__, new)), before.some(sorted(gone)))


NEAR = 64
"""Rows among which one is looked for that does not follow as before."""


def _together(before: Sequence[Record], now: Sequence[Record]) -> Iterator[Run]:
    """Runs of rows that follow each other in both, by their places from 0; few rows are hashed so."""
    known: list[Record | None] = [*before, None]
    start = old = at = 0
    for place, row in enumerate(now):
        if known[at] == row and place - start == at - old:
            at += 1
            continue
        with suppress(ValueError):  # of a row that is not near
            found = known.index(row, at, at + NEAR)
            yield start, old, at - old
            start, old, at = place, found, found + 1
    yield start, old, at - old


def _between(runs: Iterable[tuple[int, int]], size: int) -> Iterator[int]:
    """The places, up to a size, outside of runs that begin at a place and have a number of rows."""
    end = 0
    for start, count in (*runs, (size, 0)):
        yield from range(end, start)
        end = start + count


def _leading(runs: Iterable[Run], now: Rows) -> Iterator[str]:
    """The first cells of the rows that both have."""
    for start, _, count in runs:
        for record in now.records[start : start + count]:
            yield LEADING.match(record)[0].decode()  # type: ignore[index]


LEADING = re.compile(rb"\d+")
"""The number of a row in a first column."""


def _numbered(runs: Iterable[Run], before: Rows, now: Rows) -> Iterator[Run]:
    """Runs by the numbers of rows, which may leave some out."""
    for start, old, count in runs:
        numbers, earlier = now.numbers[start : start + count], before.numbers[old : old + count]
        if count and numbers[-1] - numbers[0] == earlier[-1] - earlier[0] == count - 1:
            yield numbers[0], earlier[0], count
        else:
            yield from zip(numbers, earlier, repeat(1))


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Runs, those as one that follow each other in both."""
    start = old = count = 0
    for number, earlier, more in runs:
        if (number, earlier) == (start + count, old + count):
            count += more
            continue
        if count:
            yield start, old, count
        start, old, count = number, earlier, more
    if count:
        yield start, old, count


def records(content: bytes, delimiter: str, first: int, *, is_numbered: bool) -> Rows | None:
    """The rows of a table below its header, whose numbers stand in the last column or are counted from `first` on.

    Rows are not taken apart: of a hundred thousand, that alone would cost more than all the rest. None for a table with
    empty lines, which engines do not count.
    """
    lines = content.split(b"\n")
    while lines and lines[-1] in (b"", b"\r"):
        lines.pop()
    found = (list(_whole(lines)) if _is_broken(content) else lines)[1:]
    if b"\r" in content:
        found = [record.removesuffix(b"\r") for record in found]
    if b"" in found:
        return None
    if not is_numbered:
        return Rows(found, range(first, first + len(found)), found)
    parts = [record.rsplit(delimiter.encode(), 1) for record in found]
    own = [record for record, _ in parts]
    return Rows(own, [int(number) for _, number in parts], own)


QUOTE = b'"'
OTHERS = bytes({*range(256)} - {*b'\n"'})
"""All bytes but those that tell where rows end."""


def _is_broken(content: bytes) -> bool:
    """Whether a row stands on several lines: some line has an odd number of quotation marks."""
    return QUOTE in content.translate(None, OTHERS).replace(QUOTE + QUOTE, b"")


def _whole(lines: Iterable[bytes]) -> Iterator[Record]:
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
        header = next(_whole(lines)).rstrip(b"\r\n")
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
