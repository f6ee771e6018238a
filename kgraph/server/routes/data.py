"""The data of the explorer: one address for each view, with the texts in both languages."""

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
from kgraph.graph import groups, networks, questions, reasons, search, states, views
from kgraph.graph.as_json import Json
from kgraph.rdf import sparql
from kgraph.server.http.openapi import Answers, DescribedRoute, Fails, Parameter, get
from kgraph.server.shown import RENDERED, Bind, Shown


def iri(name: str, *, required: bool = True) -> Parameter:
    def parse(value: str) -> ox.NamedNode:
        node = sparql.parse_term(value)
        if not isinstance(node, ox.NamedNode):
            raise BadQuery(f"?{name}= takes an IRI or a CURIE such as id:mcps")
        return node

    return Parameter(name, parse, description="an IRI, or a CURIE such as id:mcps", required=required)


def whole_number(name: str, most: int) -> Parameter:
    def parse(value: str) -> int:
        if not re.fullmatch(r"\d{1,6}", value) or not 1 <= int(value) <= most:
            raise BadQuery(f"?{name}= takes a whole number from 1 to {most}")
        return int(value)

    return Parameter(name, parse, {"type": "integer", "minimum": 1, "maximum": most})


AS_OF = Parameter("as-of", states.day, {"type": "string", "format": "date"}, "the day as of which the facts hold")
AROUND = (iri("focus", required=False), whole_number("depth", 3), Parameter("whole", may_be_empty=True), AS_OF)
OBJECT = Parameter("object", sparql.parse_term, description="an IRI, a CURIE or a literal", required=True)
FACT = (iri("subject"), iri("predicate"), OBJECT)
Q, KIND = Parameter("q", required=True), iri("kind")
LANG = Parameter("lang", schema={"type": "string", "enum": list(LANGUAGES)})
QUESTION = "The answer to a prepared question, which may have parameters of its own"
ROWS: Answers = {200: (RESULTS_JSON.media,)}


def routes(bind: Bind) -> list[DescribedRoute]:
    """The addresses of the explorer's data; `bind` makes the handler of what renders a response."""
    view = partial(_view, bind)
    return [
        view("/about", about, "What is served: title, version, sizes, limits"),
        view("/schema", lambda of: views.schema(of.store), "The classes and properties with their names"),
        view("/network", network, "The overview, the whole, or a neighbourhood", *AROUND, fails=(404,)),
        view("/chain", chain, "The shortest chain between two things", iri("from"), iri("to"), AS_OF, fails=(404,)),
        view("/search", found, "Things by the beginnings of words in their names", Q, whole_number("limit", 100)),
        view("/things/{path:path}", thing, "The card of a thing", AS_OF, fails=(404,)),
        view("/why", why, "Why a fact holds, down to the words of the sources", *FACT, fails=(404,)),
        view("/table", table, "The things of a class", KIND),
        view("/places", lambda of: views.places(of.store), "The places and the things in each"),
        view("/timeline", timeline, "The things with and without dates"),
        view("/questions", lambda of: views.questions(of.book.questions.values()), "The prepared questions"),
        get("/questions/{name}", bind(question), QUESTION, LANG, answers=ROWS, fails=(*RENDERED, 404)),
        get("/sources", bind(sources), "The contribution of each source", LANG, answers=ROWS, fails=RENDERED),
        view("/disputes", lambda of: views.disputes(of.store), "Where sources contradict or refine each other"),
    ]


def _view(
    bind: Bind, path: str, answer: Callable[..., Json], summary: str, *takes: Parameter, fails: Fails = ()
) -> DescribedRoute:
    """A route whose view gets the variables in the path and the values of the parameters."""

    def render(shown: Shown, request: Request) -> Response:
        values = (taken.value(request) for taken in takes)
        return JSONResponse(answer(shown, *request.path_params.values(), *values))

    return get(path, bind(render), summary, *takes, fails=(*RENDERED, *fails))


def about(shown: Shown) -> Json:
    return views.about(shown.store, shown.limits.seconds, shown.limits.answer)


def table(shown: Shown, kind: ox.NamedNode) -> Json:
    return views.table(shown.store, kind, shown.book.marks.dates)


def timeline(shown: Shown) -> Json:
    return views.timeline(shown.store, shown.book.marks.dates)


def network(
    shown: Shown, focus: ox.NamedNode | None, depth: int | None, whole: str | None, day: ox.Literal | None
) -> Json:
    store, grouped = shown.store, shown.book.marks.groups
    if grouped and (groups.is_group(focus.value) if focus else True):
        return views.grouped(store, shown.book.marks, focus.value if focus else None)
    if focus:
        found = networks.neighbourhood(store, focus.value, depth or 1)
    else:
        found = shown.book.marks.overview if whole is None else networks.whole(store)
    found = networks.as_of(store, found, day) if day else found
    return views.network(store, found, shown.book.marks, focus.value if focus else None)


def chain(shown: Shown, begin: ox.NamedNode, end: ox.NamedNode, day: ox.Literal | None) -> Json:
    """The shortest chain; as of a day, of stated facts between things that existed then."""
    found = networks.chain(shown.store, begin.value, end.value, day)
    return views.network(shown.store, networks.with_ends(shown.store, found), shown.book.marks, begin.value)


def found(shown: Shown, words: str, limit: int | None) -> Json:
    return views.found(shown.store, search.find(shown.book.index, words, limit or 20))


def thing(shown: Shown, path: str, day: ox.Literal | None) -> Json:
    node = sparql.parse_term(f"<{BASE}{path}>")
    assert isinstance(node, ox.NamedNode)
    return views.thing(shown.store, node, shown.book.marks, day)


def why(shown: Shown, *fact: ox.NamedNode) -> Json:
    return views.reason(shown.store, reasons.why(shown.store, ox.Triple(*fact), shown.book.rules))


def question(shown: Shown, request: Request) -> Response:
    name = request.path_params["name"]
    if name not in shown.book.questions:
        raise NotFound(f"no question {name!r}; there are {', '.join(shown.book.questions)}")
    given = dict(request.query_params)
    lang = given.pop("lang", "en")
    terms = {key: sparql.parse_term(value) for key, value in given.items() if value != "UNDEF"}
    result = questions.ask(shown.store, shown.book.questions[name], lang, shown.book.folder, **terms)
    return Response(sparql.serialize(result, "json"), media_type=RESULTS_JSON.media)


def sources(shown: Shown, request: Request) -> Response:
    content = views.sources(shown.store, str(LANG.value(request) or "en"))
    return Response(content, media_type=RESULTS_JSON.media)
