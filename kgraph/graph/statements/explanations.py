"""Why a fact holds, or why two cannot both hold, in one sentence."""

import re
from collections.abc import Iterator

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.vocab import PREFIXES
from kgraph.graph.entity.display import display
from kgraph.graph.names.labels import Names, name
from kgraph.rdf.sparql import Value

CURIE = re.compile(r"([a-z]\w*):(\w[\w-]*)")
KINDS = (
    ("domain", re.compile(r"^∃")),
    ("range", re.compile(r"∀")),
    ("chain", re.compile(r"∘")),
    ("inverse", re.compile(r"⁻")),
    ("broader", re.compile(r"⊑")),
)
"""The kind of an axiom by a sign in its name."""


def terms_of(rule: str) -> Iterator[ox.NamedNode]:
    """The terms in the name of a rule."""
    for prefix, local in CURIE.findall(rule):
        if prefix in PREFIXES:
            yield ox.NamedNode(PREFIXES[prefix] + local)


def because(rule: str, names: Names, lang: str) -> str:
    """The sentence of a rule: that in its head, else one for the kind of its axiom with the names of its terms."""
    if sentence := display().because.get(rule, {}).get(lang):
        return sentence
    called = [name(names, node) for node in terms_of(rule)]
    kind = next((kind for kind, sign in KINDS if sign.search(rule)), "")
    if not kind or len(called) < 2:
        return words.text(lang, "cards.wherefore.any")
    first, *_ = called
    return words.text(lang, f"cards.wherefore.{kind}", first=first, second=called[1], last=called[-1])


def cannot_both(predicate: Value, names: Names, lang: str) -> str:
    """Why two values that contradict each other cannot both hold."""
    key = "one value" if predicate in display().single else "one place"
    return words.text(lang, f"cards.cannot both.{key}", relation=name(names, predicate))
