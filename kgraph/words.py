"""The words that cards, reasons and disputes are told with, the same in a terminal and on a page."""

from collections.abc import Mapping

from kgraph.vocab import CONTRADICTS, REFINES

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
