"""Whether the words that sources are quoted with stand in their texts."""

import hashlib
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kgraph.base.problems import Problem, problem
from kgraph.rdf.terms import said
from kgraph.sources.claims import Evidence, SourceFile
from kgraph.sources.faults import ELLIPSIS, LONGEST_QUOTE


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def check_text(files: Iterable[SourceFile], name: str, text: str) -> list[Problem]:
    """What a text, by its file's name, shows to be wrong: the places and lengths of the sources that have its hash.

    Places in other texts are not looked at; a text that no source has is a problem itself.
    """
    owned = [(file, sources) for file in files if (sources := _sources_of(file, text))]
    if not owned:
        return [problem(name, "", "text-of-nobody", sha256=sha256(text))]
    return sorted({wrong for file, sources in owned for wrong in _misquoted(file, sources, text)})


def _sources_of(file: SourceFile, text: str) -> set[ox.NamedNode]:
    return {source for source, about in file.sources.items() if about.sha256 == sha256(text)}


def _misquoted(file: SourceFile, sources: set[ox.NamedNode], text: str) -> Iterator[Problem]:
    for source in sources:
        length = file.sources[source].length
        if length is not None and length != len(text):
            yield problem(file.name, said(source), "text-length", said=length, length=len(text))
    for claim in file.claims:
        for place in claim.evidence if claim.source in sources else ():
            words = text[place.start : place.end]
            if place.holds_characters() and not _quotes(place, words):
                quoted = place.exact or place.abridged or ""
                yield problem(file.name, said(claim.triple), "misquoted", quoted=quoted, words=_clip(words))


def _clip(words: str) -> str:
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1] + ELLIPSIS


def _quotes(place: Evidence, words: str) -> bool:
    if place.exact is not None:
        return words == place.exact
    first, _, last = (place.abridged or "").partition(ELLIPSIS)
    return words.startswith(first.strip()) and words.endswith(last.strip()) and bool(words)
