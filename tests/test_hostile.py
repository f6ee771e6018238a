"""The 62 bad inputs of the publishing policy and the answer that each must get from a real server.

The numbers are those of the policy. Three traps show opened files and sockets: a listening port, a file watched with
inotify, and the audit events of Python in every process of the server.
"""

import concurrent.futures
import contextlib
import csv
import ctypes
import gzip
import io
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pyoxigraph as ox
import pytest

from kgraph.base.vocab import term
from kgraph.rdf.store import STORE
from tests.command import kgraph
from tests.serving import JSON_RESULTS, SLOW, Serving, descendants, serving, until

ROOT = Path(__file__).parent
TOKEN = "a-token-for-tests"
WRITES = {"Authorization": f"Bearer {TOKEN}"}
TURTLE = {"Content-Type": "text/turtle", **WRITES}
SECONDS = 2
pytestmark = [pytest.mark.usefixtures("from_build"), pytest.mark.slow]
"""Slow tests, because they attack servers; `test_guards.py` and `test_protocol.py` ask what is refused."""

IN_OPEN = 0x20

EVIL = term("id:evil")
LABELS = ("<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "\u202eevil\u200b")
LINKS = ("javascript:alert(2)", "data:text/html,<script>alert(3)</script>".replace("<", "%3C").replace(">", "%3E"))
CELLS = ("=HYPERLINK(1)", "+1", "-1", "@x", " =1", '"quoted", with comma', "line\nbreak", "a;b", "tab\there")


@dataclass(frozen=True)
class Traps:
    """Traps: a listening port, a watched file, and the log of audit events."""

    listener: socket.socket
    file: Path
    watch: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/"

    def sprung(self) -> list[str]:
        """A sentence for each trap that was touched."""
        found = []
        try:
            self.listener.accept()[0].close()
            found.append("a connection was made")
        except BlockingIOError:
            pass
        try:
            if os.read(self.watch, 4096):
                found.append("the file was opened")
        except BlockingIOError:
            pass
        return found


@pytest.fixture(scope="module")
def traps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traps]:
    folder = tmp_path_factory.mktemp("traps")
    (folder / "secret.ttl").write_text("<urn:secret> <urn:secret> <urn:secret> .")
    system = ctypes.CDLL(None)
    watch = system.inotify_init1(os.O_NONBLOCK)
    system.inotify_add_watch(watch, str(folder / "secret.ttl").encode(), IN_OPEN)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        yield Traps(listener, folder / "secret.ttl", watch, folder / "audit.log")
    os.close(watch)


