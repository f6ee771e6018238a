"""The pipeline: read, store, link, validate, infer, check, keep; in memory, in a folder, or added to an earlier build.

A build is a folder, `out`, that is replaced whole or not at all: it is written in a fresh folder beside it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path

import pyoxigraph as ox

from kgraph import sources
from kgraph._version import __version__
from kgraph.base import paths, vocab
from kgraph.base.paths import Folders
from kgraph.base.problems import Problem, problem
from kgraph.base.vocab import term
from kgraph.build import consistency, shapes
from kgraph.build.shacl import NotCovered
from kgraph.graph import layout as layouts
from kgraph.graph import networks, search
from kgraph.rdf import encoding, inference, sparql
from kgraph.rdf.encoding import Facts
from kgraph.rdf.store import STORE, copy, fill, open_built, recover, replace
from kgraph.rdf.terms import said
from kgraph.sources.cache import SOURCES, Reading, digest, read_all, read_in_memory

Step = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """What a build has: the size of the graph, and every faulty place (empty when all is well)."""

    facts: int
    inferred: int
    claims: int
    problems: tuple[Problem, ...] = ()


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
        """A hash of all that a build depends on, apart from its sources and its validator."""
        ontology = sorted(path for path in self.folders.ontology.rglob("*") if path.suffix in (".ttl", ".rq"))
        files = map(digest, (*ontology, *self.folders.editorial()))
        used = [__version__, self.reasoner, str(self.records), str(self.layout), *files]
        return hashlib.sha256(" ".join(used).encode()).hexdigest()


# What can be made


def graph(folders: Folders, reasoner: str = "kgraph") -> ox.Store:
    """The whole graph in memory, inferred facts included, unvalidated; BadData for a file that is not Turtle."""
    store = ox.Store()
    _fill(store, Recipe(folders, reasoner), read_in_memory(folders.sources()), checked=False)
    return store


def validated(folders: Folders, step: Step = lambda _: None) -> tuple[ox.Store, list[Problem]]:
    """The whole graph in memory, inferred facts included, with everything that is wrong with it, in a stable order."""
    store = ox.Store()
    built = _fill(store, Recipe(folders), read_in_memory(folders.sources(), step), step)
    return store, list(built.problems)


def build(
    out: Path,
    folders: Folders,
    *,
    reasoner: str = "kgraph",
    validator: str = "kgraph",
    records: bool = True,
    layout: bool = False,
    step: Step = lambda _: None,
) -> Built:
    """Write the graph to the folder `out`: the store, the search index, and what was read of each source.

    The data is validated first; when it has problems nothing is written and the problems are returned. What an earlier
    build in `out` has read is not read again, and when sources were only added the rest of it is kept as well.
    `records` says for each inferred fact which rule gave it; without them a build is smaller and "why" works it out.
    `layout` adds where the explorer draws each thing.
    Raises BadData for a file that is not Turtle and CannotWrite when the folder cannot be written.
    """
    recipe = Recipe(folders, reasoner, validator, records, layout)
    job = _Job(out, recipe, {path: digest(path) for path in folders.sources()}, step)
    recover(out)
    try:
        earlier = _manifest(out)
        added = _added(earlier, job)
        return replace(out, partial(_grow, job, earlier.built, added)) if added else earlier.built
    except _Anew:
        pass
    try:
        return replace(out, partial(_make, job))
    except _Faulty as faulty:
        return faulty.built


@dataclass(frozen=True)
class _Job:
    """A build to write: into which folder, what with, and of which source files, each with its digest."""

    out: Path
    recipe: Recipe
    digests: Mapping[Path, str]
    step: Step


class _Anew(Exception):
    """There is no earlier build that can be added to."""


class _Faulty(Exception):
    """What is being built has problems."""

    def __init__(self, built: Built) -> None:
        super().__init__()
        self.built = built


def _make(job: _Job, fresh: Path) -> Built:
    """Everything from the sources on into a fresh folder; _Faulty when something is wrong."""
    readings = read_all(job.digests, fresh / SOURCES, job.out / SOURCES, job.step)
    store = ox.Store(str(fresh / STORE))
    built = _fill(store, job.recipe, readings, job.step)
    if built.problems:
        del store  # closed before its folder is cleared away
        raise _Faulty(built)
    job.step("indexing names")
    search.save(store, fresh)
    _keep(job, store, fresh, built)
    return built


def _grow(job: _Job, earlier: Built, added: set[Path], fresh: Path) -> Built:
    """The earlier build with more sources into a fresh folder; _Anew when anything is wrong, so that all is said."""
    copy(job.out, fresh)
    readings = read_all(job.digests, fresh / SOURCES, fresh / SOURCES, job.step)
    new = [reading for reading, path in zip(readings, job.digests, strict=True) if path in added]
    store, before = ox.Store(str(fresh / STORE)), open_built(job.out)
    grown = _add(store, before, job.recipe, readings, new, job.step)
    if grown is None:
        del store, before  # closed before their folder is cleared away
        raise _Anew
    more, about = grown
    job.step("indexing names")
    search.add(store, fresh, about)
    built = Built(earlier.facts + more.facts, earlier.inferred + more.inferred, earlier.claims + more.claims)
    _keep(job, store, fresh, built)
    return built


def _keep(job: _Job, store: ox.Store, fresh: Path, built: Built) -> None:
    """Write what stands beside the store: where things are drawn, and what the build was made of."""
    if job.recipe.layout:
        job.step("laying out the network")
        layouts.save(networks.whole(store), {node.iri for node in networks.overview(store).nodes}, fresh)
    sources = {path.name: name for path, name in job.digests.items()}
    manifest = asdict(_Manifest(job.recipe.digest(), sources, built))
    (fresh / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    store.flush()
    job.step(f"writing {job.out}")


MANIFEST = "build.json"
"""The name of the file in a build folder that says what it was built from."""


@dataclass(frozen=True)
class _Manifest:
    """What a build was made of, and what came out."""

    recipe: str
    sources: Mapping[str, str]
    built: Built


def _manifest(out: Path) -> _Manifest:
    """What an earlier build says of itself; _Anew when there is none."""
    try:
        known = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return _Manifest(known["recipe"], known["sources"], Built(**known["built"] | {"problems": ()}))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _Anew from error


def _added(earlier: _Manifest, job: _Job) -> set[Path]:
    """The sources that the earlier build has not; _Anew unless that is all that differs."""
    added = {path for path, name in job.digests.items() if earlier.sources.get(path.name) != name}
    kept = {path.name: name for path, name in job.digests.items() if path not in added}
    if (kept, job.recipe.digest(), job.recipe.validator) != (earlier.sources, earlier.recipe, "kgraph"):
        raise _Anew
    if any(misplaced(job.recipe.folders)):
        raise _Anew
    return added


# The steps


def _fill(
    store: ox.Store,
    recipe: Recipe,
    readings: Sequence[Reading],
    step: Step = lambda _: None,
    *,
    checked: bool = True,
) -> Built:
    """Fill an empty store with all that the sources give; what is wrong is returned."""
    constructs = rules(recipe.folders)
    step("storing what was read")
    fixed = _fixed(recipe.folders)
    fill(store, chain.from_iterable(fixed.values()))
    told = _stored(store, chain.from_iterable(reading.lines() for reading in readings))
    facts = sum(keys.size for keys in told.facts.keys.values())
    told.note(chain.from_iterable(fixed.values()))
    found = _linked(store, told, readings)
    where = cache(partial(_files, readings, fixed))
    if checked:
        step("validating")
        found |= _unfit(store, recipe, readings, readings)
        found |= {*shapes.misstated(store, told.all(), recipe.shapes(), where, recipe.validator)}
    step("inferring")
    inferred = inference.infer(
        store, constructs, reasoner=recipe.reasoner, records=recipe.records, facts=told.of_the_domain()
    )
    if checked:
        step("checking")
        found |= {*consistency.inconsistencies(store, where)}
    return Built(facts, inferred, sum(reading.claims for reading in readings), tuple(sorted(found)))


def _add(
    store: ox.Store,
    before: ox.Store,
    recipe: Recipe,
    readings: Sequence[Reading],
    new: Sequence[Reading],
    step: Step,
) -> tuple[Built, list[ox.NamedNode]] | None:
    """Add to a copy of what was `before`; how much came and of what, None for a fault or what takes something back."""
    step("storing what is new")
    lines = list(chain.from_iterable(reading.lines() for reading in new))
    facts = [_triple_line(line) for line in lines if not line.endswith(CLAIMS)]
    told = _stored(store, lines)
    if _linked(store, told, readings) | _unfit(store, recipe, readings, new):
        return None
    try:
        step("inferring")
        asserted = list(encoding.all_lines(told.all()))
        grown = inference.extend(store, before, facts, rules(recipe.folders), told=asserted, records=recipe.records)
        step("validating")
        if shapes.problems_near(store, recipe.shapes(), asserted, grown.about):
            return None
    except (inference.TakesBack, NotCovered):
        return None
    more = Built(_unstated(before, told.facts), grown.more, sum(reading.claims for reading in new))
    named = _subjects(encoding.all_lines(told.of_the_domain()))  # a claim has no name
    return more, sorted(named | grown.about, key=str)


CLAIMS, EDITORIAL = (f" {name} .\n".encode() for name in (vocab.CLAIMS_GRAPH, vocab.EDITORIAL_GRAPH))
"""How the lines of N-Quads end that say no facts."""

AT_ONCE = 200_000
"""Lines that are loaded into the store at once."""


class _Told:
    """What is asserted, as arrays with common numbers: facts, what curators say beside them, and claims."""

    def __init__(self) -> None:
        self.facts = Facts()
        self.beside, self.claims = (Facts(self.facts.numbers) for _ in range(2))

    def note(self, quads: Iterable[ox.Quad]) -> None:
        """Add what does not come from a source, but for the ontology."""
        lines = [
            (quad.graph_name == vocab.CLAIMS_GRAPH, encoding.line(quad.triple))
            for quad in quads
            if quad.graph_name != vocab.ONTOLOGY_GRAPH
        ]
        encoding.read(self.claims, (line for is_claim, line in lines if is_claim))
        encoding.read(self.beside, (line for is_claim, line in lines if not is_claim))

    def of_the_domain(self) -> Facts:
        """All that may be inferred from."""
        return encoding.union(self.facts, self.beside)

    def all(self) -> Facts:
        return encoding.union(self.facts, self.beside, self.claims)


def _stored(store: ox.Store, lines: Iterable[bytes]) -> _Told:
    """Put lines of N-Quads, none of them the ontology's, into the store; what they say is read on the way."""
    told = _Told()
    parts = (told.facts, told.beside, told.claims)
    found: list[encoding.Numbered | None] = [None, None, None]
    lines = iter(lines)
    while some := list(islice(lines, AT_ONCE)):
        triples = [_triple_line(line) for line in some]
        store.bulk_load(b"".join(chain(some, triples)), format=ox.RdfFormat.N_QUADS, lenient=True)
        kinds = [2 if line.endswith(CLAIMS) else 1 if line.endswith(EDITORIAL) else 0 for line in some]
        for kind, part in enumerate(parts):
            mine = (triple for triple, other in zip(triples, kinds, strict=True) if other == kind)
            found[kind] = encoding.number(part, mine, found[kind])
    for part, numbered in zip(parts, found, strict=True):
        encoding.settle(part, numbered or {})
    return told


