"""What is wrong with the evidence in a source file, in two languages."""

from collections.abc import Iterator

from kgraph.sources.claims import Evidence, Text

LONGEST_QUOTE = 60
"""Characters quoted in a row; longer passages give their first and last words with `se:abridged`."""

ELLIPSIS = "…"

FAULTS = {
    "pl": {
        "no source": "nie wiadomo, na którym źródle z tego pliku się opiera: dodaj prov:wasDerivedFrom",
        "asserted": "jest stwierdzone, więc nie może mieć innego statusu: zapisz je między << a >>",
        "not asserted": "nie jest stwierdzone, więc potrzebuje jednego se:status, innego niż status:stated",
        "blank": "ma węzeł bez nazwy: nadaj mu IRI",
        "no head": "plik nie opisuje żadnego źródła: dodaj nagłówek (se:Source z tytułem, wydawcą i skrótem tekstu)",
        "no hash": "nie ma se:textSHA256: dodaj go, a gdy tekstu nie ma pod ręką, se:textUnavailable true",
        "no length": "nie ma se:textLength (długości tekstu w znakach)",
        "no evidence": "nie ma dowodu: dodaj {{| oa:start … |}} albo, gdy miejsca nie znamy, ~",
        "not evidence": "ma w dowodzie {0}, a to tam nie należy",
        "half": "potrzebuje i oa:start, i oa:end, jako liczb całkowitych",
        "nothing counted": "ma pozycje [{0}, {1}), a źródło nie ma se:textSHA256, w którym by je liczyć",
        "empty": "ma pozycje [{0}, {1}), między którymi nie ma znaku; oa:end to pierwszy znak za słowami",
        "beyond": "ma pozycje [{0}, {1}) poza tekstem, który ma {2} znaków",
        "no words": "nie cytuje słów: dodaj oa:exact, a dla dłuższego fragmentu se:abridged",
        "other length": "cytuje {0} znaków „{1}” z {2} znaków tekstu",
        "long": "cytuje więcej niż {0} znaków: podaj pierwsze i ostatnie słowa w se:abridged",
        "not abridged": "skraca bez jednego {0} między pierwszymi a ostatnimi słowami",
    },
    "en": {
        "no source": "does not say which source of this file it rests on; add prov:wasDerivedFrom",
        "asserted": "is asserted, so it cannot have another status; write it between << and >>",
        "not asserted": "is not asserted, so it needs one se:status other than status:stated",
        "blank": "has a blank node; give it an IRI",
        "no head": "describes no source; add its head (a se:Source with title, publisher and the text's hash)",
        "no hash": "has no se:textSHA256; add it, or se:textUnavailable true when the text is not at hand",
        "no length": "has no se:textLength (the text's length in characters)",
        "no evidence": "has no evidence; add {{| oa:start … |}} or, where the place is not known, ~",
        "not evidence": "has {0} in its evidence, which is not known there",
        "half": "needs both oa:start and oa:end, as whole numbers",
        "nothing counted": "has offsets [{0}, {1}), but its source has no se:textSHA256 to count them in",
        "empty": "has offsets [{0}, {1}), which hold no character; oa:end is the first character after the words",
        "beyond": "has offsets [{0}, {1}) beyond the text, which has {2} characters",
        "no words": "quotes no words; add oa:exact, or se:abridged for a long passage",
        "other length": "quotes {0} characters “{1}” for {2} characters of text",
        "long": "quotes more than {0} characters; give the first and last words with se:abridged",
        "not abridged": "abridges without one {0} between the first and the last words",
    },
}

Fault = tuple[str, *tuple[object, ...]]
"""The key of a message, and the values in it."""


def faults(place: Evidence, text: Text) -> Iterator[Fault]:
    """What is wrong with a place in a text, as far as the head of the source tells."""
    if place.start is None and place.end is None and text.unavailable:
        yield from _quote_faults(place)
    elif place.start is None or place.end is None:
        yield ("half",)
    else:
        yield from _offset_faults(place.start, place.end, text)
        yield from _quote_faults(place, place.end - place.start if place.holds_characters() else None)


def _offset_faults(start: int, end: int, text: Text) -> Iterator[Fault]:
    if text.sha256 is None:
        yield "nothing counted", start, end
    if start >= end:
        yield "empty", start, end
    if text.length is not None and end > text.length:
        yield "beyond", start, end, text.length


def _quote_faults(place: Evidence, length: int | None = None) -> Iterator[Fault]:
    if place.exact is None and place.abridged is None:
        yield ("no words",)
    if place.exact is not None and length is not None and len(place.exact) != length:
        yield "other length", len(place.exact), place.exact, length
    if place.exact is not None and len(place.exact) > LONGEST_QUOTE:
        yield "long", LONGEST_QUOTE
    if place.abridged is not None and place.abridged.count(ELLIPSIS) != 1:
        yield "not abridged", ELLIPSIS
