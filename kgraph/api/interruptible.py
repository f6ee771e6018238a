"""Run a query in a thread, so that Ctrl-C or a time limit ends the wait."""

import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, wait
from math import inf
from time import monotonic
from typing import TypeVar

from kgraph.errors import Timeout

T = TypeVar("T")

IsWanted = Callable[[], bool]
"""Whether the caller still waits for the result."""

NAME = "kgraph query"

STACK = 256 * 1024**2
"""Bytes of stack: the engine recurses into each part of a query, and the process ends when its stack is full."""


def wait_for(work: Callable[[IsWanted], T], seconds: float | None = None) -> T:
    """The result of a function; Timeout after `seconds`, KeyboardInterrupt on Ctrl-C.

    The function should ask between rows whether it is still wanted: the engine cannot be stopped otherwise. It runs in
    a thread, because a process forked from a notebook could hang.

    >>> wait_for(lambda is_wanted: is_wanted())
    True
    """
    answer: Future[T] = Future()
    unwanted = threading.Event()
    _start(threading.Thread(target=_put, args=(work, lambda: not unwanted.is_set(), answer), name=NAME, daemon=True))
    try:
        _wait(answer, seconds)
        return answer.result()
    finally:
        unwanted.set()


STEP = 0.5
"""Seconds of one wait: a signal that comes just before a wait does not end it, but is heard after it."""


def _wait(answer: Future[T], seconds: float | None) -> None:
    """Wait until there is an answer; Timeout after `seconds`."""
    end = inf if seconds is None else monotonic() + seconds
    while not wait([answer], max(0.0, min(STEP, end - monotonic()))).done:
        if monotonic() >= end:
            raise Timeout(f"no answer within {seconds:g} s; ask for less, or for more time")


def _start(thread: threading.Thread) -> None:
    """Start a thread with a stack of STACK bytes, or of the usual size where the system does not give that."""
    usual = threading.stack_size(STACK)
    try:
        thread.start()
    except RuntimeError:
        threading.stack_size(usual)
        thread.start()
    finally:
        threading.stack_size(usual)


def _put(work: Callable[[IsWanted], T], is_wanted: IsWanted, answer: Future[T]) -> None:
    try:
        answer.set_result(work(is_wanted))
    except BaseException as error:
        linked: BaseException | None = error
        while linked is not None:  # the engine's answer in its frames must be freed in the thread that made it
            traceback.clear_frames(linked.__traceback__)
            linked = linked.__cause__ or linked.__context__
        answer.set_exception(error)
