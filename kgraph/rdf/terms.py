"""RDF terms: their types, IRIs from their hashes, and their form in messages."""

import hashlib
from collections.abc import Iterable

import pyoxigraph as ox

from kgraph.base.vocab import PREFIXES, short

HASHED = 16
"""Characters of a hash in the IRI of a claim."""

Node = ox.NamedNode | ox.BlankNode | ox.Triple
Term = Node | ox.Literal


def hashed(prefix: str, *terms: Term) -> ox.NamedNode:
    """An IRI with a hash of the terms, equal in every build."""
    digest = hashlib.sha256(" ".join(map(str, terms)).encode()).hexdigest()
    return ox.NamedNode(PREFIXES[prefix] + digest[:HASHED])


def claim_iri(source: ox.NamedNode, subject: Term, predicate: Term, object_: Term) -> ox.NamedNode:
    """The IRI of the claim of a triple in a source, equal in every build."""
    return hashed("claim", source, subject, predicate, object_)


def iris_of(terms: Iterable[object]) -> frozenset[ox.NamedNode]:
    """The IRIs among some terms."""
    return frozenset(term for term in terms if isinstance(term, ox.NamedNode))


def said(node: object) -> str:
    """A node or a triple in CURIEs, for a message."""
    match node:
        case ox.Triple():
            return " ".join(said(part) for part in (node.subject, node.predicate, node.object))
        case ox.NamedNode():
            return short(node.value)
        case ox.Literal() if str(node).endswith(f"^^{node.datatype}"):
            return f"{str(node).removesuffix(str(node.datatype))}{short(node.datatype.value)}"
        case _:
            return str(node)
