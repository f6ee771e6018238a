"""Values in words: dates, numbers and counts in a language, and text that cannot disturb the page around it."""

from collections.abc import Sequence
from datetime import date

import pyoxigraph as ox
from markupsafe import Markup, escape

from kgraph.base.vocab import PREFIXES
from kgraph.base.words import seen

LONGEST = 2000
"""Characters of one value on a page; the data has all of it."""

MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "pl": (
        *("styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec"),
        *("lipiec", "sierpień", "wrzesień", "październik", "listopad", "grudzień"),
    ),
}
OF_MONTHS = {
    "en": MONTHS["en"],
    "pl": (
        *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca"),
        *("lipca", "sierpnia", "września", "października", "listopada", "grudnia"),
    ),
}
NO_YEAR = {"en": "(year not given)", "pl": "(rok niepodany)"}
TRUTH = {"en": {"true": "yes", "false": "no"}, "pl": {"true": "tak", "false": "nie"}}
XSD = PREFIXES["xsd"]


def plain(text: object, longest: int = LONGEST) -> str:
    """Text for a page: characters that nobody sees are named, and what is too long is cut.

    >>> plain("a\\u202eb"), plain("long", 3)
    ('a⟨U+202E⟩b', 'lon…')
    """
    value = str(text)
    shown = seen(value[:longest])
    return shown if len(value) <= longest else f"{shown}…"


def finalize(value: object) -> object:
    """What a template writes for a value: markup as it is, text made harmless, nothing for None."""
    if isinstance(value, Markup):
        return value
    return "" if value is None else plain(value)


def whole(text: str) -> Markup:
    """A text in its full length, escaped."""
    return escape(plain(text, len(text)))


def literal(value: ox.Literal, lang: str) -> str:
    """A literal as people write it: dates with as much as is known of them, numbers and truth in a language.

    >>> literal(ox.Literal("--03-22", datatype=ox.NamedNode(XSD + "gMonthDay")), "pl")
    '22 marca (rok niepodany)'
    """
    text, kind = value.value, value.datatype.value.removeprefix(XSD)
    try:
        match kind:
            case "date" | "dateTime":
                return day(date.fromisoformat(text[:10]), lang)
            case "gYearMonth":
                return f"{MONTHS[lang][int(text[5:7]) - 1]} {text[:4]}"
            case "gMonthDay":
                return f"{int(text[5:7])} {OF_MONTHS[lang][int(text[2:4]) - 1]} {NO_YEAR[lang]}"
            case "boolean":
                return TRUTH[lang].get(text, text)
            case "integer":
                return number(int(text), lang)
    except (ValueError, IndexError):
        return text
    return text


def day(when: date, lang: str) -> str:
    """A day in words.

    >>> day(date(2018, 3, 22), "pl")
    '22 marca 2018'
    """
    return f"{when.day} {OF_MONTHS[lang][when.month - 1]} {when.year}"


def number(value: int, lang: str) -> str:
    """A number with its thousands apart, from five digits on in Polish.

    >>> number(13793, "en"), number(1300, "pl")
    ('13,793', '1300')
    """
    if lang == "en":
        return f"{value:,}"
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}") if abs(value) >= 10_000 else str(value)


def count(value: int, forms: Sequence[str], lang: str) -> str:
    """A number with the form of the noun that goes with it.

    >>> [count(n, ("fakt", "fakty", "faktów"), "pl") for n in (1, 2, 5, 12, 22)]
    ['1 fakt', '2 fakty', '5 faktów', '12 faktów', '22 fakty']
    """
    few = lang == "pl" and value % 10 in (2, 3, 4) and value % 100 not in (12, 13, 14)
    form = forms[0] if value == 1 else forms[1] if few or lang == "en" else forms[2]
    return f"{number(value, lang)} {form}"
