"""The sheets of a workbook, their columns, and their words in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kgraph.base.problems import Problem, Value, problem
from kgraph.base.text import fold
from kgraph.base.words import LANGUAGES, text, texts

VALUE = ("subject", "property", "value", "type")
FACTS = (
    *VALUE,
    *("quote", "abridged", "status", "note", "link", "linked", "start", "end", "prefix", "suffix", "source", "other"),
)
SHEETS: Mapping[str, tuple[str, ...]] = {
    "facts": FACTS,
    "things": ("thing", "polish", "english"),
    "unknowns": ("thing", "about", "aspect", "polish", "english", "leaves"),
    "notes": VALUE,
    "source": VALUE,
}
"""The columns of each sheet: facts with evidence, names of things, gaps, facts without evidence, and the heads."""

LISTS = "lists"
"""The sheet of the drop-down lists, which is not read."""

COMMENT = "#"
"""The property of the row that holds the comment at the beginning of the file."""

NEEDED: Mapping[str, tuple[str, ...]] = dict.fromkeys(("facts", "notes", "source"), VALUE[:3])
"""The columns without which a row says nothing."""


def title(sheet: str, lang: str) -> str:
    """The name of a sheet."""
    return text(lang, f"sheets.titles.{sheet}")


def heading(column: str, lang: str) -> str:
    """The heading of a column."""
    return text(lang, f"sheets.columns.{column}")


def explained(column: str) -> str:
    """What a column holds, in both languages."""
    return "\n\n".join(texts(f"sheets.explained.{column}").values())


@cache
def sheet_of(given: str) -> str | None:
    """The sheet of a title in any language."""
    known = {fold(title(sheet, lang)): sheet for lang in LANGUAGES for sheet in (*SHEETS, LISTS)}
    return known.get(fold(given.strip()))


@cache
def column_of(given: str, sheet: str | None) -> str | None:
    """The column of a heading in any language, in a sheet or, without one, in any."""
    columns = SHEETS[sheet] if sheet else ("sheet", *(column for known in SHEETS.values() for column in known))
    known = {fold(heading(column, lang)): column for lang in LANGUAGES for column in columns}
    return known.get(fold(given.strip()))


@dataclass(frozen=True)
class Line:
    """A row of a sheet as it was read: the text of each column that is not empty, and the address of each cell."""

    file: str
    sheet: str
    title: str
    row: int
    cells: Mapping[str, str]
    letters: Mapping[str, str]

    def problem(self, column: str, code: str, /, **values: Value) -> Problem:
        """A problem of a cell."""
        return problem(self.file, f"{self.title}!{self.letters.get(column, '')}{self.row}", code, **values)
