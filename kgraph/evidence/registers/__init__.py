"""Registers: official lists as tables, described by CSVW metadata and read into quads whose evidence is a cell.

A register in the data folder is a head, `registers/NAME.ttl`, and a folder `registers/NAME` with the file as it came,
its description, and the quads that were read of it.
"""

import gzip
from pathlib import Path

from kgraph.base.vocab import CLAIMS_GRAPH, EDITORIAL_GRAPH

FACTS, METADATA = "facts.nq.gz", "metadata.json"
"""The quads that were read of a register, and its description."""

BESIDE = tuple(f" {graph} .".encode() for graph in (CLAIMS_GRAPH, EDITORIAL_GRAPH))
"""The ends of lines of N-Quads that are not facts."""


def facts_of(head: Path) -> Path:
    """The file of what was read of the register with a head."""
    return head.with_suffix("") / FACTS


def lines(head: Path) -> bytes:
    """What was read of the register with a head, as N-Quads; nothing for another source."""
    facts = facts_of(head)
    return gzip.decompress(facts.read_bytes()) if facts.is_file() else b""
