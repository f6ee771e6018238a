"""Facts that hold while a membership lasts: who holds a post, who belongs to an organisation or runs it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set

import pyoxigraph as ox

from kgraph.base.vocab import term
from kgraph.rdf import sparql

LASTING = frozenset(
    map(term, ["org:holds", "org:heldBy", "org:memberOf", "org:hasMember", "se:memberOf", "se:hasOfficeHolder"])
)
"""Relations without dates of their own between somebody and an organisation or a post."""

Tenures = Mapping[frozenset[str], Set[str]]
"""The memberships that join two things, by these two in either order."""


def tenures(store: ox.Store, things: Iterable[str]) -> Tenures:
    """The memberships of some things, where they are the members."""
    found: dict[frozenset[str], set[str]] = defaultdict(set)
    asked = [ox.NamedNode(iri) for iri in sorted(things)]
    for member, organisation, membership in sparql.named(store, "tenures", member=asked) if asked else ():
        found[frozenset((member.value, organisation.value))].add(membership.value)
    return found


def lapsed(memberships: Collection[str], gone: Set[str]) -> bool:
    """Whether a fact that follows from some memberships no longer held, or did not yet: all of them were gone."""
    return bool(memberships) and gone >= set(memberships)
