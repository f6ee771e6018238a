"""The SPARQL 1.1 Protocol, Service Description and Graph Store Protocol, by section of the specifications."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pandas as pd
import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.vocab import term
from kgraph.build import pipeline
from kgraph.graph.names import search
from kgraph.rdf.store import open_built
from tests.command import kgraph
from tests.serving import JSON_RESULTS, Serving, descendants, serving

TOKEN = "a-token-for-tests"
WRITES = {"Authorization": f"Bearer {TOKEN}"}
FORM = "application/x-www-form-urlencoded"
G = "http://example.org/protocol/"
DATA = {
    "one": "<http://example.org/a> <http://example.org/p> <http://example.org/b> .",
    "two": "<http://example.org/a> <http://example.org/p> <http://example.org/b> , <http://example.org/c> .",
    "three": "<http://example.org/d> <http://example.org/p> <http://example.org/e> .",
}
XML = "application/sparql-results+xml"

pytestmark = [pytest.mark.server, pytest.mark.process]


def build(folder: Path) -> Path:
    """A folder with a store: an empty default graph and three named graphs, two of which share a triple."""
    store = ox.Store(str(folder / "store"))
    for name, turtle in DATA.items():
        store.load(turtle.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(G + name))
    store.flush()
    return folder


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving("--graph", str(build(tmp_path_factory.mktemp("read")))) as server:
        yield server


@pytest.fixture(scope="module")
def writing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = build(tmp_path_factory.mktemp("write"))
    with serving("--graph", str(folder), "--writable", env={"KGRAPH_TOKEN": TOKEN}) as server:
        yield server


@pytest.fixture(params=["reading", "writing"])
def server(request: pytest.FixtureRequest) -> Serving:
    """A read-only server and a writable one, which must answer queries alike."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Serving)
    return found


def yes(answer: httpx.Response) -> bool:
    assert answer.status_code == 200, answer.text
    found = answer.json()["boolean"]
    assert isinstance(found, bool)
    return found


def post(server: Serving, content: str | bytes, media: str, **headers: str) -> httpx.Response:
    return server.client.post("/sparql", content=content, headers={"Content-Type": media, **headers})


# 2.1 query operation


def test_query_via_get(server: Serving) -> None:
    assert yes(server.ask("ASK {}"))


def test_query_via_form(server: Serving) -> None:
    assert yes(post(server, "query=ASK%20%7B%7D", FORM))


def test_query_via_direct_post(server: Serving) -> None:
    assert yes(post(server, "ASK {}", "application/sparql-query"))
    assert yes(post(server, "ASK {}", "application/sparql-query; charset=UTF-8"))


@pytest.mark.parametrize(
    ("form", "accept", "media"),
    [
        ("SELECT ?s { ?s ?p ?o }", accept, accept)
        for accept in (JSON_RESULTS, XML, "text/csv", "text/tab-separated-values")
    ]
    + [("ASK {}", accept, accept) for accept in (JSON_RESULTS, XML)]
    + [
        (query, accept, accept)
        for query in ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", f"DESCRIBE <{G}one>")
        for accept in ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json")
    ],
)
def test_the_answer_has_the_type_that_was_asked_for(server: Serving, form: str, accept: str, media: str) -> None:
    answer = server.ask(form, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media


@pytest.mark.parametrize(("name", "media"), [("csv", "text/csv"), ("text/csv", "text/csv"), ("xml", XML)])
def test_a_format_in_the_address_goes_before_accept(server: Serving, name: str, media: str) -> None:
    given = {"query": "SELECT ?s { ?s ?p ?o } LIMIT 1", "format": name}
    answer = server.client.get("/sparql", params=given, headers={"Accept": JSON_RESULTS})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media)
    assert server.client.post("/sparql", data=given).headers["content-type"].partition(";")[0] == media


def test_an_unknown_format_names_the_known_ones(server: Serving) -> None:
    answer = server.client.get("/sparql", params={"query": "ASK {}", "format": "xlsm"})
    assert (answer.status_code, answer.json()["detail"][:23]) == (400, "no format 'xlsm'; there")


