"""Where problems stand in their files: line and column of the fact, or of the thing, that they are about."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from kgraph.base import paths
from kgraph.base.problems import Problem
from kgraph.errors import BadData
from kgraph.evidence.syntax import Parser
from kgraph.rdf.terms import said


class Index:
    """The facts of a file by their words; read when first asked."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def changed(self) -> float:
        """When the file was last written, in seconds since 1970."""
        return self.path.stat().st_mtime

    @cached_property
    def parser(self) -> Parser:
        try:
            return Parser(paths.read_text(self.path), self.path.name)
        except BadData:
            return Parser("")

    @cached_property
    def triples(self) -> Mapping[str, int]:
        """Where the value of each fact stands, by the words of the fact."""
        return {said(fact.triple): fact.object_at for fact in reversed(self.parser.facts)}

    def place(self, problem: Problem) -> tuple[int, int]:
        facts = [words for file, words in problem.facts if file == self.path.name]
        for words in (*facts, problem.node):
            if words in self.triples:
                return self.parser.lines.place(self.triples[words])
        return self.parser.lines.place(self._of_node(problem))

    def _of_node(self, problem: Problem) -> int:
        """Where a value of the problem stands beside its node; else where the node stands first."""
        shown = {value for _, value in problem.values if isinstance(value, str)}
        about = [fact for fact in self.parser.facts if said(fact.triple.subject) == problem.node]
        for fact in about:
            if said(fact.triple.predicate) in shown:
                return fact.predicate_at
            if said(fact.triple.object) in shown:
                return fact.object_at
        if about:
            return about[0].subject_at
        within = (fact.object_at for fact in self.parser.facts if said(fact.triple.object) == problem.node)
        named = (token.start for token in self.parser.tokens if token.text == problem.node)
        return next(within, next(named, 0))


Indexes = Mapping[str, Index]
"""The indexes of files by their names."""


def located(found: Iterable[Problem], indexes: Indexes) -> list[Problem]:
    """The problems with line and column in each of their files, in the order of files and lines."""
    placed = (problem if problem.places else _placed(problem, indexes) for problem in found)
    return sorted(placed, key=lambda problem: (problem.file, problem.places, problem))


def _placed(problem: Problem, indexes: Indexes) -> Problem:
    names = problem.file.split(", ")
    if not all(name in indexes for name in names):
        return problem
    return problem.standing(*(indexes[name].place(problem) for name in names))
