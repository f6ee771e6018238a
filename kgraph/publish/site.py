"""The static site: the answers of the server, kept as files that any web host can give, and the explorer."""

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag, urljoin

import pyoxigraph as ox

from kgraph import publish
from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import BASE, INFERRED_GRAPH, RULE, curie, term
from kgraph.base.words import LANGUAGES
from kgraph.build import pipeline
from kgraph.errors import BadData, BadQuery, NotFound
from kgraph.graph import as_json, reasons, search
from kgraph.publish import hosting
from kgraph.publish.pages import Site
from kgraph.publish.pages.addresses import SUFFIXES
from kgraph.publish.removed import REMOVED_IN
from kgraph.rdf.endpoint import is_address
from kgraph.rdf.store import graph, must_be_new, replace
from kgraph.server import run
from kgraph.server.app import CONTENT_SECURITY_POLICY
from kgraph.server.pool.evaluator import Limits
from kgraph.server.served import Served

Ask = Callable[[str], tuple[int, bytes]]
Step = Callable[[str], None]

UNKNOWN = "404.html"
STARTS = ("index.html", "index.pl.html", UNKNOWN)
"""The pages from which every other can be reached, but for those of removed things."""

EXPLORER = "explorer.html"
QUADS = "sekg.trig"
"""What the explorer answers SPARQL from."""

IN_SCHEME, TIME_STATE = term("skos:inScheme"), term("kind:time-state")
LINK = re.compile(r"""\b(?:href|src)="([^"]*)\"""")
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


def folder_address(base_url: str) -> str:
    """The address of a folder, with a slash at its end; BadQuery for what cannot be one."""
    if not is_address(base_url) or set("?#") & set(base_url):
        raise BadQuery(f"{base_url!r} is not the address of a folder; give one such as https://example.org/sekg/")
    return base_url.rstrip("/") + "/"


def write_alone(target: Path, folders: Folders, base_url: str, step: Step = lambda _: None) -> None:
    """Write the site of the data to a folder that does not exist or is empty, whole or not at all."""
    must_be_new(target)
    site = Site(folder_address(base_url).rstrip("/"), files=(QUADS,))
    step("reading the data")
    store = pipeline.graph(folders)

    def fill(folder: Path) -> None:
        put(folder, QUADS, publish.trig(store, ontology=True))
        write(folder, store, folders, site, step)

    replace(target, fill)


def write(folder: Path, store: ox.Store, folders: Folders, site: Site, step: Step = lambda _: None) -> None:
    """Write pages, data and the explorer into a folder; the explorer asks the `sekg.trig` that lies in it."""
    served = run.prepare(store, folders, None, Limits(), site)
    try:
        _write(folder, served, step)
    finally:
        served.evaluator.close()


def _write(folder: Path, served: Served, step: Step) -> None:
    listed = []
    with run.client(served) as ask:
        for path, content in pages(ask, [*STARTS, *_remembered(served.store)], served.site.files, step):
            put(folder, path, content)
            listed.append(path)
        step("writing the explorer")
        for path, content in explorer_data(served, ask):
            put(folder, f"api/{path}", content)
    shutil.copytree(served.static, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("index.html"))
    put(folder, EXPLORER, explorer(served.static))
    for path, content in _hosting(served.site, [path for path in listed if path.endswith(".html") and path != UNKNOWN]):
        put(folder, path, content)


def _hosting(site: Site, paths: list[str]) -> Iterator[tuple[str, bytes]]:
    """What web hosts and crawlers look for; GitHub Pages leaves files out unless `.nojekyll` forbids it."""
    if site.base_url:
        address = f"{site.base_url}/"
        yield "sitemap.xml", hosting.sitemap(address, paths, site.issued)
        yield "robots.txt", hosting.robots(address)
    yield ".htaccess", hosting.apache()
    yield ".nojekyll", b""


def put(folder: Path, path: str, content: bytes) -> None:
    """Write a file below a folder; BadData for a path that leads out of it."""
    target = (folder / path).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise BadData(f"{path} would be written outside {folder}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def pages(
    ask: Ask, starts: Sequence[str] = STARTS, beside: Iterable[str] = (), step: Step = lambda _: None
) -> Iterator[tuple[str, bytes]]:
    """Every page and data file that can be reached by links, with its path; not what lies `beside` them already.

    BadData for a link that leads nowhere.
    """
    waiting, known = [*starts], {*starts, *beside, EXPLORER}
    while waiting:
        path = waiting.pop()
        step(f"writing page {len(known) - len(waiting)} of {len(known)} known")
        status, content = ask(f"/{path}")
        if status not in (200, 410) and path != UNKNOWN:
            raise BadData(f"a page links to {path}, which cannot be had (status {status})")
        yield unquote(path), content
        if path.endswith(".html"):
            found = {*links(path, content.decode())} - known
            known |= found
            waiting += sorted(found, reverse=True)


