"""HTML pages without JavaScript, for people and crawlers, from the bundled graph with malicious triples added."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import httpx
import pyoxigraph as ox
import pytest
import uvicorn
from playwright.sync_api import Browser, Dialog, Page, expect
from starlette.types import Receive, Scope, Send

from kgraph.base import words
from kgraph.base.media import DATA, RDF_XML
from kgraph.base.paths import Folders
from kgraph.base.vocab import BASE, EDITORIAL_GRAPH, TURTLE_PREFIXES, term
from kgraph.publish.pages import Site, writers
from kgraph.publish.pages.book import Book, book_of
from kgraph.rdf.store import fill
from kgraph.server import run
from kgraph.server.app import create_app
from kgraph.server.http.protocol import language
from kgraph.server.pool.limits import Limits
from kgraph.server.served import Served
from tests.browsing import faults, settled

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
TOP = "/graph"
FRONT = ("index.html", "index.pl.html", "404.html", "page.css", "explorer.html", "icon.svg")

REMOVED = """
<https://w3id.org/sekg/kind/topic/old> owl:deprecated true ; rdfs:label "Old topic"@en ; se:removedIn "1.1.0" .
id:old owl:deprecated true ; rdfs:label "Stara rzecz"@pl , "Old thing"@en ; se:removedIn "1.1.0" ;
    skos:changeNote "Była tu dwa razy."@pl , "It was here twice."@en ; dcterms:isReplacedBy id:mcps .
<https://w3id.org/sekg/claim/0123456789abcdef> owl:deprecated true ; se:removedIn "1.1.0" .
"""

LONE = '<https://w3id.org/sekg/kind/lone/concept> a skos:Concept ; skos:prefLabel "Lone"@en .'
"""An invented concept without a scheme."""
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
HOSTILE = f"""
id:odd a org:Organization ; skos:prefLabel "a\\u0001b"@en .
id:evil a org:Organization ;
    skos:prefLabel "{SCRIPT}"@en , "</title></script>{SCRIPT}"@pl ;
    skos:altLabel "\\u202Egnp.exe\\u2066"@en , "\\"'><svg onload=alert(3)>"@en ;
    skos:note "{{{{ 7 * 7 }}}} {{% raw %}}"@en , "{"x" * 1_000_000}"@en ;
    rdfs:seeAlso <javascript:alert(4)> , <data:text/html,alert(5)> , <https://example.org/?a=1&b=2> ;
    org:resultedFrom <javascript:alert(6)> .
"""


class Links(HTMLParser):
    """The links and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [value for name in ("href", "src") if (value := given.get(name))]
        if place := given.get("id"):
            self.anchors.append(place)


def with_triples(graph: ox.Store, turtle: str) -> ox.Store:
    """A copy of a graph with triples added to the editorial graph."""
    store = ox.Store()
    store.bulk_extend(graph)
    quads = ox.parse(TURTLE_PREFIXES + turtle, ox.RdfFormat.TURTLE)
    fill(store, [ox.Quad(quad.subject, quad.predicate, quad.object, EDITORIAL_GRAPH) for quad in quads])
    return store


SITE = Site(f"https://example.org{TOP}", "1.2.3", "2026-11-23")


@pytest.fixture(scope="module")
def book(graph: ox.Store, folders: Folders) -> Book:
    return book_of(with_triples(graph, REMOVED + LONE + HOSTILE), folders, SITE)


@pytest.fixture(scope="module")
def served(book: Book, folders: Folders) -> Iterator[Served]:
    started = run.Setup(folders, Limits(), open_store=lambda: book.store, site=SITE).start()
    yield started
    run.close(started)


