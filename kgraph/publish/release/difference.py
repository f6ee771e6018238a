"""The difference between two graphs: as triples, by thing, in words, and as a patch."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from pathlib import Path

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.vocab import (
    CLAIM_LINKS,
    CLAIMS_GRAPH,
    DERIVED_FROM,
    KNOWN_UNKNOWN,
    OBJECT,
    ONTOLOGY_GRAPH,
    PREDICATE,
    PREFIXES,
    REFINES,
    ROW,
    STATED,
    STATUS,
    SUBJECT,
    TYPE,
    YIELDS_TO,
    short,
    split,
)
from kgraph.base.words import text
from kgraph.evidence.turtle import parse
from kgraph.graph.entity.cards import NAMING
from kgraph.graph.names.labels import Names, name, names
from kgraph.graph.statements.rows import METADATA
from kgraph.publish.pages.removed import LABEL, REMOVED_IN
from kgraph.rdf import files
from kgraph.rdf.store import STORE, graph, open_built

GRAPH_FILE = "sekg.nt"
"""The graph inside a release folder."""

CLAIMED, INFERRED = PREFIXES["claim"], PREFIXES["inference"]
"""The namespaces of claims with their evidence, and of inferences."""

Triples = frozenset[ox.Triple]
Fact = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]

HOW = ("appeared", "vanished", "changed")


@dataclass(frozen=True)
class Difference:
    """The triples that are only in the new graph, and those only in the old one."""

    added: Triples
    removed: Triples

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


@dataclass(frozen=True)
class Said:
    """A change of evidence: a source states the fact `now`, no `longer`, or in other `words`.

    It is `claimed` or `unclaimed` with a `status` that is not *stated*, or `yields` to another value. When
    claims are `linked` or `unlinked`, `other` is the other claim, and `link` says what this one is to it.
    """

    fact: Fact
    how: str
    source: ox.NamedNode
    status: ox.NamedNode = STATED
    link: ox.NamedNode | None = None
    other: tuple[Fact, ox.NamedNode] | None = None


@dataclass(frozen=True)
class _Claim:
    """A claim: its fact, source and status, whether its value yields to another, its links and all other triples."""

    fact: Fact
    source: ox.NamedNode
    status: ox.NamedNode
    yields: bool
    links: frozenset[tuple[ox.NamedNode, str]]
    own: Triples


Claims = Mapping[str, _Claim]
"""Claims by their hashes."""


@dataclass(frozen=True)
class Change:
    """A thing that `appeared`, `vanished` or `changed`, with its added and removed facts and changes of evidence."""

    thing: ox.NamedNode
    how: str
    added: tuple[Fact, ...]
    removed: tuple[Fact, ...]
    said: tuple[Said, ...]


def read(path: Path) -> Triples:
    """The triples of an RDF file, a build or a release; BadData or NotFound when it cannot be read.

    The graphs of a file are merged, without the ontology and yielding facts.
    """
    if (path / STORE).is_dir():
        return frozenset(graph(open_built(path), ox.DefaultGraph()))
    if path.is_dir():
        path = path / GRAPH_FILE
    quads = files.quads(path)
    claims = frozenset(quad.triple for quad in quads if quad.graph_name == CLAIMS_GRAPH)
    return frozenset(quad.triple for quad in quads if quad.graph_name != ONTOLOGY_GRAPH) - _yielding(claims)


def _yielding(claims: Triples) -> Triples:
    """The facts that yield; not from a store, which keeps numbers of all datatypes as xsd:integer."""
    records = (known for known, _ in _records(claims, CLAIMED).values() if YIELDS_TO in known)
    return frozenset(ox.Triple(*_fact(known)) for known in records)


def difference(old: Triples, new: Triples) -> Difference:
    return Difference(new - old, old - new)


def applied(old: Triples, change: Difference) -> Triples:
    """The new graph, from the old one and the difference."""
    return (old - change.removed) | change.added


def patch(change: Difference) -> bytes:
    """The difference as an RDF Patch (https://afs.github.io/rdf-patch/), sorted, deletions first."""
    lines = [
        f"{code} {triple.subject} {triple.predicate} {triple.object} ."
        for code, triples in (("D", change.removed), ("A", change.added))
        for triple in sorted(triples, key=str)
    ]
    return "\n".join(["TX .", *lines, "TC .\n"]).encode()


def changes(old: Triples, new: Triples) -> list[Change]:
    """The difference by thing: first those that appeared, then those that vanished, then those that changed."""
    return _changes(old, new, _claims(old), _claims(new))


def _changes(old: Triples, new: Triples, before: Claims, after: Claims) -> list[Change]:
    """The difference by thing, of graphs with known claims."""
    change = difference(old, new)
    came, went = _facts(change.added), _facts(change.removed)
    said = _said(old, new, before, after)
    were, are = _things(old), _things(new)
    found = [
        Change(thing, _how(thing in were, thing in are), tuple(came[thing]), tuple(went[thing]), tuple(said[thing]))
        for thing in {*came, *went, *said}
    ]
    return sorted(found, key=lambda one: (HOW.index(one.how), one.thing.value))


def _facts(triples: Triples) -> Mapping[ox.NamedNode, list[Fact]]:
    """The facts of each thing, without records of claims, of inferences and of the rows of registers."""
    found: dict[ox.NamedNode, list[Fact]] = defaultdict(list)
    for triple in sorted(triples, key=str):
        if isinstance(triple.subject, ox.NamedNode) and _is_told(triple.subject.value, triple.predicate):
            found[triple.subject].append((triple.subject, triple.predicate, triple.object))  # type: ignore[arg-type]
    return found


def _is_told(subject: str, predicate: ox.NamedNode) -> bool:
    return not subject.startswith((CLAIMED, INFERRED)) and ROW not in subject and predicate != METADATA


def _things(triples: Triples) -> frozenset[object]:
    """The nodes with a type; one that is only an object, or is recorded as removed, has none."""
    return frozenset(triple.subject for triple in triples if triple.predicate == TYPE)


def _how(was_there: bool, is_there: bool) -> str:
    return "changed" if was_there == is_there else "appeared" if is_there else "vanished"


def _said(old: Triples, new: Triples, before: Claims, after: Claims) -> Mapping[ox.NamedNode, list[Said]]:
    """The changes of claims whose facts did not change, and of the links between claims."""
    found: dict[ox.NamedNode, list[Said]] = defaultdict(list)
    for key in sorted({*before, *after}):
        claim = after.get(key) or before[key]
        is_kept = (ox.Triple(*claim.fact) in old) == (ox.Triple(*claim.fact) in new)
        if is_kept and (how := _how_said(before.get(key), after.get(key))):
            found[claim.fact[0]].append(Said(claim.fact, how, claim.source, claim.status))
    for how, some, others in (("linked", after, before), ("unlinked", before, after)):
        for said in _linked(how, some, others):
            found[said.fact[0]].append(said)
    return found


def _how_said(before: _Claim | None, after: _Claim | None) -> str | None:
    """How a claim changed, apart from its links; None when it did not."""
    claim = after or before
    assert claim
    if before and after and before.status == after.status:
        return "words" if before.own != after.own else None
    if claim.status != STATED:
        return "claimed" if after else "unclaimed"
    return "longer" if not after else "yields" if after.yields else "now"


def _linked(how: str, some: Claims, others: Claims) -> Iterator[Said]:
    """The links of claims that others have not; a link in both directions is told once."""
    for key, claim in sorted(some.items()):
        known = others[key].links if key in others else frozenset()
        for link, end in sorted(claim.links - known, key=str):
            is_back = link != REFINES and key > end and (link, key) in some[end].links if end in some else True
            if not is_back:
                other = some[end]
                yield Said(claim.fact, how, claim.source, claim.status, link, (other.fact, other.source))


def _claims(triples: Triples) -> Claims:
    """The claims that texts back; one of a register has no source of its own, but its row has."""
    records = _records(triples, CLAIMED).items()
    return {key: _claim(known, own) for key, (known, own) in records if DERIVED_FROM in known}


def _claim(known: Mapping[ox.NamedNode, object], own: list[ox.Triple]) -> _Claim:
    links = frozenset(
        (triple.predicate, triple.object.value.removeprefix(CLAIMED))
        for triple in own
        if triple.predicate in CLAIM_LINKS and isinstance(triple.object, ox.NamedNode)
    )
    rest = frozenset(triple for triple in own if triple.predicate not in (*CLAIM_LINKS, YIELDS_TO))
    status, source = known.get(STATUS, STATED), known[DERIVED_FROM]
    return _Claim(_fact(known), source, status, YIELDS_TO in known, links, rest)  # type: ignore[arg-type]


def _records(triples: Triples, prefix: str) -> Mapping[str, tuple[Mapping[ox.NamedNode, object], list[ox.Triple]]]:
    """The properties of each record under a prefix that names a fact, and its triples with those of its evidence."""
    own: dict[str, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode) and triple.subject.value.startswith(prefix):
            own[triple.subject.value.removeprefix(prefix).partition("-")[0]].append(triple)
    found = {record: ({one.predicate: one.object for one in parts}, parts) for record, parts in own.items()}
    return {record: known for record, known in found.items() if OBJECT in known[0]}


def _fact(record: Mapping[ox.NamedNode, object]) -> Fact:
    return record[SUBJECT], record[PREDICATE], record[OBJECT]  # type: ignore[return-value]


def words(old: Triples, new: Triples, lang: str = "en", versions: tuple[str, str] | None = None) -> str:
    """The difference as Markdown: the things that appeared, vanished and changed; with a title for given `versions`."""
    change = difference(old, new)
    title = [f"# {text(lang, 'changes.title', old=versions[0], new=versions[1])}"] if versions else []
    if not change:
        return "\n\n".join((*title, text(lang, "changes.same"))) + "\n"
    before, after, both = _claims(old), _claims(new), old | new
    nameless = _nameless(old, new)
    found, claims = _untold(_changes(old, new, before, after), nameless), {**before, **after}
    known = {triple for triple in old if triple.subject in nameless}
    called = _called(both - known, old ^ new, claims, found, lang)
    behind = _behind(both, claims, called, lang)
    unknown = {triple.subject for triple in both if (triple.predicate, triple.object) == (TYPE, KNOWN_UNKNOWN)}
    parts = [*title, text(lang, "changes.sum", added=len(change.added), removed=len(change.removed))]
    for how, group in groupby(found, key=lambda one: one.how):
        parts.append(f"## {text(lang, f'changes.{how}')}")
        parts += [_paragraph(alike, unknown, called, behind, lang) for alike in _alike(group, unknown)]
    return "\n\n".join(parts) + "\n"


def _nameless(old: Triples, new: Triples) -> frozenset[object]:
    """The things that the new graph remembers without the names they had: people, and what would reveal them."""
    gone = {triple.subject for triple in new if triple.predicate == REMOVED_IN}
    had = {triple.subject: triple.object for triple in old if triple.predicate in NAMING and triple.subject in gone}
    keeps = {triple.subject for triple in new if triple.predicate == LABEL and had.get(triple.subject) == triple.object}
    return frozenset(had.keys() - keeps)


def _untold(found: Iterable[Change], nameless: frozenset[object]) -> list[Change]:
    """The changes, without what was said of nameless things."""
    return [replace(one, added=(), removed=(), said=()) if one.thing in nameless else one for one in found]


def _called(triples: Triples, changed: Triples, claims: Claims, found: Iterable[Change], lang: str) -> Names:
    """The names of all changed terms and of what their claims say, from the bundled ontology and both graphs."""
    store = ox.Store()
    ontology = chain.from_iterable(map(parse, paths.folders().ontologies()))
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object, ONTOLOGY_GRAPH) for quad in ontology)
    store.bulk_extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    terms = {term for triple in changed for term in triple}
    by_iri = {CLAIMED + key: claim for key, claim in claims.items()}
    meant = {term: by_iri[term.value] for term in terms if isinstance(term, ox.NamedNode) and term.value in by_iri}
    said = [said for one in found for said in one.said]
    about = {part for one in said for part in (*one.fact, one.source, one.status, one.link)}
    others = {part for one in said if one.other for part in (*one.other[0], one.other[1])}
    told = {part for claim in meant.values() for part in (*claim.fact, claim.source)}
    called = names(store, terms | about | others | told, lang)
    return {**called, **{node: _claim_in_words(claim, called) for node, claim in meant.items()}}


