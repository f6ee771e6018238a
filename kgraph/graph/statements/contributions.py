"""What each source contributes: counts of its claims, worked out on numbered triples."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyoxigraph as ox

from kgraph.base.vocab import (
    CLAIM,
    CONTRADICTS,
    DERIVED_FROM,
    OBJECT,
    PREDICATE,
    REFINES,
    STATED,
    STATUS,
    SUBJECT,
    TYPE,
    term,
)
from kgraph.graph.statements import rows
from kgraph.rdf import encoding
from kgraph.rdf.encoding import LOW, Facts, Keys

ORIGINAL, UNKNOWN = term("dcterms:isVersionOf"), term("se:leavesUnknown")
READ = (STATUS, SUBJECT, PREDICATE, OBJECT, DERIVED_FROM, ORIGINAL, REFINES, CONTRADICTS, UNKNOWN)
"""The predicates that contributions are counted from."""


NOTHING: Keys = np.empty((4, 0), dtype=np.int64)


Registers = Mapping[ox.NamedNode, Facts]
"""The facts of each register, as its source states them."""


def read_registers(store: ox.Store, facts: Facts, known: Registers) -> Keys:
    """Add the facts of registers as claims, so that they count as those of texts do; the numbers of these claims.

    `known` are those that share their numbers with `facts`; the others are read from the store.
    """
    own = {register: known.get(register) or _read(store, facts, register) for register in rows.registers(store)}
    found = [_stated(facts, register, one) for register, one in own.items()]
    source, subject, predicate, object_ = np.concatenate([NOTHING, *found], axis=1)
    first = len(facts.numbers)
    claims: Keys = np.arange(first, first + subject.size)
    facts.numbers.update((b"_:row%d" % number, number) for number in claims.tolist())
    status = facts.numbers[str(STATED).encode()]
    parts = {SUBJECT: subject, PREDICATE: predicate, OBJECT: object_, DERIVED_FROM: source, STATUS: status}
    for name, values in parts.items():
        facts.add(name, claims << 32 | values)
    return claims


def _read(store: ox.Store, facts: Facts, register: ox.NamedNode) -> Facts:
    """The facts of a register, from its graph, with the numbers of others."""
    found = Facts(facts.numbers)
    encoding.read(found, encoding.lines_of(store, register))
    return found


def _stated(facts: Facts, register: ox.NamedNode, own: Facts) -> Keys:
    """Rows with the numbers of the source, the subjects, the predicates and the objects of a register's facts."""
    source, is_a = (facts.numbers[str(name).encode()] for name in (register, TYPE))
    found = [NOTHING]
    for name, keys in own.keys.items():
        number, objects = facts.numbers[str(name).encode()], keys & LOW
        ends = (number, objects) if objects.all() else (is_a, number)  # a class has no objects
        found.append(np.stack(np.broadcast_arrays(source, keys >> 32, *ends)))
    return np.concatenate(found, axis=1)


@dataclass(frozen=True)
class Statements:
    """The stated claims with a subject, predicate and object, sorted, and the number of the fact that each states."""

    claims: Keys
    fact: Keys

    def having(self, facts: Facts, predicate: ox.NamedNode) -> "Statements":
        """Those with a value of a predicate."""
        return self.among(facts.of(predicate) >> 32)

    def among(self, claims: Keys) -> "Statements":
        """Those that are among some sorted claims."""
        kept = encoding.among(self.claims, claims)
        return Statements(self.claims[kept], self.fact[kept])


def stated(facts: Facts) -> Keys:
    """The claims with the status that their source states them, sorted."""
    status = facts.of(STATUS)
    claims: Keys = status[(status & LOW) == facts.numbers.get(str(STATED).encode(), -1)] >> 32
    return claims


def statements(facts: Facts) -> Statements:
    claims, parts = stated(facts), [facts.of(part) for part in (SUBJECT, PREDICATE, OBJECT)]
    claims = claims[np.logical_and.reduce([encoding.among(claims, part >> 32) for part in parts])]
    subject, predicate, object_ = (part[np.searchsorted(part, claims << 32)] & LOW for part in parts)
    _, ends = np.unique(subject << 32 | object_, return_inverse=True)
    _, fact = np.unique(ends << 32 | predicate, return_inverse=True)
    return Statements(claims, fact)


@dataclass(frozen=True)
class Contribution:
    """Counts of a source: facts stated, those that another witness states too, other claims, links, unknowns."""

    stated: int = 0
    shared: int = 0
    unasserted: int = 0
    refines: int = 0
    contradicts: int = 0
    unknown: int = 0

    @property
    def alone(self) -> int:
        """Facts that no other witness states."""
        return self.stated - self.shared


def contributions(facts: Facts, told: Statements, cells: Keys) -> Mapping[str, Contribution]:
    """The contribution of each source, by its IRI; `cells` are the stated claims of registers, which count as alone.

    The result is that of the query `contributions`, without its dates.
    """
    claims, said_by = facts.of(CLAIM) >> 32, facts.of(DERIVED_FROM)

    def counts(of: Keys) -> Mapping[int, int]:
        """The number of some claims by source."""
        sources, counts = np.unique(
            said_by[encoding.among(said_by >> 32, encoding.distinct(of))] & LOW, return_counts=True
        )
        return dict(zip(sources.tolist(), counts.tolist(), strict=True))

    texts = claims[encoding.among(claims, stated(facts))]
    counted = [
        counts(np.concatenate([texts, cells])),
        counts(shared(facts, told.among(texts))),
        counts(encoding.absent(claims, texts)),
        counts(facts.of(REFINES) >> 32),
        counts(facts.of(CONTRADICTS) >> 32),
        dict(zip(*(part.tolist() for part in np.unique(facts.of(UNKNOWN) >> 32, return_counts=True)), strict=True)),
    ]
    terms, sources = facts.terms(), sorted({*counted[0], *counted[2]})
    return {terms[one][1:-1].decode(): Contribution(*(each.get(one, 0) for each in counted)) for one in sources}


def shared(facts: Facts, told: Statements) -> Keys:
    """Those of some claims whose fact another witness among them states too; versions of a text are one witness."""
    told, source = told.having(facts, DERIVED_FROM), facts.of(DERIVED_FROM)
    witness = np.arange(len(facts.numbers))
    originals = facts.of(ORIGINAL)
    witness[originals >> 32] = originals & LOW
    said_by = source[np.searchsorted(source, told.claims << 32)] & LOW
    witnesses = encoding.distinct(told.fact << 32 | witness[said_by])
    sizes = np.bincount(witnesses >> 32, minlength=int(told.fact.max(initial=-1)) + 1)
    return told.claims[sizes[told.fact] > 1]
