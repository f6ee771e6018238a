"""Writing a release: one folder for portals, search engines and people; equal data gives equal bytes."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from kgraph.publish.formats.graphml import graphml
from kgraph.publish.formats.monolingual import monolingual
from kgraph.publish.formats.serialize import canonical_hash
from kgraph.publish.formats.tables import tables
from kgraph.publish.formats.template import serialize
from kgraph.publish.metadata import catalogue, citation, harvest, hosting, void
from kgraph.publish.metadata.description import Dataset, Description, Edition, File, dataset, edition, file
from kgraph.publish.pages import Site
from kgraph.publish.pages.book import book_of
from kgraph.publish.pages.removed import REMOVED_IN
from kgraph.publish.pages.shards import shards
from kgraph.publish.release import difference, site, verify
from kgraph.publish.release.difference import Triples
from kgraph.publish.release.removed import HEADING, is_thing, removed, tombstones
from kgraph.publish.release.site import Folder
from kgraph.rdf.endpoint import address
from kgraph.rdf.store import fill, must_be_new, replace

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")

SHAPES = ("shapes.ttl", "single-valued.ttl", "dcat-ap.ttl")
"""The files of shapes, with messages in both languages; a release also has each in one."""

HEADINGS = {"catalog": catalogue.HEADING, "void": void.HEADING}


@dataclass(frozen=True)
class Released:
    """The faults that prevented a release, and the things that it is the first to lack."""

    problems: tuple[Problem, ...]
    vanished: tuple[str, ...] = ()


def describe(
    version: str, base_url: str, issued: date, previous: Path | None = None, endpoint: str | None = None
) -> Description:
    """The description of a release; BadQuery for a malformed version or address, CannotWrite for no new version."""
    if not VERSION.fullmatch(version):
        raise BadQuery(f"{version!r} is not a version; give three numbers such as 1.0.0 (https://semver.org)")
    before = verify.manifest(previous) if previous else {}
    if before and _order(before["version"]) >= _order(version):
        raise CannotWrite(f"{previous} is version {before['version']} already; give a higher version")
    asked, folder = address(endpoint) if endpoint is not None else None, site.folder_address(base_url)
    earlier = verify.editions(previous) if previous else ()
    return Description(version, folder, issued, before.get("version"), before.get("baseUrl"), asked, earlier=earlier)


def day(folders: Folders, given: str | None = None) -> date:
    """The day of a release: the given one, else the modification date in data/dataset.ttl."""
    if given is None:
        days = [q.object for q in parse(folders.editorial()[0]) if q.predicate == term("dcterms:modified")]
        given = days[0].value if days and isinstance(days[0], ox.Literal) else ""
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise BadQuery(f"{given!r} is not a day; write --issued 2026-11-23") from error


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def write(
    target: Path,
    folders: Folders,
    description: Description,
    previous: Path | None = None,
    *,
    rdf12: bool = False,
    step: Step = lambda _: None,
) -> Released:
    """Write the release to `target`, a new or empty folder, whole or not at all; on faults nothing is written."""
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
    replace(target, lambda folder: _write(folder, store, folders, description, old, rdf12, step))
    now = (REMOVED_IN, ox.Literal(description.version))
    vanished = (fact.subject for fact in gone if (fact.predicate, fact.object) == now)
    return Released((), tuple(str(thing) for thing in vanished if is_thing(thing)))


def _write(
    folder: Path,
    store: ox.Store,
    folders: Folders,
    description: Description,
    old: Triples | None,
    rdf12: bool,
    step: Step,
) -> None:
    step("writing the graph")
    known = dataset(store)
    carried = dict(_carried(store, folders, known, description.version, rdf12))
    files = [file(path, content) for path, content in sorted(carried.items())]
    said = dict(_described(store, known, description, files))
    beside = carried | said | dict(_changes(store, description, old))
    target = Folder(folder)
    for path, content in beside.items():
        target.put(path, content)
    issued, others = description.issued.isoformat(), (*beside, verify.MANIFEST)
    asked = description.endpoint
    published = Site(description.base_url.rstrip("/"), description.version, issued, others, True, asked)
    site.write(target, book_of(store, folders, published), step)
    target.put(verify.MANIFEST, _manifest(target.files, edition(store, description), description, old))


def _carried(
    store: ox.Store, folders: Folders, known: Dataset, version: str, rdf12: bool
) -> Iterator[tuple[str, bytes]]:
    """The data: the graph in every form, its tables, its network, and the ontology as its authors wrote it."""
    for suffix, form in (("ttl", "turtle"), ("nt", "nt"), ("jsonld", "jsonld")):
        yield f"sekg.{suffix}", publish.export(store, form)
    yield "sekg.trig", publish.trig(store, ontology=True)
    yield "sekg.graphml", graphml(store)
    if rdf12:
        yield "sekg-rdf12.ttl", publish.annotated(publish.default_graph(store))
    for name, content in tables(store, known).items():
        yield f"tables/{name}", content
    for path in sorted(path for path in folders.ontology.rglob("*") if path.is_file()):
        name, content = path.relative_to(folders.ontology).as_posix(), path.read_bytes() + _edition(path, version)
        yield f"ontology/{name}", content
        for lang in LANGUAGES if name in SHAPES else ():
            yield f"ontology/{path.stem}.{lang}.ttl", monolingual(content.decode(), lang).encode()


def _edition(path: Path, version: str) -> bytes:
    """The version added to the bridge, the kinds and the files of shapes; the ontology has its own."""
    if path.name not in ("bridge.ttl", "kinds.ttl", "shapes.ttl", "single-valued.ttl"):
        return b""
    name, owl = f"{BASE}{path.stem}", PREFIXES["owl"]
    return f"""
