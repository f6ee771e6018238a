"""The names of a data folder, in both directions: what a term is called, and which terms bear a name."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from kgraph.base.paths import Folders
from kgraph.base.problems import Value
from kgraph.base.text import fold
from kgraph.base.vocab import CLAIM_LINKS, LOCAL_NAME, PREF_LABEL, PREFIXES, STATED, TYPE, curie, term
from kgraph.evidence.turtle import parse

BETWEEN = " · "
"""Stands between a name and its CURIE in a cell."""

CURIE = re.compile(rf"([a-z][a-z0-9]*):({LOCAL_NAME.pattern})")
WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
SUGGESTED = 5
"""The candidates that a problem names."""

CALLED = (PREF_LABEL, term("rdfs:label"), term("skos:altLabel"))
"""The properties that give names, the best first."""

RANGES = (term("rdfs:range"), term("schema:rangeIncludes"))
PROPERTIES = tuple(map(term, ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty", "rdf:Property")))


class Unreadable(Exception):
    """A cell that cannot be read: the code of a problem and its values."""

    def __init__(self, code: str, **values: Value) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True)
class Names:
    """The names and types of all terms of a data folder and its ontology, for a language of names."""

    lang: str
    labels: Mapping[ox.NamedNode, str]
    bearers: Mapping[str, frozenset[ox.NamedNode]]
    types: Mapping[ox.NamedNode, frozenset[ox.NamedNode]]
    ranges: Mapping[ox.NamedNode, frozenset[ox.NamedNode]]

    @cached_property
    def properties(self) -> frozenset[ox.NamedNode]:
        """The properties of the ontology, `a` among them."""
        found = {node for node, types in self.types.items() if types & {*PROPERTIES}}
        return frozenset(found | {TYPE}) - {*CLAIM_LINKS}

    def others(self) -> list[ox.NamedNode]:
        """What may be the subject or value of a fact, by name."""
        found = (node for node in self.labels if node not in self.properties and not node.value.startswith(SOURCE))
        return sorted(found, key=lambda node: fold(self.labels[node]))

    def statuses(self) -> list[ox.NamedNode]:
        """The statuses of claims, *stated* first."""
        found = (node for node in self.labels if node.value.startswith(PREFIXES["status"]))
        return sorted(found, key=lambda node: (node != STATED, node.value))

    def cell(self, node: ox.NamedNode) -> str:
        """The text of a cell for a term: its name and its CURIE."""
        if node == TYPE:
            return f"{self.labels.get(node, 'a')}{BETWEEN}a"
        short = curie(node.value)
        label = self.labels.get(node, "")
        is_fit = label.isprintable() and label == label.strip() and label[:1] not in "'\"=+-@<"
        return f"<{node.value}>" if not short else f"{label}{BETWEEN}{short}" if label and is_fit else short

    def term(self, text: str, among: Collection[ox.NamedNode] | None = None) -> ox.NamedNode:
        """The term of a cell: an IRI, a CURIE with or without a name before it, or a name; Unreadable for others."""
        return iri_of(text) or self._called(text.strip(), among)

    def _called(self, name: str, among: Collection[ox.NamedNode] | None) -> ox.NamedNode:
        allowed = {*among} if among is not None else {*self.labels} - self.properties
        found = self.bearers.get(fold(name), frozenset()) & allowed
        if not found:
            bare = fold(IN_BRACKETS.sub("", name))
            found = frozenset(node for key in self._bare.get(bare, ()) for node in self.bearers[key]) & allowed
        if len(found) == 1:
            return min(found, key=str)
        if found:
            raise Unreadable("sheet-several", name=name, names=self._listed(sorted(found, key=str)))
        code = "sheet-unknown-name" if among is None else "sheet-unknown-word"
        raise Unreadable(code, name=name, names=self._listed(self._near(fold(name), allowed)))

    @cached_property
    def _bare(self) -> Mapping[str, list[str]]:
        """The folded names by what stands before their brackets."""
        found: dict[str, list[str]] = defaultdict(list)
        for key in self.bearers:
            found[IN_BRACKETS.sub("", key)].append(key)
        return found

    def _near(self, name: str, allowed: Collection[ox.NamedNode]) -> list[ox.NamedNode]:
        found = [bare for bare, keys in self._bare.items() if any(self.bearers[key] & {*allowed} for key in keys)]
        within = [bare for bare in found if len(name) > 3 and name in bare]
        alike = [key for bare in (*get_close_matches(name, found, SUGGESTED, 0.6), *within) for key in self._bare[bare]]
        return list(dict.fromkeys(node for key in alike for node in self.bearers[key] if node in allowed))

    def _listed(self, nodes: Iterable[ox.NamedNode]) -> str:
        return ", ".join([self.cell(node) for node in nodes][:SUGGESTED]) or "–"


SOURCE = PREFIXES["source"]


def iri_of(text: str) -> ox.NamedNode | None:
    """The term of an IRI, a CURIE with a known prefix, or `a`, perhaps with a name before it; None for other texts."""
    text = text.rpartition(BETWEEN)[2].strip()
    if text == "a":
        return TYPE
    if found := CURIE.fullmatch(text):
        return ox.NamedNode(PREFIXES[found[1]] + found[2]) if found[1] in PREFIXES else None
    try:
        if text.startswith("<") and text.endswith(">"):
            return ox.NamedNode(text[1:-1])
        return ox.NamedNode(text) if WEB.fullmatch(text) else None
    except ValueError as error:
        raise Unreadable("sheet-no-iri", name=text) from error


def names(folders: Folders, lang: str) -> Names:
    """The names of all terms of the folders; BadData for a file that is not Turtle."""
    files = (*folders.ontologies(), folders.ontology / "kinds.ttl", *folders.sources())
    triples = (quad.triple for path in files for quad in parse(path))
    return names_of(chain(triples, _shown(folders.ontology / "display.ttl")), lang)


def _shown(display: Path) -> Iterator[ox.Triple]:
    """The names that cards give to relations, as alternative names of their properties."""
    quads = list(parse(display))
    paths = {quad.subject: quad.object for quad in quads if quad.predicate == term("sh:path")}
    for quad in quads:
        path = paths.get(quad.subject)
        if quad.predicate == term("sh:name") and isinstance(path, ox.NamedNode):
            yield ox.Triple(path, term("skos:altLabel"), quad.object)


def names_of(triples: Iterable[ox.Triple], lang: str) -> Names:
    """The names of the subjects of triples."""
    labels: dict[ox.NamedNode, tuple[tuple[int, bool], str]] = {}
    bearers, types, ranges = (defaultdict[object, set[ox.NamedNode]](set) for _ in range(3))
    for triple in triples:
        node, end = triple.subject, triple.object
        if not isinstance(node, ox.NamedNode):
            continue
        if triple.predicate in CALLED and isinstance(end, ox.Literal):
            rank = (CALLED.index(triple.predicate) // 2, end.language != lang)
            labels[node] = min(labels.get(node, ((9, True), "")), (rank, end.value))
            bearers[fold(end.value)].add(node)
        elif isinstance(end, ox.NamedNode) and triple.predicate == TYPE:
            types[node].add(end)
        elif isinstance(end, ox.NamedNode) and triple.predicate in RANGES:
            ranges[node].add(end)
    return Names(
        lang,
        {node: label for node, (_, label) in labels.items()},
        {str(key): frozenset(nodes) for key, nodes in bearers.items()},
        {node: frozenset(found) for node, found in types.items() if isinstance(node, ox.NamedNode)},
        {node: frozenset(found) for node, found in ranges.items() if isinstance(node, ox.NamedNode)},
    )
