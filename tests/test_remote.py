"""Competency questions against remote engines: a real Oxigraph, a real Virtuoso, and faulty servers."""

import csv
import io
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal, InvalidOperation
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import httpx
import pyoxigraph as ox
import pytest

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import term
from kgraph.errors import BadQuery, Busy, EndpointError, LimitExceeded, Timeout
from kgraph.graph import questions
from kgraph.graph.entity import cards
from kgraph.publish import handoff
from kgraph.rdf import sparql
from kgraph.rdf.endpoint import Endpoint
from tests.command import kgraph
from tests.programs import needs
from tests.serving import free_port

NAMES = sorted(paths.questions(paths.bundled().ontology))
EXPECTED = Path(__file__).parent / "expected"
ASK_JSON = b'{"head":{},"boolean":true}'
JSON = "application/sparql-results+json"


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        assert process.poll() is None, f"{process.args!r} ended"
        try:
            httpx.get(url, params={"query": "ASK {}"}).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer")


@contextmanager
def stopped(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def written(graph: ox.Store, folder: Path) -> Path:
    """The path of the bundled graph as N-Quads."""
    target = folder / "graph.nq"
    graph.dump(target, format=ox.RdfFormat.N_QUADS)
    return target


@pytest.fixture(scope="session")
def oxigraph(graph: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    folder = tmp_path_factory.mktemp("oxigraph")
    place = ["--location", str(folder / "store")]
    command = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
    subprocess.run([command, "load", *place, "--file", str(written(graph, folder))], check=True, capture_output=True)
    port = free_port()
    process = subprocess.Popen(
        [command, "serve-read-only", *place, "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with stopped(process):
        wait_for(f"http://127.0.0.1:{port}/query", process)
        yield Endpoint(f"http://127.0.0.1:{port}/query")


VIRTUOSO_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DirsAllowed = {folder}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DefaultIsolation = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
MaxClientConnections = 10
[SPARQL]
ResultSetMaxRows = 100000
"""


@pytest.fixture(scope="session")
def virtuoso(graph: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    program, isql = needs("virtuoso"), needs("isql")
    folder = tmp_path_factory.mktemp("virtuoso")
    handoff.write(graph, "virtuoso", "my-graph", folder / "out")
    port, http = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(VIRTUOSO_INI.format(folder=folder, port=port, http=http))
    process = subprocess.Popen(
        [program, "-f", "-c", str(ini)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with stopped(process):
        url = f"http://127.0.0.1:{http}/sparql"
        wait_for(url, process)
        environment = {"PATH": "/usr/bin:/bin", "ISQL": isql, "PORT": str(port), "DBA_PASSWORD": "dba"}
        loaded = subprocess.run(["sh", folder / "out/load.sh"], env=environment, capture_output=True, text=True)
        assert loaded.returncode == 0 and "Error" not in loaded.stdout + loaded.stderr, loaded.stdout + loaded.stderr
        yield Endpoint(f"{url}?{(folder / 'out/dataset').read_text()}")


def rows(result: sparql.Result) -> list[list[str]]:
    """The sorted rows of a result with normalised numbers."""
    content = sparql.serialize(result, "csv").decode()
    return sorted([number(cell) for cell in row] for row in csv.reader(io.StringIO(content)))


def number(text: str) -> str:
    """A number, boolean or point in normal form; points have five decimals, about a metre."""
    if text in ("true", "false"):
        return str(int(text == "true"))
    if text.startswith("POINT"):
        return re.sub(r"\d+\.\d+", lambda found: f"{float(found[0]):.5f}", text)
    try:
        return str(Decimal(text).normalize())
    except InvalidOperation:
        return text


@pytest.mark.parametrize("name", NAMES)
def test_oxigraph_gives_the_same_rows(oxigraph: Endpoint, graph: ox.Store, folders: Folders, name: str) -> None:
    same_rows(oxigraph, graph, folders, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_virtuoso_gives_the_same_rows(virtuoso: Endpoint, graph: ox.Store, folders: Folders, name: str) -> None:
    same_rows(virtuoso, graph, folders, name)


def same_rows(endpoint: Endpoint, graph: ox.Store, folders: Folders, name: str) -> None:
    asked = questions.named(folders.ontology, name)
    there = questions.ask(cast("ox.Store", endpoint), asked)
    assert rows(there) == rows(questions.ask(graph, asked))


def test_a_card_from_afar_is_the_card_at_home(oxigraph: Endpoint, graph: ox.Store) -> None:
    thing = term("id:ziola-siedleckie")
    assert cards.card(cast("ox.Store", oxigraph), thing, "pl") == cards.card(graph, thing, "pl")


def test_a_bound_term_is_seen_by_a_filter(oxigraph: Endpoint) -> None:
    found = sparql.run(
        cast("ox.Store", oxigraph),
        "SELECT ?thing ?n WHERE { ?x skos:prefLabel ?n FILTER(?x = ?thing) }",
        thing=term("id:mcps"),
    )
    assert len(list(sparql.rows(found))) == 2


def test_triples_come_back_as_triples(oxigraph: Endpoint) -> None:
    found = sparql.run(cast("ox.Store", oxigraph), "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c } LIMIT 5")
    assert isinstance(found, ox.QueryTriples)
    assert sparql.serialize(found, "ttl")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["query", "SELECT ?c WHERE { ?c a se:Cluster } ORDER BY ?c LIMIT 1"], "id/cluster"),
        (["questions", "founders", "--format", "csv"], "ziola-siedleckie"),
        (["show", "id:ziola-siedleckie"], "Zioła Siedleckie"),
        (["search", "ziola"], "ziola-siedleckie"),
        (["why", "id:relaksownia", "se:foundingMemberOf", "id:cluster-siedlce"], "inferred by"),
        (["sources", "--format", "csv"], "mcps-2018-klaster"),
        (["disputes"], "contradicts"),
    ],
)
def test_a_read_command_takes_an_endpoint(oxigraph: Endpoint, arguments: list[str], words: str) -> None:
    answer = kgraph(*arguments, "--endpoint", oxigraph.url)
    assert answer.returncode == 0, answer.stderr
    assert words in answer.stdout


def test_an_endpoint_that_is_not_there_is_named() -> None:
    answer = kgraph("query", "ASK {}", "--endpoint", f"http://127.0.0.1:{free_port()}/sparql")
    assert answer.returncode == 5
    assert "cannot be asked" in answer.stderr and "http://127.0.0.1" in answer.stderr


Reply = tuple[int, dict[str, str], bytes]


@pytest.fixture
def endpoint_that() -> Iterator[Callable[..., Endpoint]]:
    """A function that starts an endpoint with the given replies in order."""
    servers = []

    def make(*replies: Reply, seconds: float = 10, pause: float = 0) -> Endpoint:
        left = list(replies)

        class Replying(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                time.sleep(pause)
                status, headers, content = left.pop(0) if len(left) > 1 else left[0]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(ConnectionError):  # the client has given up
                    self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Replying)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return Endpoint(f"http://127.0.0.1:{server.server_port}/sparql", seconds)

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def ask(endpoint: Endpoint) -> sparql.Result:
    return sparql.run(cast("ox.Store", endpoint), "ASK {}")


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_endpoint_is_asked_again_when_it_says(endpoint_that: Callable[..., Endpoint], status: int) -> None:
    endpoint = endpoint_that((status, {"Retry-After": "1"}, b""), (200, {"Content-Type": JSON}, ASK_JSON))
    started = time.monotonic()
    assert ask(endpoint)
    assert time.monotonic() - started > 0.9


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        ((503, {"Retry-After": "0"}, b"later"), Busy, "answered 503: later"),
        ((400, {"Content-Type": "text/plain"}, b"line 1: no"), BadQuery, "does not take the query: line 1: no"),
        ((500, {"Content-Type": "text/html"}, b"<h1>"), EndpointError, "answered 500: Internal Server Error"),
        ((200, {"Content-Type": "text/html"}, b"<h1>"), EndpointError, "is this a SPARQL endpoint?"),
        ((200, {"Content-Type": JSON}, ASK_JSON[:-3]), EndpointError, "not whole or not valid"),
        ((200, {"Content-Type": JSON, "Content-Length": "900"}, ASK_JSON), EndpointError, "cannot be asked"),
        ((200, {"Content-Type": JSON, "X-Kgraph-Truncated": "true"}, ASK_JSON), LimitExceeded, "cut its answer short"),
    ],
)
def test_what_goes_wrong_names_the_endpoint(
    endpoint_that: Callable[..., Endpoint], reply: Reply, error: type[Exception], words: str
) -> None:
    endpoint = endpoint_that(reply)
    with pytest.raises(error, match=r"http://127\.0\.0\.1") as raised:
        ask(endpoint)
    assert words in str(raised.value)


def test_a_slow_endpoint_is_not_waited_for(endpoint_that: Callable[..., Endpoint]) -> None:
    with pytest.raises(Timeout, match=r"no answer within"):
        ask(endpoint_that((200, {"Content-Type": JSON}, ASK_JSON), seconds=0.5, pause=2))


BOUND = [
    "SELECT ?x { ?x <x:p> ?o { SELECT ?o WHERE { ?s <x:p> ?o } LIMIT 1 } }",
    "SELECT ?x { SELECT ?x { ?x <x:p> ?o } }",
    "SELECT ?x (EXISTS { ?z <x:p> ?y } AS ?e) FROM <x:g> { { ?x ?p ?o } UNION { ?x <x:p> ?o } }",
    "PREFIX select: <x:> SELECT ?x { ?x <x:p> ?o FILTER(?o != '}') # }\n }",
    "CONSTRUCT { ?x <x:q> ?o } { ?x <x:p> ?o }",
    "CONSTRUCT{?x <x:q> ?o}WHERE{?x <x:p> ?o}",
    "DESCRIBE ?x { ?x <x:p> ?o }",
]


@pytest.mark.parametrize("text", BOUND)
def test_values_stand_in_the_outermost_pattern_of_a_query(text: str) -> None:
    store = ox.Store()
    store.extend(ox.Quad(ox.NamedNode(f"x:{s}"), ox.NamedNode("x:p"), ox.NamedNode("x:o")) for s in "ab")
    store.extend(ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode("x:g")) for q in list(store))

    def found(text: str, **given: dict[ox.Variable, ox.NamedNode]) -> list[str]:
        result = store.query(text, **given)  # type: ignore[arg-type]
        assert isinstance(result, ox.QuerySolutions | ox.QueryTriples)
        return sorted(map(str, result))

    terms = {"x": ox.NamedNode("x:a")}
    assert found(sparql.bind(text, terms)) == found(text, substitutions={ox.Variable("x"): terms["x"]}) != []


@pytest.mark.parametrize("text", ["CONSTRUCT WHERE { ?x ?p ?o }", "DESCRIBE ?x"])
def test_a_query_without_a_pattern_for_them_takes_no_values(text: str) -> None:
    with pytest.raises(BadQuery, match="cannot have a value here"):
        sparql.bind(text, {"x": ox.NamedNode("x:a")})


def test_a_typing_error_is_pointed_out_from_afar_too(oxigraph: Endpoint) -> None:
    asked = kgraph("query", "SELECT ?x { ?x a se:Clusterr }", "--endpoint", oxigraph.url)
    assert (asked.returncode, asked.stderr) == (0, "note: se:Clusterr is not in the ontology; is it a typing error?\n")


def test_an_endpoint_that_cannot_say_whether_it_knows_a_term_has_answered(
    endpoint_that: Callable[..., Endpoint],
) -> None:
    endpoint = endpoint_that((200, {"Content-Type": JSON}, ASK_JSON), (500, {}, b""))
    asked = kgraph("query", "ASK { ?x a se:Cluster }", "--endpoint", endpoint.url)
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "true\n", "")
