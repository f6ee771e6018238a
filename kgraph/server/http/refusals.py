"""Refusals before any route: too many header fields, and names of other hosts.

A page of another site can point its own host name at this machine (DNS rebinding), and would then share our origin.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kgraph.server.http.problems import problem

LOCAL = ("localhost", "127.0.0.1", "::1")
FIELDS = 100
"""The most header fields of a request."""


def host_names(host: str, base_url: str | None) -> frozenset[str] | None:
    """The names to answer to when listening on `host`; None for any, because a public address has no known names."""
    if host not in LOCAL:
        return None
    given = urlsplit(base_url).hostname if base_url else None
    return frozenset((*LOCAL, *([given] if given else [])))


class Refusals:
    """Refuses requests with too many header fields (RFC 6585, section 5) or for another host (RFC 9110, 15.5.20)."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        if len(scope["headers"]) > FIELDS:
            return problem(431, "RequestHeaderFieldsTooLarge", f"at most {FIELDS} fields are taken")
        host = Headers(scope=scope).get("host")  # every browser sends it
        if host is None or self.hosts is None or _name(host) in self.hosts:
            return None
        return problem(421, "MisdirectedRequest", "this server has another name; set it with --base-url")


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
