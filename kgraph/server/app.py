"""`create_app`: the routes, and what every request goes through."""

from functools import partial

from prometheus_client import CollectorRegistry

from kgraph.server.http import metrics
from kgraph.server.http.front import Counted, Front
from kgraph.server.http.openapi import with_document
from kgraph.server.http.routing import Routes
from kgraph.server.routes import data, files, pages, problems, sparql
from kgraph.server.routes.rendered import rendered
from kgraph.server.served import Served


def create_app(served: Served) -> Front:
    """The ASGI application."""
    registry, bind = CollectorRegistry(), partial(rendered, served)
    counted = Counted(registry, served.logs, served.writer.token if served.writer else "")
    routes = [
        *sparql.routes(served),
        *data.routes(bind),
        *metrics.routes(registry, served.evaluator),
        *problems.routes(served.watch),
        *pages.routes(bind),
        *files.routes(bind(pages.missing), served.published, is_watched=served.watch is not None),
    ]
    described = with_document(routes, served.base.rstrip("/") if served.base_url else "/")
    return Front(Routes(described), counted, served.hosts, served.origins)
