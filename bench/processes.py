"""CPU seconds of a process and all that it has started, from Linux' /proc (proc_pid_stat(5))."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(process: int) -> float:
    """The CPU seconds of a process, of its children, of theirs, and of those that have ended."""
    return sum(_ticks(one) for one in _tree(process)) / TICKS


def _tree(process: int) -> list[int]:
    threads = Path(f"/proc/{process}/task")
    children = [int(child) for own in threads.glob("*/children") for child in own.read_text().split()]
    return [process, *(one for child in children for one in _tree(child))]


def _ticks(process: int) -> int:
    """User and system ticks of a process, and those of its ended children; 0 when it has ended meanwhile."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(field) for field in fields[11:15])
