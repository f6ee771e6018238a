"""`/openapi.json`: every address of this server, with its parameters and answers (https://spec.openapis.org/oas/v3.1.0)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kgraph._version import __version__
from kgraph.base import media
from kgraph.base.media import FORM, PROBLEM
from kgraph.server.routes.sparql import RESULTS, TRIPLES
from kgraph.server.routes.store_protocol import MEDIA
from kgraph.server.served import Served

Json = dict[str, object]

JSON, HTML, ROWS = media.JSON.media, media.HTML.media, media.RESULTS_JSON.media
ANSWERS = (*RESULTS, *TRIPLES)
TEXT: Json = {"type": "string"}
LANG: Json = {"type": "string", "enum": ["pl", "en"]}
DAY: Json = {"type": "string", "format": "date"}
IRI = "an IRI, or a CURIE such as id:mcps"
REASONS = {
    204: "done",
    201: "a new graph was made",
    303: "look there",
    308: "look there",
    400: "the request is not valid; the detail says where",
    401: "the token is missing or wrong",
    403: "this may not be done here",
    404: "there is nothing",
    405: "not with this method",
    406: "in none of the types wanted",
    408: "the body did not arrive in time",
    410: "it was here and was removed",
    413: "too large: the text, the answer, or what it needs of memory",
    415: "the body is of a type that is not taken",
    421: "this server has another name",
    431: "too many header fields",
    503: "too much just now, or stopped at the time limit; Retry-After says when to come again",
}
ALWAYS = (400, 421, 431)


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address."""

    name: str
    schema: Mapping[str, object]
    required: bool = False
    place: str = "query"
    description: str = ""

    def described(self) -> Json:
        return {
            "name": self.name,
            "in": self.place,
            "required": self.required,
            "description": self.description,
            "schema": dict(self.schema),
        }


def text(name: str, *, required: bool = False, about: str = "") -> Parameter:
    return Parameter(name, TEXT, required, description=about)


def view(summary: str, *parameters: Parameter, media: tuple[str, ...] = (JSON,), fails: tuple[int, ...] = ()) -> Json:
    """A GET that answers 200."""
    return operation(summary, parameters, {200: media}, fails)


def operation(
    summary: str,
    parameters: tuple[Parameter, ...],
    gives: Mapping[int, tuple[str, ...]],
    fails: tuple[int, ...],
    body: Mapping[str, Json] | None = None,
) -> Json:
    answers = {str(status): _answer(status, media) for status, media in gives.items()}
    answers |= {str(status): _answer(status, (PROBLEM,)) for status in sorted({*fails, *ALWAYS})}
    described: Json = {"summary": summary, "responses": answers}
    if parameters:
        described["parameters"] = [parameter.described() for parameter in parameters]
    if body:
        described["requestBody"] = {"required": True, "content": {media: {"schema": s} for media, s in body.items()}}
    return described


def _answer(status: int, media: tuple[str, ...]) -> Json:
    answer: Json = {"description": REASONS.get(status, "the answer")}
    if media:
        problem = {"$ref": "#/components/schemas/Problem"}
        answer["content"] = {kind: {"schema": problem if kind == PROBLEM else {}} for kind in media}
    return answer


AS_OF = Parameter("as-of", DAY, description="what was the case on a day")
PATH = Parameter("path", TEXT, required=True, place="path")
GRAPH = text("graph", about="the IRI of a graph")
DEFAULT = Parameter("default", TEXT, description="the default graph; without a value")
WHICH = (GRAPH, DEFAULT)
DATASET = (
    text("default-graph-uri", about="an IRI; may be repeated"),
    text("named-graph-uri", about="an IRI; may be repeated"),
)
QUERY_FAILS = (403, 406, 413, 503)
WRITE_FAILS = (401, 403, 404, 408, 413, 415, 503)
THING = operation("To the page or the data of a thing, by Accept", (PATH,), {303: (), 410: (HTML, *MEDIA)}, (404, 406))
FORM_BODY: Json = {
    "type": "object",
    "properties": {"query": TEXT, "update": TEXT, **{parameter.name: TEXT for parameter in DATASET}},
}
SPARQL_BODY: dict[str, Json] = {
    FORM: FORM_BODY,
    media.QUERY.media: TEXT,
    media.UPDATE.media: TEXT,
}

