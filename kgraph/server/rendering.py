"""Render a page or data of the explorer, in a worker."""

import gzip
import hashlib
from functools import cache
from itertools import chain
from typing import IO, Any

from starlette.requests import Request
from starlette.responses import Response

from kgraph.errors import KgraphError
from kgraph.publish.pages.book import Book
from kgraph.server.http.negotiation import LEVEL, SMALL
from kgraph.server.http.openapi import DescribedRoute, get
from kgraph.server.http.problems import on_error
from kgraph.server.http.routing import route_of
from kgraph.server.pool.jobs import Page
from kgraph.server.pool.limits import Limits
from kgraph.server.routes import data, inbox, pages, reconcile
from kgraph.server.shown import Shown, WrittenResponse


def render(book: Book, limits: Limits, page: Page) -> Response:
    """The response to a request, with an ETag, compressed if the client accepts that."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in page.headers]
    scope = {"type": "http", "path": page.path, "query_string": page.query.encode("latin-1"), "headers": headers}
    method, state = "GET" if page.body is None else "POST", {"base": page.base, "body": page.body}
    request = Request(scope | {"method": method, "state": state})
    try:
        response = _response(Shown(book, limits), request)
    except KgraphError as error:
        response = pages.for_people(book, request, on_error(error))
    return _compressed(response, dict(page.headers).get("accept-encoding") == "gzip")


def _response(shown: Shown, request: Request) -> Response:
    route = route_of(_routes(), request.scope)
    assert route is not None  # the last one has any path
    response: Response = route.endpoint(shown, request)
    return response


@cache
def _routes() -> list[DescribedRoute]:
    """The routes whose handlers render."""
    rendering = (data.routes(_bound), inbox.items(_bound), reconcile.routes(_bound), pages.routes(_bound))
    return [*chain.from_iterable(rendering), get("/{path:path}", _bound(pages.missing), "")]


def _bound(render: Any) -> Any:
    return render


def _compressed(response: Response, accepts_gzip: bool) -> Response:
    if isinstance(response, WrittenResponse) or len(response.body) >= SMALL:
        response.headers.add_vary_header("Accept-Encoding")
        if accepts_gzip:
            _compress(response)
    if response.status_code == 200 and response.body:
        response.headers["ETag"] = f'"{hashlib.blake2b(response.body, digest_size=12).hexdigest()}"'
    response.headers.setdefault("Cache-Control", "no-cache")
    del response.headers["Content-Length"]
    return response


def _compress(response: Response) -> None:
    response.headers["Content-Encoding"] = "gzip"
    if isinstance(response, WrittenResponse):
        write = response.write

        def compressed(out: IO[bytes]) -> None:
            with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=LEVEL, mtime=0) as file:
                write(file)  # type: ignore[arg-type]

        response.write = compressed
    else:
        response.body = gzip.compress(response.body, LEVEL, mtime=0)
