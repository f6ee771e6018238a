"""A process that can make no connection any more, whatever it is told: Linux refuses it new sockets (seccomp(2))."""

import contextlib
import ctypes
import platform
import struct

CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""How the kernel calls a machine, and socket(2) on it."""

NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, EQUAL, GIVE = 0x20, 0x15, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050001
"""Refused with the error EPERM."""


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def no_sockets() -> None:
    """Refuse every socket from now on, in this thread and those it starts; nothing where the system cannot do that."""
    machine = CALLS.get(platform.machine())
    if platform.system() != "Linux" or machine is None:
        return
    steps = [
        (LOAD, 0, 0, 4),
        (EQUAL, 0, 3, machine[0]),
        (LOAD, 0, 0, 0),
        (EQUAL, 0, 1, machine[1]),
        (GIVE, 0, 0, REFUSE),
        (GIVE, 0, 0, ALLOW),
    ]
    content = b"".join(struct.pack("=HBBI", *step) for step in steps)
    with contextlib.suppress(OSError, AttributeError):
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        prctl(SET_SECCOMP, FILTER, ctypes.byref(Program(len(steps), content)), 0, 0)
