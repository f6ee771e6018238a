"""Writing a release: one folder for portals, search engines and people; equal data gives equal bytes."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import replace as replaced
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from kgraph import publish
from kgraph.base.paths import Folders
from kgraph.base.problems import Problem
from kgraph.base.vocab import BASE, EDITORIAL_GRAPH, PREFIXES, term
from kgraph.base.words import LANGUAGES
from kgraph.build import drafts, pipeline
from kgraph.build.pipeline import Step
from kgraph.errors import BadQuery, CannotWrite
from kgraph.evidence.turtle import parse
from kgraph.graph.faceting import facets, indicators
from kgraph.publish.feeds import atom, events, stream
from kgraph.publish.feeds.events import Event, Objects
from kgraph.publish.formats import cube
from kgraph.publish.formats.graphml import graphml
from kgraph.publish.formats.monolingual import monolingual
from kgraph.publish.formats.package import compressed, package
from kgraph.publish.formats.serialize import canonical_hash
from kgraph.publish.formats.tables import METADATA, tables
from kgraph.publish.formats.template import serialize
from kgraph.publish.metadata import catalogue, citation, harvest, hosting, void
from kgraph.publish.metadata.description import (
    CUBES,
    FORMS,
    PARTS,
    Dataset,
    Description,
    Edition,
    File,
    dataset,
    ontology_version,
)
from kgraph.publish.pages import Site
from kgraph.publish.pages.book import book_of
from kgraph.publish.pages.removed import REMOVED_IN
from kgraph.publish.pages.shards import shards
from kgraph.publish.release import difference, signing, site, verify
from kgraph.publish.release.difference import Triples
from kgraph.publish.release.removed import HEADING, is_thing, removed, tombstones
from kgraph.publish.release.site import Folder, Published
from kgraph.publish.release.workers import sharing
from kgraph.rdf.endpoint import address, is_address
from kgraph.rdf.store import fill, must_be_new, replace

NUMBER = r"(?:0|[1-9]\d*)"
PRE = rf"(?:{NUMBER}|\d*[A-Za-z-][0-9A-Za-z-]*)"
VERSION = re.compile(rf"({NUMBER})\.({NUMBER})\.({NUMBER})(?:-({PRE}(?:\.{PRE})*))?")
"""A version, perhaps a pre-release; build metadata does not tell releases apart (https://semver.org)."""
EDITION = re.compile(rb'versionInfo> "([^"]+)" \.\s*\Z')
"""The version at the end of a vocabulary."""
ADDRESS = re.compile(r"[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+")

SHAPES = ("shapes.ttl", "single-valued.ttl", "dcat-ap.ttl")
"""The files of shapes, with messages in both languages; a release also has each in one."""

HEADINGS = {"catalog": catalogue.HEADING, "versions": catalogue.VERSIONS, "void": void.HEADING}
PACKED = (".csv", "csv-metadata.json")
"""The ends of the files of tables that their package has."""
COMPRESSED = ("ttl", "nt")
"""The forms of the graph that are there compressed, too."""
VOCABULARIES = ("bridge.ttl", "kinds.ttl", "shapes.ttl", "single-valued.ttl")
"""The files of the ontology folder that get a version here; the ontology has its own."""


@dataclass(frozen=True)
class Released:
    """The faults that prevented a release, and the things that it is the first to lack."""

    problems: tuple[Problem, ...]
    vanished: tuple[str, ...] = ()


def describe(
    version: str, base_url: str, issued: date, contact: str, previous: Path | None = None, endpoint: str | None = None
) -> Description:
    """The description of a release; BadQuery for a malformed version or address, CannotWrite for no new version."""
    if not VERSION.fullmatch(version):
        raise BadQuery(f"{version!r} is not a version; give three numbers such as 1.0.0 (https://semver.org)")
    before = verify.manifest(previous) if previous else None
    if before and _order(before["version"]) >= _order(version):
        raise CannotWrite(f"{previous} is version {before['version']} already; give a higher version")
    asked, folder = address(endpoint) if endpoint is not None else None, site.folder_address(base_url)
    earlier = verify.editions(before) if before else ()
    return Description(version, folder, issued, _contact(contact), earlier, asked)


def _contact(given: str) -> str:
    """The address of a contact as an IRI; BadQuery when there is none."""
    mail = given.removeprefix("mailto:")
    if ADDRESS.fullmatch(mail):
        return f"mailto:{mail}"
    if is_address(given):
        return given
    said = (
        f"{given!r} is no address of a contact"
        if given
        else "a release needs a contact, whom people ask for corrections"
    )
    raise BadQuery(f"{said}; give --contact office@example.org or a page, or dcat:contactPoint in data/dataset.ttl")


def contact(folders: Folders, given: str | None = None) -> str:
    """The address for corrections and removals: the given one, else that in data/dataset.ttl, else an empty text."""
    return _editorial(folders, "dcat:contactPoint") if given is None else given


def _editorial(folders: Folders, name: str) -> str:
    """The first value of a property in data/dataset.ttl, empty if there is none."""
    found = (quad.object for quad in parse(folders.editorial()[0]) if quad.predicate == term(name))
    return next((value.value for value in found if isinstance(value, ox.Literal | ox.NamedNode)), "")


def day(folders: Folders, given: str | None = None) -> date:
    """The day of a release: the given one, else the modification date in data/dataset.ttl."""
    given = _editorial(folders, "dcterms:modified") if given is None else given
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise BadQuery(f"{given!r} is not a day; write --issued 2026-11-23") from error


def _order(version: str) -> tuple[object, ...]:
    """The precedence of a version (https://semver.org/#spec-item-11): a pre-release comes before its release.

    >>> sorted(["1.0.0", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0-1", "0.9.0"], key=_order)
    ['0.9.0', '1.0.0-1', '1.0.0-rc.2', '1.0.0-rc.10', '1.0.0']
    """
    numbers, _, pre = version.partition("-")
    parts = [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in pre.split(".")]
    return (*map(int, numbers.split(".")), not pre, parts)


def write(
    target: Path,
    folders: Folders,
    description: Description,
    previous: Path | None = None,
    *,
    rdf12: bool = False,
    key: signing.Key | None = None,
    step: Step = lambda _: None,
) -> Released:
    """Write the release to `target`, a new or empty folder, whole or not at all; on faults nothing is written.

    Its manifest is signed if a key is given.
    """
    must_be_new(target)
    if previous and (faults := verify.problems(previous, step=step)):
        return Released(tuple(faults))
    if unfinished := drafts.problems(folders):
        return Released(tuple(unfinished))
    store, faults = pipeline.validated(folders, step)
    if faults:
        return Released(tuple(faults))
    old = difference.read(previous) if previous else None
    gone = tombstones(old, frozenset(publish.default_graph(store)), description.version) if old else []
    fill(store, (ox.Quad(triple.subject, triple.predicate, triple.object, EDITORIAL_GRAPH) for triple in gone))
    if previous:
        before, is_changed = verify.manifest(previous)["issued"], old != frozenset(publish.default_graph(store))
        if faults := list(verify.days(before, description.issued.isoformat(), is_changed=is_changed)):
            return Released(tuple(faults))
    task = _Task(store, folders, description, previous, old, rdf12, key)
    replace(target, lambda folder: _write(folder, task, step))
    now = (REMOVED_IN, ox.Literal(description.version))
    vanished = (fact.subject for fact in gone if (fact.predicate, fact.object) == now)
    return Released((), tuple(str(thing) for thing in vanished if is_thing(thing)))


@dataclass(frozen=True)
class _Task:
    """What a release is written from: its graph, the folders it was read from, and the release before."""

    store: ox.Store
    folders: Folders
    description: Description
    previous: Path | None
    old: Triples | None
    rdf12: bool
    key: signing.Key | None


def _write(folder: Path, task: _Task, step: Step) -> None:
    step("writing the graph")
    day = task.description.issued.isoformat()
    before = verify.listed(verify.manifest(task.previous)) if task.previous else {}
    target = Folder(folder, day=day, before=before)
    with sharing(target, task) as early:
        beside = early(_put_beside, [None])
        book = book_of(task.store, task.folders, _site(task.description, ()))
        with site.begun(target, book) as each:
            [(published, written)] = beside
            target.files.extend(written)
            book.site = _site(published.release, (one.path for one in written))
            site.write(target, book, each, step, published)
    manifest = _manifest(target.files, published.release, task.old)
    target.put(verify.MANIFEST, manifest)
    if task.key:
        target.put(signing.FILE, signing.signed(manifest, task.key, task.description.issued))


def _put_beside(target: Folder, task: _Task, _: object) -> tuple[Published, list[File]]:
    """Write what a release has beside its site; what the site says of it, and what was written."""
    known = dataset(task.store)
    told, objects = _events(task)
    carried = dict(_carried(task, known)) | dict(_changes(task.store, task.description, task.old))
    carried |= stream.files(told, objects)
    files = [target.dated(path, content) for path, content in sorted(carried.items())]
    changed, version = _changed(files, target.before), ontology_version(task.store)
    description = replaced(task.description, parts=changed, ontology=version)
    beside = carried | dict(_described(task.store, known, description, files, carried))
    beside |= atom.files(told, objects, task.store, known, description)
    return Published(known, description, files), target.filled(beside.items())


def _events(task: _Task) -> tuple[list[Event], Objects]:
    """The latest event of each object of the graph, carried on from the release before, and the objects."""
    old, new = (events.objects(triples) for triples in (task.old or (), publish.default_graph(task.store)))
    before = stream.read(task.previous)[0] if task.previous else ()
    return events.latest(before, old, new, task.description.editions[-1]), new


def _site(description: Description, beside: Iterable[str]) -> Site:
    """The release for its pages, given the paths of its other files."""
    addresses = (address.rstrip("/") for address in (description.base_url, description.latest_url))
    base, latest = addresses
    files = (*beside, verify.MANIFEST)
    issued = description.issued.isoformat()
    return Site(base, description.version, issued, files, True, latest, description.contact, description.endpoint)


def _changed(files: Iterable[File], before: Mapping[str, File]) -> tuple[str, ...]:
    """The parts of the data whose files are not those of the release before."""

    def of(given: Iterable[File], part: str) -> set[tuple[str, str]]:
        return {(one.path, one.sha256) for one in given if one.part == part and not one.is_change}

    given = [*files]
    return tuple(part for part in PARTS if of(given, part) != of(before.values(), part))


def _carried(task: _Task, known: Dataset) -> Iterator[tuple[str, bytes]]:
    """The data: the graph in every form, its tables, numbers and network, and the ontology as its authors wrote it."""
    store = task.store
    for suffix, form in (("ttl", "turtle"), ("nt", "nt"), ("jsonld", "jsonld")):
        yield f"sekg.{suffix}", (content := publish.export(store, form))
        if suffix in COMPRESSED:
            yield from ((f"sekg.{suffix}.{form}", packed) for form, packed in compressed(content).items())
    yield "sekg.trig", publish.trig(store, ontology=True)
    yield "sekg.graphml", graphml(store)
    numbers = indicators.indicators(store, facets.dates(store))
    yield CUBES, publish.turtle(cube.indicators(numbers), cube.HEADING_OF_NUMBERS)
    if task.rdf12:
        yield "sekg-rdf12.ttl", publish.annotated(publish.default_graph(store))
    made, described = tables(store, known), dict(_ontology(task))
    yield from ((f"tables/{name}", content) for name, content in made.items())
    yield from ((f"ontology/{name}", content) for name, content in described.items())
    yield "sekg-tables.zip", package({name: made[name] for name in made if name.endswith(PACKED)})
    yield "sekg-ontology.zip", package(described)


def _ontology(task: _Task) -> Iterator[tuple[str, bytes]]:
    """The files of the ontology, with their versions."""
    root = task.folders.ontology
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name, content = path.relative_to(root).as_posix(), path.read_bytes()
        versioned = _versioned(name, content, task) if name in VOCABULARIES else content
        yield name, versioned
        for lang in LANGUAGES if name in SHAPES else ():
            yield f"{path.stem}.{lang}.ttl", monolingual(versioned.decode(), lang).encode()


def _versioned(name: str, content: bytes, task: _Task) -> bytes:
    """A vocabulary with the version in which it last changed."""
    old = task.previous / "ontology" / name if task.previous else None
    before = old.read_bytes() if old and old.is_file() else b""
    found = EDITION.search(before)
    is_same = found and before == content + _edition(name, found[1].decode())
    return before if is_same else content + _edition(name, task.description.version)


def _versions(files: Mapping[str, bytes]) -> dict[str, str]:
    """The versions of the vocabularies beside the ontology, by name."""
    found = {name: EDITION.search(files.get(f"ontology/{name}", b"")) for name in VOCABULARIES}
    return {name.removesuffix(".ttl"): version[1].decode() for name, version in found.items() if version}


def _edition(name: str, version: str) -> bytes:
    """The version of a vocabulary in its file."""
    iri, owl = f"{BASE}{name.removesuffix('.ttl')}", PREFIXES["owl"]
    return f"""
<{iri}> a <{owl}Ontology> ; <{owl}versionIRI> <{iri}/{version}> ; <{owl}versionInfo> "{version}" .
""".encode()


def _described(
    store: ox.Store,
    known: Dataset,
    description: Description,
    files: Sequence[File],
    carried: Mapping[str, bytes],
) -> Iterator[tuple[str, bytes]]:
    """The descriptions of the release for portals, crawlers, citations, and w3id.org."""
    for name, triples in verify.descriptions(publish.default_graph(store), known, description, files).items():
        for form, suffix in FORMS.items():
            yield f"{name}.{suffix}", serialize(triples, form, HEADINGS[name])
    yield ".well-known/void", serialize(triples, "turtle", HEADINGS["void"])
    records = verify.records(known, description, files, json.loads(carried[f"tables/{METADATA}"]))
    yield from records.items()
    yield "otwarte-dane.md5", harvest.checksum(records["otwarte-dane.xml"])
    yield "LICENSE", citation.licence(known)
    yield "ro-crate-metadata.json", citation.ro_crate(known, description, files)
    digits, moved = shards(store).digits, hosting.replaced(store)
    yield "w3id/.htaccess", hosting.redirects(description, digits, _versions(carried), moved)
    yield "w3id/README.md", hosting.redirects_readme(description)


def _changes(store: ox.Store, description: Description, old: Triples | None) -> Iterator[tuple[str, bytes]]:
    """The changes since the previous release as triples and as text, and the records of removed things."""
    if old is None:
        return
    new = frozenset(publish.default_graph(store))
    change, versions = difference.difference(old, new), (str(description.previous), description.version)
    yield "changes/added.nt", publish.n_triples(change.added)
    yield "changes/removed.nt", publish.n_triples(change.removed)
    yield "changes/CHANGES.md", difference.words(old, new, "en", versions).encode()
    yield "changes/CHANGES.pl.md", difference.words(old, new, "pl", versions).encode()
    yield "changes/removed.ttl", publish.turtle(removed(new), HEADING)


def _manifest(files: Sequence[File], description: Description, old: Triples | None) -> bytes:
    """The manifest: files, hashes of the graph and of the previous one, and where all releases are."""
    graph = next(file.sha256 for file in files if file.path == difference.GRAPH_FILE)
    *earlier, _ = description.editions
    before = {"version": earlier[-1].version, "baseUrl": earlier[-1].base_url} if earlier else {}
    known = {
        "version": description.version,
        "issued": description.issued.isoformat(),
        "baseUrl": description.base_url,
        "contact": description.contact,
        "endpoint": description.endpoint,
        "graph": graph,
        "previous": old and before | {"graph": canonical_hash(old)},
        "releases": [_listed(edition) for edition in description.editions],
        "files": {one.path: _entry(one) for one in sorted(files)},
    }
    return (json.dumps(known, ensure_ascii=False, indent=1) + "\n").encode()


def _listed(edition: Edition) -> dict[str, object]:
    named = {"version": edition.version, "issued": edition.issued, "baseUrl": edition.base_url}
    return named | {"parts": list(edition.parts), "ontology": edition.ontology}


def _entry(one: File) -> dict[str, object]:
    return {name: value for name, value in asdict(one).items() if name != "path"}
