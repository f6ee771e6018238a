"""The closure of the facts under the axioms and rules, with the rule that gave each inferred fact.

The axioms of OWL 2 RL (https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules) are
compiled into joins over the sorted keys of each predicate. Rounds are semi-naive: each rule is applied to the new facts
of the last round.
"""

import hashlib
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyoxigraph as ox

from kgraph.base import paths, vocab
from kgraph.base.problems import fault
from kgraph.base.vocab import short
from kgraph.errors import BadData
from kgraph.rdf import encoding, sparql, sparql_text
from kgraph.rdf.encoding import NONE, Facts, Keys, Predicate, absent, distinct, join, merged, swap
from kgraph.rdf.store import beside, drop, graph, load, to_rdflib, yielding
from kgraph.rdf.terms import hashed, iris_of

Written = tuple[bytes, bytes, bytes]
"""Subject, predicate and object as N-Triples writes them."""

AT_ONCE = 30_000
"""Facts or records that are written to the store at once."""


@dataclass(frozen=True)
class Rule:
    """One way to get facts of `head` from those of `body` (one predicate, or two that are joined)."""

    name: str
    head: Predicate
    body: tuple[Predicate, ...]
    apply: Callable[..., Keys]


Derivation = tuple[str, Predicate, Keys]
"""The name of a rule, and the keys of a predicate that it added."""


def infer(
    store: ox.Store,
    rules: Mapping[str, str] = MappingProxyType({}),
    *,
    reasoner: str = "kgraph",
    records: bool = True,
    facts: Facts | None = None,
    later: list[Derivation] | None = None,
) -> int:
    """Refill `graph:inferred` with the closure of the store's facts; how many facts were inferred.

    `rules` are named SPARQL CONSTRUCTs for what OWL cannot say; they and the axioms are applied until nothing is new.
    With `records`, an `se:Inference` names the rule that gave each fact first. `reasoner` is "kgraph", or "owlrl" for
    the reference implementation of OWL 2 RL, which does not name its rules. `facts` are those of the store, if encoded;
    then `later` gets the derivations that `record` is to write in place of this function.
    """
    drop(store, vocab.INFERRED_GRAPH)
    if reasoner == "owlrl":
        return _infer_slowly(store, rules)
    axioms = compile_rules(store)
    if facts is None:
        facts = Facts()  # the graph of inferences is empty now
        gone = {encoding.line(triple) for triple in yielding(store)}
        told = chain.from_iterable(encoding.lines_of(store, name) for name in _graphs_of_facts(store))
        lines = (line for line in told if line not in gone)
        wanted = {str(predicate).encode() for rule in axioms for predicate in (rule.head, *rule.body)}
        encoding.read(facts, lines, wanted)
    fresh = dict(facts.keys)
    total, derived = 0, [] if later is None else later
    for found in _closed(store, facts, axioms, rules, fresh):
        total += _write(store, facts, found)
        derived += found
    if records and later is None:
        record(store, facts, derived)
    return total


def _closed(
    store: ox.Store, facts: Facts, axioms: list[Rule], rules: Mapping[str, str], fresh: Mapping[Predicate, Keys]
) -> Iterator[list[Derivation]]:
    """The consequences of `fresh`: by turns those of the axioms and, when these are stored, those of the rules."""
    while True:
        yield chain_forward(facts, axioms, fresh)
        constructed = list(_constructed(store, facts, rules))
        if not constructed:
            return
        yield constructed
        fresh = _by_predicate(constructed)


def _by_predicate(derivations: Iterable[Derivation]) -> dict[Predicate, Keys]:
    found: dict[Predicate, Keys] = {}
    for _, head, new in derivations:
        found[head] = merged(found.get(head, NONE), absent(new, found.get(head, NONE)))
    return found


