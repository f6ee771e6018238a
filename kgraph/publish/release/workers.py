"""Processes that make parts of a release side by side, from what is in memory when they are forked."""

import ctypes
import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Protocol, TypeVar

from kgraph.base.problems import fault
from kgraph.errors import LimitExceeded

PROCESSES = 2
"""The most processes: what one process must do alone leaves no work for more."""
PR_SET_PDEATHSIG = 1
"""The number of linux/prctl.h."""

Made = TypeVar("Made")


class Each(Protocol):
    """Gives what a function makes of the shared values and of each of some others, in their order."""

    def __call__(self, make: Callable[..., Made], given: Iterable[Any], /) -> Iterator[Made]: ...


@contextmanager
def sharing(*shared: object) -> Iterator[Each]:
    """Work for processes that have the `shared` values as they are now; it begins when it is given.

    On one processor, and where the system cannot tell how many there are, this process does it, when it is asked for
    the result. What is given and made is pickled, the shared values are not. LimitExceeded when a process was killed.
    """
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if count == 1:
        yield lambda make, given: map(partial(make, *shared), given)
        return
    gc.freeze()  # a collection in a process would copy the memory that it shares
    pool = ProcessPoolExecutor(
        min(count, PROCESSES), multiprocessing.get_context("fork"), _begin, (shared, os.getpid())
    )
    try:
        yield lambda make, given: pool.map(partial(_with_shared, make), given)
    except BrokenProcessPool as error:
        raise LimitExceeded(fault("killed", signal="SIGKILL")) from error
    finally:
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()


_SHARED: list[object] = []
"""The shared values, in a process that was forked to work with them."""


def _begin(shared: Iterable[object], parent: int) -> None:
    """Have the process end with its parent, which alone gets the signals of the keyboard."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _SHARED.extend(shared)


def _with_shared(make: Callable[..., Made], one: object) -> Made:
    return make(*_SHARED, one)
