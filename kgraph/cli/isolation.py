"""A command in a child process: a crash of the engine becomes one sentence, and a signal leaves no temporary files.

The parent waits. It passes the first Ctrl-C or SIGTERM on, kills the child at the second, and ends as the child ends.
"""

import contextlib
import ctypes
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from kgraph.base.words import text
from kgraph.errors import LimitExceeded

if sys.platform != "win32":
    import resource

    ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

STACK = 100 * 1024**2
"""Bytes of stack: the engine recurses into each bracket. Linux keeps 128 MB of addresses free for it."""

PR_SET_PDEATHSIG = 1
"""The number of linux/prctl.h."""

CRASHES = {"SIGABRT": "out-of-memory", "SIGSEGV": "too-deep", "SIGBUS": "too-deep"}
"""The faults that signals of the engine tell: it aborts without memory, and faults beyond its stack."""


def isolate(lang: str, *, quiet: bool) -> None:
    """Go on in a child process; the parent never returns. When `quiet`, the engine's own messages are dropped.

    A crash is said in the language. Windows has no fork(2), so there nothing happens.
    """
    if sys.platform == "win32":
        return
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    child = os.fork()
    if child:
        _wait(child, lang)
    _begin(parent, quiet)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def _begin(parent: int, quiet: bool) -> None:
    """Have the child end with its parent, clean up on a signal, and crash without core dump and stack trace."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_STACK, (STACK if most == resource.RLIM_INFINITY else min(STACK, most), most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if quiet:
        kept = sys.stderr
        sys.stderr = open(os.dup(2), "w", buffering=1, encoding=kept.encoding, errors=kept.errors)  # noqa: SIM115
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _stop(*_: object) -> NoReturn:
    """End by an exception, so that temporary files are removed; the signal comes no second time."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(128 + signal.SIGTERM)


def _wait(child: int, lang: str) -> NoReturn:
    """Wait for the end of the child, and end likewise."""
    received: list[int] = []

    def pass_on(number: int, _: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL if received else signal.SIGTERM)
        received.append(number)

    for number in ENDING:
        signal.signal(number, pass_on)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if received and code in (-signal.SIGTERM, -signal.SIGKILL, 128 + signal.SIGTERM):
        _die(received[0])
    if code < 0:
        click.echo(f"kgraph: {_crash(-code, lang)}", err=True)
        code = LimitExceeded.exit_code
    os._exit(code)


def _die(number: int) -> NoReturn:
    """End by a signal, as a shell expects of a program that it has interrupted."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)  # the first process of a container ignores signals


def _crash(number: int, lang: str) -> str:
    """The sentence on a child that ended by a signal."""
    name = signal.Signals(number).name
    code = CRASHES.get(name, "killed")
    return text(lang, f"faults.{code}", signal=name)


@contextlib.contextmanager
def free_memory() -> Iterator[None]:
    """Let the process grow by the memory that is free, where the system tells it (setrlimit(2), proc_meminfo(5)).

    Without a limit the system would swap until nothing else can run, or end some other process.
    """
    free = _free() if sys.platform == "linux" else None
    if free is None:
        yield
        return
    limits = resource.getrlimit(resource.RLIMIT_AS)
    most = [limit for limit in limits if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([free, *most]), limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


def _free() -> int | None:
    """The bytes that the process may have so that it grows by the free memory."""
    try:
        free = re.search(r"MemAvailable: *(\d+) kB", Path("/proc/meminfo").read_text())
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return None
    return size + int(free[1]) * 1024 if free else None
