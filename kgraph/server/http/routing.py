"""The route that answers a request, and problem documents (RFC 9457) in place of errors."""

import inspect
from collections.abc import Iterable, Sequence

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from kgraph.errors import KgraphError
from kgraph.server.http.openapi import DescribedRoute
from kgraph.server.http.problems import on_error, on_fault, problem


def route_of(routes: Iterable[DescribedRoute], scope: Scope) -> DescribedRoute | None:
    """The first route whose path fits that of a request, of which the scope gets the parameters."""
    for route in routes:
        match, found = route.matches(scope)
        if match is not Match.NONE:
            scope.update(found)
            return route
    return None


class Routes:
    """An ASGI application of routes.

    Starlette's own looks at each route in turn and wraps a request in five layers, which takes longer than the rest of
    what the event loop does for a small query.
    """

    def __init__(self, routes: Sequence[DescribedRoute]) -> None:
        self.routes = routes
        firsts = (route_of(routes, {"type": "http", "method": "GET", "path": route.path}) for route in routes)
        self.by_path = {route.path: route for route in firsts if route and not route.param_convertors}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, has_started = Request(scope, receive), False

        async def sending(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            response = await self._answer(request)
            await response(scope, receive, sending)
        except Exception as error:
            if has_started:
                raise
            await _refusal(error)(scope, receive, send)
            if not isinstance(error, KgraphError | ClientDisconnect):
                raise

    async def _answer(self, request: Request) -> Response:
        scope = request.scope
        route = self.by_path.get(scope["path"]) or route_of(self.routes, scope)
        if route is None:
            return problem(404, "NotFound", "there is nothing at this address")
        scope["route"] = route
        if scope["method"] not in (allowed := route.methods or ()):
            sentence = f"{scope['method']} is not possible here"
            return problem(405, "MethodNotAllowed", sentence, {"Allow": ", ".join(sorted(allowed))})
        found = route.endpoint(request)
        response: Response = await found if inspect.isawaitable(found) else found
        return response


def _refusal(error: Exception) -> Response:
    if isinstance(error, ClientDisconnect):
        return Response(status_code=499)  # for the log only, as nginx has it
    return on_error(error) if isinstance(error, KgraphError) else on_fault()
