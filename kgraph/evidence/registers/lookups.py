"""Look-ups that descriptions of registers may name: labels, identities, kinds, states, places."""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from kgraph.base.text import fold
from kgraph.base.vocab import PREFIXES, term
from kgraph.evidence.registers import localities, names, values
from kgraph.evidence.registers.engine import Lookup, OfMany, Phrase
from kgraph.evidence.registers.territory import MIXED, Territory, is_city, place, unit_code
from kgraph.evidence.turtle import parse
from kgraph.rdf.terms import iris_of

FORMS = {
    "stowarzyszenie": "association",
    "stowarzyszenie kultury fizycznej": "association",
    "stowarzyszenia": "association",
    "fundacja": "foundation",
    "fundacje": "foundation",
    "spoldzielnia": "cooperative",
    "spoldzielnie": "cooperative",
    "spoldzielnia socjalna": "social-cooperative",
    "spolka z ograniczona odpowiedzialnoscia": "company",
    "spolki z ograniczona odpowiedzialnoscia": "company",
    "spolki akcyjne": "company",
}
"""Legal forms as KRS and, in the plural, REGON write them, folded, with the concepts of `kind:legal-form`."""

UNITS_OF_AID = {
    "centrum integracji spolecznej": "cis",
    "klub integracji spolecznej": "kis",
    "zaklad aktywnosci zawodowej": "zaz",
    "warsztat terapii zajeciowej": "wtz",
}
"""Kinds of units as RJPS writes them, folded, with the concepts of `kind:functional-kind`."""

ENTERPRISE = "przedsiebiorstwo spoleczne"
"""The kind of unit by which RJPS lists social enterprises, folded."""

COURT_REGISTERS = ("rejestr przedsiebiorcow", "rejestr stowarzyszen")
"""How the names of the two registers of KRS begin, folded."""

IDENTIFIER = PREFIXES["id"] + "terc-"


Rows = Iterable[Mapping[str, str]]
"""The rows of a register by the titles of its columns."""


def lookups(places: Path, terc: Rows, simc: Rows = ()) -> Mapping[str, Lookup]:
    """The look-ups by name, with the places of a gazetteer, the rows of TERC and those of SIMC."""
    known, units = _coded(places), Territory(terc)
    return {
        **_names(),
        **_phrases("krs_label", "numer KRS {}", "KRS number {}"),
        "wound_up": lambda opened: "in-liquidation" if opened else None,
        "legal_form": lambda form: FORMS.get(fold(form or "")),
        "regon": lambda number: number and number.removesuffix("00000") if len(number or "") == 14 else number,
        "opp_number": lambda holds, krs: krs if holds == "true" else None,
        **_phrases("regon_label", "REGON {}", "REGON {}"),
        **_phrases("nip_label", "NIP {}", "NIP {}"),
        **_phrases("opp_label", "status OPP: {}", "public benefit status: {}", of="label"),
        "territory": _territory(known, units),
        **_units(known),
        **localities.lookups(known),
        **_phrases("simc_label", "kod SIMC {}", "SIMC code {}"),
        "unit_of_symbols": _of_symbols(known, units),
        "unit_of_code": lambda code: place(code, known) if code in units.codes else None,
        "voivodeship": lambda name: _located(known, units, name),
        "town_alone": localities.town_alone(simc, known),
        **_identities(),
        **_values(),
        **_units_of_aid(),
        **_projects(known, units),
    }


def _identities() -> dict[str, Lookup]:
    """Look-ups of what a row speaks of."""

    def of_court_register(number: str | None, register: str | None) -> str | None:
        is_krs = number and len(number) == 10 and number.isdecimal()
        return number if is_krs and fold(register or "").startswith(COURT_REGISTERS) else None

    def organisation(krs: str | None, regon: str | None) -> str | None:
        return f"{PREFIXES['id']}org-{f'krs-{krs}' if krs else f'regon-{regon}'}" if krs or regon else None

    return {
        "krs_of": of_court_register,
        "organisation_iri": organisation,
        "key_of": values.key,
        "krs_digits": values.krs,
        "nip_digits": values.nip_number,
        "regon_digits": values.regon_number,
        "if_known": lambda number, known: number if known else None,
    }


def _values() -> dict[str, Lookup]:
    """Look-ups of single values, and of several on one line."""

    def in_one_line(first: str | None, second: str | None) -> str | None:
        return ", ".join(filter(None, (first, second))) or None

    def not_active(ended: str | None, suspended: str | None, resumed: str | None, name: str | None) -> str | None:
        if ended:
            return "struck-off"
        is_suspended = (values.day(suspended) or "") > (values.day(resumed) or "")
        return "suspended" if is_suspended else _states((name or "",))[0]

    return {
        "iso_day": values.day,
        "money": values.amount,
        "email_address": values.email,
        "phone_number": values.phone,
        "web_address": values.web,
        "one_line": in_one_line,
        "not_active": not_active,
    }


