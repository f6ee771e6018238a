"""`create_app`: the routes, what they are given, and how errors and headers leave the house."""

from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph.errors import (
    BadData,
    BadQuery,
    CannotWrite,
    EndpointError,
    Forbidden,
    KgraphError,
    LimitExceeded,
    NotFound,
    Timeout,
)
from kgraph.publish.explorer import CONTENT_SECURITY_POLICY
from kgraph.server.http.hosts import KnownHosts
from kgraph.server.http.metrics import Watching, watch
from kgraph.server.http.metrics import routes as watching
from kgraph.server.http.problems import problem
from kgraph.server.http.protocol import TooSlow, UnsupportedMediaType
from kgraph.server.http.timeouts import FewFields
from kgraph.server.routes import data, openapi, pages, sparql, static, store_protocol
from kgraph.server.served import Served

STATUS: Mapping[type[KgraphError], int] = {
    Forbidden: 403,
    BadQuery: 400,
    NotFound: 404,
    LimitExceeded: 413,
    UnsupportedMediaType: 415,
    TooSlow: 408,
    BadData: 500,
    Timeout: 503,
    EndpointError: 503,
    CannotWrite: 503,
}


def create_app(served: Served) -> Starlette:
    """The whole site as an ASGI application."""
    book = served.book()
    watched = watch(served.evaluator, logs=served.logs)
    routes: list[Route] = [
        *data.routes(served),
        *sparql.routes(served),
        *store_protocol.routes(served),
        *openapi.routes(served),
        *watching(watched),
        *pages.routes(book, served),
        *static.routes(served),
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(Watching, watched=watched),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST"],
                expose_headers=["X-Kgraph-Truncated", "Link"],
            ),
            Middleware(SecureHeaders),
            Middleware(ServerErrorMiddleware, handler=on_fault),  # here, so that a fault is counted and has the headers
            Middleware(FewFields),
            Middleware(KnownHosts, known=served.hosts),
        ],
        exception_handlers={
            KgraphError: pages.for_people(book, on_error),
            404: pages.for_people(book, on_missing),
            405: on_method,
            500: on_fault,
            ClientDisconnect: on_gone,
        },
    )


def on_error(_: Request, error: Exception) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    retry = {"Retry-After": "5"} if status == 503 else {}
    return problem(status, type(error).__name__, str(error), retry)


def on_fault(_: Request, __: Exception) -> Response:
    return problem(500, "InternalError", "something went wrong here; the server's log says what")


def on_gone(_: Request, __: Exception) -> Response:
    """For the log only: nobody is there to read it."""
    return Response(status_code=499)


def on_missing(request: Request, _: Exception) -> Response:
    return problem(404, "NotFound", f"there is nothing at {request.url.path}")


def on_method(request: Request, _: Exception) -> Response:
    return problem(405, "MethodNotAllowed", f"{request.method} is not possible here")


class SecureHeaders:
    """Adds to every response what a browser needs to keep strangers out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


HEADERS = [
    (name.encode(), value.encode())
    for name, value in {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }.items()
]
