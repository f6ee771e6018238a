"""Offices: who held which post in which organisation, from when until when, and who held it later."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.wording import dated
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value


@dataclass(frozen=True)
class Span:
    """The first and the last known day or year, empty if unknown; whether it began and ended on these."""

    first: str = ""
    last: str = ""
    has_begun: bool = False
    has_ended: bool = False

    def told(self, lang: str) -> str:
        """The span in words: what is attested, and that an end is not known."""
        key = "begun" if self.has_begun else "attested"
        key += " ended" if self.has_ended else ""
        key += " once" if self.first[:10] == self.last[:10] else ""
        if not self.first:
            return words.text(lang, "cards.spans.undated")
        return words.text(lang, f"cards.spans.{key}", first=dated(self.first, lang), last=dated(self.last, lang))


@dataclass(frozen=True)
class Office:
    """A membership with its roles and span; `later` are those who held one of its `posts` after its last known day."""

    membership: Value
    member: Value
    organisation: Value
    posts: tuple[Value, ...] = ()
    roles: tuple[Value, ...] = ()
    span: Span = field(default_factory=Span)
    later: tuple[Value, ...] = ()

    @property
    def ends(self) -> frozenset[Value]:
        """The member, the organisation and the posts."""
        return frozenset((self.member, self.organisation, *self.posts))

    def terms(self) -> Iterable[Value]:
        return (self.membership, *self.ends, *self.roles, *self.later)


def offices(store: ox.Store, things: Sequence[ox.NamedNode]) -> Mapping[Value, Mapping[Value, Office]]:
    """The memberships that the card of each thing tells of, and those of later holders of the same posts."""
    members: dict[Value, Value] = {}
    held: dict[Value, dict[Value, dict[bool, list[Value]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for thing, membership, member, place, is_post in sparql.named(store, "offices", thing=things):
        held[thing][membership][is_post.value == "true"].append(place)
        members[membership] = member
    parts = _parts(store, list(members)) if members else {}

    def of(own: Mapping[Value, Mapping[bool, Sequence[Value]]]) -> Mapping[Value, Office]:
        found = [
            Office(
                one, members[one], places[False][0], tuple(places[True]), tuple(parts[one]["role"]), _span(parts[one])
            )
            for one, places in own.items()
            if places[False]
        ]
        return {office.membership: _with_later(office, found) for office in sorted(found, key=_when)}

    return {thing: of(own) for thing, own in held.items()}


def _parts(store: ox.Store, memberships: Sequence[Value]) -> Mapping[Value, Mapping[str, Sequence[Value]]]:
    """The roles and days of memberships, by the part that they are in the answer of the query `spans`."""
    parts: dict[Value, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for membership, part, value in sparql.named(store, "spans", membership=memberships):
        parts[membership][part.value].append(value)
    return parts


def _when(office: Office) -> tuple[bool, str, str]:
    """The order of offices: the latest beginning first, those without a date last."""
    return not office.span.first, "".join(chr(0x10FFFF - ord(sign)) for sign in office.span.first), str(office.member)


def _span(parts: Mapping[str, Sequence[Value]]) -> Span:
    """The span of a membership, as dates.rq has it."""
    begun, ended, seen = (
        sorted(value.value for value in parts.get(part, ())) for part in ("from", "until", "attested")
    )
    first, last = _precise(begun, min), _precise(ended, max)
    known = [*seen, first, last]
    attested = sorted(filter(None, known))
    if not attested:
        return Span()
    return Span(first or attested[0], last or attested[-1], bool(first), bool(last))


def _precise(days: Sequence[str], choose: Callable[[Sequence[str]], str]) -> str:
    """The first or the last of some days and years; a day rather than its year."""
    precise = [day for day in days if not any(other != day and other.startswith(day) for other in days)]
    return choose(precise) if precise else ""


def _with_later(office: Office, others: Iterable[Office]) -> Office:
    """The office with those who held one of its posts after its last known day, in the order of time."""
    same = [
        other
        for other in others
        if other.member != office.member and {*other.posts} & {*office.posts} and other.span.first > office.span.last
    ]
    later = dict.fromkeys(other.member for other in sorted(same, key=lambda other: other.span.first))
    return replace(office, later=tuple(later) if office.span.last else ())
