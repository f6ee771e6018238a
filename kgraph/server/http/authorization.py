"""Authorization of writes: a bearer token (RFC 6750), and no page of another site."""

import hmac
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from kgraph.server.http.problems import problem
from kgraph.server.served import Served


def refusal(served: Served, request: Request) -> Response | None:
    """The refusal of a request that may not write, None for one that may."""
    if served.writer is None:
        return problem(403, "ReadOnly", "this endpoint does not take updates")
    if _is_from_elsewhere(request, served.base):
        return problem(403, "Forbidden", "a page of another site may not write here")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), served.writer.token.encode()):
        need = {"WWW-Authenticate": 'Bearer realm="kgraph"'}
        return problem(401, "Unauthorized", "writing needs the header Authorization: Bearer and the token", need)
    return None


def _is_from_elsewhere(request: Request, base: str) -> bool:
    """Whether Origin (RFC 6454) or Sec-Fetch-Site (https://www.w3.org/TR/fetch-metadata/) name another site."""
    origin = request.headers.get("origin")
    own = urlsplit(base)
    return (origin is not None and origin != f"{own.scheme}://{own.netloc}") or request.headers.get(
        "sec-fetch-site", "same-origin"
    ) not in ("same-origin", "none")
