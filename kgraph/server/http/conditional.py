"""Conditional requests (https://www.rfc-editor.org/rfc/rfc9110#section-13)."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

KEPT = ("cache-control", "content-location", "etag", "expires", "last-modified", "vary")
"""The fields of a 200 that a 304 has too (section 15.4.5)."""


def unless_unchanged(request: Request, response: Response) -> Response:
    """The response, or 304 when it is a 200 to GET or HEAD that the client has."""
    is_read = request.method in ("GET", "HEAD") and response.status_code == 200
    if not is_read or not is_unchanged(request, response.headers):
        return response
    return Response(
        status_code=304, headers={name: response.headers[name] for name in KEPT if name in response.headers}
    )


def is_unchanged(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether a client has what it asks for, by its ETag, or else by the time of its last change.

    A proxy may have made an ETag weak (section 13.1.2).
    """
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return bool({"*", headers.get("etag")} & {tag.strip().removeprefix("W/") for tag in tags.split(",")})
    since, modified = request.headers.get("if-modified-since"), headers.get("last-modified")
    return bool(since and modified) and _is_before(modified or "", since or "")


def _is_before(modified: str, since: str) -> bool:
    """Whether a time is not after another; False when one is no date of HTTP, whose condition is ignored."""
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
