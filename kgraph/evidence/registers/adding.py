"""A register is added to a data folder: checked, kept byte for byte, read into quads, with a head for curators."""

import csv
import gzip
import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from stdnum.pl import nip

from kgraph.base.problems import Problem, fault, problem
from kgraph.base.vocab import CLAIMS_GRAPH, EDITORIAL_GRAPH, PREFIXES, TURTLE_PREFIXES, term
from kgraph.errors import BadData, CannotWrite, NotFound
from kgraph.evidence.registers import BESIDE, FACTS, METADATA, facts_of, quads
from kgraph.evidence.registers.engine import Engine
from kgraph.evidence.registers.lookups import Lookup, lookups
from kgraph.evidence.registers.readers import table
from kgraph.rdf import csvw

SHIPPED = Path(__file__).parent / "shipped"
"""The descriptions that come with kgraph, one file a register."""


@dataclass(frozen=True)
class Added:
    """What was read: the name of the source, its rows and facts, and rows in which a look-up found nothing."""

    name: str
    rows: int
    facts: int
    unmatched: Mapping[str, int]


def shipped() -> list[str]:
    """The names of the descriptions that come with kgraph."""
    return sorted(path.stem for path in SHIPPED.glob("*.json"))


def described(name: str) -> csvw.Description:
    """A description that comes with kgraph; NotFound for an unknown name."""
    return csvw.parsed(name, _metadata(name))


def _metadata(name: str) -> dict[str, Any]:
    if name not in shipped():
        raise NotFound(fault("register-unknown", name=name, known=", ".join(shipped())))
    found: dict[str, Any] = json.loads((SHIPPED / f"{name}.json").read_text(encoding="utf-8"))
    return found


def editions(data: Path) -> list[str]:
    """The names of the registers in a data folder."""
    return sorted(head.stem for head in (data / "registers").glob("*.ttl") if facts_of(head).is_file())


def add(data: Path, name: str, files: Sequence[Path], day: date, encoding: str = "utf-8") -> Added:
    """Add the files of a register with a shipped description to a data folder; BadData for one that cannot be read."""
    edition = f"{name}-{day.isoformat()}"
    target = data / "registers" / edition
    metadata = _metadata(name)
    if edition in editions(data):
        raise CannotWrite(fault("register-there", name=edition))
    target.parent.mkdir(exist_ok=True)
    with _written(target) as fresh:
        with _one(files, name) as kept:
            made = _make(fresh, metadata, edition, kept, encoding, of(data, csvw.parsed(name, metadata)))
            head = _head(csvw.parsed(name, metadata), edition, day, made.rows, sha256(kept))
        (fresh / "head.ttl").write_text(head, encoding="utf-8")
    (target / "head.ttl").replace(target.with_suffix(".ttl"))
    return made


def remove(data: Path, edition: str) -> None:
    """Remove a register from a data folder; its head first, so that a build never meets half of it."""
    folder = _edition(data, edition)
    folder.with_suffix(".ttl").unlink()
    shutil.rmtree(folder)


def _edition(data: Path, edition: str) -> Path:
    known = editions(data)
    if edition not in known:
        raise NotFound(fault("edition-unknown", name=edition, known=", ".join(known) or "-"))
    return data / "registers" / edition


def problems(data: Path, edition: str) -> Iterator[Problem]:
    """Whether the kept file is the one of the head, and gives the same facts again."""
    folder = _edition(data, edition)
    head = folder.with_suffix(".ttl")
    metadata = json.loads((folder / METADATA).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as temporary:
        kept, fresh = Path(temporary) / metadata["url"], Path(temporary) / "fresh"
        fresh.mkdir()
        kept.write_bytes(gzip.decompress((folder / f"{metadata['url']}.gz").read_bytes()))
        if sha256(kept) not in head.read_text(encoding="utf-8"):
            yield problem(head.name, "", "kept-changed")
            return
        encoding = metadata.get("dialect", {}).get("encoding", "utf-8")
        _make(fresh, metadata, edition, kept, encoding, of(data, csvw.parsed(edition, metadata)))
        if gzip.decompress((fresh / FACTS).read_bytes()) != gzip.decompress((folder / FACTS).read_bytes()):
            yield problem(head.name, "", "facts-changed")


def of(data: Path, description: csvw.Description) -> Mapping[str, Lookup]:
    """The look-ups for a register, with the newest TERC of a data folder; NotFound when it is needed and not there."""
    terc = max((edition for edition in editions(data) if edition.startswith("terc-")), default=None)
    needed = any(column.lookup == "territory" for column in description.columns)
    if needed and terc is None:
        raise NotFound(fault("terc-missing"))
    return lookups(data / "places.ttl", _rows(data / "registers" / terc) if needed and terc else ())


@dataclass(frozen=True)
class Changes:
    """The keys of rows that appeared, changed or went between two editions of a register."""

    appeared: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


def changes(data: Path, old: str, new: str) -> Changes:
    """What changed between two editions; the order of rows and columns that give no facts do not count."""
    before, after = (_keyed(_edition(data, edition)) for edition in (old, new))
    both = before.keys() & after.keys()
    return Changes(
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(key for key in both if before[key] != after[key])),
        tuple(sorted(before.keys() - after.keys())),
    )


