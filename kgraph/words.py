"""The words that cards, reasons and disputes are told with, the same in a terminal and on a page."""

from collections.abc import Mapping

from kgraph.vocab import CONTRADICTS, REFINES

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unknown": "Not known",
        "one source": "one source only",
        "no wording": "wording not at hand",
        "editorial": "noted by the curators",
        "inferred": "inferred by",
        "characters": "characters",
        REFINES.value: "is more precise than",
        CONTRADICTS.value: "contradicts",
    },
    "pl": {
        "unknown": "Nie wiadomo",
        "one source": "tylko jedno źródło",
        "no wording": "nie mamy słów źródła",
        "editorial": "zapisane przez redakcję",
        "inferred": "wywnioskowane z",
        "characters": "znaki",
        REFINES.value: "uściśla",
        CONTRADICTS.value: "przeczy",
    },
}

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
