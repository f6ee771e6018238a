"""What the server does: numbers for Prometheus at `/metrics`, and when wanted a line of JSON for each request."""

import json
import sys
import time
from dataclasses import dataclass, field
from functools import partial

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph.base.media import TEXT
from kgraph.server.http.openapi import DescribedRoute, get
from kgraph.server.pool.evaluator import Evaluator

SECONDS = (0.005, 0.02, 0.1, 0.5, 2, 10, 30, 60)


@dataclass(frozen=True)
class Watch:
    """The counters of one server."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram
    evaluator: Evaluator
    logs: bool = field(default=False)


def watch(evaluator: Evaluator, *, logs: bool = False) -> Watch:
    registry = CollectorRegistry()
    for name, text, read in (
        ("kgraph_queries_active", "Queries that run or wait", lambda: evaluator.active),
        ("kgraph_quick_places_free", "Free places for queries that have just begun", lambda: evaluator.quick.free),
        ("kgraph_slow_places_free", "Free places for queries that take long", lambda: evaluator.slow.free),
        ("kgraph_queries_waiting", "Queries that wait for a place", evaluator.waiting),
    ):
        Gauge(name, text, registry=registry).set_function(read)
    return Watch(
        registry,
        Counter("kgraph_requests", "Requests answered", ["method", "route", "status"], registry=registry),
        Histogram("kgraph_request_seconds", "Seconds for a request", ["route"], registry=registry, buckets=SECONDS),
        evaluator,
        logs,
    )


def routes(watched: Watch) -> list[DescribedRoute]:
    return [
        get("/metrics", partial(metrics, watched), "Counters for Prometheus", answers={200: (TEXT.media,)}),
        get("/healthz", partial(health, watched), "Whether queries can be answered", fails=(503,)),
    ]


async def metrics(watched: Watch, _: Request) -> Response:
    return Response(generate_latest(watched.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def health(watched: Watch, _: Request) -> Response:
    """200 as long as the process that holds the store lives."""
    is_alive = watched.evaluator.is_alive()
    headers = {"Cache-Control": "no-store"} | ({} if is_alive else {"Retry-After": "5"})
    return JSONResponse({"status": "ok" if is_alive else "starting"}, 200 if is_alive else 503, headers)


METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")


class Watching:
    """Counts every request, and tells of it."""

    def __init__(self, app: ASGIApp, watched: Watch) -> None:
        self.app = app
        self.watched = watched

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, seen = time.perf_counter(), {"status": 499, "bytes": 0}

        async def watched_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            seen["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        finally:
            self._tell(scope, seen, time.perf_counter() - started)

    def _tell(self, scope: Scope, seen: dict[str, int], seconds: float) -> None:
        route = _route(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.watched.requests.labels(method, route, seen["status"]).inc()
        self.watched.seconds.labels(route).observe(seconds)
        if self.watched.logs:
            line = {
                "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "client": scope["client"][0] if scope.get("client") else None,
                "method": scope["method"],
                "path": scope["path"],
                "query": scope["query_string"].decode("ascii", "replace")[:1000],
                "milliseconds": round(1000 * seconds, 1),
                **seen,
            }
            print(json.dumps(line, ensure_ascii=True), file=sys.stderr, flush=True)


def _route(scope: Scope) -> str:
    """The pattern of the route that answered, so that there are as many series as routes and not as addresses."""
    return getattr(scope.get("route"), "path", "none")
