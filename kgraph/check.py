"""All checks of the data at once: what a curator runs before a commit, and CI after it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from kgraph import build, publish, resources, sources
from kgraph.errors import BadData, Problem
from kgraph.resources import Folders
from kgraph.sources import SourceFile


def problems(folders: Folders, texts: Sequence[Path] = (), lang: str = "en") -> list[Problem]:
    """Every fault of the data, of its quotes in `texts`, and of the published file, in a stable order.

    BadData for a file that is not Turtle, or a text that no source has the hash of.
    """
    store = ox.Store()
    files = build.load(store, folders)
    build.infer(store, folders)
    found = build.problems(store, folders, files, lang)
    quoted = [problem for text in texts for problem in _misquoted(files, text)]
    return sorted({*found, *quoted, *([] if found else _drifted(store, folders))})


def _misquoted(files: Sequence[SourceFile], path: Path) -> list[Problem]:
    text = resources.read_text(path)
    owners = [file for file in files if sources.is_text_of(file, text)]
    if not owners:
        raise BadData(f"{path}: no source has a text with this SHA-256; its offsets would count in another text")
    return [problem for file in owners for problem in sources.check_text(file, text)]


def _drifted(store: ox.Store, folders: Folders) -> Iterator[Problem]:
    """The generated files that are not what the data gives."""
    given = "" if folders.data == resources.bundled().data else f" --data {folders.data}"
    for path, form in ((folders.published(), "turtle"), (folders.context(), "context")):
        if not path.is_file() or path.read_bytes() != publish.export(store, form):
            yield Problem(path.name, "", f"is not what the data gives; run “kgraph export {form}{given} -o {path}”")
