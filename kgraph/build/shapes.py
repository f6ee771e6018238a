"""What complete and correct data looks like: SHACL, undefined terms, blank nodes; faults as sorted problems."""

import logging
import warnings
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.problems import Problem, by_language, problem
from kgraph.base.vocab import INFERRED_GRAPH, ONTOLOGY_GRAPH, PREFIXES, SUBJECT, TYPE, term
from kgraph.base.words import LANGUAGES
from kgraph.build import consistency, shacl
from kgraph.build.consistency import Files, Stated, Where, file_of, files_named, nowhere
from kgraph.build.shacl import SUBCLASS, NotCovered
from kgraph.rdf import encoding, sparql
from kgraph.rdf.store import fill, to_rdflib
from kgraph.rdf.terms import said
from kgraph.sources.turtle import parse


def problems(
    store: ox.Store, shapes: Path, only: Collection[object] | None = None, *, validator: str = "kgraph"
) -> list[Problem]:
    """Every place where the data breaks a shape or the ontology, without its file; the store must hold the closure.

    `validator` is "kgraph", or "pyshacl" for the reference implementation of SHACL. `only` are nodes to which the
    search is narrowed; then NotCovered is raised for shapes that only pySHACL can check.
    """
    asserted = encoding.Facts()
    graphs = (name for name in store.named_graphs() if name not in NOT_ASSERTED)
    encoding.read(asserted, chain.from_iterable(encoding.lines_of(store, name) for name in graphs))
    wrong = misstated(store, asserted, shapes, nowhere, validator, only)
    return sorted({*wrong, *consistency.inconsistencies(store, nowhere, only)})


def misstated(
    store: ox.Store,
    asserted: encoding.Facts,
    shapes: Path,
    where: Where,
    validator: str = "kgraph",
    only: Collection[object] | None = None,
) -> Iterator[Problem]:
    """What is wrong with asserted facts and claims: their shape, their terms, blank nodes."""
    yield from _undefined(store, asserted, where)
    yield from _blank(asserted, where)
    tree = encoding.Facts(asserted.numbers)
    below = store.quads_for_pattern(None, SUBCLASS, None, ONTOLOGY_GRAPH)  # as sh:class needs it
    encoding.read(tree, (encoding.line(quad.triple) for quad in below))
    found = _faults(encoding.union(asserted, tree), shapes, validator, only)
    yield from merged(_as_problems(found, where))


def _undefined(store: ox.Store, used: encoding.Facts, where: Where) -> Iterator[Problem]:
    """Properties and classes that the ontology does not declare, each of one thing that uses it."""
    declared = {quad.subject for quad in store.quads_for_pattern(None, TYPE, None, ONTOLOGY_GRAPH)}
    unknown = used.keys.keys() - declared
    terms = used.terms() if unknown else []
    for name in unknown:
        user = _parsed(min({terms[number] for number in set((used.of(name) >> 32).tolist())}))
        stated = where().saying(user, name) or where().saying(user, TYPE, name)
        file = files_named(stated) or file_of(store, user, where)
        yield problem(file, said(user), "undefined", term=said(name))


def _blank(used: encoding.Facts, where: Where) -> Iterator[Problem]:
    """Things that a fact links with a blank node; the property itself where the blank node is the subject."""
    blank = np.array([number for term, number in used.numbers.items() if term.startswith(b"_")], dtype=np.int64)
    terms = used.terms() if blank.size else []
    for predicate, found in used.keys.items() if blank.size else ():
        for key in found[encoding.among(found >> 32, blank) | encoding.among(found & encoding.LOW, blank)].tolist():
            subject = _parsed(terms[key >> 32])
            node = predicate if isinstance(subject, ox.Literal) else subject
            file = files_named(where().saying(subject, predicate))
            yield problem(file, said(node), "blank-in", property=said(predicate))


def problems_near(
    store: ox.Store, shapes: Path, lines: Iterable[bytes], inferred: Iterable[ox.NamedNode] = ()
) -> list[Problem]:
    """What is wrong with the things that some new triples are about, those they lead to and those that lead to them.

    The store holds the triples and the closure, and was without a problem before; `inferred` are the things that new
    inferred facts are about. Raises NotCovered for shapes that only pySHACL can check.
    """
    nodes = _near(store, lines) | {*inferred}
    return problems(_surroundings(store, parse(shapes), nodes), shapes, nodes)


def _near(store: ox.Store, lines: Iterable[bytes]) -> set[ox.NamedNode]:
    """The things of some triples, and those one step from their subjects."""
    triples = [quad.triple for quad in ox.parse(b"".join(lines), ox.RdfFormat.N_TRIPLES)]
    whole = {triple.subject for triple in triples if triple.predicate == TYPE and _is_of_claim(triple.subject)}
    subjects = {t.subject for t in triples if isinstance(t.subject, ox.NamedNode)} - whole
    quads = chain.from_iterable((*_known(store, one, None, None), *_known(store, None, None, one)) for one in subjects)
    ends = {*_ends(triples), *_ends(quads), *_coded(store, triples)}
    founding = (store.quads_for_pattern(end, ESTABLISHES, None, ox.DefaultGraph()) for end in ends - whole)
    return ends | {*_ends(chain.from_iterable(founding))}


