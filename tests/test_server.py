"""The HTTP server, as a real process on a real port."""

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import psutil
import pyoxigraph as ox
import pytest
from starlette.routing import Route

from kgraph.base.paths import Folders
from kgraph.base.vocab import BASE, term
from kgraph.graph.network import layout
from kgraph.publish.pages import UNPUBLISHED, Site
from kgraph.server import run
from kgraph.server.app import create_app
from kgraph.server.pool.limits import Limits
from tests.command import kgraph
from tests.serving import Serving, descendants, serving, until, without_socket

SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
JSON_RESULTS = "application/sparql-results+json"


pytestmark = pytest.mark.usefixtures("from_build")


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    with serving("--graph", str(built), "--timeout", "3") as found:
        yield found.client, found.process


@pytest.fixture
def client(server: tuple[httpx.Client, subprocess.Popen[str]]) -> httpx.Client:
    return server[0]


def iri(curie: str) -> str:
    return term(curie).value


def ask(client: httpx.Client, query: str, accept: str = JSON_RESULTS) -> httpx.Response:
    return client.get("/sparql", params={"query": query}, headers={"Accept": accept})


def test_a_query_by_get_form_and_direct_post(client: httpx.Client) -> None:
    query = "PREFIX se: <https://w3id.org/sekg/ns#> SELECT ?c WHERE { ?c a se:Cluster } ORDER BY ?c LIMIT 1"
    answers = [
        ask(client, query),
        client.post("/sparql", data={"query": query}, headers={"Accept": JSON_RESULTS}),
        client.post(
            "/sparql", content=query, headers={"Content-Type": "application/sparql-query", "Accept": JSON_RESULTS}
        ),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == JSON_RESULTS
        assert answer.json()["results"]["bindings"][0]["c"]["value"].startswith(BASE)


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "text/csv", "text/csv; charset=utf-8"),
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "text/html, */*;q=0.1", JSON_RESULTS),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("ASK {}", "text/csv", JSON_RESULTS),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", "text/turtle", "text/turtle; charset=utf-8"),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", "application/ld+json", "application/ld+json"),
    ],
)
def test_the_format_follows_accept(client: httpx.Client, query: str, accept: str, media: str) -> None:
    answer = ask(client, query, accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("answered", "status", "detail"),
    [
        (lambda c: c.post("/sparql", data={}), 415, "send application/sparql-query"),
        (lambda c: c.get("/sparql", params={"query": ""}), 400, "the query is empty"),
        (lambda c: ask(c, "SELECT * {"), 400, "near line 1"),
        (lambda c: c.get("/sparql?query=ASK{}&query=ASK{}"), 400, "not several"),
        (lambda c: c.post("/sparql", content="ASK {}", headers={"Content-Type": "text/plain"}), 415, "sparql-query"),
        (
            lambda c: c.post(
                "/sparql", content="ASK {}".encode("utf-16"), headers={"Content-Type": "application/sparql-query"}
            ),
            400,
            "not UTF-8",
        ),
        (lambda c: c.get("/sparql", params={"update": "DELETE WHERE { ?s ?p ?o }"}), 400, "with POST"),
        (lambda c: c.post("/sparql", data={"update": "CLEAR ALL"}), 403, "does not take updates"),
        (lambda c: ask(c, "DELETE WHERE { ?s ?p ?o }"), 400, "this is an update"),
        (lambda c: ask(c, "ASK {}", "image/png"), 406, "answers as"),
        (lambda c: ask(c, "ASK " + "{" * 3000 + "}" * 3000), 400, "nested too deeply at line 1"),
        (lambda c: c.post("/sparql", data={"query": "ASK {} #" + "x" * 70_000}), 413, "at most 65536"),
        (lambda c: ask(c, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }"), 403, "SERVICE is not possible"),
        (lambda c: ask(c, "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?a ?b ?c } }"), 403, "SERVICE is not"),
        (lambda c: ask(c, "SELECT * { \\u0053ERVICE ?x { ?a ?b ?c } }"), 403, "SERVICE is not possible"),
        (lambda c: c.put("/sparql", content=""), 405, "PUT is not possible"),
        (lambda c: c.get("/things/id/nobody"), 404, "nothing is known of id:nobody"),
        (lambda c: c.get("/network?focus=zz:a"), 400, "unknown prefix"),
        (lambda c: c.get("/network?focus=id:mcps&depth=99"), 400, "from 1 to 3"),
        (lambda c: c.get("/chain?from=id:mcps&to=id:nobody"), 404, "no chain"),
        (lambda c: c.get("/questions/nonsense"), 404, "no question"),
        (lambda c: c.get("/questions/seats?colour=red"), 400, "no parameter 'colour'"),
        (lambda c: c.get("/nothing/here"), 404, "there is nothing"),
        (lambda c: c.get("/../../etc/passwd"), 404, "there is nothing"),
        (lambda c: c.get("/%2e%2e/%2e%2e/etc/passwd"), 404, "there is nothing"),
        (lambda c: c.get("/data/id/mcps.exe"), 404, "data ends in"),
        (lambda c: c.get("/id/mcps", headers={"Accept": "image/png"}), 406, "described as"),
        (lambda c: c.get("/search"), 400, "needs ?q="),
        (lambda c: c.get("/search", params={"q": "s+" * 1000}), 400, "at most 300 characters and 40 words"),
        (lambda c: c.post("/sparql", data={"query": "ASK {\n" + "'\\" * 20_000}), 400, "line 2 is not closed"),
    ],
)
def test_a_bad_request_is_a_problem_document(client: httpx.Client, answered: object, status: int, detail: str) -> None:
    answer = answered(client)  # type: ignore[operator]
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert detail in answer.json()["detail"]
    assert "Traceback" not in answer.text


def test_the_word_service_in_a_string_is_no_service(client: httpx.Client) -> None:
    assert ask(client, 'ASK { FILTER(CONTAINS("social services", "service")) }').json()["boolean"] is True


def test_a_slow_query_is_stopped_and_others_go_on(client: httpx.Client) -> None:
    started = time.perf_counter()
    with httpx.Client(base_url=client.base_url, timeout=30) as other:
        import threading

        answers: list[httpx.Response] = []
        slow = threading.Thread(target=lambda: answers.append(ask(other, SLOW)))
        slow.start()
        time.sleep(0.5)
        asked = time.perf_counter()
        assert ask(client, "ASK {}").json()["boolean"] is True
        assert time.perf_counter() - asked < 1
        slow.join()
    assert answers[0].status_code == 503
    assert "stopped after 3 s" in answers[0].json()["detail"]
    assert "retry-after" in answers[0].headers
    assert time.perf_counter() - started < 8


def test_every_view_answers(client: httpx.Client) -> None:
    for path in (
        "/about",
        "/schema",
        "/network",
        "/network?whole=1",
        "/network?focus=id:mcps&depth=2",
        "/table?kind=se:SocialEconomyEntity",
        "/places",
        "/timeline",
        "/questions",
        "/sources?lang=pl",
        "/disputes",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.json(), path


def test_every_question_answers_in_both_languages(client: httpx.Client) -> None:
    for question in client.get("/questions").json()["questions"]:
        for lang in ("pl", "en"):
            answer = client.get(f"/questions/{question['name']}", params={"lang": lang})
            assert answer.status_code == 200, question["name"]
            assert answer.json()["head"]["vars"]


def test_a_card_has_the_words_of_its_source(client: httpx.Client) -> None:
    shown = client.get("/things/id/ziola-siedleckie").json()
    assert shown["labels"]["pl"] == "Spółdzielnia Socjalna „Zioła Siedleckie”"
    places = [
        place
        for part in shown["sections"]
        for group in part["groups"]
        for fact in group["facts"]
        for place in fact["places"]
    ]
    assert "„Zioła Siedleckie”" in {place["words"] for place in places}
    assert shown["unknowns"]
    assert shown["law"]["iri"] == iri("id:act-du-2006-651")
    assert "2006" in shown["names"][shown["law"]["iri"]]["pl"]
    assert shown["names"][iri("source:mcps-2018-klaster")].keys() == {"pl", "en"}


def test_search_forgives_diacritics_and_slips(client: httpx.Client) -> None:
    for text in ("ziola", "zioła", "siedleckie ziola", "zila siedleckie"):
        assert client.get("/search", params={"q": text}).json()["found"][0]["iri"] == iri("id:ziola-siedleckie"), text


def test_a_chain_has_a_source_for_each_step(client: httpx.Client) -> None:
    found = client.get("/chain", params={"from": iri("id:ziola-siedleckie"), "to": "id:artur-pozorek"}).json()
    assert len(found["edges"]) == 3
    assert all(edge["places"] for edge in found["edges"])


def test_a_line_says_when_it_held(client: httpx.Client) -> None:
    edges = client.get("/network", params={"focus": iri("id:krzysztof-hapon")}).json()["edges"]
    during = {edge["predicate"]: edge["during"] for edge in edges}
    assert during[iri("org:heldBy")] == [{"from": "2003-08-29", "to": "2012-08-31"}]
    assert during[iri("org:member")] == []


def test_a_card_as_of_a_day_has_the_states_of_that_day(client: httpx.Client) -> None:
    tenure, card = iri("id:tenure-pozorek-mcps"), "/things/id/artur-pozorek"
    shown = client.get(card, params={"as-of": "2018-06-01"}).json()
    assert shown["states"][tenure] == iri("state:certainly")
    assert shown["offices"][tenure]["roles"] == [iri("role:acting-director")]
    assert iri("role:acting-director") in shown["names"]
    assert shown["names"][iri("state:certainly")] == {"pl": "na pewno", "en": "certainly"}
    own = client.get("/things/id/tenure-hapon-caritas?as-of=2020-01-01").json()
    assert own["states"] == {iri("id:tenure-hapon-caritas"): iri("state:ended")}
    assert client.get(card).json()["states"] == {}
    assert client.get(card, params={"as-of": "14.09.2020"}).status_code == 400


def test_a_chain_as_of_a_day_is_one_of_stated_facts_and_what_was_there(client: httpx.Client) -> None:
    ends = {"from": "id:orto-sport", "to": "id:cluster-lokomotywa"}
    (inferred,) = client.get("/chain", params=ends).json()["edges"]
    stated = client.get("/chain", params=ends | {"as-of": "2019-01-01"}).json()["edges"]
    assert not inferred["asserted"]
    assert [edge["asserted"] for edge in stated] == [True, True]
    founding = {"from": "id:cis-siedlce", "to": "id:cluster-siedlce"}
    assert client.get("/chain", params=founding | {"as-of": "2018-03-21"}).status_code == 404


def test_a_known_unknown_says_what_it_is_about_and_who_leaves_it_open(client: httpx.Client) -> None:
    (unknown,) = (
        u for u in client.get("/things/id/mcps").json()["unknowns"] if u["iri"] == iri("id:unknown-mcps-seat")
    )
    assert unknown["labels"] == {"pl": "siedziba MCPS", "en": "seat of MCPS"}
    shown = client.get("/things/id/unknown-mcps-seat").json()
    assert [(one["link"], one["other"]["iri"]) for one in shown["leftOpen"]] == [
        (iri("se:about"), iri("id:mcps")),
        (iri("se:aspect"), iri("se:seatIn")),
        (iri("se:leavesUnknown"), iri("source:mcps-2018-klaster")),
    ]
    assert shown["names"][iri("se:seatIn")].keys() == {"pl", "en"}


def test_the_timeline_has_both_dates_where_sources_contradict_each_other(client: httpx.Client) -> None:
    groups = client.get("/timeline").json()["groups"]
    disputed = {one["iri"]: [d["value"] for d in one["disputed"]] for group in groups for one in group["rows"]}
    assert disputed.pop(iri("id:erection-caritas-siedlce")) == ["1991-04-14", "1991-04-15"]
    assert not any(disputed.values())


def test_why_goes_down_to_places(client: httpx.Client) -> None:
    parameters = {"subject": "id:relaksownia", "predicate": "se:foundingMemberOf", "object": "id:cluster-siedlce"}
    reason = client.get("/why", params=parameters).json()["reason"]
    assert reason["rule"] == "rules/founding"
    assert len(reason["premises"]) == 2


def test_before_the_signing_there_was_no_cluster(client: httpx.Client) -> None:
    nodes = client.get("/network?as-of=2018-03-21").json()["nodes"]
    assert iri("id:cluster-siedlce") not in {node["iri"] for node in nodes}


@pytest.mark.parametrize(
    ("accept", "where"),
    [
        ("text/html", "/page/id/mcps.html"),
        ("text/turtle", "/data/id/mcps.ttl"),
        ("application/ld+json", "/data/id/mcps.jsonld"),
        ("text/turtle;q=0.5, text/html;q=0.4", "/data/id/mcps.ttl"),
        ("*/*", "/page/id/mcps.html"),
    ],
)
def test_a_thing_leads_to_its_page_or_data(client: httpx.Client, accept: str, where: str) -> None:
    answer = client.get("/id/mcps", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["location"]) == (303, where)
    assert answer.headers["vary"].startswith("Accept")


def test_linked_data_can_be_read(client: httpx.Client) -> None:
    for suffix, form in (
        (".ttl", ox.RdfFormat.TURTLE),
        (".nt", ox.RdfFormat.N_TRIPLES),
        (".jsonld", ox.RdfFormat.JSON_LD),
    ):
        read = {quad.triple for quad in ox.parse(client.get(f"/data/id/mcps{suffix}").content, form)}
        assert {triple.subject for triple in read} == {term("id:mcps")}
    assert "owl:TransitiveProperty" in client.get("/data/ns/within.ttl").text


@pytest.mark.parametrize(("lang", "words"), [("pl", "Otwórz w eksploratorze"), ("en", "Open in the explorer")])
def test_a_page_speaks_the_readers_language(client: httpx.Client, lang: str, words: str) -> None:
    headers = {"Accept-Language": f"{lang}, en;q=0.5"}
    answer = client.get("/page/id/mcps", headers=headers, follow_redirects=True)
    assert words in answer.text
    assert f'<html lang="{lang}">' in answer.text


def test_headers_keep_strangers_out(client: httpx.Client) -> None:
    headers = client.get("/page/id/mcps.html").headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_get_answers_one_address_without_a_port() -> None:
    answer = kgraph("serve", "--get", "/search?q=ziola")
    assert answer.returncode == 0
    assert iri("id:ziola-siedleckie") in answer.stdout
    missing = kgraph("serve", "--get", "/things/id/nobody")
    assert missing.returncode == 3


@pytest.mark.slow
def test_a_name_that_no_file_can_have_is_not_there() -> None:
    folders = ("/", "/assets/", "/no/such/folder/")
    with serving("--access-log") as server:
        for folder in folders:
            assert server.client.get(folder + "a" * 300).status_code == 404
        server.process.terminate()
        assert server.process.stderr is not None
        lines = server.process.stderr.read().splitlines()
    assert [json.loads(line)["status"] for line in lines] == [404 for _ in folders]


@pytest.mark.parametrize("host", ["https://query.wikidata.org/sparql", "a b", "example.org/sparql", "", "[::1]:80"])
def test_what_is_no_host_is_refused_at_the_start(host: str) -> None:
    answer = kgraph("serve", "--allow-service", host, "--get", "/about")
    assert answer.returncode == 2 and "write its name alone" in answer.stderr


@pytest.mark.parametrize("token", ["żeton", "two words", "a\tb"])
def test_a_token_that_no_client_can_send_is_refused_at_the_start(tmp_path: Path, token: str) -> None:
    (tmp_path / "store").mkdir()
    answer = kgraph("serve", "--writable", "--graph", tmp_path, KGRAPH_TOKEN=token)
    assert answer.returncode == 2 and "KGRAPH_TOKEN may have ASCII letters" in answer.stderr


def test_a_taken_port_is_said(server: tuple[httpx.Client, subprocess.Popen[str]]) -> None:
    port = str(server[0].base_url.port)
    answer = subprocess.run(["kgraph", "serve", "--port", port], capture_output=True, text=True, timeout=60)
    assert answer.returncode == 3
    assert "choose another with --port" in answer.stderr


def test_it_ends_when_told_and_leaves_nothing_behind() -> None:
    with serving() as served:
        process = served.process
        children = descendants(process.pid)
        assert children
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) is not None
    until(lambda: not [child for child in children if psutil.pid_exists(child)], 5)


@pytest.mark.slow
def test_a_long_answer_streams_and_a_longer_one_breaks_off_or_says_so() -> None:
    rows = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    with serving("--max-answer", "1", "--timeout", "10") as small:
        told = small.ask(rows).json()
        assert told["kgraph:truncated"] is True
        assert len(told["results"]["bindings"]) > 1000
        for accept in ("text/csv", "text/tab-separated-values", "application/sparql-results+xml"):
            with pytest.raises(httpx.RemoteProtocolError):
                small.ask(rows, accept)
        assert small.ask("ASK {}").json()["boolean"] is True


@pytest.mark.slow
def test_an_error_after_the_first_bytes_breaks_the_connection() -> None:
    with serving("--timeout", "4") as server, pytest.raises(httpx.RemoteProtocolError):
        server.ask("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "text/csv")


def test_health_metrics_and_the_log_tell_what_happens() -> None:
    with serving("--access-log") as server:
        assert server.client.get("/healthz").json() == {"status": "ok"}
        assert server.ask("ASK {}", **{"default-graph-uri": "urn:x"}).status_code == 200
        counted = server.client.get("/metrics").text
        assert 'kgraph_requests_total{method="GET",route="/sparql",status="200"} 1.0' in counted
        assert "kgraph_slow_places_free" in counted
        server.process.terminate()
        assert server.process.stderr is not None
        lines = [json.loads(line) for line in server.process.stderr if line.startswith("{")]
    asked = next(line for line in lines if line["path"] == "/sparql")
    assert asked["status"] == 200 and asked["client"] == "127.0.0.1" and asked["bytes"] > 10
    assert asked["milliseconds"] > 0 and "query=ASK" in asked["query"]


@contextmanager
def application(
    graph: ox.Store, folders: Folders, site: Site = UNPUBLISHED, **changed: object
) -> Iterator[Callable[[str, str], httpx.Response]]:
    """A function from an address and an `Accept` header to a response, of a server with replaceable parts."""
    served = run.Setup(folders, Limits(), open_store=lambda: graph, site=site).start()
    try:
        with without_socket(replace(served, **changed)) as ask_for:  # type: ignore[arg-type]
            yield ask_for
    finally:
        run.close(served)


def test_a_fault_is_counted_and_has_the_headers(graph: ox.Store, folders: Folders) -> None:
    with application(graph, folders, cache=None) as ask_for:
        answer = ask_for("/network", "*/*")
        assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
        assert answer.headers["x-content-type-options"] == "nosniff" and "content-security-policy" in answer.headers
        told = ask_for("/metrics", "*/*").text
    assert 'kgraph_requests_total{method="GET",route="/network",status="500"} 1.0' in told


@pytest.mark.parametrize(
    ("base", "top"),
    [
        ("https://example.org/sekg", "/sekg"),
        pytest.param("https://example.org", "", marks=pytest.mark.slow),
        pytest.param(None, "", marks=pytest.mark.slow),
    ],
)
def test_a_redirect_stays_in_the_folder_of_the_site(
    graph: ox.Store, folders: Folders, base: str | None, top: str
) -> None:
    with application(graph, folders, site=Site(base)) as ask_for:
        for address, accept, where in (
            ("/id/mcps", "text/html", "/page/id/mcps.html"),
            ("/id/mcps", "text/turtle", "/data/id/mcps.ttl"),
            ("/id/mcps.pl.html", "*/*", "/page/id/mcps.pl.html"),
            ("/page/id/mcps", "*/*", "/page/id/mcps.html"),
            ("/ns/within", "text/html", "/page/ns.html#within"),
        ):
            assert ask_for(address, accept).headers["location"] == top + where


def counted(server: Serving) -> str:
    answer = server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    return str(answer.json()["results"]["bindings"][0]["n"]["value"])


def test_a_new_build_is_served_without_a_pause(tmp_path: Path) -> None:
    def build(name: str, size: int) -> Path:
        (tmp_path / name).mkdir()
        store = ox.Store(str(tmp_path / name / "store"))
        store.extend(ox.Quad(ox.NamedNode(f"x:{n}"), term("rdf:type"), term("se:Cluster")) for n in range(size))
        store.flush()
        return tmp_path / name

    folder = build("graph", 3)
    with serving("--graph", str(folder), "--timeout", "5") as server:
        assert counted(server) == "3"
        folder.rename(tmp_path / "old")
        build("new", 5).rename(folder)
        deadline = time.monotonic() + 15
        while counted(server) != "5":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        folder.rename(tmp_path / "older")
        server.process.send_signal(signal.SIGHUP)
        time.sleep(2)
        assert counted(server) == "5"


def test_the_description_of_the_addresses_is_whole(client: httpx.Client, folders: Folders, graph: ox.Store) -> None:
    served = run.Setup(folders, Limits(), open_store=lambda: graph).start()
    try:
        routes = {
            (route.path.replace(":path}", "}"), method.lower())
            for route in create_app(served).app.routes
            if isinstance(route, Route) and route.methods
            for method in route.methods - {"HEAD"}
        }
    finally:
        run.close(served)
    paths = client.get("/openapi.json").json()["paths"]
    assert {(path, method) for path, methods in paths.items() for method in methods} == routes


@pytest.mark.slow
def test_no_address_fails_when_it_is_fuzzed() -> None:
    with serving("--timeout", "10") as server:  # a query that is stopped would count as a failure
        fuzzed = subprocess.run(
            [
                "schemathesis",
                "run",
                f"{server.url}/openapi.json",
                "--phases",
                "coverage,fuzzing",
                "-n",
                "5",
                "--max-time",
                "12",
                "--generation-deterministic",
                "--continue-on-failure",
                "--no-shrink",
                "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance",
            ],
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert fuzzed.returncode == 0, fuzzed.stdout[-3000:]


def test_the_layout_of_a_build_is_the_one_that_is_shown(built: Path, tmp_path: Path, folders: Folders) -> None:
    shutil.copytree(built, tmp_path / "graph")
    laid = tmp_path / "graph" / layout.LAYOUT
    laid.write_text(json.dumps({thing: [7, 8] for thing in json.loads(laid.read_text())}), encoding="utf-8")
    served = run.Setup(folders, Limits(), tmp_path / "graph").start()
    try:
        _, content = run.get(served, "/network")
    finally:
        run.close(served)
    assert {(node["x"], node["y"]) for node in json.loads(content)["nodes"]} == {(7, 8)}
