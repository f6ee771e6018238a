"""Errors as RFC 9457 problem details."""

import json
from collections.abc import Mapping

from starlette.responses import Response

from kgraph.base.media import PROBLEM


def problem(status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail}, ensure_ascii=False)
    return Response(body, status, dict(headers or {}), media_type=PROBLEM)
