"""The explorer's data: one request for each view, answered in both languages."""

import re
from collections.abc import Callable
from functools import partial

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kgraph.base.media import RESULTS_JSON
from kgraph.base.vocab import BASE
from kgraph.errors import BadQuery, NotFound
from kgraph.graph import networks, questions, reasons, search, states, views
from kgraph.rdf import sparql
from kgraph.server.served import Served

Handler = Callable[[Served, Request], Response]


def routes(served: Served) -> list[Route]:
    handlers: dict[str, Handler] = {
        "/about": about,
        "/schema": schema,
        "/network": network_,
        "/chain": chain,
        "/search": search_,
        "/things/{path:path}": thing,
        "/why": why_,
        "/table": table,
        "/places": places,
        "/timeline": timeline,
        "/questions": questions_,
        "/questions/{name}": question,
        "/sources": sources,
        "/disputes": disputes_,
    }
    return [Route(path, partial(handler, served), methods=["GET"]) for path, handler in handlers.items()]


def asked(request: Request, name: str) -> str:
    """A parameter that must be given."""
    value = request.query_params.get(name)
    if not value:
        raise BadQuery(f"the address needs ?{name}=…")
    return value


def asked_iri(request: Request, name: str) -> ox.NamedNode:
    """A parameter that is an IRI or a CURIE."""
    node = sparql.parse_term(asked(request, name))
    if not isinstance(node, ox.NamedNode):
        raise BadQuery(f"?{name}= takes an IRI or a CURIE such as id:mcps")
    return node


def asked_number(request: Request, name: str, default: int, most: int) -> int:
    value = request.query_params.get(name, str(default))
    if not re.fullmatch(r"\d{1,6}", value) or not 1 <= int(value) <= most:
        raise BadQuery(f"?{name}= takes a whole number from 1 to {most}")
    return int(value)


def asked_day(request: Request) -> ox.Literal | None:
    """The day as of which is asked, if one is."""
    return states.day(asked(request, "as-of")) if "as-of" in request.query_params else None


def about(served: Served, _: Request) -> Response:
    limits = served.evaluator.limits
    return JSONResponse(views.about(served.store, limits.seconds, limits.answer))


def schema(served: Served, _: Request) -> Response:
    return JSONResponse(views.schema(served.store))


def network_(served: Served, request: Request) -> Response:
    store, focus = served.store, None
    if "focus" in request.query_params:
        focus = asked_iri(request, "focus").value
        shown = networks.neighbourhood(store, focus, asked_number(request, "depth", 1, 3))
    elif "whole" in request.query_params:
        shown = networks.whole(store)
    else:
        shown = served.marks().overview
    if day := asked_day(request):
        shown = networks.as_of(store, shown, day)
    return JSONResponse(views.network(store, shown, served.marks(), focus))


def chain(served: Served, request: Request) -> Response:
    """As of a day it is one of stated facts, and avoids what was not there."""
    ends = asked_iri(request, "from").value, asked_iri(request, "to").value
    found = networks.chain(served.store, *ends, asked_day(request))
    shown = networks.with_ends(served.store, found)
    return JSONResponse(views.network(served.store, shown, served.marks(), ends[0]))


def search_(served: Served, request: Request) -> Response:
    found = search.find(served.index, asked(request, "q"), asked_number(request, "limit", 20, 100))
    return JSONResponse(views.found(served.store, found))


def thing(served: Served, request: Request) -> Response:
    node = sparql.parse_term(f"<{BASE}{request.path_params['path']}>")
    assert isinstance(node, ox.NamedNode)
    return JSONResponse(views.thing(served.store, node, served.marks(), asked_day(request)))


def why_(served: Served, request: Request) -> Response:
    subject, predicate = asked_iri(request, "subject"), asked_iri(request, "predicate")
    fact = ox.Triple(subject, predicate, sparql.parse_term(asked(request, "object")))
    return JSONResponse(views.reason(served.store, reasons.why(served.store, fact, served.rules)))


def table(served: Served, request: Request) -> Response:
    return JSONResponse(views.table(served.store, asked_iri(request, "kind"), served.marks().dates))


def places(served: Served, _: Request) -> Response:
    return JSONResponse(views.places(served.store))


def timeline(served: Served, _: Request) -> Response:
    return JSONResponse(views.timeline(served.store, served.marks().dates))


def questions_(served: Served, _: Request) -> Response:
    return JSONResponse(views.questions(served.questions.values()))


def question(served: Served, request: Request) -> Response:
    name = request.path_params["name"]
    if name not in served.questions:
        raise NotFound(f"no question {name!r}; there are {', '.join(served.questions)}")
    given = dict(request.query_params)
    lang = given.pop("lang", "en")
    terms = {key: sparql.parse_term(value) for key, value in given.items() if value != "UNDEF"}
    result = questions.ask(served.store, served.questions[name], lang, **terms)
    return Response(sparql.serialize(result, "json"), media_type=RESULTS_JSON.media)


def sources(served: Served, request: Request) -> Response:
    content = views.sources(served.store, request.query_params.get("lang", "en"))
    return Response(content, media_type=RESULTS_JSON.media)


def disputes_(served: Served, _: Request) -> Response:
    return JSONResponse(views.disputes(served.store))
