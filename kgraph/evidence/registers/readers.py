"""Files of registers as one table in CSV: a table or a sheet as it is, a row for each extract, card or report."""

import codecs
import csv
import io
import json
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path

from kgraph.base import csvs, workbooks
from kgraph.base.problems import Problem, fault, reason
from kgraph.base.text import fold
from kgraph.errors import BadData, LimitExceeded, NotFound
from kgraph.evidence.registers import html_cards, projects, xml_reports
from kgraph.evidence.registers.kept import LARGEST
from kgraph.rdf.csvw import Description

MARKUP = ("<!doctype", "<html", "<?xml")
"""How a page begins that a server sends in place of a table."""

AT_ONCE, BEGINNING = 1024**2, 64
"""Bytes of a file that are decoded at once, and characters of its beginning that tell a page from a table."""

OLD = (".xls", ".xlsb", ".xlsm", ".xltm", ".xltx")
"""The endings of workbooks that are not read."""


@dataclass(frozen=True)
class Table:
    """The header of a table; of a sheet its name and the rows above the header.

    The rows of a sheet have their numbers in a last column without title, because empty ones are left out.
    """

    header: tuple[str, ...]
    sheet: str = ""
    above: int = 0

    @property
    def is_numbered(self) -> bool:
        return bool(self.sheet)


def written(files: Sequence[Path], description: Description, encoding: str, target: Path) -> Table:
    """Write the rows of some files as CSV in UTF-8 with a header; BadData for a file that cannot be read."""
    if description.reader in READERS:
        target.write_text(READERS[description.reader](files, description, encoding), encoding="utf-8", newline="")
        return Table(_header(target, description, files[0].name))
    if len(files) != 1:
        raise BadData(fault("table-one", n=len(files)))
    if is_workbook(files[0]):
        table = _sheet_written(files[0], description, target)
    else:
        _write_utf8(files[0], encoding, target)
        if description.skipped:
            _rewrite(target, description, lambda rows: islice(rows, description.skipped, None))
        table = Table(_header(target, description, files[0].name))
    if description.reader == "projects":
        _rewrite(target, description, partial(projects.without_people, description=replace(description, skipped=0)))
    return table


def _write_utf8(file: Path, encoding: str, target: Path) -> None:
    """Write the text of a file as UTF-8 without a byte order mark."""
    with file.open("rb") as content:
        is_marked = content.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8
    if encoding == "utf-8" and not is_marked:
        deque(_blocks(file, encoding), maxlen=0)  # the blocks are checked, and not encoded again
        shutil.copyfile(file, target)
        return
    with target.open("w", encoding="utf-8", newline="") as out:
        out.writelines(_blocks(file, encoding))


def _rewrite(
    table: Path, description: Description, changed: Callable[[Iterator[list[str]]], Iterable[list[str]]]
) -> None:
    """Change the rows of a table, header included."""
    fresh = table.with_name(f"{table.name}.fresh")
    with table.open(encoding="utf-8", newline="") as lines, fresh.open("w", encoding="utf-8", newline="") as out:
        rows = changed(csv.reader(lines, delimiter=description.delimiter))
        csv.writer(out, delimiter=description.delimiter, lineterminator="\n").writerows(rows)
    fresh.replace(table)


def is_workbook(file: Path) -> bool:
    """Whether a file is a workbook by its ending, also of a kind that is not read."""
    return file.suffix.lower() in (*workbooks.ENDINGS, *OLD)


def is_text(file: Path, description: Description) -> bool:
    """Whether a file is read as CSV, as it is."""
    return description.reader not in READERS and not is_workbook(file) and file.suffix.lower() != ".zip"


def _header(table: Path, description: Description, called: str) -> tuple[str, ...]:
    with table.open(encoding="utf-8", newline="") as lines:
        try:
            return tuple(next(csv.reader(lines, delimiter=description.delimiter), ()))
        except csv.Error as error:  # a quotation mark that is not closed makes a cell of the whole file
            raise BadData(fault("table-cut", file=called, reason=reason(error))) from error


def _blocks(file: Path, encoding: str, *, may_be_page: bool = False) -> Iterator[str]:
    """The text of a file, block by block; BadData for an empty one, a page or another encoding."""
    if file.stat().st_size > LARGEST:
        raise LimitExceeded(fault("table-too-large", file=file.name, bytes=LARGEST))
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()
    done, beginning = 0, ""
    with file.open("rb") as content:
        for block in chain(iter(partial(content.read, AT_ONCE), b""), [b""]):
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise BadData(fault("table-not-utf-8", file=file.name, byte=done + error.start)) from error
            done += len(block)
            if not beginning:
                beginning = text.lstrip()[:BEGINNING]
                _check_beginning(file, beginning, is_end=not block, may_be_page=may_be_page)
            yield text


def _check_beginning(file: Path, beginning: str, *, is_end: bool, may_be_page: bool) -> None:
    if is_end and not beginning:
        raise BadData(fault("table-empty", file=file.name))
    if beginning.lower().startswith(MARKUP) and not may_be_page:
        raise BadData(fault("table-is-page", file=file.name))


