"""SERVICE calls to a remote endpoint: time limits, and new IRIs for blank nodes of the answer."""

import asyncio
import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pyoxigraph as ox
import pytest

from kgraph.errors import EndpointError
from kgraph.server import federation
from kgraph.server.federation import Federation

NODES = [{"type": "bnode", "value": "b0"}, {"type": "bnode", "value": "b0"}, {"type": "bnode", "value": "b1"}]
ROWS = [{"who": node, "n": {"type": "literal", "value": str(n)}} for n, node in enumerate(NODES)]
ANSWER = json.dumps({"head": {"vars": ["who", "n"]}, "results": {"bindings": ROWS}}).encode()
HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: {len(ANSWER)}\r\n\r\n"


@contextmanager
def answering(head_pause: float = 0, body_pause: float = 0) -> Iterator[tuple[str, Federation]]:
    """The address of an endpoint that pauses before each byte, and a federation that allows it."""

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            try:
                for content, pause in ((HEAD.encode(), head_pause), (ANSWER, body_pause)):
                    for byte in content:
                        time.sleep(pause)
                        self.wfile.write(bytes([byte]))
            except OSError:
                pass  # the client has closed the connection

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"
        yield f"http://{host}/", Federation((host,), lambda _: True)
        server.shutdown()


def test_a_blank_node_is_the_same_in_one_answer_and_nothing_that_is_known_here() -> None:
    query = (
        "SELECT ?who ?n ?known WHERE {{ SERVICE <{}> {{ ?who <a:name> ?n }} OPTIONAL {{ ?who a ?known }} }} ORDER BY ?n"
    )
    with answering() as (url, federation_):
        text = asyncio.run(federation.resolved(query.format(url), federation_))
        again = asyncio.run(federation.resolved(query.format(url), federation_))
    assert text != again
    store = ox.Store()
    store.add(
        ox.Quad(
            ox.NamedNode("a:coop"),
            ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            ox.NamedNode("a:Coop"),
        )
    )
    found = [(row["who"], row["n"].value, row["known"]) for row in store.query(text)]  # type: ignore[union-attr]
    assert [(number, known) for _, number, known in found] == [("0", None), ("1", None), ("2", None)]
    (first, second, third) = (who for who, _, _ in found)
    assert first == second != third


@pytest.mark.parametrize("pauses", [(0.02, 0.0), (0.0, 0.02)], ids=["head", "body"])
def test_an_answer_that_drips_is_not_waited_for(pauses: tuple[float, float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(federation, "SECONDS", 0.5)
    with answering(*pauses) as (url, federation_):
        started = time.perf_counter()
        with pytest.raises(EndpointError, match=r"no whole answer within 0\.5 s"):
            asyncio.run(federation.resolved(f"ASK {{ SERVICE <{url}> {{ ?who <a:name> ?n }} }}", federation_))
        assert time.perf_counter() - started < 1.5


def test_a_triple_as_a_term_comes_as_one() -> None:
    term = {
        "type": "triple",
        "value": {
            "subject": NODES[0],
            "predicate": {"type": "uri", "value": "a:p"},
            "object": {"type": "uri", "value": "a:o"},
        },
    }
    content = json.dumps({"head": {"vars": ["t"]}, "results": {"bindings": [{"t": term}]}}).encode()
    (row,) = ox.Store().query(f"SELECT ?t {federation._block(content)}")  # type: ignore[misc]
    assert isinstance(row["t"], ox.Triple) and isinstance(row["t"].subject, ox.NamedNode)
