"""Rows of terms as a table: text in a terminal, HTML in a notebook; the first rows and the number of all."""

import io
from collections.abc import Sequence
from shutil import get_terminal_size

import pyoxigraph as ox
from jinja2 import Template
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from kgraph.api.values import Rows, written
from kgraph.base.paths import packaged_text
from kgraph.base.text import seen
from kgraph.rdf.terms import Term

SHOWN, LONGEST, LEAST = 50, 300, 13
"""The most rows of a table, the most characters of a value, and the least width of a column with its lines."""


def text(
    columns: Sequence[str], rows: Rows, truncated: bool = False, notes: Sequence[str] = (), day: str | None = None
) -> str:
    """A table with lines around its cells, no wider than the terminal, its day and notes under it.

    Where there are too many columns for the width, the notes name those that are not shown.
    """
    kept = _fitting(columns, rows[:SHOWN], get_terminal_size((120, 24)).columns // LEAST)
    table = Table(*(columns[at] for at in kept), header_style="bold")
    for row in rows[:SHOWN]:
        table.add_row(*(Text(_short(row[at])) for at in kept))
    if others := [name for at, name in enumerate(columns) if at not in kept]:
        notes = (*notes, f"columns not shown: {', '.join(others)}; to_pandas() has them")
    return "\n".join((printed(table), counted(len(rows), truncated, day), *(f"note: {note}" for note in notes)))


def _fitting(columns: Sequence[str], rows: Rows, most: int) -> list[int]:
    """The columns to show, at most some: without empty ones, identifiers beside names, and others from the right."""
    places = range(len(columns))
    empty = [at for at in places if all(row[at] is None for row in rows)]
    named = [at for at in places if f"{columns[at]}_name" in columns]
    things = [at for at in places if all(isinstance(row[at], ox.NamedNode | None) for row in rows)]
    kept = [*places]
    for spare in (empty, named, things, places):
        several = [at for at in reversed(kept) if at in spare][: max(len(kept) - max(most, 1), 0)]
        kept = [at for at in kept if at not in several]
    return kept


def counted(number: int, truncated: bool = False, day: str | None = None) -> str:
    """The number of rows, and of those in the table, and the day that they are about.

    >>> counted(12345)
    'first 50 of 12,345 rows'
    """
    rows = f"{number:,} {'row' if number == 1 else 'rows'}"
    shown = f"first {SHOWN} of {rows}" if number > SHOWN else rows
    shown += f", as of {day}" if day else ""
    return f"{shown}; there are more, the limit was reached" if truncated else shown


def printed(renderable: RenderableType) -> str:
    """A renderable of rich as plain text."""
    width = get_terminal_size((120, 24)).columns
    console = Console(file=io.StringIO(), width=width, color_system=None, force_jupyter=False, highlight=False)
    with console.capture() as captured:
        console.print(renderable)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def html(
    columns: Sequence[str], rows: Rows, truncated: bool = False, notes: Sequence[str] = (), day: str | None = None
) -> str:
    """An HTML table; markup in a value is shown as text."""
    values = {"columns": columns, "rows": rows[:SHOWN], "counted": counted(len(rows), truncated, day), "notes": notes}
    return filled("table.html", short=_short, address=_address, **values)


def filled(template: str, **values: object) -> str:
    """A template of this folder, filled in; markup in a value is escaped."""
    return str(Template(packaged_text(f"api/{template}"), autoescape=True).render(values))


def _address(term: Term | None) -> str | None:
    """The address that a cell links to; other schemes, such as javascript:, get no link."""
    return term.value if isinstance(term, ox.NamedNode) and term.value.startswith(("https://", "http://")) else None


def _short(term: Term | None) -> str:
    shown = "" if term is None else seen(written(term))
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