def _claim_in_words(claim: _Claim, called: Names) -> str:
    return f"{name(called, claim.fact[0])}, {_sentence(claim.fact, called)} ({name(called, claim.source)})"


def _behind(triples: Triples, claims: Claims, called: Names, lang: str) -> Mapping[Fact, str]:
    """The support of each fact in words: the sources that state it, or that it was inferred."""
    said: dict[Fact, set[str]] = defaultdict(set)
    for claim in claims.values():
        said[claim.fact].add(name(called, claim.source))
    stated = {fact: f" ({text(lang, 'changes.said')}: {', '.join(sorted(by))})" for fact, by in said.items()}
    return {
        _fact(known): f" ({text(lang, 'changes.inferred')})" for known, _ in _records(triples, INFERRED).values()
    } | stated


MANY, NAMED = 4, 3
"""The least number of things with the same change that are told of together, and how many of them by name."""


def _alike(found: Iterable[Change], unknown: Container[object]) -> list[list[Change]]:
    """The changes; together those of many things of which the same facts came and went, and nothing else changed."""
    by_facts: dict[object, list[Change]] = defaultdict(list)
    for one in found:
        came, went = (tuple(fact[1:] for fact in facts) for facts in (one.added, one.removed))
        is_alone = one.said or not (came or went) or one.thing in unknown
        by_facts[one.thing if is_alone else (came, went)].append(one)
    groups = chain.from_iterable([some] if len(some) >= MANY else [[one] for one in some] for some in by_facts.values())
    return sorted(groups, key=lambda some: some[0].thing.value)


