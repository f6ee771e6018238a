"""What one query may cost, and how many may run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How much one query may cost, and how many may run at once.

    `seconds` of the clock, `text` bytes of query, `depth` of brackets in it, `answer` bytes, and bytes of `memory`.
    A query that is not done after `slice` seconds leaves the `quick` places for one of the `slow` ones; `waiting` may
    wait for either. `upload` is the most bytes that may be written to a graph at once.
    """

    seconds: float = 30
    text: int = 64 * 1024
    depth: int = 128
    answer: int = 256 * 1024 * 1024
    memory: int = 1024**3
    upload: int = 64 * 1024 * 1024
    slice: float = 0.2
    quick: int = 8
    slow: int = 4
    waiting: int = 16
