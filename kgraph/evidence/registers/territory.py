"""Places as registers write them, found in TERC, the register of territorial units (https://eteryt.stat.gov.pl).

Registers name units in capitals, with abbreviations, historic names and districts. A name that fits several units, or
none, is resolved to the unit above; nothing is guessed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from kgraph.base.text import fold
from kgraph.base.vocab import PREFIXES

ABBREVIATED = re.compile(r"^(?:m\.? ?st\.?|miasto stoleczne|m\.|miasto|gm\.|gmina|powiat|pow\.) *(?=\w)")
"""What stands before the name of a unit: `M.ST. WARSZAWA`, `M. SIEDLCE`, `GM. MORDY`."""

URBAN, RURAL, MIXED = "1", "2", "3"
"""The types of a gmina in TERC; 4 and 5 are the parts of a MIXED one, 8 and 9 districts of cities."""


@lru_cache(maxsize=1 << 15)
def plain(name: str) -> str:
    """The name of a unit without capitals, diacritics and abbreviations.

    >>> plain("M.ST. WARSZAWA"), plain("M. SIEDLCE"), plain("ŁÓDŹ-BAŁUTY")
    ('warszawa', 'siedlce', 'lodz-baluty')
    """
    return ABBREVIATED.sub("", " ".join(fold(name).split()))


def is_city(code: str) -> bool:
    """Whether a code is that of a city with the rights of a powiat, or of a part of it."""
    return code[2:4] > "60"


def unit_code(woj: str | None, powiat: str | None, gmina: str | None, kind: str | None) -> str:
    """The code of a unit from its parts, which are empty or None above the level of the unit."""
    return "".join(filter(None, (woj, powiat, gmina, kind)))


def place(code: str, known: Mapping[str, str]) -> str:
    """The IRI of a unit; a city with the rights of a powiat and its gmina are one place."""
    one = code[:4] if is_city(code) and code[6:] in ("", "1") else code
    return known.get(code) or known.get(one) or f"{PREFIXES['id']}teryt-{one}"


@dataclass(frozen=True)
class Unit:
    """A unit of TERC: two digits of a voivodeship, four of a powiat, or seven of a gmina with its type."""

    code: str
    name: str

    @property
    def type(self) -> str:
        return self.code[6:]


Named = Mapping[str, list[Unit]]
"""Units by their plain names."""


@dataclass
class Voivodeship:
    """A voivodeship with its powiats, and gminas by powiat; a city with the rights of a powiat is in both."""

    unit: Unit
    powiats: dict[str, Unit] = field(default_factory=dict)
    powiats_named: dict[str, Unit] = field(default_factory=dict)
    cities: dict[str, Unit] = field(default_factory=dict)
    gminas: dict[str, dict[str, list[Unit]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def add(self, code: str, name: str) -> None:
        """Add a row of TERC below the voivodeship."""
        if len(code) == 4:
            self.powiats[code] = Unit(code, name)
            self.powiats_named.setdefault(plain(name), self.powiats[code])
        elif code[6] in (URBAN, RURAL, MIXED):
            unit = Unit(code, name)
            self.gminas[code[:4]][plain(name)].append(unit)
            if is_city(code):
                self.cities[plain(name)] = unit

    def locate(self, powiat: str, gmina: str, town: str) -> Unit:
        """The smallest certain unit for three plain names, any of which may be empty."""
        around = self._land(powiat)
        city = self._city(town) or self.cities.get(powiat)
        if city and (around is None or (_names(gmina, plain(city.name)) and self._city(town) == city)):
            return city
        if around is None:
            return self._anywhere(gmina, town)
        return _chosen(_fitting(self.gminas[around.code], gmina, town), town) or around

    def _city(self, town: str) -> Unit | None:
        """The city of a name, or of one of its districts, such as `lodz-baluty`."""
        if town in self.cities or "-" not in town:
            return self.cities.get(town)
        return next((unit for name, unit in self.cities.items() if _names(town, name)), None)

    def _land(self, name: str) -> Unit | None:
        """The powiat of a name, which is no city."""
        return self.powiats_named.get(name) if name not in self.cities else None

    def _anywhere(self, gmina: str, town: str) -> Unit:
        """The gmina in the whole voivodeship, where one powiat has that name only."""
        fitting = [found for known in self.gminas.values() if (found := _fitting(known, gmina, town))]
        return (len(fitting) == 1 and _chosen(fitting[0], town)) or self.unit


def _names(given: str, city: str) -> bool:
    """Whether a name is a city's or that of one of its districts, such as `lodz-baluty`."""
    return given == city or given.startswith(f"{city}-")


def _fitting(known: Named, gmina: str, town: str) -> list[Unit]:
    """The gminas of a name, else the one whose name begins a historic one, such as `zbuczyn poduchowny`."""
    if gmina in known:
        return known[gmina]
    words = gmina.split(" ")
    begun = [name for at in range(1, len(words)) if (name := " ".join(words[:at])) in known]
    return known[begun[0]] if len(begun) == 1 else []


def _chosen(units: list[Unit], town: str) -> Unit | None:
    """The one unit of a name: of a town and the rural gmina around it, the one that has the town; None if unclear."""
    if len(units) < 2:
        return units[0] if units else None
    wanted = {URBAN} if town == plain(units[0].name) else {RURAL, MIXED}
    fitting = [unit for unit in units if town and unit.type in wanted]
    return fitting[0] if len(fitting) == 1 else None


class Territory:
    """All units of TERC, from its rows."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self.voivodeships: dict[str, Voivodeship] = {}
        self.codes: set[str] = set()
        by_code: dict[str, Voivodeship] = {}
        for row in rows:
            code = unit_code(*(row[part] for part in ("WOJ", "POW", "GMI", "RODZ")))
            self.codes.add(code)
            if len(code) == 2:
                made = by_code[code] = Voivodeship(Unit(code, row["NAZWA"]))
                self.voivodeships[plain(row["NAZWA"])] = made
            else:
                by_code[code[:2]].add(code, row["NAZWA"])

    def locate(self, voivodeship: str, powiat: str = "", gmina: str = "", town: str = "") -> Unit | None:
        """The smallest certain unit for names as a register writes them; None without a voivodeship of that name."""
        found = self.voivodeships.get(plain(voivodeship))
        return found.locate(*map(plain, (powiat, gmina, town))) if found else None
