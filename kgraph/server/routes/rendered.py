"""Pages and data that a worker renders: asked once for all who want the same, and kept."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kgraph.server.http.cache import RenderedPage
from kgraph.server.http.conditional import unless_unchanged
from kgraph.server.http.protocol import accepted
from kgraph.server.pool.jobs import Page
from kgraph.server.routes.sparql import client_of, unless_disconnected
from kgraph.server.served import Served
from kgraph.server.shown import Render


def rendered(served: Served, _: Render) -> Callable[[Request], Awaitable[Response]]:
    """A handler that has a worker render the response."""

    async def handler(request: Request) -> Response:
        page = _page(request)
        kept = served.cache.find(page)
        if kept is None:
            rendering = served.cache.get(page, lambda: _render(served, page, client_of(request)))
            kept = await unless_disconnected(request, rendering)
        response = _response(kept)
        if kept.may_be_kept and kept.status == 200:
            response.headers["Last-Modified"] = served.cache.since
        return unless_unchanged(request, response)

    return handler


def _page(request: Request) -> Page:
    """The job for a request, with the header fields that its response may depend on."""
    compresses = "gzip" in request.headers.get("accept-encoding", "")
    fields = (
        ("accept", accepted(request)),
        ("accept-language", request.headers.get("accept-language", "")),
        *([("accept-encoding", "gzip")] if compresses else []),
    )
    return Page(request.scope["path"], request.scope["query_string"].decode("latin-1"), fields)


async def _render(served: Served, page: Page, client: str) -> RenderedPage:
    answer = await served.evaluator.evaluate(page, client)
    return await RenderedPage.of(answer)


def _response(kept: RenderedPage) -> Response:
    if kept.file is None:
        return Response(kept.body, kept.status, kept.headers)
    return StreamingResponse(kept.chunks(), kept.status, {**kept.headers, "content-length": str(kept.size)})
