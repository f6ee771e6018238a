"""`create_app`: the routes, what they are given, and how errors and headers leave the house."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection

import pyoxigraph as ox
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph.errors import BadData, BadQuery, Forbidden, KgraphError, LimitExceeded, NotFound, Timeout
from kgraph.questions import Question
from kgraph.server.evaluator import Evaluator
from kgraph.server.payload import Marks

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "worker-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'self'",
    )
)

STATUS: Mapping[type[KgraphError], int] = {
    Forbidden: 403,
    BadQuery: 400,
    NotFound: 404,
    LimitExceeded: 413,
    BadData: 500,
    Timeout: 503,
}


@dataclass(frozen=True)
class Served:
    """What the server answers from: the graph, the names in it, its questions and rules, and the built front end."""

    store: ox.Store
    index: Connection
    questions: Mapping[str, Question]
    rules: Mapping[str, str]
    marks: Callable[[], Marks]
    static: Path
    evaluator: Evaluator


def create_app(served: Served) -> Starlette:
    """The whole site as an ASGI application."""
    from kgraph.server import data, pages, sparql, static

    routes: list[Route] = [*data.routes(served), *sparql.routes(served), *pages.routes(served), *static.routes(served)]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "HEAD", "POST"]),
            Middleware(SecureHeaders),
        ],
        exception_handlers={KgraphError: on_error, 404: on_missing, 405: on_method, 500: on_fault},
    )


def problem(status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error as RFC 9457 problem details."""
    import json

    body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail}, ensure_ascii=False)
    return Response(body, status, dict(headers or {}), media_type="application/problem+json")


def on_error(_: Request, error: Exception) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    retry = {"Retry-After": "5"} if status == 503 else {}
    return problem(status, type(error).__name__, str(error), retry)


def on_fault(_: Request, __: Exception) -> Response:
    return problem(500, "InternalError", "something went wrong here; the server's log says what")


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
