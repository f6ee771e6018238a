"""Limits of one query, and of all that run at once."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """A query's seconds, characters, nested brackets, bytes of answer and of memory; `upload` bytes of a write.

    After `slice` seconds of processor time a query leaves one of `quick` slots for one of `slow` slots; at most
    `waiting` clients wait for those.
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
