"""A release seen from outside: every fault that somebody who takes it would find, by its files alone."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pyoxigraph as ox

from kgraph import publish
from kgraph.errors import BadData, NotFound, Problem
from kgraph.publish import catalogue, harvest, tables, void
from kgraph.publish.description import Description, File, dataset
from kgraph.release import difference
from kgraph.release.difference import GRAPH_FILE
from kgraph.release.site import SCHEME, hrefs
from kgraph.store import fill

MANIFEST = "manifest.json"
KNOWN = ("version", "issued", "baseUrl", "endpoint", "graph", "previous", "files")
MISSING = "is missing"
FORMS = {"turtle": "ttl", "jsonld": "jsonld", "rdfxml": "rdf"}
"""The forms in which a release describes itself, and their suffixes."""

Step = Callable[[str], None]


def manifest(folder: Path) -> Mapping[str, Any]:
    """What a release says of its files; NotFound when the folder is no release, BadData when it cannot be read."""
    path = folder / MANIFEST
    if not path.is_file():
        raise NotFound(f"{folder} is not a release: it has no {MANIFEST}; “kgraph release” writes one")
    try:
        known = json.loads(path.read_bytes())
        return {
            name: known[name] for name in ("version", "issued", "baseUrl", "endpoint", "graph", "previous", "files")
        }
    except (ValueError, KeyError, TypeError) as error:
        raise BadData(f"{path}: cannot be read ({error!r})") from error


def problems(
    folder: Path, previous: Path | None = None, *, lang: str = "en", step: Step = lambda _: None
) -> list[Problem]:
    """Every fault of a release, in a stable order; with the one before it, also of the difference between them."""
    known = manifest(folder)
    checks: dict[str, Callable[[], Iterable[Problem]]] = {
        "graphs": lambda: _graphs(folder, known["graph"]),
        "catalogue": lambda: _catalogue(folder, known, lang),
        "tables": lambda: _tables(folder),
        "links": lambda: _links(folder, urlsplit(known["baseUrl"]).path),
        "change": lambda: _change(folder, previous, known) if previous else (),
    }
    found = list(_files(folder, known["files"]))
    for name, check in checks.items():
        if any(problem.message == MISSING for problem in found):
            break
        step(f"checking {name}")
        found += check()
    return sorted({*found})


def _files(folder: Path, listed: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Files that are missing, changed, or not of the release."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    for path in sorted(there ^ listed.keys()):
        yield Problem(path, "", MISSING if path in listed else "is not a file of this release")
    for path in sorted(there & listed.keys()):
        if hashlib.sha256((folder / path).read_bytes()).hexdigest() != listed[path]["sha256"]:
            yield Problem(path, "", "is not the file that was released: its SHA-256 differs")


def _graphs(folder: Path, graph: str) -> Iterator[Problem]:
    """Serialisations that do not say what the N-Triples say, or a graph with another hash."""
    facts = difference.read(folder)
    if canonical_hash(facts) != graph:
        yield Problem(GRAPH_FILE, "", f"has not the canonical hash {graph}")
    for path in sorted(folder.glob("sekg*")):
        if path.suffix in (".ttl", ".jsonld", ".trig") and frozenset(publish.plain(difference.read(path))) != facts:
            yield Problem(path.name, "", f"does not hold the same triples as {GRAPH_FILE}")


def canonical_hash(triples: Iterable[ox.Triple]) -> str:
    """SHA-256 of the graph's canonical N-Quads (https://www.w3.org/TR/rdf-canon/)."""
    return hashlib.sha256(publish.n_triples(triples)).hexdigest()


def _catalogue(folder: Path, known: Mapping[str, Any], lang: str) -> Iterator[Problem]:
    """Where the release describes itself otherwise than DCAT-AP asks, or otherwise than it is."""
    store = ox.Store()
    fill(store, ox.parse(path=folder / "sekg.trig", format=ox.RdfFormat.TRIG))
    described = dataset(store)
    before = known["previous"] or {}
    release = Description(
        known["version"],
        known["baseUrl"],
        date.fromisoformat(known["issued"]),
        before.get("version"),
        before.get("baseUrl"),
        known["endpoint"],
    )
    files = [File(path, **entry) for path, entry in known["files"].items()]
    for name, expected in (
        ("catalog", catalogue.triples(described, release, files)),
        ("void", void.triples(publish.default_graph(store), described, release, files)),
    ):
        for suffix in FORMS.values():
            if difference.read(folder / f"{name}.{suffix}") != frozenset(expected):
                yield Problem(f"{name}.{suffix}", "", "does not say what the files and the graph of the release say")
    catalogued = difference.read(folder / "catalog.ttl")
    for fault in catalogue.problems(catalogued, folder / "ontology/dcat-ap.ttl", lang):
        yield Problem("catalog.ttl", fault.node, fault.message)
    if (folder / "otwarte-dane.md5").read_bytes() != harvest.checksum((folder / "otwarte-dane.xml").read_bytes()):
        yield Problem("otwarte-dane.md5", "", "is not the checksum of otwarte-dane.xml")


def _tables(folder: Path) -> Iterator[Problem]:
    """Where a table does not fit its description."""
    for fault in tables.problems({path.name: path.read_bytes() for path in (folder / "tables").iterdir()}):
        yield Problem(f"tables/{fault.file}", fault.node, fault.message)


def _links(folder: Path, root: str) -> Iterator[Problem]:
    """Links between the pages that lead nowhere; `root` is the path at which the release is published."""
    anchors = cache(lambda path: frozenset(re.findall(r'\bid="([^"]*)"', (folder / path).read_text(encoding="utf-8"))))
    for page in sorted(folder.rglob("*.html")):
        path = page.relative_to(folder).as_posix()
        for link in sorted({*hrefs(page.read_text(encoding="utf-8"))}):
            if not SCHEME.match(link) and not _resolves(folder, urljoin(root + path, link).removeprefix(root), anchors):
                yield Problem(path, "", f"links to {link}, which is not there")


def _resolves(folder: Path, link: str, anchors: Callable[[str], frozenset[str]]) -> bool:
    address, fragment = urldefrag(link)
    target = unquote(address) or "index.html"
    if not (folder / target).is_file():
        return False
    return not fragment or fragment.startswith("/") or unquote(fragment) in anchors(target)


def _change(folder: Path, previous: Path, known: Mapping[str, Any]) -> Iterator[Problem]:
    """The proof that the old graph and the difference give the new one."""
    old, new = difference.read(previous), difference.read(folder)
    came, went = (difference.read(folder / "changes" / f"{name}.nt") for name in ("added", "removed"))
    if (known["previous"] or {}).get("graph") != canonical_hash(old):
        yield Problem("changes", "", f"is not a difference to {previous}: that graph has another hash")
    elif canonical_hash(difference.applied(old, difference.Difference(came, went))) != canonical_hash(new):
        yield Problem("changes", "", f"{previous} and the difference do not give this release")
