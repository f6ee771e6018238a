"""The graph for a larger engine: sorted N-Quads in files of about one size, a loader, and a check of its answers."""

import random
import re
import shutil
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from ctypes import c_float
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.problems import fault
from kgraph.base.vocab import PREFIXES, term
from kgraph.errors import EndpointError, KgraphError, NotFound, Timeout
from kgraph.graph import questions
from kgraph.graph.questions import Question
from kgraph.publish.formats import template
from kgraph.rdf import sparql
from kgraph.rdf.endpoint import Endpoint

ENGINES = ("virtuoso", "qlever", "oxigraph")

EVERYTHING = term("graph:all")
"""The default graph in an engine that cannot keep a separate one."""

A_SHARD = 1_000_000
"""The approximate number of quads in a file."""

SAMPLED = 200
"""Lines sampled for each file to choose the borders between files."""

GEOMETRIES = (f"{PREFIXES['geo']}wktLiteral", "http://www.openlinksw.com/schemas/virtrdf#Geometry")
POINT = re.compile(rf'"(POINT[^"]*)"\^\^<({"|".join(map(re.escape, GEOMETRIES))})>')
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
TRUTH = {str(ox.Literal(number, datatype=term("xsd:boolean"))): str(ox.Literal(bool(int(number)))) for number in "01"}

Row = tuple[str, ...]
"""A row of an answer, its terms as N-Triples writes them."""


def write(store: ox.Store, engine: str, graph: str, folder: Path, a_shard: int = A_SHARD) -> int:
    """Write the quads in sorted files, a loader, limits and a README to a folder; gives the number of quads.

    Equal graphs give equal bytes. Memory holds one file at a time. `graph` is the name of the graph in the README.
    """
    shutil.copytree(paths.packaged(f"publish/templates/handoff/{engine}"), folder, dirs_exist_ok=True)
    plain = folder / "quads"
    store.dump(str(plain), format=ox.RdfFormat.N_QUADS)
    total, borders = _borders(plain, a_shard)
    shards = _spread(_named(plain, engine), borders, folder / "data")
    plain.unlink()
    for shard in shards:
        with shard.open("rb") as file:
            lines = sorted(file)
        shard.write_bytes(b"".join(lines))
    readme = template.text(f"handoff/{engine}/README.md", size=f"{total:,}", shards=len(shards), graph=graph)
    (folder / "README.md").write_text(readme, encoding="utf-8")
    if engine == "virtuoso":
        graphs = sorted(str(name.value) for name in store.named_graphs())
        readable = [("default-graph-uri", EVERYTHING.value), *(("named-graph-uri", name) for name in graphs)]
        (folder / "dataset").write_text(urlencode(readable))
    return total


def everything_in(folder: Path) -> str:
    """The graph of all facts in a folder of a handoff, as its files write it; empty for the default graph."""
    for engine in ENGINES:
        names = (path.name for path in paths.packaged(f"publish/templates/handoff/{engine}").iterdir())
        if (folder / "data").is_dir() and all((folder / name).is_file() for name in names):
            return "" if engine == "oxigraph" else str(EVERYTHING)
    raise NotFound(fault("handoff-none", folder=str(folder)))


def add_graph(folder: Path, graph: str) -> None:
    """Have questions to Virtuoso read one more graph; nothing for other engines."""
    dataset = folder / "dataset"
    named = urlencode({"named-graph-uri": graph})
    if dataset.is_file() and named not in (known := dataset.read_text()).split("&"):
        dataset.write_text(f"{known}&{named}")