def test_pandas_reads_an_answer_by_its_address(reading: Serving) -> None:
    text = quote("SELECT ?s ?o { GRAPH ?g { ?s ?p ?o } }")
    frame = pd.read_csv(f"{reading.url}/sparql?format=csv&query={text}")
    assert list(frame.columns) == ["s", "o"] and len(frame) == 4


def test_head_has_the_headers_of_get(server: Serving) -> None:
    answer = server.client.head("/sparql", params={"query": "ASK {}"}, headers={"Accept": XML})
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, XML, b"")


# 2.1.4 dataset of the request

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"


def dataset(server: Serving, query: str, method: str, *pairs: tuple[str, str]) -> list[str]:
    given: list[tuple[str, str | int | float | bool | None]] = [("query", query), *((n, G + g) for n, g in pairs)]
    if method == "get":
        answer = server.client.get("/sparql", params=given, headers={"Accept": JSON_RESULTS})
    elif method == "form":
        answer = post(server, str(httpx.QueryParams(given)), FORM)
    else:
        answer = server.client.post(
            "/sparql", params=given[1:], content=query, headers={"Content-Type": "application/sparql-query"}
        )
    assert answer.status_code == 200, answer.text
    return [next(iter(row.values()))["value"] for row in answer.json()["results"]["bindings"]]


@pytest.mark.parametrize("method", ["get", "form", "direct"])
@pytest.mark.parametrize(
    ("query", "pairs", "expected"),
    [
        (COUNT, [], ["0"]),
        (COUNT, [("default-graph-uri", "one")], ["1"]),
        (COUNT, [("default-graph-uri", "one"), ("default-graph-uri", "two")], ["2"]),
        (COUNT, [("default-graph-uri", "nothing")], ["0"]),
        (COUNT, [("named-graph-uri", "two")], ["0"]),
        (GRAPHS, [("named-graph-uri", "one"), ("named-graph-uri", "three")], [f"{G}one", f"{G}three"]),
        (GRAPHS, [("default-graph-uri", "one")], []),
        (
            GRAPHS,
            [("default-graph-uri", "one"), ("default-graph-uri", "three"), ("named-graph-uri", "two")],
            [f"{G}two"],
        ),
        (f"SELECT (COUNT(*) AS ?n) FROM <{G}one> WHERE {{ ?s ?p ?o }}", [("default-graph-uri", "two")], ["2"]),
        (f"SELECT (COUNT(*) AS ?n) FROM <{G}one> FROM <{G}two> WHERE {{ ?s ?p ?o }}", [], ["2"]),
        (
            f"SELECT ?g FROM NAMED <{G}one> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            [("named-graph-uri", "three")],
            [f"{G}three"],
        ),
    ],
)
def test_the_dataset_of_the_request(
    server: Serving, query: str, pairs: list[tuple[str, str]], expected: list[str], method: str
) -> None:
    assert dataset(server, query, method, *pairs) == expected


# rejected query operations


def test_a_method_other_than_get_and_post(server: Serving) -> None:
    answer = server.client.put("/sparql", params={"query": "ASK {}"})
    assert answer.status_code == 405


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        ("query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", FORM, 400),
        ("ASK {}", "text/plain", 415),
        ("query=ASK%20%7B%7D", "text/plain", 415),
        ("query=ASK%20%7B%7D", "", 415),
        ("ASK {}", "", 415),
        ("ASK {}".encode("utf-16"), "application/sparql-query; charset=UTF-16", 400),
        (b"ASK { ?s ?p '\xff' }", "application/sparql-query", 400),
        ("query=ASK%20%7B%20%27%FF%27%20%7D", FORM, 400),
        ("query=ASK%20%7B", FORM, 400),
        ("query=ASK%20%7B%7D&update=CLEAR%20ALL", FORM, 400),
        ("query=ASK%20%7B%7D&default-graph-uri=a%20b", FORM, 400),
        ("", FORM, 400),
    ],
)
def test_a_bad_query_operation(server: Serving, content: str | bytes, media: str, status: int) -> None:
    answer = post(server, content, media)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


# 2.2 update operation


def changed(server: Serving, content: str, media: str = "application/sparql-update", query: str = "") -> httpx.Response:
    answer = server.client.post(f"/sparql{query}", content=content, headers={"Content-Type": media, **WRITES})
    assert answer.status_code in (200, 204), answer.text
    return answer


