"""Where quoted words stand in a text: exactly, or with differences that are hard to see; and the nearest words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kgraph.base.text import fold

Span = tuple[int, int]
"""The first character of a passage, and the first one after it."""

ELLIPSIS = "…"

REPEATED = 80
"""Characters that stand twice in a text from which on they are a repeated passage."""

QUOTES = dict.fromkeys("„“”‟«»″", '"') | dict.fromkeys("‘’‚‛′`´", "'")
DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
HIDDEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
LOOSE = QUOTES | DASHES | dict.fromkeys(HIDDEN, "") | {"…": "..."}


@dataclass(frozen=True)
class Quote:
    """The words of a passage, in full or abridged, and what tells it from others with these words."""

    words: str
    abridged: bool = False
    prefix: str = ""
    suffix: str = ""
    occurrence: int | None = None

    def ends(self) -> tuple[str, str]:
        """The first and the last words of an abridged quote."""
        first, _, last = self.words.partition(ELLIPSIS)
        return first.strip(), last.strip()

    def is_of(self, passage: str) -> bool:
        """Whether a passage has these words, character by character."""
        if not self.abridged:
            return passage == self.words
        first, last = self.ends()
        return passage.startswith(first) and passage.endswith(last) and bool(passage)


@dataclass(frozen=True)
class Places:
    """The passages with some words; `verbatim` unless they differ from the words in what is hard to see."""

    spans: tuple[Span, ...]
    verbatim: bool = True


def places(quote: Quote, text: str) -> Places:
    """The passages of a text that a quote can mean, in their order; none when its words are not there."""
    for verbatim in (True, False):
        found = _abridged(quote, text, verbatim) if quote.abridged else _spans(quote.words, text, verbatim)
        if found:
            chosen = [span for span in found if stands_between(span, quote, text)]
            number = quote.occurrence
            if number is not None:
                chosen = chosen[number - 1 : number] if number > 0 else []
            return Places(tuple(chosen), verbatim)
    return Places(())


def _spans(words: str, text: str, verbatim: bool) -> list[Span]:
    """The places of words that neither begin nor end inside a word: “Siedlec” is not found in “Siedleckie”."""
    found = _exact(words, text) if verbatim else _loose(words, text)
    return [span for span in found if _is_whole(span, text)]


def _exact(words: str, text: str) -> Iterator[Span]:
    start = text.find(words) if words else -1
    while start >= 0:
        yield start, start + len(words)
        start = text.find(words, start + 1)


def _loose(words: str, text: str) -> Iterator[Span]:
    plain, starts = _loosened(text)
    wanted = _loosened(words)[0].strip()
    for start, end in _exact(wanted, plain):
        yield starts[start], starts[end - 1] + _length(text, starts[end - 1])


def loosened(text: str) -> str:
    """A text without what is hard to see."""
    return _loosened(text)[0]


@lru_cache(maxsize=64)
def _loosened(text: str) -> tuple[str, list[int]]:
    """A text without what is hard to see, and for each of its characters the index of the original one."""
    found: list[str] = []
    starts: list[int] = []
    at = 0
    while at < len(text):
        length = _length(text, at)
        char = unicodedata.normalize("NFC", text[at : at + length])
        plain = " " if char.isspace() else "".join(LOOSE.get(each, each) for each in char)
        if plain != " " or found[-1:] != [" "]:
            found.extend(plain)
            starts.extend([at] * len(plain))
        at += length
    return "".join(found), starts


def _length(text: str, at: int) -> int:
    """How many characters a letter with its combining marks has."""
    end = at + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end - at


def _is_whole(span: Span, text: str) -> bool:
    """Whether a passage neither begins nor ends inside a word."""
    start, end = span
    inside = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    return not inside and not (end < len(text) and text[end].isalnum() and text[end - 1].isalnum())


def _abridged(quote: Quote, text: str, verbatim: bool) -> list[Span]:
    """The passages from the first words of an abridged quote to its last words, before the first words come again."""
    first, last = quote.ends()
    if not first or not last:
        return []
    starts, ends = _spans(first, text, verbatim), _spans(last, text, verbatim)
    limits = [*(start for start, _ in starts[1:]), len(text) + 1]
    pairs = zip(starts, limits, strict=True)
    return [(start, end) for (start, after), limit in pairs for begin, end in ends if after <= begin < limit]


def stands_between(span: Span, quote: Quote, text: str) -> bool:
    """Whether a passage has the prefix and the suffix of a quote beside it."""
    before, after = (loosened(part) for part in (text[: span[0]][-200:], text[span[1] :][:200]))
    prefix, suffix = (loosened(part).strip() for part in (quote.prefix, quote.suffix))
    return before.rstrip().endswith(prefix) and after.lstrip().startswith(suffix)


def groups(spans: Sequence[Span], text: str) -> list[list[Span]]:
    """The passages, those together that are copies of one: a paragraph printed twice."""
    found: list[list[Span]] = []
    for span in spans:
        twin = next((group for group in found if _is_copy(group[0], span, text)), None)
        if twin is None:
            found.append([span])
        else:
            twin.append(span)
    return found


def _is_copy(one: Span, other: Span, text: str) -> bool:
    if text[slice(*one)] != text[slice(*other)]:
        return False
    left = _shared(*(text[max(start - REPEATED, 0) : start][::-1] for start, _ in (one, other)))
    right = _shared(*(text[end : end + REPEATED] for _, end in (one, other)))
    return left + right + one[1] - one[0] >= REPEATED and left + right >= REPEATED // 2


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def differences(words: str, others: str) -> list[str]:
    """The keys of `faults.differs` for what is different between two texts that look alike."""
    found = []
    for name, pattern in CLASSES.items():
        if re.findall(pattern, words) != re.findall(pattern, others):
            found.append(name)
    composed = [unicodedata.is_normalized("NFC", each) for each in (words, others)]
    return [*found, *(["composition"] if composed[0] != composed[1] else [])]


CLASSES = {
    "noBreakSpace": "[\u00a0\u202f\u2007]",
    "lineBreak": "[\r\n]+",
    "softHyphen": "\u00ad",
    "hidden": "[\u200b\u200c\u200d\u2060\ufeff]",
    "quotes": f"[{''.join(QUOTES)}\"']",
    "dashes": f"[{''.join(DASHES)}-]",
}


def near(words: str, text: str) -> Span | None:
    """The passage that shares most words with a quote, by their beginnings; None when fewer than half are shared."""
    wanted = [_stem(found[0]) for found in re.finditer(r"\w+", words)]
    spans = _stems(text)
    size = len(wanted)
    best, most = None, (size + 1) // 2 - 0.5
    for at in range(len(spans) - size + 1 if size else 0):
        window = [stem for _, stem in spans[at : at + size]]
        shared = sum(a == b for a, b in zip(wanted, window, strict=True)) + len({*wanted} & {*window}) / (size + 1)
        if shared > most:
            best, most = (spans[at][0][0], spans[at + size - 1][0][1]), shared
    return best


@lru_cache(maxsize=8)
def _stems(text: str) -> list[tuple[Span, str]]:
    """The words of a text without their endings, with their places."""
    return [(found.span(), _stem(found[0])) for found in re.finditer(r"\w+", text)]


def _stem(word: str) -> str:
    folded = fold(word)
    return folded[: max(4, len(folded) - 3)]


def around(span: Span, text: str, most: int = 30) -> tuple[str, str, str]:
    """What stands before a passage, its words, and what stands after it, in one line."""
    before, words, after = text[: span[0]][-most:], text[slice(*span)], text[span[1] :][:most]
    return _line(before), _line(words), _line(after)


def _line(words: str) -> str:
    return re.sub(r"\s+", " ", words)
