"""Readings of source files: each as N-Quads and JSON, named by a hash of the file and the version of kgraph."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox

from kgraph._version import __version__
from kgraph.base.paths import read_bytes
from kgraph.base.problems import Problem
from kgraph.evidence import claims, identity, registers, turtle
from kgraph.evidence.claims import SourceFile
from kgraph.evidence.links import Link, links_of

SOURCES = "sources"
"""The name of the folder of read sources inside a build folder."""

WORTH_A_PROCESS = 40
"""Unread files from which on several processes read faster than one."""


@dataclass(frozen=True)
class Reading:
    """A source file that was read: its quads, in memory or in a file, and its problems.

    `links` lead from its claims to claims of other sources; `sources` are those that it describes.
    """

    name: str
    quads: bytes | Path
    claims: int
    links: tuple[Link, ...]
    sources: tuple[str, ...]
    problems: tuple[Problem, ...]
    is_register: bool = False
    merged: Mapping[bytes, bytes] = field(default_factory=dict)

    def lines(self) -> Iterator[bytes]:
        """The facts and claims of the file as lines of N-Quads, with the addresses that stay of `merged` things."""
        with BytesIO(self.quads) if isinstance(self.quads, bytes) else self.quads.open("rb") as lines:
            yield from identity.renamed(lines, self.merged) if self.merged else lines


def digest(path: Path) -> str:
    """The name of the reading of a file: a hash of its bytes and of the version of kgraph."""
    beside = registers.files(path.with_suffix(""))
    content = b"".join(map(read_bytes, [path, *beside]))
    return hashlib.sha256(__version__.encode() + b"\n" + content).hexdigest()


def read_in_memory(paths: Iterable[Path], step: Callable[[str], None]) -> list[Reading]:
    """The files as readings; BadData at the first file that is not Turtle."""
    return list(_readings([(path, None) for path in paths], step))


def of_files(files: Mapping[Path, SourceFile]) -> list[Reading]:
    """The readings of files that were read already."""
    return [_read((path, None), file) for path, file in files.items()]


def read_all(digests: Mapping[Path, str], folder: Path, earlier: Path, step: Callable[[str], None]) -> list[Reading]:
    """The files as readings in `folder`, taken from the folder of an earlier build where they have not changed."""
    folder.mkdir(exist_ok=True)
    at = {path: folder / f"{name}.nq" for path, name in digests.items()}
    unread = [(path, quads) for path, quads in at.items() if not _reused(earlier, quads)]
    done = {reading.quads: reading for reading in _readings(unread, step)}
    return [replace(done.get(quads) or _opened(quads), name=path.name) for path, quads in at.items()]


def _reused(earlier: Path, quads: Path) -> bool:
    """Link the reading of that name from an earlier build; whether there is one."""
    if quads.with_suffix(".json").exists():
        return True
    with suppress(FileNotFoundError):
        for path in (quads.with_suffix(".json"), quads):
            os.link(earlier / path.name, path)
        return True
    return False


def _readings(jobs: Sequence[tuple[Path, Path | None]], step: Callable[[str], None]) -> Iterator[Reading]:
    """The readings of files, each with a step; many are read to disk by several processes."""
    is_shared = len(jobs) >= WORTH_A_PROCESS and jobs[0][1] is not None
    with ProcessPoolExecutor() if is_shared else nullcontext() as pool:
        readings = pool.map(_read, jobs, chunksize=4) if pool else map(_read, jobs)
        for number, reading in enumerate(readings, 1):
            step(f"reading {reading.name} ({number} of {len(jobs)})")
            yield reading


def _read(job: tuple[Path, Path | None], known: SourceFile | None = None) -> Reading:
    """The reading of a source file, written to a file if one is given."""
    path, out = job
    file = known or turtle.read(path)
    quads = ox.serialize(claims.quads(file), format=ox.RdfFormat.N_QUADS) or b""
    rows = registers.lines(path.with_suffix(""))
    heads = tuple(source.value for source in file.sources)
    count = len(file.claims) + registers.stated(rows)
    reading = Reading(
        path.name, out or quads + rows, count, tuple(links_of(file.claims)), heads, file.problems, bool(rows)
    )
    if out:
        out.write_bytes(quads + rows)
        links = [list(map(str, (link.source, link.fact, link.predicate, link.other))) for link in reading.links]
        kept = {"claims": reading.claims, "links": links, "sources": heads, "is_register": reading.is_register}
        out.with_suffix(".json").write_text(json.dumps(kept), encoding="utf-8")
    return reading


def _opened(quads: Path) -> Reading:
    """The reading of an earlier build, which had no problems."""
    kept = json.loads(quads.with_suffix(".json").read_text(encoding="utf-8"))
    links = tuple(_link(*written) for written in kept["links"])
    return Reading("", quads, kept["claims"], links, tuple(kept["sources"]), (), kept["is_register"])


def _link(source: str, fact: str, predicate: str, other: str) -> Link:
    return Link(ox.NamedNode(source[1:-1]), _triple(fact), ox.NamedNode(predicate[1:-1]), _triple(other))


def _triple(written: str) -> ox.Triple:
    [quad] = ox.parse(f"{written} .", ox.RdfFormat.N_TRIPLES)
    return ox.Triple(quad.subject, quad.predicate, quad.object)
