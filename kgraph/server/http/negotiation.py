"""Content negotiation (RFC 9110, section 12): the media type, language and coding of an answer."""

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from starlette.requests import Request

from kgraph.errors import KgraphError

SMALL, LEVEL = 1000, 4
"""Bytes of an answer that are sent as they are, and the level of gzip for others."""


class NotAcceptable(KgraphError):
    """No media type that the client accepts is available (RFC 9110, section 15.5.7)."""


def accepted(request: Request) -> str:
    """The value of Accept; without one, a client accepts everything (RFC 9110, section 12.5.1)."""
    return ", ".join(request.headers.getlist("accept")) or "*/*"


def preferred(request: Request, offered: Collection[str], what: str) -> str:
    """The offered media type that the client prefers; NotAcceptable, with `what` is offered, when there is none."""
    found = best(accepted(request), offered)
    if found is None:
        raise NotAcceptable(f"{what} {', '.join(offered)}")
    return found


def best(accept: str, offered: Iterable[str]) -> str | None:
    """The offered media type with the highest quality, the first of equals; None when none is accepted.

    >>> best("text/turtle;q=0.5, text/html", ["text/turtle", "text/html"])
    'text/html'
    """
    return _best_media(accept, tuple(offered))


@lru_cache(maxsize=512)
def _best_media(accept: str, offered: tuple[str, ...]) -> str | None:
    return _best(accept, offered, lambda media: (media, f"{media.partition('/')[0]}/*", "*/*"))


def language(accept: str, offered: Iterable[str]) -> str | None:
    """The offered language with the highest quality, the first of equals; None when none is accepted.

    >>> language("pl-PL, en;q=0.8", ["en", "pl"])
    'pl'
    """
    return _best(re.sub(r"-[^,;]*", "", accept), offered, lambda lang: (lang, "*"))


def _best(accept: str, offered: Iterable[str], ranges: Callable[[str], Iterable[str]]) -> str | None:
    """The name whose most specific range has the highest quality; `ranges` gives those of a name, in order."""
    qualities: dict[str, float] = {}
    for name, quality in map(_range, accept.split(",")):
        qualities[name] = max(quality, qualities.get(name, 0.0))
    rated = {name: next((qualities[r] for r in ranges(name) if r in qualities), 0.0) for name in offered}
    found = max(rated, key=rated.__getitem__, default="")
    return found if rated.get(found) else None


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((p.removeprefix("q=") for p in parameters if p.startswith("q=")), "1")
    try:
        return name, max(0.0, min(1.0, float(quality)))
    except ValueError:
        return name, 0.0
