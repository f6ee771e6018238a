"""Problem details (RFC 9457) for too many header fields, names of other hosts, and writes without the token."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kgraph.server.http.problems import problem
from kgraph.server.served import Served

LOCAL = ("localhost", "127.0.0.1", "::1")
FIELDS = 100
"""The most header fields of a request."""


def host_names(host: str, base_url: str | None) -> frozenset[str] | None:
    """The host names that a local server answers to; None, for any name, on a public address.

    A page of another site could point its host name at this machine (DNS rebinding) and then share our origin.
    """
    given = urlsplit(base_url or "").hostname
    return frozenset((*LOCAL, *([given] if given else []))) if host in LOCAL else None


@dataclass
class Refusals:
    """Refuses requests with too many header fields (RFC 6585, section 5) or for another host (RFC 9110, 15.5.20)."""

    app: ASGIApp
    hosts: Collection[str] | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.app
        if scope["type"] == "http":
            host = Headers(scope=scope).get("host")  # every browser sends it
            if len(scope["headers"]) > FIELDS:
                answer = problem(431, "RequestHeaderFieldsTooLarge", f"at most {FIELDS} fields are taken")
            elif host is not None and self.hosts is not None and _name(host) not in self.hosts:
                answer = problem(421, "MisdirectedRequest", "this server has another name; set it with --base-url")
        await answer(scope, receive, send)


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def unauthorized(served: Served, request: Request) -> Response | None:
    """The refusal of a request without the right to write (RFC 6750); None when it has it."""
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
    own = urlsplit(base)
    is_other = request.headers.get("origin") not in (None, f"{own.scheme}://{own.netloc}")
    return is_other or request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
