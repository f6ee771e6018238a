"""Workbooks of other people, XLSX and ODS: their sheets, the texts of their cells, and what must not be opened."""

import datetime
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kgraph.base.problems import fault, reason
from kgraph.errors import BadData, LimitExceeded

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

ENDINGS = (".xlsx", ".ods")

UNPACKED = 256 * 1024**2
"""The most bytes of a workbook, unpacked."""

ABOVE = 50
"""The rows of a sheet among which its header is looked for."""

AT_ONCE = 1024**2
"""Bytes of a part that are read at once."""

CELLS = 64 * 1024**2
"""The most cells of a sheet, empty ones too: the reader keeps a sheet as a rectangle."""

PLACED = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
"""A cell of XLSX with its place (ECMA-376, part 1, section 18.3.1.4)."""

FORMULA = re.compile(
    rb'<c (?![^>]*\bt="str")[^>]*?\br="([A-Z]+\d+)"[^>]*><f(?:\s[^>]*)?(?:/>|>[^<]*</f>)(?:</c>|<v ?/>|<v></v>)'
)
"""A cell of XLSX with a formula and no value; of type `str`, its value may be an empty text."""

ROW, CELL = b"<table:table-row", b"<c "
REPEATED = re.compile(rb'table:number-(?:columns|rows)-repeated="(\d+)"')
VALUE = b"office:value-type"
MOST_REPEATED = 10_000
"""Rows and cells of ODS with a value, and the most repetitions of one (OpenDocument 1.3, part 3, section 19.675)."""


def letter(number: int) -> str:
    """The letters of a column, counted from 0.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    return ("" if number < 26 else letter(number // 26 - 1)) + chr(ord("A") + number % 26)


def number_of(letters: str) -> int:
    """The number of a column, counted from 0.

    >>> number_of("A"), number_of("AB")
    (0, 27)
    """
    number = 0
    for each in letters:
        number = number * 26 + ord(each) - ord("A") + 1
    return number - 1


def text(cell: object) -> str:
    """The text of a cell: numbers without a needless point, days as ISO 8601 writes them."""
    match cell:
        case bool():
            return str(cell).lower()
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case datetime.date() | datetime.datetime():
            return cell.isoformat()
        case _:
            return str(cell).strip(" ")


def bounded(parts: zipfile.ZipFile, file: str, most: int) -> None:
    """Raise LimitExceeded for a ZIP whose parts are larger than `most` bytes in all, once they are unpacked.

    A part gives at most the bytes that its head declares: `zipfile` reads no more.
    """
    if sum(part.file_size for part in parts.infolist()) > most:
        raise LimitExceeded(fault("zip-too-large", file=file, bytes=most))


def opened(file: Path, most: int = UNPACKED) -> "CalamineWorkbook":
    """The workbook in a file; BadData for one with macros, LimitExceeded for one that would fill the memory.

    A formula counts with its value; BadData for one without.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    if file.suffix.lower() not in ENDINGS:
        raise BadData(fault("workbook-kind", file=file.name))
    try:
        with zipfile.ZipFile(file) as parts:
            bounded(parts, file.name, most)
            if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in parts.namelist()):
                raise BadData(fault("workbook-macros", file=file.name))
            for part in parts.namelist():
                with parts.open(part) as content:
                    _checked(file.name, part, content)
        return CalamineWorkbook.from_path(file)
    except (CalamineError, zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError) as error:
        raise BadData(fault("workbook-odd", file=file.name, reason=reason(error))) from error


def chosen(file: Path, names: Sequence[str], wanted: str) -> Sequence[str]:
    """The sheets among which to look: the one that is wanted, or all."""
    if wanted and wanted not in names:
        raise BadData(fault("workbook-sheet", file=file.name, sheet=wanted, names=", ".join(names)))
    return [wanted] if wanted else names


def fullest(file: Path, book: "CalamineWorkbook", wanted: str = "") -> tuple[str, int]:
    """The sheet with the most cells in its first rows, and how many rows are above its widest, which is its header."""
    names = chosen(file, book.sheet_names, wanted)
    first = {name: [sum(map(bool, row)) for row in first_rows(book.get_sheet_by_name(name))] for name in names}
    name = max(names, key=lambda name: sum(first[name]))
    if not any(first[name]):
        raise BadData(fault("workbook-empty", file=file.name))
    return name, first[name].index(max(first[name]))


def first_rows(sheet: "CalamineSheet") -> list[list[str]]:
    return list(islice(texts(sheet), ABOVE))


def texts(sheet: "CalamineSheet") -> Iterator[list[str]]:
    return (list(map(text, row)) for row in sheet.iter_rows())


def _checked(file: str, part: str, content: IO[bytes]) -> None:
    """Read a part to its end, so that its length and checksum are the declared ones, and check the cells of a sheet."""
    if part.startswith("xl/worksheets/"):
        _check_xlsx(file, _blocks(content, CELL))
    elif part == "content.xml":
        _check_ods(file, _blocks(content, ROW))
    else:
        for _ in iter(partial(content.read, AT_ONCE), b""):
            pass


def _check_xlsx(file: str, blocks: Iterable[bytes]) -> None:
    rows = columns = 0
    for block in blocks:
        for found in PLACED.finditer(block):
            rows, columns = max(rows, int(found[2])), max(columns, number_of(found[1].decode()) + 1)
        empty = FORMULA.search(block)
        if empty:
            raise BadData(fault("workbook-formula", file=file, cell=empty[1].decode()))
        if rows * columns > CELLS:
            raise LimitExceeded(fault("workbook-too-wide", file=file, cells=CELLS))


def _check_ods(file: str, blocks: Iterable[bytes]) -> None:
    for block in blocks:
        for row in block.split(ROW):
            head, *cells = row.split(b"<table:table-cell")
            with_value = [head if VALUE in row else b"", *(cell for cell in cells if VALUE in cell.partition(b">")[0])]
            if any(int(found[1]) > MOST_REPEATED for part in with_value for found in REPEATED.finditer(part)):
                raise LimitExceeded(fault("workbook-too-wide", file=file, cells=CELLS))


def _blocks(content: IO[bytes], begin: bytes) -> Iterator[bytes]:
    """The bytes of a part, in blocks that are cut before a tag, where one is near."""
    rest = b""
    while block := content.read(AT_ONCE):
        block = rest + block
        end = block.rfind(begin)
        end = end if end > 0 and len(block) < 8 * AT_ONCE else len(block)
        yield block[:end]
        rest = block[end:]
    yield rest
