"""The catalogue of words: every text that people read, in each language, for Python and for the explorer.

`LANG/SECTION.json` has the texts of one part of the program by key. A text has `{name}` where a value goes. One that
counts is an object with a text for each plural category of the language (https://cldr.unicode.org/index/cldr-spec/plural-rules)
that its numbers can have; `{n}` is the number.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kgraph.base.vocab import CONTRADICTS, REFINES

LANGUAGES = ("pl", "en")

Text = str | Mapping[str, str]
"""A text, or one for each plural category."""


@cache
def section(lang: str, name: str) -> Mapping[str, Text]:
    """The texts of one section of the catalogue by key."""
    path = Path(__file__).parent / lang / f"{name}.json"
    found: Mapping[str, Text] = json.loads(path.read_text(encoding="utf-8"))
    return found


def text(lang: str, key: str, *, n: float = 0, **values: object) -> str:
    """The text of `section.key` with its values; `n` chooses among plural forms.

    Raises KeyError for a key that the catalogue has not.
    """
    name, _, key = key.partition(".")
    found = section(lang, name)[key]
    if not isinstance(found, str):
        found = found[category(lang, n)]
    return found.format(n=n, **values)


def category(lang: str, number: float) -> str:
    """The plural category of a number.

    >>> category("pl", 1), category("pl", 3), category("pl", 5), category("en", 3)
    ('one', 'few', 'many', 'other')
    """
    from babel import Locale  # reads its rules of a language when first asked

    return str(Locale(lang).plural_form(number))


WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unknown": "Left open by at least one source",
        "one source": "one source only",
        "no wording": "wording not at hand",
        "editorial": "noted by the curators",
        "inferred": "inferred by",
        "said": "said, not asserted",
        "no kind": "kind not stated",
        "characters": "characters",
        REFINES.value: "is more precise than",
        CONTRADICTS.value: "contradicts",
    },
    "pl": {
        "unknown": "Co najmniej jedno źródło pozostawia otwarte",
        "one source": "tylko jedno źródło",
        "no wording": "nie mamy słów źródła",
        "editorial": "zapisane przez redakcję",
        "inferred": "wywnioskowane z",
        "said": "powiedziane, lecz niestwierdzone",
        "no kind": "rodzaju nie podano",
        "characters": "znaki",
        REFINES.value: "uściśla",
        CONTRADICTS.value: "przeczy",
    },
}

UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that nobody sees: they reorder or hide what stands beside them, and some command a terminal."""


def seen(text: str) -> str:
    """The text with its characters that nobody sees named.

    >>> seen("a\\u202eb\\x1b[31m")
    'a⟨U+202E⟩b⟨U+001B⟩[31m'
    """
    return UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


QUOTES: Mapping[str, str] = {"en": "“{}”", "pl": "„{}”"}


def is_quoted(words: str) -> bool:
    """Whether words stand in quotation marks already, as names do.

    >>> is_quoted("„Zioła Siedleckie”"), is_quoted("„Relaksownia” z Siedlec")
    (True, False)
    """
    return words[:1] in ("„", "“", '"') and words[-1:] in ("”", "“", '"')


def quoted(words: str, lang: str) -> str:
    """Words in the quotation marks of a language, or in their own."""
    return words if is_quoted(words) else QUOTES[lang].format(words)
