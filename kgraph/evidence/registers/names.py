"""Readable labels for names that a register writes in capitals. The name as it stood stays beside the label."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import compress
from pathlib import Path

from kgraph.base.text import fold

_LISTS = {
    name: frozenset(listed.split())
    for name, listed in json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8")).items()
}

SMALL, ABBREVIATIONS, ACRONYMS, BODIES, FIRST = (
    _LISTS[name] for name in ("small", "abbreviations", "acronyms", "bodies", "first")
)
"""Words that are small inside a name; those that are small before a full stop, while an initial stays large; acronyms
that could be read as words; folded words that only the name of a body has; those with which only such a name begins."""

BODY = re.compile(rf"\b(?:{'|'.join(BODIES)})\b|^(?:{'|'.join(FIRST)})\b|\bsp\. ?z ?o\. ?o|\bs\. ?a\.")
PARTNERS = re.compile(r"\bcywiln|\bs\. ?c\.")
"""A civil partnership, whose name is that of its partners."""

RUN_ON = re.compile(rf"\b((?:{'|'.join(sorted(ABBREVIATIONS))})\.)(?=[^\W\d])", re.IGNORECASE)
"""An abbreviation without a space after it: `IM.JANA`; of one letter, an initial that stands before others."""

CLOSE = re.compile(r"\.[^\W\d]")
QUOTES = ("''", *"“”„»«")
DASH = re.compile(r" [-–—] ")
ROMAN = re.compile(r"(?=[IVX])(?:X{0,3})(?:IX|IV|V?I{0,3})")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
VOWELS = frozenset("AĄEĘIOÓUYÄÖÜÉ")
ENDED = re.compile(r"[\s,–-]*\bw (?:likwidacji|upadłości)\b[\s,]*", re.IGNORECASE)
"""What a name says of the state of its organisation."""


def label(name: str) -> str:
    """A readable label: words with a capital, quotes and dashes of Polish, without the state of the organisation.

    A name that is not all in capitals keeps its letters.

    >>> label('FUNDACJA "ŻÓŁTY LATAWIEC"'), label("STOWARZYSZENIE IM. ŚW. JANA PAWŁA II - KOŁO W SIEDLCACH")
    ('Fundacja „Żółty Latawiec”', 'Stowarzyszenie im. św. Jana Pawła II – Koło w Siedlcach')
    >>> label("KOŁO GOSPODYŃ WIEJSKICH W LIKWIDACJI"), label("Fundacja eFkropka")
    ('Koło Gospodyń Wiejskich', 'Fundacja eFkropka')
    """
    return labels((name,))[0]


@lru_cache(maxsize=1)
def labels(names: tuple[str, ...]) -> tuple[str, ...]:
    """The labels of names, which are worked on as the lines of one text: of many at once, each costs half as much."""
    lines = DASH.sub(" – ", _paired("\n".join(in_one_line(names)))).split("\n")
    capitals = list(_in_capitals(names))
    for at in _of_ended(names):
        lines[at] = _without_state(lines[at])
        capitals[at] = lines[at].isupper()
    read = iter(_read(list(compress(lines, capitals))))
    return tuple([next(read) if capital else _spaced(line) for line, capital in zip(lines, capitals, strict=True)])


@lru_cache(maxsize=1)
def _in_capitals(names: tuple[str, ...]) -> tuple[bool, ...]:
    return tuple(map(str.isupper, names))


@lru_cache(maxsize=1)
def _of_ended(names: tuple[str, ...]) -> tuple[int, ...]:
    """The places of names that may say that their organisation has ended: quicker than the pattern."""
    upper = [name if capital else name.upper() for name, capital in zip(names, _in_capitals(names), strict=True)]
    return tuple([at for at, name in enumerate(upper) if "LIKWIDACJI" in name or "UPADŁOŚCI" in name])


@lru_cache(maxsize=1)
def in_one_line(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names with one space between words; most have it, and white space that is no space is not printable."""
    return tuple([name if name.isprintable() and "  " not in f" {name} " else " ".join(name.split()) for name in names])


