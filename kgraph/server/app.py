"""`create_app`: the routes, and what every request goes through."""

from functools import partial

from prometheus_client import CollectorRegistry

from kgraph.server.http import metrics
from kgraph.server.http.front import Counted, Front
from kgraph.server.http.openapi import with_document
from kgraph.server.http.routing import Routes
from kgraph.server.routes import data, files, inbox, pages, problems, reconcile, sparql
from kgraph.server.routes.rendered import rendered
from kgraph.server.served import Served


def create_app(served: Served) -> Front:
    """The ASGI application."""
    registry, bind = CollectorRegistry(), partial(rendered, served)
    writing = served.writer or served.editing
    counted = Counted(registry, served.logs, writing.token if writing else "")
    marks = [mark for mark, is_on in (("watched", served.watch), ("edited", served.editing)) if is_on]
    routes = [
        *sparql.routes(served),
        *data.routes(bind),
        *reconcile.routes(bind),
        *metrics.routes(registry, served.evaluator),
        *problems.routes(served.watch),
        *inbox.routes(served, bind),
        *pages.routes(bind),
        *files.routes(bind(pages.missing), served.published, *marks),
    ]
    described = with_document(routes, served.base.rstrip("/") if served.base_url else "/")
    is_framed = served.editing is None  # a page of another site could have its visitors click on our buttons
    return Front(Routes(described), counted, served.hosts, served.origins, is_framed=is_framed)
