"""The catalogue of words: the same keys, values and plural forms in both languages."""

import re
from pathlib import Path

import pytest
from babel import Locale

from kgraph.base import words
from kgraph.base.words import LANGUAGES, Text

CATALOGUE = Path(words.__file__).parent
SECTIONS = sorted({path.stem for path in CATALOGUE.glob("*/*.json")})


def values(text: Text) -> set[str]:
    """The names of the values that a text takes, in any of its forms."""
    forms = [text] if isinstance(text, str) else text.values()
    return {name for form in forms for name in re.findall(r"\{(\w*)[^}]*\}", form)}


@pytest.mark.parametrize("name", SECTIONS)
def test_both_languages_have_the_same_texts(name: str) -> None:
    polish, english = (words.section(lang, name) for lang in LANGUAGES)
    assert polish.keys() == english.keys()
    assert {key: values(polish[key]) - {"n"} for key in polish} == {
        key: values(english[key]) - {"n"} for key in english
    }


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SECTIONS)
def test_a_text_that_counts_has_every_plural_form(name: str, lang: str) -> None:
    expected = {Locale(lang).plural_form(number) for number in range(200)}
    for text in words.section(lang, name).values():
        assert isinstance(text, str) or expected <= text.keys()
