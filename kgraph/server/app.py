"""`create_app`: the routes, the middleware, and how errors become responses."""

from dataclasses import dataclass
from functools import partial

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph.errors import KgraphError
from kgraph.publish.release.explorer import CONTENT_SECURITY_POLICY
from kgraph.server.http import metrics
from kgraph.server.http.openapi import with_document
from kgraph.server.http.problems import on_error, on_fault, problem
from kgraph.server.http.refusals import Refusals
from kgraph.server.routes import data, files, pages, sparql
from kgraph.server.routes.rendered import rendered
from kgraph.server.served import Served

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Headers with which a browser isolates our pages from other sites."""


def create_app(served: Served) -> Starlette:
    """The ASGI application: routes, middleware and error handlers."""
    registry, bind = CollectorRegistry(), partial(rendered, served)
    routes = [
        *data.routes(bind),
        *sparql.routes(served),
        *metrics.routes(registry, served.evaluator),
        *pages.routes(bind),
        *files.routes(bind(pages.missing)),
    ]
    return Starlette(
        routes=with_document(routes, served.base.rstrip("/") if served.base_url else "/"),
        middleware=[
            Middleware(metrics.Counting, registry=registry, logs=served.logs),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST"],
                expose_headers=["X-Kgraph-Truncated", "Link"],
            ),
            Middleware(SecureHeaders),
            Middleware(ServerErrorMiddleware, handler=on_fault),  # inside, so that a 500 is counted and has the headers
            Middleware(Refusals, hosts=served.hosts),
        ],
        exception_handlers={
            KgraphError: on_error,
            405: lambda at, _: problem(405, "MethodNotAllowed", f"{at.method} is not possible here"),
            500: on_fault,
            ClientDisconnect: lambda *_: Response(status_code=499),  # for the log only, as nginx has it
        },
    )


@dataclass
class SecureHeaders:
    """Middleware that adds HEADERS to every response."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
