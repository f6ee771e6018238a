"""The process that writes: `python -m kgraph.server.update.process SOCKET LIMITS FOLDER KEPT`."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from kgraph.base.vocab import PREFIXES
from kgraph.errors import BadQuery, CannotWrite, KgraphError
from kgraph.rdf import bounds, sparql
from kgraph.rdf.functions import FUNCTIONS
from kgraph.rdf.store import STORE
from kgraph.server.pool.frames import COMMITTED, END, HELLO, failed, frame, receive
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.sandbox import limit_memory, no_sockets, on_deep_stack

CHECKPOINT = ".reading-"
KEPT = 3
"""The number of newest checkpoints that stay, for readers about to open one; those in use stay too."""


@dataclass(frozen=True)
class Write:
    """An update, or documents of triples for a graph, each with its form; when it `replaces`, the graph is emptied."""

    text: str = ""
    graph: str | None = None
    base: str | None = None
    replaces: bool = False
    documents: Sequence[tuple[str, str]] = ()


def main(descriptor: str, limits: str, folder: str, kept: str) -> None:
    """Carry out the writes that the server sends, until the connection closes."""
    connection = socket.socket(fileno=int(descriptor))
    on_deep_stack(partial(_serve, connection, Limits(**json.loads(limits)), Path(folder), json.loads(kept)))


def _serve(connection: socket.socket, limits: Limits, folder: Path, kept: Collection[str]) -> None:
    with contextlib.suppress(EOFError, OSError):
        try:
            store = ox.Store(str(folder / STORE))
        except OSError as error:
            reason = f"{folder} cannot be written, perhaps another process has it: {error}"
            return connection.sendall(failed(CannotWrite(reason)))
        except RuntimeError as error:
            reason = f"{folder} holds a spoilt store ({error}); restore a copy of it, or build it anew"
            return connection.sendall(failed(CannotWrite(reason)))
        try:
            limit_memory(2 * limits.memory)
            no_sockets()
            connection.sendall(frame(HELLO, checkpoint(store, folder, kept)))
        except CannotWrite as error:
            return connection.sendall(failed(error))
        while True:
            try:
                write, kept = json.loads(receive(connection)[1])
                apply(store, Write(**write))
                connection.sendall(frame(COMMITTED))
                connection.sendall(frame(END, checkpoint(store, folder, kept)))
            except KgraphError as error:
                connection.sendall(failed(error))
            except MemoryError:
                os.abort()  # as the engine ends then, so that the server knows why
    return None


def checkpoint(store: ox.Store, folder: Path, kept: Collection[str]) -> bytes:
    """The path of a new checkpoint of hard links; older ones not `kept` are removed. CannotWrite if it fails."""
    made = folder / f"{CHECKPOINT}{secrets.token_hex(8)}"
    try:
        store.flush()
        store.backup(str(made))
    except (OSError, RuntimeError) as error:
        shutil.rmtree(made, ignore_errors=True)
        raise CannotWrite(f"a copy for reading cannot be made: {error}") from error
    others = sorted(set(folder.glob(f"{CHECKPOINT}*")) - {made}, key=lambda other: other.stat().st_mtime_ns)
    for old in others[: 1 - KEPT]:
        if str(old) not in kept:
            shutil.rmtree(old, ignore_errors=True)
    return str(made).encode()


def apply(store: ox.Store, write: Write) -> None:
    """One write as one transaction; raises BadQuery, or CannotWrite when the disk is full."""
    text = as_update(write) if write.documents or write.replaces else write.text
    try:
        store.update(text, base_iri=write.base, prefixes=dict(PREFIXES), custom_functions=dict(FUNCTIONS))
    except SyntaxError as error:
        raise BadQuery(f"not a valid SPARQL 1.1 update: {str(error.msg).partition(': expected')[0]}") from error
    except OSError as error:
        raise CannotWrite(f"the store cannot be written: {error}; nothing was changed") from error
    except (RuntimeError, ValueError) as error:
        raise BadQuery(f"this update cannot be carried out: {error}") from error


def as_update(write: Write) -> str:
    """A write to a graph as one SPARQL update request, which the engine runs in one transaction."""
    name = f"GRAPH {ox.NamedNode(write.graph)}" if write.graph else "DEFAULT"
    steps = [f"DROP SILENT {name}"] if write.replaces else []
    if write.documents:
        found = [triple for form, text in write.documents for triple in triples(form, text, write.graph)]
        data = (ox.serialize(found, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
        steps += [f"CREATE SILENT {name}"] if write.graph else []
        steps.append(f"INSERT DATA {{ {name} {{ {data} }} }}" if write.graph else f"INSERT DATA {{ {data} }}")
    return " ;\n".join(steps)


def triples(form: str, text: str, base: str | None) -> list[ox.Triple]:
    """The triples of a document, with blank nodes of its own; BadQuery for faulty or refused text."""
    content = text.encode("utf-8", errors="surrogateescape")
    if form == "rdf" and bounds.has_entities(content):
        raise BadQuery("RDF/XML with a DOCTYPE or entities is not taken; send Turtle")
    if form == "jsonld" and bounds.is_too_deep(content):
        raise BadQuery(f"nested too deeply: at most {bounds.JSON_DEPTH} brackets may be open at once")
    try:
        found = ox.parse(content, format=sparql.GRAPHS[form], base_iri=base, rename_blank_nodes=True)
        return [quad.triple for quad in found]
    except (SyntaxError, ValueError) as error:
        raise BadQuery(f"the triples cannot be read: {error}") from error


if __name__ == "__main__":
    main(*sys.argv[1:])
