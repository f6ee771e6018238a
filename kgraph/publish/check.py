"""All checks of the data: sources, quotes, and the generated files."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from kgraph import publish
from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.problems import Problem, problem
from kgraph.build import pipeline
from kgraph.evidence import turtle
from kgraph.evidence.quotes import check_text


def problems(folders: Folders, texts: Sequence[Path] = ()) -> list[Problem]:
    """Every fault of the data, of its quotes in texts, and of the generated files, in a stable order.

    Texts are those given and those in `texts/` beside the data folder. BadData for a file that cannot be read.
    """
    store, found = pipeline.validated(folders)
    read = {paths.resolved(path): paths.read_text(path, pipes=True) for path in (*texts, *_beside(folders))}
    files = [turtle.read(path) for path in folders.sources()] if read else []
    quoted = [wrong for path, text in read.items() for wrong in check_text(files, path.name, text)]
    return sorted({*found, *quoted, *([] if found or quoted else _drifted(store, folders))})


def _beside(folders: Folders) -> list[Path]:
    """The texts that the curator keeps beside the data folder."""
    return sorted((paths.resolved(folders.data).parent / "texts").glob("*.txt"))


def _drifted(store: ox.Store, folders: Folders) -> Iterator[Problem]:
    """The generated files that differ from what the data gives."""
    given = "" if folders.data == paths.bundled().data else f" --data {folders.data}"
    for path, form in ((folders.published(), "turtle"), (folders.context(), "context")):
        if not path.is_file() or path.read_bytes() != publish.export(store, form):
            yield problem(path.name, "", "drifted", form=form, data=given, file=str(path))
