"""SHACL shapes compiled to operations on sorted keys, and the faults they find.

The parts of SHACL (https://www.w3.org/TR/shacl/) that our shapes use are covered, as pySHACL reads them; any other part
raises NotCovered, so that no constraint is skipped.
"""

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial, reduce
from typing import Any, NamedTuple

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kgraph.base.vocab import PREFIXES, SUBCLASS, TYPE, term
from kgraph.rdf import sparql_text
from kgraph.rdf.encoding import (
    LOW,
    NONE,
    Facts,
    Keys,
    absent,
    among,
    distinct,
    join,
    merged,
    numbering,
    partners,
    runs,
    swap,
    written,
)

SH = PREFIXES["sh"]

Mask = NDArray[np.bool_]
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Path = Callable[["Data"], Keys]
"""The keys of a node and a value that a property path links."""
Check = Callable[["Data", Keys, Keys], Keys]
"""From the data, nodes, and keys of nodes with values: the keys of faulty nodes, each with the faulty value or 0."""
Test = Callable[["Data", Keys], Mask]
"""For each value whether it is valid."""


class NotCovered(Exception):
    """The shapes use a part of SHACL that is not compiled here."""


@dataclass(frozen=True)
class Data:
    """Encoded triples with, for each term, the number of its ending.

    A plain string ends with `"`, one with a language with `"@pl`, another literal with `"^^<…>`.
    """

    facts: Facts
    terms: Sequence[bytes]
    ends: NDArray[np.int64]
    endings: Mapping[bytes, int]
    store: ox.Store
    in_store: set[ox.NamedNode]

    def stored(self, predicates: Iterable[ox.NamedNode]) -> ox.Store:
        """A store with at least the triples of these predicates."""
        for predicate in set(predicates) - self.in_store:
            lines = (b"%b %b %b .\n" % triple for triple in written(predicate, self.facts.of(predicate), self.terms))
            self.store.bulk_load(b"".join(lines), format=ox.RdfFormat.N_TRIPLES)
            self.in_store.add(predicate)
        return self.store


@dataclass(frozen=True)
class Shape:
    """A compiled shape: its targets, its path, the checks by their components, and its messages by language.

    `telling` are the target properties of sh:class and sh:and: they show the class that a thing lacks.
    """

    targets: tuple[Path, ...]
    path: Path | None
    predicate: ox.NamedNode | None
    checks: tuple[tuple[ox.NamedNode, Check], ...]
    properties: tuple["Shape", ...]
    messages: Mapping[str | None, str]
    telling: tuple[ox.NamedNode, ...]


Broken = tuple[Shape, ox.NamedNode, Keys]
"""A shape, the constraint component that found a fault, and the faulty nodes, each with the faulty value or 0."""


def data(facts: Facts) -> Data:
    terms, endings = facts.terms(), numbering()
    ends = (endings[term[term.rindex(b'"') :] if term.startswith(b'"') else term[:1]] for term in terms)
    return Data(facts, terms, np.fromiter(ends, dtype=np.int64, count=len(terms)), endings, ox.Store(), set())


def faults(shapes: Iterable[Shape], on: Data, among_these: Keys | None = None) -> Iterator[Broken]:
    """The violations of the shapes, by default at all nodes."""
    for shape in shapes:
        nodes = distinct(np.concatenate([NONE, *(target(on) >> 32 for target in shape.targets)]))
        yield from _broken(shape, on, nodes if among_these is None else nodes[among(nodes, among_these)])


def _broken(shape: Shape, on: Data, nodes: Keys) -> Iterator[Broken]:
    if not nodes.size:
        return
    pairs = nodes << 32 | nodes
    if shape.path:
        pairs = shape.path(on)
        pairs = pairs[among(pairs >> 32, nodes)]
    for component, check in shape.checks:
        found = check(on, nodes, pairs)
        if found.size:
            yield shape, component, found
    for inner in shape.properties:
        yield from _broken(inner, on, nodes)


def _conform(shape: Shape, on: Data, nodes: Keys) -> Mask:
    """For each of some sorted nodes whether it conforms to the shape."""
    found = [keys >> 32 for *_, keys in _broken(shape, on, nodes)]
    return ~among(nodes, distinct(np.concatenate([NONE, *found])))


# Shapes, read


