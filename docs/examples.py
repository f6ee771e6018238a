"""Examples in docstrings as a session of Python, where mkdocstrings would make quotations of them."""

import re
from textwrap import dedent

import griffe

SESSION = re.compile(r"^>>> .*(?:\n.+)*", re.MULTILINE)


class Examples(griffe.Extension):
    """Lines from `>>>` to the next empty one, in a block of code."""

    def on_object(self, *, obj: griffe.Object, **_: object) -> None:
        if obj.docstring:
            obj.docstring.value = SESSION.sub(lambda found: f"```pycon\n{found[0]}\n```", dedent(obj.docstring.value))