@dataclass(frozen=True)
class Sample:
    """The header and the first rows of a table that nobody has described, and how its file is read."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","
    encoding: str = "utf-8"
    sheet: str = ""


SAMPLED, ROWS = 4, 20_000
"""Blocks of a file, and rows of a sheet, from which a description is proposed."""


def sampled(file: Path, encoding: str, sheet: str) -> Sample:
    """The beginning of a table; without an encoding, UTF-8 or that of Windows is found. BadData for no table."""
    if not file.is_file():
        raise NotFound(fault("given-not-there", file=str(file)))
    if is_workbook(file):
        return _sheet_sampled(file, sheet)
    if file.suffix.lower() in NO_TABLES:
        raise BadData(fault("describe-table", file=file.name))
    found = encoding or ("utf-8" if _is_utf8(file) else "cp1250")
    text = "".join(islice(_blocks(file, found), SAMPLED))
    delimiter = max(csvs.DELIMITERS, key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise BadData(fault("table-cut", file=file.name, reason=reason(error))) from error
    whole = rows[:-1] if file.stat().st_size > SAMPLED * AT_ONCE else rows
    return _sample(file, whole, Sample(file.name, (), (), delimiter, found))


NO_TABLES = (".json", ".xml", ".html", ".htm", ".zip", ".pdf", ".doc", ".docx")


def _is_utf8(file: Path) -> bool:
    try:
        return bool(sum(map(len, islice(_blocks(file, "utf-8"), SAMPLED))))
    except BadData as error:
        return not (isinstance(error.args[0], Problem) and error.args[0].code == "table-not-utf-8")


def _sample(file: Path, rows: list[list[str]], sample: Sample) -> Sample:
    """A sample with its rows, without empty ones; BadData for a table without a row below its header."""
    filled = [tuple(row) for row in rows if any(row)]
    if len(filled) < 2:
        raise BadData(fault("describe-empty", file=file.name))
    return replace(sample, header=filled[0], rows=tuple(filled[1:]))


def _sheet_sampled(file: Path, wanted: str) -> Sample:
    """The rows of the sheet of a workbook with the most cells, from the first of its widest rows on."""
    with workbooks.opened(file) as book:
        name, above = workbooks.fullest(file, book, wanted)
        rows = list(islice(workbooks.texts(book.get_sheet_by_name(name)), above, above + ROWS))
    return _sample(file, rows, Sample(file.name, (), (), sheet=name))


def _sheet_written(file: Path, description: Description, target: Path) -> Table:
    """Write the rows of the sheet of a workbook that has the columns of a description, below its header."""
    with workbooks.opened(file) as book:
        names = workbooks.chosen(file, book.sheet_names, description.sheet)
        first = {name: workbooks.first_rows(book.get_sheet_by_name(name)) for name in names}
        name, above = _sheet_of(file, description, first)
        with target.open("w", encoding="utf-8", newline="") as out:
            rows = workbooks.texts(book.get_sheet_by_name(name))
            header = next(islice(rows, above, None))
            writer = csv.writer(out, delimiter=description.delimiter, lineterminator="\n")
            writer.writerow([*header, ""])
            numbered = enumerate(rows, above + 2)
            writer.writerows([*cells, str(number)] for number, cells in numbered if any(cells))
    return Table(tuple(header), name, above)


def _sheet_of(file: Path, description: Description, sheets: Mapping[str, list[list[str]]]) -> tuple[str, int]:
    """The sheet that has the columns of a description, and the rows above its header; BadData for none or several."""
    titles = {fold(title) for column in description.read for title in column.titles}
    places = [(name, at) for name, rows in sheets.items() for at in range(len(rows))]
    known = {(name, at): len(titles & {*map(fold, sheets[name][at])}) for name, at in places}
    best = sorted(places, key=lambda place: -known[place])  # stable: the first of equal rows comes first
    if not best:
        raise BadData(fault("workbook-empty", file=file.name))
    headers = dict(reversed(best))  # the best row of each sheet
    fitting = [(name, at) for name, at in headers.items() if _has(description, sheets[name][at])]
    if len(fitting) > 1:
        names = ", ".join(name for name in sheets if name in dict(fitting))
        raise BadData(fault("workbook-sheets", file=file.name, names=names))
    name, at = fitting[0] if fitting else best[0]
    description.placed(sheets[name][at])  # names a column that is missing
    return name, at


def _has(description: Description, header: Sequence[str]) -> bool:
    try:
        return bool(description.placed(header))
    except BadData:
        return False


def _text(file: Path, encoding: str) -> str:
    """The text of a file that is no page; BadData for a page and what `_decoded` refuses."""
    return "".join(_blocks(file, encoding))


def _decoded(file: Path, encoding: str) -> str:
    """The text of a file; BadData for an empty one or another encoding, LimitExceeded for one too large."""
    return "".join(_blocks(file, encoding, may_be_page=True))


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
        raise BadData(fault("table-cut", file=file.name, reason=reason(error))) from error


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
    "json": _extracts,
    "html": _cards,
    "xml": _reports,
}
"""The readers by the name that a description gives in `se:reader`."""
