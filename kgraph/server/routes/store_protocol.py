"""`/store`: whole graphs, by the Graph Store Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/)."""

from functools import partial

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from kgraph.errors import BadQuery, NotFound
from kgraph.server.http import negotiation, protocol
from kgraph.server.http.openapi import TEXT, Answers, DescribedRoute, Operation, Parameter
from kgraph.server.http.refusals import unauthorized
from kgraph.server.pool.worker import Query
from kgraph.server.routes.sparql import NAMES, evaluated
from kgraph.server.served import Served
from kgraph.server.update import writer
from kgraph.server.update.writer import Write

ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
WHICH = (
    Parameter("graph", description="the IRI of a graph"),
    Parameter("default", description="the default graph; without a value"),
)
WRITTEN: Answers = {201: (), 204: ()}
WRITE_FAILS = (401, 403, 404, 408, 413, 415, 503)


def routes(served: Served) -> list[DescribedRoute]:
    body = dict.fromkeys(NAMES, TEXT)
    return [
        DescribedRoute(
            "/store",
            partial(graph_store, served),
            get=Operation("A whole graph", WHICH, {200: NAMES}, (404, 406, 413, 503)),
            put=Operation("Replace a graph", WHICH, WRITTEN, WRITE_FAILS, body),
            post=Operation("Add to a graph", WHICH, WRITTEN, WRITE_FAILS, body),
            delete=Operation("Remove a graph", WHICH, {204: ()}, WRITE_FAILS),
        )
    ]


async def graph_store(served: Served, request: Request) -> Response:
    if request.method in ("GET", "HEAD"):
        return await _read(served, request, named(request))
    return unauthorized(served, request) or await _write(served, request, named(request))


def named(request: Request) -> str | None:
    """The graph that a request is about, None for the default graph."""
    given = protocol.pairs(request.scope["query_string"])
    graphs = [value for name, value in given if name == "graph"]
    if len(graphs) + ("default" in dict(given)) != 1:
        raise BadQuery("give either ?default or one ?graph=IRI")
    return protocol.iri(graphs[0], "graph") if graphs else None


async def _read(served: Served, request: Request, graph: str | None) -> Response:
    media = negotiation.preferred(request, NAMES, "a graph comes as")
    if graph and not await _exists(served, graph):
        raise NotFound(f"there is no graph <{graph}>")
    query = Query(ALL, graph=NAMES[media], default=(graph,) if graph else ())
    return await evaluated(served, request, query, {NAMES[media]: media})


async def _exists(served: Served, graph: str) -> bool:
    found = await served.evaluator.evaluate(Query(f"ASK {{ GRAPH {ox.NamedNode(graph)} {{}} }}"))
    return isinstance(found.content, bytes) and b"true" in found.content


async def _write(served: Served, request: Request, graph: str | None) -> Response:
    """Replace a graph (PUT), add to it (POST) or remove it (DELETE); 201 when it is new."""
    assert served.writer is not None
    is_new = graph is not None and not await _exists(served, graph)
    if request.method == "DELETE":
        if is_new:
            raise NotFound(f"there is no graph <{graph}>")
        await writer.write(served.writer, served.evaluator, Write("", graph, replaces=True))
        return Response(status_code=204)
    media, _ = protocol.content_type(request)
    if media not in NAMES:
        raise protocol.UnsupportedMediaType(f"send {', '.join(NAMES)}")
    content = await protocol.body(request, served.evaluator.limits.upload)
    triples = content.decode("utf-8-sig", errors="surrogateescape")
    wanted = Write(triples, graph, form=NAMES[media], replaces=request.method == "PUT")
    await writer.write(served.writer, served.evaluator, wanted)
    return Response(status_code=201 if is_new else 204)