@pytest.fixture(scope="module")
def folder(graph: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build with the bundled graph and a thing with malicious labels and links."""
    target = tmp_path_factory.mktemp("hostile")
    store = ox.Store(str(target / STORE))
    store.bulk_extend(graph)
    facts: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        *((term("skos:prefLabel"), ox.Literal(label, language="en")) for label in LABELS),
        *((term("rdfs:seeAlso"), ox.NamedNode(link)) for link in LINKS),
        *((term("skos:altLabel"), ox.Literal(cell)) for cell in CELLS),
        (term("skos:note"), ox.Literal("<b>bold</b>", datatype=term("rdf:HTML"))),
        (term("rdf:type"), term("se:SocialEconomyEntity")),
    ]
    store.extend(ox.Quad(EVIL, predicate, value) for predicate, value in facts)
    store.flush()
    return target


@pytest.fixture(scope="module")
def server(folder: Path, traps: Traps) -> Iterator[Serving]:
    path = os.pathsep.join((str(ROOT / "audit"), os.environ.get("PYTHONPATH", "")))
    environment = {"PYTHONPATH": path, "KGRAPH_AUDIT": str(traps.log)}
    options = ("--timeout", str(SECONDS), "--max-answer", "1", "--max-memory", "256")
    with serving("--graph", str(folder), *options, env=environment) as found:
        yield found


@pytest.fixture(scope="module", autouse=True)
def drip(server: Serving) -> Iterator[socket.socket]:
    """A connection with an unfinished request, opened before the tests."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
        yield connection


@pytest.fixture(scope="module")
def writable(graph: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("hostile-writable")
    ox.Store(str(folder / STORE)).flush()
    with serving("--graph", str(folder), "--writable", "--timeout", "5", env={"KGRAPH_TOKEN": TOKEN}) as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_was_opened(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test, no trap was touched."""
    yield
    if "traps" in request.fixturenames or "server" in request.fixturenames:
        assert request.getfixturevalue("traps").sprung() == []


Send = Callable[[Serving], httpx.Response]


def query(text: str, **headers: str) -> Send:
    return lambda server: server.client.post(
        "/sparql", data={"query": text}, headers={"Accept": JSON_RESULTS, **headers}
    )


def get(path: str, **headers: str) -> Send:
    return lambda server: server.client.get(path, headers=headers)


def post(content: bytes | str, media: str) -> Send:
    return lambda server: server.client.post("/sparql", content=content, headers={"Content-Type": media})


def doubled(times: int, factor: int = 10) -> str:
    steps = " ".join(f"BIND(CONCAT({', '.join([f'?x{n}'] * factor)}) AS ?x{n + 1})" for n in range(times))
    return f'SELECT (STRLEN(?x{times}) AS ?n) {{ BIND("aaaaaaaaaa" AS ?x0) {steps} }}'


VALUES = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(10)))} }}" for n in range(9))
PAIRS = "{ ?a ?b ?c . ?d ?e ?f }"

ROWS: list[tuple[int, Send, set[int], str]] = [
    (1, get("/sparql?query="), {400}, "the query is empty"),
    (1, get("/sparql", Accept="text/turtle"), {200}, "sd:Service"),
    (2, query("SELECT * {\n  ?a ?b"), {400}, "near line 2"),
    (3, get("/sparql?query=ASK{}&query=ASK{}"), {400}, "not several"),
    (4, post("query=ASK{}&update=CLEAR ALL", "application/x-www-form-urlencoded"), {400}, "not several"),
    (5, post("ASK {}", "text/plain"), {415}, "send application/sparql-query"),
    (6, post("ASK {}".encode("utf-16"), "application/sparql-query"), {400}, "not UTF-8"),
    (7, get("/sparql?update=CLEAR%20ALL"), {400, 405}, "POST"),
    (8, query("DELETE WHERE { ?s ?p ?o }"), {400}, "this is an update"),
    (9, post("CLEAR ALL", "application/sparql-update"), {403}, "does not take updates"),
    (10, query("ASK {}", Accept="image/png"), {406}, "application/sparql-results+json"),
    (11, query("SELECT * {} LIMIT 1", Accept="text/csv;q=0, */*"), {200}, "bindings"),
    (11, query("ASK {}", Accept="a/b, " * 1600 + "*/*"), {200, 406, 431}, ""),
    (11, query("ASK {}", Accept=";;;"), {406}, "answers as"),
    (12, lambda server: server.client.head("/sparql", params={"query": "ASK {}"}), {200}, ""),
    (13, post("ASK {} #" + "x" * 10_000_000, "application/sparql-query"), {413}, "bytes are taken"),
    (14, query("ASK " + "{" * 3000 + "}" * 3000), {400}, "nested too deeply"),
    (15, query(f"ASK {{ FILTER({'(' * 5000}1{')' * 5000}) }}"), {400}, "nested too deeply"),
    (16, query(f"ASK {{ FILTER({'+'.join('1' * 8000)} > 0) }}"), {200, 400, 503}, ""),
    (16, query(f"ASK {{ {' UNION '.join(['{}'] * 6000)} }}"), {200, 400, 503}, ""),
    (17, query(f"ASK {{ {'OPTIONAL { ' * 3000}{'}' * 3000} }}"), {400}, "nested too deeply"),
    (19, query(f"SELECT (COUNT(*) AS ?n) {{ {VALUES} }}"), {503}, "stopped after"),
    (20, query(f'ASK {{ FILTER(REGEX("{"a" * 40}!", "^(a+)+$")) }}'), {200}, "false"),
    (21, query('SELECT (REGEX("ab", "(?=a)b") AS ?x) {}'), {200, 400}, ""),
    (22, query(doubled(7)), {200, 413, 503}, ""),  # on a busy machine its time ends first
    (23, query(f"SELECT * {PAIRS} ORDER BY ?f ?a"), {413, 503}, ""),
    (
        24,
        query("SELECT (COUNT(*) AS ?n) { ?a (!<x:p>)* ?b . ?b (!<x:q>)* ?c . ?c (!<x:r>)* ?d }"),
        {413, 503},
        "",
    ),
    (25, query(f"SELECT (GROUP_CONCAT(DISTINCT CONCAT(STR(?c), STR(?f))) AS ?x) {PAIRS}"), {413, 503}, ""),
    (26, query("SELECT * {} LIMIT 999999999999999999999999"), {200, 400}, ""),
    (27, query("SELECT * {} LIMIT -1"), {400}, "near line 1"),
    (27, query("SELECT * { ?s ?p ?o } OFFSET 1000000000000000000"), {200}, '"bindings":[]'),
    (28, query("SELECT * { ?s ?p ?o }"), {200}, '"kgraph:truncated":true'),
    (35, query("SELECT * { SERVICE <http://169.254.169.254/latest> { ?a ?b ?c } }"), {403}, "SERVICE is not possible"),
    (36, query("SELECT * { SERVICE SILENT <http://169.254.169.254/> { ?a ?b ?c } }"), {403}, "SERVICE is not"),
    (37, query("SELECT * { ?x a ?y . SERVICE ?x { ?a ?b ?c } }"), {403}, "SERVICE is not possible"),
    (40, query("SELECT (<java:java.lang.System.exit>(1) AS ?x) {}"), {200, 400}, ""),
    (40, query("SELECT (<http://example.org/f>(1) AS ?x) {}"), {200, 400}, ""),
    (48, get("/page/../../etc/passwd"), {404}, ""),
    (48, get("/page/%2e%2e%2f%2e%2e%2fetc%2fpasswd"), {404}, ""),
    (48, get("/assets/..%5c..%5cetc%5cpasswd"), {404}, ""),
    (48, get("/static/%00"), {404}, ""),
    (48, get("//etc/passwd"), {404}, ""),
    (49, get("/id/a%20b%25%3F%23"), {303, 400, 404}, ""),
    (49, get("/page/id/%C5%BC%C3%B3%C5%82w"), {404}, ""),
    (49, get("/page/id/z%CC%87"), {404}, ""),
    (49, get("/page/id/" + "x" * 8000), {404}, ""),
    (50, get("/sparql", Host="evil.example"), {421}, "--base-url"),
    (50, get("/about", Host="127.0.0.1.evil.example:80"), {421}, "--base-url"),
    (58, query('ASK { ?s ?p "\\uD800" }'), {400}, "is not a character"),
    (58, query("ASK { ?s ?p '\0' }"), {200, 400}, ""),
    (58, query("\ufeffASK {}"), {200, 400}, ""),
    (59, query("ASK { <a b> ?p ?o }"), {400}, "near line 1"),
    (59, query('SELECT ("x"^^<http://www.w3.org/2001/XMLSchema#integer> + 1 AS ?n) {}'), {200}, "bindings"),
]


def shown(value: object) -> str:
    """A value in the name of a test; the order of a set differs between processes."""
    if isinstance(value, set):
        return "-".join(map(str, sorted(value)))
    return "send" if callable(value) else str(value)[:40]


@pytest.mark.parametrize(("number", "send", "statuses", "words"), ROWS, ids=shown)
def test_a_bad_input_has_its_answer(server: Serving, number: int, send: Send, statuses: set[int], words: str) -> None:
    started = time.monotonic()
    answer = send(server)
    assert answer.status_code in statuses, (number, answer.text[:500])
    assert words in answer.text
    assert "Traceback" not in answer.text and "pyoxigraph" not in answer.text
    assert time.monotonic() - started < SECONDS + 2
    if answer.status_code >= 400 and answer.request.method != "HEAD" and "html" not in answer.headers["content-type"]:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    if answer.status_code == 503:
        assert answer.headers["retry-after"]


def test_22_a_memory_bomb_ends_by_its_memory(folder: Path) -> None:
    """The time limit is long, so that a busy machine does not reach it first."""
    with serving("--graph", str(folder), "--max-memory", "64", "--timeout", "60") as server:
        answer = query(doubled(9))(server)
        assert answer.status_code == 413 and "memory" in answer.text
        assert server.ask("ASK {}").json()["boolean"] is True


def test_18_a_cross_product_stops_in_time_and_others_do_not_notice(server: Serving) -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        slow = pool.submit(httpx.get, f"{server.url}/sparql", params={"query": SLOW}, timeout=30)
        started = time.monotonic()
        time.sleep(0.5)
        taken = []
        for path in ("/healthz", "/sparql?query=ASK{}") * 3:
            asked = time.monotonic()
            assert httpx.get(server.url + path).status_code == 200
            taken.append(time.monotonic() - asked)
        answer = slow.result()
    assert (answer.status_code, answer.json()["title"]) == (503, "Timeout")
    assert SECONDS - 1 < time.monotonic() - started < SECONDS + 1.5
    assert sorted(taken)[len(taken) // 2] < 0.2


def is_running(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def busy_workers(server: Serving) -> int:
    """The number of workers of the server of which a thread uses CPU time."""
    holders = psutil.Process(server.process.pid).children()
    return sum(has_running_thread(worker.pid) for holder in holders for worker in holder.children())


def has_running_thread(pid: int) -> bool:
    with contextlib.suppress(OSError):
        states = (stat.read_text().rpartition(")")[2].split()[0] for stat in Path(f"/proc/{pid}/task").glob("*/stat"))
        return "R" in states
    return False


def test_29_a_client_that_leaves_frees_its_worker(server: Serving) -> None:
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{server.url}/sparql", params={"query": SLOW + " #29"}, timeout=0.5)
    deadline = time.monotonic() + 1
    while busy_workers(server) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert busy_workers(server) == 0


def test_30_two_hundred_slow_queries_at_once(server: Serving) -> None:
    def slow(number: int) -> httpx.Response:
        return httpx.get(f"{server.url}/sparql", params={"query": f"{SLOW} #{number}"}, timeout=60, verify=False)

    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        running = [pool.submit(slow, number) for number in range(200)]
        time.sleep(1)
        taken = []
        for _ in range(11):
            asked = time.monotonic()
            with httpx.Client(base_url=server.url, timeout=30, verify=False) as fresh:
                assert fresh.get("/sparql", params={"query": "ASK {}"}).status_code == 200
            taken.append(time.monotonic() - asked)
        answers = [each.result() for each in running]
    assert {answer.status_code for answer in answers} == {503}
    assert all(answer.headers["retry-after"] for answer in answers)
    assert {"Busy", "Timeout"} == {answer.json()["title"] for answer in answers}
    assert sorted(taken)[5] < 1


def test_31_ten_thousand_headers(server: Serving) -> None:
    headers = {f"X-{number}": "a" for number in range(10_000)}
    asked = httpx.Request("GET", f"{server.url}/healthz", headers=headers)
    with httpx.HTTPTransport(verify=False) as transport:  # a client looks for cookies in each header for seconds
        assert transport.handle_request(asked).status_code in (400, 431)


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_33_34_a_graph_is_a_name_and_is_not_fetched(server: Serving, traps: Traps, clause: str) -> None:
    for address in (traps.file.as_uri(), "file:///etc/passwd", traps.url):
        for pattern in ("{ ?s ?p ?o }", "{ GRAPH ?g { ?s ?p ?o } }"):
            answer = server.ask(f"SELECT * {clause} <{address}> WHERE {pattern}")
            assert answer.json()["results"]["bindings"] == []
        named = server.ask("ASK { ?s ?p ?o }", **{"default-graph-uri": address})
        assert named.json()["boolean"] is False


def test_35_37_no_service_reaches_the_listener(server: Serving, traps: Traps) -> None:
    for text in (
        f"SELECT * {{ SERVICE <{traps.url}> {{ ?a ?b ?c }} }}",
        f"SELECT * {{ OPTIONAL {{ {{ SELECT * {{ sErViCe SILENT <{traps.url}> {{ ?a ?b ?c }} }} }} }} }}",
        f"SELECT * {{ VALUES ?x {{ <{traps.url}> }} SERVICE ?x {{ ?a ?b ?c }} }}",
        f"SELECT * {{ FILTER EXISTS {{ SERVICE<{traps.url}>{{ ?a ?b ?c }} }} }}",
        f"PREFIX x: <{traps.url}> SELECT * {{ SERVICE x: {{ ?a ?b ?c }} }}",
        f"SELECT * {{ FILTER(?a<b:c#>'''\n)SERVICE<{traps.url}>{{?s ?p ?o}}#'''\n}}",
    ):
        assert server.ask(text).status_code in (200, 400, 403)
        assert traps.sprung() == []


def test_38_private_addresses_are_blocked_even_when_allowed(traps: Traps) -> None:
    hosts = ("127.0.0.1", "localhost", "[::ffff:7f00:1]", "::ffff:7f00:1", "2130706433", "169.254.169.254")
    allowed = [part for host in hosts for part in ("--allow-service", host)]
    port = traps.listener.getsockname()[1]
    with serving(*allowed) as server:
        for host in ("127.0.0.1", "localhost", "[::ffff:7f00:1]", "2130706433"):
            answer = server.ask(f"SELECT * {{ SERVICE <http://{host}:{port}/> {{ ?a ?b ?c }} }}")
            assert answer.status_code == 403, host
            assert "private network" in answer.json()["detail"]
        other = server.ask(f"SELECT * {{ SERVICE <http://example.org:{port}/> {{ ?a ?b ?c }} }}")
        assert "not among the hosts" in other.json()["detail"]
    assert traps.sprung() == []


@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_39_load_is_refused(writable: Serving, traps: Traps, silent: str) -> None:
    for address in (traps.file.as_uri(), traps.url):
        content = f"INSERT DATA {{ <a:a> <a:b> 1 }} ; LOAD {silent}<{address}>"
        answer = writable.client.post(
            "/sparql", content=content, headers={"Content-Type": "application/sparql-update", **WRITES}
        )
        assert (answer.status_code, "LOAD is not possible" in answer.json()["detail"]) == (403, True)
    assert traps.sprung() == []
    assert writable.ask("ASK { <a:a> <a:b> 1 }").json()["boolean"] is False


def test_41_43_45_a_page_shows_text_and_nothing_else(server: Serving) -> None:
    """The same kind of page in a browser: test_pages."""
    for path in ("/page/id/evil.en.html", "/page/id/evil"):
        answer = server.client.get(path, follow_redirects=True)
        if answer.status_code == 200:
            assert "<img src=x" not in answer.text
            assert "<script>alert" not in answer.text
            assert "<b>bold" not in answer.text
            assert 'href="javascript:' not in answer.text and 'href="data:text' not in answer.text
            return
    raise AssertionError("there is no page of the thing")


def test_44_46_47_csv_gives_back_what_the_graph_holds(server: Serving) -> None:
    answer = server.ask(f"SELECT ?cell WHERE {{ {EVIL} skos:altLabel ?cell }}", "text/csv")
    assert {row[0] for row in csv.reader(io.StringIO(answer.text, newline=""))} == {"cell", *CELLS}


@pytest.mark.parametrize("path", ["//evil.example/id/mcps", "/id//evil.example", "/id/%2f%2fevil.example", "/id/mcps"])
def test_49_a_redirect_stays_in_the_house(server: Serving, path: str) -> None:
    location = server.client.get(path).headers.get("location", "/")
    assert location.startswith("/") and not location.startswith("//")


def test_50_links_come_from_the_base_url() -> None:
    with serving("--base-url", "https://data.example.org/") as server:
        for host in ("data.example.org", "127.0.0.1"):
            headers = {"Host": host, "X-Forwarded-Host": "evil.example", "Accept": "text/turtle"}
            text = server.client.get("/sparql", headers=headers).text
            assert "<https://data.example.org/sparql>" in text
            assert "evil" not in text
        assert server.client.get("/sparql", headers={"Host": "evil.example"}).status_code == 421


def test_51_a_form_of_another_site_writes_nothing(writable: Serving) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"):
        headers = {"Content-Type": kind, "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        answer = writable.client.post("/sparql", content="update=INSERT DATA { <e:e> <e:e> 1 }", headers=headers)
        assert answer.status_code in (403, 415)
    assert writable.ask("ASK { <e:e> <e:e> 1 }").json()["boolean"] is False
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    asked = writable.client.options("/sparql", headers={**preflight, "Access-Control-Request-Headers": "authorization"})
    assert asked.status_code == 400


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 8))
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{}</rdf:RDF>'


def test_52_to_58_uploads_that_mean_harm(writable: Serving, traps: Traps) -> None:
    deep = 20_000
    for media, content, statuses in (
        ("application/rdf+xml", f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>{RDF.format("&l7;")}', {400}),
        ("application/rdf+xml", f'<!DOCTYPE x SYSTEM "{traps.url}">{RDF.format("")}', {400}),
        ("application/rdf+xml", f'<!DOCTYPE x [<!ENTITY f SYSTEM "{traps.file.as_uri()}">]>{RDF.format("&f;")}', {400}),
        ("application/ld+json", f'{{"@context": "{traps.url}", "@id": "a:b", "a:c": 1}}', {400}),
        ("application/ld+json", f'{{"@context": "{traps.file.as_uri()}", "@id": "a:b", "a:c": 1}}', {400}),
        ("application/ld+json", "[" * 5000 + "]" * 5000, {400}),
        ("text/turtle", f"<a:a> <a:b> {'(' * deep}{')' * deep} .", {201, 204, 400, 413, 503}),  # 503: out of time
        ("text/turtle", "<a:a> <a:b> '\\uD800' .", {400}),
        ("text/turtle", b"<a:a> <a:b> '\xff' .", {400}),
        ("text/turtle", "<a:a> <a b> 1 .", {400}),
        ("text/turtle", "\ufeff<a:a> <a:b> 1 .", {201, 204}),
    ):
        answer = writable.client.put(
            "/store?graph=x:upload", content=content, headers={**TURTLE, "Content-Type": media}
        )
        assert answer.status_code in statuses, (media, str(content)[:60], answer.text)
    bomb = gzip.compress(b"#" * 10_000_000)
    answer = writable.client.put("/store?default", content=bomb, headers={**TURTLE, "Content-Encoding": "gzip"})
    assert answer.status_code == 415
    assert traps.sprung() == []
    assert writable.ask("ASK {}").status_code == 200


def test_61_any_method_and_any_bytes(server: Serving) -> None:
    chance = random.Random(61)
    paths = ["/", "/sparql", "/store", "/network", "/id/mcps", "/page/id/mcps", "/openapi.json", "/metrics"]
    for method in ("TRACE", "PROPFIND", "PATCH", "DELETE", "OPTIONS", "QUERY"):
        for path in paths:
            assert server.client.request(method, path).status_code < 500
    for _ in range(20):
        noise = "".join(f"%{chance.randrange(256):02x}" for _ in range(chance.randrange(1, 30)))
        for path in (
            f"/{noise}",
            f"/page/{noise}",
            f"/data/{noise}",
            f"/sparql?query={noise}",
            f"/network?focus={noise}",
        ):
            assert server.client.get(path).status_code < 500 or server.client.get(path).status_code == 503


def test_62_a_store_that_is_spoilt_or_in_use_is_said(writable: Serving, tmp_path: Path) -> None:
    (tmp_path / STORE).mkdir()
    (tmp_path / STORE / "CURRENT").write_text("nonsense")
    answer = subprocess.run(
        ["kgraph", "serve", "--graph", str(tmp_path), "--port", "0"], capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 3
    assert "Traceback" not in answer.stderr


def test_32_a_running_query_does_not_keep_the_server(folder: Path) -> None:
    with serving("--graph", str(folder)) as server, concurrent.futures.ThreadPoolExecutor() as pool:
        pool.submit(httpx.get, f"{server.url}/sparql", params={"query": SLOW}, timeout=30)
        until(lambda: len(descendants(server.process.pid)) >= 2)
        children = descendants(server.process.pid)
        started = time.monotonic()
        server.process.terminate()
        server.process.wait(10)
        assert time.monotonic() - started < 5
    until(lambda: not any(map(is_running, children)))  # the fork server looks for its parent once a second


def test_31_a_slow_request_was_not_waited_for(drip: socket.socket) -> None:
    started = time.monotonic()
    assert drip.recv(1000) == b""
    assert time.monotonic() - started < 11


def test_no_process_opened_what_it_must_not(server: Serving, traps: Traps) -> None:
    """The audit events of the front process, the fork server and the workers, over all tests above."""
    events = [line.split("\t", 1) for line in traps.log.read_text(errors="replace").splitlines()]
    assert {name for name, _ in events} >= {"open"}
    assert "passwd" not in "".join(arguments for _, arguments in events)
    assert str(traps.file) not in "".join(arguments for _, arguments in events)
    reached = [arguments for name, arguments in events if name != "open" and "queries" not in arguments]
    assert reached == []


HTTP_SECONDS = 6
"""The time limit of a query on the server for the tests of connections."""


@pytest.fixture(scope="module")
def front() -> Iterator[Serving]:
    """A server for the tests of connections, with an access log that is read when it has ended."""
    with serving("--timeout", str(HTTP_SECONDS)) as found:
        yield found


def connected(server: Serving, source: str = "127.0.0.1") -> socket.socket:
    """A connection to a server from an address of the loopback network."""
    found = socket.socket()
    found.settimeout(20)
    found.bind((source, 0))
    found.connect(("127.0.0.1", int(server.url.rpartition(":")[2])))
    return found


def received(connection: socket.socket) -> bytes:
    """The bytes until the server ends the connection."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def exchanged(server: Serving, content: bytes, *, half_closes: bool = False) -> bytes:
    """All that a server answers to bytes."""
    with connected(server) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(content)
        if half_closes:
            connection.shutdown(socket.SHUT_WR)
        return received(connection)


def head(line: str, *fields: str) -> bytes:
    return "\r\n".join((line, "Host: localhost", *fields, "", "")).encode("latin-1")


ASK, CLOSE, CHUNKED = "GET /sparql?query=ASK%7B%7D HTTP/1.1", "Connection: close", "Transfer-Encoding: chunked"
POSTED, BEARER = "POST /sparql HTTP/1.1", "Authorization: Bearer x"
QUERY_BODY = "Content-Type: application/sparql-query"

RAW: list[tuple[bytes, int, str]] = [
    (head(ASK, "Accept: " + "a/b, " * 100_000), 431, "at most"),
    (head(ASK, "X-Long: " + "x" * 8192, CLOSE), 431, "of a field"),
    (head(ASK, "X-Long: " + "x" * 8000, CLOSE), 200, '"boolean":true'),
    (head(ASK, *(f"X-{n}: {'x' * 7000}" for n in range(10)), CLOSE), 431, "of all"),
    (head(ASK, *(f"X-{n}: 1" for n in range(98)), CLOSE), 200, '"boolean":true'),
    (head(ASK, *(f"X-{n}: 1" for n in range(99)), CLOSE), 431, "at most 100 fields"),
    (head(ASK, *(f"X-{n}: 1" for n in range(80_000))), 431, "at most 100 fields"),
    (head(ASK)[:-2] + b"X-Open: " + b"x" * 600_000, 431, "of header fields"),
    (head(f"GET /sparql?query=ASK%7B%7D%23{'%C5%82' * 60_000} HTTP/1.1", CLOSE), 200, '"boolean":true'),
    (head(f"GET /{'x' * 600_000} HTTP/1.1", CLOSE), 414, "with POST"),
    (head(POSTED, QUERY_BODY, CHUNKED) + b"5\r\nASK{}\r\n0\r\n\r\n", 411, "Content-Length"),
    (head("POST / HTTP/1.1", CHUNKED) + b"1\r\nx\r\n" * 600_000, 411, "Content-Length"),
    (head(POSTED, QUERY_BODY, CHUNKED, BEARER, CLOSE) + b"5\r\nASK{}\r\n0\r\n\r\n", 200, '"boolean":true'),
    (head(POSTED, QUERY_BODY, CHUNKED, BEARER) + b"1\r\nx\r\n" * 600_000, 400, "fewer than 64 bytes"),
    (head("GET / HTTP/1.1", CHUNKED, BEARER) + b"1\r\nx\r\n" * 600_000, 400, "fewer than 64 bytes"),
    (head(POSTED, QUERY_BODY, CHUNKED, BEARER) + b"1;" + b"x" * 2_000_000, 400, "extensions"),
    (head(POSTED, QUERY_BODY, CHUNKED, BEARER, "Content-Length: 5") + b"5\r\nASK{}\r\n0\r\n\r\n", 400, ""),
    (head(POSTED, QUERY_BODY, "Content-Length: 5", "Content-Length: 6") + b"ASK{} ", 400, ""),
    (head(POSTED.replace("1.1", "1.0"), QUERY_BODY, CHUNKED, BEARER) + b"5\r\nASK{}\r\n0\r\n\r\n", 400, ""),
    (b"GET / HTTP/1.1\r\n\r\n", 400, "one field Host"),
    (head("GET / HTTP/1.1", "Host: localhost"), 400, "one field Host"),
    (head("GET /about HTTP/1.1", CLOSE).replace(b"localhost", b"[::1].evil"), 421, "--base-url"),
    (head("GET http://localhost/sparql?query=ASK%7B%7D HTTP/1.1", CLOSE), 200, '"boolean":true'),
    (head("CONNECT evil.example:80 HTTP/1.1"), 405, "no proxy"),
    (head("GET localhost:80 HTTP/1.1"), 400, "no "),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "no request of HTTP/1.1"),
]


HTTP2 = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA")


def test_a_client_that_asks_for_http_2_is_answered_by_http_1(front: Serving) -> None:
    """Java's client, and with it Jena and RDF4J, asks for it in each first request."""
    post = head(POSTED, QUERY_BODY, "Content-Length: 5", *HTTP2) + b"ASK{}"
    answers = exchanged(front, head(ASK, *HTTP2) + post * 2 + head(ASK, *HTTP2, CLOSE))
    assert answers.count(b'"boolean":true') == answers.count(b"HTTP/1.1 200 ") == 4
    assert b" 411 " in exchanged(front, head(POSTED, CHUNKED, *HTTP2) + b"1\r\nx\r\n" * 100_000)[:20]
    assert exchanged(front, head(ASK, *HTTP2) * 2000).count(b"HTTP/1.1 200 ") == 33


@pytest.mark.parametrize(("content", "status", "words"), RAW, ids=lambda value: str(value)[-60:-20])
def test_bytes_have_their_answer(front: Serving, content: bytes, status: int, words: str) -> None:
    started = time.monotonic()
    answer = exchanged(front, content)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer[:300]
    assert words in answer.decode()
    assert b"connection: close" in answer.lower()
    assert time.monotonic() - started < 8
    assert front.ask("ASK {}").status_code == 200


def test_a_body_in_small_chunks_does_not_stop_others(front: Serving) -> None:
    """The chunks of 1.4 MB/s in the policy, from ten clients without a pause."""
    chunks = head(POSTED, QUERY_BODY, CHUNKED, BEARER) + b"1\r\nx\r\n" * 600_000
    ends = time.monotonic() + 4
    with concurrent.futures.ThreadPoolExecutor(10) as pool:

        def attack() -> None:
            while time.monotonic() < ends:
                assert b" 400 " in exchanged(front, chunks)[:20]

        attacks = [pool.submit(attack) for _ in range(10)]
        taken = []
        while time.monotonic() < ends:
            asked = time.monotonic()
            assert front.ask("ASK {}").status_code == 200
            taken.append(time.monotonic() - asked)
        for each in attacks:
            each.result()
    assert max(taken) < 2


def test_a_trailer_is_no_field(front: Serving) -> None:
    late = head(POSTED, QUERY_BODY, CHUNKED, BEARER, CLOSE) + b"5\r\nASK{}\r\n0\r\nAccept: image/png\r\n\r\n"
    assert exchanged(front, late).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_client_that_sends_no_more_gets_its_answers(front: Serving, version: str) -> None:
    ask = head(ASK.replace("1.1", version))
    assert b'"boolean":true' in exchanged(front, ask, half_closes=True)
    both = exchanged(front, head(ASK) * 3, half_closes=True)
    assert both.count(b"HTTP/1.1 200 ") == 3


def test_a_client_that_sends_no_more_waits_for_a_long_query(front: Serving) -> None:
    target = str(httpx.URL("/sparql", params={"query": SLOW + " #half"}))
    answer = exchanged(front, head(f"GET {target} HTTP/1.1"), half_closes=True)
    last = answer.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b"")
    assert last.startswith(b"HTTP/1.1 503 ") and b"stopped after" in last


def test_a_client_that_leaves_without_a_reset_ends_its_query(front: Serving) -> None:
    target = str(httpx.URL("/sparql", params={"query": SLOW + " #leaves"}))
    with connected(front) as connection:
        connection.sendall(head(f"GET {target} HTTP/1.1"))
        until(lambda: busy_workers(front))
    until(lambda: not busy_workers(front), 3)


def test_pipelined_requests_are_bounded(front: Serving) -> None:
    """The first are answered, then the connection ends."""
    answers = exchanged(front, head(ASK) * 10_000)
    assert answers.count(b"HTTP/1.1 200 ") == 33


def test_many_fields_and_drips_end_in_time(front: Serving) -> None:
    with connected(front) as silent, connected(front) as between:
        between.sendall(head(ASK))
        until(lambda: b"true" in between.recv(10_000))
        between.sendall(b"\r\n")
        started = time.monotonic()
        assert received(between) == b""
        assert time.monotonic() - started < 11
        assert received(silent) == b""
        assert time.monotonic() - started < 12


def test_unread_answers_are_dropped_after_30_seconds() -> None:
    """The connection and the worker of a client that reads nothing are free again."""
    target = str(httpx.URL("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}))
    with serving() as server, connected(server) as unread:
        unread.sendall(head(f"GET {target} HTTP/1.1") * 5)
        process = psutil.Process(server.process.pid)
        until(lambda: len(process.children(recursive=True)) > 1)
        started = time.monotonic()
        until(lambda: not [at for at in process.net_connections() if at.status == psutil.CONN_ESTABLISHED], 60)
        assert 25 < time.monotonic() - started < 45
        assert server.ask("ASK {}").status_code == 200


def test_connections_are_capped_below_the_descriptors() -> None:
    """One host that holds all that it can leaves room for others, and no traceback is written."""
    with serving(descriptors=400) as server, contextlib.ExitStack() as stack:
        held = []
        for _ in range(600):
            with contextlib.suppress(OSError):
                connection = stack.enter_context(connected(server))
                connection.sendall(b"GET /about HTTP/1.1\r\nHost: localhost\r\nX: ")
                held.append(connection)
        with connected(server, "127.0.0.2") as other:
            other.sendall(head(ASK, CLOSE))
            assert b'"boolean":true' in received(other)
        with connected(server) as one_more:
            one_more.sendall(head(ASK, CLOSE))
            answer = received(one_more)
            assert answer == b"" or (answer.startswith(b"HTTP/1.1 503 ") and b"retry-after" in answer)
        server.process.terminate()
        server.process.wait(10)
        assert server.process.stderr is not None
        assert "Traceback" not in (log := server.process.stderr.read()) and log.count("\n") < 5


def test_many_hosts_leave_room_for_others() -> None:
    """A full server ends an idle connection of the host that has the most."""
    with serving(descriptors=400) as server, contextlib.ExitStack() as stack:
        for number in range(400):
            with contextlib.suppress(OSError):
                stack.enter_context(connected(server, f"127.0.1.{number % 3 + 1}"))
        with connected(server, "127.0.0.2") as other:
            other.sendall(head(ASK, CLOSE))
            assert b'"boolean":true' in received(other)


ELSEWHERE = {"Origin": "https://evil.example"}
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
SHARED = "access-control-allow-origin"


def test_no_page_of_another_site_reads_a_local_server(front: Serving) -> None:
    for path in ("/about", "/metrics", "/sparql?query=ASK%7B%7D", "/"):
        assert SHARED not in front.client.get(path, headers=ELSEWHERE).headers
    assert front.client.options("/sparql", headers={**ELSEWHERE, **PREFLIGHT}).status_code == 400
    embeds = front.client.get("/").headers["content-security-policy"].partition("frame-ancestors ")[2]
    assert embeds == "'self' http://localhost:* http://127.0.0.1:*"
    assert front.client.get("/about").headers["content-security-policy"].endswith("frame-ancestors 'self'")


def test_a_site_that_is_named_reads_all_but_the_metrics() -> None:
    friend = {"Origin": "https://friend.example"}
    with serving("--cors", "https://Friend.example") as server:
        answer = server.client.get("/about", headers=friend)
        assert answer.headers[SHARED] == "https://friend.example" and "Origin" in answer.headers["vary"]
        assert server.client.options("/sparql", headers={**friend, **PREFLIGHT}).status_code == 200
        assert SHARED not in server.client.get("/metrics", headers=friend).headers
        assert SHARED not in server.client.get("/about", headers=ELSEWHERE).headers
        assert server.client.options("/sparql", headers={**ELSEWHERE, **PREFLIGHT}).status_code == 400
        assert "https://friend.example" in server.client.get("/").headers["content-security-policy"]


def test_every_site_reads_a_public_server() -> None:
    with serving("--host", "0.0.0.0") as server:
        assert server.client.get("/about", headers=ELSEWHERE).headers[SHARED] == "*"
        assert server.client.get("/no-such-page", headers=ELSEWHERE).headers[SHARED] == "*"
        assert SHARED not in server.client.get("/metrics", headers=ELSEWHERE).headers
        assert server.client.get("/").headers["content-security-policy"].endswith("frame-ancestors *")
        asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}
        assert server.client.options("/store?default", headers={**ELSEWHERE, **asked}).status_code == 400


@pytest.mark.parametrize("given", ["evil", "https://a.example/path", "https://a.example; script-src *", "null"])
def test_what_is_no_origin_is_said(given: str) -> None:
    answer = kgraph("serve", "--cors", given)
    assert (answer.returncode, "is not an origin" in answer.stderr) == (2, True)


def test_a_page_of_the_server_itself_may_write(writable: Serving) -> None:
    port = writable.url.rpartition(":")[2]
    update = {"Content-Type": "application/sparql-update", **WRITES}
    for origin, status in (
        (f"http://localhost:{port}", 204),
        (f"http://127.0.0.1:{port}", 204),
        (f"http://[::1]:{port}", 204),
        ("http://localhost", 204),
        ("http://localhost:1", 403),
        (f"http://localhost.evil.example:{port}", 403),
        (f"https://localhost:{port}", 403),
        ("null", 403),
    ):
        answer = writable.client.post("/sparql", content="INSERT DATA {}", headers={**update, "Origin": origin})
        assert answer.status_code == status, origin


@pytest.mark.parametrize("host", ["[::1].evil", "localhost.", "localhost@evil", "local host", "[::1", "::1"])
def test_what_only_looks_like_an_own_name_is_refused(front: Serving, host: str) -> None:
    answer = exchanged(front, f"GET /about HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 421 ")


def test_the_slash_after_sparql_makes_no_difference(front: Serving) -> None:
    for answer in (
        front.client.get("/sparql/", params={"query": "ASK {}"}),
        front.client.post("/sparql/", data={"query": "ASK {}"}),
        front.client.post("/sparql/", content="ASK {}", headers={"Content-Type": "application/sparql-query"}),
    ):
        assert (answer.status_code, answer.json()["boolean"]) == (200, True)


def test_an_escaped_backslash_is_a_backslash(front: Serving) -> None:
    answer = front.ask(r'SELECT ("\\u0041" AS ?x) {}')
    assert answer.json()["results"]["bindings"][0]["x"]["value"] == r"\u0041"


def test_no_secret_is_logged(graph: ox.Store, tmp_path: Path) -> None:
    ox.Store(str(tmp_path / STORE)).flush()
    options = ("--graph", str(tmp_path), "--writable", "--access-log")
    with serving(*options, env={"KGRAPH_TOKEN": TOKEN}) as server:
        for address in (
            f"/sparql?access_token={TOKEN}&query=ASK%7B%7D",
            "/sparql?access%5Ftoken=s3cret&query=ASK%7B%7D",
            "/about?api_key=s3cret&Password=s3cret&client_secret=s3cret",
            f"/sparql?query=ASK%7B%7D%23{TOKEN}",
            f"/page/{TOKEN}",
        ):
            server.client.get(address)
        exchanged(server, f"GET /?access_token={TOKEN} HTTP/1.1\r\n\r\n".encode())
        server.process.terminate()
        server.process.wait(10)
        assert server.process.stderr is not None
        log = server.process.stderr.read()
    assert log.count("ASK{}") == 3 and "access_token" in log
    assert TOKEN not in log and "s3cret" not in log


def test_a_writable_server_survives_sighup_and_a_killed_writer(tmp_path: Path) -> None:
    ox.Store(str(tmp_path / STORE)).flush()
    update = {"Content-Type": "application/sparql-update", **WRITES}
    with serving("--graph", str(tmp_path), "--writable", env={"KGRAPH_TOKEN": TOKEN}) as server:
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        for child in psutil.Process(server.process.pid).children():
            if "kgraph.server.update.process" in child.cmdline():
                child.kill()
        answer = server.client.post("/sparql", content="INSERT DATA { <a:a> <a:b> 1 }", headers=update)
        assert (answer.status_code, answer.json()["title"]) == (503, "CannotWrite")
        assert "nothing was written; send it again" in answer.json()["detail"] and answer.headers["retry-after"]
        assert server.client.post("/sparql", content="INSERT DATA {}", headers=update).status_code == 204
