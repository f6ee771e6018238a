"""A table of other people, in CSV or in a sheet of a workbook, and the table with further columns."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kgraph.base import csvs, workbooks
from kgraph.base.problems import fault
from kgraph.errors import BadData, NotFound

MARK = "\ufeff"
"""The byte order mark by which Excel knows that CSV is UTF-8."""


Cell = str | int | float


@dataclass(frozen=True)
class Table:
    """The header and rows of a table; of CSV the character between cells, and whether it begins with MARK."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    delimiter: str = ","
    is_marked: bool = False

    def column(self, name: str) -> list[str]:
        """The cells of a column; NotFound names the columns that there are."""
        if name not in self.header:
            raise NotFound(fault("column-missing", column=name, header=", ".join(filter(None, self.header))))
        at = self.header.index(name)
        return [workbooks.text(row[at]) if at < len(row) else "" for row in self.rows]

    def beside(self, columns: Sequence[str], added: Iterable[tuple[int, Sequence[Cell]]]) -> Iterator[Sequence[Cell]]:
        """The header and the row of each number with cells beside; a name that is taken gets `_` at its end."""
        yield [*self.header, *(f"{name}_" if name in self.header else name for name in columns)]
        for number, cells in added:
            row = self.rows[number]
            yield [*row, *[""] * (len(self.header) - len(row)), *cells]


def read(path: Path, sheet: str = "") -> Table:
    """The table in CSV in UTF-8, or in a sheet of a workbook, by default the fullest; BadData where there is none."""
    if path.suffix.lower() in workbooks.ENDINGS:
        with workbooks.opened(path) as book:
            name, above = workbooks.fullest(path, book, sheet)
            rows = islice(book.get_sheet_by_name(name).iter_rows(), above, None)
            return _table(path, [list(map(_cell, row)) for row in rows])
    found, delimiter = csvs.cells(path)
    return _table(path, found, delimiter, is_marked=_is_marked(path))


def _is_marked(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(BOM_UTF8)) == BOM_UTF8


def _cell(cell: object) -> Cell:
    """A number as it is, anything else as text."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return workbooks.text(cell)
    return int(cell) if float(cell).is_integer() else cell


def _table(path: Path, found: Iterable[Sequence[Cell]], delimiter: str = ",", *, is_marked: bool = False) -> Table:
    rows = [tuple(row) for row in found if row]
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise BadData(fault("table-empty", file=path.name))
    return Table(str(path), tuple(map(workbooks.text, rows[0])), tuple(rows[1:]), delimiter, is_marked)
