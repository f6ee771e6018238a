"""Pages and data that a worker renders: asked once for all who want the same, and kept."""

from collections.abc import Awaitable, Callable, Coroutine

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kgraph.server.http.cache import RenderedPage
from kgraph.server.http.clients import client_of, unless_disconnected
from kgraph.server.http.conditional import unless_unchanged
from kgraph.server.http.protocol import accepted, body
from kgraph.server.pool.jobs import Page
from kgraph.server.served import Served
from kgraph.server.shown import Render

POSTED = 4 * 1024**2
"""The most bytes of a posted batch; what it may hold is bounded where it is read."""


def rendered(served: Served, _: Render) -> Callable[[Request], Awaitable[Response]]:
    """A handler that has a worker render the response."""

    async def handler(request: Request) -> Response:
        page = await _page(served, request)
        kept = served.cache.find(page)
        if kept is None:
            kept = await unless_disconnected(request, _rendering(served, page, client_of(request)))
        response = _response(kept)
        if kept.may_be_kept and kept.status == 200:
            response.headers["Last-Modified"] = served.cache.since
        return unless_unchanged(request, response)

    return handler


async def _page(served: Served, request: Request) -> Page:
    """The job for a request, with the header fields that its response may depend on."""
    is_post = request.method == "POST"
    compresses = "gzip" in request.headers.get("accept-encoding", "")
    fields = (
        ("accept", accepted(request)),
        ("accept-language", request.headers.get("accept-language", "")),
        *([("accept-encoding", "gzip")] if compresses else []),
        *([("content-type", request.headers.get("content-type", ""))] if is_post else []),
    )
    content = await body(request, POSTED) if is_post else None
    return Page(request.scope["path"], request.scope["query_string"].decode("latin-1"), fields, served.base, content)


def _rendering(served: Served, page: Page, client: str) -> Coroutine[None, None, RenderedPage]:
    """The page, rendered once for all who want it; what is posted is rendered for its client."""
    if page.body is not None:
        return _render(served, page, client)
    return served.cache.get(page, lambda: _render(served, page, client))


async def _render(served: Served, page: Page, client: str) -> RenderedPage:
    answer = await served.evaluator.evaluate(page, client)
    return await RenderedPage.of(answer)


def _response(kept: RenderedPage) -> Response:
    if kept.file is None:
        return Response(kept.body, kept.status, kept.headers)
    return StreamingResponse(kept.chunks(), kept.status, {**kept.headers, "content-length": str(kept.size)})
