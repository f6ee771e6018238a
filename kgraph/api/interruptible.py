"""Run a query in a thread, so that Ctrl-C or a time limit ends the wait."""

import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from kgraph.errors import Timeout

T = TypeVar("T")

IsWanted = Callable[[], bool]
"""Whether the caller still waits for the result."""

NAME = "kgraph query"


def wait_for(work: Callable[[IsWanted], T], seconds: float | None = None) -> T:
    """The result of a function; Timeout after `seconds`, KeyboardInterrupt on Ctrl-C.

    The function should ask between rows whether it is still wanted: the engine cannot be stopped otherwise. It runs in
    a thread, because a process forked from a notebook could hang.

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
        linked: BaseException | None = error
        while linked is not None:  # the engine's answer in its frames must be freed in the thread that made it
            traceback.clear_frames(linked.__traceback__)
            linked = linked.__cause__ or linked.__context__
        answer.set_exception(error)
