"""`/sparql`: queries, updates and the service description (https://www.w3.org/TR/sparql11-protocol/).

`/store`: whole graphs, by the Graph Store Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/).
"""

import asyncio
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from urllib.parse import quote_plus
from uuid import uuid4

import jinja2
import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kgraph.base.media import FORM, GRAPHS, JSON, QUERY, RESULTS_JSON, TABLES, TURTLE, UPDATE, offered
from kgraph.base.paths import packaged_text
from kgraph.base.vocab import PREFIXES
from kgraph.errors import BadQuery, LimitExceeded, NotFound
from kgraph.graph import questions
from kgraph.publish.metadata import examples
from kgraph.rdf import sparql
from kgraph.rdf.functions import FUNCTIONS
from kgraph.server import federation, guards
from kgraph.server.http import multipart, protocol
from kgraph.server.http.clients import client_of, unless_disconnected
from kgraph.server.http.multipart import FORM_DATA
from kgraph.server.http.openapi import TEXT, Answers, DescribedRoute, Json, Operation, Parameter
from kgraph.server.http.protocol import NotAcceptable, accepted, best, preferred
from kgraph.server.http.refusals import unauthorized
from kgraph.server.pool.evaluator import Answer
from kgraph.server.pool.jobs import Page, Query
from kgraph.server.served import Served
from kgraph.server.update import writer
from kgraph.server.update.process import Write

RESULTS, TRIPLES = offered(TABLES), offered(GRAPHS)
NAMES = {known.media: known.name for known in GRAPHS}
MEDIA = {known.name: known.media for known in (*TABLES, *GRAPHS)}
DATASET = tuple(Parameter(f"{kind}-graph-uri", description="an IRI; may be repeated") for kind in ("default", "named"))
FORM_OF = Parameter("format", description="csv, json, xml, tsv, ttl, nt, jsonld or rdf, in place of Accept")
FORM_BODY: Json = {
    "type": "object",
    "properties": dict.fromkeys(("query", "update", "format", *(p.name for p in DATASET)), TEXT),
}
ENCODED = 9
"""The most bytes of a character in a form: three in UTF-8, percent-encoded."""

ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
WHICH = (
    Parameter("graph", description="the IRI of a graph"),
    Parameter("default", description="the default graph; without a value"),
)
WRITTEN: Answers = {201: (), 204: ()}
WRITE_FAILS = (401, 403, 404, 408, 413, 415, 503)


def routes(served: Served) -> list[DescribedRoute]:
    answers, fails, asked = (*RESULTS, *TRIPLES), (403, 406, 413, 503), Parameter("query", description="SPARQL 1.1")
    read = "Answer a query; without one, describe the service"
    either = "Answer a query, or carry out an update where those are taken"
    bodies = {FORM: FORM_BODY, QUERY.media: TEXT, UPDATE.media: TEXT}
    get = Operation(read, (asked, FORM_OF, *DATASET), {200: answers}, fails)
    post = Operation(either, (FORM_OF, *DATASET), {200: answers, 204: ()}, (*fails, 401, 408, 415), bodies)
    content = dict.fromkeys(NAMES, TEXT)
    added, whole = content | {FORM_DATA: {"type": "object"}}, (404, 406, 413, 503)
    remove = "Remove a graph"
    shown = Operation("The prepared questions as SPARQL examples", (), {200: NAMES}, (406, 413, 503))
    return [
        DescribedRoute("/sparql", partial(query_or_update, served), get=get, post=post),
        DescribedRoute(f"/{examples.WELL_KNOWN}", partial(sparql_examples, served), get=shown),
        DescribedRoute(
            "/store",
            partial(graph_store, served),
            get=Operation("A whole graph", WHICH, {200: NAMES}, whole),
            put=Operation("Replace a graph", WHICH, WRITTEN, WRITE_FAILS, content),
            post=Operation("Add to a graph, without parameters to a new one", WHICH, WRITTEN, WRITE_FAILS, added),
            delete=Operation(remove, WHICH, {204: ()}, WRITE_FAILS),
        ),
        DescribedRoute(
            "/store/{path:path}",
            partial(graph_store, served),
            get=Operation("The graph whose IRI is this address", (), {200: NAMES}, whole),
            put=Operation("Replace the graph whose IRI is this address", (), WRITTEN, WRITE_FAILS, content),
            post=Operation("Add to the graph whose IRI is this address", (), WRITTEN, WRITE_FAILS, added),
            delete=Operation(remove, (), {204: ()}, WRITE_FAILS),
        ),
    ]