def _borders(plain: Path, a_shard: int) -> tuple[int, list[bytes]]:
    """The number of quads, and the subjects at which a new file begins."""
    with plain.open("rb") as lines:
        total = sum(1 for _ in lines)
    shards = max(1, round(total / a_shard))
    chance = random.Random(0)
    wanted = {*chance.sample(range(total), min(total, SAMPLED * shards))}
    with plain.open("rb") as lines:
        sample = sorted(line for number, line in enumerate(lines) if number in wanted)
    return total, [_subject(sample[len(sample) * n // shards]) for n in range(1, shards)]


def _subject(line: bytes) -> bytes:
    return line.partition(b" ")[0]


def _named(plain: Path, engine: str) -> Iterator[bytes]:
    """The quads; those of the default graph in a named one for an engine that cannot keep a separate default graph."""
    everything = b" %b .\n" % str(EVERYTHING).encode()
    with plain.open("rb") as lines:
        for line in lines:
            unnamed = engine != "oxigraph" and _in_default_graph(line)
            yield line[: -len(b" .\n")] + everything if unnamed else line


def _in_default_graph(line: bytes) -> bool:
    """Whether the line ends with its object, which may be a literal with spaces."""
    rest = line.split(b" ", 2)[2][: -len(b" .\n")]
    if rest.startswith(b'"'):
        return b" " not in rest[rest.rindex(b'"') :]
    return b" " not in rest


def _spread(lines: Iterable[bytes], borders: Sequence[bytes], folder: Path) -> list[Path]:
    """The lines in one file for each range of subjects."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number:05}.nq" for number in range(len(borders) + 1)]
    with ExitStack() as opened:
        files = [opened.enter_context(path.open("wb")) for path in paths]
        for line in lines:
            files[bisect(borders, _subject(line))].write(line)
    return paths


@dataclass(frozen=True)
class Compared:
    """The answers of a store and an endpoint to a question: rows that only one gives, or the error of the endpoint.

    `exact` is false where the engine rounds points or writes true as 1.
    """

    question: str
    rows: int
    only_here: tuple[Row, ...] = ()
    only_there: tuple[Row, ...] = ()
    exact: bool = True
    error: str | None = None

    @property
    def equal(self) -> bool:
        return not (self.only_here or self.only_there or self.error)


def verify(store: ox.Store, endpoint: Endpoint, asked: Iterable[Question], lang: str = "en") -> Iterator[Compared]:
    """Both answers to each question, compared; EndpointError or Timeout when the endpoint fails on the first."""
    for number, question in enumerate(asked):
        here = _rows(store, question, lang)
        try:
            there = _rows(endpoint, question, lang)
        except KgraphError as error:
            if not number and isinstance(error, EndpointError | Timeout):
                raise
            yield Compared(question.name, len(here), error=str(error))
        else:
            yield compared(question.name, here, there)


def _rows(store: ox.Store | Endpoint, question: Question, lang: str) -> list[Row]:
    """The sorted rows of an answer; none where a chain does not exist."""
    try:
        result = questions.ask(store, question, lang)  # type: ignore[arg-type]  # an endpoint has the verbs of a store
    except NotFound:
        return []
    if isinstance(result, ox.QueryTriples):
        return sorted({tuple(map(str, (triple.subject, triple.predicate, triple.object))) for triple in result})
    return sorted(tuple(map(str, row)) for row in sparql.rows(result))


def compared(question: str, here: Sequence[Row], there: Sequence[Row]) -> Compared:
    """How two answers to a question differ."""
    only_here, only_there = _without(here, there), _without(there, here)
    return Compared(question, len(here), only_here, only_there, Counter(here) == Counter(there))


def _without(rows: Sequence[Row], others: Sequence[Row]) -> tuple[Row, ...]:
    """The rows beyond those that the others have too; a row counts as often as it stands there."""
    left, found = Counter(map(_comparable, others)), []
    for row in rows:
        left[_comparable(row)] -= 1
        if left[_comparable(row)] < 0:
            found.append(row)
    return tuple(found)


def _comparable(row: Row) -> Row:
    """The row without differences between engines: Virtuoso keeps points in single precision and true as 1."""
    return tuple(map(_value, row))


def _value(written: str) -> str:
    point = POINT.fullmatch(written)
    return NUMBER.sub(_single, point[1]) if point else TRUTH.get(written, written)


def _single(number: re.Match[str]) -> str:
    return str(c_float(float(number[0])).value)
