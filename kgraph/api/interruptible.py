"""Waiting for what cannot be interrupted, in a way that can: the engine answers in a thread of its own."""

import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from kgraph.errors import Timeout

T = TypeVar("T")

IsWanted = Callable[[], bool]
"""Whether anybody still waits."""

NAME = "kgraph query"


def wait_for(work: Callable[[IsWanted], T], seconds: float | None = None) -> T:
    """What a function gives; Timeout when it takes longer than `seconds`, KeyboardInterrupt on Ctrl-C.

    The function can ask whether it is still wanted, and should between any two rows: the engine cannot be stopped
    otherwise, and a process forked from a notebook with its threads could hang.

    >>> wait_for(lambda is_wanted: is_wanted())
    True
    """
    answer: Future[T] = Future()
    unwanted = threading.Event()
    threading.Thread(target=_put, args=(work, lambda: not unwanted.is_set(), answer), name=NAME, daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError as error:
        raise Timeout(f"no answer within {seconds:g} s; ask for less, or for more time") from error
    finally:
        unwanted.set()


def _put(work: Callable[[IsWanted], T], is_wanted: IsWanted, answer: Future[T]) -> None:
    try:
        answer.set_result(work(is_wanted))
    except BaseException as error:
        _let_go(error)
        answer.set_exception(error)


def _let_go(error: BaseException | None) -> None:
    """Free what the functions that failed still hold: the engine's answer may be freed in its own thread only."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
