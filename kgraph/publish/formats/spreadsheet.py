"""A table for people: CSV, CSV that a Polish Excel opens, and XLSX, in none of which a cell can be a formula."""

import csv as writing
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO

Cell = str | int | None
Row = Sequence[Cell]

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""The beginnings of a text that spreadsheets read as a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""

LONGEST = 32_767
"""The characters of a cell in XLSX."""

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
"""Options of a workbook in which texts stay texts."""

WIDTHS = (12, 60)
"""The least and the greatest width of a column, in characters."""


def csv(rows: Iterable[Row], *, for_excel: bool = False) -> bytes:
    """Rows in CSV (RFC 4180); for Excel with semicolons and a byte order mark, as its Polish edition reads them.

    >>> csv([["Nazwa", "Fakty"], ["=1+1", 2]], for_excel=True).decode("utf-8-sig")
    "Nazwa;Fakty\\r\\n'=1+1;2\\r\\n"
    """
    out = StringIO()
    writing.writer(out, delimiter=";" if for_excel else ",").writerows(map(_inert, rows))
    return out.getvalue().encode("utf-8-sig" if for_excel else "utf-8")


def _inert(row: Row) -> Iterator[Cell]:
    """The cells with an apostrophe before a text that would be a formula."""
    return (f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in row)


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
                if isinstance(cell, int):
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
