"""A data folder that is built anew whenever it changes, beside a running server."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from kgraph.base.paths import Folders
from kgraph.base.problems import Problem, fault
from kgraph.build import pipeline
from kgraph.build.pipeline import Recipe
from kgraph.errors import KgraphError
from kgraph.publish import check

TURN = 200
"""Milliseconds after which a watch says that nothing has changed."""

Found = tuple[Problem, ...]


@dataclass(frozen=True)
class Verdict:
    """What a check of the data found; without problems its graph is, or will soon be, the one that is served."""

    problems: Found = ()
    hints: Found = ()


@dataclass
class Watch:
    """The folders that are watched, the build folder of their graph, and the newest verdict.

    `graph` counts the graphs that were served, so that a page can tell that its own is not the newest.
    """

    folders: Folders
    built: Path
    verdict: Verdict = field(default_factory=Verdict)
    graph: int = 1


def attempt(folders: Folders, built: Path) -> Verdict:
    """Check the data and, if it has no problems, write its graph; otherwise the last graph stays."""
    try:
        found = check.verdict(folders)
        return Verdict(found.problems or pipeline.build(built, Recipe(folders)).problems, found.hints)
    except KgraphError as error:
        said = tuple(given for given in error.args if isinstance(given, Problem))
        return Verdict(said or (fault("watch-failed", reason=str(error)),))


async def keep_building(watch: Watch) -> None:
    """Try the data at once and after every change; in a process of its own, so that the server never waits."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        async for _ in _changes(watch.folders):
            loop = asyncio.get_running_loop()
            watch.verdict = await loop.run_in_executor(pool, attempt, watch.folders, watch.built)


async def _changes(folders: Folders) -> AsyncIterator[None]:
    """Now, and whenever a file of the data, its ontology or its texts changes."""
    import watchfiles

    ran = False
    # the first turn, without changes, comes when the watch has begun, so that no change is missed
    async for changes in watchfiles.awatch(*watched(folders), yield_on_timeout=True, rust_timeout=TURN):
        if changes or not ran:
            yield
            ran = True


def watched(folders: Folders) -> list[Path]:
    """The folders in which a change matters."""
    texts = folders.texts()
    return [folders.data, folders.ontology, *([texts] if texts.is_dir() else [])]
