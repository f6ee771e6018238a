"""A description of a curator's own table, proposed from its headings and values, to be edited before it is used."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kgraph.base.text import fold, hyphenated
from kgraph.base.words import text
from kgraph.evidence.registers import names, values
from kgraph.evidence.registers.readers import Sample
from kgraph.evidence.registers.territory import Territory, plain

Fits = Callable[[str], object]

LISTS: Mapping[str, str] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))

WORDS = {kind: words for kind, words in LISTS.items() if kind != "voivodeships"}
"""The folded words of headings that speak for each kind of column."""

CERTAIN, LIKELY = 0.9, 0.5
"""The share of values that must fit a kind: alone, and with a heading that speaks for it."""

FEWEST = 3
"""The fewest values that speak for a kind without its heading."""

NULLS = ("-", "--", "---", "-----", "brak", "n/d", "nd.", "nie dotyczy", "null", "none")
"""Values that stand for none, folded."""

Column = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """What a column was found to be: its name in the description, its kind, and how many of its values fit."""

    at: int
    title: str
    name: str
    kind: str
    fitting: int
    values: tuple[str, ...]
    is_titled: bool
    is_complete: bool

    def why(self, lang: str) -> str:
        """Why, in words."""
        kind = text(lang, f"registers.kinds.{self.kind or 'other'}")
        if not self.kind:
            return kind
        fit = text(lang, "registers.describe.fit", n=self.fitting, of=len(self.values))
        return f"{kind}: {fit}{text(lang, 'registers.describe.titled') if self.is_titled else ''}"

    @property
    def is_key(self) -> bool:
        """Whether each row has another value."""
        return self.is_complete and len(set(self.values)) == len(self.values) > 0


@dataclass(frozen=True)
class Proposal:
    """Metadata to be edited, what each column was found to be, and the title of the one that tells rows apart."""

    metadata: dict[str, Any]
    findings: tuple[Finding, ...]
    key: str


def proposed(sample: Sample, file: Path, territory: Territory | None, lang: str) -> Proposal:
    """A description of a table, from its headings and the rows of a sample; `territory` are the units of TERC.

    The register is called by the file to which the description is to be written.
    """
    name = hyphenated(file.stem)
    found = tuple(_findings(sample, _kinds(territory)))
    key = _key(found)
    columns = list(_columns(found, key, name, lang))
    title = {lang_: text(lang_, "registers.describe.title", name=name) for lang_ in ("pl", "en")}
    metadata: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"se": "https://w3id.org/sekg/ns#", "@language": "pl"}],
        "url": sample.file,
        "dc:title": [{"@language": lang_, "@value": words} for lang_, words in title.items()],
        "dc:publisher": text(lang, "registers.describe.publisher"),
        "dialect": {"delimiter": sample.delimiter, "encoding": sample.encoding},
        "null": ["", *_nulls(sample)],
        **({"se:sheet": sample.sheet} if sample.sheet else {}),
        "tableSchema": {
            "aboutUrl": _about(key, name),
            "primaryKey": key.name if key else "unknown",
            **({} if key else _note({}, text(lang, "registers.describe.noKey"))),
            "columns": columns,
        },
    }
    return Proposal(metadata, found, key.title if key else "")


def _nulls(sample: Sample) -> list[str]:
    cells = {cell.strip() for row in sample.rows for cell in row}
    return sorted(cell for cell in cells if fold(cell) in NULLS)


def _kinds(territory: Territory | None) -> Mapping[str, Fits]:
    """The test of a value for each kind, those that are surest first."""
    known = _units(territory) if territory else {}
    return {
        "nip": values.nip_number,
        "regon": values.regon_number,
        "krs": re.compile(r"000\d{7}").fullmatch,
        "terc": known["code"].__contains__ if known else re.compile(r"(?:0[2-9]|[1-3]\d)\d{4}[1-589]").fullmatch,
        "voivodeship": lambda value: plain(value) in (known["voivodeship"] if known else VOIVODESHIPS),
        "email": values.email,
        "web": values.web,
        "day": lambda value: not value.isdecimal() and values.day(value),
        "phone": lambda value: not value.isdecimal() and values.phone(value),
        "amount": values.amount,
        "powiat": lambda value: plain(value) in known.get("powiat", ()),
        "gmina": lambda value: plain(value) in known.get("gmina", ()),
        "town": lambda value: plain(value) in known.get("gmina", ()),
        "name": names.is_body,
    }


WORDED = re.compile(r"[^\W\d]").search
LOOSE: Mapping[str, Fits] = {
    "krs": re.compile(r"\d{10}").fullmatch,
    **dict.fromkeys(("powiat", "gmina", "town", "name"), WORDED),
}
"""The test of a value below a heading that speaks for the kind."""

TITLED = ("amount", "phone", "powiat", "gmina", "town")
"""Kinds that need a heading: their values could be of another kind."""

VOIVODESHIPS = frozenset(LISTS["voivodeships"].split())
"""The names of the voivodeships, folded, for tables that are described before TERC is there."""


def _units(territory: Territory) -> dict[str, set[str]]:
    """The codes and plain names of the units of TERC, by their level."""
    known = territory.voivodeships
    return {
        "code": set(territory.codes),
        "voivodeship": set(known),
        "powiat": {plain(unit.name) for one in known.values() for unit in one.powiats.values()}
        | {name for one in known.values() for name in one.cities},
        "gmina": {name for one in known.values() for gminas in one.gminas.values() for name in gminas},
    }


def _findings(sample: Sample, kinds: Mapping[str, Fits]) -> Iterator[Finding]:
    """What each column is; each kind of which a row has one is found once."""
    taken: set[str] = set()
    called: set[str] = set()
    for at, title in enumerate(sample.header):
        cells = [row[at].strip() for row in sample.rows if at < len(row)]
        given = tuple(cell for cell in cells if cell and fold(cell) not in NULLS)
        words = set(re.split(r"[^a-z0-9]+", fold(title)))
        kind, fitting = _kind(given, words, {name: fits for name, fits in kinds.items() if name not in taken})
        if kind not in ("day", "amount", ""):
            taken.add(kind)
        name = _free(hyphenated(title).replace("-", "_") or f"column_{at + 1}", called)
        yield Finding(at, title, name, kind, fitting, given, bool(words & _words(kind)), len(given) == len(cells))


def _words(kind: str) -> set[str]:
    return set(WORDS.get(kind, "").split())


def _free(name: str, called: set[str]) -> str:
    """A name that no column has yet, nor a column that is added to the table."""
    name = name if not name[0].isdigit() else f"column_{name}"
    while name in called:
        name += "_"
    called.add(name)
    return name


def _kind(given: Sequence[str], words: set[str], kinds: Mapping[str, Fits]) -> tuple[str, int]:
    """The kind of a column with the number of values that fit; the empty text for none."""
    best = ("", 0)
    for kind, fits in kinds.items():
        is_titled = bool(words & _words(kind))
        count = sum(1 for value in given if (LOOSE.get(kind, fits) if is_titled else fits)(value))
        needed = LIKELY if is_titled else CERTAIN
        enough = count >= (1 if is_titled else FEWEST) and (is_titled or kind not in TITLED)
        if enough and count >= needed * len(given) and (not best[0] or is_titled):
            best = (kind, count)
            if is_titled:
                break
    return best


def _key(found: Sequence[Finding]) -> Finding | None:
    """The column that tells rows apart: an identifier if one is there in every row, else any column."""
    kinds = {finding.kind: finding for finding in reversed(found) if finding.is_key}
    return next((kinds[kind] for kind in ("krs", "regon", "nip") if kind in kinds), None) or next(
        (finding for finding in found if finding.is_key), None
    )


def _about(key: Finding | None, name: str) -> str:
    """The template of what a row is about: that of other registers for an identifier they have."""
    if key is None:
        return f"id:{name}-{{unknown}}"
    if key.kind in ("krs", "regon", "nip"):
        return f"id:org-{key.kind}-{{{key.kind}_number}}"
    return f"id:{name}-{{row_key}}"


def _note(column: Column, *notes: str) -> Column:
    return column | {"rdfs:comment": " ".join(note if note.endswith(".") else f"{note}." for note in notes)}


def _columns(found: Sequence[Finding], key: Finding | None, name: str, lang: str) -> Iterator[Column]:
    """The columns of a description: those of the file, each with a note, then those that give facts."""
    for finding in found:
        is_key = finding is key
        column = {"name": finding.name, "titles": finding.title, "suppressOutput": True}
        notes = [finding.why(lang)]
        if is_key:
            column["required"] = True
            notes.append(text(lang, "registers.describe.key"))
        if finding.kind == "nip":
            column["se:check"] = "nip"
        if finding.kind in ("day", "amount"):
            notes.append(text(lang, "registers.describe.noFact"))
        yield _note(column, *notes)
    if key and key.kind not in ("krs", "regon", "nip"):
        yield {"name": "row_key", "virtual": True, "se:lookup": "key_of", "se:from": [key.name], "suppressOutput": True}
    by_kind = {finding.kind: finding for finding in reversed(found) if finding.kind}
    given = {"virtual": True, "se:from": [key.name] if key else []}
    yield _note(
        {"name": "class", **given, "propertyUrl": "rdf:type", "valueUrl": "org:Organization"},
        text(lang, "registers.describe.class"),
    )
    for kind in ("krs", "nip", "regon"):
        if kind in by_kind:
            yield from _identifier(kind, by_kind[kind])
    yield from _named(by_kind.get("name") or key)
    yield from _seat(by_kind)
    yield from _contacts(by_kind)


def _named(finding: Finding | None) -> Iterator[Column]:
    if finding is None:
        return
    label = {"virtual": True, "se:lookup": "label", "se:from": [finding.name], "propertyUrl": "skos:prefLabel"}
    yield {"name": "label", **label, "lang": "pl"}
    yield {"name": "label_en", **label, "lang": "en"}
    other = {"se:lookup": "spelling", "se:from": [finding.name], "propertyUrl": "skos:altLabel", "lang": "pl"}
    yield {"name": "spelling", "virtual": True, **other}
    state = {"virtual": True, "se:from": [finding.name]}
    yield {"name": "state", **state, "se:lookup": "state", "suppressOutput": True}
    yield {"name": "operating", **state, "propertyUrl": "rov:orgStatus", "valueUrl": "operating:{state}"}


def _identifier(kind: str, finding: Finding) -> Iterator[Column]:
    """The number in a register, as other descriptions have it."""
    number = f"{kind}_number"
    about, given = f"id:{kind}-{{{number}}}", {"virtual": True, "se:from": [finding.name]}
    yield {"name": number, **given, "se:lookup": f"{kind}_digits", "suppressOutput": True}
    yield {"name": f"has_{kind}", **given, "propertyUrl": "adms:identifier", "valueUrl": about}
    given = given | {"aboutUrl": about}
    yield {"name": f"{kind}_class", **given, "propertyUrl": "rdf:type", "valueUrl": "adms:Identifier"}
    yield {"name": f"{kind}_notation", **given, "se:lookup": f"{kind}_digits", "propertyUrl": "skos:notation"}
    yield {"name": f"{kind}_agency", **given, "propertyUrl": "adms:schemaAgency", "default": kind.upper()}
    for lang, ending in (("pl", ""), ("en", "_en")):
        label = {
            "se:lookup": f"{kind}_label{ending}",
            "se:from": [number],
            "propertyUrl": "skos:prefLabel",
            "lang": lang,
        }
        yield {"name": f"{kind}_label{ending}", **given, **label}


def _seat(by_kind: Mapping[str, Finding]) -> Iterator[Column]:
    """The seat, by a code of TERC or by the names of units from the voivodeship down."""
    levels = [by_kind[kind].name if kind in by_kind else "" for kind in ("voivodeship", "powiat", "gmina", "town")]
    if "terc" in by_kind:
        looked_up = {"se:lookup": "unit_of_code", "se:from": [by_kind["terc"].name]}
    elif levels[0]:
        looked_up = {"se:lookup": "territory", "se:from": levels}
    else:
        return
    yield {"name": "unit", "virtual": True, "required": True, **looked_up, "suppressOutput": True}
    seat = {"propertyUrl": "se:seatIn", "valueUrl": "{unit}", "se:from": [*filter(None, looked_up["se:from"])]}
    yield {"name": "seat", "virtual": True, **seat}


def _contacts(by_kind: Mapping[str, Finding]) -> Iterator[Column]:
    for kind, lookup, predicate in (
        ("email", "email_address", "schema:email"),
        ("phone", "phone_number", "schema:telephone"),
    ):
        if kind in by_kind:
            given = {"virtual": True, "se:lookup": lookup, "se:from": [by_kind[kind].name]}
            yield {"name": f"{kind}_found", **given, "propertyUrl": predicate}
    if "web" in by_kind:
        given = {"virtual": True, "se:from": [by_kind["web"].name]}
        yield {"name": "homepage", **given, "se:lookup": "web_address", "suppressOutput": True}
        yield {"name": "has_homepage", **given, "propertyUrl": "foaf:homepage", "valueUrl": "{homepage}"}


def written(proposal: Proposal) -> bytes:
    """The metadata as JSON, with a column on each line."""
    columns = proposal.metadata["tableSchema"]["columns"]
    lines = ",\n".join(f"      {json.dumps(column, ensure_ascii=False)}" for column in columns)
    schema = proposal.metadata["tableSchema"] | {"columns": []}
    text_ = json.dumps(proposal.metadata | {"tableSchema": schema}, ensure_ascii=False, indent=2)
    return (text_.replace('"columns": []', f'"columns": [\n{lines}\n    ]') + "\n").encode()
