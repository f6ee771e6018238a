"""The log of faults of the server: a repeated fault writes once a minute."""

import asyncio
import logging
import time
import traceback

SECONDS = 60
"""Seconds in which a fault is logged once."""

KNOWN = 1000
"""The most faults that are remembered."""


class OncePerMinute(logging.Filter):
    """Passes a record unless one with its message, or an exception from its line, passed in the last minute.

    Without it, a client that provokes a fault in each request fills the disk with tracebacks.
    """

    def __init__(self) -> None:
        super().__init__()
        self.logged: dict[object, float] = {}
        self.suppressed: dict[object, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError):
            return False  # a request that the end of the server cut off
        key, now = _key(record), time.monotonic()
        if now - self.logged.get(key, -SECONDS) < SECONDS:
            self.suppressed[key] = self.suppressed.get(key, 0) + 1
            return False
        if len(self.logged) >= KNOWN:
            self.logged.clear()
            self.suppressed.clear()
        self.logged[key] = now
        if more := self.suppressed.pop(key, 0):
            record.msg, record.args = f"{record.getMessage().rstrip()} ({more} times more since it was last logged)", ()
        return True


def _key(record: logging.LogRecord) -> object:
    """The message of a record, or the class and line of its exception."""
    if not record.exc_info or record.exc_info[1] is None:
        return record.msg
    frames = traceback.extract_tb(record.exc_info[2])
    last = (frames[-1].filename, frames[-1].lineno) if frames else ()
    return type(record.exc_info[1]).__name__, last


def log_once_per_minute() -> None:
    """Have uvicorn and asyncio log a repeated fault once a minute."""
    once = OncePerMinute()
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addFilter(once)