def _is_of_claim(node: object) -> bool:
    """Whether a node is a claim, or the evidence of one: only its own source and links of claims speak of it."""
    return isinstance(node, ox.NamedNode) and node.value.startswith(PREFIXES["claim"])


def _ends(quads: Iterable[ox.Quad | ox.Triple]) -> Iterator[ox.NamedNode]:
    return (end for quad in quads for end in (quad.subject, quad.object) if isinstance(end, ox.NamedNode))


ESTABLISHES = term("se:establishes")
"""What is established is also checked by the days of the event where the agreement was signed, two steps away."""


def _coded(store: ox.Store, triples: Iterable[ox.Triple]) -> Iterator[ox.NamedNode]:
    """What lies, however deep, in the places of which new triples say a code."""
    named = {t.subject for t in triples if t.predicate == IDENTIFIER}
    numbers = {t.subject for t in triples if t.predicate in NUMBERING}
    for number in numbers:
        named |= {quad.subject for quad in store.quads_for_pattern(None, IDENTIFIER, number, ox.DefaultGraph())}
    for place in named:
        for predicate in (term("se:within"), term("se:locatedIn")):
            yield from _ends(store.quads_for_pattern(None, predicate, place, ox.DefaultGraph()))


IDENTIFIER = term("adms:identifier")
NUMBERING = (term("skos:notation"), term("adms:schemaAgency"))
NOT_ASSERTED = frozenset({ox.DefaultGraph(), ONTOLOGY_GRAPH, INFERRED_GRAPH})


def _surroundings(store: ox.Store, shapes: Iterable[ox.Quad], nodes: Iterable[ox.NamedNode]) -> ox.Store:
    """A small store in which the shapes and checks find of these nodes what they find in the whole one."""
    around = ox.Store()
    backwards, whole = _reach(shapes)
    seen = frontier = set(nodes)
    checked = _checked()
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
    """What leads to a node by some properties; few quads lead to the node of a claim, so all are read at once."""
    if _is_of_claim(node):
        return (quad for quad in _known(store, None, None, node, inferred) if quad.predicate in predicates)
    return chain.from_iterable(_known(store, None, predicate, node, inferred) for predicate in predicates)


def _checked() -> set[ox.NamedNode]:
    """The properties along which the checks also read what was inferred."""
    return {TYPE}.union(*(sparql.mentioned(paths.query_text(name)) for name in consistency.CHECKS))


def _known(
    store: ox.Store,
    subject: ox.NamedNode | None,
    predicate: ox.NamedNode | None,
    object_: ox.NamedNode | None,
    inferred: Container[object] = (),
) -> Iterator[ox.Quad]:
    """What is asserted, and inferred by some properties."""
    for quad in store.quads_for_pattern(subject, predicate, object_, None):
        if quad.graph_name not in NOT_ASSERTED or (quad.graph_name == INFERRED_GRAPH and quad.predicate in inferred):
            yield quad


def _reach(shapes: Iterable[ox.Quad]) -> tuple[set[ox.NamedNode], set[ox.NamedNode]]:
    """The properties that shapes and checks read backwards, and those that they follow to any length."""
    shapes = list(shapes)
    inverse: dict[object, object] = {
        q.subject: q.object for q in shapes if q.predicate in (term("sh:inversePath"), term("sh:targetObjectsOf"))
    }
    repeated = {inverse.get(q.object, q.object) for q in shapes if q.predicate == term("sh:oneOrMorePath")}
    backwards = {*CHECKED_BACKWARDS, *inverse.values()} - repeated
    return _named(backwards), _named({*repeated, term("se:textSHA256"), term("dcterms:modified")})


CHECKED_BACKWARDS = (SUBJECT, *map(term, ("se:establishes", "org:member", "skos:exactMatch", "rdfs:seeAlso")))
"""The properties that the checks follow from object to subject."""


def _named(found: Iterable[object]) -> set[ox.NamedNode]:
    return {node for node in found if isinstance(node, ox.NamedNode)}


def as_problem(fault: "Fault", file: str = "", node: str = "", shown: str = "") -> Problem:
    """A fault as a problem, by default of its node, with what to show of the data after its sentence."""
    message = by_language({lang: fault.message(lang) for lang in LANGUAGES})
    found = problem(file, node or said(fault.node), "shape", message=message, shown=shown)
    return replace(found, rule=said(fault.component))


def merged(found: Iterable[Problem]) -> Iterator[Problem]:
    """The problems, those that differ in the rule only as one that names each rule."""
    rules: dict[Problem, set[str]] = defaultdict(set)
    for wrong in found:
        rules[replace(wrong, rule="")].add(wrong.rule)
    return (replace(wrong, rule=", ".join(sorted(broken))) for wrong, broken in rules.items())


