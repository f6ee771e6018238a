"""The pipeline: sources, store, inference, shapes; a build is a folder that is replaced whole or not at all."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path

import pyoxigraph as ox

from kgraph import sources
from kgraph._version import __version__
from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.problems import Problem, problem
from kgraph.base.vocab import (
    CLAIMS_GRAPH,
    DERIVED_FROM,
    EDITORIAL_GRAPH,
    KINDS_GRAPH,
    OBJECT,
    ONTOLOGY_GRAPH,
    PREDICATE,
    STATED,
    SUBJECT,
)
from kgraph.build import consistency, shapes
from kgraph.build.shacl import NotCovered
from kgraph.graph import layout as layouts
from kgraph.graph import networks, search
from kgraph.rdf import inference, sparql
from kgraph.rdf.store import STORE, copy, fill, open_built, recover, replace
from kgraph.rdf.terms import Node, said
from kgraph.sources import Claim, SourceFile
from kgraph.sources.cache import (
    SOURCES,
    Reading,
    described_twice,
    digest,
    fact_lines,
    links,
    quad_lines,
    read_all,
    triple_line,
)

Step = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """What a build has: the size of the graph, and every faulty place (empty when all is well)."""

    facts: int
    inferred: int
    claims: int
    problems: tuple[Problem, ...]


def load(store: ox.Store, folders: Folders, step: Step = lambda _: None) -> list[SourceFile]:
    """Fill the store with ontology, kinds and every source; BadData at the first file that is not Turtle."""
    step("reading the ontology")
    fill(store, _fixed(folders))
    files = []
    for path in folders.sources():
        step(f"reading {path.name}")
        files.append(sources.read(path))
        fill(store, sources.quads(files[-1]))
    fill(store, sources.link(files)[0])
    return files


def _fixed(folders: Folders) -> Iterator[ox.Quad]:
    """What does not come from a source: the ontology, the kinds, what the curators say of the data set."""
    for path, name in (
        (folders.ontology / "sekg.ttl", ONTOLOGY_GRAPH),
        (folders.ontology / "kinds.ttl", KINDS_GRAPH),
        *((path, EDITORIAL_GRAPH) for path in folders.editorial()),
    ):
        yield from _in_graph(sources.parse(path), name)


def _in_graph(quads: list[ox.Quad], name: ox.NamedNode) -> Iterator[ox.Quad]:
    return (ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in quads)


def rules(folders: Folders) -> dict[str, str]:
    """The rules that OWL cannot say, by name; BadData for one that does not say what it rests on."""
    found = {f"rules/{path.stem}": paths.read_text(path) for path in paths.rules(folders.ontology)}
    for name, text in found.items():
        inference.construct(name, text)
    return found


def infer(store: ox.Store, folders: Folders, reasoner: str = "kgraph") -> int:
    """The closure under the ontology's axioms and rules; how many facts were inferred."""
    return inference.infer(store, rules(folders), reasoner=reasoner)


def problems(store: ox.Store, folders: Folders, files: list[SourceFile]) -> list[Problem]:
    """Everything that is wrong with the data, in a stable order; the store must hold the closure."""
    unread = [wrong for file in files for wrong in file.problems]
    heads = ((file.name, source) for file in files for source in file.sources)
    told = [*files, *map(sources.described, folders.editorial())]
    return sorted(
        {
            *unread,
            *sources.described_twice(heads),
            *sources.link(files)[1],
            *misplaced(folders),
            *undescribed(store),
            *shapes.problems(store, folders.ontology / "shapes.ttl", told),
        }
    )


def misplaced(folders: Folders) -> Iterator[Problem]:
    """Files of Turtle among the sources that would be passed over."""
    within = folders.data / "sources"
    turtle = {path for path in within.rglob("*") if path.suffix.lower() == ".ttl" and path.is_file()}
    for path in turtle - {*folders.sources()}:
        yield problem(path.relative_to(folders.data).as_posix(), "", "misplaced")


def undescribed(store: ox.Store) -> Iterator[Problem]:
    """What the description of the data lacks, so that no release could be made of it."""
    for node, name in sparql.named(store, "undescribed"):
        yield problem("dataset.ttl", said(node), "undescribed", property=said(name))


def validated(folders: Folders) -> tuple[ox.Store, list[Problem]]:
    """The whole graph in memory, inferred facts included, with everything that is wrong with it."""
    store = ox.Store()
    files = load(store, folders)
    infer(store, folders)
    return store, problems(store, folders, files)


def graph(folders: Folders, reasoner: str = "kgraph") -> ox.Store:
    """The whole graph in memory, inferred facts included, unvalidated."""
    store = ox.Store()
    load(store, folders)
    infer(store, folders, reasoner)
    return store