@dataclass(frozen=True)
class _Graph:
    """The shapes graph: the objects of each node by the local name of the property, for SHACL and lists."""

    objects: Mapping[Term, Mapping[str, Sequence[Term]]]

    def of(self, node: Term, name: str) -> Sequence[Term]:
        return self.objects.get(node, {}).get(name, ())

    def items(self, head: Term) -> Iterator[Term]:
        """The members of a list."""
        while first := self.of(head, "first"):
            yield first[0]
            head = self.of(head, "rest")[0]


def compile_shapes(triples: Iterable[ox.Triple]) -> list[Shape]:
    """The shapes that have a target; NotCovered for a constraint or target that is not covered."""
    objects: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        name = triple.predicate.value
        if name.startswith((SH, PREFIXES["rdf"])):
            objects[triple.subject][name.rpartition("#")[2]].append(triple.object)
    graph = _Graph(objects)
    for given in objects.values():
        _must_aim(given)
    targeted = [node for node, given in objects.items() if any(name in TARGETS for name in given)]
    return [_shape(graph, node) for node in sorted(targeted, key=str)]


def _must_aim(given: Mapping[str, Sequence[Term]]) -> None:
    """Raise NotCovered for a target that is not one of `TARGETS`."""
    for name in given.keys() - TARGETS.keys():
        if name.startswith("target"):
            raise NotCovered(f"sh:{name}")
    if len(given) > 1 and CLASSES.intersection(given.get("type", ())):
        raise NotCovered("a class that is a shape of its own things")


CLASSES = {term("rdfs:Class"), term("owl:Class")}
ASKS_NOTHING = "message path property qualifiedMinCount flags severity name description order type"
"""The properties of a shape that are no constraints."""


def _shape(graph: _Graph, node: Term) -> Shape:
    given = graph.objects.get(node, {})
    for name in given.keys() - TESTS.keys() - CHECKS.keys() - TARGETS.keys() - {*ASKS_NOTHING.split()}:
        raise NotCovered(f"sh:{name}")
    paths = given.get("path", ())
    if paths and given.get("property"):
        raise NotCovered("sh:property in a property shape")
    return Shape(
        tuple(partial(make, name=_iri(value)) for name, make in TARGETS.items() for value in given.get(name, ())),
        _path(graph, paths[0]) if paths else None,
        paths[0] if paths and isinstance(paths[0], ox.NamedNode) else None,
        tuple(
            (_component(name), _check(graph, node, name, value))
            for name in (*TESTS, *CHECKS)
            for value in given.get(name, ())
        ),
        tuple(_shape(graph, inner) for inner in given.get("property", ())),
        {text.language: text.value for text in given.get("message", ()) if isinstance(text, ox.Literal)},
        tuple(map(_iri, given.get("targetSubjectsOf", ()))) if given.keys() & {"class", "and"} else (),
    )


def _iri(node: Term) -> ox.NamedNode:
    assert isinstance(node, ox.NamedNode)
    return node


def _check(graph: _Graph, shape: Term, name: str, value: Term) -> Check:
    """The check that a parameter of a shape asks for."""
    if name in CHECKS:
        return CHECKS[name](graph, shape, value)
    return partial(_each, test=TESTS[name](graph, shape, value))


def _component(name: str) -> ox.NamedNode:
    """The constraint component of a parameter (https://www.w3.org/TR/shacl/#core-components).

    >>> _component("minCount").value
    'http://www.w3.org/ns/shacl#MinCountConstraintComponent'
    """
    special = {"sparql": "SPARQL", "qualifiedValueShape": "QualifiedMinCount"}
    return ox.NamedNode(f"{SH}{special.get(name) or name[0].upper() + name[1:]}ConstraintComponent")


# Paths


def _path(graph: _Graph, node: Term) -> Path:
    if isinstance(node, ox.NamedNode):
        return partial(_of_type if node == TYPE else _of_predicate, name=node)
    for name, make in PATHS.items():
        for inner in graph.of(node, name):
            parts = graph.items(inner) if name == "alternativePath" else [inner]
            return partial(make, parts=[_path(graph, part) for part in parts])
    if graph.of(node, "first"):
        return partial(_sequence, parts=[_path(graph, part) for part in graph.items(node)])
    raise NotCovered("a path other than sequences, alternatives, inverses, one or more, and zero or one")


def _of_predicate(on: Data, name: ox.NamedNode) -> Keys:
    keys = on.facts.of(name)
    values: Keys = keys[keys & LOW != 0]
    return values


def _of_class(on: Data, name: ox.NamedNode) -> Keys:
    """The members of a class without subclasses; faulty data may use the name as a property, too."""
    keys = on.facts.of(name)
    members: Keys = keys[keys & LOW == 0]
    return members