def _title(some: Sequence[Change], called: Names, lang: str) -> str:
    titles = [f"{name(called, one.thing)} ({short(one.thing.value)})" for one in some[:NAMED]]
    left = len(some) - len(titles)
    return text(lang, "cards.sentence.more", values="; ".join(titles), n=left) if left else titles[0]


def _paragraph(
    some: Sequence[Change], unknown: Container[object], called: Names, behind: Mapping[Fact, str], lang: str
) -> str:
    """What changed about a thing, or alike about many."""
    one, is_unknown = some[0], some[0].thing in unknown
    title = text(lang, "changes.unknown", name=name(called, one.thing)) if is_unknown else _title(some, called, lang)
    lines = [f"### {title}\n"]
    marked = [("−", fact) for fact in one.removed] + [("+", fact) for fact in one.added]
    lines += [
        f"- {mark} {_sentence(fact, called)}{behind.get(fact, '')}"
        for mark, fact in marked
        if not (is_unknown and fact[1] == TYPE)
    ]
    lines += (f"- {_sentence(said.fact, called)}: {_how_in_words(said, called, lang)}" for said in one.said)
    return "\n".join(lines)


def _how_in_words(said: Said, called: Names, lang: str) -> str:
    source, status = name(called, said.source), name(called, said.status)
    if said.link is None or said.other is None:
        return text(lang, f"changes.{said.how}", source=source, status=status)
    (about, *_), by = said.other
    own = "" if about == said.fact[0] else f"{name(called, about)}: "
    other = f"{own}{_sentence(said.other[0], called)} ({name(called, by)})"
    return text(lang, f"changes.{said.how}.{split(said.link.value)[1]}", source=source, other=other)


def _sentence(fact: Fact, called: Names) -> str:
    return f"{name(called, fact[1])} → {name(called, fact[2])}"
