"""Rules applied backwards: from a fact to the premises that it follows from."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import pyoxigraph as ox

from kgraph.base.vocab import INFERRED_GRAPH, TURTLE_PREFIXES, TYPE, term
from kgraph.rdf import encoding, inference, sparql
from kgraph.rdf.inference import VARIABLE, Rule, construct

Body = tuple[ox.Triple, ...]
"""The premises of a fact by a rule."""
Bodies = Callable[[ox.Store, ox.Triple], Iterator[Body]]
"""Gives the bodies of one rule that hold in a store and entail a fact."""


class Ways:
    """The ways in which facts of a store that does not change follow; `rules` are CONSTRUCT rules by name.

    They begin with those that have the fewest inferred premises; then as forward chaining finds them, inverses last.
    """

    def __init__(self, store: ox.Store, rules: Mapping[str, str]) -> None:
        self.store = store
        self._rules: dict[object, list[tuple[str, Bodies]]] = defaultdict(list)
        for rule in sorted(inference.compile_rules(store), key=lambda rule: rule.apply is encoding.swap):
            self._rules[rule.head].append((rule.name, partial(_bodies, rule)))
        for name, text in rules.items():
            head, bodies = _constructed(name, text)
            self._rules[head].append((name, bodies))

    def to(self, fact: ox.Triple) -> list[tuple[str, Body]]:
        """Each way to a fact: a rule and its premises."""
        found = ((self._effort(body), at, [*map(str, body)], name, body) for at, name, body in self._candidates(fact))
        return [(name, body) for *_, name, body in sorted(found, key=lambda way: way[:3])]

    def rule(self, fact: ox.Triple) -> str | None:
        """The rule of the first way to a fact."""
        least: tuple[int, str] | None = None
        for _, name, body in self._candidates(fact):
            effort = self._effort(body)
            if least is None or effort < least[0]:
                least = effort, name
            if not effort:
                break
        return least[1] if least else None

    def is_given(self, fact: ox.Triple) -> bool:
        """Whether a source states it or a curator notes it."""
        graphs = {q.graph_name for q in self.store.quads_for_pattern(fact.subject, fact.predicate, fact.object, None)}
        return bool(graphs - {ox.DefaultGraph(), INFERRED_GRAPH})

    def _candidates(self, fact: ox.Triple) -> Iterator[tuple[int, str, Body]]:
        head = fact.object if fact.predicate == TYPE else fact.predicate
        for at, (name, bodies) in enumerate(self._rules.get(head, [])):
            yield from ((at, name, body) for body in bodies(self.store, fact) if fact not in body)

    def _effort(self, body: Body) -> int:
        """The number of inferred premises."""
        return sum(not self.is_given(premise) for premise in body)


def _bodies(rule: Rule, store: ox.Store, fact: ox.Triple) -> Iterator[Body]:
    """The bodies of a compiled axiom that hold in the store and entail the fact."""
    bodies = _backwards(rule, store, fact)
    return (body for body in bodies if all(ox.Quad(t.subject, t.predicate, t.object) in store for t in body))


def _backwards(rule: Rule, store: ox.Store, fact: ox.Triple) -> Iterator[Body]:
    (first, *_), last, graph = rule.body, rule.body[-1], ox.DefaultGraph()
    if rule.apply is inference.same:
        is_kind = fact.predicate == TYPE
        yield (ox.Triple(fact.subject, TYPE, first) if is_kind else ox.Triple(fact.subject, first, fact.object),)
    elif rule.apply is encoding.swap and isinstance(fact.object, ox.NamedNode):
        yield (ox.Triple(fact.object, first, fact.subject),)
    elif rule.apply is inference.subjects:
        yield from ((quad.triple,) for quad in store.quads_for_pattern(fact.subject, first, None, graph))
    elif rule.apply is inference.objects:
        yield from ((quad.triple,) for quad in store.quads_for_pattern(None, first, fact.subject, graph))
    elif rule.apply is encoding.join:
        for left in store.quads_for_pattern(fact.subject, first, None, graph):
            if isinstance(left.object, ox.NamedNode):
                yield left.triple, ox.Triple(left.object, last, fact.object)


def _constructed(name: str, text: str) -> tuple[ox.NamedNode, Bodies]:
    """The predicate that a CONSTRUCT rule entails, and its bodies by the premises named in its head comment."""
    head, premises = construct(name, text)
    subject, predicate, object_ = head.groups()
    written = text[: head.start()] + "SELECT * WHERE" + text[head.end() :] + "\nLIMIT 1"
    select = sparql.open_to(written, subject, object_)

    def bodies(store: ox.Store, fact: ox.Triple) -> Iterator[Body]:
        if isinstance(fact.subject, ox.NamedNode) and isinstance(fact.object, ox.NamedNode | ox.Literal):
            found = sparql.run(store, select, **{subject: fact.subject, object_: fact.object})
            assert isinstance(found, ox.QuerySolutions)
            for row in sparql.rows(found):
                yield _filled(premises, dict(zip(sparql.columns(found), row, strict=True)))

    return term(predicate), bodies


def _filled(pattern: str, values: Mapping[str, sparql.Value | None]) -> Body:
    """A pattern in Turtle with its variables replaced by terms."""
    turtle = VARIABLE.sub(lambda found: str(values[found[1]]), pattern)
    return tuple(quad.triple for quad in ox.parse(TURTLE_PREFIXES + turtle, ox.RdfFormat.TURTLE))
