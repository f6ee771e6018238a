"""How alike two names are: a score, and the differences that were disregarded."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

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
"""The letters of a legal form beyond which it may have a slip of the pen, or other spaces."""

ABBREVIATION = re.compile(r"([^\W_]+)\.")
"""A word with a full stop."""

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

    @cached_property
    def sorted_stems(self) -> Stems:
        return tuple(sorted(self.stems))

    @cached_property
    def different_stems(self) -> frozenset[str]:
        return frozenset(self.stems)

    @cached_property
    def spelt(self) -> str:
        """Its words with spaces between."""
        return " ".join(self.words)

    @cached_property
    def digits(self) -> str:
        return _digits(self.letters)

    @cached_property
    def with_form(self) -> Mapping[int, Sequence[str]]:
        """Its letters without the legal form, and with each spelling of the form before or after them, by length.

        A text is at each length that it has with a slip of the pen.
        """
        spellings = sorted(_spellings().get(self.form or "", ()))
        both = (spelt for each in spellings for spelt in (each + self.letters, self.letters + each))
        found: defaultdict[int, list[str]] = defaultdict(list)
        for spelt in (self.letters, *both):
            for length in _lengths(spelt):
                found[length].append(spelt)
        return {**found}

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
def _named() -> Sequence[tuple[Sequence[str], str]]:
    """The folded words of each name and abbreviation of a legal form, and the form."""
    return [(words_in(name), form) for form, names in packaged_json(FORMS).items() for name in names]


@lru_cache(1)
def _forms() -> Mapping[Stems, str]:
    """Legal forms by the stems of their names and abbreviations."""
    return {tuple(map(stem, words)): form for words, form in _named()}


@lru_cache(100_000)
def parts(name: str) -> Parts:
    """A name without its legal form and without prepositions.

    >>> parts("Stow. „Żółty Latawiec” w Siedlcach")
    Parts(words=('zolty', 'latawiec', 'siedlcach'), stems=('zolt', 'latawiec', 'siedl'), form='association')
    """
    folded = words_in(name)
    form, begin, length = _form(folded)
    own = " ".join(folded[:begin] + folded[begin + length :]) or " ".join(folded)
    words = wanted(own).telling if own else ()
    is_formed = bool(own) and len(folded) > length
    initials = "".join(word[0] for word in (wanted(" ".join(folded)).telling if folded else ()))
    stated = form if is_formed else None
    return Parts(words, tuple(map(stem, words)), stated, own.replace(" ", ""), "".join(folded), initials)


def _lengths(text: str) -> tuple[int, int, int]:
    """The lengths of a text with one slip of the pen at most."""
    return len(text) - 1, len(text), len(text) + 1


def is_slip(one: str, other: str) -> bool:
    """Whether one letter is changed, left out, or put in, or two neighbours are exchanged.

    >>> [is_slip("latawiec", other) for other in ("latawice", "latawie", "lataviec", "latawiec", "latarnia")]
    [True, True, True, False, False]
    """
    return abs(len(one) - len(other)) < 2 and _distance()(one, other, score_cutoff=1) == 1


@cache
def _distance() -> Callable[..., int]:
    """How many slips of the pen lie between two texts; an import in a function costs more than the comparison."""
    from rapidfuzz.distance.OSA import distance

    return distance


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
        return mine.digits == theirs.digits and _are_near(mine.letters, theirs.letters)
    formed, formless = (mine, theirs) if mine.form else (theirs, mine)
    spellings = formed.with_form.get(len(formless.whole), ())
    return any(_are_near(spelt, formless.whole) and _digits(spelt) == _digits(formless.whole) for spelt in spellings)


def _are_near(one: str, other: str) -> bool:
    """Whether letters are equal but for one slip of the pen."""
    if abs(len(one) - len(other)) > 1:
        return False
    return one == other or (min(len(one), len(other)) >= SHORT and is_slip(one, other))


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


@lru_cache(1)
def _spellings() -> Mapping[str, frozenset[str]]:
    """Legal forms, each with the letters of its names and abbreviations."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for words, form in _named():
        found[form].add("".join(words))
    return {form: frozenset(spelt) for form, spelt in found.items()}


def _form(words: Sequence[str]) -> tuple[str | None, int, int]:
    """The longest legal form among some words, where it begins and how many words it has."""
    stems = tuple(map(stem, words))
    spans = ((begin, end) for begin in range(len(words)) for end in range(begin + 1, min(begin + 6, len(words)) + 1))
    found = [
        (end - begin, -begin, form)
        for begin, end in spans
        if (form := _forms().get(stems[begin:end]) or _misspelt(words[begin:end]))
    ]
    length, begin, form = max(found, default=(0, 0, None))
    return form, -begin, length