@pytest.fixture(scope="module")
def here(served: Served) -> Iterator[str]:
    """The address of the site behind a proxy that strips the folder from paths."""
    app = create_app(served)

    async def below(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "path": scope["path"].removeprefix(TOP)} if "path" in scope else scope, receive, send)

    server = uvicorn.Server(uvicorn.Config(below, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}{TOP}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def client(here: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=here, timeout=30) as opened:
        yield opened


def seen(client: httpx.Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.text


@pytest.mark.slow
def test_every_page_can_be_read_in_both_languages_and_every_link_leads_somewhere(book: Book) -> None:
    paths = writers.paths(book)
    pages = {
        f"page/{path}{suffix}": Links(writers.written(book, path, lang)[0])
        for path in paths
        if not path.startswith(("claim/", "inference/")) or path.endswith("/0")
        for lang, suffix in (("en", ".html"), ("pl", ".pl.html"))
    }
    known = {f"page/{path}{suffix}" for path in paths for suffix in (".html", ".pl.html")} | {*FRONT}
    for address, page in pages.items():
        assert len(page.anchors) == len({*page.anchors}), address
        for link in page.links:
            target = urlsplit(urljoin(f"http://here/{address}", link))
            path = unquote(target.path.lstrip("/"))
            if target.netloc == "here" and not path.startswith("data/"):
                assert path in known, f"{address} links to {link}"
                if target.fragment and path in pages:
                    assert target.fragment in pages[path].anchors, f"{address} links to {link}"


@pytest.mark.parametrize(
    ("accept", "lang", "where"),
    [
        (BROWSER, "pl-PL,pl;q=0.9,en;q=0.8", "/page/id/mcps.pl.html"),
        (BROWSER, "de, en-GB;q=0.7, pl;q=0.3", "/page/id/mcps.html"),
        (BROWSER, "de", "/page/id/mcps.html"),
        ("text/turtle", "pl", "/data/id/mcps.ttl"),
        ("application/rdf+xml", "pl", "/data/id/mcps.rdf"),
        ("text/n3", "pl", "/data/id/mcps.ttl"),
        ("application/rdf+xml, text/html;q=0.5", "pl", "/data/id/mcps.rdf"),
        ("application/ld+json, text/html;q=0.9", "pl", "/data/id/mcps.jsonld"),
        ("application/n-triples;q=0.2, text/html;q=0.1", "pl", "/data/id/mcps.nt"),
        ("application/json", "", "/data/id/mcps.jsonld"),
        ("text/plain", "", "/data/id/mcps.nt"),
        ("application/x-turtle, text/plain;q=0.5", "", "/data/id/mcps.ttl"),
        ("application/xhtml+xml", "pl", "/page/id/mcps.pl.html"),
        ("application/*", "", "/data/id/mcps.jsonld"),
    ],
)
def test_a_thing_leads_where_the_client_wants(client: httpx.Client, accept: str, lang: str, where: str) -> None:
    answer = client.get("/id/mcps", headers={"Accept": accept, "Accept-Language": lang})
    assert (answer.status_code, answer.headers["location"]) == (303, TOP + where)
    assert {"Accept", "Accept-Language"} <= {*re.split(", *", answer.headers["vary"])}


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("/kind/role", "/page/kind/role.html"),
        ("/kind/role/director", "/page/kind/role.html#director"),
        ("/page/kind/role/director", "/page/kind/role.html#director"),
        ("/page/kind/role/director.pl.html", "/page/kind/role.pl.html#director"),
        ("/kind/role/director.jsonld", "/data/kind/role.jsonld"),
        ("/data/kind/role/director.ttl", "/data/kind/role.ttl"),
        ("/source/mcps-2018-klaster", "/page/source/mcps-2018-klaster.html"),
        ("/graph/claims", "/page/graph/claims.html"),
        ("/ns", "/page/ns.html"),
        ("/id/mcps.ttl", "/data/id/mcps.ttl"),
        ("/id/mcps.pl.html", "/page/id/mcps.pl.html"),
        ("/ns.jsonld", "/data/ns.jsonld"),
        ("/page/id/mcps", "/page/id/mcps.html"),
        ("/page/questions", "/page/questions.html"),
    ],
)
def test_each_kind_of_address_leads_to_its_page(client: httpx.Client, address: str, where: str) -> None:
    answer = client.get(address, headers={"Accept": BROWSER})
    assert (answer.status_code, answer.headers["location"]) == (303, TOP + where)
    assert client.head(address, headers={"Accept": BROWSER}).headers["location"] == TOP + where
    assert client.get(where).status_code == 200


def records(book: Book, part: str) -> list[str]:
    """The paths of all claims, removed ones included, or of all inferences."""
    shards = book.shards.members
    return [node.value.removeprefix(BASE) for path in shards if path.startswith(part) for node in shards[path]]


