"""How alike two names are: a score, and the differences that were disregarded."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kgraph.base.paths import packaged_json
from kgraph.base.stemming import stem, wanted, words_in
from kgraph.base.text import fold, similarity

Stems = tuple[str, ...]

FORMS = "base/legal-forms.json"
"""The file with the names and abbreviations of each legal form."""

DEDUCTIONS: Mapping[str, float] = {
    "marks": 0.01,
    "abbreviations": 0.05,
    "diacritics": 0.02,
    "legal form": 0.05,
    "order": 0.05,
    "endings": 0.1,
    "place": 0.07,
    "another legal form": 0.3,
}
"""What is deducted from 1 for each difference between two names with the same words."""

PART, SPELLING, SHARED = (0.5, 0.8), 0.9, 0.7
"""The score of a name within another, by the share of its words; of similar letters; of some words in common."""

ACRONYM, ABBREVIATED = range(3, 9), (0.6, 0.8)
"""How many letters an acronym has; the score of a name that has further words, and of one that has not."""

ENDS = 8
"""The letters of the beginning and of the ending of a name."""

LONG = 6
"""The least letters of a word of a legal form that may have a slip of the pen."""

ALIKE, ENOUGH = 0.8, 0.4
"""The least similarity of letters, and the least share of common words, that count at all."""


@dataclass(frozen=True)
class Likeness:
    """A score from 0 to 1; `way` is `name`, `part`, `spelling`, `acronym` or `words`; `without` lists differences."""

    score: float
    way: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parts:
    """The words of a name that tell it apart, their stems, and its legal form if it names one.

    `letters` are those of the name without its legal form, `whole` all letters, `initials` the first of each word.
    """

    words: tuple[str, ...]
    stems: Stems
    form: str | None
    letters: str = field(default="", repr=False)
    whole: str = field(default="", repr=False)
    initials: str = field(default="", repr=False)

    @property
    def beginning(self) -> str:
        """Its first letters, by which names are found whose words are divided otherwise."""
        return self.letters[:ENDS]

    @property
    def ending(self) -> str:
        return self.letters[-ENDS:]

    @property
    def mixed(self) -> str:
        """Its letters, each once and sorted."""
        return "".join(sorted({*self.letters}))


@lru_cache(1)
def _forms() -> Mapping[Stems, str]:
    """Legal forms by the stems of their names and abbreviations."""
    return {tuple(map(stem, words_in(name))): form for form, names in packaged_json(FORMS).items() for name in names}


@lru_cache(100_000)
def parts(name: str) -> Parts:
    """A name without its legal form and without prepositions.

    >>> parts("Stow. „Żółty Latawiec” w Siedlcach")
    Parts(words=('zolty', 'latawiec', 'siedlcach'), stems=('zolt', 'latawiec', 'siedl'), form='association')
    """
    folded = words_in(name)
    stems = [stem(_form_word(word)) for word in folded]
    form, begin, length = _form(stems)
    own = " ".join(folded[:begin] + folded[begin + length :]) or " ".join(folded)
    words = wanted(own).telling if own else ()
    is_formed = bool(own) and len(folded) > length
    initials = "".join(word[0] for word in (wanted(" ".join(folded)).telling if folded else ()))
    stated = form if is_formed else None
    return Parts(words, tuple(map(stem, words)), stated, own.replace(" ", ""), "".join(folded), initials)


@lru_cache(1)
def _form_words() -> frozenset[str]:
    words = (word for names in packaged_json(FORMS).values() for name in names for word in words_in(name))
    return frozenset(word for word in words if len(word) > LONG)


@lru_cache(100_000)
def _form_word(word: str) -> str:
    """The word of a legal form that a word is with one slip of the pen; else the word itself."""
    if len(word) < LONG or word in _form_words():
        return word
    return next((known for known in sorted(_form_words()) if is_slip(word, known)), word)


def is_slip(one: str, other: str) -> bool:
    """Whether one letter is changed, left out, or put in, or two neighbours are exchanged.

    >>> [is_slip("latawiec", other) for other in ("latawice", "latawie", "lataviec", "latawiec", "latarnia")]
    [True, True, True, False, False]
    """
    from rapidfuzz.distance.OSA import distance

    return abs(len(one) - len(other)) < 2 and distance(one, other, score_cutoff=1) == 1


SHORT = 5
"""The letters of a name below which another letter makes another name."""


def is_slip_apart(one: str, other: str) -> bool:
    """Whether two names have equal letters but for one slip of the pen, spaces, and the spelling of a legal form.

    >>> is_slip_apart("Spóółdz. Socj. „Jasny Most”", "Spółdzielnia Socjalna „Jasny Most”")
    True
    >>> is_slip_apart("„JasnyMost”", "Fundacja „Jasny Most”"), is_slip_apart("Przedszkole nr 2", "Przedszkole nr 3")
    (True, False)
    """
    mine, theirs = parts(one), parts(other)
    if (mine.form is None) == (theirs.form is None):
        return _are_near(mine.letters, theirs.letters)
    formed, formless = (mine, theirs) if mine.form else (theirs, mine)
    return any(_are_near(spelt, formless.whole) for spelt in _spelt_with_form(formed))


def _are_near(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or _digits(one) != _digits(other):
        return False
    return one == other or (min(len(one), len(other)) >= SHORT and is_slip(one, other))


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _spelt_with_form(name: Parts) -> Iterator[str]:
    """The letters of a name without its legal form, and with each spelling of the form before or after it."""
    yield name.letters
    for spelt in _spellings().get(name.form or "", ()):
        yield spelt + name.letters
        yield name.letters + spelt


@lru_cache(1)
def _spellings() -> Mapping[str, frozenset[str]]:
    """Legal forms, each with the letters of its names and abbreviations."""
    return {form: frozenset("".join(words_in(name)) for name in names) for form, names in packaged_json(FORMS).items()}


def _form(stems: list[str]) -> tuple[str | None, int, int]:
    """The longest legal form among some stems, where it begins and how many words it has."""
    spans = ((begin, end) for begin in range(len(stems)) for end in range(begin + 1, min(begin + 6, len(stems)) + 1))
    found = [(end - begin, -begin) for begin, end in spans if tuple(stems[begin:end]) in _forms()]
    if not found:
        return None, 0, 0
    length, begin = max(found)[0], -max(found)[1]
    return _forms()[tuple(stems[begin : begin + length])], begin, length


def likeness(one: str, other: str) -> Likeness | None:
    """How alike two names are; None for names without enough in common.

    >>> likeness("ziola siedleckie", "Spółdzielnia Socjalna „Zioła Siedleckie”")
    Likeness(score=0.93, way='name', without=('diacritics', 'legal form'))
    """
    theirs = parts(other)
    spelt_out = _spelt_out(one, theirs.words)
    mine = parts(spelt_out)
    if not mine.words or not theirs.words:
        return None
    if sorted(mine.stems) == sorted(theirs.stems):
        found = _differences(spelt_out, other, mine, theirs)
        written = ["abbreviations"] if spelt_out != one else ["marks"] if not found and one.strip() != other else []
        without = (*written, *found)
        return Likeness(round(1 - sum(DEDUCTIONS[name] for name in without), 2), "name", without)
    return _spelt(mine, theirs) or _abbreviated(mine, theirs) or _shared(mine, theirs)


def _spelt_out(name: str, words: Sequence[str]) -> str:
    """A name with each word that ends with a full stop as the first of some folded words that begins so."""

    def whole(short: re.Match[str]) -> str:
        begun = fold(short[1])
        return next((word for word in words if word.startswith(begun) and word != begun), short[0])

    return re.sub(r"([^\W_]+)\.", whole, name)


def _differences(one: str, other: str, mine: Parts, theirs: Parts) -> list[str]:
    found = {
        "diacritics": _are_marked_otherwise(one, other),
        "legal form": mine.form != theirs.form and None in (mine.form, theirs.form),
        "another legal form": mine.form != theirs.form and None not in (mine.form, theirs.form),
        "order": mine.stems != theirs.stems,
        "endings": sorted(mine.words) != sorted(theirs.words),
    }
    return [name for name, holds in found.items() if holds]


def _are_marked_otherwise(one: str, other: str) -> bool:
    """Whether a word of one name is in the other only without its diacritics."""
    mine, theirs = _written(one), _written(other)
    return bool({fold(word) for word in mine - theirs} & {fold(word) for word in theirs - mine})


def _written(name: str) -> set[str]:
    """The words of a name in lower case, with their diacritics."""
    return set(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name).lower()))


def _spelt(mine: Parts, theirs: Parts) -> Likeness | None:
    if len(mine.words) != len(theirs.words):
        return None
    found = similarity(" ".join(mine.words), " ".join(theirs.words), ALIKE)
    return Likeness(round(SPELLING * found, 2), "spelling") if found else None


def _abbreviated(mine: Parts, theirs: Parts) -> Likeness | None:
    """Whether a word of the shorter name is the first letters of words of the other one.

    >>> likeness("OWES Siedlce", "Ośrodek Wsparcia Ekonomii Społecznej w Siedlcach")
    Likeness(score=0.8, way='acronym', without=())
    """
    short, long = sorted((mine, theirs), key=lambda name: len(name.initials))
    for word, stemmed in zip(short.words, short.stems, strict=True):
        if len(word) in ACRONYM and word in long.initials:
            more = len(long.initials) - len(word) - (len(short.words) - 1)
            is_within = {*short.stems} - {stemmed} <= {*long.stems}
            return Likeness(ABBREVIATED[not more], "acronym") if is_within and more in (0, 1) else None
    return None


def _shared(mine: Parts, theirs: Parts) -> Likeness | None:
    """By the words in common, each as often as both names have it, or as the beginning of one."""
    common = (Counter(mine.stems) & Counter(theirs.stems)).total()
    fewer, more = sorted((len(mine.stems), len(theirs.stems)))
    if common == fewer:
        low, high = PART
        return Likeness(round(low + (high - low) * fewer / more, 2), "part")
    share = 2 * common / (fewer + more)
    return Likeness(round(SHARED * share, 2), "words") if share >= ENOUGH else None
