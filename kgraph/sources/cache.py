"""Source files read once: each as N-Quads beside what a build must know of it, named by its bytes and the version."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from kgraph import sources
from kgraph._version import __version__
from kgraph.base.problems import Problem
from kgraph.base.vocab import CLAIMS_GRAPH, EDITORIAL_GRAPH, STATED
from kgraph.sources import Claim, SourceFile

SOURCES = "sources"
"""The name of the folder of read sources inside a build folder."""

WORTH_A_PROCESS = 40
"""From so many unread files on, several processes read faster than one."""


@dataclass(frozen=True)
class Reading:
    """A source file that was read: where its quads are, and what is not in them.

    `stated` are hashes of the facts it states, `linked` its claims that refine or contradict others, `sources` those
    that it describes.
    """

    name: str
    quads: Path
    claims: int
    stated: frozenset[int]
    linked: tuple[Claim, ...]
    sources: tuple[str, ...]
    problems: tuple[Problem, ...]


def digest(path: Path) -> str:
    """What names the reading of a file: the same for the same bytes, read by the same version of kgraph."""
    return hashlib.sha256(__version__.encode() + b"\n" + path.read_bytes()).hexdigest()


def read_all(
    digests: Mapping[Path, str], folder: Path, earlier: Path, step: Callable[[str], None] = lambda _: None
) -> list[Reading]:
    """The files as readings in `folder`, taken from the folder of an earlier build where they have not changed."""
    folder.mkdir(exist_ok=True)
    unread = [path for path, name in digests.items() if not _reused(earlier, folder, name)]
    jobs = [(path, folder / f"{digests[path]}.nq") for path in unread]
    done = {}
    for number, reading in enumerate(_read_in_parallel(jobs), 1):
        step(f"reading {reading.name} ({number} of {len(unread)})")
        done[reading.quads] = reading
    at = {path: folder / f"{name}.nq" for path, name in digests.items()}
    return [
        replace(done[quads], name=path.name) if quads in done else opened(path.name, quads)
        for path, quads in at.items()
    ]


def _reused(earlier: Path, folder: Path, name: str) -> bool:
    """Whether an earlier build has the reading of that name; if so its files are in the folder now."""
    if (folder / f"{name}.json").exists():
        return True
    with suppress(FileNotFoundError):
        for ending in ("json", "nq"):
            os.link(earlier / f"{name}.{ending}", folder / f"{name}.{ending}")
        return True
    return False


def _read_in_parallel(jobs: Sequence[tuple[Path, Path]]) -> Iterator[Reading]:
    if len(jobs) < WORTH_A_PROCESS:
        yield from map(_read, jobs)
        return
    with ProcessPoolExecutor() as pool:
        yield from pool.map(_read, jobs, chunksize=4)


def _read(job: tuple[Path, Path]) -> Reading:
    """Read a source file and write what was read."""
    path, target = job
    file = sources.read(path)
    linked = tuple(claim for claim in file.claims if claim.refines or claim.contradicts)
    stated = frozenset(_hash(claim.triple) for claim in file.claims if claim.status == STATED)
    ox.serialize(sources.quads(file), output=str(target), format=ox.RdfFormat.N_QUADS)
    heads = tuple(source.value for source in file.sources)
    kept = {
        "claims": len(file.claims),
        "stated": sorted(stated),
        "linked": [_written(claim) for claim in linked],
        "sources": heads,
    }
    target.with_suffix(".json").write_text(json.dumps(kept), encoding="utf-8")
    return Reading(path.name, target, len(file.claims), stated, linked, heads, file.problems)


def opened(name: str, quads: Path) -> Reading:
    """A file that was read without a fault before."""
    kept = json.loads(quads.with_suffix(".json").read_text(encoding="utf-8"))
    linked = tuple(_claim(name, **claim) for claim in kept["linked"])
    return Reading(name, quads, kept["claims"], frozenset(kept["stated"]), linked, tuple(kept["sources"]), ())


def described_twice(readings: Iterable[Reading]) -> Iterator[Problem]:
    """Sources that several files describe."""
    return sources.described_twice(
        (reading.name, ox.NamedNode(source)) for reading in readings for source in reading.sources
    )


def _hash(triple: ox.Triple) -> int:
    return int.from_bytes(hashlib.blake2b(str(triple).encode(), digest_size=8).digest(), "big")


def _written(claim: Claim) -> dict[str, str | list[str]]:
    return {
        "source": claim.source.value,
        "triple": str(claim.triple),
        "status": claim.status.value,
        "refines": [str(triple) for triple in claim.refines],
        "contradicts": [str(triple) for triple in claim.contradicts],
    }


def _claim(name: str, source: str, triple: str, status: str, refines: list[str], contradicts: list[str]) -> Claim:
    others = (tuple(map(_triple, links)) for links in (refines, contradicts))
    return Claim(ox.NamedNode(source), _triple(triple), ox.NamedNode(status), (), *others)


def _triple(written: str) -> ox.Triple:
    [quad] = ox.parse(f"{written} .", ox.RdfFormat.N_TRIPLES)
    return ox.Triple(quad.subject, quad.predicate, quad.object)


def links(
    readings: Iterable[Reading], claimed: Callable[[ox.Triple], list[Claim]]
) -> tuple[list[ox.Quad], list[Problem]]:
    """The links between claims and those that lead nowhere; `claimed` gives every claim of a triple."""
    files = [SourceFile(reading.name, {}, reading.linked, frozenset(), ()) for reading in readings if reading.linked]
    known = {claim.iri for file in files for claim in file.claims}
    meant = {triple for file in files for claim in file.claims for triple in (*claim.refines, *claim.contradicts)}
    others = {claim for triple in meant for claim in claimed(triple) if claim.iri not in known}
    return sources.link([*files, SourceFile("", {}, tuple(others), frozenset(), ())])


def quad_lines(readings: Iterable[Reading]) -> Iterator[bytes]:
    """What the files say, claims included, as lines of N-Quads."""
    for reading in readings:
        with reading.quads.open("rb") as file:
            yield from file


CLAIMS, EDITORIAL = (f" {graph} .\n".encode() for graph in (CLAIMS_GRAPH, EDITORIAL_GRAPH))


def fact_lines(readings: Iterable[Reading]) -> Iterator[bytes]:
    """What the files say of the domain, claims left out, as lines of N-Triples."""
    return (triple_line(line) for line in quad_lines(readings) if not line.endswith(CLAIMS))


def triple_line(line: bytes) -> bytes:
    """A line of N-Quads without its graph."""
    return line[: line.rindex(b" <")] + b" .\n"
