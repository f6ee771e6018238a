"""The static site: the answers of the server, kept as files that any web host can give, and the explorer."""

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pyoxigraph as ox

from kgraph import search, why
from kgraph.errors import BadData, NotFound
from kgraph.server import payload, run
from kgraph.server.app import CONTENT_SECURITY_POLICY, Served
from kgraph.store import graph
from kgraph.vocab import BASE, INFERRED_GRAPH, RULE, curie

Ask = Callable[[str], tuple[int, bytes]]
Step = Callable[[str], None]

STARTS = ("index.html", "index.pl.html", "404.html")
"""The pages from which every other can be reached."""

EXPLORER = "explorer.html"
LINK = re.compile(r"""\b(?:href|src)="([^"]*)\"""")
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


def write(folder: Path, served: Served, step: Step = lambda _: None) -> None:
    """Write pages, data, the explorer and what it asks for into a folder.

    The explorer answers SPARQL from `sekg.trig`, which a release puts beside it.
    """
    with run.client(served) as ask:
        for path, content in pages(ask, step):
            _put(folder, path, content)
        step("writing the explorer")
        for path, content in explorer_data(served, ask):
            _put(folder, f"api/{path}", content)
    shutil.copytree(served.static, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("index.html"))
    _put(folder, EXPLORER, explorer(served.static))


def _put(folder: Path, path: str, content: bytes) -> None:
    target = (folder / path).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise BadData(f"{path} would be written outside {folder}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def pages(ask: Ask, step: Step = lambda _: None) -> Iterator[tuple[str, bytes]]:
    """Every page and data file that can be reached by links, with its path.

    BadData for a link that leads nowhere.
    """
    waiting, known = [*STARTS], {*STARTS, EXPLORER}
    while waiting:
        path = waiting.pop()
        step(f"writing page {len(known) - len(waiting)} of {len(known)} known")
        status, content = ask(f"/{path}")
        if status != 200 and path != "404.html":
            raise BadData(f"a page links to {path}, which cannot be had (status {status})")
        yield unquote(path), content
        if path.endswith(".html"):
            found = {*links(path, content.decode())} - known
            known |= found
            waiting += sorted(found, reverse=True)


def links(path: str, html: str) -> Iterator[str]:
    """The paths within the site that a page leads to."""
    for link in LINK.findall(html):
        target = urldefrag(link.replace("&amp;", "&")).url
        if target and not SCHEME.match(target):
            yield urljoin(f"/{path}", target).removeprefix("/")


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
    yield "names.json", _json({"found": [*_names(served)]})
    for subject, facts in _inferred(served.store).items():
        yield f"why/{subject.removeprefix(BASE)}.json", _json(_reasons(served, facts))


def _addresses(served: Served, ask: Ask) -> Iterator[tuple[str, str]]:
    for name in ("about", "schema", "places", "timeline", "questions", "disputes"):
        yield name, f"/{name}"
    yield "overview", "/network"
    yield "whole", "/network?whole=1"
    for lang in payload.LANGUAGES:
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


def _names(served: Served) -> Iterator[dict[str, object]]:
    """Every name of every thing, those to be found first before the others."""
    found = sorted(search.labels(served.store), key=lambda row: (row[3], row[1], row[0]))
    called = payload.labels(served.store, [ox.NamedNode(iri) for iri, *_ in found])
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
    explain = why.reasons(served.store, served.rules)
    reasons = [reason for fact in facts if (reason := explain(fact))]
    terms = {term for reason in reasons for term in reason.terms()}
    return {"reasons": [payload.reason(reason) for reason in reasons], "names": payload.labels(served.store, terms)}
