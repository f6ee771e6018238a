"""The statements of a source file, one by one: a fact with one annotation or with none."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.problems import fault
from kgraph.base.vocab import REIFIES, STATED, STATUS
from kgraph.errors import BadData
from kgraph.rdf.terms import Node, Term, said

Properties = tuple[tuple[ox.NamedNode, Term], ...]

COMMENT = re.compile(r"#[ ]?(.*)")


@dataclass(frozen=True)
class Statement:
    """A fact as one place of a file gives it.

    `evidence` are the properties of its annotation, none for `~`; it is None for a fact that needs no evidence. A fact
    that is claimed without being asserted has a status in its evidence. `reifier` is the IRI of a named annotation.
    """

    fact: ox.Triple
    evidence: Properties | None = None
    reifier: ox.NamedNode | None = None

    @property
    def is_asserted(self) -> bool:
        return all(term == STATED for name, term in self.evidence or () if name == STATUS)


def statements(file: str, triples: Iterable[ox.Triple]) -> list[Statement]:
    """The statements of the triples of a file, in their order; BadData when a row of a sheet cannot hold one."""
    given = list(triples)
    about: dict[Node, list[ox.Triple]] = defaultdict(list)
    for triple in given:
        if triple.predicate == REIFIES and isinstance(triple.object, ox.Triple):
            about[triple.subject].append(triple.object)
    evidence: dict[Node, list[tuple[ox.NamedNode, Term]]] = defaultdict(list)
    for triple in given:
        if triple.subject in about and triple.predicate != REIFIES:
            evidence[triple.subject].append((triple.predicate, triple.object))
    plain = {triple for triple in given if triple.subject not in about}
    claimed = {fact for facts in about.values() for fact in facts}
    found = []
    for triple in given:
        if triple.subject not in about and triple not in claimed:
            found.append(Statement(triple))
        elif triple.predicate == REIFIES and isinstance(triple.object, ox.Triple):
            reifier = triple.subject if isinstance(triple.subject, ox.NamedNode) else None
            found.append(Statement(triple.object, tuple(evidence[triple.subject]), reifier))
    for one in found:
        _must_be_whole(file, one, one.fact in plain)
    return found


def _must_be_whole(file: str, one: Statement, is_asserted: bool) -> None:
    ends = (one.fact.subject, one.fact.object, *(term for _, term in one.evidence or ()))
    blank = any(isinstance(end, ox.BlankNode) for end in ends)
    if blank or one.is_asserted != is_asserted:
        raise BadData(fault("sheet-not-held", file=file, fact=said(one.fact)))


def opening_comment(text: str) -> str:
    """The comment at the beginning of a source file, without hash signs; its other comments are not in the graph."""
    lines = []
    for line in text.removeprefix("\ufeff").splitlines():
        if found := COMMENT.fullmatch(line.strip()):
            lines.append(found[1])
        elif lines or not line.upper().startswith("VERSION"):
            break
    return "\n".join(lines)
