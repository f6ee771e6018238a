"""Validation: SHACL, undefined terms, blank nodes; near new triples or of the whole graph."""

import logging
import warnings
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.problems import Problem, problem
from kgraph.base.vocab import INFERRED_GRAPH, OBJECT, ONTOLOGY_GRAPH, PREDICATE, PREFIXES, SUBCLASS, SUBJECT, TYPE, term
from kgraph.base.words import LANGUAGES
from kgraph.build import consistency, shacl
from kgraph.build.consistency import Files, Stated, file_of, files_named
from kgraph.build.shacl import NotCovered
from kgraph.evidence.turtle import parse
from kgraph.rdf import encoding, sparql
from kgraph.rdf.store import fill, to_rdflib
from kgraph.rdf.terms import iris_of, said


def problems(
    store: ox.Store, shapes: Path, only: Collection[object] | None = None, *, validator: str = "kgraph"
) -> list[Problem]:
    """The violations of the shapes and the ontology, without their files; the store must have the closure.

    `validator` is "kgraph", or "pyshacl" for the reference implementation of SHACL. With `only`, just
    these nodes are checked, and NotCovered is raised for shapes that only pySHACL can check.
    """
    asserted = encoding.Facts()
    graphs = (name for name in store.named_graphs() if name not in NOT_ASSERTED)
    encoding.read(asserted, chain.from_iterable(encoding.lines_of(store, name) for name in graphs))
    wrong = misstated(store, asserted, shapes, Files(), validator, only)
    return sorted({*wrong, *consistency.inconsistencies(store, Files(), only)})


def misstated(
    store: ox.Store,
    asserted: encoding.Facts,
    shapes: Path,
    files: Files,
    validator: str = "kgraph",
    only: Collection[object] | None = None,
) -> Iterator[Problem]:
    """The problems of asserted facts and claims: violated shapes, undefined terms, blank nodes."""
    yield from _undefined(store, asserted, files)
    yield from _blank(asserted, files)
    tree = encoding.Facts(asserted.numbers)
    below = store.quads_for_pattern(None, SUBCLASS, None, ONTOLOGY_GRAPH)  # as sh:class needs it
    encoding.read(tree, (encoding.line(quad.triple) for quad in below))
    found = _faults(encoding.union(asserted, tree), shapes, validator, only)
    yield from merged(_as_problems(found, files))


def broken(facts: encoding.Facts, shapes: Path, files: Files, validator: str = "kgraph") -> Iterator[Problem]:
    """The problems of facts that violate shapes."""
    yield from merged(_as_problems(_faults(facts, shapes, validator, None), files))


def _undefined(store: ox.Store, used: encoding.Facts, files: Files) -> Iterator[Problem]:
    """A problem for each property and class that the ontology does not declare, with one thing that uses it."""
    marks = (TYPE, term("rdfs:isDefinedBy"))  # the terms of RDF have no type in OWL 2 DL
    declared = {quad.subject for mark in marks for quad in store.quads_for_pattern(None, mark, None, ONTOLOGY_GRAPH)}
    unknown = used.keys.keys() - declared
    terms = used.terms() if unknown else []
    for name in unknown:
        user = _parsed(min({terms[number] for number in set((used.of(name) >> 32).tolist())}))
        stated = files.saying(user, name) or files.saying(user, TYPE, name)
        file = files_named(stated) or file_of(store, user, files)
        facts = ((each.file, said(each.triple)) for each in stated)
        yield problem(file, said(user), "undefined", term=said(name)).stating(*facts)
    for meant, claim in _of_claims(used).items():
        told = files.claimed(claim) if meant not in declared and meant not in unknown else None
        if told:
            fact = (told.file, said(told.triple))
            yield problem(*fact, "undefined", term=said(meant)).stating(fact)


def _of_claims(used: encoding.Facts) -> Mapping[object, object]:
    """The properties and classes that claims use, asserted or not, each with one claim."""
    named, ends = used.of(PREDICATE), used.of(OBJECT)
    number = used.numbers.get(str(TYPE).encode())
    typing = named[(named & encoding.LOW) == number] >> 32 if number is not None else named[:0]
    keys = np.concatenate((named, ends[encoding.among(ends >> 32, typing)]))
    values, first = np.unique(keys & encoding.LOW, return_index=True)
    pairs = [(value, key >> 32) for value, key in zip(values.tolist(), keys[first].tolist(), strict=True)]
    wanted = {number for pair in pairs for number in pair}
    terms = {number: term for term, number in used.numbers.items() if number in wanted}
    return {_parsed(terms[value]): _parsed(terms[claim]) for value, claim in pairs}


