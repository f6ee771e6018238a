"""A release: its version and address, its files, and the datasets that it publishes.

The datasets have lasting identifiers. Each has a version of its own, which changes only with its files.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import quote

import pyoxigraph as ox

from kgraph.base.media import COMPRESSIONS, media_type
from kgraph.base.problems import fault
from kgraph.base.vocab import BASE, ONTOLOGY_GRAPH, short, term
from kgraph.errors import BadData
from kgraph.graph.statements import quality
from kgraph.graph.statements.quality import Quality
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value
from kgraph.rdf.terms import said

Texts = Mapping[str, str]
"""A text in each of its languages."""

FORMS = {"turtle": "ttl", "jsonld": "jsonld", "rdfxml": "rdf"}
"""The forms in which a release describes itself, and their suffixes."""

DATASET = term("id:dataset")
TABLES, NUMBERS = term("id:dataset-tables"), term("id:dataset-numbers")
ONTOLOGY = ox.NamedNode(f"{BASE}ns")
ONTOLOGY_DATASET = term("id:dataset-ontology")
"""The ontology as a dataset of portals, with all its files; `ONTOLOGY` is the vocabulary itself."""
PARTS = ("graph", "tables", "numbers", "ontology")
"""The parts of the data that are datasets for portals."""
CUBES = "sekg-numbers.ttl"
"""The file of the numbers by powiat and year."""
FEEDS = {"en": "feed.atom", "pl": "feed.pl.atom"}
"""The feed of releases for people, in each language."""
DEFAULT = ox.DefaultGraph()


@dataclass(frozen=True)
class Edition:
    """An earlier or the current release: version, day (ISO 8601), address, and the `parts` of the data that changed.

    `ontology` is the version of its ontology, empty if it is not known.
    """

    version: str
    issued: str
    base_url: str
    parts: tuple[str, ...] = ()
    ontology: str = ""

    def node(self, part: "Part") -> ox.NamedNode:
        """The IRI of the version of a part of the data, such as `release/1.0.0#dataset`."""
        return ox.NamedNode(f"{BASE}release/{self.version}#{short(part.node.value).partition(':')[2]}")


@dataclass(frozen=True)
class Description:
    """A release: version (SemVer), address of its folder with a final slash, day, contact, and earlier releases.

    `contact` is the mailto, http or https address for questions, corrections and removals. `endpoint` answers SPARQL
    over the data, `parts` are those that changed since the last release, `notes` are release notes by language,
    `ontology` is the version of the ontology.
    """

    version: str
    base_url: str
    issued: date
    contact: str
    earlier: tuple[Edition, ...] = ()
    endpoint: str | None = None
    parts: tuple[str, ...] = PARTS
    notes: tuple[tuple[str, str], ...] = ()
    ontology: str = ""

    def url(self, path: str) -> str:
        """The address of a file of the release."""
        return self.base_url + quote(path)

    @property
    def latest_url(self) -> str:
        """The address of the newest release: with `latest` for a last segment that is the version, else the same.

        >>> Description("1.0.0", "https://example.org/1.0.0/", date(2026, 1, 1), "mailto:a@example.org").latest_url
        'https://example.org/latest/'
        """
        parent = self.base_url.removesuffix(f"/{self.version}/")
        return self.base_url if parent == self.base_url else f"{parent}/latest/"

    @property
    def previous(self) -> str | None:
        """The version of the release before."""
        return self.earlier[-1].version if self.earlier else None

    @property
    def editions(self) -> tuple[Edition, ...]:
        """All releases, the current one last."""
        return (*self.earlier, Edition(self.version, self.issued.isoformat(), self.base_url, self.parts, self.ontology))

    def of(self, part: "Part") -> list[Edition]:
        """The releases in which a part of the data changed, the newest last: its versions."""
        return [edition for edition in self.editions if part.name in edition.parts]


@dataclass(frozen=True, order=True)
class File:
    """One file of a release: its path inside the folder, media type, size in bytes and SHA-256 in hexadecimal.

    `issued` is the day on which a release first had the path, `modified` the day on which its bytes last changed.
    """

    path: str
    media: str
    size: int
    sha256: str
    issued: str = ""
    modified: str = ""

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def is_compressed(self) -> bool:
        return any(self.media == known.media for known in COMPRESSIONS)

    @property
    def inner(self) -> str:
        """The media type of its content, once it is not compressed."""
        return media_type(self.path.rpartition(".")[0]) if self.is_compressed else self.media

    @property
    def package(self) -> str | None:
        """The part of the data that it packs whole, as a ZIP archive."""
        return next((name for name in ("tables", "ontology") if self.path == f"sekg-{name}.zip"), None)

    @property
    def part(self) -> str | None:
        """The part of the data that it carries, such as the graph; None for a page or another description."""
        if self.path == CUBES:
            return "numbers"
        folder = self.path.rpartition("/")[0].split("/")[0]
        if self.package or folder in ("tables", "ontology"):
            return self.package or folder
        return "graph" if self.is_change or (not folder and self.name.partition(".")[0] == "sekg") else None

    @property
    def is_change(self) -> bool:
        """Whether it has the triples that a release added or removed, or begins the stream of all changes."""
        return self.path in ("changes/added.nt", "changes/removed.nt", "feed.ttl")

    @property
    def is_whole(self) -> bool:
        """Whether it carries its part whole, and not one table or query of several."""
        return (
            self.part in ("graph", "numbers")
            or self.package is not None
            or self.path in ("tables/sekg.sqlite", "ontology/sekg.ttl")
        )

    def titles(self, part: "Part") -> Texts:
        """The title of a part of the data with the name of this file, in each language."""
        return {lang: f"{title} ({self.name})" for lang, title in part.titles.items()}


def file(path: str, content: bytes) -> File:
    """A file of a release as catalogues describe it."""
    return File(path, media_type(path), len(content), sha256(content).hexdigest())


def dated(new: File, before: Mapping[str, File], day: str, first: str = "") -> File:
    """A file with its days, given those of the release before, by path; `first` is the day of files without one."""
    old = before.get(new.path)
    if old is None:
        return replace(new, issued=day, modified=day)
    issued = old.issued or first
    return replace(new, issued=issued, modified=(old.modified or first) if old.sha256 == new.sha256 else day)


@dataclass(frozen=True)
class Part:
    """A part of the data that is a dataset for portals, by its name in `PARTS`; `node` is its lasting identifier."""

    name: str
    node: ox.NamedNode
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
    quality: Quality

    @property
    def whole(self) -> Part:
        return self.parts[0]

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    def keywords_in(self, lang: str) -> list[str]:
        """The keywords of a language."""
        return [word for own, word in self.keywords if own == lang]

    def with_files(self, files: Iterable[File]) -> list[tuple[Part, list[File]]]:
        """The parts of the data that have files, each with its own."""
        given = sorted(files)
        found = ((part, [file for file in given if file.part == part.name]) for part in self.parts)
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
        quality=quality.of(store),
    )


def ontology_version(store: ox.Store) -> str:
    """The version of the ontology in a graph, empty if there is none."""
    return texts(store, ONTOLOGY, "owl:versionInfo", ONTOLOGY_GRAPH).get("", "")


def _parts(store: ox.Store) -> Iterator[Part]:
    graphs: tuple[Graph, ...] = (DEFAULT, DEFAULT, DEFAULT, ONTOLOGY_GRAPH)
    for name, node, graph in zip(PARTS, (DATASET, TABLES, NUMBERS, ONTOLOGY), graphs, strict=True):
        titles, descriptions = (texts(store, node, f"dcterms:{kind}", graph) for kind in ("title", "description"))
        if not titles.keys() >= {"pl", "en"} <= descriptions.keys():
            raise BadData(fault("data-set-untitled", node=said(node)))
        yield Part(name, ONTOLOGY_DATASET if node == ONTOLOGY else node, titles, descriptions)


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
