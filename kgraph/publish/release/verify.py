"""The check of a release from its files only."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pyoxigraph as ox

from kgraph import publish
from kgraph.base.media import COMPRESSIONS
from kgraph.base.problems import Problem, fault, problem, reason
from kgraph.build.pipeline import Step
from kgraph.errors import BadData, NotFound
from kgraph.graph.faceting import facets, indicators
from kgraph.publish.feeds import events, stream
from kgraph.publish.formats import cube, tables
from kgraph.publish.formats.package import unpacked
from kgraph.publish.formats.serialize import canonical_hash
from kgraph.publish.metadata import catalogue, citation, croissant, datapackage, harvest, void
from kgraph.publish.metadata.description import CUBES, FORMS, Dataset, Description, Edition, File, dataset
from kgraph.publish.release import difference, signing
from kgraph.publish.release.difference import GRAPH_FILE, Triples
from kgraph.publish.release.workers import sharing
from kgraph.rdf.store import fill
from kgraph.rdf.terms import said as said_of

MANIFEST = signing.SIGNED
KNOWN = ("version", "issued", "baseUrl", "contact", "endpoint", "graph", "previous", "releases", "files")
QUADS_FILE, SHAPES_FILE = "sekg.trig", "ontology/dcat-ap.ttl"
WHOLE, RDF = ("sekg", "sekg-rdf12"), (".ttl", ".jsonld", ".trig")
"""The names and suffixes of the files with the whole graph, beside the N-Triples."""
LINK = re.compile(r"""="(?:(?<=\bhref=")|(?<=\bsrc="))([^"]*)\"""")
ANCHOR = re.compile(r'="(?<=\bid=")([^"]*)"')
"""Patterns that begin with plain characters, which are searched for ten times as fast as the boundary of a word."""
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")
Read = Callable[[str], Triples | None]
"""Gives the triples of a file of the release; None, after recording the fault, for an unreadable file."""


def manifest(folder: Path) -> Mapping[str, Any]:
    """The manifest of a release; NotFound when the folder has none, BadData when it cannot be read."""
    path = folder / MANIFEST
    if not path.is_file():
        raise NotFound(fault("not-a-release", folder=str(folder), file=MANIFEST))
    try:
        known = json.loads(path.read_bytes())
        date.fromisoformat(known["issued"])
        _listed(known["files"])
        editions(known)[-1]
        return {name: known[name] for name in KNOWN}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadData(fault("file-unreadable", file=str(path), reason=reason(error))) from error


def editions(known: Mapping[str, Any]) -> tuple[Edition, ...]:
    """The releases of a manifest, the oldest first."""
    return tuple(
        Edition(one["version"], one["issued"], one["baseUrl"], tuple(one["parts"]), one.get("ontology", ""))
        for one in known["releases"]
    )


def listed(known: Mapping[str, Any]) -> dict[str, File]:
    """The files of a manifest by path."""
    return {one.path: one for one in _listed(known["files"])}


def _listed(files: Mapping[str, Mapping[str, Any]]) -> list[File]:
    """The files of a manifest."""
    return [File(path, **entry) for path, entry in files.items()]


def problems(
    folder: Path, previous: Path | None = None, public: Path | None = None, *, step: Step = lambda _: None
) -> list[Problem]:
    """Every fault of a release, in a stable order.

    With the previous release, also of their difference; with a public key, also of the signature.
    """
    known = manifest(folder)
    found = {*_files(folder, known["files"]), *(signing.problems(folder, public) if public else ())}
    if any(wrong.code == "missing" for wrong in found):
        return sorted(found)
    unreadable: set[Problem] = set()
    graph: dict[str, Triples] = {}

    def read(path: str) -> Triples | None:
        try:
            return graph[path] if path in graph else difference.read(folder / path)
        except BadData as error:
            unreadable.add(_unreadable(path, error.__cause__))
            return None

    @cache
    def old() -> Triples:
        return difference.read(previous or folder)

    checks: dict[str, Callable[[], Iterable[Problem]]] = {
        "graphs": lambda: _graphs(folder, read, known["graph"]),
        "catalogue": lambda: _catalogue(folder, read, known),
        "numbers": lambda: _numbers(read),
        "tables": lambda: _tables(folder),
        "feed": lambda: _feed(folder, read, previous, old, known),
        "links": lambda: _links(folder, known["baseUrl"], [one.base_url for one in editions(known)]),
        "change": lambda: _change(folder, read, previous, old, known) if previous else (),
    }
    if (facts := read(GRAPH_FILE)) is not None:
        graph[GRAPH_FILE] = facts  # most checks need it
    with sharing(checks, unreadable) as each:
        for name, wrong in zip(checks, each(_checked, checks), strict=True):
            step(f"checking {name}")
            found |= wrong
    return sorted(found)


def _checked(
    checks: Mapping[str, Callable[[], Iterable[Problem]]], unreadable: Iterable[Problem], name: str
) -> set[Problem]:
    """The faults that a check finds, with those of the files that it cannot read."""
    return {*checks[name](), *unreadable}


def _files(folder: Path, listed: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Files that are missing, changed, or not of the release."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    there -= {MANIFEST, signing.FILE}
    for path in sorted(there ^ listed.keys()):
        yield problem(path, "", "missing" if path in listed else "strange-file")
    for path in sorted(there & listed.keys()):
        if hashlib.sha256((folder / path).read_bytes()).hexdigest() != listed[path]["sha256"]:
            yield problem(path, "", "other-file")


def _graphs(folder: Path, read: Read, graph: str) -> Iterator[Problem]:
    """Serialisations whose triples are not those of the N-Triples, or a graph with another hash."""
    facts = read(GRAPH_FILE)
    if facts is not None and canonical_hash(facts) != graph:
        yield problem(GRAPH_FILE, "", "other-hash", hash=graph)
    for path in sorted(f"{name}{form}" for name in WHOLE for form in RDF if (folder / f"{name}{form}").is_file()):
        said = read(path)
        if facts is not None and said is not None and frozenset(publish.plain(said)) != facts:
            yield problem(path, "", "other-triples", file=GRAPH_FILE)
    yield from _compressed(folder)


def _compressed(folder: Path) -> Iterator[Problem]:
    """Compressed files that cannot be read, or whose content is not the file of that name."""
    for path in sorted(path for known in COMPRESSIONS for path in folder.glob(f"sekg.*.{known.name}")):
        whole = path.with_suffix("")
        content = whole.read_bytes() if whole.is_file() else b""
        try:
            if unpacked(path.name, path.read_bytes(), len(content) + 1) != content:
                yield problem(path.name, "", "other-triples", file=whole.name)
        except BadData as error:
            yield _unreadable(path.name, error.__cause__)


def _unreadable(path: str, error: BaseException | None) -> Problem:
    return problem(path, "", "unreadable", reason=reason(error))


def _catalogue(folder: Path, read: Read, known: Mapping[str, Any]) -> Iterator[Problem]:
    """Where the release's descriptions break DCAT-AP, or do not fit the release."""
    try:
        store = ox.Store()
        fill(store, ox.parse(path=folder / QUADS_FILE, format=ox.RdfFormat.TRIG))
        described = dataset(store)
    except SyntaxError as error:
        yield _unreadable(QUADS_FILE, error)
        return
    except BadData as error:
        yield replace(error.args[0], file=QUADS_FILE)
        return
    release = description(known)
    expected = descriptions(publish.default_graph(store), described, release, _listed(known["files"]))
    for name, triples in expected.items():
        for suffix in FORMS.values():
            said = read(f"{name}.{suffix}")
            if said is not None and said != frozenset(triples):
                yield problem(f"{name}.{suffix}", "", "other-description")
            for each in catalogue.circular(said or ()):
                yield problem(
                    f"{name}.{suffix}", said_of(each.subject), "own-version", property=said_of(each.predicate)
                )
    yield from _recorded(folder, described, release, _listed(known["files"]))
    yield from _advised(folder, read("catalog.ttl"))
    if (folder / "otwarte-dane.md5").read_bytes() != harvest.checksum((folder / "otwarte-dane.xml").read_bytes()):
        yield problem("otwarte-dane.md5", "", "other-checksum", file="otwarte-dane.xml")