async def query_or_update(served: Served, request: Request) -> Response:
    refusal = unauthorized(served, request) if request.method == "POST" else None
    if refusal and protocol.content_type(request)[0] == UPDATE.media:
        return refusal
    operation = await _operation(served, request, may_write=refusal is None)
    if operation.text is None:
        return await service_description(served, request)
    if operation.is_update:
        return refusal or await _update(served, operation)
    return await _query(served, request, operation, operation.text)


async def service_description(served: Served, request: Request) -> Response:
    """The service description (https://www.w3.org/TR/sparql11-service-description/), in a format of triples."""
    media = preferred(request, NAMES, "the service is described as")
    filled = jinja2.Template(packaged_text("server/templates/description.ttl"), trim_blocks=True)
    turtle = filled.render(
        service=f"{served.base}sparql",
        is_writable=served.writer is not None,
        federates=bool(served.federation.hosts),
        functions=FUNCTIONS,
        formats=[known.w3c for known in (*TABLES, *GRAPHS)],
        graphs=await _graphs(served),
    )
    parser = ox.parse(turtle, format=ox.RdfFormat.TURTLE)
    triples = [*(quad.triple for quad in parser), *await _examples(served)]
    return _serialized(triples, media, parser.prefixes)


async def sparql_examples(served: Served, request: Request) -> Response:
    """The prepared questions as SPARQL examples, in a format of triples."""
    media = preferred(request, NAMES, "the examples come as")
    return _serialized(await _examples(served), media, {})


def _serialized(triples: Iterable[ox.Triple], media: str, prefixes: Mapping[str, str]) -> Response:
    """Triples in a format that the client prefers."""
    known = {name: PREFIXES[name] for name in ("call", "schema", "sh", "rdfs")}
    content = ox.serialize(triples, format=sparql.GRAPHS[NAMES[media]], prefixes={**known, **prefixes})
    return Response(content, media_type=media, headers={"Vary": "Accept"})


async def _examples(served: Served) -> list[ox.Triple]:
    """The questions that the graph can be asked, which a worker knows, as examples for this service."""
    answer = await served.evaluator.evaluate(Page("/questions"))
    listed = json.loads(await answer.whole())["questions"]
    known = [questions.parse(one["name"], one["sparql"]) for one in listed]
    return examples.triples(known, served.base, f"{served.base}sparql")


async def _graphs(served: Served) -> list[str]:
    """The sorted named graphs, as IRIs in SPARQL."""
    found = await _rows(served, "SELECT DISTINCT ?graph { GRAPH ?graph {} }")
    return sorted(f"<{row['graph']['value']}>" for row in found)


async def _rows(served: Served, text: str) -> list[dict[str, dict[str, str]]]:
    """The rows of a small answer in JSON."""
    answer = await served.evaluator.evaluate(Query(text))
    rows: list[dict[str, dict[str, str]]] = json.loads(await answer.whole())["results"]["bindings"]
    return rows


async def _operation(served: Served, request: Request, *, may_write: bool) -> protocol.SparqlOperation:
    """The operation of a request; the limit of its body is that of uploads if the client may write."""
    limits = served.evaluator.limits
    try:
        return await protocol.operation(request, limits.upload if may_write else limits.text * ENCODED)
    except LimitExceeded as error:
        if may_write or not served.writer:
            raise
        raise LimitExceeded(f"{error} without the token, {limits.upload} with it") from error


async def _update(served: Served, operation: protocol.SparqlOperation) -> Response:
    assert served.writer is not None
    limits = replace(served.writer.limits, text=served.writer.limits.upload)
    update = await asyncio.to_thread(writer.update, operation, limits, f"{served.base}sparql")
    await writer.write(served.writer, served.evaluator, update)
    return Response(status_code=204)


async def _query(served: Served, request: Request, operation: protocol.SparqlOperation, given: str) -> Response:
    table, graph = _media(operation.form or accepted(request))
    plain = guards.sized(given, served.evaluator.limits)
    if guards.federates(plain):
        plain = await unless_disconnected(request, federation.resolved(plain, served.federation))
    forms, base = (RESULTS[table].name, TRIPLES[graph].name), f"{served.base}sparql"
    query = Query(plain, *forms, base, operation.default, operation.named)
    return await evaluated(served, request, query, dict(zip(forms, (table, graph), strict=True)), _citation(given))