@dataclass(frozen=True)
class Recipe:
    """What a build is made with, apart from the sources."""

    folders: Folders
    reasoner: str = "kgraph"
    validator: str = "kgraph"
    records: bool = True
    layout: bool = False

    def shapes(self) -> Path:
        return self.folders.ontology / "shapes.ttl"

    def digest(self) -> str:
        """The same for builds that differ in their sources only."""
        ontology = sorted(path for path in self.folders.ontology.rglob("*") if path.suffix in (".ttl", ".rq"))
        used = [
            __version__,
            self.reasoner,
            str(self.records),
            str(self.layout),
            *map(digest, (*ontology, *self.folders.editorial())),
        ]
        return hashlib.sha256(" ".join(used).encode()).hexdigest()


def build(
    target: Path,
    folders: Folders,
    *,
    reasoner: str = "kgraph",
    validator: str = "kgraph",
    records: bool = True,
    layout: bool = False,
    step: Step = lambda _: None,
) -> Built:
    """Write the graph to the folder `target`: the store, the search index, and what was read of each source.

    The data is validated first; when it has problems nothing is written and the problems are returned. What an earlier
    build in `target` has read is not read again, and when sources were only added the rest of it is kept as well.
    `records` says for each inferred fact which rule gave it; without them a build is smaller and "why" works it out.
    `layout` adds where the explorer draws each thing.
    Raises BadData for a file that is not Turtle and CannotWrite when the folder cannot be written.
    """
    recipe = Recipe(folders, reasoner, validator, records, layout)
    recover(target)
    with suppress(_Anew):
        return _extended(target, recipe, step)
    return _whole(target, recipe, step)


class _Anew(Exception):
    """There is no earlier build that can be added to."""


class _Faulty(Exception):
    """What is being built has problems."""


MANIFEST = "build.json"
"""The name of the file in a build folder that says what it was built from."""


@dataclass(frozen=True)
class _Manifest:
    """What a build was made of, and what came out."""

    recipe: str
    sources: dict[str, str]
    facts: int
    inferred: int
    claims: int


def _manifest(recipe: Recipe, digests: Mapping[Path, str], readings: Sequence[Reading], inferred: int) -> _Manifest:
    stated: set[int] = set().union(*(reading.stated for reading in readings))
    by_name = {path.name: name for path, name in digests.items()}
    return _Manifest(recipe.digest(), by_name, len(stated), inferred, sum(reading.claims for reading in readings))


def _write_manifest(folder: Path, manifest: _Manifest) -> None:
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")


def _whole(target: Path, recipe: Recipe, step: Step) -> Built:
    made: list[Built] = []

    def write(folder: Path) -> None:
        made.append(_make(folder, target, recipe, step))
        if made[0].problems:
            raise _Faulty
        step(f"writing {target}")

    with suppress(_Faulty):
        replace(target, write)
    return made[0]


def _make(folder: Path, earlier: Path, recipe: Recipe, step: Step) -> Built:
    """Everything from the sources on; what is wrong is returned, and then the folder is of no use."""
    constructs = rules(recipe.folders)
    digests = {path: digest(path) for path in recipe.folders.sources()}
    readings = read_all(digests, folder / SOURCES, earlier / SOURCES, step)
    step("storing what was read")
    store, fixed = ox.Store(str(folder / STORE)), list(_fixed(recipe.folders))
    fill(store, fixed)
    _fill_with_lines(store, quad_lines(readings))
    linked, unlinked = links(readings, partial(_claims_of, store))
    fill(store, linked)
    step("validating")
    where = cache(partial(_files, recipe.folders))
    found = {*unlinked, *(wrong for reading in readings for wrong in reading.problems)}
    found |= {*described_twice(readings), *misplaced(recipe.folders), *undescribed(store)}
    aside = [f"{quad.triple} .\n".encode() for quad in fixed if quad.graph_name != ONTOLOGY_GRAPH]
    lines = _asserted(readings, aside, linked)
    found |= set(shapes.misstated(store, lines, recipe.shapes(), where, recipe.validator))
    step("inferring")
    inferred = inference.infer(
        store,
        constructs,
        reasoner=recipe.reasoner,
        records=recipe.records,
        lines=chain(aside, fact_lines(readings)),
    )
    step("checking")
    found |= set(consistency.inconsistencies(store, where))
    manifest = _manifest(recipe, digests, readings, inferred)
    if not found:
        step("indexing names")
        search.write(store, folder)
        if recipe.layout:
            step("laying out the network")
            _lay_out(store, folder)
        _write_manifest(folder, manifest)
        store.flush()
    return Built(manifest.facts, inferred, manifest.claims, tuple(sorted(found)))


def _files(folders: Folders) -> consistency.Files:
    """Which file says what."""
    told = (*map(sources.read, folders.sources()), *map(sources.described, folders.editorial()))
    return consistency.files_of(told)


def _lay_out(store: ox.Store, folder: Path) -> None:
    """Write where the explorer draws each thing."""
    layouts.write(networks.whole(store), {node.iri for node in networks.overview(store).nodes}, folder)