def descriptions(
    graph: Sequence[ox.Triple], known: Dataset, release: Description, files: Sequence[File]
) -> dict[str, list[ox.Triple]]:
    """The catalogue, the versions and the VoID of a release, by the names of their files without suffix."""
    return {
        "catalog": catalogue.triples(known, release, files),
        "versions": catalogue.versions(known, release),
        "void": void.triples(graph, known, release, files),
    }


def records(known: Dataset, release: Description, files: Sequence[File], csvw: Mapping[str, Any]) -> dict[str, bytes]:
    """The descriptions of a release that are no RDF, for portals, citations and programs, by their files."""
    return {
        "otwarte-dane.xml": harvest.xml(known, release, files),
        "CITATION.cff": citation.cff(known, release),
        ".zenodo.json": citation.zenodo(known, release),
        datapackage.FILE: datapackage.package(known, release, files, csvw),
        croissant.FILE: croissant.described(known, release, files, csvw),
    }


def _recorded(folder: Path, known: Dataset, release: Description, files: Sequence[File]) -> Iterator[Problem]:
    """Descriptions that do not fit the release; faulty metadata of the tables is told of with the tables."""
    try:
        csvw = json.loads((folder / f"tables/{tables.METADATA}").read_bytes())
        expected = records(known, release, files, csvw)
    except (ValueError, LookupError, TypeError, AttributeError):
        return
    for path, content in expected.items():
        if (folder / path).read_bytes() != content:
            yield problem(path, "", "other-description")


