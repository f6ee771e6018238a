"""SPARQL 1.1 Protocol for reading (https://www.w3.org/TR/sparql11-protocol/#query-operation)."""

from functools import partial
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgraph.errors import BadQuery
from kgraph.server.app import Served, problem
from kgraph.server.negotiation import best

TABLES = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
}
GRAPHS = {"text/turtle": "ttl", "application/n-triples": "nt", "application/ld+json": "jsonld", "text/plain": "nt"}


def routes(served: Served) -> list[Route]:
    return [Route("/sparql", partial(answer, served), methods=["GET", "POST"])]


async def answer(served: Served, request: Request) -> Response:
    text = await _query(request)
    if isinstance(text, Response):
        return text
    accept = request.headers.get("accept", "*/*")
    table, graph = best(accept, TABLES), best(accept, GRAPHS)
    if not table and not graph:
        offered = ", ".join({**TABLES, **GRAPHS})
        return problem(406, "NotAcceptable", f"this endpoint answers as {offered}")
    table, graph = table or "application/sparql-results+json", graph or "text/turtle"
    kind, content = await run_in_threadpool(served.evaluator.evaluate, text, f"{TABLES[table]} {GRAPHS[graph]}")
    if kind == "boolean" and TABLES[table] not in ("json", "xml"):
        table = "application/sparql-results+json"
    return Response(content, media_type=graph if kind == "graph" else table, headers={"Vary": "Accept"})


async def _query(request: Request) -> str | Response:
    """The query of a request, or the answer to a request without one that can be taken."""
    given = list(request.query_params.multi_items())
    body = await request.body() if request.method == "POST" else b""
    media = request.headers.get("content-type", "").partition(";")[0].strip()
    try:
        if request.method == "POST" and media == "application/sparql-query":
            given.append(("query", body.decode()))
        elif request.method == "POST" and media == "application/x-www-form-urlencoded":
            form = parse_qs(body.decode(), keep_blank_values=True, errors="strict")
            given += [(name, value) for name, values in form.items() for value in values]
        elif request.method == "POST":
            return problem(415, "UnsupportedMediaType", "send application/sparql-query or a form")
    except UnicodeDecodeError as error:
        raise BadQuery("the query is not UTF-8") from error
    queries = [value for name, value in given if name == "query"]
    if any(name == "update" for name, _ in given):
        return problem(403, "ReadOnly", "this endpoint does not take updates")
    if len(queries) != 1:
        raise BadQuery("give one ?query=…" if not queries else "give one query, not several")
    return queries[0]