def _triple_line(line: bytes) -> bytes:
    """A line of N-Quads without its graph."""
    return line[: line.rindex(b" <")] + b" .\n"


def _fixed(folders: Folders) -> dict[str, list[ox.Quad]]:
    """What does not come from a source, by file: the ontology, the kinds, what the curators say of the data set."""
    files = dict.fromkeys(folders.ontologies(), vocab.ONTOLOGY_GRAPH) | {
        folders.ontology / "kinds.ttl": vocab.KINDS_GRAPH
    }
    files |= dict.fromkeys(folders.editorial(), vocab.EDITORIAL_GRAPH)
    return {
        path.name: [ox.Quad(q.subject, q.predicate, q.object, name) for q in sources.parse(path)]
        for path, name in files.items()
    }


def rules(folders: Folders) -> dict[str, str]:
    """The rules that OWL cannot say, by name; BadData for one that does not say what it rests on."""
    found = {f"rules/{path.stem}": paths.read_text(path) for path in paths.rules(folders.ontology)}
    for name, text in found.items():
        inference.construct(name, text)
    return found


def _linked(store: ox.Store, told: _Told, readings: Iterable[Reading]) -> set[Problem]:
    """Link the claims of all sources; links that lead nowhere are returned."""
    links = ((reading.name, link) for reading in readings for link in reading.links)
    linked, lost = sources.link(links, partial(_claiming, store))
    new = [quad for quad in linked if quad not in store]
    fill(store, new)
    told.note(new)
    return set(lost)


