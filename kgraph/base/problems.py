"""Faults as data: a code with its values, worded in a language where they are shown."""

import errno
import json
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from kgraph.base.words import text, texts

Value = str | int | tuple[tuple[str, str], ...]
"""A value in a text: words, a number, or words for each language."""


@dataclass(frozen=True, order=True)
class Problem:
    """A fault: the file, the node or triple concerned, and a code with its values.

    `code` names a text in the section `faults` of the catalogue of words, `values` are those of the text, by name.
    `rule` is the name of the violated rule in a specification. `places` are line and column in each of the files, where
    they are known, `facts` the facts at fault as pairs of file and words, `advice` what may help. None of these three
    makes two problems different.
    """

    file: str
    node: str
    code: str
    values: tuple[tuple[str, Value], ...] = ()
    rule: str = ""
    places: tuple[tuple[int, int], ...] = field(default=(), compare=False)
    facts: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    advice: tuple["Problem", ...] = field(default=(), compare=False)

    def standing(self, *places: tuple[int, int]) -> "Problem":
        """The problem with a line and a column for each of its files."""
        return replace(self, places=places)

    def stating(self, *facts: tuple[str, str]) -> "Problem":
        """The problem with the facts at fault, as pairs of file and words."""
        return replace(self, facts=facts)

    def because(self, cause: "Problem") -> "Problem":
        """The problem in the words of its cause, which needs no other advice."""
        return replace(self, code=cause.code, values=cause.values, advice=())

    def advised(self, *advice: "Problem") -> "Problem":
        return replace(self, advice=(*self.advice, *advice))

    @property
    def where(self) -> str:
        """The files, with line and column where they are known."""
        files = self.file.split(", ")
        places = (f":{line}:{column}" for line, column in self.places)
        return ", ".join(file + place for file, place in zip_longest(files, places, fillvalue=""))

    def sentence(self, lang: str) -> str:
        """The message without file and node, with its advice."""
        sentences = [self._worded(lang), *(each.sentence(lang) for each in self.advice)]
        ended = (each if each.endswith((".", "?", "!")) else f"{each}." for each in sentences[:-1])
        return " ".join([*ended, sentences[-1]])

    def _worded(self, lang: str) -> str:
        return text(lang, f"faults.{self.code}", **{name: _in(lang, value) for name, value in self.values})  # type: ignore[arg-type]

    def worded(self, lang: str) -> str:
        """File, node and message in one line."""
        named = " · ".join(part for part in (self.where, self.node, self.sentence(lang)) if part)
        return f"{named} ({self.rule})" if self.rule else named

    @property
    def message(self) -> str:
        """The message in English, for logs."""
        return self.sentence("en")

    def __str__(self) -> str:
        return self.worded("en")


def problem(file: str, node: str, code: str, /, **values: Value) -> Problem:
    """A problem with the values of its text given by name."""
    return Problem(file, node, code, tuple(sorted(values.items())))


def fault(code: str, /, **values: Value) -> Problem:
    """A problem without file and node, for errors: its text names the file."""
    return problem("", "", code, **values)


def worded(error: Exception, lang: str) -> str:
    """The message of an error, in the language given when it is a fault of the data."""
    faults = [said for said in error.args if isinstance(said, Problem)]
    return "\n".join(fault.worded(lang) for fault in faults) or str(error)


def reason(error: BaseException | None) -> Value:
    """Why something failed: in English as the system or the engine says it, in Polish by kind and line."""
    english = str(getattr(error, "strerror", None) or error)
    return tuple(sorted((_kind_of(error) | {"en": english}).items()))


def _kind_of(error: BaseException | None) -> dict[str, str]:
    """The kind of an error, by language."""
    match error:
        case FileNotFoundError():
            return texts("curating.reasons.notThere")
        case PermissionError():
            return texts("curating.reasons.denied")
        case IsADirectoryError() | NotADirectoryError():
            return texts("curating.reasons.folder")
        case OSError(errno=errno.ELOOP):
            return texts("curating.reasons.loop")
        case UnicodeError():
            return texts("curating.reasons.encoding")
        case SyntaxError(lineno=int(line)) | json.JSONDecodeError(lineno=int(line)):
            return texts("curating.reasons.line", line=line)
    return texts("curating.reasons.other", name=type(error).__name__)


def _in(lang: str, value: Value) -> str | int:
    return dict(value)[lang] if isinstance(value, tuple) else value
