"""The closure of the facts under the ontology's axioms and rules, and which rule gave each inferred fact.

The axioms of OWL 2 RL (https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules) are
compiled into joins over integers: terms are numbered, and each predicate is one sorted array of 64-bit keys
`subject << 32 | object`. A class is a predicate whose object is always 0. Rounds are semi-naive: every rule is applied
to what the last round added.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kgraph import query, resources
from kgraph.errors import BadData
from kgraph.sources import Term, hashed
from kgraph.store import drop, fill, graph, to_rdflib
from kgraph.vocab import (
    CLAIMS_GRAPH,
    INFERENCE,
    INFERRED_GRAPH,
    OBJECT,
    ONTOLOGY_GRAPH,
    PREDICATE,
    RULE,
    SUBJECT,
    TYPE,
    short,
)

Keys = NDArray[np.int64]
Predicate = ox.NamedNode
NONE: Keys = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Rule:
    """One way to get facts of `head` from those of `body` (one predicate, or two that are joined)."""

    name: str
    head: Predicate
    body: tuple[Predicate, ...]
    apply: Callable[..., Keys]


@dataclass
class Facts:
    """Numbered terms, and per predicate or class its sorted keys."""

    terms: list[Term] = field(default_factory=lambda: [ox.NamedNode("x:none")])
    numbers: dict[Term, int] = field(default_factory=dict)
    keys: dict[Predicate, Keys] = field(default_factory=dict)

    def number(self, term: Term) -> int:
        number = self.numbers.get(term)
        if number is None:
            number = self.numbers[term] = len(self.terms)
            self.terms.append(term)
        return number

    def add(self, triples: Iterable[ox.Triple]) -> None:
        found: dict[Predicate, list[int]] = defaultdict(list)
        for triple in triples:
            if triple.predicate == TYPE and isinstance(triple.object, ox.NamedNode):
                found[triple.object].append(self.number(triple.subject) << 32)
            else:
                found[triple.predicate].append(self.number(triple.subject) << 32 | self.number(triple.object))
        for predicate, keys in found.items():
            self.keys[predicate] = np.union1d(self.of(predicate), np.array(keys, dtype=np.int64))

    def of(self, predicate: Predicate) -> Keys:
        return self.keys.get(predicate, NONE)

    def triples(self, predicate: Predicate, keys: Keys) -> Iterator[ox.Triple]:
        """The facts behind keys; those with a literal as subject are not RDF and are left out."""
        for key in keys.tolist():
            subject, object_ = self.terms[key >> 32], key & 0xFFFFFFFF
            if not isinstance(subject, ox.Literal):
                yield (
                    ox.Triple(subject, predicate, self.terms[object_])
                    if object_
                    else ox.Triple(subject, TYPE, predicate)
                )


Derivation = tuple[Rule, Keys]
NO_RULES: Mapping[str, str] = MappingProxyType({})


def infer(store: ox.Store, rules: Mapping[str, str] = NO_RULES, *, reasoner: str = "kgraph") -> int:
    """Refill `graph:inferred` with the closure of the store's facts; how many facts were inferred.

    `rules` are named SPARQL CONSTRUCTs for what OWL cannot say; they and the axioms are applied until nothing is new.
    Each inferred fact stands beside an `se:Inference` that names the rule which gave it first. `reasoner` is "kgraph",
    or "owlrl" for the reference implementation of OWL 2 RL, which does not tell rules apart.
    """
    drop(store, INFERRED_GRAPH)
    close = {"kgraph": closure, "owlrl": owlrl_closure}[reasoner]
    total = 0
    while found := list(_new(store, [*close(store), *_constructed(store, rules)])):
        fill(store, (quad for triple, name in found for quad in _recorded(triple, name)))
        total += len(found)
    return total


def _new(store: ox.Store, found: Iterable[tuple[ox.Triple, str]]) -> Iterator[tuple[ox.Triple, str]]:
    seen: set[ox.Triple] = set()
    for triple, name in found:
        if triple not in seen and ox.Quad(triple.subject, triple.predicate, triple.object) not in store:
            seen.add(triple)
            yield triple, name


def _constructed(store: ox.Store, rules: Mapping[str, str]) -> Iterator[tuple[ox.Triple, str]]:
    for name, text in rules.items():
        result = query.run(store, text)
        if not isinstance(result, ox.QueryTriples):
            raise BadData(f"rule {name}: a rule is one CONSTRUCT")
        yield from sorted(((triple, name) for triple in result), key=str)


def _recorded(triple: ox.Triple, name: str) -> Iterator[ox.Quad]:
    """The fact, and beside it which rule gave it."""
    subject, predicate, object_ = triple.subject, triple.predicate, triple.object
    iri = hashed("inference", subject, predicate, object_)
    yield ox.Quad(subject, predicate, object_, INFERRED_GRAPH)
    yield ox.Quad(iri, TYPE, INFERENCE, INFERRED_GRAPH)
    yield ox.Quad(iri, SUBJECT, subject, INFERRED_GRAPH)
    yield ox.Quad(iri, PREDICATE, predicate, INFERRED_GRAPH)
    yield ox.Quad(iri, OBJECT, object_, INFERRED_GRAPH)
    yield ox.Quad(iri, RULE, ox.Literal(name), INFERRED_GRAPH)


def facts_of(store: ox.Store) -> set[ox.Triple]:
    """Every fact about the domain: all but the ontology, the claims and the records of inferences."""
    excluded = (ONTOLOGY_GRAPH, CLAIMS_GRAPH)
    return {triple for name in store.named_graphs() if name not in excluded for triple in _facts(store, name)}


def _facts(store: ox.Store, name: ox.NamedNode | ox.BlankNode) -> Iterator[ox.Triple]:
    """A graph's triples without the records of inferences."""
    records = {q.subject for q in store.quads_for_pattern(None, TYPE, INFERENCE, name)}
    return (q.triple for q in store.quads_for_pattern(None, None, None, name) if q.subject not in records)


