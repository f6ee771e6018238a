"""Pages rendered by workers: once for all who wait, with an ETag, whatever an update has added to the graph."""

import asyncio
import gzip
import io
import socket
from collections.abc import Coroutine, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.vocab import PREFIXES
from kgraph.publish.pages import data
from kgraph.publish.pages.book import Book, book_of
from kgraph.rdf.store import STORE
from kgraph.server import run
from kgraph.server.http.cache import Cache, RenderedPage
from kgraph.server.pool.evaluator import Evaluator
from kgraph.server.pool.frames import Fault
from kgraph.server.pool.holding import Holding
from kgraph.server.pool.jobs import Page
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.workers import Workers
from kgraph.server.rendering import render
from kgraph.server.shown import WrittenResponse
from tests.serving import Serving, serving, without_socket

ODD = """
id:odd1 a se:Cluster . id:odd2 a se:Cluster ; skos:prefLabel "no language", "x"@de, 5 .
_:b a se:Cluster ; skos:prefLabel "blank"@en .
id:odd3 a org:Organization ; skos:prefLabel "Odd"@en ; se:seatIn "a literal", _:c ; org:classification 7 ;
    se:signedOn "yesterday", "2018-02-31"^^xsd:date, "99999-01-01"^^xsd:date ; dcterms:date "x"^^xsd:gYear .
id:odd4 a se:Place ; skos:prefLabel "P"@pl ; geo:hasGeometry _:g ; se:within id:odd4, 5, _:q .
_:g geo:asWKT "POINT(nonsense)"^^geo:wktLiteral, 5 .
id:mcps se:partOf _:z, "text" ; skos:prefLabel "Ā"@en-GB, ""@en, "third"@en .
_:m a org:Membership ; org:member id:mcps, "m" ; org:organization 5 ; org:role "r" .
id:mm a org:Membership ; org:member _:p ; org:organization _:o .
id:odd5 a "literal class", _:cls ; skos:prefLabel "x"@en .
<https://w3id.org/sekg/claim/zz> a se:Claim . claim:0000000000000000 a se:Claim ; rdf:subject id:mcps .
inference:00000000000000ff a se:Inference ; rdf:subject "x" . source:odd a se:Source .
se:odd a owl:Class . se:oddp a owl:ObjectProperty ; rdfs:domain _:u ; skos:prefLabel 5 .
id:unk a se:KnownUnknown . id:unk2 a se:KnownUnknown ; se:about "x" .
claim:aaaaaaaaaaaaaaaa se:contradicts claim:bbbbbbbbbbbbbbbb, "x", _:n .
id:agreement-2018 se:hasSignatory "s", _:s, 5 .
"""
VIEWS = (
    *("/about", "/schema", "/network", "/network?whole=1", "/network?focus=id:mcps", "/places", "/timeline"),
    *("/network?focus=id:odd3&as-of=2018-01-01", "/search?q=odd", "/search?q=blank", "/sources", "/disputes"),
    *("/questions", "/index.html", "/index.pl.html", "/page/ns.html", "/404.html", "/chain?from=id:odd3&to=id:mcps"),
    *(f"/table?kind={kind}" for kind in ("se:Cluster", "org:Organization", "se:Place", "se:Claim", "org:Membership")),
    *(f"/page/{name}.html" for name in ("things", "sources", "questions", "disputes", "unknowns")),
    *(f"/data/{name}.{form}" for name in ("sekg", "ns") for form in ("ttl", "nt", "jsonld")),
)
THINGS = (
    *(f"id/{name}" for name in ("odd1", "odd2", "odd3", "odd4", "odd5", "mm", "unk", "unk2", "mcps", "agreement-2018")),
    *("claim/aaaaaaaaaaaaaaaa", "claim/0000000000000000", "inference/00000000000000ff", "claim/zz", "source/odd"),
    *("ns/odd", "graph/claims", "graph/inferred"),
)


@pytest.fixture(scope="module")
def book(graph: ox.Store, folders: Folders) -> Book:
    """The book of a graph to which an update has added blank nodes, odd literals and half records."""
    store = ox.Store()
    store.bulk_extend(graph)
    store.update(f"INSERT DATA {{ {ODD} }}", prefixes=dict(PREFIXES))
    return book_of(store, folders)


def status(book: Book, address: str) -> int:
    path, _, query = address.partition("?")
    return render(book, Limits(), Page(path, query)).status_code


@pytest.mark.slow
def test_no_address_fails_after_an_update(book: Book) -> None:
    forms = ("/things/{}", "/things/{}?as-of=2018-03-22", "/page/{}.html", "/page/{}.pl.html", "/data/{}.ttl", "/{}")
    for address in (*VIEWS, *(form.format(thing) for form in forms for thing in THINGS)):
        assert status(book, address) in (200, 303, 404), address
    for name in book.questions:
        assert status(book, f"/questions/{name}") == 200 == status(book, f"/page/questions/{name}.html"), name


def test_records_of_inferences_have_no_reasons(book: Book) -> None:
    record = next(
        quad for quad in book.store.quads_for_pattern(None, None, None) if PREFIXES["inference"] in str(quad.subject)
    )
    assert isinstance(record.subject, ox.NamedNode)
    fact = {"subject": record.subject.value, "predicate": record.predicate.value, "object": str(record.object)}
    assert status(book, f"/why?{urlencode(fact)}") == 404


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    with serving() as started:
        yield started


