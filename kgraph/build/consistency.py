"""What contradicts itself in the data: classes that exclude each other, days, numbers, things told twice; by file."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.problems import Problem, Value, problem
from kgraph.base.vocab import PREFIXES, TYPE
from kgraph.rdf import sparql
from kgraph.rdf.terms import HASHED, said
from kgraph.sources import SourceFile

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


def files_of(files: Iterable[SourceFile]) -> Files:
    """What the files say, in their order."""
    about: dict[str, list[Stated]] = defaultdict(list)
    claims: dict[str, Stated] = {}
    for file in files:
        claims |= {claim.iri.value: Stated(claim.triple, file.name) for claim in file.claims}
        for triple in (*(claim.triple for claim in file.claims), *file.editorial):
            about[str(triple.subject)].append(Stated(triple, file.name))
    return Files(about, claims)


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


def inconsistencies(store: ox.Store, where: Where) -> Iterator[Problem]:
    """What contradicts itself in the closure."""
    yield from (problem for _, problem in rows(store, where))


def rows(store: ox.Store, where: Where) -> Iterator[tuple[Row, Problem]]:
    """Each fault with the terms that it is about."""
    for name, whose in CHECKS.items():
        for row in _solved(store, name):
            terms = tuple(row.values())
            found = problem(_whose(store, whose, terms, where), said(terms[0]), name, **_shown(row))
            yield terms, found if name != "disjoint" else _explained(store, found, terms, where)
    yield from _misnumbered(store, where)


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
    """The same of a thing of two classes, with a fact for each, and the files of that class which fewer files state."""
    stated = [making for kind in row[1:] if (making := _making(store, row[0], kind, where))]
    facts = "; ".join(f"{said(each[0].triple)} ({each[0].file})" for each in stated)
    fewest = min(map(files_named, stated), key=lambda files: files.count(","), default=found.file)
    return problem(fewest, found.node, found.code, **dict(found.values), facts=f": {facts}" if facts else "")


def _making(store: ox.Store, node: sparql.Value, kind: sparql.Value, where: Where) -> list[Stated]:
    """The stated facts that make a node one of a class, those first that give it a type."""
    claims = (claim for _, _, claim in sparql.named(store, "of-class", node=node, kind=kind))
    stated = filter(None, map(where().claimed, claims))
    return sorted(stated, key=lambda each: (each.triple.predicate != TYPE, each.file, str(each.triple)))


def _misnumbered(store: ox.Store, where: Where) -> Iterator[tuple[Row, Problem]]:
    """Numbers whose check digit or length is wrong, for the registers whose rule is known."""
    from stdnum.pl import nip, regon

    rules: Mapping[str, Callable[[str], object]] = {
        "NIP": nip.is_valid,
        "REGON": regon.is_valid,
        "KRS": re.compile(r"\d{10}").fullmatch,
        "GUS (TERYT)": re.compile(r"\d{2}(\d{2}(\d{2}\d?)?)?").fullmatch,
    }
    for row in sparql.named(store, "identifiers"):
        node, agency, number = row
        rule = rules.get(agency.value)
        if rule and not rule(number.value):
            file, values = file_of(store, node, where), {"number": number.value, "agency": agency.value}
            yield row, problem(file, said(node), "misnumbered", **values)
