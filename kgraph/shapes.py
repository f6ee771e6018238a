"""What complete and correct data looks like: SHACL, disjoint classes, undefined terms; faults as sorted problems."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from kgraph import query
from kgraph.errors import Problem
from kgraph.sources import SourceFile, parse, said
from kgraph.store import graph, to_rdflib
from kgraph.vocab import INFERRED_GRAPH, ONTOLOGY_GRAPH, term

SUBCLASS = term("rdfs:subClassOf")

CHECKS = {
    "undefined-terms": "{0} is not defined in the ontology; is it a typing error?",
    "disjoint": "is a {0} and a {1}, which nothing can be at once",
    "kind-before-law": "is put under {0} before the law that made this kind was in force",
    "blank": "has a blank node in {0}; give it an IRI",
    "unlabelled": "is used but has no name; add skos:prefLabel in pl and en",
}
"""The package's own queries that find faults, and what to say of the terms they return."""


def problems(store: ox.Store, shapes: Path, files: Iterable[SourceFile], lang: str = "en") -> list[Problem]:
    """Every place where the data breaks a shape or the ontology, in a stable order; the store must hold the closure."""
    place = _files_of(store, files)
    return sorted({*_unshapely(store, shapes, place, lang), *_inconsistent(store, place), *_misnumbered(store, place)})


def _files_of(store: ox.Store, files: Iterable[SourceFile]) -> Mapping[str, str]:
    """For each node, and for each triple, the first file that says it; for a claim's node the file of its subject."""
    place: dict[str, str] = {}
    for file in files:
        for triple in (*(claim.triple for claim in file.claims), *file.editorial):
            place.setdefault(str(triple.subject), file.name)
            place.setdefault(" ".join(map(str, (triple.subject, triple.predicate, triple.object))), file.name)
        for claim in file.claims:
            place.setdefault(str(claim.iri), file.name)
    return place


def _inconsistent(store: ox.Store, place: Mapping[str, str]) -> Iterator[Problem]:
    for name, message in CHECKS.items():
        for node, *terms in query.named(store, name):
            file = place.get(str(node)) or _file_saying(store, node, place)
            yield Problem(file, said(node), message.format(*map(said, terms)))


def _misnumbered(store: ox.Store, place: Mapping[str, str]) -> Iterator[Problem]:
    """Numbers whose check digit or length is wrong, for the registers whose rule is known."""
    from stdnum.pl import nip, regon

    rules: Mapping[str, Callable[[str], object]] = {
        "NIP": nip.is_valid,
        "REGON": regon.is_valid,
        "KRS": re.compile(r"\d{10}").fullmatch,
    }
    for node, agency, number in query.named(store, "identifiers"):
        rule = rules.get(agency.value)
        if rule and not rule(number.value):
            yield Problem(place.get(str(node), ""), said(node), f"{number.value} is not a {agency.value} number")


def _file_saying(store: ox.Store, node: object, place: Mapping[str, str]) -> str:
    """The file of some fact that has the node as its object, or none."""
    if not isinstance(node, ox.NamedNode):
        return ""
    quads = store.quads_for_pattern(None, None, node, None)
    return min((place[str(q.subject)] for q in quads if str(q.subject) in place), default="")


def _unshapely(store: ox.Store, shapes: Path, place: Mapping[str, str], lang: str) -> Iterator[Problem]:
    from pyshacl import validate
    from rdflib import Graph
    from rdflib.namespace import SH

    with _unlogged("rdflib.term"):
        data, shacl = to_rdflib(_asserted(store)), to_rdflib(quad.triple for quad in parse(shapes))
        _, report, _ = validate(data, shacl_graph=shacl, inplace=True)
    assert isinstance(report, Graph)
    for result in report.objects(None, SH.result):
        node = _term(report.value(result, SH.focusNode))
        messages = {m.language: str(m) for m in report.objects(result, SH.resultMessage)}  # type: ignore[attr-defined]
        value = report.value(result, SH.value)
        shown = f" ({said(_term(value))})" if value is not None and _term(value) != node else ""
        triple = " ".join(str(_term(part)) for part in (node, report.value(result, SH.resultPath), value))
        file = place.get(triple) or place.get(str(node), "")
        yield Problem(file, said(node), (messages.get(lang) or min(messages.values())) + shown)


@contextmanager
def _unlogged(name: str) -> Iterator[None]:
    """Keep a library from logging a traceback for each ill-typed literal, which is reported as a problem anyway."""
    logger = logging.getLogger(name)
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = False


def _term(value: object) -> ox.NamedNode | ox.Literal:
    """The same term for pyoxigraph; what is neither IRI nor literal becomes its text."""
    from rdflib import Literal, URIRef

    match value:
        case ox.NamedNode() | ox.Literal():
            return value
        case URIRef():
            return ox.NamedNode(str(value))
        case Literal(language=str(lang)):
            return ox.Literal(str(value), language=lang)
        case Literal(datatype=URIRef() as datatype):
            return ox.Literal(str(value), datatype=ox.NamedNode(str(datatype)))
    return ox.Literal(str(value))


def _asserted(store: ox.Store) -> Iterator[ox.Triple]:
    """All that is asserted, claims included, and the ontology's class tree, which sh:class needs."""
    for name in store.named_graphs():
        if name not in (ONTOLOGY_GRAPH, INFERRED_GRAPH):
            assert isinstance(name, ox.NamedNode)
            yield from graph(store, name)
    yield from (q.triple for q in store.quads_for_pattern(None, SUBCLASS, None, ONTOLOGY_GRAPH))