def _blank(used: encoding.Facts, files: Files) -> Iterator[Problem]:
    """A problem for each fact with a blank node: of its subject or, when that is the blank node, of its property."""
    blank = np.array([number for term, number in used.numbers.items() if term.startswith(b"_")], dtype=np.int64)
    terms = used.terms() if blank.size else []
    for predicate, found in used.keys.items() if blank.size else ():
        for key in found[encoding.among(found >> 32, blank) | encoding.among(found & encoding.LOW, blank)].tolist():
            subject = _parsed(terms[key >> 32])
            node = predicate if isinstance(subject, ox.Literal) else subject
            file = files_named(files.saying(subject, predicate))
            yield problem(file, said(node), "blank-in", property=said(predicate))


def problems_near(
    store: ox.Store, shapes: Path, new: Sequence[ox.Triple], inferred: Iterable[ox.NamedNode] = ()
) -> list[Problem]:
    """The problems of the subjects of new triples and of what is one step from them.

    The store holds the triples and the closure and had no problem before; `inferred` are the subjects of new inferred
    facts. Raises NotCovered for shapes that only pySHACL can check.
    """
    nodes = _near(store, new) | {*inferred}
    return problems(_surroundings(store, parse(shapes), nodes), shapes, nodes)


def _near(store: ox.Store, triples: Sequence[ox.Triple]) -> set[ox.NamedNode]:
    """The subjects and objects of some triples, and what is one step from the subjects."""
    whole = {triple.subject for triple in triples if triple.predicate == TYPE and _is_of_claim(triple.subject)}
    subjects = iris_of(t.subject for t in triples) - whole
    quads = chain.from_iterable((*_known(store, one, None, None), *_known(store, None, None, one)) for one in subjects)
    ends = {*_ends(triples), *_ends(quads), *_coded(store, triples)}
    established = term("se:establishes")  # checked against an event that is two steps away
    founding = (store.quads_for_pattern(end, established, None, ox.DefaultGraph()) for end in ends - whole)
    return ends | {*_ends(chain.from_iterable(founding))}


def _is_of_claim(node: object) -> bool:
    """Whether a node is a claim or its evidence, which only its source and links of claims mention."""
    return isinstance(node, ox.NamedNode) and node.value.startswith(PREFIXES["claim"])


def _ends(quads: Iterable[ox.Quad | ox.Triple]) -> Iterator[ox.NamedNode]:
    return (end for quad in quads for end in (quad.subject, quad.object) if isinstance(end, ox.NamedNode))


def _coded(store: ox.Store, triples: Sequence[ox.Triple]) -> Iterator[ox.NamedNode]:
    """The places and sites in a place whose TERYT code or level is new."""
    named = {t.subject for t in triples if t.predicate in (IDENTIFIER, term("cv:level"))}
    numbers = {t.subject for t in triples if t.predicate in (term("skos:notation"), term("adms:schemaAgency"))}
    for number in numbers:
        named |= {quad.subject for quad in store.quads_for_pattern(None, IDENTIFIER, number, ox.DefaultGraph())}
    for place in named:
        for predicate in (term("se:within"), term("se:locatedIn")):
            yield from _ends(store.quads_for_pattern(None, predicate, place, ox.DefaultGraph()))


IDENTIFIER = term("adms:identifier")
NOT_ASSERTED = frozenset({ox.DefaultGraph(), ONTOLOGY_GRAPH, INFERRED_GRAPH})


def _surroundings(store: ox.Store, shapes: Iterable[ox.Quad], nodes: Iterable[ox.NamedNode]) -> ox.Store:
    """A small store in which shapes and checks find the problems of these nodes that they find in the whole store."""
    around = ox.Store()
    backwards, whole = _reach(shapes)
    seen = frontier = set(nodes)
    checked = {TYPE}.union(*(sparql.mentioned(paths.query_text(name)) for name in consistency.checks()))
    fill(around, store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH))
    for predicate in whole:
        fill(around, _known(store, None, predicate, None))
    for _ in range(3):
        found = {q for node in frontier for q in _known(store, node, None, None, checked)}
        if seen is frontier:
            found |= {q for node in frontier for q in _leading(store, node, backwards, checked)}
        fill(around, found)
        ends = {*_ends(found)}
        frontier, seen = ends - seen, seen | ends
    return around


