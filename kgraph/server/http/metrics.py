"""Metrics for Prometheus at `/metrics`, and the health check."""

from functools import partial

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kgraph.base.media import TEXT
from kgraph.server.http.openapi import DescribedRoute, get
from kgraph.server.pool.evaluator import Evaluator


def routes(registry: CollectorRegistry, evaluator: Evaluator) -> list[DescribedRoute]:
    quick, slow = evaluator.quick, evaluator.slow

    def waiting() -> int:
        return len(quick.waiting) + len(slow.waiting)

    def active() -> int:
        return waiting() + quick.held.total() + slow.held.total()

    for name, text, value in (
        ("kgraph_queries_active", "Queries that run or wait", active),
        ("kgraph_quick_places_free", "Free slots for queries that have just begun", lambda: quick.free),
        ("kgraph_slow_places_free", "Free slots for queries that take long", lambda: slow.free),
        ("kgraph_queries_waiting", "Queries that wait for a slot", waiting),
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
