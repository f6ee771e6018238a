"""The page of the ontology: each class and property with its meaning, its axioms, its use and its checks."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.vocab import PREFIXES, TYPE, term
from kgraph.publish.pages.addresses import anchor
from kgraph.publish.pages.book import Book
from kgraph.rdf import inference, sparql
from kgraph.rdf.sparql import Value

CLASS = term("owl:Class")
AXIOMS = {
    "subClassOf": term("rdfs:subClassOf"),
    "subPropertyOf": term("rdfs:subPropertyOf"),
    "domain": term("rdfs:domain"),
    "range": term("rdfs:range"),
    "domainIncludes": term("schema:domainIncludes"),
    "rangeIncludes": term("schema:rangeIncludes"),
    "inverse": term("owl:inverseOf"),
    "disjoint": term("owl:disjointWith"),
}
MATCHES = tuple(
    map(term, ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:relatedMatch", "rdfs:seeAlso"))
)
CHARACTERS = {term("owl:SymmetricProperty"): "symmetric", term("owl:TransitiveProperty"): "transitive"}
COMMENT = re.compile(r"^# (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Described:
    """A class or property; `axioms` are by name in the words, `rules` are names with their comments in English."""

    node: ox.NamedNode
    place: str
    is_class: bool
    definition: str
    notes: tuple[str, ...]
    axioms: Mapping[str, tuple[Value, ...]]
    matches: tuple[tuple[Value, Value], ...]
    characters: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]
    count: int
    example: Value | None
    checks: tuple[str, ...]

    @property
    def is_ours(self) -> bool:
        return self.node.value.startswith(PREFIXES["se"])


def ontology(book: Book, lang: str) -> list[Described]:
    """Every term that the ontology describes: ours first, classes before properties, by name."""
    said: dict[Value, dict[Value, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for node, relation, value in sparql.named(book.store, "terms"):
        said[node][relation].append(value)
    uses, rules, checks = _uses(book.store), _rules(book), _checks(book, lang)
    found = [
        _described(node, about, lang, uses.get(node, (0, None)), rules.get(node, ()), checks.get(node, ()))
        for node, about in said.items()
        if isinstance(node, ox.NamedNode) and any(kind.value.startswith(PREFIXES["owl"]) for kind in about[TYPE])
    ]
    return sorted(found, key=lambda one: (not one.is_ours, not one.is_class, one.place.lower()))


def _described(
    node: ox.NamedNode,
    about: Mapping[Value, list[Value]],
    lang: str,
    use: tuple[int, Value | None],
    rules: tuple[tuple[str, str], ...],
    checks: tuple[str, ...],
) -> Described:
    return Described(
        node,
        anchor(node),
        CLASS in about[TYPE],
        next(iter(_in(lang, about.get(term("skos:definition"), []))), ""),
        (*_in(lang, about.get(term("skos:scopeNote"), [])), *_in(lang, about.get(term("rdfs:comment"), []))),
        {name: tuple(about[axiom]) for name, axiom in AXIOMS.items() if axiom in about},
        tuple((match, value) for match in MATCHES for value in about.get(match, [])),
        tuple(CHARACTERS[kind] for kind in about[TYPE] if kind in CHARACTERS),  # type: ignore[index]
        rules,
        *use,
        checks,
    )


def _in(lang: str, values: list[Value]) -> list[str]:
    return [value.value for value in values if isinstance(value, ox.Literal) and value.language == lang]


def _uses(store: ox.Store) -> dict[Value, tuple[int, Value | None]]:
    """The number of uses of each term, and one thing that uses it."""
    rows = sparql.rows(sparql.run(store, paths.query_text("uses")))
    return {node: (int(count.value), example) for node, count, example in rows if node and count}


def _rules(book: Book) -> dict[Value, tuple[tuple[str, str], ...]]:
    """The chains and rules that give each property, with the words of those that have any."""
    given: dict[Value, list[tuple[str, str]]] = defaultdict(list)
    for rule in inference.compile_rules(book.store):
        if "∘" in rule.name:
            given[rule.head].append((rule.name, ""))
    for name, text in book.rules.items():
        if head := inference.CONSTRUCTED.search(text):
            given[term(head[2])].append((name, " ".join(COMMENT.findall(text))))
    return {node: tuple(rules) for node, rules in given.items()}


def _checks(book: Book, lang: str) -> dict[Value, tuple[str, ...]]:
    """The messages of the shapes for each term in a language."""
    found: dict[Value, list[str]] = defaultdict(list)
    for node, message in sparql.named(book.shapes(), "shape-messages"):
        if isinstance(message, ox.Literal) and message.language == lang:
            found[node].append(message.value)
    return {node: tuple(messages) for node, messages in found.items()}