def _units_of_aid() -> dict[str, Lookup]:
    """Look-ups of the cards of RJPS."""

    def is_enterprise(kind: str | None) -> bool:
        return fold(kind or "") == ENTERPRISE

    def kind_of(kind: str | None) -> str | None:
        return UNITS_OF_AID.get(fold(kind or ""))

    def class_of(kind: str | None) -> str:
        return term("se:SocialEconomyEntity" if is_enterprise(kind) or kind_of(kind) else "org:Organization").value

    return {
        "functional_kind": kind_of,
        "entity_class": class_of,
        "enterprise": lambda kind, number: number if is_enterprise(kind) else None,
        "town_of": values.town,
        **_phrases("rjps_label", "numer RJPS {}", "RJPS number {}"),
        **_phrases(
            "enterprise_label", "status przedsiębiorstwa społecznego: {}", "social enterprise status: {}", of="label"
        ),
        **_phrases("owes_label", "akredytacja: {}", "accreditation: {}", of="label"),
        **_phrases("founding_label", "powstanie: {}", "founding: {}", of="label"),
        **_phrases("ending_label", "wykreślenie z REGON: {}", "deletion from REGON: {}", of="label"),
    }


def _projects(known: Mapping[str, str], units: Territory) -> dict[str, Lookup]:
    """Look-ups of lists of projects."""

    def place_of(text: str | None) -> str | None:
        found = values.one_place(text)
        return _located(known, units, *found) if found else None

    def currency(program: str | None) -> str:
        return "EUR" if fold(program or "").startswith(ABROAD) else "PLN"

    return {"project_place": place_of, "currency_of": currency}


ABROAD = ("interreg", "program wspolpracy", "europejska wspolpraca terytorialna")
"""How the names of programmes begin whose amounts are in euros in the list of 2014–2020, folded."""


def _located(known: Mapping[str, str], units: Territory, *names: str | None) -> str | None:
    """The IRI of the smallest certain unit for names: that of the gazetteer, or one made of its code."""
    unit = units.locate(*(name or "" for name in names))
    return place(unit.code, known) if unit else None


def _of_symbols(known: Mapping[str, str], units: Territory) -> Lookup:
    """The unit of the symbols of REGON, whose symbol of a gmina ends with its type; None for one that TERC has not."""

    def found(woj: str | None, powiat: str | None, gmina: str | None) -> str | None:
        code = unit_code(woj, powiat, gmina, None)
        return place(code, known) if code in units.codes else None

    return found


def _phrases(name: str, polish: str, english: str, of: str = "") -> dict[str, Lookup]:
    """Labels in both languages that hold a value, or the result of another look-up."""
    return {name: Phrase(polish, of), f"{name}_en": Phrase(english, of)}


def _units(known: Mapping[str, str]) -> dict[str, Lookup]:
    """Look-ups of the rows of TERC, from their four codes."""

    def iri(code: str) -> str:
        return place(code, known)

    def unit(woj: str, powiat: str | None, gmina: str | None, kind: str | None) -> str:
        return iri(unit_code(woj, powiat, gmina, kind))

    def above(woj: str, powiat: str | None, gmina: str | None, kind: str | None) -> str | None:
        code = unit_code(woj, powiat, gmina, kind)
        if is_city(code) and len(code) == 7 and kind == "1":
            return None
        if kind in PARTS:
            return iri(code[:6] + MIXED)
        return iri(code[: ABOVE[len(code)]]) if len(code) in ABOVE else f"{PREFIXES['id']}poland"

    return {
        "code": unit_code,
        "unit": unit,
        "unit_above": above,
        "unit_level": level,
        "unit_label": partial(unit_label, "pl"),
        "unit_label_en": partial(unit_label, "en"),
        **_phrases("code_label", "kod TERC {}", "TERC code {}"),
    }


ABOVE = {7: 4, 4: 2}
"""The digits of a code by those of the code below it."""


PARTS = ("4", "5")
"""The types of the town and of the rural area of an urban-rural gmina."""


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


def _names() -> dict[str, Lookup]:
    """Look-ups of names."""
    return {"label": OfMany(names.labels), "spelling": OfMany(_spellings), "state": OfMany(_states)}


def _spellings(given: tuple[str, ...]) -> list[str | None]:
    """The names in one line where their labels differ."""
    both = zip(given, names.labels(given), names.in_one_line(given), strict=True)
    return [line if label != name else None for name, label, line in both]


def _states(given: tuple[str, ...]) -> list[str | None]:
    return ["in-liquidation" if ended else None for ended in names.in_liquidation(given)]


def _territory(known: Mapping[str, str], units: Territory) -> Lookup:
    def found(voivodeship: str | None, powiat: str | None, gmina: str | None, town: str | None) -> str | None:
        return _located(known, units, voivodeship, powiat, gmina, town)

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
