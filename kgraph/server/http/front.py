"""What every request and response goes through: host names, other sites, security headers, compression, counting."""

import json
import re
import sys
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.middleware.gzip import GZipResponder, IdentityResponder
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph.publish.release.explorer import CONTENT_SECURITY_POLICY
from kgraph.server.http.negotiation import LEVEL, SMALL
from kgraph.server.http.problems import problem
from kgraph.server.http.refusals import name_of
from kgraph.server.http.routing import Routes

HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
"""Headers with which a browser isolates our pages from other sites, besides the policy of content."""

EMBEDDED = ("/", "/explorer.html", "/reconcile/preview", "/reconcile/1.0-draft/preview")
"""The paths of the explorer and of previews, which other sites may embed."""

LOOPBACK = "http://localhost:* http://127.0.0.1:*"
"""The pages that may embed the explorer of a local server."""

ALIASES = {"/sparql/": "/sparql"}
"""Paths that clients write for others; a redirect would make some of them send GET in place of POST."""

UNSHARED = ("/metrics",)
"""The paths that no page of another site may read."""

READING = ("GET", "HEAD", "POST")
SIMPLE = frozenset({"accept", "accept-language", "content-language", "content-type"})
"""The methods and fields that a page of another site may send (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

BUCKETS = (0.005, 0.02, 0.1, 0.5, 2, 10, 30, 60)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
SECRET = re.compile("token|secret|passw|key|auth|credential|session|signature", re.IGNORECASE)
"""The names of parameters whose values are not logged."""


@dataclass
class Counted:
    """The requests by method, route and status, and their seconds; with `logs`, a line for each on stderr."""

    registry: CollectorRegistry
    logs: bool
    secret: str = ""
    children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        labels, text = ["method", "route", "status"], "Seconds for a request"
        self.requests = Counter("kgraph_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram("kgraph_request_seconds", text, ["route"], registry=self.registry, buckets=BUCKETS)

    def count(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        """Count a request; its route is a pattern, because each address would be a time series."""
        method = scope["method"] if scope["method"] in METHODS else "other"
        key = method, getattr(scope.get("route"), "path", "none"), status
        found = self.children.get(key)
        if found is None:
            found = self.requests.labels(*key), self.seconds.labels(key[1])
            self.children[key] = found
        found[0].inc()
        found[1].observe(seconds)
        if self.logs:
            self._log(scope, status, size, seconds)

    def _log(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "client": scope["client"][0] if scope.get("client") else None,
            "method": scope["method"],
            "path": self._without_token(scope["path"]),
            "query": self._without_token(_without_secrets(scope["query_string"]))[:1000],
            "milliseconds": round(1000 * seconds, 1),
            "status": status,
            "bytes": size,
        }
        print(json.dumps(line, ensure_ascii=True), file=sys.stderr, flush=True)

    def _without_token(self, text: str) -> str:
        return text.replace(self.secret, "…") if self.secret else text


def _without_secrets(query: bytes) -> str:
    """A query string whose secrets are left out."""
    pairs = parse_qsl(query[:20_000].decode("ascii", "replace"), keep_blank_values=True, errors="replace")
    kept = ((name, "…" if SECRET.search(name) else value) for name, value in pairs)
    return urlencode(list(kept), safe="/:{}?*…", errors="replace")


class Front:
    """The outermost middleware. `hosts` are the names of a local server, `origins` the sites that may read.

    Where the explorer `is_framed`, they may embed it too.
    """

    def __init__(
        self,
        app: Routes,
        counted: Counted,
        hosts: Collection[str] | None,
        origins: Collection[str],
        *,
        is_framed: bool = True,
    ) -> None:
        self.app = app
        self.counted = counted
        self.hosts = hosts
        self.origins = frozenset(origin.encode() for origin in origins)
        ancestors = " ".join(["'self'", *([LOOPBACK] if hosts is not None else []), *origins])
        self.headers = [*HEADERS, _policy("'self'")]
        self.embedded = [*HEADERS, _policy("*" if "*" in origins else ancestors)] if is_framed else self.headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, fields = time.perf_counter(), dict(scope["headers"])
        scope["path"] = ALIASES.get(scope["path"], scope["path"])
        added = self._added(scope["path"], fields.get(b"origin"))
        status, size = 499, 0

        async def counting(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *added]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            outgoing = Compressing(counting, is_accepted=b"gzip" in fields.get(b"accept-encoding", b""))
            await (self._answer(scope, fields) or self.app)(scope, receive, outgoing.send)
        finally:
            self.counted.count(scope, status, size, time.perf_counter() - started)

    def _added(self, path: str, origin: bytes | None) -> list[tuple[bytes, bytes]]:
        """The headers that each response to a request gets."""
        added = self.embedded if path in EMBEDDED else self.headers
        if not self.origins or path in UNSHARED:
            return added
        vary = [] if b"*" in self.origins else [(b"vary", b"Origin")]
        if origin is None or not self._may_read(origin):
            return [*added, *vary]
        allowed = (b"access-control-allow-origin", b"*" if b"*" in self.origins else origin)
        return [*added, *vary, allowed, (b"access-control-expose-headers", b"X-Kgraph-Day, X-Kgraph-Truncated, Link")]

    def _may_read(self, origin: bytes) -> bool:
        return b"*" in self.origins or origin in self.origins

    def _answer(self, scope: Scope, fields: Mapping[bytes, bytes]) -> ASGIApp | None:
        """The refusal of a request for another host (RFC 9110, 15.5.20), or the answer to a preflight request."""
        host = fields.get(b"host")  # every browser sends it
        if host is not None and self.hosts is not None and name_of(host.decode("latin-1")) not in self.hosts:
            return problem(421, "MisdirectedRequest", "this server has another name; set it with --base-url")
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in fields and b"origin" in fields:
            return self._preflight(scope["path"], fields)
        return None

    def _preflight(self, path: str, fields: Mapping[bytes, bytes]) -> ASGIApp:
        asked = fields.get(b"access-control-request-headers", b"").decode("latin-1").lower()
        names = {name.strip() for name in asked.split(",") if name.strip()}
        is_method = fields[b"access-control-request-method"].decode("latin-1") in READING
        if path in UNSHARED or not self._may_read(fields[b"origin"]) or not is_method or names - SIMPLE:
            return problem(400, "BadRequest", "a page of another site may not send this")
        told = {
            "Access-Control-Allow-Methods": ", ".join(READING),
            "Access-Control-Allow-Headers": ", ".join(sorted(SIMPLE)),
            "Access-Control-Max-Age": "600",
        }
        return PlainTextResponse("OK", headers=told)


def _policy(ancestors: str) -> tuple[bytes, bytes]:
    return b"content-security-policy", f"{CONTENT_SECURITY_POLICY}; frame-ancestors {ancestors}".encode()


class Compressing:
    """Sends large answers with gzip where that `is_accepted`; a compressor is made for those only."""

    def __init__(self, send: Send, *, is_accepted: bool) -> None:
        self.plain = send
        self.is_accepted = is_accepted
        self.start: Message | None = None
        self.chosen: Send | None = None

    async def send(self, message: Message) -> None:
        if self.chosen is not None:
            await self.chosen(message)
        elif self.start is None:
            self.start = message
        else:
            self.chosen = self.plain if _is_small(message) else self._responder()
            await self.chosen(self.start)
            await self.chosen(message)

    def _responder(self) -> Send:
        responder = GZipResponder(_nothing, SMALL, LEVEL) if self.is_accepted else IdentityResponder(_nothing, SMALL)
        responder.send = self.plain
        return responder.send_with_compression


def _is_small(message: Message) -> bool:
    return not message.get("more_body", False) and len(message.get("body", b"")) < SMALL


async def _nothing(_: Scope, __: Receive, ___: Send) -> None:
    """The application of a responder that gets its messages from elsewhere."""
