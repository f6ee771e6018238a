"""Text folded for comparison, with invisible characters made visible, or in quotation marks."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cache, partial

from kgraph.base import words
from kgraph.base.paths import packaged_json


def letters() -> Mapping[str, str]:
    """Lower-case letters that Unicode does not decompose, with their transliterations."""
    return packaged_json("base/folding.json")


@cache
def _transliterated() -> Callable[[str], str]:
    known = letters()
    return partial(re.compile(f"[{''.join(known)}]").sub, lambda found: known[found[0]])


def fold(text: str) -> str:
    """Lower case without diacritics, for comparing.

    >>> fold("Spółdzielnia „Zioła”, Straße")
    'spoldzielnia „ziola”, strasse'
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    if SCRIPTS.search(decomposed):
        plain = "".join(char for char in decomposed if not unicodedata.category(char).startswith("M"))
    else:
        plain = MARKS.sub("", decomposed)
    lowered = plain.lower()
    return lowered if lowered.isascii() else _transliterated()(lowered)


MARKS = re.compile("[\u0300-\u036f]+")
SCRIPTS = re.compile("[^\0-\u0482\u2000-\u20cf\u2100-\u2cee]")
"""The combining marks of Latin and Greek letters, and where Unicode has others; a text without these folds fast.

The class names what it leaves out: one with a million characters takes milliseconds to compile at each start.
"""


def hyphenated(text: str) -> str:
    """A text as a name in an IRI: its letters and digits in ASCII and lower case, with hyphens between.

    >>> hyphenated("Spółdzielnia „Zioła”")
    'spoldzielnia-ziola'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Invisible characters: they reorder or hide the text beside them, and some command a terminal."""


def seen(text: str) -> str:
    """The text with each invisible character replaced by its code point.

    >>> seen("a\\u202eb\\x1b[31m")
    'a⟨U+202E⟩b⟨U+001B⟩[31m'
    """
    return text if text.isprintable() else UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def is_quoted(text: str) -> bool:
    """Whether a text begins and ends with quotation marks.

    >>> is_quoted("„Zioła Siedleckie”"), is_quoted("„Relaksownia” z Siedlec")
    (True, False)
    """
    return text[:1] in ("„", "“", '"') and text[-1:] in ("”", "“", '"')


def quoted(text: str, lang: str) -> str:
    """A text in the quotation marks of a language, unless it has its own."""
    return text if is_quoted(text) else words.text(lang, "cards.quote", words=text)


def nearest(word: str, known: Iterable[str] | Mapping[str, str], least: float = 0.75) -> str | None:
    """The most similar of the known words, or the value of the most similar key; None when none is similar.

    >>> nearest("se:seatInn", ["se:siteOf", "se:seatIn"]), nearest("x", ["se:seatIn"])
    ('se:seatIn', None)
    """
    folded = {fold(name): name for name in known}
    found = get_close_matches(fold(word), folded, n=1, cutoff=least)
    near = folded[found[0]] if found else None
    return known[near] if near is not None and isinstance(known, Mapping) else near


def similarity(one: str, other: str, least: float) -> float:
    """The share of letters that two texts have in common, in their order, from 0 to 1; 0 below `least`.

    >>> round(similarity("zolty", "zoltyy", 0.75), 2), similarity("zolty", "ziola", 0.75)
    (0.91, 0.0)
    """
    return _similarity()(one, other, score_cutoff=least)


@cache
def _similarity() -> Callable[..., float]:
    from rapidfuzz.distance.Indel import normalized_similarity

    return normalized_similarity


UNPRINTABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""The characters that XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets)."""


def printable(text: str) -> str:
    """A text without the characters that XML cannot hold, each replaced by U+FFFD.

    >>> printable("a\\x00b")
    'a\ufffdb'
    """
    return UNPRINTABLE.sub("\ufffd", text)