def _constructed(store: ox.Store, facts: Facts, rules: Mapping[str, str]) -> Iterator[Derivation]:
    """The new facts of each rule."""
    for name, result in _results(store, rules):
        lines = (result.serialize(format=ox.RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
        _learn(store, facts, lines)
        yield from _read(name, facts, lines)


def _read(name: str, facts: Facts, lines: Iterable[bytes]) -> Iterator[Derivation]:
    """Add the lines that a rule constructed to the facts; the new ones."""
    return ((name, head, new) for head, new in encoding.read(facts, lines).items())


def _results(store: ox.Store, rules: Mapping[str, str]) -> Iterator[tuple[str, ox.QueryTriples]]:
    """The name of each rule and the triples that it constructs; BadData for another form of query."""
    for name, text in rules.items():
        result = sparql.run(store, text)
        if not isinstance(result, ox.QueryTriples):
            raise BadData(fault("rule-not-construct", name=name))
        yield name, result


def _learn(store: ox.Store, facts: Facts, lines: Iterable[bytes]) -> None:
    """Read the store's facts with the predicates of these lines, unless they have been read."""
    for predicate in {ox.NamedNode(line.split(b" ", 2)[1][1:-1].decode()) for line in lines} - facts.keys.keys():
        quads = store.quads_for_pattern(None, predicate, None, ox.DefaultGraph())
        encoding.read(facts, (encoding.line(quad.triple) for quad in quads))


def _write(store: ox.Store, facts: Facts, derivations: Iterable[Derivation]) -> int:
    """Write derived facts to the store; their number."""
    return _load(store, (b"%b %b %b .\n" % fact for _, fact in _derived(facts, derivations)))


def record(store: ox.Store, facts: Facts, derivations: Iterable[Derivation]) -> None:
    """Write an `se:Inference` for each derived fact, which names its rule."""
    _load(store, (_recorded(fact, name) for name, fact in _derived(facts, derivations)))


def about(facts: Facts, derivations: Iterable[Derivation], things: Container[bytes]) -> list[Derivation]:
    """The derivations of facts whose ends are among some things, given as N-Triples writes them, or literals."""
    known = (number for term, number in facts.numbers.items() if not term.startswith(b"<") or term in things)
    ends = np.fromiter(known, dtype=np.int64)  # in ascending order
    return [
        (name, head, keys[encoding.among(keys >> 32, ends) & encoding.among(keys & encoding.LOW, ends)])
        for name, head, keys in derivations
    ]


def _derived(facts: Facts, derivations: Iterable[Derivation]) -> Iterator[tuple[str, Written]]:
    """Each derived fact and the name of its rule."""
    terms = facts.terms()
    return ((name, fact) for name, head, new in derivations for fact in encoding.written(head, new, terms))


def _load(store: ox.Store, parts: Iterator[bytes]) -> int:
    """Add parts of an N-Triples file to `graph:inferred` and to the default graph; the number of parts."""
    total = 0
    while some := list(islice(parts, AT_ONCE)):
        total += len(some)
        loading = partial(load, store, b"".join(some), ox.RdfFormat.N_TRIPLES)
        with beside(loading, partial(loading, vocab.INFERRED_GRAPH)):
            pass
    return total


RECORD = f"""\
%(record)b {vocab.TYPE} {vocab.INFERENCE} .
%(record)b {vocab.SUBJECT} %(subject)b .
%(record)b {vocab.PREDICATE} %(predicate)b .
%(record)b {vocab.OBJECT} %(object)b .
%(record)b {vocab.RULE} %(rule)b .
""".encode()
TRIPLES = RECORD.count(b"\n")
"""The triples of a record, as N-Triples, and their number."""


def _recorded(fact: Written, name: str) -> bytes:
    """The triples of the record of a fact, which names the rule."""
    digest = hashlib.sha256(b" ".join(fact)).hexdigest()
    subject, predicate, object_ = fact
    return RECORD % {
        b"record": f"<{vocab.PREFIXES['inference']}{digest[:16]}>".encode(),
        b"subject": subject,
        b"predicate": predicate,
        b"object": object_,
        b"rule": _rule(name),
    }


@cache
def _rule(name: str) -> bytes:
    return str(ox.Literal(name)).encode()


class TakesBack(Exception):
    """With the new facts a rule no longer constructs an earlier fact, so the closure has to be made anew."""


@dataclass(frozen=True)
class Extension:
    """The number of additional inferred facts, and the subjects of the new ones."""

    more: int
    about: frozenset[ox.NamedNode]


def extend(
    store: ox.Store,
    earlier: ox.Store,
    stated: Sequence[ox.Triple],
    told: Sequence[ox.Triple],
    rules: Mapping[str, str],
    *,
    records: bool = True,
    things: Container[bytes] | None = None,
) -> Extension:
    """Add to `graph:inferred` what follows from facts that `store` has and the `earlier` one had not.

    `stated` are the facts of added sources, known ones too; `told` are all triples of these sources, with claims, which
    rules may read. The cost grows with what is added: only facts that new ones can be joined with are looked up.
    The facts are those of `infer`; where several rules give one, the record may name another. With `things`, only facts
    between these get records.
    Raises TakesBack when the closure has to be made anew.
    """
    new = (triple for triple in stated if ox.Quad(*triple) not in earlier)
    touched = iris_of(t.subject for t in told) | iris_of(t.object for t in told if t.predicate == vocab.SUBJECT)
    ends = frozenset[ox.NamedNode]()
    axioms, facts, total = compile_rules(store), Facts(), -_forget(store, stated)
    fresh = encoding.read(facts, map(encoding.line, new))
    while True:
        derived = list(_followed(store, facts, axioms, fresh))
        constructed = _constructed_near(store, earlier, facts, rules, touched | _subjects(facts, derived))
        total += sum(found.size for _, _, found in derived) + _write(store, facts, constructed)
        found = (*derived, *constructed)
        if records:
            record(store, facts, found if things is None else about(facts, found, things))
        ends |= _subjects(facts, found)
        touched |= ends
        if not constructed:
            return Extension(total, ends)
        fresh = _by_predicate(constructed)


def _followed(
    store: ox.Store, facts: Facts, axioms: Sequence[Rule], fresh: Mapping[Predicate, Keys]
) -> Iterator[Derivation]:
    """The facts that the axioms add to a store with fresh facts; each round is written to the store."""
    while fresh:
        _meet(store, facts, axioms, fresh)
        derived, _ = _round(facts, axioms, fresh)
        added = list(_not_in(store, facts, derived))
        _write(store, facts, added)
        yield from added
        fresh = _by_predicate(added)
        for head, found in fresh.items():
            facts.add(head, found)


def _meet(store: ox.Store, facts: Facts, axioms: Iterable[Rule], fresh: Mapping[Predicate, Keys]) -> None:
    """Read the facts of the store that an axiom may join with the fresh ones."""
    terms = facts.terms()
    met: set[tuple[Predicate | None, Predicate, Predicate | None]] = set()
    for first, last in {(rule.body[0], rule.body[-1]) for rule in axioms if len(rule.body) == 2}:
        met |= {(node, last, None) for node in _iris(terms, fresh.get(first, NONE) & encoding.LOW)}
        met |= {(None, first, node) for node in _iris(terms, fresh.get(last, NONE) >> 32)}
    quads = chain.from_iterable(store.quads_for_pattern(*pattern, ox.DefaultGraph()) for pattern in met)
    encoding.read(facts, {encoding.line(quad.triple) for quad in quads})


def _not_in(store: ox.Store, facts: Facts, derived: Iterable[Derivation]) -> Iterator[Derivation]:
    for name, head, found in derived:
        triples = encoding.triples(Facts(facts.numbers, {head: found}))
        lines = (encoding.line(triple) for triple in triples if ox.Quad(*triple) not in store)
        yield from _read(name, Facts(facts.numbers), lines)


def _subjects(facts: Facts, derived: Iterable[Derivation]) -> frozenset[ox.NamedNode]:
    terms = facts.terms()
    return frozenset(node for _, _, found in derived for node in _iris(terms, found >> 32))


def _iris(terms: Sequence[bytes], numbers: Keys) -> Iterator[ox.NamedNode]:
    """The IRIs that have these numbers."""
    written = (terms[number] for number in set(numbers.tolist()))
    return (ox.NamedNode(term[1:-1].decode()) for term in written if term.startswith(b"<"))


CONSTRUCTED = re.compile(r"CONSTRUCT\s*\{\s*\?(\w+)\s+([\w-]+:[\w-]+)\s+\?(\w+)\s*\.?\s*\}\s*WHERE", re.IGNORECASE)
VARIABLE = re.compile(r"\?(\w+)")
MARKED = re.compile(r"<variable:(\w+)>")


def texts(ontology: Path) -> dict[str, str]:
    """The CONSTRUCT rules in a folder of the ontology, by name."""
    return {f"rules/{path.stem}": paths.read_text(path) for path in sorted((ontology / "rules").glob("*.rq"))}


def construct(name: str, text: str) -> tuple[re.Match[str], str]:
    """The CONSTRUCT template of a rule, and its premises in Turtle with variables; BadData without either."""
    head, premises = CONSTRUCTED.search(text), sparql_text.head(text).get("premises", "")
    if not head or not _variables(premises):
        raise BadData(fault("rule-without-premises", name=name))
    return head, premises


def _patterns(premises: str) -> list[ox.Triple]:
    """Premises as triples in which IRIs stand for variables; none when the text is not Turtle."""
    marked = vocab.TURTLE_PREFIXES + VARIABLE.sub(r"<variable:\1>", premises)
    try:
        return [quad.triple for quad in ox.parse(marked, ox.RdfFormat.TURTLE)]
    except SyntaxError:
        return []


def _variables(premises: str) -> list[str]:
    """The variables of premises; none when a subject is no variable or the text is not Turtle."""
    triples = _patterns(premises)
    if not all(MARKED.match(str(triple.subject)) for triple in triples):
        return []
    return sorted({name for triple in triples for name in MARKED.findall(f"{triple.subject} {triple.object}")})


def _fitting(store: ox.Store, premises: str, variable: str, things: Iterable[ox.NamedNode]) -> list[ox.NamedNode]:
    """The things about which the premises with a variable say something; a query is slow to find out the others."""
    mark = ox.NamedNode(f"variable:{variable}")
    patterns = [triple for triple in _patterns(premises) if mark in (triple.subject, triple.object)]

    def is_in(thing: ox.NamedNode, pattern: ox.Triple) -> bool:
        subject, object_ = (thing if end == mark else None for end in (pattern.subject, pattern.object))
        predicate = None if MARKED.match(str(pattern.predicate)) else pattern.predicate
        return any(store.quads_for_pattern(subject, predicate, object_, ox.DefaultGraph()))

    return [thing for thing in things if all(is_in(thing, pattern) for pattern in patterns)]


def _constructed_near(
    store: ox.Store, earlier: ox.Store, facts: Facts, rules: Mapping[str, str], touched: Iterable[ox.NamedNode]
) -> list[Derivation]:
    """The new facts of the rules for which a premise has a touched thing as its subject."""
    things = sorted(touched, key=str)
    found: list[Derivation] = []
    for name, text in rules.items():
        _, premises = construct(name, text)
        within, _ = sparql_text.pattern(text) or (0, 0)
        for variable in _variables(premises):
            narrowed = sparql_text.spliced(text, [(within, within, f" VALUES ?{variable} {{ UNDEF }} ")])
            near = _fitting(store, premises, variable, things)
            now, before = (_answers(graph, narrowed, variable, near) for graph in (store, earlier))
            if before - now:
                raise TakesBack(name)
            new = (encoding.line(triple) for triple in now if ox.Quad(*triple) not in store)
            found += _read(name, facts, sorted(new))
    return found


def _answers(store: ox.Store, text: str, variable: str, things: list[ox.NamedNode]) -> set[ox.Triple]:
    result = sparql.run(store, text, **{variable: things})
    assert isinstance(result, ox.QueryTriples)
    return set(result)


def _forget(store: ox.Store, stated: Iterable[ox.Triple]) -> int:
    """Remove facts that are now stated from `graph:inferred`, with their records; their number."""
    known = {t for t in stated if ox.Quad(t.subject, t.predicate, t.object, vocab.INFERRED_GRAPH) in store}
    for triple in known:
        store.remove(ox.Quad(triple.subject, triple.predicate, triple.object, vocab.INFERRED_GRAPH))
        record = hashed("inference", *triple)
        for quad in list(store.quads_for_pattern(record, None, None, None)):
            store.remove(quad)
    return len(known)


def _infer_slowly(store: ox.Store, rules: Mapping[str, str]) -> int:
    """Infer with owlrl, which closes all facts anew after each turn of the rules; the number of inferred facts."""
    total = 0
    while True:
        total += _noted(store, "OWL 2 RL", owlrl_closure(store))
        constructed = sum(_noted(store, name, result) for name, result in _results(store, rules))
        if not constructed:
            return total
        total += constructed


def _noted(store: ox.Store, name: str, triples: Iterable[ox.Triple]) -> int:
    """Put into the store the facts that a rule gives and the store has not; their number."""
    new = {triple for triple in triples if ox.Quad(*triple) not in store}
    facts = ((str(t.subject).encode(), str(t.predicate).encode(), str(t.object).encode()) for t in new)
    _load(store, (b"%b %b %b .\n%b" % (*fact, _recorded(fact, name)) for fact in facts))
    return len(new)


def facts_of(store: ox.Store) -> set[ox.Triple]:
    """All facts of the default graph but the claims and the records of inferences."""
    records = {q.subject for q in store.quads_for_pattern(None, vocab.TYPE, vocab.INFERENCE, vocab.INFERRED_GRAPH)}
    quads = chain.from_iterable(store.quads_for_pattern(None, None, None, name) for name in _graphs_of_facts(store))
    return {quad.triple for quad in quads if quad.subject not in records} - yielding(store)


def _graphs_of_facts(store: ox.Store) -> list[ox.NamedNode | ox.BlankNode]:
    return [name for name in store.named_graphs() if name not in (vocab.ONTOLOGY_GRAPH, vocab.CLAIMS_GRAPH)]


def chain_forward(facts: Facts, rules: Sequence[Rule], fresh: Mapping[Predicate, Keys]) -> list[Derivation]:
    """Close `facts` under `rules` in place; the new keys of each rule in the order of discovery.

    Only consequences of `fresh` may be missing from `facts`.
    """
    derivations: list[Derivation] = []
    while fresh:
        derived, fresh = _round(facts, rules, fresh)
        derivations += derived
        for head, found in fresh.items():
            facts.add(head, found)
    return derivations


def _round(
    facts: Facts, rules: Sequence[Rule], fresh: Mapping[Predicate, Keys]
) -> tuple[list[Derivation], dict[Predicate, Keys]]:
    """The new keys of each rule, and all of them by predicate."""
    derived: list[Derivation] = []
    new: dict[Predicate, Keys] = {}
    for rule in rules:
        for place in range(len(rule.body)):
            if rule.body[place] in fresh:
                body = [fresh[p] if i == place else facts.of(p) for i, p in enumerate(rule.body)]
                found = absent(distinct(rule.apply(*body)), facts.of(rule.head))
                found = absent(found, new.get(rule.head, NONE))
                if found.size:
                    new[rule.head] = merged(new.get(rule.head, NONE), found)
                    derived.append((rule.name, rule.head, found))
    return derived, new


def subjects(keys: Keys) -> Keys:
    """The keys of the subjects as members of a class."""
    return keys >> 32 << 32


def objects(keys: Keys) -> Keys:
    """The keys of the objects as members of a class."""
    return keys << 32


def same(keys: Keys) -> Keys:
    return keys


def compile_rules(store: ox.Store) -> list[Rule]:
    """The axioms in `graph:ontology` as rules, named in the notation of description logics."""
    axioms = sparql.rows(sparql.run(store, paths.query_text("axioms")))
    return [rule for axiom in axioms for rule in _rules_of(*axiom)]  # type: ignore[arg-type]


def _rules_of(axiom: ox.Literal, a: Predicate, b: Predicate | None, c: Predicate | None) -> Iterator[Rule]:
    left, right, last = (short((term or a).value) for term in (a, b, c))
    match axiom.value, b, c:
        case ["subclass" | "subproperty", ox.NamedNode(), _]:
            yield Rule(f"{left} ⊑ {right}", b, (a,), same)
        case ["equivalent class" | "equivalent property", ox.NamedNode(), _]:
            yield Rule(f"{left} ≡ {right}", b, (a,), same)
            yield Rule(f"{left} ≡ {right}", a, (b,), same)
        case ["inverse", ox.NamedNode(), _]:
            yield Rule(f"{left} ≡ {right}⁻", b, (a,), swap)
            yield Rule(f"{left} ≡ {right}⁻", a, (b,), swap)
        case ["symmetric", _, _]:
            yield Rule(f"{left} ≡ {left}⁻", a, (a,), swap)
        case ["transitive", _, _]:
            yield Rule(f"{left} ∘ {left} ⊑ {left}", a, (a, a), join)
        case ["chain", ox.NamedNode(), ox.NamedNode()]:
            yield Rule(f"{left} ∘ {right} ⊑ {last}", c, (a, b), join)
        case ["domain", ox.NamedNode(), _]:
            yield Rule(f"∃{left}.⊤ ⊑ {right}", b, (a,), subjects)
        case ["range", ox.NamedNode(), _]:
            yield Rule(f"⊤ ⊑ ∀{left}.{right}", b, (a,), objects)
        case [kind, _, _]:
            raise BadData(fault("axiom-not-covered", term=left, kind=kind))


def owlrl_closure(store: ox.Store) -> Iterator[ox.Triple]:
    """The triples of owlrl's closure with properties and classes of the ontology, sorted."""
    import owlrl
    from rdflib import URIRef

    reasoned = to_rdflib((*facts_of(store), *graph(store, vocab.ONTOLOGY_GRAPH)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(reasoned)
    used = {term for rule in compile_rules(store) for term in (rule.head, *rule.body)}
    declared = {triple.subject for triple in graph(store, vocab.ONTOLOGY_GRAPH)}
    triples = (
        ox.Triple(*(ox.NamedNode(str(term)) for term in triple))
        for triple in reasoned
        if all(isinstance(term, URIRef) for term in triple)
    )
    for triple in sorted(triples, key=str):
        kind = triple.object if triple.predicate == vocab.TYPE else triple.predicate
        if kind in used and triple.subject not in declared:
            yield triple
