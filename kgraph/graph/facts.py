"""Facts with what stands behind them: the passages where sources say them, or the rule that inferred them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.vocab import ABRIDGED, END, EXACT, START, STATED, term
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value

Triple = tuple[Value, Value, Value]
"""The subject, predicate and object of a fact."""


@dataclass(frozen=True, order=True)
class Passage:
    """Where a source says something: characters and words are None when the wording is not at hand.

    `copy_of` is the source whose text this one repeats, if it is a copy.
    """

    source: str
    status: str
    start: int | None
    end: int | None
    words: str | None
    copy_of: str | None = None

    @property
    def is_stated(self) -> bool:
        return self.status == STATED.value

    def order(self) -> tuple[str, int, str]:
        return (self.source, self.start or 0, self.words or "")


@dataclass(frozen=True)
class Fact:
    """A triple, the passages that say it, and the rule that inferred it if no source states it."""

    subject: ox.NamedNode
    predicate: ox.NamedNode
    object: Value
    passages: tuple[Passage, ...]
    rule: str | None

    @property
    def triple(self) -> Triple:
        return self.subject, self.predicate, self.object

    @property
    def values(self) -> tuple[str, str, str]:
        """The triple as text, without what kind of term each is."""
        return self.subject.value, self.predicate.value, self.object.value

    @property
    def asserted(self) -> bool:
        """Whether a source states it; False for what is inferred, and for what is said without being asserted."""
        return any(passage.is_stated for passage in self.passages)

    @property
    def witnesses(self) -> frozenset[str]:
        """The sources that say it; passages in one source, and copies of one text, are one witness."""
        return witnesses(self.passages)


def witnesses(passages: Iterable[Passage]) -> frozenset[str]:
    """The sources of some passages; copies of one text are one witness."""
    return frozenset(passage.copy_of or passage.source for passage in passages)


@dataclass(frozen=True)
class Claim:
    """The record of what a source says, and how, such as `status:stated`."""

    record: Value
    triple: Triple
    status: Value
    source: Value


@dataclass(frozen=True)
class Statements:
    """Claims, and inferred triples with the rule that gave each."""

    claims: Sequence[Claim]
    rules: Mapping[Triple, str]


UNRECORDED = "…"
"""Stands for the rule in a build that keeps no records of inferences; `reasons` works out which it is."""


def facts(store: ox.Store, about: Sequence[ox.NamedNode] | None = None) -> list[Fact]:
    """The facts that have one of the things at either end, or all facts, in a stable order."""
    found = statements(store, about)
    return _facts(store, found, {} if about is None else _records(found))


def said_by(store: ox.Store, source: ox.NamedNode) -> list[Fact]:
    """What a source says, each fact with its passages in this source only, in a stable order."""
    found = _statements(sparql.named(store, "claims", source=source))
    return _facts(store, found, _records(found))


def statements(store: ox.Store, about: Sequence[ox.NamedNode] | None = None) -> Statements:
    """What is said and inferred with one of the things at either end, or altogether."""
    if about is None:
        found = _statements((*sparql.named(store, "claims"), *sparql.named(store, "inferred")))
    else:
        found = _statements(sparql.named(store, "statements", focus=about))
    return found if found.rules else Statements(found.claims, dict.fromkeys(_unrecorded(store, about), UNRECORDED))


def _statements(rows: Iterable[tuple[Value, ...]]) -> Statements:
    claims, rules = [], {}
    for record, *parts, how, source in rows:
        subject, predicate, object_ = parts
        if isinstance(how, ox.Literal):
            rules[subject, predicate, object_] = how.value
        else:
            claims.append(Claim(record, (subject, predicate, object_), how, source))
    return Statements(claims, rules)


def _unrecorded(store: ox.Store, about: Sequence[ox.NamedNode] | None) -> Iterator[Triple]:
    """What was inferred, where no records are kept."""
    for ends in [{}] if about is None else [{"subject": about}, {"object": about}]:
        yield from ((one, link, other) for one, link, other in sparql.named(store, "inferred-unrecorded", **ends))


def _records(found: Statements) -> Mapping[str, Sequence[Value]]:
    return {"record": [claim.record for claim in found.claims]}


def _facts(store: ox.Store, found: Statements, which: Mapping[str, Sequence[Value]]) -> list[Fact]:
    """The facts that statements make, with the evidence of some records, or of all."""
    passages: dict[Triple, set[Passage]] = defaultdict(set)
    texts = _texts(sparql.named(store, "evidence", **which)) if found.claims else {}
    originals = {copy: original.value for copy, original in sparql.named(store, "copies")} if found.claims else {}
    for claim in found.claims:
        for text in texts.get(claim.record, [(None, None, None)]):
            passage = Passage(claim.source.value, claim.status.value, *text, originals.get(claim.source))
            passages[claim.triple].add(passage)
    return [
        Fact(*triple, tuple(sorted(passages[triple], key=Passage.order)), found.rules.get(triple))  # type: ignore[arg-type]
        for triple in sorted({*passages, *found.rules}, key=lambda triple: tuple(map(str, triple)))
    ]


Text = tuple[int | None, int | None, str | None]
"""The first and last character of some words in a source, if they are known, and the words."""


def _texts(rows: Iterable[tuple[Value, ...]]) -> Mapping[Value, list[Text]]:
    """The texts behind each claim that has any."""
    selected: dict[tuple[Value, Value], dict[Value, list[str]]] = defaultdict(lambda: defaultdict(list))
    for record, passage, part, value in rows:
        selected[record, passage][part].append(value.value)
    texts: dict[Value, list[Text]] = defaultdict(list)
    for (record, _), parts in selected.items():
        start, end = (int(parts[bound][0]) if parts[START] and parts[END] else None for bound in (START, END))
        texts[record] += [(start, end, words) for words in (*parts[EXACT], *parts[ABRIDGED])]
    return texts


LASTING = frozenset(
    map(term, ["org:holds", "org:heldBy", "org:memberOf", "org:hasMember", "se:memberOf", "se:hasOfficeHolder"])
)
"""Relations that hold while a membership lasts: who holds a post, who belongs to an organisation or runs it."""

Tenures = Mapping[frozenset[str], Set[str]]
"""The memberships that join two things, by these two in either order."""


def tenures(store: ox.Store, triples: Iterable[Triple], *things: str) -> Tenures:
    """The memberships of some things and of the ends of lasting facts, of which either may be the member."""
    members = {end.value for one, predicate, other in triples if predicate in LASTING for end in (one, other)}
    found: dict[frozenset[str], set[str]] = defaultdict(set)
    asked = [ox.NamedNode(iri) for iri in sorted(members.union(things))]
    for member, organisation, membership in sparql.named(store, "tenures", member=asked) if asked else ():
        found[frozenset((member.value, organisation.value))].add(membership.value)
    return found


def behind(triple: Triple, known: Tenures) -> tuple[str, ...]:
    """The memberships that a fact follows from; none for a fact that does not end with them."""
    subject, predicate, object_ = triple
    return tuple(sorted(known.get(frozenset((subject.value, object_.value)), ()))) if predicate in LASTING else ()


def lapsed(memberships: Collection[str], gone: Set[str]) -> bool:
    """Whether a fact did not hold: it follows from memberships, and all of them had ended or had not begun."""
    return bool(memberships) and gone >= set(memberships)