def _as_problems(found: Iterable["Fault"], where: Where) -> Iterator[Problem]:
    for fault in found:
        files = where()
        claim = files.claimed(fault.node)
        stated = [claim] if claim else _behind(fault, files)
        node = said(claim.triple if claim else fault.node)
        yield as_problem(fault, files_named(stated), node, _shown(fault, stated))


def _behind(fault: "Fault", files: Files) -> Sequence[Stated]:
    """What was said that is at fault; where nothing is, the first that was said of the node."""
    if fault.telling:
        found = [stated for name in fault.telling for stated in files.saying(fault.node, name)]
    elif fault.value is not None and fault.value != fault.node:
        found = [*files.saying(fault.node, fault.path, fault.value), *files.saying(fault.value, None, fault.node)]
    elif fault.value is not None:
        found = [*files.saying(fault.node, fault.path, fault.node)]
    else:
        found = [*files.saying(fault.node, fault.path)] if fault.path else []
    return found or files.saying(fault.node)[:1]


def _shown(fault: "Fault", stated: Sequence[Stated]) -> str:
    """The value at fault or, of a thing whose class is not given, the facts that suggest one."""
    if fault.value is not None and fault.value != fault.node:
        return f" ({said(fault.value)})"
    if not fault.telling or not stated:
        return ""
    facts = [f"{said(each.triple.predicate)} {said(each.triple.object)}" for each in stated]
    return f" ({'; '.join(dict.fromkeys(facts[:FACTS_SHOWN]))}{' …' if facts[FACTS_SHOWN:] else ''})"


FACTS_SHOWN = 3


@dataclass(frozen=True)
class Fault:
    """A place where data breaks a shape: the node, the path and the value if there are any, what to say by language.

    `telling` are the properties by which the shape knows what a thing without its class should be; `component` is the
    constraint component that found it (https://www.w3.org/TR/shacl/#constraints-section).
    """

    node: ox.NamedNode | ox.Literal
    path: ox.NamedNode | None
    value: ox.NamedNode | ox.Literal | None
    messages: Mapping[str | None, str]
    telling: tuple[ox.NamedNode, ...]
    component: ox.NamedNode

    def message(self, lang: str) -> str:
        return self.messages.get(lang) or min(self.messages.values())


def faults(lines: Iterable[bytes], shapes: Path, validator: str = "kgraph") -> Iterator[Fault]:
    """Where the lines of an N-Triples file break the shapes, in no order."""
    encoded = encoding.Facts()
    encoding.read(encoded, lines)
    return _faults(encoded, shapes, validator)


def _faults(
    encoded: encoding.Facts, shapes: Path, validator: str, only: Iterable[object] | None = None
) -> Iterator[Fault]:
    """Where triples break the shapes; pySHACL takes over, with a warning, where our own falls short."""
    quads = parse(shapes)
    if validator == "kgraph":
        try:
            return _found(shacl.compile_shapes(quad.triple for quad in quads), encoded, only)
        except NotCovered as error:
            if only is not None:
                raise
            warnings.warn(f"{shapes.name} uses {error}, so pySHACL checks it, which takes longer", stacklevel=2)
    return _reported(quads, encoded)


def _found(
    compiled: list[shacl.Shape], encoded: encoding.Facts, only: Iterable[object] | None = None
) -> Iterator[Fault]:
    """Where triples break compiled shapes, by default at any node."""
    on = shacl.data(encoded)
    nodes = None if only is None else encoded.numbered(only)
    with _unlogged("rdflib.term"):
        found = list(shacl.faults(compiled, on, nodes))
    for shape, component, broken in found:
        for node, value in zip((broken >> 32).tolist(), (broken & encoding.LOW).tolist(), strict=True):
            focus = _parsed(on.terms[node])
            wrong = _parsed(on.terms[value]) if value else None
            yield Fault(
                focus, shape.predicate, wrong, shape.messages, shape.telling if wrong == focus else (), component
            )


def _parsed(written: bytes) -> ox.NamedNode | ox.Literal:
    """A term that Turtle writes; a blank node becomes its label."""
    if written.startswith(b"_"):
        return ox.Literal(written.removeprefix(b"_:").decode())
    [triple] = ox.parse(b"<x:s> <x:p> %b ." % written, ox.RdfFormat.TURTLE)
    assert isinstance(triple.object, ox.NamedNode | ox.Literal)
    return triple.object


def _reported(quads: Iterable[ox.Quad], encoded: encoding.Facts) -> Iterator[Fault]:
    """What pySHACL finds."""
    from pyshacl import validate
    from rdflib import Graph, URIRef
    from rdflib.namespace import SH

    telling_by = (SH.ClassConstraintComponent, SH.AndConstraintComponent)

    with _unlogged("rdflib.term"):
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
def _unlogged(name: str) -> Iterator[None]:
    """Keep a library from logging a traceback for each ill-typed literal, which is reported as a problem anyway."""
    logger = logging.getLogger(name)
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = False