def _claiming(store: ox.Store, triple: ox.Triple) -> Iterator[ox.NamedNode]:
    """The sources that claim a triple."""
    parts = ((vocab.PREDICATE, triple.predicate), (vocab.OBJECT, triple.object))
    for about in store.quads_for_pattern(None, vocab.SUBJECT, triple.subject, vocab.CLAIMS_GRAPH):
        if all(ox.Quad(about.subject, name, part, vocab.CLAIMS_GRAPH) in store for name, part in parts):
            for quad in store.quads_for_pattern(about.subject, vocab.DERIVED_FROM, None, vocab.CLAIMS_GRAPH):
                assert isinstance(quad.object, ox.NamedNode)
                yield quad.object


def _files(readings: Iterable[Reading], fixed: Mapping[str, Iterable[ox.Quad]]) -> consistency.Files:
    """Which file says what."""
    parsed = ((each.name, ox.parse(b"".join(each.lines()), ox.RdfFormat.N_QUADS)) for each in readings)
    return consistency.files_of(chain(parsed, fixed.items()))


def _unfit(store: ox.Store, recipe: Recipe, readings: Iterable[Reading], new: Iterable[Reading]) -> set[Problem]:
    """What is wrong with files, as far as it shows without the graph, and with the description of the data."""
    heads = ((reading.name, source) for reading in readings for source in reading.sources)
    unread = (found for reading in new for found in reading.problems)
    return {*unread, *sources.described_twice(heads), *misplaced(recipe.folders), *undescribed(store)}


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


def _unstated(before: ox.Store, facts: Facts) -> int:
    """How many facts no source of an earlier build states."""
    beside = (ox.DefaultGraph(), *(term(f"graph:{name}") for name in ("claims", "editorial", "inferred", "kinds")))
    quads = ox.parse(b"".join(encoding.all_lines(facts)), ox.RdfFormat.N_TRIPLES)
    stated = (before.quads_for_pattern(quad.subject, quad.predicate, quad.object, None) for quad in quads)
    return sum(all(quad.graph_name in beside for quad in found) for found in stated)


def _subjects(lines: Iterable[bytes]) -> set[ox.NamedNode]:
    """The things that some lines of N-Triples are about."""
    names = {line.partition(b" ")[0] for line in lines}
    return {ox.NamedNode(name[1:-1].decode()) for name in names if name.startswith(b"<")}
