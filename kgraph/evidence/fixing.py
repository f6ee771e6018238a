"""Offsets written into source files, where the quoted words stand; all else in the file stays as it is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from kgraph.base import vocab
from kgraph.base.problems import Problem
from kgraph.base.vocab import PREFIXES
from kgraph.evidence import finding, syntax
from kgraph.evidence.finding import Quote, Span
from kgraph.evidence.quotes import placing
from kgraph.evidence.syntax import Given, Note, Written
from kgraph.evidence.tokens import escaped
from kgraph.rdf.sparql_text import spliced
from kgraph.rdf.terms import said


@dataclass(frozen=True)
class Fixed:
    """A source file with its offsets, how many quotes got some, and the quotes that could not get any."""

    text: str
    quotes: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Edit:
    """New Turtle for a span of the file."""

    start: int
    end: int
    turtle: str


def fixed(turtle: str, file: str, texts: Mapping[str, str]) -> Fixed:
    """A source file with the offsets of all quotes whose text is among `texts`, by the hash in the head of a source."""
    parser = syntax.Parser(turtle)
    if parser.faults:
        return Fixed(turtle, 0, ())
    at_hand = _texts(parser.facts, texts)
    edits: list[_Edit] = []
    problems: list[Problem] = []
    writer = _Writer(turtle, parser.prefixes)
    for facts in _by_triple(parser.facts):
        for fact, note, quote, text in _unplaced(facts, at_hand):
            spans, wrong = _chosen(note, facts, quote, text)
            if wrong:
                place = parser.lines.place(note.start)
                problems.append(replace(wrong, file=file, node=said(fact.triple)).standing(place))
            else:
                edits.append(writer.edit(note, spans, text))
    return Fixed(_edited(turtle, edits), len(edits), tuple(problems))


def _texts(facts: Iterable[Written], texts: Mapping[str, str]) -> dict[str, str]:
    """The texts at hand by the sources of the file."""
    hashes = (fact.triple for fact in facts if fact.triple.predicate == vocab.term("se:textSHA256"))
    found = {str(triple.subject): texts.get(triple.object.value, "") for triple in hashes}  # type: ignore[union-attr]
    return {source: text for source, text in found.items() if text}


def _by_triple(facts: Iterable[Written]) -> list[list[Written]]:
    found: dict[str, list[Written]] = defaultdict(list)
    for fact in facts:
        found[str(fact.triple)].append(fact)
    return list(found.values())


def _unplaced(facts: Iterable[Written], at_hand: Mapping[str, str]) -> Iterator[tuple[Written, Note, Quote, str]]:
    """The annotations of a fact whose words do not stand at their offsets, each with its text."""
    for fact in facts:
        for note in fact.notes:
            text = _text_of(note, at_hand)
            quote = quote_of(note)
            if text and quote and not _is_placed(note, quote, text):
                yield fact, note, quote, text


def _text_of(note: Note, at_hand: Mapping[str, str]) -> str | None:
    named = note.value(vocab.DERIVED_FROM)
    if named:
        return at_hand.get(f"<{named}>")
    return next(iter(at_hand.values())) if len(at_hand) == 1 else None


def quote_of(note: Note) -> Quote | None:
    """The quote of an annotation; None without words."""
    exact, abridged = note.value(vocab.EXACT), note.value(vocab.ABRIDGED)
    number = note.value(vocab.OCCURRENCE)
    return (
        Quote(
            exact or abridged or "",
            exact is None,
            note.value(vocab.PREFIX) or "",
            note.value(vocab.SUFFIX) or "",
            int(number) if number and number.isdecimal() else None,
        )
        if exact or abridged
        else None
    )


def _offsets(note: Note) -> Span | None:
    start, end = note.value(vocab.START), note.value(vocab.END)
    return (int(start), int(end)) if start and end and start.isdecimal() and end.isdecimal() else None


def _is_placed(note: Note, quote: Quote, text: str) -> bool:
    span = _offsets(note)
    return span is not None and span[0] < span[1] and quote.is_of(text[slice(*span)])


def _chosen(note: Note, facts: Iterable[Written], quote: Quote, text: str) -> tuple[list[Span], Problem | None]:
    """The places that an annotation gets, or why it gets none; annotations with the same words share them out."""
    alike = [each for fact in facts for each in fact.notes if quote_of(each) == quote]
    waiting = sorted((each for each in alike if not _is_placed(each, quote, text)), key=lambda each: each.start)
    taken = {_offsets(each) for each in alike if each not in waiting}
    spans, wrong = placing(quote, text)
    free = [span for span in spans or finding.places(quote, text).spans if span not in taken]
    if wrong and not 1 < len(waiting) == len(free):
        return [], wrong
    free = free or spans[:1]
    if len(waiting) > 1 or _offsets(note):
        return [free[min(waiting.index(note), len(free) - 1)]], None
    return free, None


def _edited(turtle: str, edits: Iterable[_Edit]) -> str:
    return spliced(turtle, sorted((edit.start, edit.end, edit.turtle) for edit in edits))


class _Writer:
    """Annotations with new offsets, in the words of the file."""

    def __init__(self, turtle: str, prefixes: Mapping[str, str]) -> None:
        self.turtle = turtle
        self.oa = next((f"{name}:" for name, iri in prefixes.items() if iri == PREFIXES["oa"]), "")

    def name(self, local: str) -> str:
        return f"{self.oa}{local}" if self.oa else f"<{PREFIXES['oa']}{local}>"

    def edit(self, note: Note, spans: Iterable[Span], text: str) -> _Edit:
        """The annotation once for each place."""
        start = self.turtle.rfind("\n", 0, note.start) + 1
        margin = self.turtle[start : note.start]
        between = f"\n{margin}" if not margin.strip() else " "
        return _Edit(note.start, note.end, between.join(map(partial(self.placed, note, text), spans)))

    def placed(self, note: Note, text: str, span: Span) -> str:
        """The annotation with the offsets of a place, and with the words of the text when they only look alike."""
        edits = [*self.offsets(note, span), *self.words(note, text, span)]
        moved = (replace(each, start=each.start - note.start, end=each.end - note.start) for each in edits)
        return _edited(self.turtle[note.start : note.end], moved)

    def offsets(self, note: Note, span: Span) -> Iterator[_Edit]:
        start, end = (f"{self.name(name)} {at}" for name, at in zip(("start", "end"), span, strict=True))
        old = [note.given(vocab.START), note.given(vocab.END)]
        numbered = note.given(vocab.OCCURRENCE)
        for given, value in zip(old, span, strict=True):
            if given:
                yield _Edit(given.start, given.end, str(value))
        missing = " ; ".join(part for part, given in zip((start, end), old, strict=True) if not given)
        if numbered:
            yield _Edit(numbered.property_at, numbered.end, missing or f"{self.name('start')} {span[0]}")
        elif missing:
            words = note.given(vocab.EXACT) or note.given(vocab.ABRIDGED)
            assert words is not None
            yield _Edit(words.property_at, words.property_at, f"{missing} ; ")

    def words(self, note: Note, text: str, span: Span) -> Iterator[_Edit]:
        quote, given = quote_of(note), note.given(vocab.EXACT) or note.given(vocab.ABRIDGED)
        assert quote is not None and isinstance(given, Given)
        there = text[slice(*span)]
        if quote.is_of(there):
            return
        if quote.abridged:
            [(_, end), *_], (*_, (begin, _)) = (finding.places(Quote(part), there).spans for part in quote.ends())
            there = f"{there[:end]} {finding.ELLIPSIS} {there[begin:]}"
        yield _Edit(given.start, given.end, f'"{escaped(there)}"')
