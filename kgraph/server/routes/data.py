"""The explorer's data: one address for each view, answered in both languages."""

import re
from collections.abc import Callable
from functools import partial

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kgraph.base.media import RESULTS_JSON
from kgraph.base.vocab import BASE
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadQuery, NotFound
from kgraph.graph import networks, questions, reasons, search, states, views
from kgraph.graph.as_json import Json
from kgraph.rdf import sparql
from kgraph.server.http.openapi import Answers, AnyParameter, DescribedRoute, Fails, Parameter, get, text
from kgraph.server.served import Served


def iri(name: str, *, required: bool = False) -> Parameter[ox.NamedNode]:
    def parse(value: str) -> ox.NamedNode:
        node = sparql.parse_term(value)
        if not isinstance(node, ox.NamedNode):
            raise BadQuery(f"?{name}= takes an IRI or a CURIE such as id:mcps")
        return node

    return Parameter(name, parse, description="an IRI, or a CURIE such as id:mcps", required=required)


def whole_number(name: str, most: int) -> Parameter[int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"\d{1,6}", value) or not 1 <= int(value) <= most:
            raise BadQuery(f"?{name}= takes a whole number from 1 to {most}")
        return int(value)

    return Parameter(name, parse, {"type": "integer", "minimum": 1, "maximum": most})


AS_OF = Parameter("as-of", states.day, {"type": "string", "format": "date"}, "the day as of which the facts hold")
FOCUS, DEPTH = iri("focus"), whole_number("depth", 3)
NETWORK = (FOCUS, DEPTH, text("whole"), AS_OF)
FROM, TO = iri("from", required=True), iri("to", required=True)
Q, LIMIT = text("q", required=True), whole_number("limit", 100)
SUBJECT, PREDICATE = iri("subject", required=True), iri("predicate", required=True)
OBJECT = Parameter("object", sparql.parse_term, description="an IRI, a CURIE or a literal", required=True)
FACT = (SUBJECT, PREDICATE, OBJECT)
KIND = iri("kind", required=True)
LANG = Parameter("lang", str, {"type": "string", "enum": list(LANGUAGES)})
QUESTION = "The answer to a prepared question, which may have parameters of its own"
ROWS: Answers = {200: (RESULTS_JSON.media,)}


def routes(served: Served) -> list[DescribedRoute]:
    def view(
        path: str, answer: Callable[[Served, Request], Json], summary: str, *takes: AnyParameter, fails: Fails = ()
    ) -> DescribedRoute:
        return get(path, lambda request: JSONResponse(answer(served, request)), summary, *takes, fails=fails)

    return [
        view("/about", about, "What is served: title, version, sizes, limits"),
        view("/schema", lambda of, _: views.schema(of.store), "The classes and properties with their names"),
        view("/network", network, "The overview, the whole, or a neighbourhood", *NETWORK, fails=(404,)),
        view("/chain", chain, "The shortest chain between two things", FROM, TO, AS_OF, fails=(404,)),
        view("/search", found, "Things by the beginnings of words in their names", Q, LIMIT),
        view("/things/{path:path}", thing, "The card of a thing", AS_OF, fails=(404,)),
        view("/why", why, "Why a fact holds, down to the words of the sources", *FACT, fails=(404,)),
        view("/table", table, "The things of a class", KIND),
        view("/places", lambda of, _: views.places(of.store), "The places and the things in each"),
        view("/timeline", timeline, "The things with and without dates"),
        view("/questions", lambda of, _: views.questions(of.questions.values()), "The prepared questions"),
        get("/questions/{name}", partial(question, served), QUESTION, LANG, answers=ROWS, fails=(404,)),
        get("/sources", partial(sources, served), "The contribution of each source", LANG, answers=ROWS),
        view("/disputes", lambda of, _: views.disputes(of.store), "Where sources contradict or refine each other"),
    ]


def about(served: Served, _: Request) -> Json:
    limits = served.evaluator.limits
    return views.about(served.store, limits.seconds, limits.answer)


def network(served: Served, request: Request) -> Json:
    store, focus, day = served.store, FOCUS.given(request), AS_OF.given(request)
    if focus:
        shown = networks.neighbourhood(store, focus.value, DEPTH.given(request) or 1)
    elif "whole" in request.query_params:
        shown = networks.whole(store)
    else:
        shown = served.marks().overview
    shown = networks.as_of(store, shown, day) if day else shown
    return views.network(store, shown, served.marks(), focus.value if focus else None)


def chain(served: Served, request: Request) -> Json:
    """As of a day, a chain has stated facts only, and no thing that did not exist then."""
    begin, end = FROM.needed(request).value, TO.needed(request).value
    found = networks.chain(served.store, begin, end, AS_OF.given(request))
    return views.network(served.store, networks.with_ends(served.store, found), served.marks(), begin)


def found(served: Served, request: Request) -> Json:
    hits = search.find(served.index, Q.needed(request), LIMIT.given(request) or 20)
    return views.found(served.store, hits)


def thing(served: Served, request: Request) -> Json:
    node = sparql.parse_term(f"<{BASE}{request.path_params['path']}>")
    assert isinstance(node, ox.NamedNode)
    return views.thing(served.store, node, served.marks(), AS_OF.given(request))


def why(served: Served, request: Request) -> Json:
    fact = ox.Triple(SUBJECT.needed(request), PREDICATE.needed(request), OBJECT.needed(request))
    return views.reason(served.store, reasons.why(served.store, fact, served.rules))


def table(served: Served, request: Request) -> Json:
    return views.table(served.store, KIND.needed(request), served.marks().dates)


def timeline(served: Served, _: Request) -> Json:
    return views.timeline(served.store, served.marks().dates)


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
    content = views.sources(served.store, LANG.given(request) or "en")
    return Response(content, media_type=RESULTS_JSON.media)