def description(known: Mapping[str, Any]) -> Description:
    """The description of a release with a manifest."""
    *earlier, current = editions(known)
    issued = date.fromisoformat(known["issued"])
    given = known["version"], known["baseUrl"], issued, known["contact"], tuple(earlier), known["endpoint"]
    return Description(*given, parts=current.parts)


def _advised(folder: Path, catalogued: Triples | None) -> Iterator[Problem]:
    """Where the catalogue breaks the shapes that come with the release."""
    try:
        found = [] if catalogued is None else catalogue.problems(catalogued, folder / SHAPES_FILE)
        yield from (replace(wrong, file="catalog.ttl") for wrong in found)
    except BadData as error:
        yield _unreadable(SHAPES_FILE, error.__cause__)


def _numbers(read: Read) -> Iterator[Problem]:
    """Numbers by powiat and year that are not those of the graph."""
    facts, said = read(GRAPH_FILE), read(CUBES)
    if facts is None or said is None:
        return
    store = ox.Store()
    fill(store, (ox.Quad(*triple) for triple in facts))
    if said != frozenset(cube.indicators(indicators.indicators(store, facets.dates(store)))):
        yield problem(CUBES, "", "other-triples", file=GRAPH_FILE)


def _tables(folder: Path) -> Iterator[Problem]:
    """Where a table does not fit its description."""
    for wrong in tables.problems({path.name: path.read_bytes() for path in (folder / "tables").iterdir()}):
        yield replace(wrong, file=f"tables/{wrong.file}")


def _feed(
    folder: Path, read: Read, previous: Path | None, old: Callable[[], Triples], known: Mapping[str, Any]
) -> Iterator[Problem]:
    """Where the events do not give the graph, or are not those of the previous release and of what changed."""
    facts = read(GRAPH_FILE)
    try:
        told, replayed = stream.read(folder)
        before = stream.read(previous)[0] if previous else []
    except BadData as error:
        yield error.args[0]
        return
    if facts is not None and replayed != facts:
        yield problem(stream.FILE, "", "other-triples", file=GRAPH_FILE)
    elif facts is not None and previous and known["previous"]:
        objects = events.objects(old()), events.objects(facts)
        if told != events.latest(before, *objects, editions(known)[-1]):
            yield problem(stream.FILE, "", "other-events", previous=str(previous))


