"""The descriptions of registers: those that come with kgraph, one file a register, and those of curators."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kgraph.base.paths import read_text
from kgraph.base.problems import fault, reason
from kgraph.base.text import hyphenated
from kgraph.errors import BadData, NotFound
from kgraph.rdf import csvw

SHIPPED = Path(__file__).parent / "shipped"


def shipped() -> list[str]:
    """The names of the descriptions that come with kgraph."""
    return sorted(path.stem for path in SHIPPED.glob("*.json"))


def described(name: str) -> csvw.Description:
    """A description that comes with kgraph; NotFound for an unknown name."""
    return csvw.parsed(name, metadata_of(name))


def metadata_of(name: str) -> dict[str, Any]:
    if name not in shipped():
        raise NotFound(fault("register-unknown", name=name, known=", ".join(shipped())))
    found: dict[str, Any] = json.loads((SHIPPED / f"{name}.json").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Register:
    """A register by its name, with the metadata that describe it."""

    name: str
    metadata: dict[str, Any]

    @property
    def description(self) -> csvw.Description:
        return csvw.parsed(self.name, self.metadata)

    @property
    def encoding(self) -> str:
        """The encoding of the files of the register (CSVW, section 5.9)."""
        return str(self.metadata.get("dialect", {}).get("encoding", "utf-8"))

    def reading(self, sheet: str, templates: Sequence[str]) -> "Register":
        """The register with another sheet to read, and other addresses of its extracts, where they are given."""
        chosen = ({"se:sheet": sheet} if sheet else {}) | ({"se:fetch": list(templates)} if templates else {})
        return Register(self.name, self.metadata | chosen)


def register(given: str) -> Register:
    """The register of a name, or of a file `NAME.json` with its description; NotFound, or BadData for a bad file."""
    if not given.endswith(".json"):
        return Register(given, metadata_of(given))
    file = Path(given)
    if not file.is_file():
        raise NotFound(fault("given-not-there", file=given))
    try:
        found = json.loads(read_text(file).removeprefix("\ufeff"))
    except ValueError as error:
        raise BadData(fault("description-odd", file=file.name, reason=reason(error))) from error
    for part in _missing(found):
        raise BadData(fault("description-part", file=file.name, part=part))
    made = Register(hyphenated(file.stem), found)
    _check(file.name, made.description)
    return made


NAME = re.compile(r"\w+")
IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"'{}|\\^`]+")
"""What is safe inside SQL and N-Quads: the name of a column, and an absolute IRI."""


def _missing(found: object) -> Iterator[str]:
    """The parts of metadata that are missing or of another form, by their path."""
    if not isinstance(found, dict):
        yield "{ }"
        return
    titles, schema = found.get("dc:title"), found.get("tableSchema")
    if not _are_records(titles, "@language", "@value"):
        yield "dc:title"
    if not isinstance(found.get("dc:publisher"), str):
        yield "dc:publisher"
    if not isinstance(schema, dict) or not isinstance(schema.get("primaryKey"), str):
        yield "tableSchema/primaryKey"
        return
    if not _are_records(schema.get("columns"), "name"):
        yield "tableSchema/columns"


def _are_records(found: object, *parts: str) -> bool:
    """Whether there is a list of objects that have these parts."""
    if not isinstance(found, list) or not found:
        return False
    return all(isinstance(one, dict) and {*parts} <= one.keys() for one in found)


def _check(file: str, description: csvw.Description) -> None:
    """Raise BadData for a column that cannot be used in a fact."""
    columns = {column.name for column in description.columns}
    if description.key not in columns:
        raise BadData(fault("description-key", file=file, key=description.key))
    for column in description.columns:
        used = (*column.sources, *csvw.VARIABLE.findall(column.about + column.value_iri))
        unknown = next((name for name in used if name and name not in columns | {"_source"}), None)
        if unknown:
            raise BadData(fault("description-key", file=file, key=unknown))
        if not NAME.fullmatch(column.name):
            raise BadData(fault("description-term", file=file, term=column.name, column=column.name))
        for term in filter(None, (column.predicate, column.about, column.value_iri, column.datatype)):
            if not IRI.fullmatch(csvw.VARIABLE.sub("x", term)) and not re.match(r"\{\w+\}", term):
                raise BadData(fault("description-term", file=file, term=term, column=column.name))
