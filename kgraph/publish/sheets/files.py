"""A source file written as a workbook, and a workbook read as a source file."""

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.problems import Problem, fault
from kgraph.base.vocab import PREFIXES, SOURCE, TYPE
from kgraph.errors import BadData
from kgraph.evidence.head import SLUG
from kgraph.evidence.statements import Statement, opening_comment, statements
from kgraph.evidence.turtle import parse
from kgraph.publish.formats.annotated import source_file
from kgraph.publish.sheets import book, into, out
from kgraph.publish.sheets.names import Names
from kgraph.rdf.terms import iris_of


@dataclass(frozen=True)
class Workbook:
    """The content of a workbook, the number of its facts, and the number of comments of the source that it lacks."""

    content: bytes
    facts: int
    comments: int


@dataclass(frozen=True)
class Source:
    """A source file that a workbook gives: its name, its content and its statements, and the problems of the cells."""

    name: str | None
    content: bytes
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...]

    def claims(self) -> int:
        return sum(one.evidence is not None for one in self.statements)


def workbook(source: Path, names: Names, target: Path) -> Workbook:
    """A source file as a workbook or CSV, by the ending of `target`; BadData when it cannot be held."""
    text = paths.read_text(source)
    given = statements(source.name, (quad.triple for quad in parse(source)))
    comment = opening_comment(text)
    table = out.table(given, comment, names)
    inner = sum(line.lstrip().startswith("#") for line in text.splitlines()) - len(comment.splitlines())
    return Workbook(book.write(table, names, target), len(table["facts"]), max(inner, 0))


def source(path: Path, names: Names) -> Source:
    """The source file that a workbook or CSV file gives; BadData when it is neither."""
    lines, unread = book.read(path)
    read = into.read(lines, names)
    heads = iris_of(one.fact.subject for one in read.statements if _is_head(one.fact))
    name = min(heads, key=str).value.removeprefix(PREFIXES["source"]) if len(heads) == 1 else None
    problems = tuple(sorted({*unread, *read.problems}))
    return Source(name, source_file(read.statements, read.comment), tuple(read.statements), problems)


def _is_head(fact: ox.Triple) -> bool:
    return (fact.predicate, fact.object) == (TYPE, SOURCE)


def target(data: Path, found: Source, path: Path) -> Path:
    """The source file in a data folder that a workbook is to become; BadData when the workbook does not name it."""
    if not found.name or not SLUG.fullmatch(found.name):
        raise BadData(fault("sheet-no-source", file=str(path)))
    return data / "sources" / f"{found.name}.ttl"


def says_the_same(target: Path, found: Source) -> bool:
    """Whether a file has the same statements, in any order."""
    held = statements(target.name, (quad.triple for quad in parse(target)))
    return sorted(map(_key, held)) == sorted(map(_key, found.statements))


def _key(one: Statement) -> str:
    evidence = one.evidence if one.evidence is None else sorted(map(str, one.evidence))
    return f"{one.fact} {one.reifier} {evidence}"