def earlier(data: Path, edition: str) -> str | None:
    """The edition of a register before another, by day; None for the first."""
    register = edition[:-DATED]
    return max((one for one in editions(data) if one[:-DATED] == register and one < edition), default=None)


DATED = len("-2024-12-31")
"""The characters of the day in the name of an edition."""


def _keyed(folder: Path) -> dict[str, list[str]]:
    """The cells of each row that facts rest on, by the key of the row."""
    description = csvw.parsed(folder.name, json.loads((folder / METADATA).read_text(encoding="utf-8")))
    used = {name for column in description.columns for name in (column.name, *column.sources) if column.predicate}
    columns = [at for at, column in enumerate(description.read) if column.name in used]
    key = next(at for at, column in enumerate(description.read) if column.name == description.key)
    quads = ox.parse(gzip.decompress((folder / FACTS).read_bytes()), ox.RdfFormat.N_QUADS)
    rows = (json.loads(quad.object.value) for quad in quads if quad.predicate == term("se:cells"))
    return {cells[key]: [cells[at] for at in columns] for cells in rows}


def _rows(folder: Path) -> list[dict[str, str]]:
    """The rows of the kept file of a register, by the titles of its columns."""
    metadata = json.loads((folder / METADATA).read_text(encoding="utf-8"))
    with gzip.open(folder / f"{metadata['url']}.gz", "rt", encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=metadata.get("dialect", {}).get("delimiter", ",")))


