"""A register is added to a data folder: read, and kept with a head that curators complete. Adding again proves it."""

import gzip
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kgraph.base.problems import Problem, fault, problem
from kgraph.base.vocab import CLAIMS_GRAPH, EDITORIAL_GRAPH, TURTLE_PREFIXES, term
from kgraph.errors import CannotWrite
from kgraph.evidence.registers import FACTS, Step, lines, unwatched
from kgraph.evidence.registers import kept as keeping
from kgraph.evidence.registers.descriptions import Register
from kgraph.evidence.registers.editions import earlier, editions, folder_of
from kgraph.evidence.registers.kept import one_file, sha256
from kgraph.evidence.registers.reading import EMBEDDED, Added, Using, read
from kgraph.rdf import csvw
from kgraph.rdf.store import replace, write_file


@dataclass(frozen=True)
class Given:
    """The files of a register, the day whose state they give, their encoding, and the addresses they came from."""

    files: Sequence[Path]
    day: date
    encoding: str = "utf-8"
    addresses: tuple[str, ...] = ()


def add(data: Path, register: Register, given: Given, step: Step = unwatched, using: Using = EMBEDDED) -> Added:
    """Add the files of a register to a data folder; BadData for one that cannot be read.

    Rows that stand in the edition before are not read again.
    """
    edition = f"{register.name}-{given.day.isoformat()}"
    folder = data / "registers" / edition
    if edition in editions(data):
        raise CannotWrite(fault("register-there", name=edition))
    before = earlier(data, edition)
    with one_file(given.files, register.name) as kept:

        def write(fresh: Path) -> Added:
            named = Register(edition, register.metadata)
            return read(
                data, named, kept, given.encoding, fresh, step, folder_of(data, before) if before else None, using
            )

        made = replace(folder, write)
        head = _head(csvw.parsed(edition, keeping.metadata(folder)), given, made.rows, sha256(kept))
    write_file(folder.with_suffix(".ttl"), head.encode())
    return made


def _head(description: csvw.Description, given: Given, rows: int, digest: str) -> str:
    """The head of the source, as a curator reads and completes it."""
    edition, day = description.name, given.day.isoformat()
    states = {"pl": f"stan na {day}", "en": f"as of {day}"}
    sheets = {"pl": f", arkusz „{description.sheet}”", "en": f", sheet “{description.sheet}”"}
    titles = " , ".join(
        str(ox.Literal(f"{text}, {states[lang]}{sheets[lang] if description.sheet else ''}", language=lang))
        for lang, text in description.title.items()
    )
    pages = [description.page] if description.page else []
    lines = [
        f"dcterms:title {titles}",
        f"dcterms:publisher {ox.Literal(description.publisher)}",
        f'dcterms:valid "{day}"^^xsd:date',
        *(f"rdfs:seeAlso <{page.partition('#')[0]}#{edition}>" for page in given.addresses or pages),
        f"se:listsAll <{description.lists}>" if description.lists else "",
        f"dcterms:license <{description.licence}>" if description.licence else "",
        f'dcterms:description "Liczba wierszy: {rows}."@pl , "Rows: {rows}."@en',
        f'se:tableSHA256 "{digest}"',
        "se:textUnavailable true",
    ]
    body = " ;\n    ".join(filter(None, lines))
    begin = 'VERSION "1.2"\n# A register; `kgraph register` reads its rows.'
    return f"{begin}\n\n{TURTLE_PREFIXES}\nsource:{edition} a se:Source ;\n    {body} .\n"


def problems(data: Path, edition: str) -> Iterator[Problem]:
    """Whether the kept file is the one of the head, and gives the same facts again."""
    folder = folder_of(data, edition)
    head = folder.with_suffix(".ttl")
    metadata = keeping.metadata(folder)
    with tempfile.TemporaryDirectory() as temporary:
        kept, fresh = Path(temporary) / metadata["url"], Path(temporary) / "fresh"
        fresh.mkdir()
        keeping.unzip(folder, kept)
        if sha256(kept) not in head.read_text(encoding="utf-8"):
            yield problem(head.name, "", "kept-changed")
            return
        encoding = metadata.get("dialect", {}).get("encoding", "utf-8")
        read(data, Register(edition, metadata), kept, encoding, fresh)
        if lines(fresh) != lines(folder):
            yield problem(head.name, "", "facts-changed")


FIRST, MOST = 10, 1000
"""Rows whose facts are shown, and quads that surely hold them."""


def shown(data: Path, edition: str, names: Mapping[str, str]) -> Iterator[str]:
    """The facts of the first rows of a register, in words where `names` has them by IRI."""
    return _in_words(lines(folder_of(data, edition)), names)


def first_facts(
    data: Path, register: Register, given: Given, names: Mapping[str, str], step: Step = unwatched
) -> tuple[Added, list[str]]:
    """What adding would read, and the facts of the first rows in words; nothing is written to the data folder."""
    with tempfile.TemporaryDirectory() as temporary, one_file(given.files, register.name) as kept:
        folder = Path(temporary) / register.name
        folder.mkdir()
        made = read(data, register, kept, given.encoding, folder, step)
        with gzip.open(folder / FACTS) as content:
            return made, list(_in_words(cast("IO[bytes]", content), names))


def _in_words(content: bytes | IO[bytes], names: Mapping[str, str]) -> Iterator[str]:
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
