"""Every notebook runs from top to bottom, and its file has the outputs of that run.

With KGRAPH_NOTEBOOKS=1, as in `make notebooks`, the outputs are written to the files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import notebooks
from tests.conftest import ROOT

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks_in_both_languages() -> None:
    assert len(NOTEBOOKS) >= 8
    assert {"01-who-founded-the-cluster", "01-kto-zalozyl-klaster"} <= {path.stem for path in NOTEBOOKS}


@pytest.fixture(scope="module")
def kernel() -> Iterator[AsyncKernelManager]:
    """One kernel for all notebooks: variables are reset between them, imported modules stay loaded."""
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_core.utils import run_sync

    manager = AsyncKernelManager()
    run_sync(manager.start_kernel)(cwd=str(ROOT / "notebooks"), env={**os.environ, "COLUMNS": "120", "LINES": "24"})
    yield manager
    run_sync(manager.shutdown_kernel)(now=True)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=() if path.stem == "01-who-founded-the-cluster" else pytest.mark.slow, id=path.stem)
        for path in NOTEBOOKS
    ],
)
def test_a_notebook_runs_and_has_its_outputs(kernel: AsyncKernelManager, path: Path) -> None:
    import nbformat

    ran = notebooks.kept(notebooks.run(path, kernel))
    outputs = [output for cell in ran.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs
    assert [output for output in outputs if output.output_type == "stream" and output.name == "stderr"] == []
    if os.environ.get("KGRAPH_NOTEBOOKS"):
        nbformat.write(ran, path)  # type: ignore[no-untyped-call]
    assert notebooks.words(notebooks.read(path)) == notebooks.words(ran), "say “make notebooks”"


@pytest.mark.whole
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_small_and_begins_with_its_title(path: Path) -> None:
    import nbformat

    notebook = notebooks.read(path)
    nbformat.validate(notebook)
    assert path.stat().st_size < 250_000
    assert notebook.cells[0].source.startswith("# ")
