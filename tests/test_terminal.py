"""Tables in a terminal: identifiers unbroken, long texts wrapped, every value shown."""

import io
from collections.abc import Callable, Sequence

import pyoxigraph as ox
import pytest
from rich.console import Console

from kgraph.base import paths
from kgraph.base.text import UNSEEN
from kgraph.base.vocab import term
from kgraph.graph.entity import as_text, cards
from kgraph.graph.statements.facts import Passage
from kgraph.graph.statements.reasons import Reason
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value


def shown(columns: Sequence[str], rows: Sequence[Sequence[Value | None]], width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None, highlight=False)
    with console.capture() as captured:
        console.print(as_text.table(columns, rows, width))
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
    result = sparql.run(graph, paths.query_text("contributions"))
    assert isinstance(result, ox.QuerySolutions)
    columns, rows = sparql.columns(result), list(sparql.rows(result))
    lines = shown(columns, rows, width)
    assert max(map(len, lines)) <= width
    assert all(any(line.startswith(sparql.cell(row[0])) for line in lines) for row in rows)
    assert all(any(column in line for line in lines) for column in columns)


def test_nothing_is_folded_in_a_file() -> None:
    assert as_text.console(to_file=True).width == as_text.UNFOLDED


COMMANDS = "\x1b[31m red \x1b]0;title\x07 \x9b2J \u202e \x00"
NAMED = "⟨U+001B⟩[31m red ⟨U+001B⟩]0;title⟨U+0007⟩ ⟨U+009B⟩2J ⟨U+202E⟩ ⟨U+0000⟩"


def test_no_value_can_command_the_terminal() -> None:
    value = ox.Literal(COMMANDS)
    assert NAMED in shown(("x",), [(value,)], 200)
    assert not UNSEEN.search("".join(shown(("first", "x"), [(ox.Literal("-" * 48), value)], 70)))


def test_no_name_or_quote_can_command_the_terminal(store_of: Callable[..., ox.Store]) -> None:
    hostile = "".join(f"\\u{ord(character):04X}" for character in COMMANDS)
    facts = f'id:a a se:Cluster ; skos:prefLabel "{hostile}"@en ; skos:note "{hostile}"@en ; se:cooperatesWith id:b .'
    store = store_of(facts + f'id:b skos:prefLabel "{hostile}"@en .', "se:cooperatesWith a owl:ObjectProperty .")
    passage = Passage("x:source", "x:status", 0, 1, COMMANDS)
    reason = Reason(ox.Triple(term("id:a"), term("skos:note"), ox.Literal(COMMANDS)), (passage,))
    console = Console(file=io.StringIO(), width=400, color_system=None)
    with console.capture() as captured:
        console.print(as_text.card(cards.card(store, term("id:a"), "en"), "en"))
        console.print(as_text.reason(reason, {term("id:a"): COMMANDS, ox.NamedNode("x:source"): COMMANDS}, "en"))
    assert captured.get().count(NAMED) >= 7
    assert not UNSEEN.search(captured.get())
