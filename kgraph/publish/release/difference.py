"""The difference between two graphs: as triples, by thing, in words, and as a patch."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.vocab import (
    CLAIMS_GRAPH,
    DERIVED_FROM,
    OBJECT,
    ONTOLOGY_GRAPH,
    PREDICATE,
    PREFIXES,
    SUBJECT,
    TYPE,
    YIELDS_TO,
    short,
)
from kgraph.base.words import text
from kgraph.evidence.turtle import parse
from kgraph.graph.labels import Names, name, names
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
    """A change of evidence: a source states the fact `now`, no `longer`, or in other `words`."""

    fact: Fact
    how: str
    source: ox.NamedNode


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
    change = difference(old, new)
    came, went = _facts(change.added), _facts(change.removed)
    said = _said(old, new)
    before, after = _things(old), _things(new)
    found = [
        Change(thing, _how(thing in before, thing in after), tuple(came[thing]), tuple(went[thing]), tuple(said[thing]))
        for thing in {*came, *went, *said}
    ]
    return sorted(found, key=lambda one: (HOW.index(one.how), one.thing.value))


def _facts(triples: Triples) -> Mapping[ox.NamedNode, list[Fact]]:
    found: dict[ox.NamedNode, list[Fact]] = defaultdict(list)
    for triple in sorted(triples, key=str):
        if isinstance(triple.subject, ox.NamedNode) and not triple.subject.value.startswith((CLAIMED, INFERRED)):
            found[triple.subject].append((triple.subject, triple.predicate, triple.object))  # type: ignore[arg-type]
    return found


def _things(triples: Triples) -> frozenset[object]:
    """The nodes with a type; one that is only an object, or is recorded as removed, has none."""
    return frozenset(triple.subject for triple in triples if triple.predicate == TYPE)


def _how(was_there: bool, is_there: bool) -> str:
    return "changed" if was_there == is_there else "appeared" if is_there else "vanished"


def _said(old: Triples, new: Triples) -> Mapping[ox.NamedNode, list[Said]]:
    """The changes of claims whose facts did not change."""
    before, after = _claims(old), _claims(new)
    found: dict[ox.NamedNode, list[Said]] = defaultdict(list)
    for claim in sorted({*before, *after}):
        fact, source = (after.get(claim) or before[claim])[:2]
        if before.get(claim) != after.get(claim) and (ox.Triple(*fact) in old) == (ox.Triple(*fact) in new):
            how = "longer" if claim not in after else "now" if claim not in before else "words"
            found[fact[0]].append(Said(fact, how, source))
    return found


def _claims(triples: Triples) -> Mapping[str, tuple[Fact, ox.NamedNode, Triples]]:
    """Each claim with its fact, its source, and all triples of it and its evidence."""
    records = _records(triples, CLAIMED)
    return {claim: (_fact(known), known[DERIVED_FROM], frozenset(own)) for claim, (known, own) in records.items()}  # type: ignore[misc]


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
    called = _called(old, new, lang)
    behind = _behind(old | new, called, lang)
    parts = [*title, text(lang, "changes.sum", added=len(change.added), removed=len(change.removed))]
    for how, group in groupby(changes(old, new), key=lambda one: one.how):
        parts += [f"## {text(lang, f'changes.{how}')}", *(_paragraph(one, called, behind, lang) for one in group)]
    return "\n\n".join(parts) + "\n"


def _called(old: Triples, new: Triples, lang: str) -> Names:
    """The names of all changed terms, from the bundled ontology and both graphs."""
    store = ox.Store()
    ontology = chain.from_iterable(map(parse, paths.folders().ontologies()))
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object, ONTOLOGY_GRAPH) for quad in ontology)
    store.bulk_extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in old | new)
    return names(store, {term for triple in old ^ new for term in triple}, lang)


def _behind(triples: Triples, called: Names, lang: str) -> Mapping[Fact, str]:
    """The support of each fact in words: the sources that state it, or that it was inferred."""
    said: dict[Fact, set[str]] = defaultdict(set)
    for fact, source, _ in _claims(triples).values():
        said[fact].add(name(called, source))
    stated = {fact: f" ({text(lang, 'changes.said')}: {', '.join(sorted(by))})" for fact, by in said.items()}
    return {
        _fact(known): f" ({text(lang, 'changes.inferred')})" for known, _ in _records(triples, INFERRED).values()
    } | stated


def _paragraph(one: Change, called: Names, behind: Mapping[Fact, str], lang: str) -> str:
    marked = [("−", fact) for fact in one.removed] + [("+", fact) for fact in one.added]
    lines = [f"### {name(called, one.thing)} ({short(one.thing.value)})\n"]
    lines += (f"- {mark} {_sentence(fact, called)}{behind.get(fact, '')}" for mark, fact in marked)
    for said in one.said:
        how = text(lang, f"changes.{said.how}")
        lines.append(f"- {_sentence(said.fact, called)}: {how} {name(called, said.source)}")
    return "\n".join(lines)


def _sentence(fact: Fact, called: Names) -> str:
    return f"{name(called, fact[1])} → {name(called, fact[2])}"
