"""A release: its version and address, its files, and the data set that it publishes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import quote

import pyoxigraph as ox

from kgraph.base.media import media_type
from kgraph.base.problems import fault
from kgraph.base.vocab import BASE, ONTOLOGY_GRAPH, term
from kgraph.errors import BadData
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value
from kgraph.rdf.terms import said

Texts = Mapping[str, str]
"""A text in each of its languages."""

DATASET = term("id:dataset")
TABLES = term("id:dataset-tables")
ONTOLOGY = ox.NamedNode(f"{BASE}ns")
DEFAULT = ox.DefaultGraph()


@dataclass(frozen=True)
class Edition:
    """A published release: version, address of its folder with a final slash, version of its ontology if known."""

    version: str
    base_url: str
    ontology: str = ""


@dataclass(frozen=True)
class Description:
    """A release: version (SemVer), address of its folder with a final slash, day, and the release before.

    `endpoint` answers SPARQL over the data; `contact` is the page for questions; `notes` are release notes by language;
    `earlier` are the releases before, the newest first.
    """

    version: str
    base_url: str
    issued: date
    previous: str | None = None
    previous_url: str | None = None
    endpoint: str | None = None
    contact: str | None = None
    notes: tuple[tuple[str, str], ...] = ()
    earlier: tuple[Edition, ...] = ()

    def url(self, path: str) -> str:
        """The address of a file of the release."""
        return self.base_url + quote(path)


@dataclass(frozen=True, order=True)
class File:
    """One file of a release: its path inside the folder, media type, size in bytes and SHA-256 in hexadecimal."""

    path: str
    media: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def part(self) -> str | None:
        """The part of the data that it carries: graph, tables or ontology; None for a page or another description."""
        folder = self.path.rpartition("/")[0].split("/")[0]
        if folder in ("tables", "ontology"):
            return folder
        return "graph" if not folder and PurePosixPath(self.path).stem == "sekg" else None

    def titles(self, part: "Part") -> Texts:
        """The title of a part of the data with the name of this file, in each language."""
        return {lang: f"{title} ({self.name})" for lang, title in part.titles.items()}


def file(path: str, content: bytes) -> File:
    """A file of a release as catalogues describe it."""
    return File(path, media_type(path), len(content), sha256(content).hexdigest())


@dataclass(frozen=True)
class Part:
    """A part of the data that is a dataset for portals: graph, tables or ontology."""

    name: str
    titles: Texts
    descriptions: Texts


@dataclass(frozen=True)
class Dataset:
    """The data set as its graph describes it; `begin` and `end` are the first and the last day of its facts."""

    parts: tuple[Part, ...]
    keywords: tuple[tuple[str, str], ...]
    themes: tuple[str, ...]
    spatial: str
    frequency: str
    access: str
    rights: Texts
    licence: str
    publisher: str
    publisher_names: Texts
    sources: tuple[str, ...]
    begin: str | None
    end: str | None

    @property
    def whole(self) -> Part:
        return self.parts[0]

    def with_files(self, files: Sequence[File]) -> list[tuple[Part, list[File]]]:
        """The parts of the data that have files, each with its own."""
        found = ((part, [file for file in files if file.part == part.name]) for part in self.parts)
        return [(part, own) for part, own in found if own]


def dataset(store: ox.Store) -> Dataset:
    """The data set that a graph describes; BadData when a property that every portal asks for is missing."""
    publisher = ox.NamedNode(_one(store, "dcterms:publisher"))
    days = [day.value for (day,) in sparql.named(store, "days")]
    return Dataset(
        parts=tuple(_parts(store)),
        keywords=tuple(sorted(_literals(_values(store, DATASET, "dcat:keyword")))),
        themes=tuple(value.value for value in _values(store, DATASET, "dcat:theme")),
        spatial=_one(store, "dcterms:spatial"),
        frequency=_one(store, "dcterms:accrualPeriodicity"),
        access=_one(store, "dcterms:accessRights"),
        rights=texts(store, DATASET, "dcterms:rights", DEFAULT),
        licence=_one(store, "dcterms:license"),
        publisher=publisher.value,
        publisher_names=texts(store, publisher, "skos:prefLabel", DEFAULT),
        sources=tuple(source.value for (source,) in sparql.named(store, "cited-sources")),
        begin=days[0] if days else None,
        end=days[-1] if days else None,
    )


def edition(store: ox.Store, release: Description) -> Edition:
    """A release with the version of the ontology in its graph."""
    versions = texts(store, ONTOLOGY, "owl:versionInfo", ONTOLOGY_GRAPH)
    return Edition(release.version, release.base_url, versions.get("", ""))


def _parts(store: ox.Store) -> Iterator[Part]:
    for name, node, graph in (
        ("graph", DATASET, DEFAULT),
        ("tables", TABLES, DEFAULT),
        ("ontology", ONTOLOGY, ONTOLOGY_GRAPH),
    ):
        titles, descriptions = (texts(store, node, f"dcterms:{kind}", graph) for kind in ("title", "description"))
        if not titles.keys() >= {"pl", "en"} <= descriptions.keys():
            raise BadData(fault("data-set-untitled", node=said(node)))
        yield Part(name, titles, descriptions)


Graph = ox.NamedNode | ox.DefaultGraph


def texts(store: ox.Store, node: ox.NamedNode, name: str, graph: Graph | None = None) -> dict[str, str]:
    """The values of a property by language, the empty string for none, in one graph or in all."""
    return dict(_literals(_values(store, node, name, graph)))


def _values(store: ox.Store, node: ox.NamedNode, name: str, graph: Graph | None = DEFAULT) -> list[Value]:
    quads = store.quads_for_pattern(node, term(name), None, graph)
    return sorted((quad.object for quad in quads), key=str)  # type: ignore[misc]


def _one(store: ox.Store, name: str) -> str:
    values = _values(store, DATASET, name)
    if len(values) != 1:
        raise BadData(fault("data-set-not-one", node=said(DATASET), number=len(values), property=name))
    return values[0].value


def _literals(values: Iterable[Value]) -> Iterator[tuple[str, str]]:
    return ((value.language or "", value.value) for value in values if isinstance(value, ox.Literal))
