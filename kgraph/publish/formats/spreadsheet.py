"""A table for people: CSV, CSV that a Polish Excel opens, XLSX and ODS, in none of which a cell can be a formula."""

import csv as writing
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from io import BytesIO, StringIO
from xml.sax.saxutils import escape, quoteattr

from kgraph.base.media import ODS, ODS_PART
from kgraph.base.text import printable

Cell = str | int | float | None
Row = Sequence[Cell]

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""The beginnings of a text that spreadsheets read as a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""

PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
"""A text that begins like a formula and is none."""

LONGEST = 32_767
"""The characters of a cell in XLSX."""

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
"""Options of a workbook in which texts stay texts."""

WIDTHS = (12, 60)
"""The least and the greatest width of a column, in characters."""


def csv(rows: Iterable[Row], *, for_excel: bool = False, delimiter: str = ",", with_numbers: bool = False) -> bytes:
    """Rows in CSV (RFC 4180); for Excel with semicolons and a byte order mark, as its Polish edition reads them.

    Of a table `with_numbers`, a text that is a number with a sign stays one.

    >>> csv([["Nazwa", "Fakty"], ["=1+1", 2]], for_excel=True).decode("utf-8-sig")
    "Nazwa;Fakty\\r\\n'=1+1;2\\r\\n"
    """
    out = StringIO()
    inert = partial(_inert, with_numbers=with_numbers)
    writing.writer(out, delimiter=";" if for_excel else delimiter).writerows(map(inert, rows))
    return out.getvalue().encode("utf-8-sig" if for_excel else "utf-8")


def _inert(row: Row, *, with_numbers: bool) -> Iterator[Cell]:
    """The cells with an apostrophe before a text that would be a formula."""
    for cell in row:
        is_formula = isinstance(cell, str) and cell.startswith(FORMULA)
        is_number = with_numbers and is_formula and PLAIN_NUMBER.fullmatch(str(cell))
        yield f"'{cell}" if is_formula and not is_number else cell


def xlsx(rows: Iterable[Row], title: str) -> bytes:
    """Rows as a workbook of one sheet: the first are headings, texts are texts, numbers are numbers."""
    import xlsxwriter  # slow to import, and needed by workbooks only

    out = BytesIO()
    with xlsxwriter.Workbook(out, SAFE) as book:
        sheet, bold = book.add_worksheet(title[:31]), book.add_format({"bold": True})
        wide: dict[int, int] = {}
        last = 0
        for last, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(last, column, cell)
                elif cell:
                    sheet.write_string(last, column, cell[:LONGEST], None if last else bold)
                    wide[column] = max(wide.get(column, 0), len(cell))
        for column, size in wide.items():
            sheet.set_column(column, column, min(max(size, WIDTHS[0]), WIDTHS[1]))
        sheet.freeze_panes(1, 0)
        if wide:
            sheet.autofilter(0, 0, last, max(wide))
    return out.getvalue()


NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "manifest")
)
PART = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'


def ods(rows: Iterable[Row], title: str) -> bytes:
    """Rows as a spreadsheet of OpenDocument 1.3: texts are texts, numbers are numbers."""
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    table = f"<table:table table:name={quoteattr(title)}>{body}</table:table>"
    sheet = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f'<office:document-content {NAMESPACES} office:version="1.3">{sheet}</office:document-content>'
    listed = PART.format("/", ODS.media) + PART.format("content.xml", ODS_PART)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        # the first part, as OpenDocument 1.3 (part 2, section 3.3) has it
        parts.writestr("mimetype", ODS.media, zipfile.ZIP_STORED)
        parts.writestr("content.xml", content)
        parts.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest {NAMESPACES} manifest:version="1.3">{listed}</manifest:manifest>',
        )
    return out.getvalue()


def _ods_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, int | float):
        value = f'office:value-type="float" office:value="{cell}"'
        return f"<table:table-cell {value}><text:p>{cell}</text:p></table:table-cell>"
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in printable(cell).split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
