"""The words that cards, reasons and disputes are told with in a terminal and on a page, and text that is all seen."""

import re
from collections.abc import Mapping

from kgraph.base.vocab import CONTRADICTS, REFINES

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
