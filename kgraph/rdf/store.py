"""A local store: filled, opened, and written to a folder as a whole.

The default graph has every fact once; named graphs have the facts of each source. The ontology is only in its graph.
"""

import glob
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from kgraph.base.paths import resolved
from kgraph.base.vocab import CLAIMS_GRAPH, OBJECT, ONTOLOGY_GRAPH, PREDICATE, SUBJECT, YIELDS_TO
from kgraph.errors import CannotWrite, NotFound

if TYPE_CHECKING:
    import rdflib

Made = TypeVar("Made")

STORE = "store"
"""The name of the store inside a build folder."""


def fill(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Add quads to their graphs and, except for the ontology's and yielding facts, to the default graph."""
    store.bulk_extend(with_default(quads))
    for triple in yielding(store):
        store.remove(ox.Quad(*triple))


SMALL = 1000
"""The most lines that are added without files of their own in the store, which take 10 ms and the disk's time."""


def load(
    store: ox.Store, lines: bytes, form: "ox.RdfFormat", graph: ox.NamedNode | ox.DefaultGraph | None = None
) -> None:
    """Add lines of N-Quads or N-Triples, the latter to a graph, by default the default graph."""
    if lines.count(b"\n") > SMALL:
        store.bulk_load(lines, format=form, lenient=True, to_graph=graph)
    else:
        quads = ox.parse(lines, form, lenient=True)
        store.extend(ox.Quad(q.subject, q.predicate, q.object, graph) if graph else q for q in quads)


@contextmanager
def beside(*jobs: Callable[[], object]) -> Iterator[None]:
    """Run jobs in threads beside the body; at its end all have ended, and the first of their errors is raised.

    The engine loads without holding Python's lock.
    """
    with ThreadPoolExecutor(len(jobs)) as pool:
        running = [pool.submit(job) for job in jobs]
        yield
    for job in running:
        job.result()


def yielding(store: ox.Store) -> set[ox.Triple]:
    """The facts that sources state and that yield to another value in the default graph."""
    claims = {quad.subject for quad in store.quads_for_pattern(None, YIELDS_TO, None, CLAIMS_GRAPH)}
    parts = (
        [quad.object for quad in store.quads_for_pattern(claim, part, None, CLAIMS_GRAPH)]
        for claim in claims
        for part in (SUBJECT, PREDICATE, OBJECT)
    )
    return {ox.Triple(*(end for [end] in fact)) for fact in zip(*[parts] * 3, strict=True)}


def with_default(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    for quad in quads:
        yield quad
        if quad.graph_name != ONTOLOGY_GRAPH:
            yield ox.Quad(*quad.triple)


def copy(out: Path, fresh: Path) -> None:
    """Copy a build folder so that the copy can be written to; immutable files are linked."""
    shutil.copytree(out, fresh, dirs_exist_ok=True, copy_function=_copied)


def _copied(source: str, target: str) -> None:
    if source.endswith((".sst", ".nq")):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def graph(store: ox.Store, name: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Triple]:
    """The triples of one graph, in no order."""
    return (quad.triple for quad in store.quads_for_pattern(None, None, None, name))


def to_rdflib(triples: Iterable[ox.Triple]) -> "rdflib.Graph":
    import rdflib

    quads = (ox.Quad(*triple) for triple in triples)
    return rdflib.Graph().parse(data=ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES) or b"", format="nt")


def drop(store: ox.Store, name: ox.NamedNode) -> None:
    """Remove a graph and those of its triples in the default graph that no other graph holds."""
    triples = list(graph(store, name))
    store.remove_graph(name)
    for triple in triples:
        if not any(
            quad.graph_name not in (ox.DefaultGraph(), ONTOLOGY_GRAPH)
            for quad in store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        ):
            store.remove(ox.Quad(*triple))


def is_build(place: Path) -> bool:
    """Whether a folder is a build, or is missing, perhaps because a killed process moved the build aside."""
    is_file = ox.RdfFormat.from_extension(place.suffix.removeprefix(".")) is not None
    return (place / STORE).is_dir() or not (place.exists() or is_file)


def open_built(out: Path) -> ox.Store:
    """The store of a build folder, for reading; NotFound when there is none."""
    recover(out)
    if not (out / STORE).is_dir():
        where = "ANOTHER-FOLDER” and give that" if out.exists() else f"{out}” first"
        raise NotFound(f"{out} holds no built graph; run “kgraph build --out {where}")
    try:
        return ox.Store.read_only(str(out / STORE))
    except (OSError, RuntimeError) as error:
        raise NotFound(f"{out} cannot be opened ({error}); run “kgraph build --out {out}” again") from error


def recover(out: Path) -> None:
    """Restore a build that a killed process moved aside, and remove what killed processes left."""
    out = resolved(out)
    name = glob.escape(out.name)
    for left in sorted(chain(*(out.parent.glob(f".{name}.{what}-*") for what in ("new", "old")))):
        process = left.name.rpartition("-")[2]
        if process.isdigit() and not _is_running(int(process)):
            if left.name.startswith(f".{out.name}.old-") and not out.exists():
                left.rename(out)
            else:
                shutil.rmtree(left, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def must_be_new(out: Path) -> None:
    """Raise CannotWrite for a file and for a folder that is not empty."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CannotWrite(f"{out} exists and is not empty; choose another folder")


def replace(out: Path, write: Callable[[Path], Made]) -> Made:
    """Let `write` fill a fresh folder that then replaces `out`; the result of `write`.

    On any error `out` stays as it was.
    Raises CannotWrite when the folder cannot be written, the disk is full, or `out` holds something else.
    """
    if out.exists() and not _is_build(out):
        raise CannotWrite(f"{out} exists and is not a build of kgraph; choose another folder or remove it")
    place = resolved(out)  # what a link leads to, which stays a link
    if place == Path.cwd():
        raise CannotWrite("the folder one is in cannot be replaced; go one up and say its name")
    fresh = _beside(place, "new")
    try:
        _must_be_free(place)
        recover(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh.mkdir()
        made = write(fresh)
        _must_be_free(place)
        _swap(fresh, place)
        return made
    except OSError as error:
        raise CannotWrite(f"{out}: cannot be written ({_reason(error)}); nothing was changed") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _is_build(folder: Path) -> bool:
    return folder.is_dir() and ((folder / STORE).is_dir() or not any(folder.iterdir()))


def _must_be_free(out: Path) -> None:
    """Raise CannotWrite when a process writes to the store: it would go on, in the store that replaces it."""
    try:
        import fcntl
    except ImportError:  # on Windows, which does not let a folder be moved while a file in it is open
        return
    with suppress(FileNotFoundError), (out / STORE / "LOCK").open("ab") as held:
        try:
            fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotWrite(f"{out} is being written to, perhaps by “kgraph serve”; end that first") from error


def _beside(out: Path, what: str) -> Path:
    """A temporary path on the same disk, by a name with the number of this process, which `recover` knows."""
    return out.parent / f".{out.name}.{what}-{os.getpid()}"


def _swap(fresh: Path, out: Path) -> None:
    old = _beside(out, "old")
    with suppress(FileNotFoundError):
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def write_file(target: Path, content: bytes) -> None:
    """Write a file through a temporary one beside it, whole or not at all; a device is written to directly.

    Raises CannotWrite when that fails.
    """
    target = resolved(target)
    fresh = _beside(target, "new")
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(content)
        fresh.replace(target)
    except OSError as error:
        raise CannotWrite(f"{target}: cannot be written ({_reason(error)}); nothing was changed") from error
    finally:
        with suppress(OSError):
            fresh.unlink()


SAID = re.compile(r"(?:\[Errno \d+\] |IO error: .*: )([^:']+)")


def _reason(error: OSError) -> str:
    """The reason of the system, without the names of temporary files, which have been removed.

    >>> _reason(OSError("IO error: No space left on device: While appending to file: a/1.sst: No space left on device"))
    'No space left on device'
    """
    said = SAID.search(str(error))
    return error.strerror or (said[1] if said else str(error)).partition(" (os error")[0]
