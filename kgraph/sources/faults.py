"""What is wrong with the evidence in a source file: codes of texts in the catalogue of words."""

from collections.abc import Iterator

from kgraph.base.problems import Value
from kgraph.sources.claims import Evidence, Text

LONGEST_QUOTE = 60
"""Characters quoted in a row; longer passages give their first and last words with `se:abridged`."""

ELLIPSIS = "…"

Fault = tuple[str, dict[str, Value]]
"""The code of a fault, and the values in its text."""


def faults(place: Evidence, text: Text) -> Iterator[Fault]:
    """What is wrong with a place in a text, as far as the head of the source tells."""
    if place.start is None and place.end is None and text.unavailable:
        yield from _quote_faults(place)
    elif place.start is None or place.end is None:
        yield "half", {}
    else:
        yield from _offset_faults(place.start, place.end, text)
        yield from _quote_faults(place, place.end - place.start if place.holds_characters() else None)


def _offset_faults(start: int, end: int, text: Text) -> Iterator[Fault]:
    if text.sha256 is None:
        yield "nothing-counted", {"start": start, "end": end}
    if start >= end:
        yield "empty", {"start": start, "end": end}
    if text.length is not None and end > text.length:
        yield "beyond", {"start": start, "end": end, "length": text.length}


def _quote_faults(place: Evidence, length: int | None = None) -> Iterator[Fault]:
    if place.exact is None and place.abridged is None:
        yield "no-words", {}
    if place.exact is not None and length is not None and len(place.exact) != length:
        yield "other-length", {"quoted": len(place.exact), "words": place.exact, "length": length}
    if place.exact is not None and len(place.exact) > LONGEST_QUOTE:
        yield "long", {"most": LONGEST_QUOTE}
    if place.abridged is not None and place.abridged.count(ELLIPSIS) != 1:
        yield "not-abridged", {"mark": ELLIPSIS}
