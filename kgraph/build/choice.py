"""The values of a property that stand in the default graph, where sources give others too.

A property of `shape:SingleValued` has one; of one of `shape:OfLatestEdition`, what a register said before its latest
edition is gone. The rules stand in docs/ontology.md. The other values stay in the graphs of their sources, and their
claims yield to those of the chosen ones (`se:yieldsTo`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kgraph.base.problems import Problem
from kgraph.base.vocab import (
    BASE,
    CLAIMS_GRAPH,
    EDITORIAL_GRAPH,
    INFERRED_GRAPH,
    KINDS_GRAPH,
    OBJECT,
    ONTOLOGY_GRAPH,
    PREDICATE,
    REFINES,
    SUBJECT,
    YIELDS_TO,
    term,
)
from kgraph.build.consistency import Files
from kgraph.build.shapes import broken
from kgraph.evidence.claims import claim_iri
from kgraph.evidence.turtle import parse
from kgraph.rdf import encoding
from kgraph.rdf.encoding import Facts
from kgraph.rdf.terms import Node, Term

SINGLE_VALUED, OF_LATEST = (ox.NamedNode(f"{BASE}shape/{name}") for name in ("SingleValued", "OfLatestEdition"))
CURATOR = term("source:curator")
VALID = term("dcterms:valid")
NOT_OF_SOURCES = {ox.DefaultGraph(), ONTOLOGY_GRAPH, KINDS_GRAPH, CLAIMS_GRAPH, EDITORIAL_GRAPH, INFERRED_GRAPH}

PRECISION = {term(f"xsd:{name}"): rank for rank, name in enumerate(("gMonthDay", "gYear", "gYearMonth", "date"))}
"""Datatypes of days by how much they say."""

ORDER = {
    **dict.fromkeys(map(term, ("se:earliest", "se:validFrom", "se:fromYear")), 0),
    term("se:date"): 1,
    **dict.fromkeys(map(term, ("se:latest", "se:validUntil", "se:untilYear")), 2),
}
"""Properties of days; none of a lower number is after one of a higher number, equal numbers name one day."""

Attested = Mapping[Term, set[ox.NamedNode]]
"""The values of a property, each with the sources that state it."""

Editions = Mapping[ox.NamedNode, str]
"""The sources that are editions of registers, with the names of the registers; they sort by day."""


class Properties(NamedTuple):
    """The properties of which not all values stand in the default graph, sorted."""

    single: Sequence[ox.NamedNode]
    of_latest: Sequence[ox.NamedNode]


def properties(shapes: Path) -> Properties:
    """The properties of `shape:SingleValued` and `shape:OfLatestEdition`; none without such shapes."""
    objects: dict[tuple[object, str], list[Term]] = defaultdict(list)
    for quad in parse(shapes) if shapes.is_file() else ():
        objects[quad.subject, quad.predicate.value].append(quad.object)

    def of(shape: ox.NamedNode) -> list[ox.NamedNode]:
        parts = objects[shape, term("sh:property").value]
        found = (path for part in parts for path in objects[part, term("sh:path").value])
        return sorted((path for path in found if isinstance(path, ox.NamedNode)), key=str)

    return Properties(of(SINGLE_VALUED), of(OF_LATEST))


def repeated(
    store: ox.Store, properties: Iterable[ox.NamedNode], shapes: Path, files: Files, validator: str
) -> Iterator[Problem]:
    """A problem for each of these properties with several values in the default graph; the shapes give its words."""
    quads = (store.quads_for_pattern(None, name, None, ox.DefaultGraph()) for name in properties)
    facts = Facts()
    encoding.read(facts, (encoding.line(quad.triple) for quad in chain.from_iterable(quads)))
    if any(_repeated(keys >> 32) for keys in facts.keys.values()):
        yield from broken(facts, shapes, files, validator)


def several(store: ox.Store, facts: Facts, chosen: Properties) -> bool:
    """Whether one of these facts has another value in a source, and a property of which values are chosen."""
    own = Facts(facts.numbers, {name: facts.of(name) for name in chain(*chosen)})
    return any(len(_attested(store, fact.subject, fact.predicate)) > 1 for fact in encoding.triples(own))


def settle(store: ox.Store, facts: Facts, chosen: Properties, editions: Editions) -> list[ox.Quad]:
    """Leave the chosen values of properties in the default graph and in `facts`; the links of yielding claims."""
    disputed = _with_several(facts, chosen.single)
    pairs = [pair for subject in disputed for pair in _yielding(store, subject, chosen.single, editions)]
    for name in chosen.of_latest if len({*editions.values()}) < len(editions) else ():
        pairs += [pair for one in _with_several(facts, [name]) for pair in _outdated(store, one, name, editions)]
    gone = Facts(facts.numbers)
    for name, keys in encoding.read(gone, {encoding.line(triple) for triple, _ in pairs}).items():
        facts.keys[name] = encoding.absent(facts.of(name), keys)
    links = [link for triple, chosen in pairs for link in _links(store, triple, chosen)]
    for triple, _ in pairs:
        store.remove(ox.Quad(*triple))
    return links


def _with_several(facts: Facts, properties: Iterable[ox.NamedNode]) -> list[ox.NamedNode]:
    """The things with several values of a property, sorted."""
    found = {subject for name in properties for subject in _repeated(facts.of(name) >> 32)}
    terms = facts.terms() if found else []
    named = (terms[number] for number in found)
    return sorted(ox.NamedNode(thing[1:-1].decode()) for thing in named if thing.startswith(b"<"))


def _repeated(subjects: encoding.Keys) -> set[int]:
    return set(subjects[1:][subjects[1:] == subjects[:-1]].tolist())


def _yielding(
    store: ox.Store, subject: ox.NamedNode, properties: Collection[ox.NamedNode], editions: Editions
) -> Iterator[tuple[ox.Triple, ox.Triple]]:
    """The facts about a subject that yield, each with the chosen one."""
    given = {name: _attested(store, subject, name) for name in properties}
    current = {name: _current(values, editions) for name, values in given.items()}
    chosen = {name: next(iter(values)) for name, values in current.items() if len(values) == 1}
    for name in (name for name, values in given.items() if len(values) > 1):
        claims = _Claims(store, subject, name, current[name], editions)
        best = min(current[name], key=lambda value: (not _fits(name, value, chosen), *claims.rank(value)))
        chosen[name] = best
        yield from ((claims.fact(value), claims.fact(best)) for value in given[name] if value != best)


def _outdated(
    store: ox.Store, subject: ox.NamedNode, name: ox.NamedNode, editions: Editions
) -> Iterator[tuple[ox.Triple, ox.Triple]]:
    """The facts that are no longer current, each with those that later editions of the same registers state instead."""
    given = _attested(store, subject, name)
    current = _current(given, editions)
    for value in (value for value in given if value not in current):
        registers = {editions[source] for source in given[value]}
        for other, sources in current.items():
            if registers & {editions.get(source) for source in sources}:
                yield ox.Triple(subject, name, value), ox.Triple(subject, name, other)


def _current(given: Attested, editions: Editions) -> Attested:
    """The values without those that only earlier editions of registers state; the latest states others."""
    among = sorted({source for sources in given.values() for source in sources if source in editions}, key=str)
    latest = {editions[source]: source for source in among}
    return {
        value: sources
        for value, sources in given.items()
        if any(source not in editions or latest[editions[source]] == source for source in sources)
    }


def _attested(store: ox.Store, subject: Node, name: ox.NamedNode) -> Attested:
    found: dict[Term, set[ox.NamedNode]] = defaultdict(set)
    for quad in store.quads_for_pattern(subject, name, None, None):
        if quad.graph_name not in NOT_OF_SOURCES and isinstance(quad.graph_name, ox.NamedNode):
            found[quad.object].add(quad.graph_name)
    return dict(sorted(found.items(), key=lambda item: str(item[0])))


class _Claims:
    """The claims of one property of a subject, and the rank of each value."""

    def __init__(
        self, store: ox.Store, subject: ox.NamedNode, name: ox.NamedNode, attested: Attested, editions: Editions
    ) -> None:
        self.store, self.subject, self.name, self.attested, self.editions = store, subject, name, attested, editions

    def fact(self, value: Term) -> ox.Triple:
        return ox.Triple(self.subject, self.name, value)

    def rank(self, value: Term) -> tuple[int, int, int, float, str]:
        """Lowest for the value with most witnesses, then the most precise, the latest edition, the smallest."""
        agreeing = {value, *(other for other in self.attested if self.refines(value, other))}
        sources = set().union(*(self.attested[other] for other in agreeing))
        witnesses = {self.editions.get(source) or _original(self.store, source) for source in sources} - {CURATOR}
        text = value.value if isinstance(value, ox.Literal | ox.NamedNode) else ""
        edition = max(_edition(self.store, source) for source in self.attested[value])
        return -len(witnesses), -_precision(value), -edition, float(text) if text.isdecimal() else 0, str(value)

    def refines(self, value: Term, other: Term) -> bool:
        """Whether a claim says so, or a day lies in the other's year or month or falls on its day of the year."""
        if _is_within(value, other):
            return True
        refined = {claim_iri(source, self.fact(other)) for source in self.attested[other]}
        claims = (claim_iri(source, self.fact(value)) for source in self.attested[value])
        quads = (q for claim in claims for q in self.store.quads_for_pattern(claim, REFINES, None, CLAIMS_GRAPH))
        return any(quad.object in refined for quad in quads)


