"""Whether the words that sources are quoted with stand in their texts."""

import hashlib
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kgraph.errors import Problem
from kgraph.rdf.terms import said
from kgraph.sources.claims import Evidence, SourceFile
from kgraph.sources.faults import ELLIPSIS, LONGEST_QUOTE

TEXT_MESSAGES = {
    "pl": {
        "nobody": "żadne źródło nie ma tekstu o tym skrócie SHA-256: usuń plik albo popraw se:textSHA256 na {0}",
        "length": "podaje se:textLength {0}, a tekst ma {1} znaków: popraw liczbę",
        "quote": "cytuje „{0}”, a w tekście jest tam „{1}”",
    },
    "en": {
        "nobody": "no source has a text with this SHA-256; take the file away or correct se:textSHA256 to {0}",
        "length": "says se:textLength {0}, the text has {1} characters; correct the number",
        "quote": "quotes “{0}”, the text has “{1}”",
    },
}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def check_text(files: Iterable[SourceFile], name: str, text: str, lang: str = "en") -> list[Problem]:
    """What a text, by its file's name, shows to be wrong: the places and lengths of the sources that have its hash.

    Places in other texts are not looked at; a text that no source has is a problem itself.
    """
    owned = [(file, sources) for file in files if (sources := _sources_of(file, text))]
    if not owned:
        return [Problem(name, "", TEXT_MESSAGES[lang]["nobody"].format(sha256(text)))]
    return sorted({problem for file, sources in owned for problem in _misquoted(file, sources, text, lang)})


def _sources_of(file: SourceFile, text: str) -> set[ox.NamedNode]:
    return {source for source, about in file.sources.items() if about.sha256 == sha256(text)}


def _misquoted(file: SourceFile, sources: set[ox.NamedNode], text: str, lang: str) -> Iterator[Problem]:
    messages = TEXT_MESSAGES[lang]
    for source in sources:
        length = file.sources[source].length
        if length not in (None, len(text)):
            yield Problem(file.name, said(source), messages["length"].format(length, len(text)))
    for claim in file.claims:
        for place in claim.evidence if claim.source in sources else ():
            words = text[place.start : place.end]
            if place.holds_characters() and not _quotes(place, words):
                quoted = place.exact or place.abridged
                yield Problem(file.name, said(claim.triple), messages["quote"].format(quoted, _clip(words)))


def _clip(words: str) -> str:
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1] + ELLIPSIS


def _quotes(place: Evidence, words: str) -> bool:
    if place.exact is not None:
        return words == place.exact
    first, _, last = (place.abridged or "").partition(ELLIPSIS)
    return words.startswith(first.strip()) and words.endswith(last.strip()) and bool(words)
