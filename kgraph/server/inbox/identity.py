"""The queue of identity: pairs of things that may be one, answered by decisions in `identity.ttl`."""

from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from kgraph.base.paths import IDENTITY
from kgraph.base.problems import Problem
from kgraph.errors import BadQuery
from kgraph.evidence import deciding, identity
from kgraph.evidence.identity import Decision, Verdict
from kgraph.graph.identity import reviewing
from kgraph.rdf.sparql import parse_term
from kgraph.server.inbox.queue import Answer, Answers, Queue


def subjects(item: str) -> Sequence[ox.NamedNode]:
    """The two things of a pair; BadQuery for what names no pair."""
    things = [node for node in map(parse_term, item.split(" ")) if isinstance(node, ox.NamedNode)]
    if len(things) != 2 or things[0] == things[1] or item != reviewing.item(things[0].value, things[1].value):
        raise BadQuery(f"{item[:200]!r} names no two things; write two addresses, such as id:mcps id:sokial")
    return things


def read(data: Path) -> Answers:
    """The decisions of a data folder, and what is wrong with them; BadData when the file is not Turtle."""
    found = identity.read(data)
    return Answers(tuple(map(_answer, found.decisions)), found.problems)


def _answer(made: Decision) -> Answer:
    why = tuple((note.language or "", note.value) for note in made.why)
    return Answer(reviewing.item(made.one.value, made.other.value), made.verdict, made.by, made.day, why)


def _decision(given: Answer) -> Decision:
    one, other = subjects(given.item)
    why = tuple(ox.Literal(text, language=lang or None) for lang, text in given.why)
    return Decision(one, other, cast("Verdict", given.verdict), given.by, given.day, why)


def objection(data: Path, given: Answer) -> Problem | None:
    """The contradiction that a decision would bring, with the path of decisions."""
    return identity.objection(identity.read(data).decisions, _decision(given))


def write(data: Path, given: Answer) -> None:
    deciding.decide(data, _decision(given))


def remove(data: Path, item: str) -> None:
    one, other = subjects(item)
    deciding.undo(data, one, other)


IDENTITIES = Queue(
    file=IDENTITY,
    verdicts=("same", "different", "undecided"),
    items=attrgetter("identities"),
    subjects=subjects,
    key=lambda item: frozenset(item.split(" ")),
    read=read,
    objection=objection,
    write=write,
    remove=remove,
)