PATHS: dict[str, dict[str, Json]] = {
    "/sparql": {
        "get": operation(
            "Answer a query; without one, describe the service",
            (text("query", about="SPARQL 1.1"), *DATASET),
            {200: ANSWERS},
            QUERY_FAILS,
        ),
        "post": operation(
            "Answer a query, or carry out an update where those are taken",
            DATASET,
            {200: ANSWERS, 204: ()},
            (*QUERY_FAILS, 401, 408, 415),
            SPARQL_BODY,
        ),
    },
    "/store": {
        "get": operation("A whole graph", WHICH, {200: tuple(MEDIA)}, (404, 406, 413, 503)),
        "put": operation("Replace a graph", WHICH, {201: (), 204: ()}, WRITE_FAILS, dict.fromkeys(MEDIA, TEXT)),
        "post": operation("Add to a graph", WHICH, {201: (), 204: ()}, WRITE_FAILS, dict.fromkeys(MEDIA, TEXT)),
        "delete": operation("Remove a graph", WHICH, {204: ()}, WRITE_FAILS),
    },
    "/about": {"get": view("What is served: title, version, sizes, limits")},
    "/schema": {"get": view("The classes and properties with their names")},
    "/network": {
        "get": view(
            "The network: an overview, the whole, or what is around a thing",
            text("focus", about=IRI),
            Parameter("depth", {"type": "integer", "minimum": 1, "maximum": 3}),
            text("whole"),
            AS_OF,
            fails=(404,),
        )
    },
    "/chain": {
        "get": view(
            "The shortest chain between two things",
            text("from", required=True, about=IRI),
            text("to", required=True, about=IRI),
            AS_OF,
            fails=(404,),
        )
    },
    "/search": {
        "get": view(
            "Things by the beginnings of words in their names",
            text("q", required=True),
            Parameter("limit", {"type": "integer", "minimum": 1, "maximum": 100}),
        )
    },
    "/things/{path}": {"get": view("The card of a thing", PATH, AS_OF, fails=(404,))},
    "/why": {
        "get": view(
            "Why a fact holds, down to the words of the sources",
            text("subject", required=True, about=IRI),
            text("predicate", required=True, about=IRI),
            text("object", required=True, about=f"{IRI}, or a literal"),
            fails=(404,),
        )
    },
    "/table": {"get": view("The things of a kind", text("kind", required=True, about=IRI))},
    "/places": {"get": view("Places with what is there")},
    "/timeline": {"get": view("What is dated, and what is not")},
    "/questions": {"get": view("The prepared questions")},
    "/questions/{name}": {
        "get": view(
            "The answer to a prepared question; its own parameters may be given",
            Parameter("name", TEXT, required=True, place="path"),
            Parameter("lang", LANG),
            media=(ROWS,),
            fails=(404,),
        )
    },
    "/sources": {"get": view("What each source contributes", Parameter("lang", LANG), media=(ROWS,))},
    "/disputes": {"get": view("Where sources contradict or refine each other")},
    "/healthz": {"get": view("Whether queries can be answered", fails=(503,))},
    "/metrics": {"get": view("Counters for Prometheus", media=(media.TEXT.media,))},
    "/openapi.json": {"get": view("This description")},
    **{f"/{part}/{{path}}": {"get": THING} for part in ("id", "kind", "source", "claim", "inference", "graph", "ns")},
    "/ns": {"get": operation("To the page or the data of the ontology", (), {303: ()}, (404, 406))},
    **{
        f"/ns.{form}": {"get": operation("The ontology", (), {303: ()}, (404, 406))} for form in ("ttl", "jsonld", "nt")
    },
    "/page/{path}": {"get": operation("A page for people", (PATH,), {200: (HTML,), 308: (), 410: (HTML,)}, (404,))},
    "/data/{path}": {"get": view("The data of a thing", PATH, media=tuple(MEDIA), fails=(404,))},
    **{
        f"/{name}.html": {"get": operation("A page of the site", (), {200: (HTML,)}, (404,))}
        for name in ("index", "index.pl", "explorer")
    },
    "/404.html": {
        "get": operation("The page for an address at which there is nothing", (), {200: (HTML,), 404: (HTML,)}, ())
    },
    "/page.css": {"get": view("The look of the pages", media=(media.CSS.media,))},
    "/": {"get": operation("The explorer", (), {200: (HTML,)}, (404,))},
    "/{path}": {"get": operation("A file of the explorer", (PATH,), {200: ("*/*",), 303: (), 308: ()}, (404, 406))},
}
"""Every address; a test holds it against the routes of the server. A problem may come as a page, too."""

PROBLEM_SCHEMA: Json = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT},
}


def routes(served: Served) -> list[Route]:
    return [Route("/openapi.json", partial(answer, served), methods=["GET"])]


async def answer(served: Served, _: Request) -> Response:
    return JSONResponse(description(served))


def description(served: Served) -> Json:
    return {
        "openapi": "3.1.0",
        "info": {"title": "kgraph", "version": __version__, "description": "Every error is an RFC 9457 problem."},
        "servers": [{"url": served.base.rstrip("/")}] if served.site.base_url else [{"url": "/"}],
        "paths": PATHS,
        "components": {"schemas": {"Problem": PROBLEM_SCHEMA}},
    }
