"""The editions of registers in a data folder, and what changed from one to the next."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kgraph._version import __version__
from kgraph.base.problems import fault
from kgraph.base.vocab import term
from kgraph.errors import NotFound
from kgraph.evidence import registers
from kgraph.evidence.registers import facts_of, kept, unchanged
from kgraph.evidence.registers.engine import Lookup
from kgraph.evidence.registers.lookups import lookups
from kgraph.evidence.registers.territory import Territory
from kgraph.rdf import csvw, sparql


def editions(data: Path) -> list[str]:
    """The names of the registers in a data folder."""
    return sorted(head.stem for head in (data / "registers").glob("*.ttl") if facts_of(head).is_file())


def remove(data: Path, edition: str) -> None:
    """Remove a register from a data folder; its head first, so that a build never meets half of it.

    Later editions that read rows from it keep these themselves from then on.
    """
    folder = folder_of(data, edition)
    for later in unchanged.dependents(folder):
        unchanged.make_whole(later)
    folder.with_suffix(".ttl").unlink()
    shutil.rmtree(folder)


def folder_of(data: Path, edition: str) -> Path:
    known = editions(data)
    if edition not in known:
        raise NotFound(fault("edition-unknown", name=edition, known=", ".join(known) or "-"))
    return data / "registers" / edition


def description(data: Path, edition: str) -> csvw.Description:
    """The description by which a register was read."""
    return csvw.parsed(edition, kept.metadata(folder_of(data, edition)))


def lookups_for(data: Path, description: csvw.Description) -> Mapping[str, Lookup]:
    """The look-ups for a register, with the newest TERC and SIMC of a data folder; NotFound without a needed TERC."""
    asked = {column.lookup for column in description.columns}
    terc = _rows(data, "terc") if asked & NEED_TERC else []
    if asked & NEED_TERC and not terc:
        raise NotFound(fault("terc-missing"))
    return lookups(data / "places.ttl", terc, _rows(data, "simc") if asked & NEED_SIMC else [])


NEED_TERC = {"territory", "locality", "unit_of_symbols", "town_alone", "project_place", "voivodeship", "unit_of_code"}
NEED_SIMC = {"town_alone"}
"""Look-ups that rest on the rows of another register."""


def territory(data: Path) -> Territory | None:
    """The units of the newest TERC of a data folder; None where there is none."""
    rows = _rows(data, "terc")
    return Territory(rows) if rows else None


def unit_labels(data: Path, lang: str) -> dict[str, str]:
    """The labels of the units of the newest TERC of a data folder, by IRI."""
    newest = _newest(data, "terc")
    lines = registers.lines(data / "registers" / newest).splitlines() if newest else []
    label, language = f" {term('skos:prefLabel')} ".encode(), f'"@{lang} '.encode()
    quads = ox.parse(b"\n".join(one for one in lines if label in one and language in one), ox.RdfFormat.N_QUADS)
    return {quad.subject.value: quad.object.value for quad in quads}


def _newest(data: Path, register: str) -> str | None:
    """The newest edition of a register; None where there is none."""
    return max(of_register(data, register), default=None)


def _rows(data: Path, register: str) -> list[dict[str, str]]:
    """The rows of the newest edition of a register; none where there is none."""
    edition = _newest(data, register)
    return kept.rows(data / "registers" / edition) if edition else []


@dataclass(frozen=True)
class Keyed:
    """The cells of rows that facts rest on, by the keys of the rows; `titles` are those of their columns by name."""

    titles: Mapping[str, str]
    rows: Mapping[str, Sequence[str]]

    def row(self, key: str) -> Mapping[str, str]:
        """The cells of a row by the names of their columns."""
        return dict(zip(self.titles, self.rows[key], strict=False))

    def listed(self, key: str) -> str:
        """The filled cells of a row, but its key."""
        return " · ".join(cell for cell in self.rows[key] if cell not in ("", key))


@dataclass(frozen=True)
class Changes:
    """The keys of rows that appeared, changed or went between two editions of a register, and the rows of both."""

    before: Keyed
    after: Keyed
    appeared: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    def table(self) -> sparql.Table:
        """Each new and each missing row, and each cell that changed."""
        found = [("appeared", key, "", "", self.after.listed(key)) for key in self.appeared]
        found += [("changed", key, *cell) for key in self.changed for cell in self._cells(key)]
        found += [("gone", key, "", self.before.listed(key), "") for key in self.gone]
        return COLUMNS, [[ox.Literal(cell) for cell in row] for row in found]

    def _cells(self, key: str) -> Iterator[tuple[str, str, str]]:
        """The title of each column in which a row differs, and its cells."""
        before, after, titles = self.before.row(key), self.after.row(key), {**self.before.titles, **self.after.titles}
        for name, title in titles.items():
            cells = before.get(name, ""), after.get(name, "")
            if cells[0] != cells[1]:
                yield title, *cells


COLUMNS = ("change", "key", "column", "before", "after")
"""The columns of a table of changes."""


def changes(data: Path, old: str, new: str) -> Changes:
    """What changed between two editions; the order of rows and columns that give no facts do not count."""
    return changed(*(_keyed(folder_of(data, edition)) for edition in (old, new)))


def changed(before: Keyed, after: Keyed) -> Changes:
    """What changed between some rows and others."""
    old, new = before.rows, after.rows
    return Changes(
        before,
        after,
        tuple(sorted(new.keys() - old.keys())),
        tuple(sorted(key for key in old.keys() & new.keys() if old[key] != new[key])),
        tuple(sorted(old.keys() - new.keys())),
    )


def keyed(description: csvw.Description, rows: Iterable[Sequence[str]]) -> Keyed:
    """Rows by their keys, with the cells that facts rest on; without a key in the file, the whole row is the key."""
    used = {name for column in description.columns for name in (column.name, *column.sources) if column.predicate}
    columns = [at for at, column in enumerate(description.read) if column.name in used]
    titles = {description.read[at].name: description.read[at].titles[0] for at in columns}
    key = next((at for at, column in enumerate(description.read) if column.name == description.key), None)
    found = {
        cells[key] if key is not None else " ".join(filter(None, cells)): [cells[at] for at in columns]
        for cells in rows
    }
    return Keyed(titles, found)


def of_register(data: Path, name: str) -> list[str]:
    """The editions of a register in a data folder, by day."""
    return [edition for edition in editions(data) if edition[:-DATED] == name]


def earlier(data: Path, edition: str) -> str | None:
    """The edition of a register before another, by day; None for the first."""
    return max((one for one in of_register(data, edition[:-DATED]) if one < edition), default=None)


DATED = len("-2024-12-31")
"""The characters of the day in the name of an edition."""


def _keyed(folder: Path) -> Keyed:
    quads = ox.parse(registers.lines(folder), ox.RdfFormat.N_QUADS)
    rows = (json.loads(quad.object.value) for quad in quads if quad.predicate == term("se:cells"))
    return keyed(csvw.parsed(folder.name, kept.metadata(folder)), rows)


GAZETTEERS = ("terc", "simc")
"""The registers whose newest editions look-ups use."""


def basis(data: Path) -> str:
    """A hash of what look-ups rest on: the version of kgraph, the gazetteer and the registers of places."""
    newest = (_newest(data, name) for name in GAZETTEERS)
    heads = [data / "registers" / f"{edition}.ttl" for edition in newest if edition]
    content = b"".join(path.read_bytes() for path in (data / "places.ttl", *heads))
    return hashlib.sha256(__version__.encode() + content).hexdigest()
