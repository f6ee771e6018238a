"""Notebooks run from top to bottom, with the outputs that are kept in their files.

nbformat and nbclient take 2 s to import, in every worker of a test run, so they are imported when a notebook runs.
"""

from __future__ import annotations

import atexit
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

LARGEST = 40_000
"""The most characters of an output that is kept; a network drawn as a page has more, and its words are kept instead."""

FRESH = "get_ipython().extension_manager.loaded.clear()\n%reset -f"
"""Removes variables and extensions of an earlier notebook in the kernel."""

CHANGING = (
    (r"\x1b\[[\d;]*m", ""),
    (r"/[\w/.-]*/tmp[\w-]*(?=/)|/tmp/[\w.-]+", "/tmp/folder"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:8000"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|\+00:00)?", "2026-01-01T00:00Z"),
    (r"kgraph-\d{8}T\d{6}", "kgraph-20260101T000000"),
    (r"(year = \{)\d{4}", r"\g<1>2026"),
    (r"(urldate = \{)\d{4}-\d\d-\d\d", r"\g<1>2026-01-01"),
    (r'("accessed": \{"date-parts": \[\[)[\d, ]+', r"\g<1>2026, 1, 1"),
    (r" at 0x[0-9a-f]+", ""),
    (r" +$", ""),
)
"""What differs in every run, and what stands for it."""


def shell(**variables: object) -> InteractiveShell:
    """A shell with variables and `%sparql`, which the end of the process leaves as it is.

    IPython's own end of a shell collects the garbage of the whole process: a second of CPU each.
    """
    from IPython.core.interactiveshell import InteractiveShell

    opened = InteractiveShell(user_ns=variables)  # type: ignore[no-untyped-call]
    atexit.unregister(opened.atexit_operations)
    opened.run_line_magic("load_ext", "kgraph")
    return opened


def read(path: Path) -> NotebookNode:
    import nbformat

    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call,no-any-return]


def run(path: Path, kernel: AsyncKernelManager) -> NotebookNode:
    """The notebook with the outputs of a run in a kernel without variables."""
    import nbformat
    from nbclient import NotebookClient

    notebook = read(path)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(FRESH))  # type: ignore[no-untyped-call]
    NotebookClient(notebook, km=kernel, timeout=120, resources={"metadata": {"path": path.parent}}).execute()
    del notebook.cells[0]
    return notebook


def kept(notebook: NotebookNode) -> NotebookNode:
    """The notebook as its file has it: small outputs, without what differs in every run."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        cell.metadata, cell.execution_count = {}, number
        cell.outputs = [_kept(output, number) for output in _joined(cell.outputs)]
    return notebook


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """The outputs with the pieces of a stream as one."""
    found: list[NotebookNode] = []
    for output in outputs:
        if found and output.output_type == "stream" and found[-1].get("name") == output.name:
            found[-1].text += output.text
        else:
            found.append(output)
    return found


def _kept(output: NotebookNode, number: int) -> NotebookNode:
    if output.output_type == "stream":
        output.text = steady(output.text)
    if "data" in output:
        output.data = {form: steady(said) for form, said in output.data.items() if len(str(said)) <= LARGEST}
    if "execution_count" in output:
        output.execution_count = number
    return output


def steady(said: Any) -> Any:
    """A text without what differs in every run; any other value unchanged."""
    for pattern, replacement in CHANGING if isinstance(said, str) else ():
        said = re.sub(pattern, replacement, said, flags=re.MULTILINE)
    return said


def words(notebook: NotebookNode) -> list[list[str]]:
    """What each code cell says in plain text; HTML differs between versions of pandas."""
    return [
        [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
