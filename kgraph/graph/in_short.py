"""The answer to a question in one line: what a newcomer is told before opening anything."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.graph.questions import Question, ask

MOST = 5
"""The most things of a line."""


@dataclass(frozen=True)
class Short:
    """Things that answer a question about a thing, `more` of them left out, and their day if all have the same."""

    about: ox.NamedNode
    things: tuple[ox.NamedNode, ...]
    more: int
    day: str | None

    @property
    def terms(self) -> tuple[ox.NamedNode, ...]:
        return (self.about, *self.things)


def in_short(store: ox.Store, question: Question) -> Short | None:
    """The answer in one line, by the variables that its head names: a thing and, if it has one, its day.

    None for a question whose head names none, and for an answer without things.
    """
    about = next(iter(question.things.values()), None)
    if not question.in_short or not isinstance(about, ox.NamedNode):
        return None
    answer = ask(store, question)
    assert isinstance(answer, ox.QuerySolutions)
    rows = [[row[variable] for variable in question.in_short] for row in answer]
    things = tuple(dict.fromkeys(thing for thing, *_ in rows if isinstance(thing, ox.NamedNode)))
    if not things:
        return None
    return Short(about, things[:MOST], len(things[MOST:]), _common(day for _, *own in rows for day in own))


def _common(days: Iterable[object]) -> str | None:
    """The day that all have."""
    known = set(days)
    day = known.pop() if len(known) == 1 else None
    return str(day.value) if isinstance(day, ox.Literal) else None