@lru_cache(maxsize=512)
def _media(accept: str) -> tuple[str, str]:
    """The media types of a table and of triples that a client prefers; NotAcceptable when it takes neither."""
    table, graph = best(accept, RESULTS), best(accept, TRIPLES)
    if not table and not graph:
        raise NotAcceptable(f"this endpoint answers as {', '.join({**RESULTS, **TRIPLES})}")
    return table or RESULTS_JSON.media, graph or TURTLE.media


LONGEST = 4000
"""The characters of the longest address of a citation that an answer names."""


def _citation(query: str) -> dict[str, str]:
    """The Link (RFC 8288) to the citation of an answer given now; none for a query that is too long for an address."""
    asked = time.strftime("%Y-%m-%dT%H%%3A%M%%3A%SZ", time.gmtime())
    address = f"cite?query={quote_plus(query)}&asked={asked}"
    return {"Link": f'<{address}>; rel="describedby"; type="{JSON.media}"'} if len(address) <= LONGEST else {}


async def evaluated(
    served: Served, request: Request, query: Query, chosen: Mapping[str, str], fields: Mapping[str, str]
) -> Response:
    """The answer to a query, with the media type that `chosen` gives its format, else that of the format."""
    answer: Answer = await unless_disconnected(request, served.evaluator.evaluate(query, client_of(request)))
    headers = {"Vary": "Accept", **fields} | ({"X-Kgraph-Truncated": "true"} if answer.truncated else {})
    kind = Response if isinstance(answer.content, bytes) else StreamingResponse
    return kind(answer.content, media_type=chosen.get(answer.form, MEDIA[answer.form]), headers=headers)  # type: ignore[arg-type]


async def graph_store(served: Served, request: Request) -> Response:
    if request.method in ("GET", "HEAD"):
        return await _read(served, request, named(served, request))
    if refusal := unauthorized(served, request):
        return refusal
    if request.method == "POST" and "path" not in request.path_params and not request.scope["query_string"]:
        graph = f"{served.base}store/{uuid4()}"
        await _add(served, request, graph)
        return Response(status_code=201, headers={"Location": graph})
    return await _write(served, request, named(served, request))


def named(served: Served, request: Request) -> str | None:
    """The IRI of the graph in the address, or that is the address; None for the default graph."""
    given = protocol.pairs(request.scope["query_string"])
    graphs = [value for name, value in given if name == "graph"]
    count = len(graphs) + ("default" in dict(given))
    if request.path_params.get("path"):
        if count:
            raise BadQuery("the address is the IRI of a graph already; leave out ?graph and ?default")
        return protocol.iri(f"{served.base}{request.scope['raw_path'].decode('ascii').lstrip('/')}", "the address")
    if count != 1:
        raise BadQuery("give either ?default or one ?graph=IRI")
    return protocol.iri(graphs[0], "graph") if graphs else None


async def _read(served: Served, request: Request, graph: str | None) -> Response:
    media = preferred(request, NAMES, "a graph comes as")
    if graph and not await _exists(served, graph):
        raise NotFound(f"there is no graph <{graph}>")
    query = Query(ALL, graph=NAMES[media], default=(graph,) if graph else ())
    return await evaluated(served, request, query, {NAMES[media]: media}, {})


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
        await writer.write(served.writer, served.evaluator, Write(graph=graph, replaces=True))
        return Response(status_code=204)
    await _add(served, request, graph, replaces=request.method == "PUT")
    return Response(status_code=201 if is_new else 204)


async def _add(served: Served, request: Request, graph: str | None, *, replaces: bool = False) -> None:
    """Add the triples in the body of a request to a graph, which is emptied before when the request `replaces` it."""
    assert served.writer is not None
    media, _ = protocol.content_type(request)
    is_form = media == FORM_DATA and not replaces
    if media not in NAMES and not is_form:
        raise protocol.UnsupportedMediaType(f"send {', '.join(NAMES)}")
    content = await protocol.body(request, served.evaluator.limits.upload)
    parts = multipart.parts(content, request.headers["content-type"]) if is_form else [(media, content)]
    if others := sorted({f"“{kind}”" for kind, _ in parts if kind not in NAMES}):
        raise protocol.UnsupportedMediaType(f"a part has the type {', '.join(others)}; send {', '.join(NAMES)}")
    documents = [(NAMES[kind], part.decode("utf-8-sig", errors="surrogateescape")) for kind, part in parts]
    await writer.write(served.writer, served.evaluator, Write(graph=graph, replaces=replaces, documents=documents))