def test_a_page_is_sent_again_only_when_it_has_changed(server: Serving) -> None:
    for address in ("/places", "/page/id/mcps.html", "/data/sekg.nt"):
        first = server.client.get(address)
        other = server.client.get(address, headers={"If-None-Match": '"0"'})
        assert other.content == first.content
        for tags in (first.headers["etag"], f'"0", W/{first.headers["etag"]}'):
            again = server.client.get(address, headers={"If-None-Match": tags})
            assert (again.status_code, again.content) == (304, b"")
        since = {"If-Modified-Since": first.headers["last-modified"]}
        assert server.client.get(address, headers=since).status_code == 304
        for fields in (
            {"If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"},
            {"If-Modified-Since": "no date"},
            since | {"If-None-Match": '"0"'},  # which counts more (RFC 9110, section 13.1.3)
        ):
            assert server.client.get(address, headers=fields).status_code == 200
        assert server.client.get(address, headers={"If-None-Match": "*"}).status_code == 304


def test_a_refused_method_is_told_with_those_that_are_allowed(server: Serving) -> None:
    for address, allowed in (("/page/id/mcps.html", "GET, HEAD"), ("/sparql", "GET, HEAD, POST")):
        for method in ("DELETE", "PROPFIND", "PUT"):
            answer = server.client.request(method, address)
            assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    host = server.client.base_url
    with socket.create_connection((host.host, host.port or 80)) as connection:
        connection.sendall(b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n")
        refused = connection.recv(4096).decode().lower()
    assert refused.startswith("http/1.1 405 ") and "\r\nallow: get, head, post\r\n" in refused


def test_a_page_is_compressed_by_the_worker(server: Serving) -> None:
    with server.client.stream("GET", "/places", headers={"Accept-Encoding": "gzip"}) as packed:
        content = b"".join(packed.iter_raw())
    plain = server.client.get("/places", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert gzip.decompress(content) == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]


def test_a_large_store_stays_on_disk(built: Path, folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LARGE", 0)
    small = run.Setup(folders, Limits(), open_store=lambda: ox.Store.read_only(str(built / "store"))).start()
    large = run.Setup(folders, Limits(), built).start()
    assert large.evaluator.workers[Page].folder and not small.evaluator.workers[Page].folder
    addresses = ("/things/id/mcps", "/page/id/mcps.html", "/questions/founders", "/sparql?query=ASK{?s%20?p%20?o}")
    try:
        with without_socket(small) as held:
            expected = [held(address, "*/*").content for address in addresses]
        with without_socket(large) as opened:
            assert [opened(address, "*/*").content for address in addresses] == expected
    finally:
        run.close(small)
        run.close(large)


def test_the_whole_graph_is_streamed_when_it_is_large(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "LARGE", 10)
    for form in ("nt", "ttl", "jsonld"):
        page = render(book, Limits(), Page(f"/data/sekg.{form}", headers=(("accept-encoding", "gzip"),)))
        assert isinstance(page, WrittenResponse)
        page.write(packed := io.BytesIO())
        found = ox.parse(gzip.decompress(packed.getvalue()), ox.RdfFormat.from_extension(form))
        every = book.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        assert sum(1 for _ in found) == sum(1 for _ in every)


async def kept(body: bytes, seconds: float = 0.05) -> RenderedPage:
    await asyncio.sleep(seconds)
    return RenderedPage(200, {}, len(body), body)


def test_a_page_is_rendered_once_for_all_who_wait() -> None:
    cache, begun = Cache(), []

    async def ask() -> None:
        def once() -> Coroutine[None, None, RenderedPage]:
            begun.append(1)
            return kept(b"x")

        answers = await asyncio.gather(*(cache.get(Page("/places"), once) for _ in range(50)))
        assert {answer.body for answer in answers} == {b"x"}
        found = cache.find(Page("/places"))
        assert found and found.body == b"x"

    asyncio.run(ask())
    assert begun == [1]


def test_a_page_for_which_nobody_waits_is_not_rendered_on() -> None:
    cache, ended = Cache(), []

    async def slow() -> RenderedPage:
        try:
            return await kept(b"x", 60)
        finally:
            ended.append(1)

    async def ask() -> None:
        waiting = [asyncio.create_task(cache.get(Page("/"), slow)) for _ in range(3)]
        await asyncio.sleep(0.01)
        waiting[0].cancel()
        await asyncio.sleep(0.01)
        assert not ended
        for other in waiting:
            other.cancel()
        again = asyncio.create_task(cache.get(Page("/"), lambda: kept(b"y", 0)))
        assert (await again).body == b"y"
        assert ended == [1] and not cache.flights

    asyncio.run(ask())


def test_old_pages_make_room() -> None:
    cache, large = Cache(), b"x" * 1024**2

    async def fill() -> None:
        for number in range(100):
            await cache.get(Page(f"/{number}"), lambda: kept(large, 0))
            cache.find(Page("/0"))

    asyncio.run(fill())
    assert cache.find(Page("/0")) and cache.find(Page("/99")) and not cache.find(Page("/1"))
    assert sum(page.size for page in cache.small.pages.values()) <= 64 * 1024**2


def test_an_error_of_ours_comes_with_its_traceback(built: Path) -> None:
    """A worker without what pages are written from cannot render one."""
    evaluator = Evaluator(Workers(Limits(), Holding(), folder=built / STORE))
    try:
        with pytest.raises(Fault, match=r"(?s)Traceback.*_render.*AssertionError"):
            asyncio.run(evaluator.evaluate(Page("/about")))
    finally:
        evaluator.close()
