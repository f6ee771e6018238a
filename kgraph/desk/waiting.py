"""Waiting for what cannot be interrupted, in a way that can: the engine answers in a thread of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from kgraph.errors import Timeout

T = TypeVar("T")


def wait_for(work: Callable[[], T], seconds: float | None = None) -> T:
    """What a function gives; Timeout when it takes longer than `seconds`.

    Ctrl-C ends the waiting as well. Either way the thread goes on until it is done or the process ends.

    >>> wait_for(lambda: 1 + 1)
    2
    """
    answer: Future[T] = Future()
    threading.Thread(target=_put, args=(work, answer), daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError as error:
        raise Timeout(f"no answer within {seconds:g} s; ask for less, or for more time") from error


def _put(work: Callable[[], T], answer: Future[T]) -> None:
    try:
        answer.set_result(work())
    except BaseException as error:
        answer.set_exception(error)
