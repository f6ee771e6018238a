"""Faults of the evidence in a source file, alone and compared with the text that it quotes."""

import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

import pyoxigraph as ox

from kgraph.base.problems import Problem, Value, fault, problem
from kgraph.base.words import LANGUAGES
from kgraph.base.words import text as said_in
from kgraph.evidence import finding
from kgraph.evidence.claims import Evidence, SourceFile, Text
from kgraph.evidence.finding import ELLIPSIS, Quote, Span
from kgraph.evidence.tokens import escaped
from kgraph.rdf.terms import said

LONGEST_QUOTE = 60
"""Characters quoted in a row; longer passages give their first and last words with `se:abridged`."""

Fault = tuple[str, dict[str, Value]]
"""The code of a fault, and the values in its text."""


def faults(place: Evidence, text: Text) -> Iterator[Fault]:
    """The faults of a passage that can be found without the text."""
    if place.start is None and place.end is None and (text.unavailable or place.exact or place.abridged):
        yield from _quote_faults(place)
        if not text.unavailable:
            yield "no-place", {}
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


def plain(text: str, known: Container[str | None] = ()) -> str:
    """A text without byte order mark and with line ends of one character; as it is, if its hash is a known one."""
    if sha256(text) in known:
        return text
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


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
            for wrong in _misplaced(place, text):
                yield replace(wrong, file=file.name, node=said(claim.triple))


def _misplaced(place: Evidence, text: str) -> Iterator[Problem]:
    """Why a passage does not stand in a text as it is quoted."""
    quote = quote_of(place)
    if place.holds_characters():
        words = text[place.start : place.end]
        if not quote.is_of(words):
            yield fault("misquoted", quoted=quote.words, words=_clip(words)).advised(*_elsewhere(quote, text, words))
        elif not finding.stands_between((place.start or 0, place.end or 0), quote, text):
            yield fault("other-surroundings", quoted=quote.words)
    elif place.start is None and place.end is None and quote.words:
        _, wrong = placing(quote, text)
        yield from [wrong] if wrong else []


def quote_of(place: Evidence) -> Quote:
    """The words of a passage, and what tells it from others."""
    words = place.exact or place.abridged or ""
    return Quote(words, place.exact is None, place.prefix, place.suffix, place.occurrence)


def placing(quote: Quote, text: str) -> tuple[list[Span], Problem | None]:
    """The passage that a quote means, with its copies in the text, or why none can be told."""
    spans = finding.places(quote, text).spans
    groups = finding.groups(spans, text)
    if len(groups) == 1:
        return groups[0], None
    if groups:
        return [], fault("many-places", words=quote.words, number=len(spans), listed=_listed(groups, text))
    plain = Quote(quote.words, quote.abridged)
    others = finding.places(plain, text).spans
    if others:
        return [], fault(
            "no-such-place", words=quote.words, number=len(others), listed=_listed(finding.groups(others, text), text)
        )
    return [], fault("not-in-text", words=quote.words).advised(*_nearest(quote, text, ""))


def _elsewhere(quote: Quote, text: str, words: str) -> Iterator[Problem]:
    """Where misquoted words do stand and, if they only look alike, how they differ."""
    found = finding.places(quote, text)
    if found.spans and not found.verbatim and not quote.abridged:
        there = text[slice(*found.spans[0])]
        names = finding.differences(quote.words, there)
        listed = tuple((lang, ", ".join(said_in(lang, f"curating.differs.{n}") for n in names)) for lang in LANGUAGES)
        yield fault("looks-alike", places=_offsets(found.spans), differences=listed, turtle=escaped(there))
    elif found.spans:
        yield fault("stands-at", places=_offsets(found.spans))
    else:
        yield from _nearest(quote, text, words)


def _nearest(quote: Quote, text: str, words: str) -> Iterator[Problem]:
    span = finding.near(quote.words.replace(ELLIPSIS, " "), text)
    if span and text[slice(*span)] != words:
        yield fault("nearest-words", words=_clip(text[slice(*span)]), start=span[0], end=span[1])


def _offsets(spans: Iterable[Span]) -> str:
    return ", ".join(f"[{start}, {end})" for start, end in spans)


MOST_LISTED = 9
"""Places that a message lists."""


def _listed(groups: Sequence[Sequence[Span]], text: str) -> str:
    """Places with their surroundings, copies of one passage together, each with the Turtle that chooses it."""
    lines = []
    firsts = [group[0] for group in groups]
    for number, group in enumerate(groups[:MOST_LISTED], 1):
        before, words, after = finding.around(group[0], text)
        copies = f" (×{len(group)})" if len(group) > 1 else ""
        choice = _choice(group[0], [span for span in firsts if span != group[0]], text)
        lines.append(f"\n    {number}. …{before}[{_clip(words)}]{after}…{copies}  →  {choice}")
    return "".join(lines)


def _choice(span: Span, others: Sequence[Span], text: str) -> str:
    """The fewest words beside a passage that no other passage has there; else its number among all."""
    before = re.findall(r"\S+", text[: span[0]])[-4:]
    after = re.findall(r"\S+", text[span[1] :])[:4]
    for count in range(1, 5):
        for prefix, suffix in ((" ".join(before[-count:]), ""), ("", " ".join(after[:count]))):
            quote = Quote("", prefix=prefix, suffix=suffix)
            if not any(finding.stands_between(other, quote, text) for other in others):
                return f'oa:prefix "{escaped(prefix)}"' if prefix else f'oa:suffix "{escaped(suffix)}"'
    same = finding.places(Quote(text[slice(*span)]), text).spans
    return f"se:occurrence {same.index(span) + 1}" if span in same else "oa:start, oa:end"


def _clip(words: str) -> str:
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1] + ELLIPSIS