def _original(store: ox.Store, source: ox.NamedNode) -> Term:
    """The source whose text a source copies, or the source."""
    copied = store.quads_for_pattern(source, term("dcterms:isVersionOf"), None, ox.DefaultGraph())
    return next((quad.object for quad in copied), source)


def _edition(store: ox.Store, source: ox.NamedNode) -> int:
    """The day of a register as a number, such as 20241231; 0 for a source without one."""
    days = store.quads_for_pattern(source, VALID, None, ox.DefaultGraph())
    digits = (quad.object.value.replace("-", "") for quad in days if isinstance(quad.object, ox.Literal))
    return max((int(text) for text in digits if text.isdecimal()), default=0)


def _precision(value: Term) -> int:
    return PRECISION.get(value.datatype, 0) if isinstance(value, ox.Literal) else 0


def _is_within(value: Term, other: Term) -> bool:
    if not (isinstance(value, ox.Literal) and isinstance(other, ox.Literal) and _precision(value) > _precision(other)):
        return False
    of_year = other.value.startswith("-")
    return value.value[4:] == other.value[1:] if of_year else value.value.startswith(f"{other.value}-")


def _fits(name: ox.NamedNode, value: Term, chosen: Mapping[ox.NamedNode, Term]) -> bool:
    """Whether a day is in order with the chosen ones."""
    return all(
        _in_order(ORDER[name] - ORDER[other], value.value, fixed.value)
        for other, fixed in chosen.items()
        if name in ORDER and other in ORDER and isinstance(value, ox.Literal) and isinstance(fixed, ox.Literal)
    )


def _in_order(later: int, day: str, fixed: str) -> bool:
    """Whether a day lies on its side of another; a day and a year are compared as years, days without a year never."""
    length = min(len(day), len(fixed))
    one, two = day[:length], fixed[:length]
    return (
        one == two
        or one.startswith("-")
        or two.startswith("-")
        or (one > two if later > 0 else later < 0 and one < two)
    )


def _links(store: ox.Store, yielding: ox.Triple, chosen: ox.Triple) -> Iterable[ox.Quad]:
    """Each claim of the yielding fact, with its parts, yields to each claim of the chosen one."""
    parts = ((SUBJECT, yielding.subject), (PREDICATE, yielding.predicate), (OBJECT, yielding.object))
    for claim in _claims(store, yielding):
        yield from (ox.Quad(claim, name, part, CLAIMS_GRAPH) for name, part in parts)
        yield from (ox.Quad(claim, YIELDS_TO, other, CLAIMS_GRAPH) for other in _claims(store, chosen))


def _claims(store: ox.Store, fact: ox.Triple) -> list[ox.NamedNode]:
    sources = _attested(store, fact.subject, fact.predicate)[fact.object]
    return [claim_iri(source, fact) for source in sorted(sources, key=str)]
