"""Tables in a terminal: identifiers stay whole, long texts are folded, and no value is left out."""

import io
from collections.abc import Sequence

import pyoxigraph as ox
import pytest
from rich.console import Console

from kgraph import resources, sparql, terminal
from kgraph.sparql import Value
from kgraph.vocab import term


def shown(columns: Sequence[str], rows: Sequence[Sequence[Value | None]], width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None, highlight=False)
    with console.capture() as captured:
        console.print(terminal.answer(columns, rows, width))
    return [line.rstrip() for line in captured.get().splitlines()]


ROW = (
    term("id:siedlecka-spoldzielnia"),
    ox.Literal("the longest name of a social co-operative there is"),
    ox.Literal(7),
)


@pytest.mark.parametrize("width", [56, 80, 100])
def test_identifiers_stay_whole_and_texts_are_folded(width: int) -> None:
    lines = shown(("thing", "name", "degree"), [ROW], width)
    assert lines[0].split() == ["thing", "name", "degree"]
    assert lines[2].startswith("id:siedlecka-spoldzielnia  the longest name")
    assert max(map(len, lines)) <= width


def test_what_is_too_wide_is_told_row_by_row() -> None:
    assert shown(("thing", "name", "degree"), [ROW, (term("id:a"), None, ox.Literal(1))], 40) == [
        "id:siedlecka-spoldzielnia",
        "  name the longest name of a social",
        "  co-operative there is · degree 7",
        "id:a",
        "  degree 1",
    ]


def test_one_column_is_always_a_table() -> None:
    assert shown(("address",), [(ox.NamedNode(f"https://example.org/{'x' * 40}"),)], 30)[0] == "address"


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_sources_are_shown_whole_at_every_width(graph: ox.Store, width: int) -> None:
    result = sparql.run(graph, resources.query_text("contributions"))
    assert isinstance(result, ox.QuerySolutions)
    columns, rows = sparql.columns(result), list(sparql.rows(result))
    lines = shown(columns, rows, width)
    assert max(map(len, lines)) <= width
    assert all(any(line.startswith(sparql.cell(row[0])) for line in lines) for row in rows)
    assert all(any(column in line for line in lines) for column in columns)


def test_nothing_is_folded_in_a_file() -> None:
    assert terminal.console(to_file=True).width == terminal.UNFOLDED