def _asserted(readings: Iterable[Reading], aside: Iterable[bytes], linked: Iterable[ox.Quad]) -> Iterator[bytes]:
    """Everything that is asserted, as lines of N-Triples."""
    links = (f"{quad.triple} .\n".encode() for quad in linked)
    return chain(map(triple_line, quad_lines(readings)), aside, links)


AT_ONCE = 200_000
"""Lines that are loaded into the store at once."""


def _fill_with_lines(store: ox.Store, lines: Iterable[bytes]) -> None:
    """The same as `fill`, for the lines of an N-Quads file, none of them the ontology's."""
    lines = iter(lines)
    while some := list(islice(lines, AT_ONCE)):
        quads = b"".join(chain(some, map(triple_line, some)))
        store.bulk_load(quads, format=ox.RdfFormat.N_QUADS, lenient=True)


def _claims_of(store: ox.Store, triple: ox.Triple) -> list[Claim]:
    """Every claim of a triple."""
    about = store.quads_for_pattern(None, SUBJECT, triple.subject, CLAIMS_GRAPH)
    claims = [quad.subject for quad in about if _says(store, quad.subject, triple)]
    found = (
        quad.object for claim in claims for quad in store.quads_for_pattern(claim, DERIVED_FROM, None, CLAIMS_GRAPH)
    )
    return [Claim(source, triple, STATED) for source in found if isinstance(source, ox.NamedNode)]


def _says(store: ox.Store, claim: Node, triple: ox.Triple) -> bool:
    return all(
        ox.Quad(claim, predicate, value, CLAIMS_GRAPH) in store
        for predicate, value in ((PREDICATE, triple.predicate), (OBJECT, triple.object))
    )


def _extended(target: Path, recipe: Recipe, step: Step) -> Built:
    """The earlier build with the sources that it has not; _Anew unless that is all that differs."""
    digests = {path: digest(path) for path in recipe.folders.sources()}
    earlier = _earlier(target)
    added = {path for path, name in digests.items() if earlier.sources.get(path.name) != name}
    kept = {path.name: name for path, name in digests.items() if path not in added}
    if kept != earlier.sources or earlier.recipe != recipe.digest() or recipe.validator != "kgraph":
        raise _Anew
    if any(misplaced(recipe.folders)):
        raise _Anew
    built = [earlier]
    if added:
        replace(target, lambda folder: built.append(_add(folder, target, recipe, digests, added, earlier, step)))
    return Built(built[-1].facts, built[-1].inferred, built[-1].claims, ())


def _earlier(target: Path) -> _Manifest:
    try:
        return _Manifest(**json.loads((target / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _Anew from error


def _add(
    folder: Path,
    target: Path,
    recipe: Recipe,
    digests: Mapping[Path, str],
    added: set[Path],
    earlier: _Manifest,
    step: Step,
) -> _Manifest:
    """Copy the earlier build and add some sources; _Anew when anything is wrong, so that all of it is said."""
    copy(target, folder)
    readings = read_all(digests, folder / SOURCES, folder / SOURCES, step)
    new = [reading for reading, path in zip(readings, digests, strict=True) if path in added]
    store, before = ox.Store(str(folder / STORE)), open_built(target)
    _fill_with_lines(store, quad_lines(new))
    linked, unlinked = links(readings, partial(_claims_of, store))
    relinked = [quad for quad in linked if quad not in before]
    fill(store, relinked)
    lines = list(_asserted(new, (), relinked))
    wrong = [*unlinked, *described_twice(readings), *undescribed(store)]
    wrong += [found for reading in new for found in reading.problems]
    grown = None if wrong else _grown(store, before, recipe, new, lines, step)
    if grown is None:
        del store, before  # closed before their folder is cleared away
        raise _Anew
    step("indexing names")
    search.add(store, folder, sorted({*_subjects(lines), *grown.about}, key=str))
    if recipe.layout:
        step("laying out the network")
        _lay_out(store, folder)
    manifest = _manifest(recipe, digests, readings, earlier.inferred + grown.more)
    _write_manifest(folder, manifest)
    store.flush()
    return manifest


def _grown(
    store: ox.Store, before: ox.Store, recipe: Recipe, new: Iterable[Reading], lines: list[bytes], step: Step
) -> inference.Extension | None:
    """What was inferred from added sources; None when they take something back or something is wrong."""
    step("inferring")
    try:
        facts = list(fact_lines(new))
        grown = inference.extend(store, before, facts, rules(recipe.folders), told=lines, records=recipe.records)
        step("validating")
        return None if shapes.problems_near(store, recipe.shapes(), lines, grown.about) else grown
    except (inference.TakesBack, NotCovered):
        return None


def _subjects(lines: Iterable[bytes]) -> list[ox.NamedNode]:
    """The things that some lines of N-Triples are about."""
    names = {line.partition(b" ")[0] for line in lines}
    return [ox.NamedNode(name[1:-1].decode()) for name in sorted(names) if name.startswith(b"<")]
