"""The pipeline: sources, store, inference, shapes; a build is a folder that is replaced whole or not at all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kgraph import inference, resources, search, shapes, sources
from kgraph.errors import Problem
from kgraph.resources import Folders
from kgraph.sources import SourceFile
from kgraph.store import STORE, fill, replace
from kgraph.vocab import EDITORIAL_GRAPH, KINDS_GRAPH, ONTOLOGY_GRAPH, STATED

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
    for path, name in (
        (folders.ontology / "sekg.ttl", ONTOLOGY_GRAPH),
        (folders.ontology / "kinds.ttl", KINDS_GRAPH),
        *((path, EDITORIAL_GRAPH) for path in folders.editorial()),
    ):
        fill(store, _in_graph(sources.parse(path), name))
    files = []
    for path in folders.sources():
        step(f"reading {path.name}")
        files.append(sources.read(path))
        fill(store, sources.quads(files[-1]))
    fill(store, sources.link(files)[0])
    return files


def _in_graph(quads: list[ox.Quad], name: ox.NamedNode) -> Iterator[ox.Quad]:
    return (ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in quads)


def rules(folders: Folders) -> dict[str, str]:
    """The rules that OWL cannot say, by name."""
    return {f"rules/{path.stem}": resources.read_text(path) for path in resources.rules(folders.ontology)}


def infer(store: ox.Store, folders: Folders, reasoner: str = "kgraph") -> int:
    """The closure under the ontology's axioms and rules; how many facts were inferred."""
    return inference.infer(store, rules(folders), reasoner=reasoner)


def problems(store: ox.Store, folders: Folders, files: list[SourceFile], lang: str = "en") -> list[Problem]:
    """Everything that is wrong with the data, in a stable order; the store must hold the closure."""
    unread = [problem for file in files for problem in file.problems]
    return sorted(
        {*unread, *sources.link(files)[1], *shapes.problems(store, folders.ontology / "shapes.ttl", files, lang)}
    )


def graph(folders: Folders, reasoner: str = "kgraph") -> ox.Store:
    """The whole graph in memory, inferred facts included, unvalidated."""
    store = ox.Store()
    load(store, folders)
    infer(store, folders, reasoner)
    return store


def build(
    target: Path, folders: Folders, *, reasoner: str = "kgraph", lang: str = "en", step: Step = lambda _: None
) -> Built:
    """Write the graph to the folder `target`: the store and the search index.

    The data is validated first; when it has problems nothing is written and the problems are returned.
    Raises BadData for a file that is not Turtle and CannotWrite when the folder cannot be written.
    """
    store = ox.Store()
    files = load(store, folders, step)
    step("inferring")
    inferred = infer(store, folders, reasoner)
    step("validating")
    found = problems(store, folders, files, lang)
    if not found:
        step(f"writing {target}")
        replace(target, lambda folder: _write(store, folder))
    claims = [claim for file in files for claim in file.claims]
    stated = {claim.triple for claim in claims if claim.status == STATED}
    return Built(len(stated), inferred, len(claims), tuple(found))


def _write(store: ox.Store, folder: Path) -> None:
    on_disk = ox.Store(str(folder / STORE))
    on_disk.bulk_extend(store)
    on_disk.flush()
    search.write(store, folder)