def _leading(
    store: ox.Store, node: ox.NamedNode, predicates: Collection[ox.NamedNode], inferred: Container[object]
) -> Iterator[ox.Quad]:
    """The quads of some properties with a node as object; one pattern for a node of a claim, which few quads have."""
    if _is_of_claim(node):
        return (quad for quad in _known(store, None, None, node, inferred) if quad.predicate in predicates)
    return chain.from_iterable(_known(store, None, predicate, node, inferred) for predicate in predicates)


def _known(
    store: ox.Store,
    subject: ox.NamedNode | None,
    predicate: ox.NamedNode | None,
    object_: ox.NamedNode | None,
    inferred: Container[object] = (),
) -> Iterator[ox.Quad]:
    """The asserted quads of a pattern, and the inferred ones with some properties."""
    for quad in store.quads_for_pattern(subject, predicate, object_, None):
        if quad.graph_name not in NOT_ASSERTED or (quad.graph_name == INFERRED_GRAPH and quad.predicate in inferred):
            yield quad


def _reach(shapes: Iterable[ox.Quad]) -> tuple[frozenset[ox.NamedNode], frozenset[ox.NamedNode]]:
    """The properties that shapes and checks follow from object to subject, and those that they follow to any length."""
    shapes = list(shapes)
    inverse: dict[object, object] = {
        q.subject: q.object for q in shapes if q.predicate in (term("sh:inversePath"), term("sh:targetObjectsOf"))
    }
    repeated = {inverse.get(q.object, q.object) for q in shapes if q.predicate == term("sh:oneOrMorePath")}
    backwards = {*CHECKED_BACKWARDS, *inverse.values()} - repeated
    return iris_of(backwards), iris_of({*repeated, term("se:textSHA256"), term("dcterms:modified")})


CHECKED_BACKWARDS = (SUBJECT, *map(term, ("se:establishes", "org:member", "skos:exactMatch", "rdfs:seeAlso")))
"""The properties that the checks follow from object to subject."""


def as_problem(fault: "Fault", file: str = "", node: str = "", shown: str = "") -> Problem:
    """A fault as a problem, by default of its node; `shown` follows its message."""
    message = tuple((lang, fault.message(lang)) for lang in sorted(LANGUAGES))
    values = (("message", message), ("shown", shown))
    return Problem(file, node or said(fault.node), "shape", values, said(fault.component))


def merged(found: Iterable[Problem]) -> Iterator[Problem]:
    """The problems; those that differ only in their rules are one that names all the rules."""
    rules: dict[Problem, set[str]] = defaultdict(set)
    for wrong in found:
        rules[replace(wrong, rule="")].add(wrong.rule)
    return (replace(wrong, rule=", ".join(sorted(broken))) for wrong, broken in rules.items())


def _as_problems(found: Iterable["Fault"], files: Files) -> Iterator[Problem]:
    for fault in found:
        claim = files.claimed(fault.node)
        stated = [claim] if claim else _behind(fault, files)
        node = said(claim.triple if claim else fault.node)
        facts = ((each.file, said(each.triple)) for each in stated)
        yield as_problem(fault, files_named(stated), node, _shown(fault, stated)).stating(*facts)


def _behind(fault: "Fault", files: Files) -> Sequence[Stated]:
    """The facts at fault; without any, the first fact of the node."""
    if fault.telling:
        found = [stated for name in fault.telling for stated in files.saying(fault.node, name)]
    elif fault.value is None and fault.path is None:
        found = []
    else:
        inverse = files.saying(fault.value, None, fault.node) if fault.value != fault.node else ()
        found = [*files.saying(fault.node, fault.path, fault.value), *inverse]
    return found or files.saying(fault.node)[:1]


def _shown(fault: "Fault", stated: Sequence[Stated]) -> str:
    """The value at fault or, for a thing without a class, the facts that suggest one."""
    if fault.value is not None and fault.value != fault.node:
        return f" ({said(fault.value)})"
    if not fault.telling or not stated:
        return ""
    facts = [f"{said(each.triple.predicate)} {said(each.triple.object)}" for each in stated]
    return f" ({'; '.join(dict.fromkeys(facts[:3]))}{' …' if facts[3:] else ''})"


