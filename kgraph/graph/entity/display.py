"""How a card shows things: groups and names of relations, key facts of classes, and what rules mean in words.

It is read from ontology/display.ttl, which has the non-validating characteristics of SHACL
(https://www.w3.org/TR/shacl/#nonValidation), and from the heads of the rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.vocab import term
from kgraph.base.words import LANGUAGES
from kgraph.rdf import inference, sparql_text

Name = Mapping[str, str]
"""A name by language."""

Way = tuple[ox.NamedNode, bool]
"""A relation, and whether it is followed from its object to its subject."""

Steps = tuple[Way, ...]
"""Relations that are followed one after the other (sh:path)."""

FOLDED = "https://w3id.org/sekg/display/folded"
"""The section of what a card folds away."""

OTHER = "https://w3id.org/sekg/display/other"
"""The section of what has no other."""

ANYTHING = term("rdfs:Resource")
"""The class of key facts for what no other class has."""


@dataclass(frozen=True)
class Section:
    """A group of relations: its IRI, its name, its place among the groups."""

    iri: str
    name: Name
    order: int


@dataclass(frozen=True)
class Relation:
    """A relation of a card, or a key fact: its name, its section, its place there, and its paths, best first."""

    name: Name
    section: Section
    order: int
    paths: tuple[Steps, ...]

    @property
    def place(self) -> tuple[int, int]:
        return self.section.order, self.order


@dataclass(frozen=True)
class Display:
    """Relations by the way in which they are followed, key facts by class in order, and rules by name."""

    relations: Mapping[Way, Relation]
    keys: Mapping[ox.NamedNode, Sequence[Relation]]
    rules: Mapping[str, str]
    single: frozenset[object]
    """The relations that have one value."""

    @cached_property
    def other(self) -> Section:
        """The section of relations that the file does not name."""
        sections = (relation.section for relation in self.relations.values())
        return next((one for one in sections if one.iri == OTHER), Section(OTHER, {}, 8))

    @cached_property
    def along(self) -> frozenset[ox.NamedNode]:
        """The relations of all steps but the first on the way to key facts."""
        return frozenset(way[0] for path in self._long() for way in path[1:])

    @cached_property
    def because(self) -> Mapping[str, Name]:
        """What rules mean in words."""
        return {name: _because(text) for name, text in self.rules.items()}

    @cached_property
    def steps(self) -> dict[str, list[ox.NamedNode]]:
        """The relations that lead to things on the way to key facts.

        Those of a first step are `first`, or `back` if it is followed from its object; those of a second are `second`.
        """
        found: dict[str, set[ox.NamedNode]] = {"first": set(), "back": set(), "second": set()}
        for (start, is_back), *rest in self._long():
            found["back" if is_back else "first"].add(start)
            found["second"] |= {rest[0][0]} if len(rest) > 1 else set()
        return {part: sorted(relations, key=str) for part, relations in found.items()}

    def _long(self) -> list[Steps]:
        return [path for keys in self.keys.values() for key in keys for path in key.paths if len(path) > 1]

    def keys_of(self, classes: Iterable[object]) -> Sequence[Relation]:
        """The key facts of the first class in order that is among some classes."""
        known = {*classes}
        return next((keys for kind, keys in self.keys.items() if kind in known or kind == ANYTHING), ())


@cache
def display() -> Display:
    """How the ontology that comes with kgraph has things shown."""
    ontology = paths.bundled().ontology
    return read(ontology / "display.ttl", ontology / "single-valued.ttl", inference.texts(ontology))


def backwards(predicate: ox.NamedNode) -> Name:
    """The name of a relation followed from its object, by language; empty when display.ttl has none."""
    relation = display().relations.get((predicate, True))
    return relation.name if relation else {}


def read(file: Path, single: Path, rules: Mapping[str, str] = MappingProxyType({})) -> Display:
    """How a file in Turtle has things shown, and the single-valued relations of another; with the rules."""
    told, shaped = (_Told(ox.parse(paths.read_bytes(path), ox.RdfFormat.TURTLE)) for path in (file, single))
    shapes = sorted(told.subjects(term("sh:NodeShape")), key=told.order)
    keys = {kind: told.relations(shape) for shape in shapes for kind in told.all(shape, "sh:targetClass")}
    plain = [
        relation for shape in shapes if not told.all(shape, "sh:targetClass") for relation in told.relations(shape)
    ]
    ways = {path[0]: relation for relation in plain for path in relation.paths}
    one = frozenset(path for shape in list(shaped.values) for path in shaped.all(shape, "sh:path"))
    return Display(ways, keys, rules, one)  # type: ignore[arg-type]


def _because(rule: str) -> Name:
    head = sparql_text.head(rule)
    return {lang: head[f"because-{lang}"] for lang in LANGUAGES if f"because-{lang}" in head}


class _Told:
    """The triples of a file by subject and predicate."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.values: dict[object, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            self.values[quad.subject][quad.predicate.value].append(quad.object)

    def all(self, node: object, curie: str) -> list[object]:
        return self.values[node][term(curie).value] if node in self.values else []

    def subjects(self, kind: ox.NamedNode) -> list[object]:
        return [node for node in list(self.values) if kind in self.all(node, "rdf:type")]

    def order(self, node: object) -> int:
        return next((int(value.value) for value in self.all(node, "sh:order") if isinstance(value, ox.Literal)), 0)

    def name(self, node: object, curie: str) -> Name:
        texts = (value for value in self.all(node, curie) if isinstance(value, ox.Literal))
        return {str(text.language): text.value for text in texts}

    def section(self, node: object) -> Section:
        iri = node.value if isinstance(node, ox.NamedNode) else ""
        return Section(iri, self.name(node, "rdfs:label"), self.order(node))

    def relations(self, shape: object) -> list[Relation]:
        """The property shapes of a node shape, in order."""
        found = [
            Relation(
                self.name(one, "sh:name"),
                self.section(next(iter(self.all(one, "sh:group")), None)),
                self.order(one),
                tuple(self.paths(self.all(one, "sh:path")[0])),
            )
            for one in self.all(shape, "sh:property")
        ]
        return sorted(found, key=lambda relation: relation.place)

    def paths(self, path: object) -> Iterator[Steps]:
        """The alternatives of a path, each as its steps (https://www.w3.org/TR/shacl/#property-paths)."""
        for alternatives in self.all(path, "sh:alternativePath"):
            for one in self.members(alternatives):
                yield from self.paths(one)
        if not self.all(path, "sh:alternativePath"):
            yield tuple(self.step(one) for one in ([*self.members(path)] or [path]))

    def step(self, path: object) -> Way:
        inverse = self.all(path, "sh:inversePath")
        predicate = inverse[0] if inverse else path
        assert isinstance(predicate, ox.NamedNode)
        return predicate, bool(inverse)

    def members(self, node: object) -> Iterator[object]:
        """The members of an RDF list; none for what is no list."""
        while first := self.all(node, "rdf:first"):
            yield first[0]
            node = self.all(node, "rdf:rest")[0]