def test_a_fact_is_told_in_parts_that_need_no_grammar(client: httpx.Client) -> None:
    text = client.get("/page/claim/a.pl.html").text
    assert re.search(r'<h2 class="claim"><span class="sentence">.+ · <span class="relation">.+:</span> ', text, re.S)
    assert re.search(r"<title>\d+ twierdze(nia|ń) o skrócie zaczynającym się od a – .+</title>", text)


@pytest.mark.parametrize("part", ["claim", "inference"])
@pytest.mark.parametrize(("lang", "suffix"), [("en", ".html"), ("pl", ".pl.html")])
def test_an_old_address_of_a_record_leads_to_its_anchor(
    client: httpx.Client, book: Book, part: str, lang: str, suffix: str
) -> None:
    old = records(book, part)[-1]
    shard, digits = f"{part}/{old.partition('/')[2][0]}", old.partition("/")[2]
    for address in (f"/{old}", f"/page/{old}", f"/page/{old}{suffix}", f"/{old}{suffix}"):
        answer = client.get(address, headers={"Accept": BROWSER, "Accept-Language": lang})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{TOP}/page/{shard}{suffix}#{digits}")
    assert digits in Links(seen(client, f"/page/{shard}{suffix}")).anchors
    for form in ("ttl", "nt", "jsonld", "rdf"):
        for address in (f"/{old}.{form}", f"/data/{old}.{form}"):
            answer = client.get(address)
            assert (answer.status_code, answer.headers["location"]) == (303, f"{TOP}/data/{shard}.{form}")
        assert digits in seen(client, f"/data/{shard}.{form}")


@pytest.mark.parametrize(
    "address", ["/claim/ffffffffffffffff", "/page/claim/ffffffffffffffff.html", "/page/claim/x.html"]
)
def test_a_claim_that_never_was_is_not_there(client: httpx.Client, address: str) -> None:
    assert client.get(address, headers={"Accept": BROWSER}).status_code == 404


def test_the_words_of_a_claim_are_on_the_page_of_the_claim(client: httpx.Client, book: Book) -> None:
    evidence = next(
        quad.subject.value.removeprefix(BASE)
        for quad in book.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        if isinstance(quad.subject, ox.NamedNode)
        and re.search(r"claim/\w+-1-quote$", quad.subject.value)
        and quad.predicate == term("oa:exact")
    )
    digits = evidence.partition("/")[2].partition("-")[0]
    where = client.get(f"/{evidence}", headers={"Accept": BROWSER}).headers["location"]
    assert where == f"{TOP}/page/claim/{digits[0]}.html#{digits}"
    assert digits in Links(seen(client, where.removeprefix(TOP))).anchors
    data = client.get(f"/{evidence}", headers={"Accept": "text/turtle"}).headers["location"]
    assert data == f"{TOP}/data/claim/{digits[0]}.ttl"
    assert f"{evidence.replace('/', ':')} a oa:TextQuoteSelector" in seen(client, data.removeprefix(TOP))


