"""What contradicts itself in the data: classes that exclude each other, days, numbers, things told twice; by file."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.problems import Problem, Value, problem
from kgraph.base.vocab import CLAIMS_GRAPH, EDITORIAL_GRAPH, OBJECT, PREDICATE, PREFIXES, SUBJECT, TYPE
from kgraph.rdf import sparql
from kgraph.rdf.terms import HASHED, said

Row = tuple[ox.NamedNode | ox.Literal, ...]

FIRST, BY_SOURCE, BOTH = (0,), (1,), (0, 1)

CHECKS: Mapping[str, Sequence[int]] = {
    "disjoint": FIRST,
    "kind-before-law": FIRST,
    "unlabelled": FIRST,
    "told-twice": BY_SOURCE,
    "out-of-order": BY_SOURCE,
    "tenure-twice": BOTH,
    "matched-twice": BOTH,
    "same-page": BOTH,
    "same-text": BOTH,
    "absurd-year": (),
    "day-to-come": (),
    "other-unit": FIRST,
    "outside-poland": FIRST,
    "fewer-signatories": BY_SOURCE,
}
"""The package's own queries that find faults, each with the places in a row whose files are named.

The variables of a row are the thing, then the values of the text that the catalogue of words has for the query. Where
no place is given, it is the file of the fact that the first three terms are.
"""


@dataclass(frozen=True)
class Stated:
    """A fact, or what a curator says, and the file that has it."""

    triple: ox.Triple
    file: str


@dataclass(frozen=True)
class Files:
    """What the files say, by the node that it is about, and the fact behind each claim."""

    about: Mapping[str, Sequence[Stated]]
    claims: Mapping[str, Stated]

    def saying(self, node: object, predicate: object | None = None, value: object | None = None) -> Sequence[Stated]:
        """What is said of a node by that property, of that value."""
        return [
            stated
            for stated in self.about.get(str(node), ())
            if predicate in (None, stated.triple.predicate) and value in (None, stated.triple.object)
        ]

    def claimed(self, node: object) -> Stated | None:
        """The fact behind a claim, or behind the evidence of one."""
        if not isinstance(node, ox.NamedNode) or not node.value.startswith(PREFIXES["claim"]):
            return None
        return self.claims.get(node.value[: len(PREFIXES["claim"]) + HASHED])


Where = Callable[[], Files]
"""Which file says what: looked up when something is wrong."""


def files_of(told: Iterable[tuple[str, Iterable[ox.Quad]]]) -> Files:
    """What files say, in their order: the facts behind their claims and what curators say, from their quads."""
    about: dict[str, list[Stated]] = defaultdict(list)
    claims: dict[str, Stated] = {}
    for file, quads in told:
        parts: dict[str, list[Any]] = defaultdict(lambda: [None, None, None])
        editorial = set()
        for quad in quads:
            if quad.graph_name == EDITORIAL_GRAPH:
                editorial.add(quad.triple)
            elif quad.graph_name == CLAIMS_GRAPH and quad.predicate in FACT:
                parts[str(quad.subject)][FACT.index(quad.predicate)] = quad.object
        stated = {iri[1:-1]: Stated(ox.Triple(*fact), file) for iri, fact in parts.items()}
        claims |= stated
        for each in (*stated.values(), *(Stated(triple, file) for triple in sorted(editorial, key=str))):
            about[str(each.triple.subject)].append(each)
    return Files(about, claims)


FACT = (SUBJECT, PREDICATE, OBJECT)


def nowhere() -> Files:
    """Where nobody knows which file says what."""
    return Files({}, {})


def files_named(stated: Iterable[Stated]) -> str:
    """The files that say so, as a problem names them."""
    return ", ".join(sorted({each.file for each in stated}))


def file_of(store: ox.Store, node: object, where: Where) -> str:
    """The first file that says anything of a node, else one that has it as an object, else none."""
    if known := where().saying(node):
        return known[0].file
    if not isinstance(node, ox.NamedNode):
        return ""
    quads = store.quads_for_pattern(None, None, node, None)
    stated = (stated for quad in quads for stated in where().saying(quad.subject, quad.predicate, node))
    return min((each.file for each in stated), default="")


def inconsistencies(store: ox.Store, where: Where, only: Collection[object] | None = None) -> Iterator[Problem]:
    """What contradicts itself in the closure; `only` are nodes of which one must be in a fault."""
    for name, whose in CHECKS.items():
        for row in _solved(store, name):
            terms = tuple(row.values())
            if only is not None and not any(term in only for term in terms):
                continue
            found = problem(_whose(store, whose, terms, where), said(terms[0]), name, **_shown(row))
            yield found if name != "disjoint" else _explained(store, found, terms, where)
    yield from _misnumbered(store, where, only)


def _solved(store: ox.Store, name: str) -> Iterator[dict[str, sparql.Value]]:
    """The solutions of one of the package's queries, each as its terms by variable."""
    result = sparql.run(store, paths.query_text(name))
    assert isinstance(result, ox.QuerySolutions)
    for row in sparql.rows(result):
        yield {name: term for name, term in zip(sparql.columns(result), row, strict=True) if term is not None}


def _shown(row: Mapping[str, sparql.Value]) -> dict[str, Value]:
    """What a row says of its thing, as a text has it."""
    [_, *values] = row.items()
    return {name: term.value if isinstance(term, ox.Literal) else said(term) for name, term in values}


def _whose(store: ox.Store, places: Sequence[int], row: Row, where: Where) -> str:
    if places:
        return ", ".join(sorted({file_of(store, row[place], where) for place in places} - {""}))
    return files_named(where().saying(*row[:3]))


def _explained(store: ox.Store, found: Problem, row: Row, where: Where) -> Problem:
    """The problem of a thing of two disjoint classes, a fact for each; its file is of the class that fewer state."""
    stated = [making for kind in row[1:] if (making := _making(store, row[0], kind, where))]
    facts = "; ".join(f"{said(each[0].triple)} ({each[0].file})" for each in stated)
    fewest = min(map(files_named, stated), key=lambda files: files.count(","), default=found.file)
    return problem(fewest, found.node, found.code, **dict(found.values), facts=f": {facts}" if facts else "")


def _making(store: ox.Store, node: sparql.Value, kind: sparql.Value, where: Where) -> list[Stated]:
    """The stated facts that make a node one of a class, those first that give it a type."""
    claims = (claim for _, _, claim in sparql.named(store, "of-class", node=node, kind=kind))
    stated = filter(None, map(where().claimed, claims))
    return sorted(stated, key=lambda each: (each.triple.predicate != TYPE, each.file, str(each.triple)))


def _misnumbered(store: ox.Store, where: Where, only: Collection[object] | None) -> Iterator[Problem]:
    """Numbers whose check digit or length is wrong, for the registers whose rule is known."""
    from stdnum.pl import nip, regon

    rules: Mapping[str, Callable[[str], object]] = {
        "NIP": nip.is_valid,
        "REGON": regon.is_valid,
        "KRS": re.compile(r"\d{10}").fullmatch,
        "GUS (TERYT)": re.compile(r"\d{2}(\d{2}(\d{2}\d?)?)?").fullmatch,
    }
    for node, agency, number in sparql.named(store, "identifiers"):
        rule = rules.get(agency.value)
        if rule and not rule(number.value) and (only is None or node in only):
            file, values = file_of(store, node, where), {"number": number.value, "agency": agency.value}
            yield problem(file, said(node), "misnumbered", **values)
