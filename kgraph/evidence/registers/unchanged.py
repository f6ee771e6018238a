"""Rows that an edition has in common with an earlier one: their facts are kept there, and read with the new numbers."""

import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kgraph.base.vocab import PREFIXES, ROW

FACTS, UNCHANGED = "facts.nq.gz", "unchanged.json.gz"
"""The quads that were read of a register, without those of the rows that an earlier edition has."""

Cells = tuple[str, ...]
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
    """The rows of an edition beside those of an earlier one, by their numbers.

    `same` are those that both have, by the numbers of now; `now` and `before` have the others.
    """

    unchanged: Unchanged
    same: Mapping[int, Cells]
    now: Mapping[int, Cells]
    before: Mapping[int, Cells]


def difference(edition: str, before: Mapping[int, Cells], now: Mapping[int, Cells]) -> Difference:
    """The rows that are the same in two editions, each counted once, and those of either that are not."""
    known = {cells: number for number, cells in before.items()}
    pairs = [(number, old) for number, cells in now.items() if (old := known.pop(cells, None)) is not None]
    same, used = {number for number, _ in pairs}, {old for _, old in pairs}
    return Difference(
        Unchanged(edition, tuple(_runs(pairs))),
        {number: now[number] for number, _ in pairs},
        {number: cells for number, cells in now.items() if number not in same},
        {number: cells for number, cells in before.items() if number not in used},
    )


def _runs(pairs: Iterable[tuple[int, int]]) -> Iterator[Run]:
    first = count = offset = 0
    for now, before in pairs:
        if count and now == first + count and now - before == offset:
            count += 1
            continue
        if count:
            yield first, first - offset, count
        first, count, offset = now, 1, now - before
    if count:
        yield first, first - offset, count


def numbered(table: Path, delimiter: str, first: int, *, is_numbered: bool) -> dict[int, Cells]:
    """The rows of a table below its header by their numbers, which stand in the last column or count from the first."""
    with table.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter=delimiter)
        next(rows, None)
        if is_numbered:
            return {int(row[-1]): tuple(row[:-1]) for row in rows}
        return {number: tuple(row) for number, row in enumerate(rows, first)}


def write_numbered(table: Path, delimiter: str, header: Sequence[str], rows: Mapping[int, Cells]) -> None:
    """Write rows as CSV with their numbers in a last column."""
    with table.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow([*header, ""])
        writer.writerows((*cells, number) for number, cells in rows.items())


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