@pytest.mark.parametrize(("lang", "words"), [("pl", "Nie ma takiej strony"), ("en", "There is no such page")])
@pytest.mark.parametrize("address", ["/id/nobody", "/page/id/nobody.html", "/data/id/nobody.ttl", "/no/such/place"])
def test_a_browser_gets_a_page_for_what_is_not_there(client: httpx.Client, address: str, lang: str, words: str) -> None:
    answer = client.get(address, headers={"Accept": BROWSER, "Accept-Language": lang})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert words in answer.text
    page = Links(answer.text)
    assert (
        urljoin(f"http://here{address}", next(link for link in page.links if "page.css" in link))
        == "http://here/page.css"
    )


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/turtle"])
def test_a_program_gets_a_problem_for_what_is_not_there(client: httpx.Client, accept: str) -> None:
    answer = client.get("/id/nobody", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_form_that_there_is_not_is_refused_with_those_there_are(client: httpx.Client) -> None:
    answer = client.get("/id/mcps", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["ns", "source/mcps-2018-klaster", "kind/role"])
def test_whatever_has_an_address_has_the_forms_that_the_rules_for_w3id_know(client: httpx.Client, path: str) -> None:
    forms = {"application/json": "jsonld", "text/plain": "nt", "application/x-turtle": "ttl", RDF_XML.media: "rdf"}
    for accept, suffix in forms.items():
        answer = client.get(f"/{path}", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{TOP}/data/{path}.{suffix}")


def test_something_like_a_name_is_suggested(client: httpx.Client) -> None:
    answer = client.get("/page/id/ziola.html", headers={"Accept": BROWSER})
    assert "../../page/id/ziola-siedleckie.html" in answer.text


@pytest.mark.parametrize(
    ("lang", "name", "note"), [("pl", "Stara rzecz", "Była tu dwa"), ("en", "Old thing", "It was here")]
)
def test_a_removed_thing_is_gone_and_says_what_replaces_it(
    client: httpx.Client, lang: str, name: str, note: str
) -> None:
    suffix = ".html" if lang == "en" else ".pl.html"
    for address in ("/id/old", f"/page/id/old{suffix}"):
        answer = client.get(address, headers={"Accept": BROWSER, "Accept-Language": lang})
        assert answer.status_code == 410
        assert name in answer.text and note in answer.text and "1.1.0" in answer.text
        assert '<meta name="robots" content="noindex">' in answer.text
        assert f"page/id/mcps{suffix}" in answer.text
    assert client.get("/id/old", headers={"Accept": "text/turtle"}).status_code == 410
    assert client.get("/id/old.ttl").headers["location"] == f"{TOP}/data/id/old.ttl"
    data = client.get("/data/id/old.ttl")
    assert data.status_code == 410 and "dcterms:isReplacedBy id:mcps" in data.text


def test_concepts_stand_on_the_page_of_their_scheme(client: httpx.Client) -> None:
    """Also those that were removed, and those of a scheme that the graph does not describe."""
    text = seen(client, "/page/kind/role.html")
    director = text.split('id="director"')[1].split('<section class="described')[0]
    assert "The person who heads an institution" in director and "Pierwszym jej dyrektorem" in director
    assert f'<code class="iri">{BASE}kind/role/director</code>' in director
    assert {"director", "acting-director"} <= {*Links(text).anchors}
    assert "role:director a org:Role" in seen(client, "/data/kind/role.ttl")
    gone = seen(client, "/page/kind/topic.html").split('id="old"')[1]
    assert "Old topic" in gone and "has been removed" in gone and "1.1.0" in gone
    assert client.get("/page/kind/topic/old.html").status_code == 410
    lone = seen(client, "/page/kind/lone.html")
    assert "kind:lone" in lone and 'id="concept"' in lone


@pytest.mark.parametrize(("suffix", "words"), [(".html", "This claim was part"), (".pl.html", "To twierdzenie było")])
def test_a_removed_claim_is_gone_and_its_address_stays(client: httpx.Client, suffix: str, words: str) -> None:
    answer = client.get(f"/page/claim/0123456789abcdef{suffix}")
    assert answer.status_code == 410 and words in answer.text and "1.1.0" in answer.text
    assert client.get("/claim/0123456789abcdef", headers={"Accept": "text/turtle"}).status_code == 410
    shard = seen(client, f"/page/claim/0{suffix}")
    assert 'id="0123456789abcdef"' in shard and words in shard
    assert "claim:0123456789abcdef owl:deprecated true" in seen(client, "/data/claim/0.ttl")


def test_the_address_of_an_inferred_fact_is_not_promised(client: httpx.Client, book: Book) -> None:
    for part, told in (("claim", "Permanent address"), ("inference", "Address in this version")):
        path = next(path for path in writers.paths(book) if path.startswith(part))
        own = len(book.shards.records(path))
        assert seen(client, f"/page/{path}.html").count(f"{told}: <code") == own > 0


def test_a_server_offers_no_files_that_it_has_not(client: httpx.Client) -> None:
    assert "For portals and archives" not in seen(client, "/index.html")


def test_a_page_shows_the_words_where_they_stand_and_who_says_them(client: httpx.Client) -> None:
    text = seen(client, "/page/id/ziola-siedleckie.html")
    assert '<q lang="pl" class="bare"><bdi>„Zioła Siedleckie”</bdi></q>' in text
    assert '<span class="where">(characters 1461–1479)</span>' in text
    assert "../../page/source/mcps-2018-klaster.html" in text
    assert "one source says so" in text
    assert "seat of the co-operative Zioła Siedleckie" in text
    assert seen(client, "/page/id/gmina-siedlce.html").count("without quotes") == 1
    assert "without quotes" not in text
    assert "sources differ" in seen(client, "/page/id/agreement-2020.html")


def test_a_membership_says_as_what_it_is_held(client: httpx.Client) -> None:
    text = seen(client, "/page/id/artur-pozorek.html")
    role = r'<a href="[^"]*role\.html#acting-director"><bdi>acting director</bdi></a>'
    span = "attested 22 March 2018 – 16 January 2019; end not known; later in this office:"
    assert re.search(rf"<bdi>Mazovian Centre for Social Policy</bdi></a>, {role} <span class=.when.>{span}", text)
    assert "Aleksander Kornatowski" in text.split(span)[1].split("</span>")[0]


def test_an_inferred_fact_says_why_down_to_the_words(client: httpx.Client) -> None:
    text = seen(client, "/page/id/relaksownia.html")
    why = next(part for part in text.split('<details class="why">') if "rules/co-signing" in part)
    assert "<summary>Both signed the same agreement" in why and "„Relaksownia”" in why
    folded = text.split('<details class="folded">')[1].split("</details>")[0]
    assert "Member of" in folded and "page/inference/" in folded
    signing = seen(client, "/page/id/signing-2018.html")
    assert '<a href="../../page/ns.html#tookPlaceAt">se:tookPlaceAt</a>' in signing


def test_an_opinion_is_no_fact(client: httpx.Client) -> None:
    text = seen(client, "/page/id/cluster-siedlce.html")
    first = next(part for part in text.split('<p class="what">') if "superlative" in part)
    assert f'<span class="chip said">{words.text("en", "common.marks.said")}</span>' in first
    assert text.index("Opinions and announcements") < text.index("superlative")


def test_both_sides_of_a_dispute_stand_side_by_side(client: httpx.Client) -> None:
    text = seen(client, "/page/disputes.pl.html")
    assert "15 kwietnia 1991" in text and "14 kwietnia 1991" in text
    assert "22 marca (rok niepodany)" in text and "uściśla" in text


def test_the_ontology_has_a_place_for_each_term(client: httpx.Client) -> None:
    text = seen(client, "/page/ns.pl.html")
    section = text.split('id="representedAt"')[1].split("</section>")[0]
    assert "rules/representation" in section and "Co zgłasza kontrola danych" in section
    assert {"Cluster", "within", "org-Membership", "foaf-Person"} <= {*Links(text).anchors}


def test_every_claim_and_every_inference_can_be_reached(client: httpx.Client, book: Book) -> None:
    listed = {*re.findall(r"page/(inference)/\w\.html#(\w+)", seen(client, "/page/graph/inferred.html"))}
    sources = [path for path in writers.paths(book) if path.startswith("source/")]
    listed |= {
        claim
        for path in sources
        for claim in re.findall(r"page/(claim)/\w\.html#(\w+)", seen(client, f"/page/{path}.html"))
    }
    known = {*records(book, "claim"), *records(book, "inference")} - {"claim/0123456789abcdef"}
    assert listed == {tuple(path.split("/")) for path in known}
    anchors = {
        (path.partition("/")[0], anchor)
        for path in writers.paths(book)
        if path.startswith(("claim/", "inference/"))
        for anchor in Links(seen(client, f"/page/{path}.html")).anchors
    }
    assert listed <= anchors


def test_what_differs_in_time_is_shown_as_a_change(client: httpx.Client) -> None:
    for ending, title in (("", "A change over time"), (".pl", "Zmiana w czasie")):
        text = seen(client, f"/page/id/mmes-2024{ending}.html")
        assert title in text and 'class="differences"' not in text


def test_a_question_has_its_answer_and_can_be_asked_live(client: httpx.Client) -> None:
    text = seen(client, "/page/questions/founders.pl.html")
    assert text.count("<tr>") == 6
    assert "../../explorer.html#/questions?:question=founders&amp;lang=pl" in text
    assert "#+ title" not in text and "SELECT ?founder" in text


def test_the_source_of_every_fact_can_be_downloaded(client: httpx.Client) -> None:
    for address in ("/data/sekg.nt", "/data/graph/claims.ttl", "/data/ns.jsonld", "/data/source/mcps-2018-klaster.nt"):
        assert client.get(address).status_code == 200
    links = client.get("/data/id/mcps.ttl").headers["link"]
    assert f'<{BASE}id/mcps>; rel="describes"' in links
    assert '<../../page/id/mcps.html>; rel="alternate"; type="text/html"' in links


def test_a_thing_is_the_same_in_all_its_forms(client: httpx.Client) -> None:
    told = {}
    for form in DATA:
        answer = client.get(f"/data/kind/role.{form.name}")
        assert answer.headers["content-type"].partition(";")[0] == form.media
        read = ox.parse(answer.content, ox.RdfFormat.from_media_type(form.media))
        told[form.name] = {quad.triple for quad in read}
        assert f'role.{form.name}"' in client.get("/page/kind/role.html").text
        assert (
            f'/role.{form.name}>; rel="describedby"; type="{form.media}"'
            in client.get("/page/kind/role.html").headers["link"]
        )
        others = {known.name for known in DATA if f"<role.{known.name}>" in answer.headers["link"]}
        assert others == {known.name for known in DATA} - {form.name}
    assert len(told["ttl"]) > 100 and all(triples == told["ttl"] for triples in told.values())


def test_what_xml_cannot_hold_is_not_there_in_rdf_xml(client: httpx.Client) -> None:
    answer = client.get("/data/id/odd.rdf")
    assert answer.status_code == 404 and "take Turtle" in answer.json()["detail"]
    told = ox.parse(client.get("/data/id/odd.nt").content, ox.RdfFormat.N_TRIPLES)
    assert "a\x01b" in {quad.object.value for quad in told}


def test_a_page_says_of_itself_what_machines_ask(client: httpx.Client) -> None:
    answer = client.get("/page/id/mcps.pl.html")
    assert '<link rel="canonical" href="https://example.org/graph/page/id/mcps.pl.html">' in answer.text
    assert '<link rel="alternate" hreflang="en" href="https://example.org/graph/page/id/mcps.html">' in answer.text
    for name in (
        "title",
        "creator",
        "publisher",
        "identifier",
        "description",
        "subject",
        "type",
        "rights",
        "language",
    ):
        assert f'<meta name="DC.{name}"' in answer.text, name
    for rel in ("cite-as", "describedby", "license", "type", "author", "collection"):
        assert f'rel="{rel}"' in answer.headers["link"] and f'<link rel="{rel}"' in answer.text, rel
    assert f'<{BASE}id/mcps>; rel="cite-as"' in answer.headers["link"]
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text)
    assert block and json.loads(block[1])["@id"] == f"{BASE}id/mcps"
    assert json.loads(block[1])["subjectOf"]["license"] and "license" not in json.loads(block[1])  # no place has one
    first = client.get("/index.html").headers["link"]
    assert 'rel="item"' in first and 'rel="collection"' not in first
    assert "1.2.3" not in answer.text and "2026-11-23" not in answer.text  # else each release would change each page


def test_the_page_for_files_that_are_not_there_works_from_any_folder(client: httpx.Client) -> None:
    text = seen(client, "/404.html")
    assert 'href="/graph/page.css"' in text
    assert "There is no such page" in text and "Nie ma takiej strony" in text


def test_hostile_text_stays_text(client: httpx.Client) -> None:
    for address in ("/page/id/evil.html", "/page/id/evil.pl.html", "/page/things.html", "/id/evil.html"):
        text = client.get(address, follow_redirects=True).text
        assert "<script>alert" not in text and "<img src=x" not in text and "<svg onload" not in text
    text = seen(client, "/page/id/evil.html")
    assert "&lt;script&gt;alert(1)" in text and "{{ 7 * 7 }}" in text
    assert "⟨U+202E⟩gnp.exe⟨U+2066⟩" in text and "\u202e" not in text
    assert 'href="javascript:' not in text and "javascript:alert(4)" in text and 'href="data:text' not in text
    assert 'href="https://example.org/?a=1&amp;b=2"' in text
    assert len(text) < 60_000


def test_a_hostile_address_is_not_there(client: httpx.Client) -> None:
    for address in (
        "/page/id/%22%3E%3Cscript%3E.html",
        "/id/%0d%0aX: y",
        "/page/id/../../etc/passwd.html",
        "/page/.html",
    ):
        answer = client.get(address, headers={"Accept": BROWSER})
        assert answer.status_code == 404
        assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("accept", "best"),
    [
        ("", None),
        ("pl", "pl"),
        ("en;q=0.2, pl-PL;q=0.4", "pl"),
        ("*", "en"),
        ("pl;q=0, *", "en"),
        ("de, fr;q=0.9", None),
    ],
)
def test_the_language_that_is_wanted_most(accept: str, best: str | None) -> None:
    assert language(accept, ("en", "pl")) == best


