"""Only the names that the server is known by: a page of another site may point its own name at this machine."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kgraph.server.http.problems import problem

LOCAL = ("localhost", "127.0.0.1", "::1")


def names(host: str, base_url: str | None) -> frozenset[str] | None:
    """The names to answer to when listening on `host`, None for any: on a public address names are no protection."""
    if host not in LOCAL:
        return None
    given = urlsplit(base_url).hostname if base_url else None
    return frozenset((*LOCAL, *([given] if given else [])))


class KnownHosts:
    """Refuses requests with the name of another host."""

    def __init__(self, app: ASGIApp, known: Collection[str] | None) -> None:
        self.app = app
        self.known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.known is not None and not self._is_known(Headers(scope=scope)):
            refused = problem(421, "MisdirectedRequest", "this server has another name; set it with --base-url")
            await refused(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_known(self, headers: Headers) -> bool:
        """A request without a name comes from no browser."""
        assert self.known is not None
        given = headers.get("host")
        if given is None:
            return True
        try:
            return (urlsplit(f"//{given}").hostname or "") in self.known
        except ValueError:
            return False
