"""Imports go downwards only."""

import ast
from pathlib import Path

import kgraph

LAYERS = [
    {"errors"},
    {"vocab"},
    {"resources", "store", "functions"},
    {"query", "sources"},
    {"facts", "search", "inference", "shapes", "states"},
    {"names", "network", "disputes", "why"},
    {"card", "layout"},
    {"publish", "picture", "questions"},
    {"report", "terminal"},
    {"build"},
    {"check"},
    {"cli"},
]
LEVEL = {module: level for level, modules in enumerate(LAYERS) for module in modules}
MODULES = {path.stem: path for path in Path(kgraph.__file__).parent.glob("*.py") if path.stem != "__init__"}


def imported(path: Path) -> set[str]:
    """The modules of kgraph that a file imports anywhere, also inside its functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "kgraph":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("kgraph."):
            found.add(node.module.split(".")[1])
    return found & MODULES.keys()


def test_every_module_has_a_layer() -> None:
    assert MODULES.keys() == LEVEL.keys()


def test_imports_go_downwards() -> None:
    upward = {
        (module, other) for module, path in MODULES.items() for other in imported(path) if LEVEL[other] >= LEVEL[module]
    }
    assert upward == set()


def test_the_scan_sees_imports() -> None:
    assert {"query", "errors"} <= imported(MODULES["cli"])
