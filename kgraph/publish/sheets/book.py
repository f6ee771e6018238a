"""Workbooks and CSV files: sheets with drop-down lists written, lines read with what cannot be read in them."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from kgraph.base import csvs, paths, workbooks
from kgraph.base.problems import Problem, fault, problem
from kgraph.base.vocab import CLAIM_LINKS, TYPE, curie
from kgraph.errors import BadData
from kgraph.publish.formats import spreadsheet
from kgraph.publish.formats.spreadsheet import FORMULA, LONGEST, SAFE, Cell
from kgraph.publish.sheets.columns import LISTS, SHEETS, Line, column_of, explained, heading, sheet_of, title
from kgraph.publish.sheets.names import Names
from kgraph.publish.sheets.out import Table

if TYPE_CHECKING:
    from python_calamine import CalamineSheet
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

TYPES = ("pl", "en", "text", "xsd:date", "xsd:gYearMonth", "xsd:gYear", "xsd:gMonthDay", "xsd:integer", "xsd:decimal")
"""The types that the drop-down list of values offers."""

LISTED = 20_000
"""The most names in a drop-down list."""

ROWS = 1_000_000
"""The row to which drop-down lists reach."""

WIDE = {
    "subject": 36,
    "property": 28,
    "value": 36,
    "quote": 48,
    "abridged": 48,
    "polish": 44,
    "english": 44,
    "thing": 36,
}
"""The width of columns in characters; others have 18."""

CHOSEN = {
    "subject": "things",
    "value": "things",
    "about": "things",
    "property": "properties",
    "aspect": "properties",
    "type": "types",
    "status": "statuses",
    "link": "links",
}
"""The drop-down list of a column."""


def write(table: Table, names: Names, path: Path) -> bytes:
    """The file of a table, by the ending of its name; BadData for a text that no cell can hold."""
    for sheet, rows in table.items():
        for number, row in enumerate(rows, 2):
            if any(isinstance(cell, str) and len(cell) >= LONGEST for cell in row.values()):
                raise BadData(fault("sheet-too-long", place=f"{title(sheet, names.lang)}!{number}", most=LONGEST))
    return _csv(table, names) if path.suffix.lower() == ".csv" else _xlsx(table, names)


def _csv(table: Table, names: Names) -> bytes:
    """All rows as one table, the sheet of each in the first column."""
    columns = list(dict.fromkeys(column for known in SHEETS.values() for column in known))
    rows: list[spreadsheet.Row] = [[heading(column, names.lang) for column in ("sheet", *columns)]]
    for sheet, found in table.items():
        rows += [[title(sheet, names.lang), *(row.get(column) for column in columns)] for row in found]
    return spreadsheet.csv(rows, for_excel=names.lang == "pl")


def _xlsx(table: Table, names: Names) -> bytes:
    import xlsxwriter  # slow to import

    out = BytesIO()
    lists = _lists(names)
    with xlsxwriter.Workbook(out, SAFE) as book:
        bold = book.add_format({"bold": True, "text_wrap": True})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for sheet, rows in table.items():
            page = book.add_worksheet(title(sheet, names.lang))
            _head(page, sheet, names.lang, bold, text)
            _rows(page, SHEETS[sheet], rows)
            for column in SHEETS[sheet]:
                _choose(page, SHEETS[sheet].index(column), column, lists, names.lang)
        _list_sheet(book, lists, names.lang)
    return out.getvalue()


def _head(page: "Worksheet", sheet: str, lang: str, bold: Any, text: Any) -> None:
    """The headings with their explanations."""
    for number, column in enumerate(SHEETS[sheet]):
        page.set_column(number, number, WIDE.get(column, 18), text)
        page.write_string(0, number, heading(column, lang), bold)
        page.write_comment(0, number, explained(column), {"x_scale": 3, "y_scale": 2})
    page.freeze_panes(1, 1)


def _rows(page: "Worksheet", columns: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> None:
    for number, row in enumerate(rows, 1):
        for column, cell in row.items():
            if isinstance(cell, int):
                page.write_number(number, columns.index(column), cell)
            elif cell:
                page.write_string(number, columns.index(column), cell)


def _lists(names: Names) -> Mapping[str, list[str]]:
    """The values of each drop-down list."""
    nodes = {
        "properties": sorted((node for node in names.properties if node == TYPE or curie(node.value)), key=names.cell),
        "things": names.others()[:LISTED],
        "statuses": names.statuses(),
        "links": [*CLAIM_LINKS],
    }
    return {name: list(map(names.cell, found)) for name, found in nodes.items()} | {"types": [*TYPES]}


def _choose(page: "Worksheet", number: int, column: str, lists: Mapping[str, list[str]], lang: str) -> None:
    """Offer a drop-down list in a column; other values may be typed."""
    if column in CHOSEN:
        at = list(lists).index(CHOSEN[column])
        letter, last = chr(ord("A") + at), len(lists[CHOSEN[column]]) + 1
        source = f"='{title(LISTS, lang)}'!${letter}$2:${letter}${last}"
        page.data_validation(1, number, ROWS - 1, number, {"validate": "list", "source": source, "show_error": False})


def _list_sheet(book: "Workbook", lists: Mapping[str, list[str]], lang: str) -> None:
    page = book.add_worksheet(title(LISTS, lang))
    for number, (name, values) in enumerate(lists.items()):
        page.write_string(0, number, heading(name, lang))
        page.set_column(number, number, 40)
        for row, value in enumerate(values, 1):
            page.write_string(row, number, value)


# Reading

Rows = Sequence[Sequence[object]]


def read(path: Path) -> tuple[list[Line], list[Problem]]:
    """The lines of a workbook or CSV file, and what in it cannot be read; BadData for a file that is neither."""
    if path.suffix.lower() == ".csv":
        return _csv_lines(path)
    content = paths.read_bytes(path)
    lines: list[Line] = []
    problems = _unread(path, content)
    for sheet, rows in _sheets(path, content):
        known = sheet_of(sheet)
        if known is None:
            titles = ", ".join(title(name, "pl") for name in SHEETS), ", ".join(title(name, "en") for name in SHEETS)
            named = tuple(zip(("pl", "en"), titles, strict=True))
            problems.append(problem(path.name, sheet, "sheet-unknown-sheet", sheets=named))
        elif known != LISTS:
            problems += _lines(path.name, sheet, rows, known, lines)
    return lines, sorted(problems)


def _sheets(path: Path, content: bytes) -> Iterator[tuple[str, Rows]]:
    """The sheets of a workbook, with all rows and columns from the first on."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        yield from ((name, _whole(book.get_sheet_by_name(name))) for name in book.sheet_names)
    except (CalamineError, ValueError, OSError) as error:
        raise BadData(fault("sheet-no-workbook", file=str(path), reason=str(error))) from error