def _of_type(on: Data, name: ox.NamedNode) -> Keys:
    classes = [_of_class(on, each) | on.facts.numbers.get(str(each).encode(), 0) for each in on.facts.keys]
    return distinct(np.concatenate([on.facts.of(name), *classes]))


def _alternatives(on: Data, parts: Sequence[Path]) -> Keys:
    found = [part(on) for part in parts]
    return reduce(lambda one, other: merged(one, absent(other, one)), found)


def _inverse(on: Data, parts: Sequence[Path]) -> Keys:
    return distinct(swap(parts[0](on)))


def _sequence(on: Data, parts: Sequence[Path]) -> Keys:
    return reduce(lambda one, other: distinct(join(one, other)), [part(on) for part in parts])


def _repeated(on: Data, parts: Sequence[Path]) -> Keys:
    step = parts[0](on)
    reached = fresh = step
    while fresh.size:
        fresh = absent(distinct(join(fresh, step)), reached)
        reached = merged(reached, fresh)
    return reached


def _optional(on: Data, parts: Sequence[Path]) -> Keys:
    nodes = np.arange(1, len(on.terms), dtype=np.int64)
    return distinct(np.concatenate([nodes << 32 | nodes, parts[0](on)]))


PATHS: Mapping[str, Callable[..., Keys]] = {
    "alternativePath": _alternatives,
    "inversePath": _inverse,
    "oneOrMorePath": _repeated,
    "zeroOrOnePath": _optional,
}


# Targets


def _members(on: Data, name: ox.NamedNode) -> Keys:
    """The members of a class and its subclasses, as keys without an object."""
    below = swap(on.facts.of(SUBCLASS))
    classes, seen = [name], {name}
    for above in classes:
        number = on.facts.numbers.get(str(above).encode(), 0)
        narrower = {ox.NamedNode(on.terms[key & LOW][1:-1].decode()) for key in below[below >> 32 == number].tolist()}
        classes += sorted(narrower - seen, key=str)
        seen |= narrower
    return distinct(np.concatenate([_of_class(on, each) for each in classes]))


TARGETS: Mapping[str, Callable[..., Keys]] = {
    "targetClass": _members,
    "targetSubjectsOf": _of_predicate,
    "targetObjectsOf": lambda on, name: distinct(swap(_of_predicate(on, name))),
}


# Tests of single values


def _each(on: Data, nodes: Keys, pairs: Keys, test: Test) -> Keys:
    """The pairs whose value fails the test."""
    values = distinct(pairs & LOW)
    if not values.size:
        return NONE
    right = test(on, values)
    return pairs[~right[np.searchsorted(values, pairs & LOW)]]


def _by_text(holds: Callable[[bytes], bool]) -> Test:
    """A test of each value as N-Triples writes it."""
    return lambda on, values: np.array([holds(on.terms[value]) for value in values.tolist()], dtype=bool)


def _ends_in(on: Data, values: Keys, endings: Iterable[bytes]) -> Mask:
    return np.isin(on.ends[values], [on.endings.get(ending, -1) for ending in endings])


def _tags(on: Data) -> list[bytes]:
    """The endings of literals with a language."""
    return [ending for ending in on.endings if ending.startswith(b'"@')]


def _class(graph: _Graph, shape: Term, node: Term) -> Test:
    return lambda on, values: among(values, _members(on, _iri(node)) >> 32)


def _datatype(graph: _Graph, shape: Term, node: Term) -> Test:
    if node == term("rdf:langString"):
        return lambda on, values: _ends_in(on, values, _tags(on))
    if node == term("xsd:string"):
        return lambda on, values: _ends_in(on, values, [b'"'])
    ending = f'"^^{node}'.encode()
    return _by_text(lambda written: written.endswith(ending) and not _value(written).ill_typed)


class _Value(NamedTuple):
    """A literal as rdflib reads it."""

    text: str
    value: Any
    ill_typed: bool | None


LITERAL = re.compile(rb'"([^"\\]*)"\^\^<(.*)>')
READ: Mapping[str, tuple[str, Callable[[str], object]]] = {
    term("xsd:integer").value: (r"-?[1-9]\d*|0", int),
    term("xsd:date").value: (r"\d{4}-\d\d-\d\d", date.fromisoformat),
    term("xsd:boolean").value: ("true|false", "true".__eq__),
}
OPAQUE = {term(f"xsd:{name}").value for name in ("gYear", "gYearMonth", "gMonthDay")} | {term("geo:wktLiteral").value}
"""Datatypes of which rdflib reads no value."""


