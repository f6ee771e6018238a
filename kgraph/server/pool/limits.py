"""Limits of one query, and of all that run at once."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """A query has `seconds` of time, `text` characters with `depth` nested brackets, `answer` bytes and `memory` bytes.
    After a `slice` of processor time it leaves its `quick` slot for a `slow` one; `waiting` clients may wait for those.
    One write may have `upload` bytes.
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
