"""Facts with their evidence: the passages in sources, or the rule that inferred them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.text import quoted
from kgraph.base.vocab import ABRIDGED, CLAIMS_GRAPH, END, EXACT, START, STATED, YIELDS_TO, term
from kgraph.graph.statements import rows
from kgraph.rdf import sparql
from kgraph.rdf.backward import Ways
from kgraph.rdf.sparql import Value

Triple = tuple[Value, Value, Value]
"""The subject, predicate and object of a fact."""


@dataclass(frozen=True, order=True)
class Passage:
    """Characters and words in a source, None where they are unknown; `copy_of` is the original of a copied text.

    In a register, the words are those of cells in a row; the header is row 1, and columns count from 1.
    """

    source: str
    status: str
    start: int | None
    end: int | None
    words: str | None
    copy_of: str | None = None
    row: int | None = None
    columns: tuple[int, ...] = ()

    @property
    def fragment(self) -> str:
        """The cells in a register as a fragment of its file (RFC 7111, section 2.3)."""
        return f"cell={';'.join(f'{self.row},{column}' for column in self.columns)}" if self.columns else ""

    @property
    def is_stated(self) -> bool:
        return self.status == STATED.value

    def told(self, lang: str) -> str:
        """The words in quotation marks, and where they stand: the row of a table, or the characters of a text."""
        if self.words is None:
            return words.text(lang, "common.noWording")
        where = f"{words.text(lang, 'cards.row')} {self.row}" if self.row is not None else ""
        if not where and self.start is not None:
            where = f"{words.text(lang, 'cards.characters')} {self.start}–{self.end}"
        return quoted(self.words, lang) + (f" ({where})" if where else "")

    def order(self) -> tuple[str, int, str]:
        return (self.source, self.row or self.start or 0, self.words or "")


@dataclass(frozen=True)
class Fact:
    """A triple, its passages, and its rule if no source states it.

    A stated fact `yields` when the default graph has another value of its single-valued property.
    """

    subject: ox.NamedNode
    predicate: ox.NamedNode
    object: Value
    passages: tuple[Passage, ...]
    rule: str | None
    yields: bool = False

    @property
    def triple(self) -> Triple:
        return self.subject, self.predicate, self.object

    @property
    def values(self) -> tuple[str, str, str]:
        """The triple as strings."""
        return self.subject.value, self.predicate.value, self.object.value

    @property
    def asserted(self) -> bool:
        """Whether a source states it; False for inferred facts and those only recorded, such as opinions."""
        return any(passage.is_stated for passage in self.passages)

    @property
    def status(self) -> ox.NamedNode | None:
        """The status with which it is only recorded, such as status:planned; None for an asserted or inferred fact."""
        if self.asserted or not self.passages:
            return None
        return ox.NamedNode(min(passage.status for passage in self.passages))

    @property
    def witnesses(self) -> frozenset[str]:
        """The sources that say it; copies count as their original."""
        return witnesses(self.passages)


def by_source(passages: Iterable[Passage]) -> list[list[Passage]]:
    """Passages in their order, by source and status."""
    found: dict[tuple[str, str], list[Passage]] = {}
    for passage in passages:
        found.setdefault((passage.source, passage.status), []).append(passage)
    return list(found.values())


def witnesses(passages: Iterable[Passage]) -> frozenset[str]:
    """The sources of some passages; copies count as their original."""
    return frozenset(passage.copy_of or passage.source for passage in passages)


@dataclass(frozen=True)
class Claim:
    """A triple in a source, with the IRI of its record and a status such as `status:stated`.

    It `yields` when the default graph has another value. In a register it has a `row` and the words of its cells.
    """

    record: Value
    triple: Triple
    status: Value
    source: Value
    yields: bool = False
    row: int | None = None
    words: str | None = None
    columns: tuple[int, ...] = ()


@dataclass(frozen=True)
class Statements:
    """Claims, and inferred triples with the rule that gave each; `is_cut` when there may be more of them."""

    claims: Sequence[Claim]
    rules: Mapping[Triple, str]
    is_cut: bool = False


UNRECORDED = "…"
"""Stands for the rule of an inference without a record; `with_rules` and `reasons` find the rule."""


def facts(store: ox.Store, about: Sequence[ox.NamedNode] | None = None) -> list[Fact]:
    """All facts, or those with one of some things at either end, in a stable order."""
    found = statements(store, about)
    return _facts(store, found, is_all=about is None)


Along = tuple[list[Fact], list[Fact], bool]
"""The facts of a thing, those of things near it, and whether some are cut."""


def facts_along(
    store: ox.Store,
    thing: ox.NamedNode,
    near: Collection[Value],
    predicates: Collection[Value],
    most: int | None = None,
) -> Along:
    """The facts of a thing, and those of some relations of things near it, in a stable order; whether some are cut.

    They rest on at most so many statements, of which those with the thing as their subject come first.
    """
    found = statements(store, [thing, *(node for node in near if isinstance(node, ox.NamedNode))], most)

    def is_wanted(triple: Triple) -> bool:
        return thing in (triple[0], triple[2]) or triple[1] in predicates

    claims = [claim for claim in found.claims if is_wanted(claim.triple)]
    rules = {triple: rule for triple, rule in found.rules.items() if is_wanted(triple)}
    known = _facts(store, Statements(claims, rules))
    own = [fact for fact in known if thing in (fact.subject, fact.object)]
    return own, [fact for fact in known if thing not in (fact.subject, fact.object)], found.is_cut


def with_rules(known: Iterable[Fact], ways: Callable[[], Ways]) -> list[Fact]:
    """Facts with the rules of those inferences that have no record; `ways` is called where there is any."""
    return [replace(fact, rule=_rule(fact, ways())) if fact.rule == UNRECORDED else fact for fact in known]


def _rule(fact: Fact, ways: Ways) -> str:
    return ways.rule(ox.Triple(fact.subject, fact.predicate, fact.object)) or UNRECORDED


def by_end(known: Iterable[Fact]) -> Mapping[Value, Sequence[Fact]]:
    """The facts of each thing and value, in their order."""
    found: dict[Value, list[Fact]] = defaultdict(list)
    for fact in known:
        for end in {fact.subject, fact.object}:
            found[end].append(fact)
    return found


def along_of(
    known: Mapping[Value, Sequence[Fact]], thing: ox.NamedNode, near: Collection[Value], predicates: Collection[Value]
) -> Along:
    """What `facts_along` gives, from all facts by their ends."""
    own = known.get(thing, ())
    beside = {
        fact.triple: fact
        for node in near
        for fact in known.get(node, ())
        if fact.predicate in predicates and thing not in (fact.subject, fact.object)
    }
    return [*own], [beside[triple] for triple in sorted(beside, key=_order)], False


def _order(triple: Triple) -> tuple[str, ...]:
    return tuple(map(str, triple))


def left_of(store: ox.Store, thing: ox.NamedNode, shown: Iterable[Fact]) -> dict[Value, int]:
    """How many facts with the thing as their object there are beside those that are shown, by their predicates."""
    known: Counter[Value] = Counter(
        fact.predicate for fact in shown if fact.object == thing and (fact.asserted or fact.rule)
    )
    counts = sparql.named(store, "incoming-counts", thing=thing)
    left = {predicate: int(count.value) - known[predicate] for predicate, count in counts if predicate in known}
    return {predicate: count for predicate, count in left.items() if count > 0}


def said_by(store: ox.Store, source: ox.NamedNode, most: int | None = None) -> list[Fact]:
    """The facts of a source with their passages in it, in a stable order; of a register at most some."""
    written = _statements(sparql.named(store, "claims", source=source))
    return _facts(store, _with_rows(store, written, islice(rows.every(store, source), most)))


def statements(store: ox.Store, about: Sequence[ox.NamedNode] | None = None, most: int | None = None) -> Statements:
    """All claims and inferences, or those with one of some things at either end: at most so many in all."""
    if about is None:
        found = _statements((*sparql.named(store, "claims"), *sparql.named(store, "inferred")))
        found = _with_rows(store, found, rows.every(store))
        unrecorded = ((one, link, other) for one, link, other in sparql.named(store, "inferred-unrecorded"))
        return replace(found, rules={**dict.fromkeys(unrecorded, UNRECORDED), **found.rules})
    known = list(islice(sparql.named(store, "statements", focus=about), most))
    found = _statements(row[:-1] for row in known if not row[-1].value)
    found = _with_rows(store, found, rows.worked_out(store, _of_rows(known)))
    return replace(found, is_cut=len(known) == most)


def _of_rows(known: Iterable[tuple[Value, ...]]) -> Iterator[tuple[Value, ...]]:
    """Those statements that rows of registers make, as `rows.worked_out` takes them."""
    for record, *parts, _, source, _, cells in known:
        if cells.value:
            yield (*parts, source, record, cells)


def _statements(rows: Iterable[tuple[Value, ...]]) -> Statements:
    claims: list[Claim] = []
    rules: dict[Triple, str] = {}
    for record, *parts, how, source, yields in rows:
        subject, predicate, object_ = parts
        triple = subject, predicate, object_
        if not isinstance(how, ox.Literal):
            claims.append(Claim(record, triple, how, source, yields.value == "true"))
        elif how.value != UNRECORDED or triple not in rules:
            rules[triple] = how.value
    return Statements(claims, rules)


def _with_rows(store: ox.Store, written: Statements, found: Iterable[rows.RowFact]) -> Statements:
    """Statements with the claims of registers."""
    stated = list(found)
    if not stated:
        return written
    gone = {quad.subject for quad in store.quads_for_pattern(None, YIELDS_TO, None, CLAIMS_GRAPH)}
    claims = (
        Claim(one.claim, one.triple, STATED, one.source, one.claim in gone, one.row, one.words, one.columns)
        for one in stated
    )
    return Statements([*written.claims, *claims], written.rules)


def _facts(store: ox.Store, found: Statements, *, is_all: bool = False) -> list[Fact]:
    """The facts of statements, with their evidence; `is_all` when they are all that the store has."""
    which = {} if is_all else {"record": [claim.record for claim in found.claims if claim.row is None]}
    passages: dict[Triple, set[Passage]] = defaultdict(set)
    texts = _texts(sparql.named(store, "evidence", **which)) if is_all or which["record"] else {}
    originals = {copy: original.value for copy, original in sparql.named(store, "copies")} if found.claims else {}
    for claim in found.claims:
        for text in texts.get(claim.record, [(None, None, claim.words)]):
            of, where = originals.get(claim.source), (claim.row, claim.columns)
            passage = Passage(claim.source.value, claim.status.value, *text, of, *where)
            passages[claim.triple].add(passage)
    gone = {claim.triple for claim in found.claims if claim.yields}
    return [
        Fact(*triple, tuple(sorted(passages[triple], key=Passage.order)), found.rules.get(triple), triple in gone)  # type: ignore[arg-type]
        for triple in sorted({*passages, *found.rules}, key=_order)
    ]


Text = tuple[int | None, int | None, str | None]
"""The first and last character in a source, if known, and the words."""


def _texts(rows: Iterable[tuple[Value, ...]]) -> Mapping[Value, list[Text]]:
    """The texts of each claim that has any."""
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
"""Relations that hold as long as a membership: posts held, members, office holders."""

Tenures = Mapping[frozenset[str], Set[str]]
"""The memberships by member and organisation, in either order."""


def tenures(store: ox.Store, triples: Iterable[Triple], *things: str) -> Tenures:
    """The memberships of some things and of both ends of lasting facts."""
    members = {end.value for one, predicate, other in triples if predicate in LASTING for end in (one, other)}
    found: dict[frozenset[str], set[str]] = defaultdict(set)
    asked = [ox.NamedNode(iri) for iri in sorted(members.union(things))]
    for member, organisation, membership in sparql.named(store, "tenures", member=asked) if asked else ():
        found[frozenset((member.value, organisation.value))].add(membership.value)
    return found


def behind(triple: Triple, known: Tenures) -> tuple[str, ...]:
    """The memberships that a fact follows from; empty for relations that are not lasting."""
    subject, predicate, object_ = triple
    return tuple(sorted(known.get(frozenset((subject.value, object_.value)), ()))) if predicate in LASTING else ()


def lapsed(memberships: Collection[str], gone: Set[str]) -> bool:
    """Whether a fact follows from memberships and all of them are gone."""
    return bool(memberships) and gone >= set(memberships)
