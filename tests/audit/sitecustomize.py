"""Puts down which files and sockets a Python process opens, when KGRAPH_AUDIT names a log."""

import os
import sys

if log := os.environ.get("KGRAPH_AUDIT"):
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def put_down(event: str, arguments: tuple[object, ...]) -> None:
        if event in ("open", "socket.connect", "socket.getaddrinfo"):
            os.write(descriptor, f"{event}\t{arguments!r}\n".encode(errors="replace"))

    sys.addaudithook(put_down)