def test_update_via_form_and_via_direct_post(writing: Serving) -> None:
    changed(writing, f"CLEAR GRAPH <{G}new>")
    changed(writing, str(httpx.QueryParams(update=f"INSERT DATA {{ GRAPH <{G}new> {{ <a:a> <a:p> 1 }} }}")), FORM)
    changed(writing, f"INSERT DATA {{ GRAPH <{G}new> {{ <a:a> <a:p> 2 }} }}")
    assert yes(writing.ask(f"ASK {{ GRAPH <{G}new> {{ <a:a> <a:p> 1, 2 }} }}"))


INSERT = f"CLEAR GRAPH <{G}into> ; INSERT {{ GRAPH <{G}into> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}"
INSERT_NAMED = (
    f"CLEAR GRAPH <{G}into> ; INSERT {{ GRAPH <{G}into> {{ ?s ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}"
)
INSERT_BOTH = f"""CLEAR GRAPH <{G}into> ;
INSERT {{ GRAPH <{G}into> {{ ?s ?p ?o }} }} WHERE {{ {{ GRAPH ?g {{ ?s ?p ?o }} }} UNION {{ ?s ?p ?o }} }}"""


@pytest.mark.parametrize("media", ["application/sparql-update", FORM])
@pytest.mark.parametrize(
    ("update", "pairs", "expected"),
    [
        (INSERT, [("using-graph-uri", "one")], 1),
        (INSERT, [("using-graph-uri", "one"), ("using-graph-uri", "three")], 2),
        (INSERT_NAMED, [("using-named-graph-uri", "two"), ("using-named-graph-uri", "three")], 3),
        (INSERT_BOTH, [("using-graph-uri", "one"), ("using-named-graph-uri", "three")], 2),
    ],
)
def test_the_dataset_of_an_update(
    writing: Serving, update: str, pairs: list[tuple[str, str]], expected: int, media: str
) -> None:
    given = httpx.QueryParams([(name, G + graph) for name, graph in pairs])
    if media == FORM:
        changed(writing, f"{httpx.QueryParams(update=update)}&{given}", FORM)
    else:
        changed(writing, update, query=f"?{given}")
    assert dataset(writing, COUNT, "get", ("default-graph-uri", "into")) == [str(expected)]


def test_an_update_has_a_base(writing: Serving) -> None:
    changed(writing, f"CLEAR GRAPH <{G}base> ; INSERT DATA {{ GRAPH <{G}base> {{ <a:s> <a:p> <test> }} }}")
    answer = writing.ask(f"SELECT ?o WHERE {{ GRAPH <{G}base> {{ <a:s> <a:p> ?o }} }}")
    assert answer.json()["results"]["bindings"][0]["o"]["value"].startswith("http://127.0.0.1")


@pytest.mark.parametrize(
    ("content", "media", "query", "status"),
    [
        ("update=CLEAR%20ALL&update=CLEAR%20ALL", FORM, "", 400),
        ("CLEAR GRAPH <a:b>", "text/plain", "", 415),
        ("update=CLEAR%20GRAPH%20%3Ca%3Ab%3E", "", "", 415),
        ("CLEAR GRAPH <a:b>".encode("utf-16"), "application/sparql-update; charset=UTF-16", "", 400),
        ("update=CLEAR%20XYZ", FORM, "", 400),
        ("ASK {}", "application/sparql-update", "", 400),
        (
            f"INSERT {{ <a:a> <a:b> 1 }} USING <{G}one> WHERE {{}}",
            "application/sparql-update",
            f"?using-graph-uri={G}two",
            400,
        ),
        (
            f"WITH <{G}one> INSERT {{ <a:a> <a:b> 1 }} WHERE {{}}",
            "application/sparql-update",
            f"?using-graph-uri={G}two",
            400,
        ),
        ("LOAD <http://127.0.0.1:9/>", "application/sparql-update", "", 403),
        ("LOAD SILENT <file:///etc/passwd>", "application/sparql-update", "", 403),
        (
            "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "application/sparql-update",
            "",
            403,
        ),
    ],
)
def test_a_bad_update_operation(writing: Serving, content: str, media: str, query: str, status: int) -> None:
    before = whole(writing)
    answer = writing.client.post(f"/sparql{query}", content=content, headers={"Content-Type": media, **WRITES})
    assert answer.status_code == status, answer.text
    assert whole(writing) == before


