"""Decisions about identity: which things are one, which are not, by whom, when and why.

They stand in `identity.ttl` of a data folder, one block a decision. A build merges what was decided to be one thing;
each claim keeps the address that its source uses. Without the decision the graph is as before.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from kgraph.base.paths import IDENTITY
from kgraph.base.problems import Problem, problem
from kgraph.base.vocab import (
    ALT_LABEL,
    CREATED,
    CREATOR,
    EDITORIAL_GRAPH,
    MERGED_INTO,
    OBJECT,
    PREF_LABEL,
    STATED,
    SUBJECT,
    short,
    term,
)
from kgraph.evidence import turtle
from kgraph.evidence.claims import Claim, SourceFile
from kgraph.rdf.terms import said

SAME, DIFFERENT = DECIDING = term("se:sameThing"), term("se:differentThing")

Verdict = Literal["same", "different", "undecided"]
Merged = Mapping[ox.NamedNode, ox.NamedNode]
"""Things that were decided to be another, each with the one whose address stays."""


@dataclass(frozen=True)
class Decision:
    """What was decided of two things; of things that are the same, the address of `one` stays."""

    one: ox.NamedNode
    other: ox.NamedNode
    verdict: Verdict
    by: str
    day: str
    why: tuple[ox.Literal, ...] = ()


@dataclass(frozen=True)
class Decided:
    """The decisions of a data folder in the order of their file, and what is wrong with them."""

    decisions: tuple[Decision, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(data: Path) -> Decided:
    """What is decided in a data folder; nothing without a file; BadData when the file is not Turtle."""
    path = data / IDENTITY
    if not path.is_file():
        return Decided()
    file = turtle.read(path)
    found = tuple(_decisions(file))
    return Decided(found, tuple(chain(_foreign(file), _contradictions(found))))


def _decisions(file: SourceFile) -> Iterator[Decision]:
    """The decisions among the claims of a file, as they stand."""
    for claim in file.claims:
        one, predicate, other = claim.triple
        if predicate in (SAME, DIFFERENT) and isinstance(one, ox.NamedNode) and isinstance(other, ox.NamedNode):
            made = dict(claim.made)
            yield Decision(one, other, _verdict(claim), _text(made, CREATOR), _text(made, CREATED), claim.notes)


def _verdict(claim: Claim) -> Verdict:
    if claim.status != STATED:
        return "undecided"
    return "same" if claim.triple.predicate == SAME else "different"


def _text(made: Mapping[ox.NamedNode, ox.Literal], name: ox.NamedNode) -> str:
    return made[name].value if name in made else ""


def merged(decided: Iterable[Decision]) -> Merged:
    """The things that are another, each with the one that stays: of a chain, one that no decision gives up."""
    same = [one for one in decided if one.verdict == "same"]
    given_up = {one.other for one in same}
    found: dict[ox.NamedNode, ox.NamedNode] = {}
    for group in _groups(same):
        stays = min(group, key=lambda thing: (thing in given_up, thing.value))
        found |= {thing: stays for thing in group if thing != stays}
    return found


def _groups(same: Iterable[Decision]) -> Iterator[set[ox.NamedNode]]:
    """The things that are one, by pairs and chains of pairs."""
    near = _neighbours(same)
    seen: set[ox.NamedNode] = set()
    for thing in near:
        if thing not in seen:
            group = {*_reached(near, thing)}
            seen |= group
            yield group


Neighbours = Mapping[ox.NamedNode, list[ox.NamedNode]]


def _neighbours(same: Iterable[Decision]) -> Neighbours:
    near: defaultdict[ox.NamedNode, list[ox.NamedNode]] = defaultdict(list)
    for one in same:
        near[one.one].append(one.other)
        near[one.other].append(one.one)
    return near


def _reached(near: Neighbours, start: ox.NamedNode) -> Mapping[ox.NamedNode, ox.NamedNode | None]:
    """What is the same as a thing, each with the thing before it on a shortest path."""
    before: dict[ox.NamedNode, ox.NamedNode | None] = {start: None}
    waiting = deque([start])
    while waiting:
        thing = waiting.popleft()
        for other in near.get(thing, ()):
            if other not in before:
                before[other] = thing
                waiting.append(other)
    return before


def _contradictions(known: Sequence[Decision]) -> Iterator[Problem]:
    """A problem for each two things that are decided to be different and, by a path of decisions, the same."""
    near = _neighbours(one for one in known if one.verdict == "same")
    for one in known:
        if one.verdict == "different" and (path := _path(near, one.one, one.other)):
            yield problem(
                IDENTITY,
                said(one.one),
                "identity-contradiction",
                path=" = ".join(map(said, path)),
                other=said(one.other),
            )


def objection(known: Sequence[Decision], *new: Decision) -> Problem | None:
    """The contradiction that new decisions bring, in place of those about their pairs; None when they fit the rest."""
    pairs = {frozenset((one.one, one.other)) for one in new}
    others = [one for one in known if frozenset((one.one, one.other)) not in pairs]
    before = set(_contradictions(others))
    return next((found for found in _contradictions((*others, *new)) if found not in before), None)


def _path(near: Neighbours, start: ox.NamedNode, end: ox.NamedNode) -> list[ox.NamedNode]:
    """The things on a shortest path of decisions, both ends included; empty when there is none."""
    before = _reached(near, start)
    path: list[ox.NamedNode] = []
    at: ox.NamedNode | None = end if end in before else None
    while at is not None:
        path.append(at)
        at = before[at]
    return path[::-1]


def _foreign(file: SourceFile) -> Iterator[Problem]:
    """A problem for each claim in the file of decisions that is none, and for a decision that does not say by whom."""
    for claim in file.claims:
        if claim.triple.predicate not in (SAME, DIFFERENT):
            yield problem(IDENTITY, said(claim.triple), "identity-other")
        elif missing := [short(name.value) for name in (CREATOR, CREATED) if name not in dict(claim.made)]:
            yield problem(IDENTITY, said(claim.triple), "identity-unsigned", missing=", ".join(missing))


def in_place(triple: ox.Triple, merged: Merged) -> ox.Triple:
    """A triple with the things that stay."""
    one, predicate, other = triple
    subject = merged.get(one, one) if isinstance(one, ox.NamedNode) else one
    return ox.Triple(subject, predicate, merged.get(other, other) if isinstance(other, ox.NamedNode) else other)


# Lines of N-Quads

NAMING = {str(PREF_LABEL).encode(), str(ALT_LABEL).encode()}
AS_STATED = {
    str(SUBJECT).encode(): str(term("se:statedSubject")).encode(),
    str(OBJECT).encode(): str(term("se:statedObject")).encode(),
}
"""The parts of a claim that may be renamed, each with the property that keeps what the source names."""
BESIDE = f" {EDITORIAL_GRAPH} .\n".encode()


def as_lines(merged: Merged) -> Mapping[bytes, bytes]:
    """Merged things as `renamed` takes them."""
    return {str(thing).encode(): str(stays).encode() for thing, stays in merged.items()}


def renamed(lines: Iterable[bytes], merged: Mapping[bytes, bytes]) -> Iterator[bytes]:
    """Lines of N-Quads with the things that stay; merged things keep their names, and claims what they state."""
    met: set[bytes] = set()
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        object_ = rest.partition(b" ")[0] if rest.startswith(b"<") else b""
        if subject not in merged and object_ not in merged:
            yield line
            continue
        for thing in (merged.keys() & {subject, object_}) - met:
            met.add(thing)
            yield b" ".join((thing, str(MERGED_INTO).encode(), merged[thing])) + BESIDE
        if subject in merged and predicate in NAMING:
            yield line
            continue
        if predicate in AS_STATED:
            yield b" ".join((subject, AS_STATED[predicate], rest))
        new = merged.get(object_, object_) + rest[len(object_) :]
        yield b" ".join((merged.get(subject, subject), predicate, new))
