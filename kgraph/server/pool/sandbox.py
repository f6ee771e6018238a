"""Restrictions of a process before it evaluates a client's text: no sockets, limited memory, no core dumps."""

import contextlib
import ctypes
import platform
import resource
import struct
import threading
from collections.abc import Callable
from pathlib import Path

STACK = 256 * 1024**2
"""Bytes of stack: the parser and the evaluator recurse into each bracket, and 8 MB do not hold the deepest query."""

# The numbers of linux/audit.h, linux/bpf_common.h, linux/prctl.h and linux/seccomp.h.
CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""The AUDIT_ARCH of a machine and its number of socket(2)."""
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO_EPERM = 0x7FFF0000, 0x00050001
NUMBER, ARCHITECTURE = 0, 4
"""Offsets in struct seccomp_data."""


class Program(ctypes.Structure):
    """The struct sock_fprog of seccomp(2)."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def no_sockets() -> None:
    """Have Linux refuse new sockets to this thread and those it starts (seccomp(2)); no effect on other systems.

    The engine follows SERVICE and LOAD to any address. The guards refuse both; this is the second line of defence.
    """
    known = CALLS.get(platform.machine())
    if platform.system() != "Linux" or known is None:
        return
    architecture, socket_call = known
    # Each step is (code, jump if true, jump if false, operand), as struct sock_filter has it. A call of another
    # architecture has other numbers, so the architecture is compared first, as seccomp(2) advises.
    steps = [
        (LOAD_WORD, 0, 0, ARCHITECTURE),
        (JUMP_IF_EQUAL, 0, 3, architecture),
        (LOAD_WORD, 0, 0, NUMBER),
        (JUMP_IF_EQUAL, 0, 1, socket_call),
        (RETURN, 0, 0, SECCOMP_RET_ERRNO_EPERM),
        (RETURN, 0, 0, SECCOMP_RET_ALLOW),
    ]
    content = b"".join(struct.pack("=HBBI", *step) for step in steps)
    with contextlib.suppress(OSError, AttributeError):
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)  # without it, only root may install a filter
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(Program(len(steps), content)), 0, 0)


def limit_memory(more: int) -> None:
    """Let the process grow by at most `more` bytes of address space, and leave no core dump (setrlimit(2))."""
    with contextlib.suppress(OSError, ValueError):
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + more,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def on_deep_stack(function: Callable[[], None]) -> None:
    """Run a function in a thread with a stack of STACK bytes, and wait for its end."""
    threading.stack_size(STACK)
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()
