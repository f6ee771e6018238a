"""Registers: official lists as tables, described by CSVW metadata and read into quads whose evidence is a cell.

A register in the data folder is a head, `registers/NAME.ttl`, and a folder `registers/NAME` with the file as it came,
its description, and the quads that were read of it.
"""

import gzip
from pathlib import Path

from kgraph.base.vocab import CLAIMS_GRAPH, EDITORIAL_GRAPH

FACTS, METADATA = "facts.nq.gz", "metadata.json"
"""The quads that were read of a register, and its description."""

BESIDE = tuple(f" {graph} .\n".encode() for graph in (CLAIMS_GRAPH, EDITORIAL_GRAPH))
"""The ends of lines of N-Quads that are not facts."""


def facts_of(head: Path) -> Path:
    """The file of what was read of the register with a head."""
    return head.with_suffix("") / FACTS


def lines(folder: Path) -> bytes:
    """What was read of the register in a folder, as N-Quads; nothing where there is none."""
    facts = folder / FACTS
    return gzip.decompress(facts.read_bytes()) if facts.is_file() else b""


def stated(lines: bytes) -> int:
    """The number of facts among lines of N-Quads."""
    return lines.count(b"\n") - sum(lines.count(end) for end in BESIDE)
