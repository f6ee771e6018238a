"""Source files: Turtle with evidence, read into claims, checked against the texts, and linked to each other."""

from kgraph.sources.claims import (
    HASHED,
    Claim,
    Evidence,
    Node,
    SourceFile,
    Term,
    Text,
    claim_iri,
    hashed,
    quads,
    said,
)
from kgraph.sources.faults import LONGEST_QUOTE
from kgraph.sources.head import head, slug
from kgraph.sources.links import described_twice, link
from kgraph.sources.turtle import described, parse, read
from kgraph.sources.wording import check_text

__all__ = [
    "HASHED",
    "LONGEST_QUOTE",
    "Claim",
    "Evidence",
    "Node",
    "SourceFile",
    "Term",
    "Text",
    "check_text",
    "claim_iri",
    "described",
    "described_twice",
    "hashed",
    "head",
    "link",
    "parse",
    "quads",
    "read",
    "said",
    "slug",
]
