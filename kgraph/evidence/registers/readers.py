"""Files of registers as one table in CSV: a table as it is, one row for each extract, card or report of the others."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from kgraph.base.problems import fault
from kgraph.errors import BadData, LimitExceeded
from kgraph.evidence.registers import html_cards, projects, xml_reports
from kgraph.rdf.csvw import Description

LARGEST = 2 * 1024**3
"""The most bytes of a file that is read."""

MARKUP = ("<!doctype", "<html", "<?xml")
"""How a page begins that a server sends in place of a table."""


def table(files: Sequence[Path], description: Description, encoding: str) -> str:
    """The rows of some files as CSV with a header; BadData for a file that cannot be read."""
    return READERS[description.reader](files, description, encoding)


def _csv(files: Sequence[Path], description: Description, encoding: str) -> str:
    if len(files) != 1:
        raise BadData(fault("table-one", n=len(files)))
    return _text(files[0], encoding)


def _text(file: Path, encoding: str) -> str:
    """The text of a file that is no page; BadData for a page and what `_decoded` refuses."""
    text = _decoded(file, encoding)
    if text.lstrip()[:20].lower().startswith(MARKUP):
        raise BadData(fault("table-is-page", file=file.name))
    return text


def _decoded(file: Path, encoding: str) -> str:
    """The text of a file; BadData for an empty one or another encoding, LimitExceeded for one too large."""
    if file.stat().st_size > LARGEST:
        raise LimitExceeded(fault("table-too-large", file=file.name, bytes=LARGEST))
    try:
        text = file.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        raise BadData(fault("table-not-utf-8", file=file.name, byte=error.start)) from error
    if not text.strip():
        raise BadData(fault("table-empty", file=file.name))
    return text


def _projects(files: Sequence[Path], description: Description, encoding: str) -> str:
    table = csv.reader(io.StringIO(_csv(files, description, encoding), newline=""), delimiter=description.delimiter)
    return _written(projects.without_people(table, description), description.delimiter)


def _cards(files: Sequence[Path], description: Description, encoding: str) -> str:
    pages = ((file, html_cards.rows(_decoded(file, encoding), description)) for file in sorted(files))
    return _records(pages, description)


def _reports(files: Sequence[Path], description: Description, encoding: str) -> str:
    texts = ((file, _decoded(file, encoding)) for file in sorted(files))
    return _records(((file, xml_reports.rows(text, description, file.name)) for file, text in texts), description)


def _records(found: Iterable[tuple[Path, list[list[str]]]], description: Description) -> str:
    """The records of some files, one that two files have once; BadData for a file without any."""
    every: dict[tuple[str, ...], None] = {}
    for file, rows in found:
        if not rows:
            raise BadData(fault("records-none", file=file.name))
        every.update(dict.fromkeys(map(tuple, rows)))
    return _written([[column.titles[0] for column in description.read], *every])


def _written(rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return written.getvalue()


def _extracts(files: Sequence[Path], description: Description, encoding: str) -> str:
    """A row for each JSON file, sorted; the titles of the columns are JSON Pointers (RFC 6901).

    What no column names is left out, and so are the masked names of people.
    """
    titles = [column.titles[0] for column in description.read]
    rows = [[_at(content, title) for title in titles] for content in (_json(file, encoding) for file in sorted(files))]
    return _written([titles, *rows])


def _json(file: Path, encoding: str) -> object:
    try:
        return json.loads(_text(file, encoding))
    except ValueError as error:
        raise BadData(fault("table-cut", file=file.name, reason=str(error))) from error


def _at(content: object, pointer: str) -> str:
    """The value at a JSON Pointer as text, empty where there is none."""
    for part in pointer.split("/")[1:]:
        if isinstance(content, Mapping):
            content = content.get(part)
        elif isinstance(content, list) and part.isdecimal():
            content = content[int(part)] if int(part) < len(content) else None
        else:
            return ""
    if isinstance(content, bool):
        return str(content).lower()
    return str(content) if isinstance(content, str | int | float) else ""


READERS: Mapping[str, Callable[[Sequence[Path], Description, str], str]] = {
    "": _csv,
    "json": _extracts,
    "html": _cards,
    "xml": _reports,
    "projects": _projects,
}
"""The readers by the name that a description gives in `se:reader`."""
