"""Registers: official lists as tables, described by CSVW metadata and read into quads whose evidence is a cell.

A register in the data folder is a head, `registers/NAME.ttl`, and a folder `registers/NAME` with the file as it came,
its description, and the quads that were read of it.
"""

from collections.abc import Callable
from pathlib import Path

from kgraph.base.vocab import CLAIMS_GRAPH, EDITORIAL_GRAPH
from kgraph.evidence.registers.unchanged import FACTS, files, lines

__all__ = ["FACTS", "METADATA", "Step", "facts_of", "files", "lines", "stated", "unwatched"]

METADATA = "metadata.json"
"""The description of a register."""

Step = Callable[[int, int], None]
"""Is told how much is done, and of how much; 0 when that is unknown."""


def unwatched(done: int, whole: int) -> None:
    """A step that nobody watches."""


BESIDE = tuple(f" {graph} .\n".encode() for graph in (CLAIMS_GRAPH, EDITORIAL_GRAPH))
"""The ends of lines of N-Quads that are not facts."""


def facts_of(head: Path) -> Path:
    """The file of what was read of the register with a head."""
    return head.with_suffix("") / FACTS


def stated(lines: bytes) -> int:
    """The number of facts among lines of N-Quads."""
    return lines.count(b"\n") - sum(lines.count(end) for end in BESIDE)
