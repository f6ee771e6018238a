"""The reconciliation service, for OpenRefine and other clients (`kgraph.server.reconciliation`).

Two endpoints: `/reconcile` of version 0.2 and `/reconcile/1.0-draft` of the draft, because no manifest can be that of
both: `suggest` has objects in one and booleans in the other. All that is heavy is done in a worker.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPMethod

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from kgraph.base.media import FORM, HTML, JSON
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadQuery, NotFound
from kgraph.publish.pages import writers
from kgraph.rdf import sparql
from kgraph.server.http.openapi import OK, TEXT, Answers, DescribedRoute, Fails, Operation, Parameter
from kgraph.server.http.openapi import Json as Described
from kgraph.server.http.protocol import UnsupportedMediaType, content_type, pairs
from kgraph.server.reconciliation import extension
from kgraph.server.reconciliation.answers import DRAFT, SERVICE, SUGGESTED, Service, begun
from kgraph.server.reconciliation.queries import MOST, Reader, entities, node
from kgraph.server.routes.answers import LANG
from kgraph.server.routes.data import whole_number
from kgraph.server.routes.files import PAGE
from kgraph.server.routes.pages import preferred_language
from kgraph.server.shown import RENDERED, Bind, Render, Shown

SKIPPED = 9999
"""The most suggestions that are left out."""

QUERIES = Parameter("queries", description="a batch of reconciliation queries, in JSON")
EXTEND = Parameter("extend", description="a data extension query, in JSON")
PREFIX = Parameter("prefix", description="the beginning of words of a name, or an id", may_be_empty=True)
CURSOR, OFFSET = whole_number("cursor", SKIPPED, 0), whole_number("offset", SKIPPED, 0)
LIMIT = whole_number("limit", MOST)
TYPE = Parameter("type", description="the id of a type, such as se:Cluster")
ID_OF = Parameter("id", description="the id of an entity, such as mcps", required=True)
FORM_BODY: Described = {"type": "object", "properties": {"queries": TEXT, "extend": TEXT}}
JSON_BODY: Described = {"type": "object"}
POSTED = (*RENDERED, 408, 415)


def routes(bind: Bind) -> list[DescribedRoute]:
    """The addresses of both endpoints; `bind` makes the handler of what renders a response."""
    either = "The service manifest; with queries or extend, candidates or values (Reconciliation Service API 0.2)"
    read = Operation(either, (QUERIES, EXTEND, LANG), OK, RENDERED)
    posted = Operation("Candidates for queries, or values of entities", (LANG,), OK, POSTED, {FORM: FORM_BODY})
    return [
        DescribedRoute(f"/{SERVICE}", bind(_rendering(endpoint)), get=read, post=posted),
        *_shared(bind, SERVICE),
        _get(bind, DRAFT, lambda service, _: service.manifest(), "The manifest of the draft of version 1.0"),
        _post(bind, f"{DRAFT}/match", match, "Candidates for a batch of reconciliation queries"),
        _post(bind, f"{DRAFT}/extend", extend, "The values of properties of entities"),
        *_shared(bind, DRAFT),
    ]


def _shared(bind: Bind, root: str) -> list[DescribedRoute]:
    """The addresses that both endpoints have."""
    paged = (PREFIX, CURSOR, OFFSET, LIMIT)
    suggest, properties = partial(_get, bind), partial(suggested, "properties")
    return [
        suggest(f"{root}/suggest/entity", suggested_entities, "Entities while a name or id is typed", *paged),
        suggest(f"{root}/suggest/type", partial(suggested, "types"), "Types while a name or id is typed", *paged),
        suggest(f"{root}/suggest/property", properties, "Properties while a name or id is typed", *paged),
        _get(bind, f"{root}/extend/propose", propose, "The properties that things of a type have", TYPE, LIMIT),
        _get(bind, f"{root}/preview", preview, "A small page about an entity", ID_OF, answers=PAGE, fails=(404,)),
    ]


Answer = Callable[[Service, Request], Mapping[str, object] | str]
"""Gives what is answered: an object of JSON, or a page."""


def _get(
    bind: Bind, path: str, answer: Answer, summary: str, *takes: Parameter, answers: Answers = OK, fails: Fails = ()
) -> DescribedRoute:
    described = Operation(summary, (*takes, LANG), answers, (*RENDERED, *fails))
    return DescribedRoute(f"/{path}", bind(_rendering(answer)), get=described)


def _post(bind: Bind, path: str, answer: Answer, summary: str) -> DescribedRoute:
    described = Operation(summary, (LANG,), OK, POSTED, {JSON.media: JSON_BODY})
    return DescribedRoute(f"/{path}", bind(_rendering(answer)), post=described)


def _rendering(answer: Answer) -> Render:
    """Renders an answer, and refuses JSONP, which is optional in version 0.2 and absent from the draft of 1.0.

    JSONP would run the answer as a script of the other site, also where CORS does not let that site read. JSON is in
    ASCII, in which a key of the client with half of a surrogate pair comes back as it was.
    """

    def rendered(shown: Shown, request: Request) -> Response:
        if "callback" in request.query_params:
            raise BadQuery("JSONP (callback) is not answered; ask for JSON, which CORS lets pages of other sites read")
        service = _service(shown, request)
        content = answer(service, request)
        is_page = isinstance(content, str)
        body, media = (content, HTML.media) if is_page else (json.dumps(content, separators=(",", ":")), JSON.media)
        headers = {"Content-Language": service.lang, "Vary": "Accept-Language"}
        return Response(body, media_type=media, headers=headers)

    return rendered


def _service(shown: Shown, request: Request) -> Service:
    """The service in the language of the parameter `lang`, else in the one that the client prefers."""
    lang = str(LANG.value(request) or preferred_language(request))
    if lang not in LANGUAGES:
        raise BadQuery(f"?lang= takes {', '.join(LANGUAGES)}")
    base = str(request.state.base)
    return Service(shown.book, lang, base, request.scope["path"].startswith(f"/{DRAFT}"))


def endpoint(service: Service, request: Request) -> Mapping[str, object]:
    """The manifest for an address without parameters; else an answer to `queries` or `extend` (0.2, 3.1, 4.3, 7.3)."""
    given = _given(request)
    asked = [name for name in (QUERIES.name, EXTEND.name) if name in given]
    if len(asked) > 1 or (not asked and request.method == HTTPMethod.POST):
        raise BadQuery("give either `queries` or `extend`")
    if not asked:
        return service.manifest()
    if asked == [EXTEND.name]:
        return extension.extended(service, *entities(given[EXTEND.name]))
    batch = Reader(service.vocabulary).batch(given[QUERIES.name])
    found = service.candidates(list(batch.values()))
    return {key: {"result": result} for key, result in zip(batch, found, strict=True)}


def _given(request: Request) -> Mapping[str, str]:
    """The names and values of the address and of a posted form."""
    given = pairs(request.scope["query_string"])
    if request.method == HTTPMethod.POST:
        if content_type(request)[0] != FORM:
            raise UnsupportedMediaType(f"send a form ({FORM})")
        given += pairs(request.state.body)
    return dict(given)


def match(service: Service, request: Request) -> Mapping[str, object]:
    """The candidates of a batch, in its order (draft of 1.0, section 4.3)."""
    found = service.candidates(Reader(service.vocabulary).draft(_posted(request)))
    return {"results": [{"candidates": candidates} for candidates in found]}


def extend(service: Service, request: Request) -> Mapping[str, object]:
    return extension.extended(service, *entities(_posted(request)))


def _posted(request: Request) -> str:
    """The JSON in the body of a request."""
    if content_type(request)[0] != JSON.media:
        raise UnsupportedMediaType(f"send {JSON.media}")
    try:
        return bytes(request.state.body).decode()
    except UnicodeDecodeError as error:
        raise BadQuery(f"the body is not UTF-8 at byte {error.start}") from error


def suggested_entities(service: Service, request: Request) -> Mapping[str, object]:
    return {"result": service.entities(*_paged(request))}


def suggested(part: str, service: Service, request: Request) -> Mapping[str, object]:
    """The types or properties that begin with the words of a text; all for an empty one."""
    return {"result": begun(getattr(service.vocabulary, part), *_paged(request))}


def _paged(request: Request) -> tuple[str, int, int]:
    """The prefix of a suggest query, how many suggestions are left out, and how many are wanted."""
    skipped = CURSOR.value(request) or OFFSET.value(request) or 0
    return str(PREFIX.value(request) or ""), int(str(skipped)), int(str(LIMIT.value(request) or SUGGESTED))


def propose(service: Service, request: Request) -> Mapping[str, object]:
    type_, most = TYPE.value(request), LIMIT.value(request)
    return service.proposed(type_ and str(type_), most and int(str(most)))  # type: ignore[arg-type]


def preview(service: Service, request: Request) -> str:
    """The preview of an entity (section 5), a page for a frame of WIDTH by HEIGHT."""
    given = str(ID_OF.value(request))
    found = next(iter(sparql.current_of(service.book.store, [node(given)]).values()), None)
    if not isinstance(found, ox.NamedNode):
        raise NotFound(f"there is no entity {given[:100]!r}")
    depth = request.scope["path"].count("/") - 1
    return writers.preview(service.book, found, service.lang, "../" * depth)