def test_an_update_with_get(server: Serving) -> None:
    assert server.client.get("/sparql", params={"update": "CLEAR ALL"}, headers=WRITES).status_code in (400, 405)


def whole(server: Serving) -> set[str]:
    answer = server.ask("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", "text/tab-separated-values")
    return set(answer.text.splitlines())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": f"Basic {TOKEN}"}, 401),
        ({**WRITES, "Origin": "https://evil.example"}, 403),
        ({**WRITES, "Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_only_the_token_writes_and_no_other_site(writing: Serving, headers: dict[str, str], status: int) -> None:
    before = whole(writing)
    for answer in (
        writing.client.post("/sparql", data={"update": "CLEAR ALL"}, headers=headers),
        writing.client.delete("/store?default", headers=headers),
    ):
        assert answer.status_code == status
    assert whole(writing) == before


def test_only_who_has_the_token_sends_much(writing: Serving) -> None:
    """Without the token, a long form is rejected before it is read to its end or decoded."""
    form, headers = b"update=INSERT%20DATA%20%7B%7D%20%23" + b"%41" * 400_000, {"Content-Type": FORM}
    refused = writing.client.post("/sparql", content=form, headers=headers)
    assert (refused.status_code, "without the token" in refused.json()["detail"]) == (413, True)
    wrong = {**headers, "Authorization": "Bearer wrong"}
    assert writing.client.post("/sparql", content=form, headers=wrong).status_code == 413
    assert writing.client.post("/sparql", content=form, headers=headers | WRITES).status_code == 204
    media = {"Content-Type": "application/sparql-update"}
    assert writing.client.post("/sparql", content=b"#" * 2_000_000, headers=media).status_code == 401


def test_a_server_for_reading_takes_no_update(reading: Serving) -> None:
    before = whole(reading)
    assert post(reading, "CLEAR ALL", "application/sparql-update", **WRITES).status_code == 403
    assert reading.client.put("/store?default", content="", headers=WRITES).status_code == 403
    assert whole(reading) == before


def test_what_was_acknowledged_is_there_after_kill_9(tmp_path: Path) -> None:
    folder = build(tmp_path)
    arguments = ("--graph", str(folder), "--writable")
    with serving(*arguments, env={"KGRAPH_TOKEN": TOKEN}) as server:
        for number in range(20):
            changed(server, f"INSERT DATA {{ <a:a> <a:p> {number} }}")
        processes = descendants(server.process.pid)
        for pid in (server.process.pid, *processes):
            os.kill(pid, signal.SIGKILL)
    with serving(*arguments, env={"KGRAPH_TOKEN": TOKEN}) as again:
        assert again.ask(COUNT).json()["results"]["bindings"][0]["n"]["value"] == "20"
    assert len(list(folder.glob(".reading-*"))) <= 3


def test_what_was_written_is_found_by_its_name_and_the_next_build_begins_anew(tmp_path: Path, bare: Folders) -> None:
    folder = tmp_path / "built"
    made = pipeline.build(folder, pipeline.Recipe(bare))
    with serving("--graph", str(folder), "--writable", env={"KGRAPH_TOKEN": TOKEN}) as server:
        changed(server, 'INSERT DATA { id:new a se:Cluster ; skos:prefLabel "Klaster Zmyślony"@pl }')
    found = kgraph("search", "zmyslony", "--graph", folder)
    assert "Klaster Zmyślony" in found.stdout, found.stderr
    assert pipeline.build(folder, pipeline.Recipe(bare)) == made
    assert not search.find(search.open_index(ox.Store(), folder), "zmyslony")
    assert term("id:new") not in {quad.subject for quad in open_built(folder)}


# Service Description


def test_the_description_tells_what_is_there(server: Serving, writing: Serving) -> None:
    for media, form in (
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
    ):
        answer = server.client.get("/sparql", headers={"Accept": media, "Host": server.url.removeprefix("http://")})
        assert answer.headers["content-type"].startswith(media)
        said = ox.Store()
        said.load(answer.content, format=form)
        asked = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> ASK { ?s a sd:Service ; %s }"
        assert said.query(asked % f"sd:endpoint <{server.url}/sparql> ; sd:supportedLanguage sd:SPARQL11Query")
        assert bool(said.query(asked % "sd:supportedLanguage sd:SPARQL11Update")) == (server is writing)
        assert not said.query(asked % "sd:feature sd:BasicFederatedQuery")
        assert said.query(asked % f"sd:defaultDataset/sd:namedGraph/sd:name <{G}one>")


# Graph Store Protocol


def test_graphs_are_read(server: Serving) -> None:
    answer = server.client.get("/store", params={"graph": f"{G}two"}, headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200
    assert len(answer.text.splitlines()) == 2
    assert server.client.head("/store", params={"graph": f"{G}two"}).status_code == 200
    assert server.client.get("/store?default").status_code == 200
    assert server.client.get("/store", params={"graph": f"{G}nothing"}).status_code == 404
    assert server.client.get("/store").status_code == 400
    assert server.client.get(f"/store?default&graph={G}one").status_code == 400
    assert server.client.get("/store?default", headers={"Accept": "image/png"}).status_code == 406


def test_graphs_are_written(writing: Serving) -> None:
    address, turtle = f"/store?graph={G}written", {"Content-Type": "text/turtle", **WRITES}

    def rows() -> int:
        found = writing.client.get(address, headers={"Accept": "application/n-triples"})
        return len(found.text.splitlines()) if found.status_code == 200 else -1

    put = writing.client.put
    assert put(address, content="<a:a> <a:b> 1, 2 .", headers=turtle).status_code == 201
    assert rows() == 2
    assert put(address, content="<a:a> <a:b> 3 .", headers=turtle).status_code == 204
    assert rows() == 1
    assert writing.client.post(address, content="<a:a> <a:b> 4 .", headers=turtle).status_code == 204
    assert rows() == 2
    assert put(address, content="", headers=turtle).status_code == 204
    assert rows() == 0
    assert writing.client.delete(address, headers=WRITES).status_code == 204
    assert rows() == -1
    assert writing.client.delete(address, headers=WRITES).status_code == 404


@pytest.mark.parametrize(
    ("content", "media", "status", "words"),
    [
        (b"<a:a> <a:b> .", "text/turtle", 400, "cannot be read"),
        (b"<a:a> <a:b> '\xff' .", "text/turtle", 400, "cannot be read"),
        (b"x", "text/csv", 415, "send text/turtle"),
        (b"x", "", 415, "send text/turtle"),
        (b"[" * 5000 + b"]" * 5000, "application/ld+json", 400, "nested too deeply"),
        (b'{"@context": "http://127.0.0.1:9/c", "@id": "a:b"}', "application/ld+json", 400, "cannot be read"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><rdf:RDF/>', "application/rdf+xml", 400, "DOCTYPE"),
    ],
)
def test_a_bad_graph_changes_nothing(writing: Serving, content: bytes, media: str, status: int, words: str) -> None:
    before = whole(writing)
    headers = {"Content-Type": media, **WRITES}
    answer = writing.client.put(f"/store?graph={G}one", content=content, headers=headers)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text
    assert whole(writing) == before


def test_a_compressed_body_is_not_taken(writing: Serving) -> None:
    headers = {"Content-Type": "text/turtle", "Content-Encoding": "gzip", **WRITES}
    assert writing.client.put("/store?default", content=b"\x1f\x8b", headers=headers).status_code == 415


def triples(server: Serving, address: str) -> list[str]:
    """The lines of a graph in N-Triples, sorted; the statement that there is none fails."""
    answer = server.client.get(address, headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200, answer.text
    return sorted(answer.text.splitlines())


def test_a_posted_graph_without_a_name_gets_one(writing: Serving) -> None:
    """Section 5.5: 201 with Location, the IRI of the new graph, by which it is found in both ways."""
    turtle = {"Content-Type": "text/turtle", **WRITES}
    answer = writing.client.post("/store", content="<> <a:b> 1 .", headers=turtle)
    made = answer.headers["location"]
    assert answer.status_code == 201 and made.startswith(f"{writing.url}/store/")
    row = f'<{made}> <a:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    assert triples(writing, made) == triples(writing, f"/store?graph={made}") == [row]
    assert writing.client.post("/store", content="<> <a:b> 1 .", headers=turtle).headers["location"] != made
    assert writing.client.post("/store", content="nonsense", headers=turtle).status_code == 400
    assert (
        writing.client.post("/store", content="<> <a:b> 1 .", headers={"Content-Type": "text/turtle"}).status_code
        == 401
    )


def test_the_address_of_a_graph_is_its_name(writing: Serving) -> None:
    """Section 4.1, direct identification, for the addresses below /store/."""
    address, turtle = "/store/people/ż%C3%B3", {"Content-Type": "text/turtle", **WRITES}
    client = writing.client
    assert client.get(address).status_code == 404
    assert client.put(address, content="<a:a> <a:b> <a:c> .", headers=turtle).status_code == 201
    assert client.post(address, content="<a:a> <a:b> <a:d> .", headers=turtle).status_code == 204
    assert triples(writing, address) == ["<a:a> <a:b> <a:c> .", "<a:a> <a:b> <a:d> ."]
    assert client.head(address).status_code == 200
    assert client.get(f"{address}?default").status_code == 400
    name = f"{writing.url}/store/people/%C5%BC%C3%B3"
    assert writing.ask(f"ASK {{ GRAPH <{name}> {{ <a:a> <a:b> <a:d> }} }}").json()["boolean"] is True
    assert client.delete(address, headers=WRITES).status_code == 204
    assert client.get(address).status_code == 404


def test_the_parts_of_a_form_are_added(writing: Serving) -> None:
    """Section 5.5: multipart/form-data; each part is a document of its own, with its own blank nodes."""
    files = [
        ("graph", ("a.ttl", "_:x <a:b> 1 .", "text/turtle; charset=utf-8")),
        ("graph", ("b.nt", '_:x <a:b> "\r\n--not a boundary".'.replace("\r\n", "\\r\\n"), "application/n-triples")),
        ("graph", ("c.jsonld", '{"@id": "a:a", "a:b": {"@id": "a:c"}}', "application/ld+json")),
    ]
    answer = writing.client.post(f"/store?graph={G}parts", files=files, headers=WRITES)
    assert answer.status_code == 201, answer.text
    found = triples(writing, f"/store?graph={G}parts")
    assert len(found) == 3 and "<a:a> <a:b> <a:c> ." in found
    assert len({line.split()[0] for line in found}) == 3
    assert writing.client.delete(f"/store?graph={G}parts", headers=WRITES).status_code == 204


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"--x\r\nContent-Type: text/turtle\r\n\r\n<a:a> <a:b> .\r\n--x--", "multipart/form-data; boundary=x", 400),
        (b"--x\r\nContent-Type: text/turtle\r\n\r\n<a:a> <a:b> 1 .", "multipart/form-data; boundary=x", 400),
        (b"--x\r\nContent-Type: image/png\r\n\r\n1\r\n--x--", "multipart/form-data; boundary=x", 415),
        (b"--x\r\n\r\n1\r\n--x--", "multipart/form-data; boundary=x", 415),
        (b"--x\r\nno head", "multipart/form-data; boundary=x", 400),
        (b"--x\r\n--x--", "multipart/form-data; boundary=x", 400),
        (b"\r\n--x" * 100_000 + b"--", "multipart/form-data; boundary=x", 400),
        (b"<a:a> <a:b> 1 .", "multipart/form-data", 400),
        (b"<a:a> <a:b> 1 .", "multipart/form-data; boundary=ż".encode().decode("latin-1"), 400),
    ],
)
def test_a_bad_form_changes_nothing(writing: Serving, content: bytes, media: str, status: int) -> None:
    before = whole(writing)
    headers = [(b"content-type", media.encode("latin-1")), *((k.encode(), v.encode()) for k, v in WRITES.items())]
    assert writing.client.post(f"/store?graph={G}one", content=content, headers=headers).status_code == status
    assert whole(writing) == before
    headers[0] = (b"content-type", b"multipart/form-data; boundary=x")
    assert writing.client.put(f"/store?graph={G}one", content=content, headers=headers).status_code == 415
