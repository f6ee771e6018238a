"""Source files: Turtle with evidence, read into claims, checked against the texts, and linked to each other."""

from kgraph.sources.claims import Claim, Evidence, SourceFile, Text, claim_iri, quads
from kgraph.sources.head import head, slug
from kgraph.sources.links import Link, described_twice, link, links_of
from kgraph.sources.quotes import LONGEST_QUOTE, check_text
from kgraph.sources.turtle import parse, read

__all__ = [
    "LONGEST_QUOTE",
    "Claim",
    "Evidence",
    "Link",
    "SourceFile",
    "Text",
    "check_text",
    "claim_iri",
    "described_twice",
    "head",
    "link",
    "links_of",
    "parse",
    "quads",
    "read",
    "slug",
]