def _remembered(store: ox.Store) -> list[str]:
    """The pages of what was removed, to which nothing links."""
    gone = (quad.subject for quad in store.quads_for_pattern(None, REMOVED_IN, None, ox.DefaultGraph()))
    paths = sorted(quote(thing.value.removeprefix(BASE)) for thing in gone if isinstance(thing, ox.NamedNode))
    return [f"page/{path}{suffix}" for path in paths for suffix in SUFFIXES.values()]


def links(path: str, html: str) -> Iterator[str]:
    """The paths within the site that a page leads to; those that begin at the host are no business of a crawl."""
    for link in hrefs(html):
        target = urldefrag(link).url
        if target and not target.startswith("/") and not SCHEME.match(target):
            yield urljoin(f"/{path}", target).removeprefix("/")


def hrefs(html: str) -> Iterator[str]:
    """Every address that a page names, as it is written there."""
    return map(unescape, LINK.findall(html))


def explorer(static: Path) -> bytes:
    """The explorer's page, told to take its answers from files."""
    page = static / "index.html"
    if not page.is_file():
        raise NotFound("the explorer is not built; install kgraph from a wheel, or run “pip install -e .” in a clone")
    policy = f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}">'
    head = f'<meta charset="utf-8">\n    {policy}\n    <meta name="kgraph-files" content="api/">'
    return page.read_text(encoding="utf-8").replace('<meta charset="utf-8">', head, 1).encode()


def explorer_data(served: Served, ask: Ask) -> Iterator[tuple[str, bytes]]:
    """What the explorer asks a server for, as files."""
    yield from ((f"{path}.json", _answered(ask, address)) for path, address in _addresses(served, ask))
    yield "states.json", _json(_states(served.store))
    yield "names.json", _json({"found": [*_names(served)]})
    for subject, facts in _inferred(served.store).items():
        yield f"why/{subject.removeprefix(BASE)}.json", _json(_reasons(served, facts))


def _addresses(served: Served, ask: Ask) -> Iterator[tuple[str, str]]:
    for name in ("about", "schema", "places", "timeline", "questions", "disputes"):
        yield name, f"/{name}"
    yield "overview", "/network"
    yield "whole", "/network?whole=1"
    for lang in LANGUAGES:
        yield f"sources.{lang}", f"/sources?lang={lang}"
        yield from ((f"answers/{name}.{lang}", f"/questions/{name}?lang={lang}") for name in served.questions)
    for kind in json.loads(_answered(ask, "/schema"))["classes"]:
        if short := curie(kind["iri"]):
            yield f"table/{short.replace(':', '.')}", f"/table?kind={short}"
    for path in sorted({iri.removeprefix(BASE) for iri, *_ in search.labels(served.store)}):
        yield f"things/{path}", f"/things/{path}"


def _answered(ask: Ask, address: str) -> bytes:
    status, content = ask(address)
    if status != 200:
        raise BadData(f"{address} cannot be had (status {status}): {content.decode()}")
    return content


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _states(store: ox.Store) -> dict[str, object]:
    """How to ask for the states of a day, and what they are called."""
    states = (quad.subject for quad in store.quads_for_pattern(None, IN_SCHEME, TIME_STATE, ox.DefaultGraph()))
    return {"sparql": paths.query_text("states"), "names": as_json.labels(store, states)}


def _names(served: Served) -> Iterator[dict[str, object]]:
    """Every name of every thing, those to be found first before the others."""
    found = sorted(search.labels(served.store), key=lambda row: (row[3], row[1], row[0]))
    called = as_json.labels(served.store, [ox.NamedNode(iri) for iri, *_ in found])
    for iri, name, kind, rank in found:
        yield {"iri": iri, "name": name, "kind": kind, "rank": rank, "labels": called.get(iri, {})}


def _inferred(store: ox.Store) -> dict[str, list[ox.Triple]]:
    """The inferred facts by subject; not the records of inference, which are about them."""
    triples = sorted(graph(store, INFERRED_GRAPH), key=str)
    records = {triple.subject for triple in triples if triple.predicate == RULE}
    found: dict[str, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode) and triple.subject not in records:
            found[triple.subject.value].append(triple)
    return {subject: facts for subject, facts in found.items() if subject.startswith(BASE)}


def _reasons(served: Served, facts: list[ox.Triple]) -> dict[str, object]:
    explain = reasons.reasons(served.store, served.rules)
    known = [reason for fact in facts if (reason := explain(fact))]
    terms = {term for reason in known for term in reason.terms()}
    return {"reasons": [as_json.reason(reason) for reason in known], "names": as_json.labels(served.store, terms)}
