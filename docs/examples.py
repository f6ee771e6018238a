"""A Griffe extension that shows the doctests of docstrings as code; Markdown reads `>>>` as a quotation."""

import re
from textwrap import dedent

import griffe

SESSION = re.compile(r"^>>> .*(?:\n.+)*", re.MULTILINE)


class Examples(griffe.Extension):
    """Puts the lines from `>>>` to the next empty line into a fenced code block."""

    def on_object(self, *, obj: griffe.Object, **_: object) -> None:
        if obj.docstring:
            obj.docstring.value = SESSION.sub(lambda found: f"```pycon\n{found[0]}\n```", dedent(obj.docstring.value))