# ── In a browser ──


@pytest.fixture
def opened(browser: Browser, here: str) -> Iterator[Callable[..., Page]]:
    """A function that opens an address; no console message, dialog or request to another host may occur."""
    wrong: list[str] = []
    contexts = []

    def refuse(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    def open_page(at: str, *, dark: bool = False, width: int = 1400) -> Page:
        context = browser.new_context(
            color_scheme="dark" if dark else "light", viewport={"width": width, "height": 900}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("dialog", refuse)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith(here) else wrong.append(r.url))
        page.goto(here + at)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.mark.parametrize(
    "at",
    [
        "/page/id/evil.html",
        *(pytest.param(at, marks=pytest.mark.slow) for at in ("/page/id/evil.pl.html", "/page/things.html")),
    ],
)
def test_nothing_hostile_runs_in_a_browser(opened: Callable[..., Page], at: str) -> None:
    page = opened(at)
    settled(page)
    assert page.locator("img").count() == 1 and page.locator("svg").count() == 0


@pytest.mark.parametrize(
    "at",
    [
        "/index.pl.html",
        "/page/id/ziola-siedleckie.html",
        *(
            pytest.param(f"/page/{page}.html", marks=pytest.mark.slow)
            for page in (
                "questions/founders",
                "disputes",
                "source/mcps-2018-klaster.pl",
                "kind/legal-form",
                "ns",
                "questions.pl",
                "sources",
                "things.pl",
                "graph/claims",
            )
        ),
    ],
)
@pytest.mark.parametrize(("dark", "width"), [(True, 390), pytest.param(False, 1400, marks=pytest.mark.slow)])
def test_everybody_can_read_a_page(opened: Callable[..., Page], at: str, dark: bool, width: int) -> None:
    page = opened(at, dark=dark, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = faults(page)
    assert found == [], "\n".join(f"{fault['help']}: {fault['nodes'][0]['html']}" for fault in found)


@pytest.mark.slow
def test_claims_and_inferences_can_be_read_by_everybody(opened: Callable[..., Page], book: Book) -> None:
    for part in ("claim/", "inference/"):
        path = next(path for path in writers.paths(book) if path.startswith(part))
        found = faults(opened(f"/page/{path}.html"))
        assert [fault["help"] for fault in found] == []


def test_from_the_landing_page_to_the_words(opened: Callable[..., Page]) -> None:
    page = opened("/index.html")
    page.get_by_role("link", name="Browse everything").click()
    page.get_by_role("link", name="Zioła Siedleckie Social Co-operative").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zioła Siedleckie Social Co-operative")
    page.locator("details.why summary").first.click()
    expect(page.locator("details.why[open] q").first).to_be_visible()
    page.get_by_role("link", name="Polski").click()
    expect(page.locator("html")).to_have_attribute("lang", "pl")


def test_the_server_answers_without_a_trace_of_other_files(here: str) -> None:
    assert httpx.get(f"{here}/page.css").headers["content-type"].startswith("text/css")
    assert httpx.get(f"{here}/explorer.html").text == httpx.get(f"{here}/").text


def test_a_term_with_a_chain_has_data(client: httpx.Client) -> None:
    assert "owl:propertyChainAxiom ( se:seatIn se:within )" in client.get("/data/ns/seatIn.ttl").text
    assert client.get("/data/ns/seatIn.nt").status_code == client.get("/data/ns/seatIn.jsonld").status_code == 200