@lru_cache(maxsize=100_000)
def _value(literal: bytes) -> _Value:
    """A literal as rdflib reads it; rdflib is not imported for those of common datatypes."""
    if found := LITERAL.fullmatch(literal):
        text, datatype = found[1].decode(), found[2].decode()
        if datatype in OPAQUE:
            return _Value(text, None, None)
        pattern, read = READ.get(datatype, ("(?!)", str))
        with suppress(ValueError):
            if re.fullmatch(pattern, text, re.ASCII):
                return _Value(text, read(text), ill_typed=False)
    from rdflib.util import from_n3

    known: Any = from_n3(literal.decode())
    return _Value(str(known), known.value, known.ill_typed)


def _node_kind(graph: _Graph, shape: Term, node: Term) -> Test:
    allowed = _iri(node).value.removeprefix(SH).split("Or")
    others = [ending for kind, ending in (("IRI", b"<"), ("BlankNode", b"_")) if kind not in allowed]
    if "Literal" in allowed:
        return lambda on, values: ~_ends_in(on, values, others)
    return lambda on, values: _ends_in(on, values, {b"<", b"_"}.difference(others))


def _pattern(graph: _Graph, shape: Term, node: Term) -> Test:
    assert isinstance(node, ox.Literal)
    if graph.of(shape, "flags"):
        raise NotCovered("sh:flags")
    pattern = re.compile(node.value)
    return _by_text(lambda written: not written.startswith(b"_") and pattern.search(_text(written)) is not None)


def _text(written: bytes) -> str:
    """The characters of an IRI or a literal."""
    if written.startswith(b"<"):
        return written[1:-1].decode()
    end = written.rindex(b'"')
    plain = b"\\" not in written and not written.startswith(b'"^^', end)
    return written[1:end].decode() if plain else _value(written).text


def _languages(graph: _Graph, shape: Term, node: Term) -> Test:
    wanted = {language.value.encode() for language in graph.items(node) if isinstance(language, ox.Literal)}
    return lambda on, values: _ends_in(
        on, values, [end for end in _tags(on) if {end[2:], end[2:].partition(b"-")[0]} & wanted]
    )


def _in(graph: _Graph, shape: Term, node: Term) -> Test:
    allowed = [str(item).encode() for item in graph.items(node)]
    return lambda on, values: np.isin(values, [on.facts.numbers.get(item, -1) for item in allowed])


def _least(graph: _Graph, shape: Term, node: Term, compare: Callable[[Any, Any], bool]) -> Test:
    bound = _value(str(node).encode()).value
    return _by_text(lambda term: term.startswith(b'"') and _compares(compare, _value(term).value, bound))


def _compares(compare: Callable[[Any, Any], bool], one: object, other: object) -> bool:
    """The result of a comparison; false for values that cannot be compared."""
    try:
        return None not in (one, other) and isinstance(one, str) == isinstance(other, str) and compare(one, other)
    except TypeError:
        return False


def _combined(graph: _Graph, shape: Term, node: Term, right: Callable[[NDArray[np.int64], int], Mask]) -> Test:
    """A test of the number of shapes in a list to which a value conforms against the length of the list."""
    shapes = [_shape(graph, inner) for inner in graph.items(node)]
    return lambda on, values: right(np.sum([_conform(each, on, values) for each in shapes], axis=0), len(shapes))


def _not(graph: _Graph, shape: Term, node: Term) -> Test:
    inner = _shape(graph, node)
    return lambda on, values: ~_conform(inner, on, values)


TESTS: Mapping[str, Callable[[_Graph, Term, Term], Test]] = {
    "class": _class,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "pattern": _pattern,
    "languageIn": _languages,
    "in": _in,
    "minInclusive": partial(_least, compare=operator.ge),
    "minExclusive": partial(_least, compare=operator.gt),
    "and": partial(_combined, right=operator.eq),
    "or": partial(_combined, right=lambda conforming, shapes: conforming > 0),
    "not": _not,
    "xone": partial(_combined, right=lambda conforming, shapes: conforming == 1),
}
"""The parameters that constrain each value."""


# Checks of all values of a node


def _count(graph: _Graph, shape: Term, node: Term, wrong: Callable[[Keys, int], Mask]) -> Check:
    assert isinstance(node, ox.Literal)
    bound = int(node.value)
    return lambda on, nodes, pairs: nodes[wrong(runs(nodes, pairs)[1], bound)] << 32


