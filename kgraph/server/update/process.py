"""The process that writes: `python -m kgraph.server.update.process SOCKET LIMITS FOLDER KEPT`."""

import contextlib
import json
import re
import resource
import secrets
import shutil
import socket
import sys
import threading
from collections.abc import Collection
from pathlib import Path

import pyoxigraph as ox

from kgraph.base.vocab import PREFIXES
from kgraph.errors import BadQuery, CannotWrite, KgraphError
from kgraph.rdf import sparql
from kgraph.rdf.functions import FUNCTIONS
from kgraph.rdf.store import STORE
from kgraph.server.pool.frames import COMMITTED, END, FAILED, HELLO, frame, receive
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.sandbox import no_sockets
from kgraph.server.pool.worker import STACK
from kgraph.server.update.writer import Write

CHECKPOINT = ".reading-"
KEPT = 3
"""So many checkpoints stay, for who was just told of one; and those that are known to be read."""

DEPTH = 500
STRING = re.compile(r'"(?:[^"\\]|\\.)*+"')
BRACKETS = {"[": 1, "{": 1, "]": -1, "}": -1}


def main(descriptor: str, limits: str, folder: str, kept: str) -> None:
    """Write what is asked, as long as the server lives."""
    connection = socket.socket(fileno=int(descriptor))
    threading.stack_size(STACK)
    arguments = (connection, Limits(**json.loads(limits)), Path(folder), json.loads(kept))
    life = threading.Thread(target=_live, args=arguments)
    life.start()
    life.join()


def _live(connection: socket.socket, limits: Limits, folder: Path, kept: Collection[str]) -> None:
    try:
        store = ox.Store(str(folder / STORE))
    except OSError as error:
        return _fail(connection, CannotWrite(f"{folder} cannot be written, perhaps another process has it: {error}"))
    _limit(limits)
    no_sockets()
    with contextlib.suppress(EOFError, OSError):
        try:
            connection.sendall(frame(HELLO, checkpoint(store, folder, kept)))
        except CannotWrite as error:
            return _fail(connection, error)
        while True:
            wanted, kept = json.loads(receive(connection)[1])
            try:
                carry_out(store, Write(**wanted))
                connection.sendall(frame(COMMITTED))
                connection.sendall(frame(END, checkpoint(store, folder, kept)))
            except KgraphError as error:
                _fail(connection, error)
    return None


def _fail(connection: socket.socket, error: KgraphError) -> None:
    connection.sendall(frame(FAILED, f"{type(error).__name__} {error}".encode()))


def _limit(limits: Limits) -> None:
    with contextlib.suppress(OSError, ValueError):
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + 2 * limits.memory,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def checkpoint(store: ox.Store, folder: Path, kept: Collection[str]) -> bytes:
    """A folder that holds the store as it is now, all on disk; older ones go, but for those that are kept.

    Raises CannotWrite when there cannot be one.
    """
    place = folder / f"{CHECKPOINT}{secrets.token_hex(8)}"
    try:
        store.flush()
        store.backup(str(place))
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise CannotWrite(f"a copy for reading cannot be made: {error}") from error
    others = sorted(set(folder.glob(f"{CHECKPOINT}*")) - {place}, key=lambda other: other.stat().st_mtime_ns)
    for old in others[: 1 - KEPT]:
        if str(old) not in kept:
            shutil.rmtree(old, ignore_errors=True)
    return str(place).encode()


def carry_out(store: ox.Store, wanted: Write) -> None:
    """One write, whole or not at all; raises BadQuery, or CannotWrite when the disk is full."""
    text = wanted.text if not wanted.form and not wanted.replaces else as_update(wanted)
    try:
        store.update(text, base_iri=wanted.base, prefixes=dict(PREFIXES), custom_functions=dict(FUNCTIONS))
    except SyntaxError as error:
        raise BadQuery(f"not a valid SPARQL 1.1 update: {str(error.msg).partition(': expected')[0]}") from error
    except OSError as error:
        raise CannotWrite(f"the store cannot be written: {error}; nothing was changed") from error
    except (RuntimeError, ValueError) as error:
        raise BadQuery(f"this update cannot be carried out: {error}") from error


def as_update(wanted: Write) -> str:
    """A write to a graph as one update, so that it happens whole or not at all."""
    name = f"GRAPH {ox.NamedNode(wanted.graph)}" if wanted.graph else "DEFAULT"
    steps = [f"DROP SILENT {name}"] if wanted.replaces else []
    if wanted.form:
        rows = ox.serialize(triples(wanted), format=ox.RdfFormat.N_TRIPLES) or b""
        data = rows.decode()
        steps += [f"CREATE SILENT {name}"] if wanted.graph else []
        steps.append(f"INSERT DATA {{ {name} {{ {data} }} }}" if wanted.graph else f"INSERT DATA {{ {data} }}")
    return " ;\n".join(steps)


def triples(wanted: Write) -> list[ox.Triple]:
    """The triples that are to be written; BadQuery names the place of a fault, or what is not taken."""
    if wanted.form == "rdf" and re.search(r"<!(DOCTYPE|ENTITY)", wanted.text, re.IGNORECASE):
        raise BadQuery("RDF/XML with a DOCTYPE or entities is not taken; send Turtle")
    if wanted.form == "jsonld" and _depth(wanted.text) > DEPTH:
        raise BadQuery(f"nested too deeply: at most {DEPTH} brackets may be open at once")
    content = wanted.text.encode("utf-8", errors="surrogateescape")
    try:
        return [q.triple for q in ox.parse(content, format=sparql.GRAPHS[wanted.form], base_iri=wanted.graph)]
    except (SyntaxError, ValueError) as error:
        raise BadQuery(f"the triples cannot be read: {error}") from error


def _depth(json_text: str) -> int:
    most = depth = 0
    for character in re.findall(r"[\[\]{}]", STRING.sub("", json_text)):
        depth += BRACKETS[character]
        most = max(most, depth)
    return most


if __name__ == "__main__":
    main(*sys.argv[1:])