def _misspelt(words: Sequence[str]) -> str | None:
    """The legal form that words are when divided otherwise, or with a slip of the pen.

    >>> [_misspelt(text.split()) for text in ("spoldz s ocj", "spoldz scoj", "fundcja", "fundacja 2")]
    ['social-cooperative', 'social-cooperative', 'foundation', None]
    """
    letters = "".join(words)
    if divided := _lettered().get(letters):
        return divided
    near = _long_forms().get((len(words), len(letters)), {})
    return next((form for spelt, form in near.items() if is_slip(letters, spelt)), None)


@lru_cache(1)
def _lettered() -> Mapping[str, str]:
    """Legal forms by the letters of their long names and abbreviations."""
    spelt = (("".join(words), form) for words, form in _named())
    return {letters: form for letters, form in spelt if len(letters) > LONG}


@lru_cache(1)
def _long_forms() -> Mapping[tuple[int, int], Mapping[str, str]]:
    """The same by the number of words and of letters, which may be one more or one less."""
    sized: defaultdict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    for words, form in _named():
        letters = "".join(words)
        for length in _lengths(letters) if letters in _lettered() else ():
            sized[len(words), length][letters] = form
    return sized


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
    if mine.sorted_stems == theirs.sorted_stems:
        found = _differences(spelt_out, other, mine, theirs)
        written = ["abbreviations"] if spelt_out != one else ["marks"] if not found and one.strip() != other else []
        without = (*written, *found)
        return Likeness(round(1 - sum(DEDUCTIONS[name] for name in without), 2), "name", without)
    return _spelt(mine, theirs) or _abbreviated(mine, theirs) or _shared(mine, theirs)


def _spelt_out(name: str, words: Sequence[str]) -> str:
    """A name with each word that ends with a full stop as the first of some folded words that begins so."""
    begun = _abbreviations(name)
    if not begun or not any(word.startswith(begun) for word in words):
        return name

    def whole(short: re.Match[str]) -> str:
        begun = fold(short[1])
        return next((word for word in words if word.startswith(begun) and word != begun), short[0])

    return ABBREVIATION.sub(whole, name)


@lru_cache(100_000)
def _abbreviations(name: str) -> tuple[str, ...]:
    """The folded words that end with a full stop."""
    return tuple(map(fold, ABBREVIATION.findall(name))) if "." in name else ()


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
    found = similarity(mine.spelt, theirs.spelt, ALIKE)
    return Likeness(round(SPELLING * found, 2), "spelling") if found else None


def _abbreviated(mine: Parts, theirs: Parts) -> Likeness | None:
    """Whether a word of the shorter name is the first letters of words of the other one.

    >>> likeness("OWES Siedlce", "Ośrodek Wsparcia Ekonomii Społecznej w Siedlcach")
    Likeness(score=0.8, way='acronym', without=())
    """
    short, long = (mine, theirs) if len(mine.initials) <= len(theirs.initials) else (theirs, mine)
    for word, stemmed in zip(short.words, short.stems, strict=True):
        if word in long.initials and len(word) in ACRONYM:
            more = len(long.initials) - len(word) - (len(short.words) - 1)
            is_within = {*short.stems} - {stemmed} <= {*long.stems}
            return Likeness(ABBREVIATED[not more], "acronym") if is_within and more in (0, 1) else None
    return None


def _shared(mine: Parts, theirs: Parts) -> Likeness | None:
    """By the words in common, each as often as both names have it, or as the beginning of one."""
    common = _common(mine, theirs)
    mine_many, theirs_many = len(mine.stems), len(theirs.stems)
    fewer, more = (mine_many, theirs_many) if mine_many <= theirs_many else (theirs_many, mine_many)
    if common == fewer:
        low, high = PART
        return Likeness(round(low + (high - low) * fewer / more, 2), "part")
    share = 2 * common / (fewer + more)
    return Likeness(round(SHARED * share, 2), "words") if share >= ENOUGH else None


def _common(mine: Parts, theirs: Parts) -> int:
    different, others = mine.different_stems, theirs.different_stems
    if len(different) == len(mine.stems) or len(others) == len(theirs.stems):
        return len(different & others)
    return (Counter(mine.stems) & Counter(theirs.stems)).total()
