"""The quality of a graph's facts in numbers: with words, with two witnesses, disputed; and what is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyoxigraph as ox

from kgraph.base.vocab import ABRIDGED, CONTRADICTS, DERIVED_FROM, EVIDENCE, EXACT, KNOWN_UNKNOWN, RESOLVED_BY, term
from kgraph.graph.statements import contributions
from kgraph.graph.statements.contributions import Statements
from kgraph.rdf import encoding
from kgraph.rdf.encoding import LOW, Facts, Keys

SELECTOR = term("oa:hasSelector")
READ = (*contributions.READ, EVIDENCE, SELECTOR, EXACT, ABRIDGED, RESOLVED_BY)

METRICS = ("words", "witnesses", "disputed", "unknown")
"""The measures, in the order in which they are shown."""


@dataclass(frozen=True)
class Quality:
    """The number of facts that sources state, and of those that each measure counts; known unknowns, open ones."""

    facts: int
    words: int
    witnesses: int
    disputed: int
    unknown: int

    def counted(self, metric: str) -> int:
        """How many a measure counts."""
        counts: Mapping[str, int] = {name: getattr(self, name) for name in METRICS}
        return counts[metric]

    def whole(self, metric: str) -> int:
        """What a measure is a share of: facts; for what is unknown, facts and unknowns together."""
        return self.facts + self.unknown if metric == "unknown" else self.facts

    def share(self, metric: str) -> float:
        """The measure as a share of 1, rounded to four digits."""
        return round(self.counted(metric) / self.whole(metric), 4) if self.whole(metric) else 0.0


def of(store: ox.Store) -> Quality:
    """The quality of a store."""
    facts = Facts()
    encoding.read_some(facts, store, READ, (KNOWN_UNKNOWN,))
    cells = contributions.read_registers(store, facts, {})
    return quality(facts, contributions.statements(facts), cells)


def quality(facts: Facts, told: Statements, cells: Keys) -> Quality:
    """The quality of stated facts, each counted once; `cells` are the claims of registers, whose words are cells."""
    told = told.having(facts, DERIVED_FROM)
    disputed = facts.of(CONTRADICTS)

    def count(some: Keys) -> int:
        """The number of facts that some of the claims state."""
        return encoding.distinct(told.among(encoding.distinct(some)).fact).size

    return Quality(
        facts=count(told.claims),
        words=count(np.concatenate([_worded(facts), cells])),
        witnesses=count(contributions.shared(facts, told)),
        disputed=count(np.concatenate([disputed >> 32, disputed & LOW])),
        unknown=int(np.setdiff1d(facts.of(KNOWN_UNKNOWN) >> 32, facts.of(RESOLVED_BY) >> 32).size),
    )


def _worded(facts: Facts) -> Keys:
    """The claims with words of their source."""
    words = encoding.distinct(np.concatenate([facts.of(EXACT), facts.of(ABRIDGED)]))
    passages = encoding.distinct(encoding.join(facts.of(SELECTOR), words))
    return encoding.distinct(encoding.join(facts.of(EVIDENCE), passages)) >> 32
