"""The pages of the rows of registers: the cells of each row as they stand, some rows on a page."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pyoxigraph as ox

from kgraph.base.vocab import BASE, DERIVED_FROM, ROW, term
from kgraph.errors import NotFound
from kgraph.graph.statements.rows import METADATA, description

A_PAGE = 100
"""The rows of a page, by their numbers: the first has those up to 100."""

PATH = re.compile(r"rows/([\w-]+)/([1-9]\d{0,8})")


class Place(NamedTuple):
    """The path of the page with a row of a register, and its anchor there."""

    path: str
    anchor: str


def place(source: str, row: str) -> Place:
    """Where a row stands; `source` is the path of its register.

    >>> place("source/opp-2030-02-01", "101")
    Place(path='rows/opp-2030-02-01/2', anchor='row-101')
    """
    page = (int(row) - 1) // A_PAGE + 1 if row.isdecimal() and row != "0" else 1
    return Place(f"rows/{source.partition('/')[2]}/{page}", f"row-{row}")


@dataclass(frozen=True)
class Row:
    """A row with its number, its cells by the titles of their columns, and the things of which it says something."""

    number: int
    cells: tuple[tuple[str, str], ...]
    things: tuple[ox.NamedNode, ...]

    @property
    def anchor(self) -> str:
        return f"row-{self.number}"


@dataclass(frozen=True)
class Rows:
    """The rows on a page of a register, and the paths of the pages before and after."""

    source: ox.NamedNode
    rows: tuple[Row, ...]
    before: str | None
    after: str | None


Pages = Mapping[str, None]
"""The paths of all pages of rows, in the order of the rows of each register."""


def pages(store: ox.Store) -> Pages:
    found: dict[str, None] = {}
    for register in store.quads_for_pattern(None, METADATA, None, ox.DefaultGraph()):
        if isinstance(register.subject, ox.NamedNode):
            numbers = _numbers(store, register.subject)
            path = register.subject.value.removeprefix(BASE)
            every = sorted({(number - 1) // A_PAGE for number in numbers})
            found.update(dict.fromkeys(place(path, str(page * A_PAGE + 1)).path for page in every))
    return found


def _numbers(store: ox.Store, source: ox.NamedNode) -> list[int]:
    quads = store.quads_for_pattern(None, DERIVED_FROM, source, ox.DefaultGraph())
    ends = (str(quad.subject)[1:-1].rpartition(ROW)[2] for quad in quads)
    return [int(end) for end in ends if end.isdecimal()]


def rows_at(store: ox.Store, known: Pages, path: str) -> Rows:
    """The rows of a page; NotFound for another path."""
    found = PATH.fullmatch(path)
    if not found or path not in known:
        raise NotFound(f"there is no page /page/{path}")
    name, number = found[1], int(found[2])
    source = ox.NamedNode(f"{BASE}source/{name}")
    titles = [column.titles[0] for column in description(store, source).read]
    numbers = range((number - 1) * A_PAGE + 1, number * A_PAGE + 1)
    rows = (_row(store, source, row, titles) for row in numbers)
    own = [one for one in known if one.startswith(f"rows/{name}/")]
    at = own.index(path)
    before, after = (own[at - 1] if at else None), (own[at + 1] if at + 1 < len(own) else None)
    return Rows(source, tuple(row for row in rows if row), before, after)


def _row(store: ox.Store, source: ox.NamedNode, number: int, titles: list[str]) -> Row | None:
    node = ox.NamedNode(f"{source.value}{ROW}{number}")
    values = [quad.object for quad in store.quads_for_pattern(node, term("se:cells"), None, ox.DefaultGraph())]
    if not values or not isinstance(values[0], ox.Literal):
        return None
    cells = json.loads(values[0].value)
    described = store.quads_for_pattern(node, term("se:describes"), None, ox.DefaultGraph())
    things = sorted((q.object for q in described if isinstance(q.object, ox.NamedNode)), key=str)
    return Row(number, tuple(zip(titles, cells, strict=False)), tuple(things))
