"""CSV: tables of other people, with commas, semicolons or tabs, and those written for them; all have a header."""

import csv
import io
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from kgraph.base import paths
from kgraph.errors import BadData

DELIMITERS = ",;\t|"


def written(header: Iterable[str], rows: Iterable[Iterable[str]], delimiter: str = ",") -> str:
    """CSV (RFC 4180)."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(chain([header], rows))
    return text.getvalue()


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
