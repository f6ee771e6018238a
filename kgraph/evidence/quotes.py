"""Faults of the evidence in a source file, alone and compared with the text that it quotes."""

import hashlib
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kgraph.base.problems import Problem, Value, problem
from kgraph.evidence.claims import Evidence, SourceFile, Text
from kgraph.rdf.terms import said

LONGEST_QUOTE = 60
"""Characters quoted in a row; longer passages give their first and last words with `se:abridged`."""

ELLIPSIS = "…"

Fault = tuple[str, dict[str, Value]]
"""The code of a fault, and the values in its text."""


def faults(place: Evidence, text: Text) -> Iterator[Fault]:
    """The faults of a passage that can be found without the text."""
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


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def check_text(files: Iterable[SourceFile], name: str, text: str) -> list[Problem]:
    """The problems of the sources that have the hash of a text: passages and lengths that differ from it.

    Other sources are not checked; a text whose hash no source has is a problem itself. `name` is that of its file.
    """
    digest = sha256(text)
    owned = [(file, source) for file in files for source, of in file.sources.items() if of.sha256 == digest]
    if not owned:
        return [problem(name, "", "text-of-nobody", sha256=digest)]
    return sorted({wrong for file, source in owned for wrong in _misquoted(file, source, text)})


def _misquoted(file: SourceFile, source: ox.NamedNode, text: str) -> Iterator[Problem]:
    length = file.sources[source].length
    if length is not None and length != len(text):
        yield problem(file.name, said(source), "text-length", said=length, length=len(text))
    for claim in file.claims:
        for place in claim.evidence if claim.source == source else ():
            words = text[place.start : place.end]
            if place.holds_characters() and not _quotes(place, words):
                quoted = place.exact or place.abridged or ""
                yield problem(file.name, said(claim.triple), "misquoted", quoted=quoted, words=_clip(words))


def _clip(words: str) -> str:
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1] + ELLIPSIS


def _quotes(place: Evidence, words: str) -> bool:
    if place.exact is not None:
        return words == place.exact
    first, _, last = (place.abridged or "").partition(ELLIPSIS)
    return words.startswith(first.strip()) and words.endswith(last.strip()) and bool(words)
