"""Contradictions in the data, by file: disjoint classes, dates, numbers, duplicates."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.problems import Problem, Value, problem
from kgraph.base.vocab import (
    CLAIMS_GRAPH,
    EDITORIAL_GRAPH,
    OBJECT,
    PREDICATE,
    PREF_LABEL,
    PREFIXES,
    SUBJECT,
    TYPE,
    term,
)
from kgraph.rdf import sparql, sparql_text
from kgraph.rdf.encoding import Facts
from kgraph.rdf.terms import HASHED, Term, said


@cache
def checks() -> Mapping[str, str]:
    """The package's queries for faults, each with the value of `#+ files-of:` in its head.

    The value lists the variables of the things whose files the problem names; with `fact` it is the file of the fact
    in the first three columns. The first column is the faulty thing, the others are values of the text `faults.NAME`.
    """
    files = sorted(paths.packaged("build/queries").glob("*.rq"))
    heads = ((path.stem, sparql_text.head(paths.read_text(path))) for path in files)
    return {name: head["files-of"] for name, head in heads if "files-of" in head}


@dataclass(frozen=True)
class Stated:
    """A fact or editorial triple, and its file."""

    triple: ox.Triple
    file: str


@dataclass(frozen=True)
class Files:
    """Which file states which fact; the quads of the files, by their names, are read when something is wrong."""

    told: Iterable[tuple[str, Iterable[ox.Quad]]] = ()

    def saying(self, node: object, predicate: object | None = None, value: object | None = None) -> Sequence[Stated]:
        """The facts about a node, by default with any property and any value."""
        return [
            stated
            for stated in self._read[0].get(str(node), ())
            if predicate in (None, stated.triple.predicate) and value in (None, stated.triple.object)
        ]

    def claimed(self, node: object) -> Stated | None:
        """The fact behind a claim, or behind the evidence of one."""
        if not isinstance(node, ox.NamedNode) or not node.value.startswith(PREFIXES["claim"]):
            return None
        return self._read[1].get(node.value[: len(PREFIXES["claim"]) + HASHED])

    @cached_property
    def _read(self) -> tuple[Mapping[str, Sequence[Stated]], Mapping[str, Stated]]:
        """The facts by subject, in the order of the files, and the fact of each claim."""
        about: dict[str, list[Stated]] = defaultdict(list)
        claims: dict[str, Stated] = {}
        for file, quads in self.told:
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
        return about, claims


FACT = (SUBJECT, PREDICATE, OBJECT)


def files_named(stated: Iterable[Stated]) -> str:
    """The names of the files, as a problem has them."""
    return ", ".join(sorted({each.file for each in stated}))


def file_of(store: ox.Store, node: object, files: Files) -> str:
    """The first file with the node as a subject, else one with it as an object, else an empty text."""
    if known := files.saying(node):
        return known[0].file
    if not isinstance(node, ox.NamedNode):
        return ""
    quads = store.quads_for_pattern(None, None, node, None)
    stated = (stated for quad in quads for stated in files.saying(quad.subject, quad.predicate, node))
    return min((each.file for each in stated), default="")


def inconsistencies(
    store: ox.Store, files: Files, only: Collection[object] | None = None, known: Facts | None = None
) -> Iterator[Problem]:
    """The contradictions in the closure; with `only`, those that concern one of these nodes.

    `known` is the default graph, if encoded.
    """
    narrowed = {"unlabelled": {"node": _unnamed(known)}} if known else {}
    for name, whose in checks().items():
        for row in _solved(store, name, **narrowed.get(name, {})):
            terms = tuple(row.values())
            if only is not None and not any(term in only for term in terms):
                continue
            found = problem(_whose(store, whose, row, files), said(terms[0]), name, **_shown(row))
            yield found if name != "disjoint" else _explained(store, found, terms, files)
    yield from _misnumbered(store, files, only)


def _unnamed(known: Facts) -> list[ox.NamedNode]:
    """The things of ours without a preferred name."""
    named = set((known.of(PREF_LABEL) >> 32).tolist())
    ours = tuple(f"<{PREFIXES[prefix]}".encode() for prefix in ("id", "kind"))
    unnamed = (iri for iri, number in known.numbers.items() if iri.startswith(ours) and number not in named)
    return [ox.NamedNode(iri[1:-1].decode()) for iri in unnamed]


def _solved(
    store: ox.Store, name: str, **terms: sparql.Value | Sequence[sparql.Value]
) -> Iterator[dict[str, sparql.Value]]:
    """The solutions of one of the package's queries, each as a mapping from variables to terms."""
    result = sparql.run(store, paths.query_text(name), **terms)
    assert isinstance(result, ox.QuerySolutions)
    for row in sparql.rows(result):
        yield {name: term for name, term in zip(sparql.columns(result), row, strict=True) if term is not None}


