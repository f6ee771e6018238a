"""Source files: Turtle with evidence, read into claims, checked against the texts, and linked to each other."""

from kgraph.sources.claims import Claim, Evidence, SourceFile, Text, claim_iri, quads
from kgraph.sources.faults import LONGEST_QUOTE
from kgraph.sources.head import head, slug
from kgraph.sources.links import described_twice, link
from kgraph.sources.quotes import check_text
from kgraph.sources.turtle import described, parse, read

__all__ = [
    "LONGEST_QUOTE",
    "Claim",
    "Evidence",
    "SourceFile",
    "Text",
    "check_text",
    "claim_iri",
    "described",
    "described_twice",
    "head",
    "link",
    "parse",
    "quads",
    "read",
    "slug",
]
