"""Routes that carry their own description, and the OpenAPI document of them (https://spec.openapis.org/oas/v3.1.0)."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kgraph._version import __version__
from kgraph.base.media import JSON, PROBLEM

Json = dict[str, object]
Answers = Mapping[int, Iterable[str]]
"""The media types of an answer by its status."""
Handler = Callable[[Request], Response | Awaitable[Response]]

TEXT: Json = {"type": "string"}
LANG: Json = {"type": "string", "enum": ["pl", "en"]}
DAY: Json = {"type": "string", "format": "date"}
IRI = "an IRI, or a CURIE such as id:mcps"
OK: Answers = {200: (JSON.media,)}
REASONS = {
    200: "the answer",
    201: "a new graph was made",
    204: "done",
    303: "the address of the answer",
    308: "the address of the answer",
    400: "the request is not valid; the detail says where",
    401: "the token is missing or wrong",
    403: "this is not allowed here",
    404: "there is nothing",
    406: "no accepted media type is available",
    408: "the body did not arrive in time",
    410: "it was here and was removed",
    413: "too large: the text, the answer, or the memory that it needs",
    415: "the media type of the body is not supported",
    421: "this server has another name",
    431: "too many header fields",
    503: "the server is busy, or the query reached its time limit; Retry-After says when to try again",
}
ALWAYS = (400, 421, 431)
"""Refusals that any address may give."""
PROBLEM_SCHEMA: Json = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT},
}


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address."""

    name: str
    schema: Mapping[str, object]
    required: bool = False
    where: str = "query"
    description: str = ""

    def described(self) -> Json:
        """The Parameter Object."""
        shown = {"name": self.name, "in": self.where, "required": self.required, "description": self.description}
        return shown | {"schema": dict(self.schema)}


def text(name: str, description: str = "", *, required: bool = False) -> Parameter:
    return Parameter(name, TEXT, required, description=description)


def whole_number(name: str, most: int) -> Parameter:
    return Parameter(name, {"type": "integer", "minimum": 1, "maximum": most})


AS_OF = Parameter("as-of", DAY, description="the day as of which the facts hold")


@dataclass(frozen=True)
class Operation:
    """What one method of an address takes and gives; `fails` are the statuses of its problem documents."""

    summary: str
    parameters: tuple[Parameter, ...] = ()
    answers: Answers = field(default_factory=lambda: OK)
    fails: tuple[int, ...] = ()
    body: Mapping[str, Json] | None = None

    def described(self, path: Iterable[Parameter]) -> Json:
        """The Operation Object, with the parameters of the path."""
        answers = {str(status): _answer(status, media) for status, media in self.answers.items()}
        answers |= {str(status): _answer(status, (PROBLEM,)) for status in sorted({*self.fails, *ALWAYS})}
        parameters = [parameter.described() for parameter in (*path, *self.parameters)]
        body = {media: {"schema": schema} for media, schema in (self.body or {}).items()}
        return {
            "summary": self.summary,
            "responses": answers,
            **({"parameters": parameters} if parameters else {}),
            **({"requestBody": {"required": True, "content": body}} if body else {}),
        }


def _answer(status: int, media: Iterable[str]) -> Json:
    problem = {"$ref": "#/components/schemas/Problem"}
    content = {name: {"schema": problem if name == PROBLEM else {}} for name in media}
    return {"description": REASONS[status], **({"content": content} if content else {})}


class DescribedRoute(Route):
    """A route with an Operation for each of its methods."""

    def __init__(self, path: str, handler: Handler, **operations: Operation) -> None:
        super().__init__(path, handler, methods=[method.upper() for method in operations])
        self.operations = operations

    def described(self) -> tuple[str, Json]:
        """The path as OpenAPI writes it, and the Path Item Object."""
        path = [Parameter(name, TEXT, required=True, where="path") for name in self.param_convertors]
        return self.path_format, {method: given.described(path) for method, given in self.operations.items()}


def get(
    path: str,
    handler: Handler,
    summary: str,
    *parameters: Parameter,
    answers: Answers = OK,
    fails: tuple[int, ...] = (),
) -> DescribedRoute:
    """A route that is only read."""
    return DescribedRoute(path, handler, get=Operation(summary, parameters, answers, fails))


def document(routes: Iterable[DescribedRoute], server: str) -> Json:
    """The OpenAPI document of some routes at the address of a server."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "kgraph", "version": __version__, "description": "Every error is an RFC 9457 problem."},
        "servers": [{"url": server}],
        "paths": dict(route.described() for route in routes),
        "components": {"schemas": {"Problem": PROBLEM_SCHEMA}},
    }


def with_document(routes: Iterable[DescribedRoute], server: str) -> list[DescribedRoute]:
    """`/openapi.json`, which describes itself and some routes, followed by these."""

    async def answer(_: Request) -> Response:
        return JSONResponse(document(described, server))

    described = [get("/openapi.json", answer, "This description"), *routes]
    return described
