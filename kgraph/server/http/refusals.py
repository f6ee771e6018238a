"""The names that a server answers to, and the refusal of writes without the token."""

import hmac
import re
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from kgraph.errors import BadQuery
from kgraph.server.http.problems import problem
from kgraph.server.served import Served

LOCAL = ("localhost", "127.0.0.1", "::1")
HOST = re.compile(r"""(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\s/@:;,'"\[\]]+))(?::(?P<port>\d{1,5}))?""")
"""A host, perhaps with a port (RFC 9110, section 7.2)."""


def host_names(host: str, base_url: str | None) -> frozenset[str] | None:
    """The host names that a local server answers to; None, for any name, on a public address.

    A page of another site could point its host name at this machine (DNS rebinding) and then share our origin.
    """
    given = urlsplit(base_url or "").hostname
    return frozenset((*LOCAL, *([given] if given else []))) if host in LOCAL else None


def name_of(host: str) -> str | None:
    """The name in a `Host` field or an origin, in lower case; None for anything else.

    >>> name_of("[::1]:8000"), name_of("localhost"), name_of("[::1].evil")
    ('::1', 'localhost', None)
    """
    found = HOST.fullmatch(host)
    return (found["v6"] or found["name"]).lower() if found else None


def origin(given: str) -> str:
    """An origin of pages (RFC 6454) in lower case, or `*`; BadQuery for anything else.

    >>> origin("https://Data.Example.org")
    'https://data.example.org'
    """
    scheme, _, host = given.lower().partition("://")
    if given == "*" or (scheme in ("http", "https") and HOST.fullmatch(host)):
        return given.lower()
    raise BadQuery(f"{given!r} is not an origin; write * or a scheme and a host, such as https://example.org")


def unauthorized(served: Served, request: Request) -> Response | None:
    """The refusal of a request without the right to write (RFC 6750); None when it has it."""
    if served.writer is None:
        return problem(403, "ReadOnly", "this endpoint does not take updates")
    return without_token(served, request, served.writer.token)


def without_token(served: Served, request: Request, token: str) -> Response | None:
    """The refusal of a request from a page of another site, or without the token; None for any other."""
    if _is_from_elsewhere(served, request):
        return problem(403, "Forbidden", "a page of another site may not write here")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
        need = {"WWW-Authenticate": 'Bearer realm="kgraph"'}
        return problem(401, "Unauthorized", "writing needs the header Authorization: Bearer and the token", need)
    return None


def _is_from_elsewhere(served: Served, request: Request) -> bool:
    """Whether Origin (RFC 6454) or Sec-Fetch-Site (https://www.w3.org/TR/fetch-metadata/) name another site."""
    origin = request.headers.get("origin")
    is_own = origin is None or _is_own(served, origin, request.headers.get("host", ""))
    return not is_own or request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")


def _is_own(served: Served, origin: str, host: str) -> bool:
    """Whether an origin is that of the server, by the name in its address or by another name of a local server."""
    own = urlsplit(served.base)
    if origin == f"{own.scheme}://{own.netloc}":
        return True
    scheme, _, rest = origin.partition("://")
    found, ports = HOST.fullmatch(rest), (_port(urlsplit(served.address).netloc), _port(host))
    is_name = served.hosts is not None and name_of(rest) in served.hosts
    return bool(scheme == "http" and found and is_name and (found["port"] is None or found["port"] in ports))


def _port(host: str) -> str | None:
    found = HOST.fullmatch(host)
    return found["port"] if found else None
