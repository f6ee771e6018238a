"""Sources that are drafts: built and shown, and not published."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from kgraph.base.paths import Folders
from kgraph.base.problems import Problem, problem
from kgraph.base.vocab import DRAFT
from kgraph.evidence.turtle import parse
from kgraph.rdf.terms import said


def drafts(folders: Folders) -> Mapping[Path, ox.NamedNode]:
    """The draft that each file describes, for files that describe one; BadData for a file that is not Turtle."""
    return {
        path: quad.subject
        for path in folders.sources()
        if path.is_file() and b"draft" in path.read_bytes()  # most files need no parser
        for quad in parse(path)
        if quad.predicate == DRAFT and isinstance(quad.object, ox.Literal) and quad.object.value in ("true", "1")
        if isinstance(quad.subject, ox.NamedNode)
    }


def problems(folders: Folders) -> list[Problem]:
    """A problem for each draft, for those who publish."""
    return [problem(path.name, said(source), "draft") for path, source in drafts(folders).items()]


def without(folders: Folders) -> Folders:
    """The folders without the files of drafts."""
    return replace(folders, omitted=frozenset(drafts(folders)))
