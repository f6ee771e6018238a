"""All checks of the data: sources, quotes, and the generated files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kgraph import publish
from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.problems import Problem, problem
from kgraph.build import pipeline
from kgraph.build.advice import UNIQUE, Adviser, by_cause
from kgraph.build.hints import hints
from kgraph.errors import BadData
from kgraph.evidence import fixing, turtle
from kgraph.evidence.claims import SourceFile
from kgraph.evidence.places import Index, located
from kgraph.evidence.quotes import check_text, plain, sha256
from kgraph.rdf.store import write_file

Texts = Mapping[Path, str]
"""The texts at hand, by file."""


@dataclass(frozen=True)
class Verdict:
    """What a check looked at and what it found.

    `quotes` were compared with their texts; `absent` are the sources whose texts are not at hand. Problems and hints
    have line and column, and advice.
    """

    folder: Path
    sources: int
    facts: int
    quotes: int
    absent: tuple[str, ...]
    problems: tuple[Problem, ...]
    hints: tuple[Problem, ...]


FOLLOWING = frozenset(("no-place", "other-length"))
"""Problems of a quote that a comparison with its text explains better."""


@dataclass(frozen=True)
class _Looked:
    """The graph, the files and the texts that a check looked at, and the problems."""

    store: ox.Store
    files: list[SourceFile]
    texts: Mapping[str, str]
    problems: list[Problem]


def problems(folders: Folders, texts: Sequence[Path] = ()) -> list[Problem]:
    """Every fault of the data, of its quotes in texts, and of the generated files, in a stable order.

    Texts are those given and those in `texts/` beside the data folder. BadData for a file that cannot be read.
    """
    return _looked(folders, texts_of(folders, texts)).problems


def verdict(folders: Folders, texts: Texts | None = None) -> Verdict:
    """The problems with line, column and advice, and the hints; BadData with the syntax errors of all files."""
    try:
        looked = _looked(folders, texts_of(folders) if texts is None else texts)
    except BadData as error:
        raise BadData(*(_unread(folders) or error.args)) from error
    store, files = looked.store, looked.files
    written = (*folders.sources(), *folders.editorial(), folders.ontology / "kinds.ttl")
    indexes = {path.name: Index(path) for path in written}
    clashing = {each.node for each in looked.problems if each.code == "disjoint" or UNIQUE in each.rule}
    smells = (hint for hint in hints(store, files, looked.texts, pipeline.rules(folders)) if hint.node not in clashing)
    adviser = Adviser(store, files, indexes)
    compared = [claim for file in files for claim in file.claims if file.sources[claim.source].sha256 in looked.texts]
    absent = {
        s.value for file in files for s, text in file.sources.items() if text.sha256 and text.sha256 not in looked.texts
    }
    return Verdict(
        folders.data,
        sum(len(file.sources) for file in files),
        len({claim.triple for file in files for claim in file.claims}),
        sum(len(claim.evidence) for claim in compared),
        tuple(sorted(iri.rpartition("/")[2] for iri in absent)),
        tuple(located(by_cause(map(adviser.advised, looked.problems)), indexes)),
        tuple(located(smells, indexes)),
    )


def _looked(folders: Folders, read: Texts) -> _Looked:
    sources = {path: turtle.read(path) for path in folders.sources()}
    store, found = pipeline.validated(folders, files=sources)
    files = list(sources.values())
    known = {text.sha256 for file in files for text in file.sources.values()}
    counted = {path: plain(text, known) for path, text in read.items()}
    quoted = [wrong for path, text in counted.items() for wrong in check_text(files, path.name, text)]
    drifted = [] if found or quoted else _drifted(store, folders)
    told = {(wrong.file, wrong.node) for wrong in quoted}  # why --fix cannot place a quote
    found = [each for each in found if each.code not in FOLLOWING or (each.file, each.node) not in told]
    by_hash = {sha256(text): text for text in counted.values()}
    return _Looked(store, files, by_hash, sorted({*found, *quoted, *drifted}))


def _unread(folders: Folders) -> list[Problem]:
    """The syntax errors of all files."""
    found: list[Problem] = []
    for path in (*folders.sources(), *folders.editorial()):
        try:
            turtle.parse(path)
        except BadData as error:
            found += [each for each in error.args if isinstance(each, Problem)]
    return found


def texts_of(folders: Folders, texts: Iterable[Path] = ()) -> Texts:
    """The texts in some files, and those that the curator keeps in `texts/` beside the data folder."""
    kept = sorted(folders.texts().glob("*.txt"))
    return {paths.resolved(path): paths.read_text(path, pipes=True) for path in (*texts, *kept)}


def fix(folders: Folders, texts: Texts | None = None) -> Mapping[Path, int]:
    """Write the offsets of quotes into the source files, where their words stand in the texts at hand.

    The result has the changed files, each with the number of quotes that got their places.
    """
    read = texts_of(folders) if texts is None else texts
    by_hash = {sha256(form): form for text in read.values() for form in (plain(text), text)}
    changed: dict[Path, int] = {}
    for path in folders.sources():
        before = paths.read_text(path)
        if not any(digest in before for digest in by_hash):
            continue
        after = fixing.fixed(before, path.name, by_hash)
        if after.text != before:
            write_file(path, after.text.encode())
            changed[path] = after.quotes
    return changed


def _drifted(store: ox.Store, folders: Folders) -> Iterator[Problem]:
    """The generated files that differ from what the data gives."""
    given = "" if folders.data == paths.bundled().data else f" --data {folders.data}"
    for path, form in ((folders.published(), "turtle"), (folders.context(), "context")):
        if not path.is_file() or path.read_bytes() != publish.export(store, form):
            yield problem(path.name, "", "drifted", form=form, data=given, file=str(path))
