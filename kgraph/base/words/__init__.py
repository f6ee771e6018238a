"""The catalogue of words: every text that people read, in each language, for Python and for the explorer.

`LANG/SECTION.json` has the texts of one part of the program by key. A text has `{name}` where a value goes. One that
counts is an object with a text for each plural category of the language that its numbers can have
(https://cldr.unicode.org/index/cldr-spec/plural-rules), or for one number (`=0`); `{n}` is the number.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kgraph.errors import BadQuery

LANGUAGES = ("pl", "en")


def known(lang: str) -> str:
    """The language unchanged; BadQuery for one that has no catalogue."""
    if lang not in LANGUAGES:
        raise BadQuery(f"no language {lang!r}; choose one of {', '.join(LANGUAGES)}")
    return lang


Text = str | Mapping[str, str]
"""A text, one for each plural category, or a group of texts."""


@cache
def section(lang: str, name: str) -> Mapping[str, Text]:
    """The texts of one section of the catalogue by key."""
    path = Path(__file__).parent / lang / f"{name}.json"
    found: Mapping[str, Text] = json.loads(path.read_text(encoding="utf-8"))
    return found


def sections(lang: str, *names: str) -> dict[str, Text]:
    """The texts of several sections by key, later sections first."""
    return {key: found for name in names for key, found in section(lang, name).items()}


def text(lang: str, key: str, /, *, n: float = 0, **values: object) -> str:
    """The text of `section.key` or `section.group.key` with its values; `n` chooses among plural forms.

    Raises KeyError for a key that the catalogue has not.
    """
    name, *keys = key.split(".")
    found: Any = section(lang, name)
    for part in keys:
        found = found[part]
    return form(lang, found, n).format(n=n, **values)


def texts(key: str, /, **values: object) -> dict[str, str]:
    """The text of a key by language."""
    return {lang: text(lang, key, **values) for lang in LANGUAGES}  # type: ignore[arg-type]


def form(lang: str, found: Text, n: float) -> str:
    """The form of a text that goes with a number."""
    return found if isinstance(found, str) else found.get(f"={n}") or found[category(lang, n)]


def category(lang: str, number: float) -> str:
    """The plural category of a number.

    >>> category("pl", 1), category("pl", 3), category("pl", 5), category("en", 3)
    ('one', 'few', 'many', 'other')
    """
    return _rule(lang)(number)


@cache
def _rule(lang: str) -> Callable[[float], str]:
    from babel import Locale  # reads its rules of a language when first asked

    return Locale(lang).plural_form
