"""`create_app`: the routes, the middleware, and how errors become responses."""

from functools import partial

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from kgraph.errors import KgraphError
from kgraph.server.http import metrics
from kgraph.server.http.front import Counted, Front
from kgraph.server.http.openapi import with_document
from kgraph.server.http.problems import on_error, on_fault, problem
from kgraph.server.routes import data, files, pages, problems, sparql
from kgraph.server.routes.rendered import rendered
from kgraph.server.served import Served


def create_app(served: Served) -> Starlette:
    """The ASGI application: routes, middleware and error handlers."""
    registry, bind = CollectorRegistry(), partial(rendered, served)
    counted = Counted(registry, served.logs, served.writer.token if served.writer else "")
    routes = [
        *sparql.routes(served),
        *data.routes(bind),
        *metrics.routes(registry, served.evaluator),
        *problems.routes(served.watch),
        *pages.routes(bind),
        *files.routes(bind(pages.missing), is_watched=served.watch is not None),
    ]
    return Starlette(
        routes=with_document(routes, served.base.rstrip("/") if served.base_url else "/"),
        middleware=[
            Middleware(Front, counted=counted, hosts=served.hosts, origins=served.origins),
            Middleware(ServerErrorMiddleware, handler=on_fault),  # inside, so that a 500 is counted and has the headers
        ],
        exception_handlers={
            KgraphError: on_error,
            405: lambda at, _: problem(405, "MethodNotAllowed", f"{at.method} is not possible here"),
            500: on_fault,
            ClientDisconnect: lambda *_: Response(status_code=499),  # for the log only, as nginx has it
        },
    )