def _whole(sheet: "CalamineSheet") -> Rows:
    return sheet.to_python(skip_empty_area=False)


def _csv_lines(path: Path) -> tuple[list[Line], list[Problem]]:
    """The lines of a CSV file; an apostrophe before a formula is taken away."""
    found, _ = csvs.cells(path, strict=False)
    rows = [list(map(_active, row)) for row in found]
    lines: list[Line] = []
    return lines, sorted(_lines(path.name, "CSV", rows, None, lines))


def _active(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _lines(file: str, sheet: str, rows: Rows, kind: str | None, lines: list[Line]) -> Iterator[Problem]:
    """Add the lines of a sheet of a kind; without one, each row names its own in the column `sheet`."""
    headings = [workbooks.text(cell) for cell in rows[0]] if rows else []
    columns = {number: found for number, given in enumerate(headings) if (found := column_of(given, kind))}
    for number, given in enumerate(headings):
        if given and number not in columns:
            yield problem(file, f"{sheet}!{workbooks.letter(number)}1", "sheet-unknown-column", heading=given)
    letters = {column: workbooks.letter(number) for number, column in columns.items()}
    for row, cells in enumerate(rows[1:], 2):
        texts = {number: text for number, cell in enumerate(cells) if (text := workbooks.text(cell))}
        beyond = min(texts.keys() - columns.keys(), default=None)
        if beyond is not None and not headings[beyond]:
            yield problem(file, f"{sheet}!{workbooks.letter(beyond)}{row}", "sheet-no-heading")
        known = {columns[number]: text for number, text in texts.items() if number in columns}
        own = kind or sheet_of(known.pop("sheet", ""))
        if own and own in SHEETS and known:
            lines.append(Line(file, own, sheet, row, known, letters))
        elif known:
            yield problem(file, f"{sheet}!{letters.get('sheet', 'A')}{row}", "sheet-no-sheet")


SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _unread(path: Path, content: bytes) -> list[Problem]:
    """A problem for formulas, macros, merged cells and hidden rows, columns or sheets (ECMA-376, part 1, 18.3)."""
    found = []
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > paths.LARGEST:
                raise BadData(fault("file-too-large", file=str(path), most=paths.LARGEST // 1024**2))
            if any(name.endswith("vbaProject.bin") for name in parts.namelist()):
                found.append(problem(path.name, "", "sheet-macros"))
            for title_, part, is_hidden in _parts(parts):
                if sheet_of(title_) == LISTS:
                    continue
                if is_hidden:
                    found.append(problem(path.name, title_, "sheet-hidden"))
                found += [problem(path.name, f"{title_}!{at}", code) for at, code in _odd(parts.read(part))]
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError) as error:
        raise BadData(fault("sheet-no-workbook", file=str(path), reason=str(error))) from error
    return found


def _parts(parts: zipfile.ZipFile) -> Iterator[tuple[str, str, bool]]:
    """The title of each sheet, its part, and whether it is hidden."""
    relations = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    for sheet in book.iter(f"{SPREADSHEET}sheet"):
        target = targets.get(sheet.get(RELATION), "")
        is_hidden = sheet.get("state", "visible") != "visible"
        yield sheet.get("name", ""), target[1:] if target.startswith("/") else f"xl/{target}", is_hidden


def _odd(sheet: bytes) -> Iterator[tuple[str, str]]:
    """The cells and rows of a sheet that are not read as they look, each with the code of its problem."""
    root = ElementTree.fromstring(sheet)
    for column in root.iter(f"{SPREADSHEET}col"):
        if column.get("hidden") in ("1", "true"):
            yield workbooks.letter(int(column.get("min", "1")) - 1), "sheet-hidden"
    for row in root.iter(f"{SPREADSHEET}row"):
        cells = list(row.iter(f"{SPREADSHEET}c"))
        if row.get("hidden") in ("1", "true") and any(len(cell) for cell in cells):
            yield row.get("r", ""), "sheet-hidden"
        yield from ((cell.get("r", ""), "sheet-formula") for cell in cells if cell.find(f"{SPREADSHEET}f") is not None)
    for merged in root.iter(f"{SPREADSHEET}mergeCell"):
        yield merged.get("ref", ""), "sheet-merged"
