"""Look-ups that descriptions of registers may name: labels, states, places."""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from kgraph.base.text import fold
from kgraph.base.vocab import PREFIXES, term
from kgraph.evidence.registers import names
from kgraph.evidence.registers.engine import Lookup, Phrase
from kgraph.evidence.registers.territory import Territory, is_city
from kgraph.evidence.turtle import parse
from kgraph.rdf.terms import iris_of

FORMS = {
    "stowarzyszenie": "association",
    "stowarzyszenie kultury fizycznej": "association",
    "fundacja": "foundation",
    "spoldzielnia": "cooperative",
    "spoldzielnia socjalna": "social-cooperative",
    "spolka z ograniczona odpowiedzialnoscia": "company",
}
"""Legal forms as KRS writes them, folded, with the concepts of `kind:legal-form`."""

IDENTIFIER = PREFIXES["id"] + "terc-"


def lookups(places: Path, terc: Iterable[Mapping[str, str]]) -> Mapping[str, Lookup]:
    """The look-ups by name, with the places of a gazetteer and the rows of TERC."""
    known = _coded(places)
    return {
        "label": _label,
        "spelling": _spelling,
        "state": _state,
        **_phrases("krs_label", "numer KRS {}", "KRS number {}"),
        "wound_up": lambda opened: "in-liquidation" if opened else None,
        "legal_form": lambda form: FORMS.get(fold(form or "")),
        "regon": lambda number: number and number.removesuffix("00000") if len(number or "") == 14 else number,
        "opp_number": lambda holds, krs: krs if holds == "true" else None,
        **_phrases("regon_label", "REGON {}", "REGON {}"),
        **_phrases("nip_label", "NIP {}", "NIP {}"),
        **_phrases("opp_label", "status OPP: {}", "public benefit status: {}", of="label"),
        "territory": _territory(known, terc),
        **_units(known),
    }


def _phrases(name: str, polish: str, english: str, of: str = "") -> dict[str, Lookup]:
    """Labels in both languages that hold a value, or the result of another look-up."""
    return {name: Phrase(polish, of), f"{name}_en": Phrase(english, of)}


def _units(known: Mapping[str, str]) -> dict[str, Lookup]:
    """Look-ups of the rows of TERC, from their four codes."""

    def iri(code: str) -> str:
        return place(code, known)

    def unit(woj: str, powiat: str | None, gmina: str | None, kind: str | None) -> str:
        return iri(_code(woj, powiat, gmina, kind))

    def above(woj: str, powiat: str | None, gmina: str | None, kind: str | None) -> str | None:
        code = _code(woj, powiat, gmina, kind)
        if is_city(code) and len(code) == 7 and kind == "1":
            return None
        return iri(code[: ABOVE[len(code)]]) if len(code) in ABOVE else f"{PREFIXES['id']}poland"

    return {
        "code": _code,
        "unit": unit,
        "unit_above": above,
        "unit_level": level,
        "unit_label": partial(unit_label, "pl"),
        "unit_label_en": partial(unit_label, "en"),
        **_phrases("code_label", "kod TERC {}", "TERC code {}"),
    }


def place(code: str, known: Mapping[str, str]) -> str:
    """The IRI of a unit; a city with the rights of a powiat and its gmina are one place."""
    one = code[:4] if is_city(code) and code[6:] in ("", "1") else code
    return known.get(code) or known.get(one) or f"{PREFIXES['id']}teryt-{one}"


ABOVE = {7: 4, 4: 2}
"""The digits of a code by those of the code below it."""


def _code(woj: str, powiat: str | None, gmina: str | None, kind: str | None) -> str:
    return "".join(filter(None, (woj, powiat, gmina, kind)))


LEVELS = {
    "województwo": "voivodeship",
    "powiat": "powiat",
    "miasto na prawach powiatu": "city-with-powiat-rights",
    "miasto stołeczne, na prawach powiatu": "city-with-powiat-rights",
}
TYPES = {
    "1": "urban-gmina",
    "2": "rural-gmina",
    "3": "urban-rural-gmina",
    "4": "town-of-gmina",
    "5": "rural-area-of-gmina",
}


def level(rodz: str | None, note: str | None, powiat: str | None) -> str | None:
    """The level of a unit, by the type of a gmina (1 to 9) or the words of TERC; None for the gmina of a city."""
    if rodz == "1" and powiat and is_city(f"00{powiat}"):
        return None
    return TYPES.get(rodz, "district") if rodz else LEVELS.get(note or "")


def unit_label(lang: str, kind: str | None, name: str, note: str) -> str:
    """The name of a unit with its kind, as people call it."""
    kind = level(kind, note, None)
    if kind == "voivodeship":
        return f"województwo {name.lower()}" if lang == "pl" else f"{name.capitalize()} Voivodeship"
    if kind == "rural-area-of-gmina":
        return f"{name} (obszar wiejski)" if lang == "pl" else f"{name} (rural area)"
    return (
        f"{'powiat' if kind == 'powiat' else 'gmina'} {name}"
        if kind in ("powiat", "rural-gmina", "urban-rural-gmina")
        else name
    )


def _label(name: str | None) -> str | None:
    return names.label(name) if name else None


def _spelling(name: str | None) -> str | None:
    """The name in one line where its label differs."""
    return " ".join(name.split()) if name and names.label(name) != name else None


def _state(name: str | None) -> str | None:
    return "in-liquidation" if name and names.is_in_liquidation(name) else None


def _territory(known: Mapping[str, str], terc: Iterable[Mapping[str, str]]) -> Lookup:
    """The IRI of a unit: that of the gazetteer, or one made of its code."""
    units = Territory(terc)

    def found(voivodeship: str | None, powiat: str | None, gmina: str | None, town: str | None) -> str | None:
        unit = units.locate(voivodeship or "", powiat or "", gmina or "", town or "")
        return place(unit.code, known) if unit else None

    return found


def _coded(places: Path) -> dict[str, str]:
    """The places of a gazetteer by their codes of TERC."""
    quads = (quad for quad in parse(places) if quad.predicate == term("adms:identifier"))
    named = ((quad.subject, quad.object) for quad in quads if iris_of([quad.subject, quad.object]))
    return {
        str(code)[1:-1].removeprefix(IDENTIFIER): str(place)[1:-1]
        for place, code in named
        if str(code)[1:-1].startswith(IDENTIFIER)
    }
