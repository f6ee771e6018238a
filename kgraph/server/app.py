"""`create_app`: the routes, the middleware, and how errors become responses."""

from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph import errors
from kgraph.errors import KgraphError
from kgraph.publish.release.explorer import CONTENT_SECURITY_POLICY
from kgraph.server.http import metrics
from kgraph.server.http.openapi import with_document
from kgraph.server.http.protocol import NotAcceptable, TooSlow, UnsupportedMediaType
from kgraph.server.http.refusals import Refusals, problem
from kgraph.server.routes import data, pages, sparql
from kgraph.server.served import Served

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Headers with which a browser isolates our pages from other sites."""

STATUS: Mapping[type[KgraphError], int] = {
    errors.Forbidden: 403,
    errors.BadQuery: 400,
    errors.NotFound: 404,
    NotAcceptable: 406,
    errors.LimitExceeded: 413,
    UnsupportedMediaType: 415,
    TooSlow: 408,
    errors.BadData: 500,
    errors.Timeout: 503,
    errors.EndpointError: 503,
    errors.CannotWrite: 503,
}


def create_app(served: Served) -> Starlette:
    """The ASGI application: routes, middleware and error handlers."""
    book, registry = served.book, CollectorRegistry()
    routes = [
        *data.routes(served),
        *sparql.routes(served),
        *metrics.routes(registry, served.evaluator),
        *pages.routes(book),
    ]
    return Starlette(
        routes=with_document(routes, served.base.rstrip("/") if book.site.base_url else "/"),
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
            KgraphError: lambda at, error: pages.for_people(book, at, on_error(at, error)),
            NotAcceptable: on_error,
            404: lambda at, _: pages.for_people(
                book, at, problem(404, "NotFound", f"there is nothing at {at.url.path}")
            ),
            405: lambda at, _: problem(405, "MethodNotAllowed", f"{at.method} is not possible here"),
            500: on_fault,
            ClientDisconnect: lambda *_: Response(status_code=499),  # for the log only, as nginx has it
        },
    )


def on_error(_: Request, error: Exception) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    headers = {503: {"Retry-After": "5"}, 406: {"Vary": "Accept"}}.get(status)
    return problem(status, type(error).__name__, str(error), headers)


def on_fault(_: Request, __: Exception) -> Response:
    return problem(500, "InternalError", "something went wrong here; the server's log says what")


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
