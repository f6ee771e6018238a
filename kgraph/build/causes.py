"""Problems by their causes: what only follows from another problem is not told."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from kgraph.base import vocab
from kgraph.base.problems import Problem
from kgraph.rdf.terms import said

IMPOSSIBLE = frozenset(("no-such-day", "no-such-month"))
"""The codes of days that no calendar has."""


def by_cause(found: Iterable[Problem]) -> list[Problem]:
    """The problems, without those that only follow from a thing that nothing describes, which takes their advice."""
    problems = _by_day(found)
    causes = {each.node for each in problems if each.code == "unlabelled"}
    clashing = {each.node for each in problems if each.code == "disjoint"}
    untagged = {each.node for each in problems if "DatatypeConstraint" in each.rule and _is_named(each)}
    following: dict[str, list[Problem]] = defaultdict(list)
    dropped = set()
    for each in problems:
        values = {words.split(" ", 2)[2] for _, words in each.facts if words.count(" ") > 1}
        if each.code == "shape" and len(values) == 1 and values <= causes:
            following[min(values)].append(each)
            dropped.add(id(each))
        elif ("ClassConstraint" in each.rule and each.node in clashing) or (
            "QualifiedMinCount" in each.rule and each.node in untagged
        ):
            dropped.add(id(each))
    kept = (each for each in problems if id(each) not in dropped)
    return [each.advised(*_more(each, following[each.node])) if each.code == "unlabelled" else each for each in kept]


def _is_named(problem: Problem) -> bool:
    """Whether the fact at fault is a name."""
    return any(f" {said(vocab.PREF_LABEL)} " in words for _, words in problem.facts)


def _more(cause: Problem, following: Iterable[Problem]) -> list[Problem]:
    """The advice on what follows that the cause has not."""
    return [each for each in dict.fromkeys(a for one in following for a in one.advice) if each not in cause.advice]


def _by_day(found: Iterable[Problem]) -> list[Problem]:
    """The problems; an impossible day of a thing is one, without what follows from it."""
    problems = list(found)
    days: dict[tuple[str, object], list[Problem]] = defaultdict(list)
    for each in problems:
        if each.code in IMPOSSIBLE:
            days[each.node, dict(each.values)["day"]].append(each)
    return [_of_day(told) for told in days.values()] + [
        each
        for each in problems
        if each.code not in IMPOSSIBLE and not any((each.node, value) in days for _, value in each.values)
    ]


def _of_day(told: list[Problem]) -> Problem:
    """One problem for a day of a thing that stands in several facts."""
    names = ", ".join(dict.fromkeys(str(dict(each.values)["property"]) for each in told))
    values = dict(told[0].values) | {"property": names}
    facts = tuple(dict.fromkeys(fact for each in told for fact in each.facts))
    return replace(told[0], values=tuple(sorted(values.items())), facts=facts, rule="")


CHOOSING = frozenset(("many-places", "no-such-place"))
"""The codes of quotes that leave a choice of places, with a list of these."""


def once(found: Iterable[Problem]) -> list[Problem]:
    """The located problems; facts with the same words, which leave the same choice of places, are one."""
    groups: dict[object, list[Problem]] = defaultdict(list)
    for number, each in enumerate(found):
        groups[(each.file, each.code, each.values) if each.code in CHOOSING else number].append(each)
    return [_joined(group) for group in groups.values()]


def _joined(group: list[Problem]) -> Problem:
    """One problem with the facts and the places of several."""
    files, nodes = (", ".join(getattr(each, name) for each in group) for name in ("file", "node"))
    return replace(group[0], file=files, node=nodes, places=tuple(place for each in group for place in each.places))
