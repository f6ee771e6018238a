"""`create_app`: the routes, the middleware, and how errors become responses."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from kgraph import errors
from kgraph.errors import KgraphError
from kgraph.server.http import metrics
from kgraph.server.http.front import Counted, Front
from kgraph.server.http.openapi import with_document
from kgraph.server.http.protocol import NotAcceptable, TooSlow, UnsupportedMediaType
from kgraph.server.http.refusals import problem
from kgraph.server.routes import data, pages, sparql
from kgraph.server.served import Served

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
    counted = Counted(registry, served.logs, served.writer.token if served.writer else "")
    routes = [
        *sparql.routes(served),
        *data.routes(served),
        *metrics.routes(registry, served.evaluator),
        *pages.routes(book),
    ]
    return Starlette(
        routes=with_document(routes, served.base.rstrip("/") if book.site.base_url else "/"),
        middleware=[
            Middleware(Front, counted=counted, hosts=served.hosts, origins=served.origins),
            Middleware(ServerErrorMiddleware, handler=on_fault),  # inside, so that a 500 is counted and has the headers
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
