"""Descriptions of the explorer's data and of the pages, until they stand beside their handlers."""

from collections.abc import Iterable

from starlette.routing import Route

from kgraph.base.media import CSS, DATA, HTML, RESULTS_JSON
from kgraph.server.http.openapi import AS_OF, IRI, LANG, DescribedRoute, Operation, Parameter, text, whole_number

ROWS = {200: (RESULTS_JSON.media,)}
PAGE = {200: (HTML.media,)}
DATA_TYPES = tuple(known.media for known in DATA)
THING = Operation(
    "To the page or the data of a thing, by Accept", (), {303: (), 410: (HTML.media, *DATA_TYPES)}, (404, 406)
)
SITE = Operation("A page of the site", (), PAGE, (404,))
LATER = {
    "/about": Operation("What is served: title, version, sizes, limits"),
    "/schema": Operation("The classes and properties with their names"),
    "/network": Operation(
        "The network: an overview, the whole, or what is around a thing",
        (text("focus", IRI), whole_number("depth", 3), text("whole"), AS_OF),
        fails=(404,),
    ),
    "/chain": Operation(
        "The shortest chain between two things",
        (text("from", IRI, required=True), text("to", IRI, required=True), AS_OF),
        fails=(404,),
    ),
    "/search": Operation(
        "Things by the beginnings of words in their names", (text("q", required=True), whole_number("limit", 100))
    ),
    "/things/{path}": Operation("The card of a thing", (AS_OF,), fails=(404,)),
    "/why": Operation(
        "Why a fact holds, down to the words of the sources",
        (
            text("subject", IRI, required=True),
            text("predicate", IRI, required=True),
            text("object", f"{IRI}, or a literal", required=True),
        ),
        fails=(404,),
    ),
    "/table": Operation("The things of a kind", (text("kind", IRI, required=True),)),
    "/places": Operation("Places with what is there"),
    "/timeline": Operation("What is dated, and what is not"),
    "/questions": Operation("The prepared questions"),
    "/questions/{name}": Operation(
        "The answer to a prepared question; its own parameters may be given", (Parameter("lang", LANG),), ROWS, (404,)
    ),
    "/sources": Operation("What each source contributes", (Parameter("lang", LANG),), ROWS),
    "/disputes": Operation("Where sources contradict or refine each other"),
    **{f"/{part}/{{path}}": THING for part in ("id", "kind", "source", "claim", "inference", "graph", "ns")},
    "/ns": Operation("To the page or the data of the ontology", (), {303: ()}, (404, 406)),
    **{f"/ns.{known.name}": Operation("The ontology", (), {303: ()}, (404, 406)) for known in DATA},
    "/page/{path}": Operation("A page for people", (), {200: (HTML.media,), 308: (), 410: (HTML.media,)}, (404,)),
    "/data/{path}": Operation("The data of a thing", (), {200: DATA_TYPES}, (404,)),
    **{f"/{name}.html": SITE for name in ("index", "index.pl", "explorer")},
    "/404.html": Operation("The page for an address at which there is nothing", (), PAGE | {404: (HTML.media,)}),
    "/page.css": Operation("The look of the pages", (), {200: (CSS.media,)}),
}


def described(routes: Iterable[Route]) -> list[DescribedRoute]:
    return [DescribedRoute(route.path, route.endpoint, get=LATER[route.path_format]) for route in routes]
