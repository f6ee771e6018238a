"""Metrics for Prometheus at `/metrics`, the health check, and an access log in JSON."""

import json
import sys
import time
from functools import partial

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph.base.media import TEXT
from kgraph.server.http.openapi import DescribedRoute, get
from kgraph.server.pool.evaluator import Evaluator

BUCKETS = (0.005, 0.02, 0.1, 0.5, 2, 10, 30, 60)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")


def routes(registry: CollectorRegistry, evaluator: Evaluator) -> list[DescribedRoute]:
    admission = evaluator.admission
    quick, slow = admission.quick, admission.slow
    for name, text, value in (
        ("kgraph_queries_active", "Queries that run or wait", lambda: admission.active),
        ("kgraph_quick_places_free", "Free slots for queries that have just begun", lambda: quick.free),
        ("kgraph_slow_places_free", "Free slots for queries that take long", lambda: slow.free),
        ("kgraph_queries_waiting", "Queries that wait for a slot", lambda: len(quick.queue) + len(slow.queue)),
    ):
        Gauge(name, text, registry=registry).set_function(value)

    async def exposition(_: Request) -> Response:
        return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [
        get("/metrics", exposition, "Counters for Prometheus", answers={200: (TEXT.media,)}),
        get("/healthz", partial(health, evaluator), "Whether queries can be answered", fails=(503,)),
    ]


async def health(evaluator: Evaluator, _: Request) -> Response:
    """Status 200 while the fork servers run, else 503."""
    status, code, retry = ("ok", 200, {}) if evaluator.is_alive() else ("starting", 503, {"Retry-After": "5"})
    return JSONResponse({"status": status}, code, {"Cache-Control": "no-store"} | retry)


class Counting:
    """Middleware that counts requests, and writes a log line for each when `logs`."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry, *, logs: bool) -> None:
        self.app = app
        self.logs = logs
        labels, text = ["method", "route", "status"], "Seconds for a request"
        self.requests = Counter("kgraph_requests", "Requests answered", labels, registry=registry)
        self.seconds = Histogram("kgraph_request_seconds", text, ["route"], registry=registry, buckets=BUCKETS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, seen = time.perf_counter(), {"status": 499, "bytes": 0}

        async def counting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            seen["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counting_send)
        finally:
            self._count(scope, seen, time.perf_counter() - started)

    def _count(self, scope: Scope, seen: dict[str, int], seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")  # its pattern: each address would be a time series
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.requests.labels(method, route, seen["status"]).inc()
        self.seconds.labels(route).observe(seconds)
        if self.logs:
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
