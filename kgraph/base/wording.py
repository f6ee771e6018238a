"""Dates, numbers and counts as people write them in a language."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Literal

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.vocab import PREFIXES
from kgraph.base.words import Text

TRUTH = {"true": "common.yes", "false": "common.no"}
XSD = PREFIXES["xsd"]


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
                return f"{_months(lang, 'stand-alone')[int(text[5:7])]} {text[:4]}"
            case "gMonthDay":
                return f"{int(text[5:7])} {_months(lang)[int(text[2:4])]} {words.text(lang, 'common.yearNotGiven')}"
            case "boolean":
                return words.text(lang, TRUTH[text]) if text in TRUTH else text
            case "integer":
                return number(int(text), lang)
            case "decimal":
                return _decimal(text, lang)
    except (ValueError, KeyError):
        return text
    return text


def _decimal(text: str, lang: str) -> str:
    """A decimal number with all its digits.

    >>> _decimal("1062500.43", "pl"), _decimal("1062500.43", "en"), _decimal("-0.5", "pl")
    ('1\\xa0062\\xa0500,43', '1,062,500.43', '-0,5')
    """
    whole, point, part = text.lstrip("+-").partition(".")
    sign = "-" if text.startswith("-") else ""
    return sign + number(int(whole), lang) + point.replace(".", "," if lang == "pl" else ".") + part


def day(when: date, lang: str) -> str:
    """A day in words.

    >>> day(date(2018, 3, 22), "pl")
    '22 marca 2018'
    """
    return f"{when.day} {_months(lang)[when.month]} {when.year}"


def number(value: int, lang: str) -> str:
    """A number with its thousands apart, from five digits on in Polish.

    >>> number(13793, "en"), number(1300, "pl")
    ('13,793', '1300')
    """
    if lang == "en":
        return f"{value:,}"
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}") if abs(value) >= 10_000 else str(value)


def count(value: int, found: Text, lang: str) -> str:
    """A text with a number, in the plural form that goes with it.

    >>> facts = words.section("pl", "common")["facts count"]
    >>> [count(n, facts, "pl") for n in (1, 2, 5, 12, 22)]
    ['1 fakt', '2 fakty', '5 faktów', '12 faktów', '22 fakty']
    """
    return words.form(lang, found, value).format(n=number(value, lang))


@cache
def _months(lang: str, context: Literal["format", "stand-alone"] = "format") -> Mapping[int, str]:
    """The names of the months by number, as they stand after a day or alone."""
    from babel.dates import get_month_names  # reads the names of a language when first asked

    return get_month_names("wide", context, lang)


def dated(text: str, lang: str) -> str:
    """A day or a year, as it stands in a literal or in the dates of a thing, as people write it.

    >>> dated("2018-03-22", "en"), dated("2018", "en")
    ('22 March 2018', '2018')
    """
    kind = {10: "date", 7: "gYearMonth"}.get(len(text), "gYear")
    return literal(ox.Literal(text, datatype=ox.NamedNode(XSD + kind)), lang)


def moment(value: ox.Literal, lang: str) -> str:
    """A date as it stands after a verb.

    >>> moment(ox.Literal("2018", datatype=ox.NamedNode(XSD + "gYear")), "pl")
    'w 2018 r.'
    """
    kind = value.datatype.value.removeprefix(XSD)
    key = {"gYear": "year", "gYearMonth": "month"}.get(kind, "day")
    month = words.text(lang, f"cards.months.{value.value[5:7]}") if key == "month" else ""
    return words.text(lang, f"cards.moments.{key}", date=literal(value, lang), year=value.value[:4], month=month)
