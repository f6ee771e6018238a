"""Facts that hold while a membership lasts: who holds a post, who belongs to an organisation or runs it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set

import pyoxigraph as ox

from kgraph.base.vocab import term
from kgraph.graph.facts import Triple
from kgraph.rdf import sparql

LASTING = frozenset(
    map(term, ["org:holds", "org:heldBy", "org:memberOf", "org:hasMember", "se:memberOf", "se:hasOfficeHolder"])
)
"""Relations without dates of their own between somebody and an organisation or a post."""

Tenures = Mapping[frozenset[str], Set[str]]
"""The memberships that join two things, by these two in either order."""


def tenures(store: ox.Store, triples: Iterable[Triple], *things: str) -> Tenures:
    """The memberships of some things and of the ends of lasting facts, of which either may be the member."""
    members = {end.value for one, predicate, other in triples if predicate in LASTING for end in (one, other)}
    found: dict[frozenset[str], set[str]] = defaultdict(set)
    asked = [ox.NamedNode(iri) for iri in sorted(members.union(things))]
    for member, organisation, membership in sparql.named(store, "tenures", member=asked) if asked else ():
        found[frozenset((member.value, organisation.value))].add(membership.value)
    return found


def behind(triple: Triple, known: Tenures) -> tuple[str, ...]:
    """The memberships that a fact follows from; none for a fact that does not end with them."""
    subject, predicate, object_ = triple
    return tuple(sorted(known.get(frozenset((subject.value, object_.value)), ()))) if predicate in LASTING else ()


def lapsed(memberships: Collection[str], gone: Set[str]) -> bool:
    """Whether a fact did not hold: it follows from memberships, and all of them had ended or had not begun."""
    return bool(memberships) and gone >= set(memberships)
