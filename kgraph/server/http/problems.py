"""Errors as problem documents (RFC 9457)."""

import json
from collections.abc import Mapping

from starlette.responses import Response

from kgraph import errors
from kgraph.base.media import PROBLEM
from kgraph.errors import KgraphError
from kgraph.server.http.negotiation import NotAcceptable
from kgraph.server.http.protocol import TooSlow, UnsupportedMediaType

STATUS: Mapping[type[KgraphError], int] = {
    errors.Forbidden: 403,
    errors.BadQuery: 400,
    errors.NotFound: 404,
    NotAcceptable: 406,
    errors.LimitExceeded: 413,
    UnsupportedMediaType: 415,
    TooSlow: 408,
    errors.BadData: 500,
    errors.Timeout: 503,
    errors.EndpointError: 503,
    errors.CannotWrite: 503,
}


def problem(status: int, title: str, detail: str, headers: Mapping[str, str] | None = None, **more: object) -> Response:
    """The problem document of a status; `more` are extension members (RFC 9457, section 3.2)."""
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return Response(json.dumps(content, ensure_ascii=False), status, dict(headers or {}), media_type=PROBLEM)


def on_error(error: Exception) -> Response:
    """The problem document of an error of kgraph."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    headers = {503: {"Retry-After": "5"}, 406: {"Vary": "Accept"}}.get(status)
    return problem(status, type(error).__name__, str(error), headers)


def on_fault() -> Response:
    return problem(500, "InternalError", "something went wrong here; the server's log says what")