@contextmanager
def _written(target: Path) -> Iterator[Path]:
    """A fresh folder that takes the name of another when all is written."""
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield fresh
        fresh.replace(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _make(
    fresh: Path, metadata: dict[str, Any], edition: str, kept: Path, encoding: str, known: Mapping[str, Lookup]
) -> Added:
    description = csvw.parsed(edition, metadata)
    source = f"{PREFIXES['source']}{edition}"
    files = _unpacked(kept, fresh)
    text = table(files, description, encoding)
    header = next(csv.reader(io.StringIO(text), delimiter=description.delimiter), [])
    places = description.placed(header)
    described = _of_file(metadata, places, header, kept.name)
    if encoding != "utf-8":
        described["dialect"] = described.get("dialect", {}) | {"encoding": encoding}
    rows_file = fresh / "table.csv"
    rows_file.write_text(text, encoding="utf-8", newline="")
    engine = Engine()
    rows = engine.load(rows_file, description, places, len(header))
    rows_file.unlink()
    shutil.rmtree(fresh / "files", ignore_errors=True)
    _check(engine, description)
    looked_up = [column for column in description.columns if column.lookup]
    engine.look_up(looked_up, known)
    lines = fresh / "facts.nq"
    engine.write(quads.facts(description, source), lines)
    facts = sum(not line.endswith(BESIDE) for line in lines.read_bytes().splitlines())
    _packed(lines, fresh / FACTS, _metadata_line(source, described))
    _packed(kept, fresh / f"{kept.name}.gz")
    (fresh / METADATA).write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    unmatched = {
        column.name: engine.count(f"{quads.name(column.name)} IS NULL") for column in looked_up if column.required
    }
    return Added(edition, rows, facts, unmatched)


@contextmanager
def _one(files: Sequence[Path], name: str) -> Iterator[Path]:
    """The one file, or a ZIP of several with the same bytes for the same files."""
    for file in files:
        if not file.is_file():
            raise NotFound(fault("file-not-there", file=str(file)))
    if len(files) == 1:
        yield files[0]
        return
    with tempfile.TemporaryDirectory() as temporary:
        kept = Path(temporary) / f"{name}.zip"
        with zipfile.ZipFile(kept, "w") as packed:
            for file in sorted(files):
                packed.writestr(zipfile.ZipInfo(file.name), file.read_bytes())
        yield kept


def _unpacked(kept: Path, fresh: Path) -> list[Path]:
    """The files in a kept ZIP, or the kept file."""
    if kept.suffix != ".zip":
        return [kept]
    folder = fresh / "files"
    with zipfile.ZipFile(kept) as packed:
        packed.extractall(folder)
    return sorted(folder.iterdir())


def _of_file(
    metadata: Mapping[str, Any], places: Mapping[str, int], header: Sequence[str], name: str
) -> dict[str, Any]:
    """The metadata of the file as it came: its columns in their order, with the titles that they have."""
    given = {column["name"]: column for column in metadata["tableSchema"]["columns"]}
    at = {place: column for column, place in places.items()}
    read = [
        given[at[place]] | {"titles": title}
        if place in at
        else {"name": f"_col{place + 1}", "titles": title, "suppressOutput": True}
        for place, title in enumerate(header)
    ]
    virtual = [column for column in given.values() if column.get("virtual")]
    schema = metadata["tableSchema"] | {"columns": [*read, *virtual]}
    return {**metadata, "url": name, "tableSchema": schema}


def _check(engine: Engine, description: csvw.Description) -> None:
    """BadData for the first fault: a missing value, a value of another form, or a key that stands twice."""
    for column in description.read:
        named = quads.name(column.name)
        if column.required:
            _refuse(engine, f"{named} IS NULL", column, "cell-missing")
        if column.check:
            wrong = [value for (value,) in engine.distinct(column.name) if not nip.is_valid(value)]
            _refuse(engine, f"{named} IN ({', '.join(repr(value) for value in wrong) or 'NULL'})", column, "cell-check")
        if column.pattern:
            _refuse(engine, f"NOT regexp_matches({named}, '^(?:{quads.text(column.pattern)})$')", column, "cell-odd")
    key = quads.name(description.key)
    if any(column.name == description.key for column in description.read):
        twice = f"{key} IN (SELECT {key} FROM cells GROUP BY {key} HAVING count(*) > 1)"
        _refuse(engine, twice, next(c for c in description.read if c.name == description.key), "key-twice")


def _refuse(engine: Engine, condition: str, column: csvw.Column, code: str) -> None:
    found = engine.rows(condition, (quads.ROW, column.name), 1)
    if found:
        row, value = found[0]
        raise BadData(
            fault(code, row=int(row or 0), column=column.titles[0], value=str(value or ""), n=engine.count(condition))
        )


def _metadata_line(source: str, described: Mapping[str, Any]) -> bytes:
    text = ox.Literal(json.dumps(described, ensure_ascii=False, sort_keys=True))
    return f"<{source}> {term('se:tableMetadata')} {text} {EDITORIAL_GRAPH} .\n".encode()


def _packed(file: Path, target: Path, first: bytes = b"") -> None:
    """Compress a file, the same bytes for the same content."""
    with file.open("rb") as lines, target.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as out:
        out.write(first)
        shutil.copyfileobj(lines, out)
    if file.parent == target.parent:
        file.unlink()


def sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _head(description: csvw.Description, edition: str, day: date, rows: int, digest: str) -> str:
    """The head of the source, as a curator reads and completes it."""
    states = {"pl": f"stan na {day.isoformat()}", "en": f"as of {day.isoformat()}"}
    titles = " , ".join(
        str(ox.Literal(f"{text}, {states[lang]}", language=lang)) for lang, text in description.title.items()
    )
    lines = [
        f"dcterms:title {titles}",
        f"dcterms:publisher {ox.Literal(description.publisher)}",
        f'dcterms:valid "{day.isoformat()}"^^xsd:date',
        f"rdfs:seeAlso <{description.page}#{edition}>" if description.page else "",
        f"se:listsAll <{description.lists}>" if description.lists else "",
        f"dcterms:license <{description.licence}>" if description.licence else "",
        f'dcterms:description "Liczba wierszy: {rows}."@pl , "Rows: {rows}."@en',
        f'se:tableSHA256 "{digest}"',
        "se:textUnavailable true",
    ]
    body = " ;\n    ".join(filter(None, lines))
    begin = 'VERSION "1.2"\n# A register; `kgraph register` reads its rows.'
    return f"{begin}\n\n{TURTLE_PREFIXES}\nsource:{edition} a se:Source ;\n    {body} .\n"


FIRST, MOST = 10, 1000
"""Rows whose facts are shown, and quads that surely hold them."""


def shown(data: Path, edition: str, names: Mapping[str, str]) -> Iterator[str]:
    """The facts of the first rows of a register, in words where `names` has them by IRI."""
    return _in_words(gzip.decompress((_edition(data, edition) / FACTS).read_bytes()), names)


def first_facts(
    data: Path, name: str, files: Sequence[Path], encoding: str, names: Mapping[str, str]
) -> tuple[Added, list[str]]:
    """What adding would read, and the facts of the first rows in words; nothing is written to the data folder."""
    metadata = _metadata(name)
    with tempfile.TemporaryDirectory() as temporary, _one(files, name) as kept:
        made = _make(Path(temporary), metadata, name, kept, encoding, of(data, csvw.parsed(name, metadata)))
        content = gzip.decompress((Path(temporary) / FACTS).read_bytes())
        return made, list(_in_words(content, names))


def _in_words(content: bytes, names: Mapping[str, str]) -> Iterator[str]:
    quads = list(islice(ox.parse(content, ox.RdfFormat.N_QUADS), MOST))
    labels = dict(names)
    for quad in quads:
        if quad.predicate == term("skos:prefLabel") and isinstance(quad.object, ox.Literal):
            labels.setdefault(quad.subject.value, quad.object.value)
    rows = {quad.object: quad.subject for quad in quads if quad.predicate == term("se:describes")}
    chosen = set(list(dict.fromkeys(rows.values()))[:FIRST])
    for quad in quads:
        if rows.get(quad.subject) in chosen and quad.graph_name not in (CLAIMS_GRAPH, EDITORIAL_GRAPH):
            parts = (quad.subject, quad.predicate, quad.object)
            yield " · ".join(labels.get(part.value, part.value) for part in parts)
