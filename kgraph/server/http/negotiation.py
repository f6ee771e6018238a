"""Content negotiation: the media type or language that a client prefers (RFC 9110, section 12)."""

from collections.abc import Callable, Collection, Iterable

from starlette.requests import Request

from kgraph.errors import KgraphError


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
    return _best(accept, offered, _media_quality)


def language(accept: str, offered: Iterable[str]) -> str | None:
    """The offered language with the highest quality, the first of equals; None when none is accepted.

    >>> language("pl-PL, en;q=0.8", ["en", "pl"])
    'pl'
    """
    return _best(accept, offered, _language_quality)


Ranges = list[tuple[str, float]]


def _best(accept: str, offered: Iterable[str], quality: Callable[[str, Ranges], float]) -> str | None:
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    rated = {name: quality(name, ranges) for name in offered}
    found = max(rated, key=rated.__getitem__, default="")
    return found if rated.get(found) else None


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((p.removeprefix("q=") for p in parameters if p.startswith("q=")), "1")
    try:
        return name, max(0.0, min(1.0, float(quality)))
    except ValueError:
        return name, 0.0


def _media_quality(media: str, ranges: Ranges) -> float:
    """The quality of the most specific range that matches."""
    matching = {media: 2, f"{media.partition('/')[0]}/*": 1, "*/*": 0}
    return max(((matching[name], quality) for name, quality in ranges if name in matching), default=(0, 0.0))[1]


def _language_quality(lang: str, ranges: Ranges) -> float:
    """The quality of the language or a variety of it, else that of `*`."""
    own = [quality for name, quality in ranges if name.partition("-")[0] == lang]
    return max(own) if own else max((quality for name, quality in ranges if name == "*"), default=0.0)
