"""Routes that carry their own description, and the OpenAPI document of them (https://spec.openapis.org/oas/v3.1.0)."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Generic, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kgraph._version import __version__
from kgraph.base.media import JSON, PROBLEM
from kgraph.errors import BadQuery

T = TypeVar("T", covariant=True)
Json = dict[str, object]
Answers = Mapping[int, Iterable[str]]
"""The media types of an answer by its status."""
Fails = tuple[int, ...]
"""The statuses of the problem documents that an operation may give."""
Handler = Callable[[Request], Response | Awaitable[Response]]

TEXT: Json = {"type": "string"}
OK: Answers = {200: (JSON.media,)}
ALWAYS = (400, 421, 431)
"""Refusals that any address may give."""
PROBLEM_SCHEMA: Json = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT},
}


@dataclass(frozen=True)
class Parameter(Generic[T]):
    """A parameter of an address; `parse` gives its value, or raises BadQuery."""

    name: str
    parse: Callable[[str], T]
    schema: Mapping[str, object] = field(default_factory=lambda: TEXT)
    description: str = ""
    required: bool = False
    where: str = "query"

    def given(self, request: Request) -> T | None:
        """The value in a request, None without one."""
        return self.needed(request) if self.name in request.query_params else None

    def needed(self, request: Request) -> T:
        """The value in a request; BadQuery without one."""
        if value := request.query_params.get(self.name):
            return self.parse(value)
        raise BadQuery(f"the address needs ?{self.name}=…")

    def described(self) -> Json:
        """The Parameter Object."""
        shown = {"name": self.name, "in": self.where, "required": self.required, "description": self.description}
        return shown | {"schema": dict(self.schema)}


AnyParameter = Parameter[object]


def text(name: str, description: str = "", *, required: bool = False) -> Parameter[str]:
    return Parameter(name, str, TEXT, description, required)


@dataclass(frozen=True)
class Operation:
    """The parameters, answers and body of one method of an address."""

    summary: str
    parameters: tuple[AnyParameter, ...] = ()
    answers: Answers = field(default_factory=lambda: OK)
    fails: Fails = ()
    body: Mapping[str, Json] | None = None

    def described(self, path: Iterable[AnyParameter]) -> Json:
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
    return {"description": HTTPStatus(status).phrase, **({"content": content} if content else {})}


class DescribedRoute(Route):
    """A route with an Operation for each of its methods."""

    def __init__(self, path: str, handler: Handler, **operations: Operation) -> None:
        super().__init__(path, handler, methods=[method.upper() for method in operations])
        self.operations = operations

    def described(self) -> tuple[str, Json]:
        """The path as OpenAPI writes it, and the Path Item Object."""
        path = [Parameter(name, str, required=True, where="path") for name in self.param_convertors]
        return self.path_format, {method: given.described(path) for method, given in self.operations.items()}


def get(
    path: str,
    handler: Handler,
    summary: str,
    *parameters: AnyParameter,
    answers: Answers = OK,
    fails: Fails = (),
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
