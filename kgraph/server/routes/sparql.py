"""`/sparql`: queries, updates and the description of the service (https://www.w3.org/TR/sparql11-protocol/)."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from kgraph.base.media import FORM, GRAPHS, QUERY, RESULTS_JSON, TABLES, TURTLE, UPDATE, offered
from kgraph.errors import LimitExceeded
from kgraph.server import federation, guards
from kgraph.server.http import authorization, protocol
from kgraph.server.http.negotiation import best
from kgraph.server.http.openapi import TEXT, DescribedRoute, Json, Operation, text
from kgraph.server.http.problems import problem
from kgraph.server.pool.admission import Client
from kgraph.server.pool.evaluator import Answer, Asked
from kgraph.server.routes import description
from kgraph.server.served import Served
from kgraph.server.update import writer

RESULTS, TRIPLES = offered(TABLES), offered(GRAPHS)
MEDIA = {known.name: known.media for known in (*TABLES, *GRAPHS)}
DATASET = tuple(text(f"{kind}-graph-uri", "an IRI; may be repeated") for kind in ("default", "named"))
FORM_BODY: Json = {"type": "object", "properties": dict.fromkeys(("query", "update", *(p.name for p in DATASET)), TEXT)}
QUERY_FAILS = (403, 406, 413, 503)
ENCODED = 9
"""One character of a query has so many bytes at most in a form."""

Result = TypeVar("Result")


def routes(served: Served) -> list[DescribedRoute]:
    answers = (*RESULTS, *TRIPLES)
    return [
        DescribedRoute(
            "/sparql",
            partial(answer, served),
            get=Operation(
                "Answer a query; without one, describe the service",
                (text("query", "SPARQL 1.1"), *DATASET),
                {200: answers},
                QUERY_FAILS,
            ),
            post=Operation(
                "Answer a query, or carry out an update where those are taken",
                DATASET,
                {200: answers, 204: ()},
                (*QUERY_FAILS, 401, 408, 415),
                {FORM: FORM_BODY, QUERY.media: TEXT, UPDATE.media: TEXT},
            ),
        )
    ]


async def answer(served: Served, request: Request) -> Response:
    accept = ", ".join(request.headers.getlist("accept")) or "*/*"
    limits = served.evaluator.limits
    refusal = authorization.refusal(served, request)
    if refusal and protocol.media_type(request)[0] == UPDATE.media and request.method == "POST":
        return refusal
    asked = await operation(served, request, may_write=refusal is None)
    if asked.text is None:
        return description.answer(served, accept)
    if asked.is_update:
        return refusal or await carry_out(served, asked)
    table, graph = best(accept, RESULTS), best(accept, TRIPLES)
    if not table and not graph:
        return problem(406, "NotAcceptable", f"this endpoint answers as {', '.join({**RESULTS, **TRIPLES})}")
    table, graph = table or RESULTS_JSON.media, graph or TURTLE.media
    plain = guards.sized(asked.text, limits)
    if guards.federates(plain):
        plain = await unless_gone(request, federation.resolved(plain, served.federation))
    question = Asked(
        plain, RESULTS[table].name, TRIPLES[graph].name, served.base + "sparql", asked.default, asked.named
    )
    found = await unless_gone(request, served.evaluator.evaluate(question, client(request)))
    return response(found, {question.table: table, question.graph: graph})


async def operation(served: Served, request: Request, *, may_write: bool) -> protocol.Operation:
    """What a request asks for; only who may write can send more than a query has."""
    limits = served.evaluator.limits
    try:
        return await protocol.operation(request, limits.upload if may_write else limits.text * ENCODED)
    except LimitExceeded as error:
        if may_write or not served.writer:
            raise
        raise LimitExceeded(f"{error} without the token, {limits.upload} with it") from error


async def carry_out(served: Served, asked: protocol.Operation) -> Response:
    assert served.writer is not None
    limits = replace(served.writer.limits, text=served.writer.limits.upload)
    wanted = await asyncio.to_thread(writer.of, asked, limits, f"{served.base}sparql")
    await writer.write(served.writer, served.evaluator, wanted)
    return Response(status_code=204)


def client(request: Request) -> Client:
    """Who asks, as far as the connection tells."""
    return Client(request.client.host, str(request.client.port)) if request.client else Client()


async def unless_gone(request: Request, work: Coroutine[None, None, Result]) -> Result:
    """What the work gives; it is cancelled when the client goes away before."""
    task, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait([task, gone], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        for unfinished in (task, gone):
            unfinished.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def response(found: Answer, chosen: Mapping[str, str]) -> Response:
    """An answer under the media type that was chosen for its format, else the format's own."""
    media = chosen.get(found.form, MEDIA[found.form])
    headers = {"Vary": "Accept"} | ({"X-Kgraph-Truncated": "true"} if found.cut else {})
    kind = Response if isinstance(found.content, bytes) else StreamingResponse
    return kind(found.content, media_type=media, headers=headers)  # type: ignore[arg-type]
