"""Texts of the pages, and text that is safe in a page."""

from collections.abc import Mapping
from functools import cache

from markupsafe import Markup, escape

from kgraph.base import words
from kgraph.base.text import seen
from kgraph.base.words import Text

LONGEST = 2000
"""The most characters of a value on a page."""

Words = Mapping[str, Text]


@cache
def words_of(lang: str) -> Words:
    """The texts of pages by key, with those shared with the explorer and the cards."""
    return words.sections(lang, "common", "cards", "pages")


def plain(text: object, longest: int = LONGEST) -> str:
    """Text for a page: invisible characters are named, and long text is cut.

    >>> plain("a\\u202eb"), plain("long", 3)
    ('a⟨U+202E⟩b', 'lon…')
    """
    value = str(text)
    shown = seen(value[:longest])
    return shown if len(value) <= longest else f"{shown}…"


def finalize(value: object) -> object:
    """The output of a template for a value: markup unchanged, text made safe, nothing for None."""
    if isinstance(value, Markup):
        return value
    return "" if value is None else plain(value)


def whole(text: str) -> Markup:
    """A text in its full length, escaped."""
    return escape(plain(text, len(text)))