@dataclass(frozen=True)
class Fault:
    """A violation of a shape: its node, its path and value if there are any, and the messages by language.

    `telling` are the target properties of the shape when a class is missing; `component` is the violated constraint
    component (https://www.w3.org/TR/shacl/#constraints-section).
    """

    node: ox.NamedNode | ox.Literal
    path: ox.NamedNode | None
    value: ox.NamedNode | ox.Literal | None
    messages: Mapping[str | None, str]
    telling: tuple[ox.NamedNode, ...]
    component: ox.NamedNode

    def message(self, lang: str) -> str:
        return self.messages.get(lang) or min(self.messages.values())


def faults(triples: Iterable[ox.Triple], shapes: Path, validator: str = "kgraph") -> Iterator[Fault]:
    """The violations of the shapes by triples, in no order."""
    encoded = encoding.Facts()
    encoding.read(encoded, map(encoding.line, triples))
    return _faults(encoded, shapes, validator)


def _faults(
    encoded: encoding.Facts, shapes: Path, validator: str, only: Iterable[object] | None = None
) -> Iterator[Fault]:
    """The violations of the shapes; pySHACL checks, with a warning, when a shape is not covered."""
    if validator == "kgraph":
        try:
            return _found(_compiled(shapes, paths.read_text(shapes)), encoded, only)
        except NotCovered as error:
            if only is not None:
                raise
            warnings.warn(f"{shapes.name} uses {error}, so pySHACL checks it, which takes longer", stacklevel=2)
    return _reported(parse(shapes), encoded)


@lru_cache(maxsize=8)
def _compiled(shapes: Path, _: str) -> Sequence[shacl.Shape]:
    """The shapes of a file with a text."""
    return shacl.compile_shapes(quad.triple for quad in parse(shapes))


def _found(
    compiled: Sequence[shacl.Shape], encoded: encoding.Facts, only: Iterable[object] | None = None
) -> Iterator[Fault]:
    """The violations of compiled shapes, by default at all nodes."""
    on = shacl.data(encoded)
    nodes = None if only is None else encoded.numbered(only)
    with _unlogged():
        found = list(shacl.faults(compiled, on, nodes))
    for shape, component, broken in found:
        for node, value in zip((broken >> 32).tolist(), (broken & encoding.LOW).tolist(), strict=True):
            focus = _parsed(on.terms[node])
            wrong = _parsed(on.terms[value]) if value else None
            yield Fault(
                focus, shape.predicate, wrong, shape.messages, shape.telling if wrong == focus else (), component
            )


def _parsed(written: bytes) -> ox.NamedNode | ox.Literal:
    """The term of an N-Triples text; a blank node becomes a literal with its label."""
    if written.startswith(b"_"):
        return ox.Literal(written.removeprefix(b"_:").decode())
    [triple] = ox.parse(b"<x:s> <x:p> %b ." % written, ox.RdfFormat.TURTLE)
    assert isinstance(triple.object, ox.NamedNode | ox.Literal)
    return triple.object


def _reported(quads: Iterable[ox.Quad], encoded: encoding.Facts) -> Iterator[Fault]:
    """The violations that pySHACL reports."""
    from pyshacl import validate
    from rdflib import Graph, URIRef
    from rdflib.namespace import SH

    telling_by = (SH.ClassConstraintComponent, SH.AndConstraintComponent)

    with _unlogged():
        shapes = to_rdflib(quad.triple for quad in quads)
        data = Graph().parse(data=b"".join(encoding.all_lines(encoded)), format="nt")
        _, report, _ = validate(data, shacl_graph=shapes, inplace=True)
    assert isinstance(report, Graph)
    for result in report.objects(None, SH.result):
        node, path, value = (report.value(result, part) for part in (SH.focusNode, SH.resultPath, SH.value))
        assert node is not None
        messages = {m.language: str(m) for m in report.objects(result, SH.resultMessage)}  # type: ignore[attr-defined]
        component = report.value(result, SH.sourceConstraintComponent)
        about = component in telling_by and value == node
        telling = shapes.objects(report.value(result, SH.sourceShape), SH.targetSubjectsOf) if about else ()
        yield Fault(
            _parsed(node.n3().encode()),
            ox.NamedNode(str(path)) if isinstance(path, URIRef) else None,
            None if value is None else _parsed(value.n3().encode()),
            messages,
            tuple(ox.NamedNode(str(name)) for name in telling),
            ox.NamedNode(str(component)),
        )


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each ill-typed literal, which is reported as a problem anyway."""
    logger = logging.getLogger("rdflib.term")
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = False
