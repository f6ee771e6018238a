"""Rows of terms as a table to read: text in a terminal, HTML in a notebook; the first rows and the number of all."""

import io
from collections.abc import Sequence
from shutil import get_terminal_size

import pyoxigraph as ox
from markupsafe import Markup
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from kgraph.api.values import Term, written
from kgraph.base.text import seen

Rows = Sequence[Sequence[Term | None]]

SHOWN, LONGEST = 50, 300
"""The most rows that are shown, and the most characters of a value."""


def text(columns: Sequence[str], rows: Rows, truncated: bool = False, notes: Sequence[str] = ()) -> str:
    """A table with lines around its cells, as wide as the terminal at most, and notes under it."""
    table = Table(*columns, header_style="bold")
    for row in rows[:SHOWN]:
        table.add_row(*(Text(_short(term)) for term in row))
    return "\n".join((printed(table), counted(len(rows), truncated), *(f"note: {note}" for note in notes)))


def counted(number: int, truncated: bool = False) -> str:
    """How many rows there are, and how many of them are shown.

    >>> counted(12345)
    'first 50 of 12,345 rows'
    """
    rows = f"{number:,} {'row' if number == 1 else 'rows'}"
    shown = f"first {SHOWN} of {rows}" if number > SHOWN else rows
    return f"{shown}; there are more, the limit was reached" if truncated else shown


def printed(renderable: RenderableType) -> str:
    """What rich would print, as plain text."""
    width = get_terminal_size((120, 24)).columns
    console = Console(file=io.StringIO(), width=width, color_system=None, force_jupyter=False, highlight=False)
    with console.capture() as captured:
        console.print(renderable)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def html(columns: Sequence[str], rows: Rows, truncated: bool = False, notes: Sequence[str] = ()) -> str:
    """An HTML table; whatever a value says, it is shown as text."""
    head = Markup("").join(Markup('<th style="text-align: start">{}</th>').format(name) for name in columns)
    body = Markup("").join(Markup("<tr>{}</tr>").format(Markup("").join(map(_cell, row))) for row in rows[:SHOWN])
    table = Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table><p>{}</p>{}")
    below = Markup("").join(Markup("<p>note: {}</p>").format(note) for note in notes)
    return table.format(head, body, counted(len(rows), truncated), below)


def _cell(term: Term | None) -> Markup:
    """The value kept apart from the direction of the text around it; a link where it is an address."""
    shown = Markup("<bdi>{}</bdi>").format(_short(term))
    if isinstance(term, ox.NamedNode) and term.value.startswith(("https://", "http://")):
        shown = Markup('<a href="{}" target="_blank" rel="noreferrer">{}</a>').format(term.value, shown)
    language = term.language if isinstance(term, ox.Literal) else None
    said_in = Markup(' lang="{}"').format(language) if language else ""
    return Markup('<td{} style="text-align: start">{}</td>').format(said_in, shown)


def _short(term: Term | None) -> str:
    shown = "" if term is None else seen(written(term))
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
