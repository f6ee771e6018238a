"""The words of a text as search compares them: folded, and with their stems, so that Polish inflection is tolerated."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from kgraph.base.paths import packaged_json
from kgraph.base.text import fold

CHARACTERS, MOST_WORDS = 300, 40
"""The limits of a text to search for; no name is longer, and each word takes time."""

SHORT = 3
"""The letters of a word, below which too many words begin with it."""

FLEETING = re.compile(r"(?<=[^aeiouy])e(?=[rklc]$)")
"""The e that comes and goes in Polish: klaster and klastra, ośrodek and ośrodka."""


@cache
def _table() -> tuple[dict[str, str], frozenset[str]]:
    """The endings with what replaces each, and the words that a question may have beside those looked for."""
    known = packaged_json("base/stems.json")
    return known["endings"], frozenset(known["ignored"])


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A folded word without its longest known ending; forms of one Polish or English word mostly have one stem.

    A suffix stripper after the manner of Porter's: no dictionary, so that some unrelated words have one stem too. At
    least four letters stay, three when the ending is one letter. The explorer does the same (frontend/src/stemming.ts).

    >>> [stem(word) for word in ("zalozyl", "zalozyciele", "klaster", "klastra", "siedlcach", "siedlecki")]
    ['zaloz', 'zaloz', 'klastr', 'klastr', 'siedl', 'siedl']
    """
    endings, _ = _table()
    for length in range(min(8, len(word) - 3), 0, -1):
        replaced = endings.get(word[-length:])
        if replaced is not None and len(word) - length + len(replaced) >= (3 if length == 1 else 4):
            word = word[:-length] + replaced
            break
    return FLEETING.sub("", word)


def words_in(text: str) -> list[str]:
    """The folded words and numbers of a text.

    >>> words_in("Caritas, 2020: „Zioła”")
    ['caritas', '2020', 'ziola']
    """
    return words_of(fold(text))


def words_of(folded: str) -> list[str]:
    """The words and numbers of a folded text."""
    return WORD.findall(folded)


WORD = re.compile(r"[^\W_]+")


def stems_in(text: str) -> str:
    """The stems of the words of a text, with spaces between."""
    return stems_of(words_in(text))


def stems_of(words: Iterable[str]) -> str:
    """The stems of folded words, with spaces between."""
    return " ".join(map(stem, words))


@dataclass(frozen=True)
class Wanted:
    """The words of a text to search for, with and without those that only make it a question."""

    words: tuple[str, ...]

    @property
    def whole(self) -> str:
        return " ".join(self.words)

    @property
    def telling(self) -> tuple[str, ...]:
        """The words without question words, articles and prepositions, unless there are no others."""
        return tuple(word for word in self.words if word not in _table()[1]) or self.words

    def expression(self) -> str:
        """The FTS5 expression for rows whose `name` or `stems` have every telling word, or one that begins so."""
        return " AND ".join(_expression(word, begins=True) for word in self.telling)

    def expressions(self) -> list[str]:
        """An expression for each telling word; short words and numbers are the beginning of too many others."""
        return [_expression(word, begins=not word.isdecimal() and len(word) >= SHORT) for word in self.telling]


def _expression(word: str, *, begins: bool) -> str:
    return f'(name : "{word}"{" *" if begins else ""} OR stems : "{stem(word)}")'


def wanted(text: str) -> Wanted:
    """The words of a text to search for."""
    return Wanted(tuple(words_in(text)))


@lru_cache(maxsize=10_000)
def _forms(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a text and their stems."""
    words = frozenset(words_in(text))
    return words, frozenset(map(stem, words))


def closeness(word: str, text: str) -> int | None:
    """How far a word is from a text: 0 for one of its words, 1 for the beginning of one, 2 for another form, else None.

    >>> [closeness(word, "Klaster w Siedlcach") for word in ("klaster", "kla", "klastra", "owes")]
    [0, 1, 2, None]
    """
    words, stems = _forms(text)
    if word in words:
        return 0
    if any(known.startswith(word) for known in words):
        return 1
    return 2 if stem(word) in stems else None


def bears(name: str, text: str) -> bool:
    """Whether a name has each telling word of a text, or another form of the word.

    >>> bears("Siedlecki Klaster Ekonomii Społecznej", "klaster siedlce"), bears("Siedlce", "sied")
    (True, False)
    """
    words, stems = _forms(name)
    return all(word in words or stem(word) in stems for word in wanted(text).telling)