def _links(folder: Path, base_url: str, releases: Iterable[str]) -> Iterator[Problem]:
    """Dead links between pages, also those that name the address of the release, unless it is that of another."""
    root = urlsplit(base_url).path
    of_others = tuple(sorted({one for one in releases if one.startswith(base_url)} - {base_url}))
    pages = {page.relative_to(folder).as_posix(): page.read_bytes() for page in sorted(folder.rglob("*.html"))}
    texts = {path: content.decode(errors="replace") for path, content in pages.items()}
    anchors = cache(lambda path: frozenset(ANCHOR.findall(texts.get(path) or _text(folder / path))))
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    target = cache(lambda base, link: unquote(urljoin(root + base, link).removeprefix(root)) or "index.html")
    for path, text in texts.items():
        if text.encode() != pages[path]:
            yield problem(path, "", "not-utf-8")
        beside = path[: path.rfind("/") + 1]
        for link in {_own(link, base_url, of_others) for link in hrefs(text)}:
            if SCHEME.match(link):
                continue
            address, _, fragment = link.partition("#")
            is_within = not address or address[0] == "?"
            to = target(path if is_within else beside, address)
            if to not in there or not _is_anchor(fragment, to, anchors):
                yield problem(path, "", "dead-link", link=link)


def _own(link: str, base_url: str, of_others: tuple[str, ...]) -> str:
    """A link to the release as a path on its host, any other as it is."""
    is_own = link.startswith(base_url) and not link.startswith(of_others)
    return urlsplit(base_url).path + link.removeprefix(base_url) if is_own else link


def hrefs(html: str) -> Iterator[str]:
    """Every address that a page names, as it is written there."""
    return map(unescape, LINK.findall(html))


def _text(path: Path) -> str:
    """The text of a file; bytes that are not UTF-8 are replaced."""
    return path.read_bytes().decode(errors="replace")


def _is_anchor(fragment: str, path: str, anchors: Callable[[str], frozenset[str]]) -> bool:
    """Whether a file has a fragment; one of the explorer begins with a slash."""
    return not fragment or fragment.startswith("/") or unquote(fragment) in anchors(path)


def _change(
    folder: Path, read: Read, previous: Path, before: Callable[[], Triples], known: Mapping[str, Any]
) -> Iterator[Problem]:
    """Where the old graph with the difference is not the new one, or the days of both hide a change."""
    if not known["previous"]:
        yield fault("no-predecessor", release=str(folder), previous=str(previous))
        return
    old, new = before(), read(GRAPH_FILE)
    came, went = (read(f"changes/{name}.nt") for name in ("added", "removed"))
    if new is None or came is None or went is None:
        return
    if known["previous"].get("graph") != canonical_hash(old):
        yield problem("changes", "", "other-predecessor", previous=str(previous))
    elif canonical_hash(difference.applied(old, difference.Difference(came, went))) != canonical_hash(new):
        yield problem("changes", "", "wrong-difference", previous=str(previous))
    earlier = manifest(previous)
    yield from days(earlier["issued"], known["issued"], is_changed=old != new)
    files = listed(earlier)
    for path, one in listed(known).items():
        if path in files and files[path].sha256 == one.sha256 and files[path].modified != one.modified:
            yield problem(path, "", "day-carried", modified=files[path].modified)


def days(before: str, issued: str, *, is_changed: bool) -> Iterator[Problem]:
    """Where the day of a release is before that of the previous one, or equal although the graph changed."""
    if issued < before:
        yield fault("day-before", issued=issued, before=before)
    elif is_changed and issued == before:
        yield fault("day-unchanged", before=before)
