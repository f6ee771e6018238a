"""CSV: tables of other people, with commas, semicolons or tabs, and those written for them; all have a header."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

from kgraph.base import paths
from kgraph.errors import BadData, NotFound

DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Sheet:
    """The header and rows of a CSV file, and the character between its cells."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str

    def column(self, name: str) -> list[str]:
        """The cells of a column; NotFound names the columns that there are."""
        if name not in self.header:
            alike = get_close_matches(name, self.header)
            others = f"did you mean {', '.join(alike)}?" if alike else f"it has {', '.join(self.header)}"
            raise NotFound(f"{self.name} has no column {name!r}; {others}")
        at = self.header.index(name)
        return [row[at] if at < len(row) else "" for row in self.rows]

    def beside(self, columns: Sequence[str], added: Iterable[tuple[int, Sequence[str]]]) -> bytes:
        """CSV with cells of further columns beside the row of each number; a name that is taken gets `_` at its end."""
        rows = ((self.rows[number], cells) for number, cells in added)
        whole = ([*row, *[""] * (len(self.header) - len(row)), *cells] for row, cells in rows)
        header = [*self.header, *(f"{name}_" if name in self.header else name for name in columns)]
        return written(header, whole, self.delimiter).encode()


def written(header: Iterable[str], rows: Iterable[Iterable[str]], delimiter: str = ",") -> str:
    """CSV (RFC 4180)."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(chain([header], rows))
    return text.getvalue()


def read(path: Path) -> Sheet:
    """A CSV file in UTF-8; NotFound when it is missing, BadData when it is empty or in another encoding."""
    found, delimiter = cells(path)
    rows = [tuple(row) for row in found if row]
    if not rows:
        raise BadData(f"{path} is empty; its first line must name the columns")
    return Sheet(str(path), rows[0], tuple(rows[1:]), delimiter)


def cells(path: Path, *, strict: bool = True) -> tuple[list[list[str]], str]:
    """The rows of a CSV file in UTF-8, empty ones too, and its delimiter: the one that its first line has most of.

    BadData for another encoding and, if `strict`, for quotation marks out of place.
    """
    text = paths.read_text(path).removeprefix("\ufeff")
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)), delimiter
    except csv.Error as error:
        raise BadData(f"{path} is not CSV: {error}") from error
