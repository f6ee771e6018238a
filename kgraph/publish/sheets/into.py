"""The lines of sheets as the statements of a source file, with a problem for each cell that cannot be read."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pyoxigraph as ox

from kgraph.base.problems import Problem, Value
from kgraph.base.text import fold, hyphenated
from kgraph.base.vocab import CLAIM_LINKS, KNOWN_UNKNOWN, PREF_LABEL, PREFIXES, TYPE
from kgraph.base.words import texts
from kgraph.evidence.statements import Statement
from kgraph.publish.sheets import cells
from kgraph.publish.sheets.columns import COMMENT, NEEDED, Line
from kgraph.publish.sheets.names import CURIE, Names, Unreadable, iri_of
from kgraph.publish.sheets.out import ABOUT, ASPECT, LEAVES, NUMBERS, TERMS, TEXTS
from kgraph.rdf.terms import Term

NAMED = re.compile(r"~ (\S+)(?: ; |$)")
"""The name of an annotation at the beginning of the column `other`."""

T = TypeVar("T")

WHOLE = re.compile(r"\d+")


@dataclass(frozen=True)
class Read:
    """What lines say: the statements, the comment at the beginning of the file, and the problems."""

    statements: Sequence[Statement]
    comment: str
    problems: Sequence[Problem]


def read(lines: Iterable[Line], names: Names) -> Read:
    """The statements of lines; `names` are those of the data, to which the new things of the lines are added."""
    given = list(lines)
    reading = _Reading(_with_new(given, names))
    for line in given:
        reading.line(line)
    return Read(reading.statements, reading.comment, sorted(reading.problems))


def _with_new(lines: Iterable[Line], names: Names) -> Names:
    """The names with those of the sheets of new things and of unknowns."""
    labels, bearers = dict(names.labels), dict(names.bearers)
    for line in lines:
        node = _named(line) if line.sheet in ("things", "unknowns") else None
        for name in (cells.to_text(line.cells[column]) for column in ("polish", "english") if column in line.cells):
            if node:
                labels.setdefault(node, name)
                bearers[fold(name)] = bearers.get(fold(name), frozenset()) | {node}
    return replace(names, labels=labels, bearers=bearers)


def _named(line: Line) -> ox.NamedNode | None:
    """The thing of a line: its id, or one made from its Polish or English name; None without either."""
    if given := line.cells.get("thing"):
        found = iri_of(given)
        return found or (ox.NamedNode(PREFIXES["id"] + given) if CURIE.fullmatch(f"id:{given}") else None)
    slug = hyphenated(cells.to_text(line.cells.get("polish") or line.cells.get("english", "")))
    return ox.NamedNode(PREFIXES["id"] + slug) if slug else None


@dataclass
class _Reading:
    """The statements and problems so far."""

    names: Names
    statements: list[Statement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    comment: str = ""

    def line(self, line: Line) -> None:
        missing = [column for column in NEEDED.get(line.sheet, ()) if column not in line.cells]
        if line.sheet == "source" and line.cells.get("property") == COMMENT:
            self.comment = cells.to_text(line.cells.get("value", ""))
        elif missing:
            self.problems += [line.problem(column, "sheet-empty", column=_heading(column)) for column in missing]
        elif line.sheet in ("things", "unknowns"):
            self.thing(line)
        else:
            self.fact(line)

    def thing(self, line: Line) -> None:
        """The names of a thing, and what a known unknown is about."""
        node = self.cell(line, "thing", lambda _: _named(line))
        if node is None:
            self.problems.append(line.problem("thing", "sheet-no-id"))
            return
        if line.sheet == "unknowns":
            self.add(node, TYPE, KNOWN_UNKNOWN)
            for column, predicate in (("about", ABOUT), ("aspect", ASPECT)):
                among = self.names.properties if column == "aspect" else None
                if end := self.cell(line, column, lambda text, among=among: self.names.term(text, among)):  # type: ignore[misc]
                    self.add(node, predicate, end)
            if source := self.cell(line, "leaves", self.names.term):
                self.add(source, LEAVES, node)
        for column, lang in (("polish", "pl"), ("english", "en")):
            if column in line.cells:
                self.add(node, PREF_LABEL, ox.Literal(cells.to_text(line.cells[column]), language=lang))

    def add(self, subject: ox.NamedNode, predicate: ox.NamedNode, end: ox.NamedNode | ox.Literal) -> None:
        self.statements.append(Statement(ox.Triple(subject, predicate, end)))

    def fact(self, line: Line) -> None:
        """A fact, in the sheet `facts` with its annotation."""
        before = len(self.problems)
        subject = self.cell(line, "subject", self.names.term)
        predicate = self.cell(line, "property", lambda text: self.names.term(text, self.names.properties))
        end = predicate and self.cell(line, "value", lambda text: self.value(text, line, predicate))
        evidence, reifier = self.evidence(line) if line.sheet == "facts" else (None, None)
        if subject and predicate and end and len(self.problems) == before:
            fact = ox.Triple(subject, predicate, end)
            self.statements.append(Statement(fact, None if evidence is None else tuple(evidence), reifier))

    def value(self, text: str, line: Line, predicate: ox.NamedNode) -> ox.NamedNode | ox.Literal:
        return cells.to_term(text, line.cells.get("type", ""), predicate, self.names)

    def evidence(self, line: Line) -> tuple[list[tuple[ox.NamedNode, Term]], ox.NamedNode | None]:
        """The properties of the annotation of a line, and its name if it has one."""
        found: list[tuple[ox.NamedNode, Term]] = []
        for predicate, column in TEXTS.items():
            if column in line.cells:
                found.append((predicate, ox.Literal(cells.to_text(line.cells[column]))))
        for predicate, column in NUMBERS.items():
            if number := self.cell(line, column, _whole):
                found.append((predicate, number))
        for predicate, column in TERMS.items():
            among = self.names.statuses() if column == "status" else None
            if node := self.cell(line, column, lambda text, among=among: self.names.term(text, among)):  # type: ignore[misc]
                found.append((predicate, node))
        found += self.link(line)
        rest = cells.to_text(line.cells.get("other", ""))
        named = NAMED.match(rest)
        reifier = iri_of(named[1]) if named else None
        rest = rest[named.end() :] if named else rest
        found += (self.cell(line, "other", lambda _: cells.to_properties(rest)) if rest else None) or ()
        return found, reifier

    def link(self, line: Line) -> list[tuple[ox.NamedNode, Term]]:
        """How the fact differs from one of another source."""
        if ("link" in line.cells) != ("linked" in line.cells):
            missing = "linked" if "link" in line.cells else "link"
            self.problems.append(line.problem(missing, "sheet-empty", column=_heading(missing)))
            return []
        name = self.cell(line, "link", lambda text: self.names.term(text, CLAIM_LINKS))
        fact = self.cell(line, "linked", cells.to_fact)
        return [(name, fact)] if name and fact else []

    def cell(self, line: Line, column: str, read: Callable[[str], T]) -> T | None:
        """What a cell says; None when it is empty or cannot be read, which is a problem."""
        if column not in line.cells and column != "thing":
            return None
        try:
            return read(line.cells.get(column, ""))
        except Unreadable as error:
            self.problems.append(line.problem(column, error.code, **error.values))
            return None


def _whole(text: str) -> ox.Literal:
    if not WHOLE.fullmatch(text):
        raise Unreadable("sheet-no-number", value=text)
    return ox.Literal(int(text))


def _heading(column: str) -> Value:
    return tuple(texts(f"sheets.columns.{column}").items())