ODD = "\r"
"""In the place of a quotation mark without a pair."""


def _paired(text: str) -> str:
    """Polish quotation marks in the lines in which they stand in pairs."""
    for mark in QUOTES:
        text = text.replace(mark, '"')
    parts = text.split('"')
    if len(parts) % 2 == 0 or any("\n" in quoted for quoted in parts[1::2]):  # a line has a mark without a pair
        parts = _without_odd(text).split('"')
    parts[1::2] = [f"„{quoted.strip()}”" for quoted in parts[1::2]]
    return "".join(parts).replace(ODD, '"')


def _without_odd(text: str) -> str:
    """A text whose lines have quotation marks in pairs only."""
    return "\n".join([line.replace('"', ODD) if line.count('"') % 2 else line for line in text.split("\n")])


def _without_state(name: str) -> str:
    return ENDED.sub(" ", name).strip() or name


def _read(names: Sequence[str]) -> list[str]:
    """Names in capitals as they are read; a line feed marks the first word of each."""
    words = " \n".join(["", *names]).split(" ")
    return " ".join(map(_Words().__getitem__, words)).split(" \n")[1:]


class _Words(dict[str, str]):
    """Words of names in capitals as they are read. They recur, so that most are known."""

    def __missing__(self, word: str) -> str:
        if word.isdecimal():  # few numbers recur
            return word
        self[word] = read = _word(word)
        return read


@lru_cache(maxsize=1 << 16)
def _word(text: str) -> str:
    """A word of a name in capitals, with the marks around it, as it is read."""
    first, *rest = _spaced(text.removeprefix("\n")).split(" ")
    is_start = text.startswith("\n")
    read = (WORD.sub(partial(_cased, is_start), first), *(WORD.sub(partial(_cased, False), word) for word in rest))
    return f"{chr(10) if is_start else ''}{' '.join(read)}"


def _spaced(text: str) -> str:
    """A text with a space after each abbreviation."""
    return RUN_ON.sub(r"\1 ", text) if CLOSE.search(text) else text


def in_liquidation(names: tuple[str, ...]) -> list[bool]:
    """Whether each name says that the organisation is being wound up.

    >>> in_liquidation(("FUNDACJA PRZYKŁAD W LIKWIDACJI", "Fundacja Likwidacji Barier"))
    [True, False]
    """
    found = {at for at in _of_ended(names) if WOUND_UP.search(names[at])}
    return [at in found for at in range(len(names))]


WOUND_UP = re.compile(r"\bw likwidacji\b", re.IGNORECASE)


def is_body(name: str) -> bool:
    """Whether a name is surely that of a body, and not of people who trade under their own names.

    >>> [is_body(name) for name in ("FUNDACJA MOST", "Kowal sp. z o.o.", "Centrum Medyczne Jan Kowal", "Kowal s.c.")]
    [True, True, False, False]
    """
    folded = fold(name)
    return bool(BODY.search(folded)) and not PARTNERS.search(folded)


def _cased(is_start: bool, found: re.Match[str]) -> str:
    word, text = found[0], found.string
    after, start = text[found.end() : found.end() + 1], found.start()
    is_first = (start == 0 and is_start) or text[max(start - 1, 0) : start] in ("„", "(", '"')
    if word.lower() in ABBREVIATIONS and len(word) > 1 and (after == "." or word == "NR"):
        return word.capitalize() if is_first else word.lower()
    is_alone = text[max(start - 1, 0) : start] == "(" and after == ")" and len(word) < 5
    if is_alone or word in ACRONYMS or _is_roman(word) or (not VOWELS & set(word) and len(word) > 1):
        return word
    if word.lower() in SMALL and after != "." and not is_first:
        return word.lower()
    return word.capitalize()


def _is_roman(word: str) -> bool:
    return word != "I" and bool(ROMAN.fullmatch(word))
