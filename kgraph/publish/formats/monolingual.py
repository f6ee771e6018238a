"""Shapes in one language, for validators that take one message a shape."""

import re

LITERAL = r'"(?:[^"\\]|\\.)*"@([a-z]+)'
"""A language-tagged string of Turtle in double quotes, with its language."""
MESSAGES = re.compile(rf"(?<=sh:message )\s*{LITERAL}(?:\s*,\s*{LITERAL})*")
"""The messages of a shape, as its authors write them."""


def monolingual(turtle: str, lang: str) -> str:
    """The Turtle of shapes with the messages of a language only; all else stays, comments included.

    >>> monolingual('shape:a sh:message "Nie."@pl , "No."@en .', "en")
    'shape:a sh:message "No."@en .'
    """
    return MESSAGES.sub(lambda found: _in(found[0], lang), turtle)


def _in(messages: str, lang: str) -> str:
    return next(one[0] for one in re.finditer(LITERAL, messages) if one[1] == lang)
