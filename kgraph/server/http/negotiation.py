"""Which of several media types and languages a client prefers (https://www.rfc-editor.org/rfc/rfc9110#field.accept)."""

from collections.abc import Iterable


def best(accept: str, offered: Iterable[str]) -> str | None:
    """The offered type with the highest quality, the first of equals; None when none is wanted.

    >>> best("text/turtle;q=0.5, text/html", ["text/turtle", "text/html"])
    'text/html'
    """
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    rated = [(_quality(kind, ranges), -place, kind) for place, kind in enumerate(offered)]
    quality, _, kind = max(rated, default=(0.0, 0, ""))
    return kind if quality > 0 else None


def _range(part: str) -> tuple[str, float]:
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((p.removeprefix("q=") for p in parameters if p.startswith("q=")), "1")
    try:
        return kind, max(0.0, min(1.0, float(quality)))
    except ValueError:
        return kind, 0.0


def _quality(kind: str, ranges: list[tuple[str, float]]) -> float:
    """The quality of the most specific range that fits."""
    fitting = {kind: 2, f"{kind.partition('/')[0]}/*": 1, "*/*": 0}
    return max(((fitting[name], quality) for name, quality in ranges if name in fitting), default=(0, 0.0))[1]


def language(accept: str, offered: Iterable[str]) -> str | None:
    """The offered language with the highest quality, the first of equals; None when none is wanted.

    >>> language("pl-PL, en;q=0.8", ["en", "pl"])
    'pl'
    """
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    rated = [(_fluency(lang, ranges), -place, lang) for place, lang in enumerate(offered)]
    quality, _, lang = max(rated, default=(0.0, 0, ""))
    return lang if quality > 0 else None


def _fluency(lang: str, ranges: list[tuple[str, float]]) -> float:
    """The quality of the range that fits best: the language or a variety of it, else any language."""
    own = [quality for name, quality in ranges if name.partition("-")[0] == lang]
    return max(own) if own else max((quality for name, quality in ranges if name == "*"), default=0.0)
