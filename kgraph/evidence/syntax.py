"""Turtle with positions: its tokens, the facts with their annotations, and all syntax errors of a text.

The engine parses the data; this parser says where a fact stands and what is likely wrong with a text that the engine
refuses. It goes on after an error, so that one run finds all (https://www.w3.org/TR/rdf12-turtle/#sec-grammar).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from kgraph.base import vocab
from kgraph.base.problems import Problem, Value, problem
from kgraph.base.text import hyphenated, nearest
from kgraph.base.vocab import PREFIXES
from kgraph.evidence.tokens import BETWEEN, Lines, Token, escaped, every_token, unescaped
from kgraph.rdf.terms import Term

TYPOGRAPHIC = "„“”«»‘’"
MISSING = {"comma": "syntax-comma-missing", "semicolon": "syntax-semicolon-missing", "stop": "syntax-stop-missing"}
LONGEST_SUBTAG = 8
"""Characters of a part of a language tag (https://www.rfc-editor.org/rfc/rfc5646#section-2.1)."""

TAGGED = re.compile(r'"([^"]*?)([”“]?)(@(?:pl|en))\b')
"""A text that goes on behind its language, because its closing quotation mark is missing."""

TERMS = frozenset(("string", "curly", "iri", "blank", "name", "number", "word"))


@dataclass(frozen=True)
class Given:
    """A value of an annotation, where it stands, and where its property does."""

    term: Term
    property_at: int
    start: int
    end: int


@dataclass
class Note:
    """An annotation of a fact: its properties, where the first one stands, and the span of the whole.

    The whole is `{| … |}` or, for a claim that is not asserted, the statement with its full stop.
    """

    start: int
    first: int
    end: int = 0
    values: dict[ox.NamedNode, list[Given]] = field(default_factory=dict)
    asserted: bool = True

    def given(self, name: ox.NamedNode) -> Given | None:
        return next(iter(self.values.get(name, ())), None)

    def value(self, name: ox.NamedNode) -> str | None:
        found = self.given(name)
        return found.term.value if found and isinstance(found.term, ox.Literal | ox.NamedNode) else None


@dataclass
class Written:
    """A fact as it stands in a text: the indices of its parts, and its annotations."""

    triple: ox.Triple
    subject_at: int
    predicate_at: int
    object_at: int
    notes: list[Note] = field(default_factory=list)


def written(text: str) -> list[Written]:
    """The facts of a text, in its order; those before and after an error where the parser can go on."""
    return Parser(text).facts


def faults(text: str, file: str) -> list[Problem]:
    """The syntax errors of a text that this parser finds, in its order; none does not prove that it is valid."""
    return Parser(text, file).faults


class _Lost(Exception):
    """The statement cannot be read on."""


class Parser:
    """The facts and the syntax errors of a text."""

    def __init__(self, text: str, file: str = "") -> None:
        self.text, self.file = text, file
        every = list(every_token(text))
        self.tokens = [*(token for token in every if token.kind not in BETWEEN), Token("end", "", len(text.rstrip()))]
        self.at = 0
        self.prefixes: dict[str, str] = {}
        self.facts: list[Written] = []
        self.faults: list[Problem] = []
        self.opened: list[Token] = []
        while self.peek.kind != "end":
            self.statement()
        for token in every:
            if token.kind == "odd":
                self.report("syntax-space", token.start, sign=f"U+{ord(token.text[0]):04X}")
        self.faults.sort(key=lambda fault: fault.places)

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.text)

    @property
    def peek(self) -> Token:
        return self.tokens[self.at]

    @property
    def last(self) -> Token:
        return self.tokens[max(self.at - 1, 0)]

    def take(self) -> Token:
        token = self.peek
        self.at += token.kind != "end"
        return token

    def taken(self, text: str) -> bool:
        """Whether the next token is this mark, which is then passed."""
        if self.peek.kind in ("mark", "stop") and self.peek.text == text:
            self.at += 1
            return True
        return False

    def report(self, code: str, index: int, **values: Value) -> None:
        found = problem(self.file, "", code, **values)
        self.faults.append(found.standing(self.lines.place(index)))

    def lose(self, code: str, index: int, **values: Value) -> _Lost:
        self.report(code, index, **values)
        return _Lost()

    # Statements

    def statement(self) -> None:
        first = self.at
        self.opened.clear()
        try:
            if not self.directive():
                self.triples()
        except _Lost:
            self.recover(first)
        except (RecursionError, ValueError):  # nested too deeply, or a character that the engine has not
            self.report("syntax-unexpected", self.peek.start, found=self.peek.text)
            self.recover(first)

    def recover(self, first: int) -> None:
        """Go to the end of the statement: behind a full stop, or to a term at the margin after an empty line."""
        self.at = max(self.at, first + 1)
        while self.peek.kind != "end" and self.last.kind != "stop":
            margin = re.search(r"\n[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*\Z", self.text[self.last.end : self.peek.start])
            if margin and self.peek.kind in ("name", "iri"):
                return
            self.at += 1

    def directive(self) -> bool:
        token = self.peek
        if token.text.lower() not in ("prefix", "@prefix", "base", "@base", "version", "@version"):
            return False
        self.at += 1
        if token.text.lower().endswith("prefix"):
            name = self.take()
            if name.kind != "name" or not name.text.endswith(":"):
                raise self.lose("syntax-prefix-line", token.start, example="PREFIX id: <https://w3id.org/sekg/id/>")
            iri = self.take()
            if iri.kind != "iri":
                self.at -= 1
                raise self.lose("syntax-prefix-line", token.start, example=_declaration(name.text[:-1]))
            self.prefixes[name.text[:-1]] = iri.text[1:-1]
        else:
            self.take()
        if token.text.startswith("@") and not self.taken("."):
            self.report("syntax-stop-missing", self.last.end, line=self.lines.place(self.last.start)[0])
        return True

    def triples(self) -> None:
        start = self.peek.start
        if self.taken("<<"):
            fact = self.quoted()
            note = Note(start, self.peek.start, asserted=False)
            fact.notes.append(note)
            self.facts.append(fact)
            if not self.taken("."):
                self.properties(None, start, note)
                self.stop()
            note.end = self.last.end
            return
        is_list = self.peek.text == "["
        self.stopped_early()
        subject = self.term(subject=True)
        if not (is_list and self.peek.kind == "stop"):
            self.properties(subject, start, None)
        self.stop()

    def stopped_early(self) -> None:
        """Report a full stop in place of a semicolon: behind it stands a property with its value, and no subject."""
        prefix = self.peek.text.partition(":")[0]
        if self.peek.kind != "name" or prefix in ("id", "source") or self.last.kind != "stop" or self.ahead() != 2:
            return
        line, _ = self.lines.place(self.last.start)
        raise self.lose("syntax-stop-early", self.last.start, line=line, property=self.peek.text)

    def stop(self) -> None:
        if not self.taken("."):
            self.between("stop")

    def quoted(self) -> Written:
        """A triple between << and >>."""
        opening = self.last
        start = self.peek.start
        subject = self.term(subject=True)
        predicate_at, predicate = self.peek.start, self.verb()
        object_at, value = self.peek.start, self.term()
        if self.taken("~") and self.peek.kind in ("name", "iri", "blank"):
            self.take()
        if not self.taken(">>"):
            raise self.lose("syntax-claim-unclosed", opening.start)
        return Written(_triple(subject, predicate, value), start, predicate_at, object_at)

    def properties(self, subject: Term | None, subject_at: int, note: Note | None) -> None:
        """Properties with their values: of a subject, or of an annotation."""
        while True:
            if self.is_close() or self.peek.kind in ("stop", "end"):
                if self.last.text != ";":
                    raise self.lose("syntax-verb", self.peek.start, found=self.peek.text or "∅")
                return
            predicate_at, predicate = self.peek.start, self.verb()
            self.objects(subject, subject_at, predicate, predicate_at, note)
            if not self.taken(";") and (self.is_close() or self.peek.kind == "stop" or not self.between("semicolon")):
                return
            while self.taken(";"):
                pass

    def is_close(self) -> bool:
        return self.peek.kind == "mark" and self.peek.text in ("|}", "]", ")", ">>", ")>>")

    def objects(
        self, subject: Term | None, subject_at: int, predicate: ox.NamedNode, predicate_at: int, note: Note | None
    ) -> None:
        while True:
            start, value = self.peek.start, self.term()
            if note is not None:
                note.values.setdefault(predicate, []).append(Given(value, predicate_at, start, self.last.end))
            fact = Written(_triple(subject, predicate, value), subject_at, predicate_at, start)
            self.annotations(fact)
            if subject is not None:
                self.facts.append(fact)
            if not self.taken(",") and not self.between("comma"):
                return

    def annotations(self, fact: Written) -> None:
        while True:
            if self.taken("~"):
                if self.peek.kind in ("name", "iri", "blank") and self.ahead() == 1:
                    self.take()
            elif self.taken("{|"):
                note = Note(self.last.start, self.peek.start)
                self.opened.append(self.last)
                self.properties(None, note.start, note)
                if not self.taken("|}"):
                    raise self.lose("syntax-evidence-unclosed", note.start)
                self.opened.pop()
                note.end = self.last.end
                fact.notes.append(note)
            else:
                return

    # What stands between values

    def ahead(self) -> int:
        """How many terms stand in a row from here: 1 for a value, 2 for a property with one, 3 for a statement."""
        count, at = 0, self.at
        while self.tokens[at].kind in TERMS and count < 3:
            count += 1
            at += 1
            while self.tokens[at].kind == "lang" or self.tokens[at - 1].text == "^^" or self.tokens[at].text == "^^":
                at += 1
        opening = self.tokens[at].text in ("<<(", "[", "(")
        return min(count + opening, 3)

    def between(self, wanted: str) -> bool:
        """What to do without the mark that ends a value: report it and go on as if it stood there (True), or not."""
        token, line = self.peek, self.lines.place(self.last.end)[0]
        if token.kind in ("stop",) or token.text in (";", ","):
            return False
        if token.kind in TERMS:
            self.misquoted()
            terms = self.ahead()
            here = "comma" if terms == 1 else "semicolon" if terms == 2 else "stop"
            if here == "comma" and wanted == "semicolon":
                return False
            if here == wanted == "semicolon" and self.lines.place(token.start)[0] == line:
                self.report("syntax-semicolon-within", self.last.end, property=token.text)
            elif here == wanted:
                self.report(MISSING[here], self.last.end, line=line)
            return here == wanted
        if token.kind == "end" and not self.opened:
            if wanted == "stop":
                self.report(MISSING[wanted], self.last.end, line=line)
            return False
        if self.is_close() and (self.opened or wanted != "stop"):
            return False
        if wanted != "stop":
            return False
        raise self.unexpected(token)

    def misquoted(self) -> None:
        """Lose the statement when a text ends too early, at a quotation mark inside it or before a typographic one."""
        token, last = self.peek, self.last
        if last.kind == "name" and last.text.startswith("id:") and token.kind == "word":
            raise self.spaced()
        if last.kind == "string" and token.kind == "word" and token.start - last.end < 2:
            self.skip_line()
            if unclosed := TAGGED.match(last.text):
                words, mark, tag = unclosed.groups()
                is_typographic = bool(mark) and "„" not in words
                code = "syntax-curly-closing" if is_typographic else "syntax-tag-inside"
                turtle = f'"{words}{"" if is_typographic else mark}"{tag}'
                raise self.lose(code, last.start, turtle=turtle)
            raise self.lose("syntax-quote-inside", last.start, words=_clip(last.text))

    def spaced(self) -> _Lost:
        """The loss of the statement at an id with a space in it."""
        first = self.last
        words = [first.text]
        while (
            self.peek.kind in ("word", "number")
            and self.peek.text != "a"
            and "\n" not in self.text[self.last.end : self.peek.start]
        ):
            words.append(self.take().text)
        meant = f"id:{hyphenated(' '.join(words).removeprefix('id:'))}"
        return self.lose("syntax-id-space", first.start, words=" ".join(words), meant=meant)

    def skip_line(self) -> None:
        line = self.lines.place(self.peek.start)[0]
        while self.peek.kind != "end" and self.lines.place(self.peek.start)[0] == line:
            self.at += 1
        self.at -= self.last.kind == "stop"

    def unexpected(self, token: Token) -> _Lost:
        """The loss of the statement with what is likely wrong."""
        if self.opened and token.kind in ("stop", "end"):
            return self.lose("syntax-evidence-unclosed", self.opened[-1].start)
        if token.text and token.text in TYPOGRAPHIC:
            self.skip_line()
            return self.lose("syntax-curly", token.start, words=token.text)
        if token.text in ('"', "'"):
            return self.unclosed_text(token)
        if token.text == "<":
            self.skip_line()
            return self.lose("syntax-address", token.start)
        if token.text in ("{", "}", "|"):
            return self.lose("syntax-brace", token.start)
        if token.kind == "end":
            return self.lose("syntax-stop-missing", self.last.end, line=self.lines.place(self.last.start)[0])
        return self.lose("syntax-unexpected", token.start, found=_clip(token.text))

    def unclosed_text(self, token: Token) -> _Lost:
        """The loss of the statement at a text without a closing quotation mark in its line."""
        rest = self.text[token.end :].partition("\n")[0]
        self.skip_line()
        if closed := re.match(f"[^{TYPOGRAPHIC}]+(?=[”“])", rest):
            return self.lose("syntax-curly-closing", token.start, turtle=f'"{_clip(closed[0])}"')
        return self.lose("syntax-text-unclosed", token.start, words=_clip(rest.strip()))

    # Terms

    def verb(self) -> ox.NamedNode:
        token = self.take()
        if token.text == "a":
            return vocab.TYPE
        if token.kind in ("name", "iri"):
            return self.iri(token)
        self.at -= 1
        if token.kind == "word" and self.last.text.startswith("id:"):
            raise self.spaced()
        if token.kind == "word":
            raise self.bare(token)
        if token.kind in ("string", "curly", "number"):
            raise self.lose("syntax-verb", token.start, found=_clip(token.text))
        raise self.unexpected(token)

    def term(self, *, subject: bool = False) -> Term:
        token = self.take()
        match token.kind:
            case "name" | "iri":
                return self.iri(token)
            case "blank":
                return ox.BlankNode()
            case "string" | "curly" | "number" | "word" if not subject:
                return self.literal(token)
            case "mark" if token.text in ("[", "(", "<<", "<<("):
                return self.nested(token)
        self.at -= token.kind != "end"
        if token.kind == "word":
            raise self.bare(token)
        if token.kind == "stop" or token.text in (";", ",", "|}", ">>", ")>>"):
            raise self.lose("syntax-value-missing", self.last.end, property=self.last.text, found=token.text)
        if token.kind in ("string", "curly", "number"):
            raise self.lose("syntax-subject", token.start, found=_clip(token.text))
        raise self.unexpected(token)

    def nested(self, token: Token) -> Term:
        """What stands in brackets."""
        if token.text == "<<(":
            subject, predicate = self.term(subject=True), self.verb()
            value = self.term()
            if not self.taken(")>>"):
                raise self.lose("syntax-unclosed", token.start, mark="<<(", closing=")>>")
            return _triple(subject, predicate, value)
        if token.text == "<<":
            self.quoted()
            return ox.BlankNode()
        closing = {"[": "]", "(": ")"}[token.text]
        node = ox.BlankNode()
        if token.text == "[" and self.peek.text != "]":
            self.properties(node, token.start, None)
        while token.text == "(" and self.peek.text != ")":
            self.term()
        if not self.taken(closing):
            raise self.lose("syntax-unclosed", token.start, mark=token.text, closing=closing)
        return node

    def literal(self, token: Token) -> ox.Literal:
        if token.kind == "word":
            if token.text not in ("true", "false"):
                self.at -= 1
                raise self.bare(token)
            return ox.Literal(token.text == "true")
        if token.kind == "number":
            return self.number(token)
        if token.kind == "curly":
            turtle = f'"{escaped(token.text[1:-1])}"'
            self.report("syntax-curly-text", token.start, words=_clip(token.text), turtle=_clip(turtle))
        length = 3 if token.text[:3] in ('"""', "'''") else 1
        words = unescaped(token.text[length:-length])
        if self.peek.kind == "lang":
            tag = self.take()
            if max(map(len, tag.text[1:].partition("--")[0].split("-"))) > LONGEST_SUBTAG:
                raise self.lose("syntax-language", tag.start)
            return ox.Literal(words, language=tag.text[1:].partition("--")[0].lower())
        if self.taken("^^"):
            kind = self.take()
            if kind.kind not in ("name", "iri"):
                self.at -= 1
                raise self.unexpected(kind)
            return ox.Literal(words, datatype=self.iri(kind))
        if self.peek.text == "@":
            raise self.lose("syntax-language", self.peek.start)
        return ox.Literal(words)

    def number(self, token: Token) -> ox.Literal:
        dashed = re.match(r"\d{4}(-\d\d){1,2}(?!\d)", self.text[token.start :])
        if dashed:
            while self.peek.start < token.start + dashed.end():
                self.at += 1
            kind = "date" if len(dashed[0]) == 10 else "gYearMonth"
            self.report("syntax-bare-date", token.start, date=dashed[0], kind=kind)
            return ox.Literal(dashed[0])
        kind = "double" if "e" in token.text.lower() else "decimal" if "." in token.text else "integer"
        return ox.Literal(token.text, datatype=ox.NamedNode(PREFIXES["xsd"] + kind))

    def iri(self, token: Token) -> ox.NamedNode:
        prefix, _, name = token.text.partition(":")
        if token.kind != "iri" and prefix not in self.prefixes:
            self.undeclared(prefix, token)
        address = token.text[1:-1] if token.kind == "iri" else self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", name)
        try:
            return ox.NamedNode(unescaped(address))
        except ValueError as error:
            raise self.lose("syntax-address", token.start) from error

    def undeclared(self, prefix: str, token: Token) -> None:
        """Report a prefix once, and go on as if it were declared."""
        if prefix in PREFIXES:
            self.report("syntax-prefix-undeclared", token.start, prefix=prefix, line=_declaration(prefix))
        elif near := nearest(prefix, [*self.prefixes, *PREFIXES]) or _begun(prefix):
            meant = f"{near}:{token.text.partition(':')[2]}"
            self.report("syntax-prefix-near", token.start, prefix=prefix, meant=meant)
        else:
            word = token.text.partition(":")[2]
            self.report("syntax-prefix-unknown", token.start, prefix=prefix, word=word)
        self.prefixes[prefix] = PREFIXES.get(prefix, f"urn:{prefix or 'none'}:")

    def bare(self, token: Token) -> _Lost:
        """The loss of the statement at a word without prefix and quotation marks."""
        near = nearest(token.text, self.known_names)
        if near:
            return self.lose("syntax-bare-near", token.start, word=token.text, near=near)
        thing = f"id:{hyphenated(token.text)}"
        return self.lose("syntax-bare", token.start, word=token.text, thing=thing)

    @cached_property
    def known_names(self) -> Mapping[str, str]:
        """The names with a prefix in this text, by what stands behind the prefix."""
        return {name.text.partition(":")[2]: name.text for name in self.tokens if name.kind == "name"}


def _triple(subject: Term | None, predicate: ox.NamedNode, value: Term) -> ox.Triple:
    return ox.Triple(subject or ox.BlankNode(), predicate, value)  # type: ignore[arg-type]


def _begun(prefix: str) -> str | None:
    """The longest known prefix with which an unknown one begins.

    >>> _begun("sekg"), _begun("forma")
    ('se', None)
    """
    return max((name for name in PREFIXES if prefix.startswith(name)), key=len, default=None)


def _declaration(prefix: str) -> str:
    return f"PREFIX {prefix}: <{PREFIXES.get(prefix, 'https://…')}>"


def _clip(words: str) -> str:
    return words if len(words) <= 40 else f"{words[:39]}…"
