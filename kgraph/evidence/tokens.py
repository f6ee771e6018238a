"""The tokens of Turtle with their positions, and texts as they stand between quotation marks."""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n\ufeff]+)
  | (?P<odd>[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]+)
  | (?P<comment>\#[^\n]*)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
              |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
  | (?P<curly>[„“”«»‘’][^"“”„«»‘’\r\n]*["“”«»‘’])
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<mark><<\(|\)>>|<<|>>|\{\||\|\}|\^\^|[;,\[\]()~])
  | (?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?)
  | (?P<blank>_:\w(?:[\w.\-]*[\w\-])?)
  | (?P<name>(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?:
        (?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\.)
        (?:(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\.)*(?:[\w:\-]|%[0-9A-Fa-f]{2}|\\.))?)?)
  | (?P<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d_][\w\-]*)
  | (?P<stop>\.)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True)
class Token:
    """A piece of Turtle: its kind, its characters, and the index of the first one."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Lines:
    """Lines and columns in a text, from 1."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *accumulate(map(len, text.splitlines(keepends=True)))]

    def place(self, index: int) -> tuple[int, int]:
        """The line and the column of a character."""
        line = bisect_right(self.starts, index, 0, max(len(self.starts) - 1, 1))
        return line, index - self.starts[line - 1] + 1


BETWEEN = ("space", "odd", "comment")
"""The kinds of tokens that only stand between others."""


def every_token(text: str) -> Iterator[Token]:
    """All tokens of a text, white space and comments too."""
    return (Token(str(match.lastgroup), match[0], match.start()) for match in TOKEN.finditer(text))


def unescaped(text: str) -> str:
    """The characters that escapes stand for.

    >>> unescaped(r"a\\u00A0b")
    'a\\xa0b'
    """

    def char(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        if code and int(code, 16) > sys.maxunicode:
            return found[0]
        return chr(int(code, 16)) if code else ESCAPED.get(found[3], found[3])

    return ESCAPE.sub(char, text) if "\\" in text else text


def escaped(text: str) -> str:
    """A text as it stands between straight quotation marks, spaces that look like others escaped.

    >>> escaped('a\\xa0"b"')
    'a\\\\u00A0\\\\"b\\\\"'
    """
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return re.sub(r"[^\S ]|[\u00ad\u200b-\u200f\u2060\ufeff]", lambda found: f"\\u{ord(found[0]):04X}", plain)