def closure(store: ox.Store) -> Iterator[tuple[ox.Triple, str]]:
    """What the ontology's axioms add to the store's facts, each with the axiom that gave it first."""
    facts = Facts()
    facts.add(facts_of(store))
    for rule, keys in chain_forward(facts, compile_rules(store)):
        yield from ((triple, rule.name) for triple in facts.triples(rule.head, keys))


def chain_forward(facts: Facts, rules: list[Rule]) -> list[Derivation]:
    """Close `facts` under `rules` in place; the new keys of each rule, in the order they were found."""
    derivations: list[Derivation] = []
    delta = dict(facts.keys)
    while delta:
        derived = _round(facts, rules, delta)
        delta = {}
        for rule, keys in derived:
            delta[rule.head] = np.union1d(delta.get(rule.head, NONE), keys)
        for head, keys in delta.items():
            facts.keys[head] = np.union1d(facts.of(head), keys)
        derivations += derived
    return derivations


def _round(facts: Facts, rules: list[Rule], delta: dict[Predicate, Keys]) -> list[Derivation]:
    found: list[Derivation] = []
    fresh: dict[Predicate, Keys] = {}
    for rule in rules:
        for place in range(len(rule.body)):
            if rule.body[place] not in delta:
                continue
            body = [delta[p] if i == place else facts.of(p) for i, p in enumerate(rule.body)]
            known = np.union1d(facts.of(rule.head), fresh.get(rule.head, NONE))
            keys = np.setdiff1d(rule.apply(*body), known)
            if keys.size:
                fresh[rule.head] = np.union1d(fresh.get(rule.head, NONE), keys)
                found.append((rule, keys))
    return found


def swap(keys: Keys) -> Keys:
    return (keys & 0xFFFFFFFF) << 32 | keys >> 32


def subjects(keys: Keys) -> Keys:
    """The subjects as members of a class."""
    return keys >> 32 << 32


def objects(keys: Keys) -> Keys:
    """The objects as members of a class."""
    return keys << 32


def same(keys: Keys) -> Keys:
    return keys


def join(left: Keys, right: Keys) -> Keys:
    """Subject of `left`, object of `right`, wherever the object of `left` is the subject of `right`."""
    middle = left & 0xFFFFFFFF
    first = np.searchsorted(right, middle << 32, side="left")
    counts = np.searchsorted(right, (middle + 1) << 32, side="left") - first
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    partners = right[np.repeat(first, counts) + offsets]
    joined: Keys = np.repeat(left >> 32 << 32, counts) | partners & 0xFFFFFFFF
    return joined


def compile_rules(store: ox.Store) -> list[Rule]:
    """The axioms in `graph:ontology` as rules, named in the notation of description logics."""
    axioms = query.rows(query.run(store, resources.query_text("axioms")))
    return [rule for axiom in axioms for rule in _rules_of(*axiom)]  # type: ignore[arg-type]


def _rules_of(axiom: ox.Literal, a: Predicate, b: Predicate | None, c: Predicate | None) -> Iterator[Rule]:
    left, right = (name(term) for term in (a, b or a))
    match axiom.value, b, c:
        case "subclass" | "subproperty", ox.NamedNode(), _:
            yield Rule(f"{left} ⊑ {right}", b, (a,), same)
        case "equivalent class" | "equivalent property", ox.NamedNode(), _:
            yield Rule(f"{left} ≡ {right}", b, (a,), same)
            yield Rule(f"{left} ≡ {right}", a, (b,), same)
        case "inverse", ox.NamedNode(), _:
            yield Rule(f"{left} ≡ {right}⁻", b, (a,), swap)
            yield Rule(f"{left} ≡ {right}⁻", a, (b,), swap)
        case "symmetric", _, _:
            yield Rule(f"{left} ≡ {left}⁻", a, (a,), swap)
        case "transitive", _, _:
            yield Rule(f"{left} ∘ {left} ⊑ {left}", a, (a, a), join)
        case "chain", ox.NamedNode(), ox.NamedNode():
            yield Rule(f"{left} ∘ {right} ⊑ {name(c)}", c, (a, b), join)
        case "domain", ox.NamedNode(), _:
            yield Rule(f"∃{left}.⊤ ⊑ {right}", b, (a,), subjects)
        case "range", ox.NamedNode(), _:
            yield Rule(f"⊤ ⊑ ∀{left}.{right}", b, (a,), objects)
        case kind, _, _:
            raise BadData(f"ontology: {left} has an axiom ({kind}) that no rule covers")


def name(term: Predicate) -> str:
    return short(term.value)


def owlrl_closure(store: ox.Store) -> Iterator[tuple[ox.Triple, str]]:
    """What owlrl adds to the store's facts in the vocabulary of the ontology."""
    import owlrl
    from rdflib import URIRef

    reasoned = to_rdflib((*facts_of(store), *graph(store, ONTOLOGY_GRAPH)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(reasoned)
    used = {term for rule in compile_rules(store) for term in (rule.head, *rule.body)}
    declared = {triple.subject for triple in graph(store, ONTOLOGY_GRAPH)}
    triples = (
        ox.Triple(*(ox.NamedNode(str(term)) for term in triple))
        for triple in reasoned
        if all(isinstance(term, URIRef) for term in triple)
    )
    for triple in sorted(triples, key=str):
        kind = triple.object if triple.predicate == TYPE else triple.predicate
        if kind in used and triple.subject not in declared:
            yield triple, "OWL 2 RL"