def _shown(row: Mapping[str, sparql.Value]) -> dict[str, Value]:
    """The values of a problem's text: all columns but the first."""
    [_, *values] = row.items()
    return {name: term.value if isinstance(term, ox.Literal) else said(term) for name, term in values}


def _whose(store: ox.Store, whose: str, row: Mapping[str, sparql.Value], files: Files) -> str:
    if whose == "fact":
        return files_named(files.saying(*list(row.values())[:3]))
    found = {file_of(store, row[name.removeprefix("?")], files) for name in whose.split()}
    return ", ".join(sorted(found - {""}))


def _explained(store: ox.Store, found: Problem, row: Sequence[sparql.Value], files: Files) -> Problem:
    """The problem of a thing of two disjoint classes, with a fact for each; its files are those of the rarer class."""
    stated = [making for kind in row[1:] if (making := _making(store, row[0], kind, files))]
    facts = "; ".join(f"{said(each[0].triple)} ({each[0].file})" for each in stated)
    fewest = min(map(files_named, stated), key=lambda files: files.count(","), default=found.file)
    return problem(fewest, found.node, found.code, **dict(found.values), facts=f": {facts}" if facts else "")


def _making(store: ox.Store, node: sparql.Value, kind: sparql.Value, files: Files) -> list[Stated]:
    """The stated facts from which the class of a node follows, its types first."""
    claims = (claim for _, _, claim in sparql.named(store, "of-class", node=node, kind=kind))
    stated = filter(None, map(files.claimed, claims))
    return sorted(stated, key=lambda each: (each.triple.predicate != TYPE, each.file, str(each.triple)))


def _misnumbered(store: ox.Store, files: Files, only: Collection[object] | None) -> Iterator[Problem]:
    """Identifiers with a wrong check digit or length, for the registers whose rule is known."""
    from stdnum.pl import nip, regon

    rules: Mapping[str, Callable[[str], object]] = {
        "NIP": lambda number: number.isdigit() and nip.is_valid(number),
        "REGON": lambda number: number.isdigit() and regon.is_valid(number),  # of 9 or, for a unit, 14 digits
        "KRS": re.compile(r"\d{10}").fullmatch,
        "RJPS": re.compile(r"\d+").fullmatch,
        "KRKGW": re.compile(r"\S+").fullmatch,
        "GUS (SIMC)": re.compile(r"\d{7}").fullmatch,
        "GUS (TERYT)": re.compile(r"\d{2}(\d{2}(\d{2}\d?)?)?").fullmatch,
    }
    for node, agency, number in _identifiers(store):
        rule = rules.get(agency)
        if rule and not rule(number) and (only is None or node in only):
            yield problem(file_of(store, node, files), said(node), "misnumbered", number=number, agency=agency)


def _identifiers(store: ox.Store) -> Iterator[tuple[Term, str, str]]:
    """Each identifier, who gives such numbers, and its number; a query would look up both of each in turn."""
    identifiers = {quad.subject for quad in store.quads_for_pattern(None, TYPE, IDENTIFIER, ox.DefaultGraph())}
    agencies: dict[Term, list[str]] = defaultdict(list)
    for node, agency in _texts(store, term("adms:schemaAgency")):
        agencies[node].append(agency)
    for node, number in _texts(store, term("skos:notation")):
        if node in identifiers:
            yield from ((node, agency, number) for agency in agencies[node])


IDENTIFIER = term("adms:Identifier")


def _texts(store: ox.Store, predicate: ox.NamedNode) -> Iterator[tuple[Term, str]]:
    """The subjects and objects of a predicate, the objects as text."""
    for quad in store.quads_for_pattern(None, predicate, None, ox.DefaultGraph()):
        if isinstance(quad.object, ox.NamedNode | ox.Literal):
            yield quad.subject, quad.object.value