def _qualified(graph: _Graph, shape: Term, node: Term) -> Check:
    inner, least = _shape(graph, node), graph.of(shape, "qualifiedMinCount")
    if len(least) != 1 or not isinstance(least[0], ox.Literal):
        raise NotCovered("sh:qualifiedValueShape without one sh:qualifiedMinCount")
    bound = int(least[0].value)

    def check(on: Data, nodes: Keys, pairs: Keys) -> Keys:
        values = distinct(pairs & LOW)
        right = pairs[among(pairs & LOW, values[_conform(inner, on, values)])]
        return nodes[runs(nodes, right)[1] < bound] << 32

    return check


def _unique_languages(graph: _Graph, shape: Term, node: Term) -> Check:
    def check(on: Data, nodes: Keys, pairs: Keys) -> Keys:
        pairs = pairs[_ends_in(on, pairs & LOW, _tags(on))]
        tagged = np.sort(pairs >> 32 << 32 | on.ends[pairs & LOW])
        return distinct(tagged[1:][tagged[1:] == tagged[:-1]] >> 32 << 32)

    return check


def _disjoint(graph: _Graph, shape: Term, node: Term) -> Check:
    return lambda on, nodes, pairs: pairs[among(pairs, on.facts.of(_iri(node)))]


def _has_value(graph: _Graph, shape: Term, node: Term) -> Check:
    wanted = str(node).encode()
    return lambda on, nodes, pairs: nodes[~among(nodes << 32 | on.facts.numbers.get(wanted, LOW), pairs)] << 32


def _less_than(graph: _Graph, shape: Term, node: Term) -> Check:
    def check(on: Data, nodes: Keys, pairs: Keys) -> Keys:
        left, right = partners(pairs, pairs >> 32, on.facts.of(_iri(node)))
        ordered = [_before(on.terms[one], on.terms[other]) for one, other in zip(left & LOW, right & LOW, strict=True)]
        return distinct(left[~np.array(ordered, dtype=bool)])

    return check


def _before(one: bytes, other: bytes) -> bool:
    """Whether a value is less than another; false for values that cannot be compared."""
    values = [_value(written).value if written.startswith(b'"') else _text(written) for written in (one, other)]
    return _compares(operator.lt, *values)


UNSEEN = re.compile(
    r"[?$]\w+\s+[?$]\w+|;\s*[?$]|(?:(?<![\w:?$-])a|\brdf:type)\s*[?$/|+*)]|<[^<>\s]*>|(?<![\w-]):\w"
    r"|(?:[?$]\w+|[;/^]|(?<!\|)\|)\s*!(?!=)|\bgraph\b",
    re.IGNORECASE,
)
"""Parts of a query that may match predicates or classes which it does not name, or graphs."""


def _sparql(graph: _Graph, shape: Term, node: Term) -> Check:
    """A SELECT of $this over the predicates that it names."""
    text = graph.of(node, "select")[0]
    assert isinstance(text, ox.Literal)
    prefixes = dict(_prefixes(graph, node))
    if found := UNSEEN.search(text.value):
        raise NotCovered(f"sh:sparql with {found[0].strip()!r}, where predicates and classes must be CURIEs")
    named = list(map(ox.NamedNode, sparql_text.iris(text.value, prefixes)))

    def check(on: Data, nodes: Keys, pairs: Keys) -> Keys:
        solutions = on.stored(named).query(text.value, prefixes=prefixes)
        assert isinstance(solutions, ox.QuerySolutions)
        found = [on.facts.numbers.get(str(solution["this"]).encode(), 0) for solution in solutions]
        broken = nodes[among(nodes, distinct(np.array(found, dtype=np.int64)))]
        return broken << 32 | broken

    return check


def _prefixes(graph: _Graph, node: Term) -> Iterator[tuple[str, str]]:
    for declared in (declaration for given in graph.of(node, "prefixes") for declaration in graph.of(given, "declare")):
        prefix, namespace = graph.of(declared, "prefix")[0], graph.of(declared, "namespace")[0]
        assert isinstance(prefix, ox.Literal) and isinstance(namespace, ox.Literal)
        yield prefix.value, namespace.value


CHECKS: Mapping[str, Callable[[_Graph, Term, Term], Check]] = {
    "minCount": partial(_count, wrong=operator.lt),
    "maxCount": partial(_count, wrong=operator.gt),
    "qualifiedValueShape": _qualified,
    "uniqueLang": _unique_languages,
    "disjoint": _disjoint,
    "hasValue": _has_value,
    "lessThan": _less_than,
    "sparql": _sparql,
}
"""The parameters that constrain the values of a node together."""
