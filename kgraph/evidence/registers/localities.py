"""Localities of SIMC (https://eteryt.stat.gov.pl), and the units of TERC in which they lie."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kgraph.base.vocab import PREFIXES
from kgraph.evidence.registers.engine import Lookup
from kgraph.evidence.registers.territory import URBAN, place, plain, unit_code

KINDS = {
    "00": "part-of-locality",
    "01": "village",
    "02": "colony",
    "03": "hamlet",
    "04": "settlement",
    "05": "forest-settlement",
    "06": "housing-estate",
    "07": "tourist-hostel",
    "95": "city-district",
    "96": "town",
    "98": "delegation",
    "99": "part-of-town",
}
"""The kinds of a locality by RM, with the concepts of `kind:locality-kind`."""

UNITS = ("95", "96", "98")
"""Kinds of localities that are units of TERC as well: a town, a district, a delegation."""

TOWN, DISTRICT, DELEGATION = "4", "8", "9"
"""Types of gminas in which no village lies, besides an urban one."""


def lookups(known: Mapping[str, str]) -> dict[str, Lookup]:
    """The look-ups for the rows of SIMC, with the places of a gazetteer by code."""

    def unit(woj: str | None, powiat: str | None, gmina: str | None, kind: str | None) -> str:
        return place(unit_code(woj, powiat, gmina, kind), known)

    def locality(
        rm: str | None, sym: str | None, woj: str | None, powiat: str | None, gmina: str | None, kind: str | None
    ) -> str:
        return unit(woj, powiat, gmina, kind) if rm in UNITS else f"{PREFIXES['id']}locality-{sym}"

    def above(
        rm: str | None,
        sym: str | None,
        main: str | None,
        woj: str | None,
        powiat: str | None,
        gmina: str | None,
        kind: str | None,
    ) -> str | None:
        if rm in UNITS:
            return None
        is_part = main and main != sym and kind not in (URBAN, TOWN, DISTRICT, DELEGATION)
        return f"{PREFIXES['id']}locality-{main}" if is_part else unit(woj, powiat, gmina, kind)

    return {"locality": locality, "locality_above": above, "locality_kind": lambda rm: KINDS.get(rm or "")}


def town_alone(rows: Iterable[Mapping[str, str]], known: Mapping[str, str]) -> Lookup:
    """The unit of TERC for the name of a locality, where one locality in Poland has that name."""
    units: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["SYM"] == row["SYMPOD"]:
            code = unit_code(row["WOJ"], row["POW"], row["GMI"], row["RODZ_GMI"])
            units[plain(row["NAZWA"])].add(f"{row['SYM']} {code}")

    def found(town: str | None) -> str | None:
        fitting = units.get(plain(town or ""), set())
        return place(next(iter(fitting)).partition(" ")[2], known) if len(fitting) == 1 else None

    return found