<{name}> a <{owl}Ontology> ; <{owl}versionIRI> <{name}/{version}> ; <{owl}versionInfo> "{version}" .
""".encode()


def _described(
    store: ox.Store, known: Dataset, description: Description, files: Sequence[File]
) -> Iterator[tuple[str, bytes]]:
    """The descriptions of the release for portals, crawlers, citations, and w3id.org."""
    for name, triples in verify.descriptions(publish.default_graph(store), known, description, files).items():
        for form, suffix in verify.FORMS.items():
            yield f"{name}.{suffix}", serialize(triples, form, HEADINGS[name])
    yield ".well-known/void", serialize(triples, "turtle", HEADINGS["void"])
    yield "otwarte-dane.xml", (xml := harvest.xml(known, description, files))
    yield "otwarte-dane.md5", harvest.checksum(xml)
    yield "CITATION.cff", citation.cff(known, description)
    yield "ro-crate-metadata.json", citation.ro_crate(known, description, files)
    editions = (edition(store, description), *description.earlier)
    yield "w3id/.htaccess", hosting.redirects(editions, shards(store).digits, hosting.replaced(store))
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


def _manifest(files: Sequence[File], edition: Edition, description: Description, old: Triples | None) -> bytes:
    """The manifest: files, hashes of the graph and of the previous one, and where earlier releases are."""
    graph = next(file.sha256 for file in files if file.path == difference.GRAPH_FILE)
    before = {"version": description.previous, "baseUrl": description.previous_url}
    known = {
        "version": description.version,
        "issued": description.issued.isoformat(),
        "baseUrl": description.base_url,
        "endpoint": description.endpoint,
        "graph": graph,
        "previous": old and before | {"graph": canonical_hash(old)},
        "ontology": edition.ontology,
        "earlier": [
            {"version": one.version, "baseUrl": one.base_url, "ontology": one.ontology} for one in description.earlier
        ],
        "files": {one.path: {"media": one.media, "size": one.size, "sha256": one.sha256} for one in sorted(files)},
    }
    return (json.dumps(known, ensure_ascii=False, indent=1) + "\n").encode()
