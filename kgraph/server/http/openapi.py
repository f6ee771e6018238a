"""Routes with their descriptions, and the OpenAPI document of these (https://spec.openapis.org/oas/v3.1.0)."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kgraph._version import __version__
from kgraph.base.media import JSON, PROBLEM
from kgraph.base.paths import packaged_json
from kgraph.errors import BadQuery

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


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address; `parse` gives its value, or raises BadQuery; a repeated one has several values."""

    name: str
    parse: Callable[[str], object] = str
    schema: Mapping[str, object] = field(default_factory=lambda: TEXT)
    description: str = ""
    required: bool = False
    where: str = "query"
    may_be_empty: bool = False
    repeated: bool = False

    def value(self, request: Request) -> object:
        """The value in a request, None without one; BadQuery when it must be there, or must not be empty."""
        if self.repeated:
            return self._values(request.query_params.getlist(self.name))
        given = request.query_params.get(self.name)
        if given or (given is not None and self.may_be_empty):
            return self.parse(given)
        if self.required or given is not None:
            raise BadQuery(f"the address needs ?{self.name}=…")
        return None

    def _values(self, given: list[str]) -> tuple[object, ...]:
        if not all(given):
            raise BadQuery(f"the address needs ?{self.name}=…")
        return tuple(map(self.parse, given))

    def described(self) -> Json:
        """The Parameter Object."""
        shown = {"name": self.name, "in": self.where, "required": self.required, "description": self.description}
        schema = dict(self.schema)
        return shown | {"schema": {"type": "array", "items": schema} if self.repeated else schema}


@dataclass(frozen=True)
class Operation:
    """The parameters, answers and body of one method of an address."""

    summary: str
    parameters: tuple[Parameter, ...] = ()
    answers: Answers = field(default_factory=lambda: OK)
    fails: Fails = ()
    body: Mapping[str, Json] | None = None

    def described(self, path: Iterable[Parameter]) -> Json:
        """The Operation Object, with the parameters of the path."""
        answers = {**self.answers, **dict.fromkeys(sorted({*self.fails, *ALWAYS}), (PROBLEM,))}
        parameters = [parameter.described() for parameter in (*path, *self.parameters)]
        body = {media: {"schema": schema} for media, schema in (self.body or {}).items()}
        return {
            "summary": self.summary,
            "responses": {str(status): _answer(status, media) for status, media in answers.items()},
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
    path: str, handler: Handler, summary: str, *parameters: Parameter, answers: Answers = OK, fails: Fails = ()
) -> DescribedRoute:
    """A route with a GET operation."""
    return DescribedRoute(path, handler, get=Operation(summary, parameters, answers, fails))


def with_document(routes: Iterable[DescribedRoute], server: str) -> list[DescribedRoute]:
    """`/openapi.json`, which describes itself and some routes at the address of a server, followed by these."""
    described = [get("/openapi.json", lambda _: JSONResponse(document), "This description"), *routes]
    known = packaged_json("server/templates/openapi.json")
    about = {"info": {**known["info"], "version": __version__}, "servers": [{"url": server}]}
    document = {**known, **about, "paths": dict(route.described() for route in described)}
    return described
