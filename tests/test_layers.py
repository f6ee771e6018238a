"""Imports go downwards only."""

import ast
from itertools import chain
from pathlib import Path

import kgraph

LAYERS = [
    {"errors"},
    {"lexis", "vocab"},
    {"folding", "keys", "resources", "store", "remote", "functions", "words"},
    {"sparql", "sources", "shacl"},
    {"consistency"},
    {"facts", "reading", "lookup", "inference", "shapes", "states", "tenures"},
    {"names", "networks", "disputes", "reasons"},
    {"analysis", "card", "layout"},
    {"figures", "publish", "picture", "questions"},
    {"handoff", "plain", "report", "terminal"},
    {"build"},
    {"check", "server", "desk"},
    {"release"},
    {"cli"},
]
LEVEL = {module: level for level, modules in enumerate(LAYERS) for module in modules}
HERE = Path(kgraph.__file__).parent
MODULES = {
    **{path.stem: [path] for path in HERE.glob("*.py") if path.stem != "__init__"},
    **{path.parent.name: sorted(path.parent.rglob("*.py")) for path in HERE.glob("*/__init__.py")},
}
"""Each module with its files; a package is one module."""


def imported(module: str) -> set[str]:
    """The other modules of kgraph that one imports anywhere, also inside its functions."""
    nodes = chain.from_iterable(ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in MODULES[module])
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "kgraph":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("kgraph."):
            found.add(node.module.split(".")[1])
    return found & MODULES.keys() - {module}


def test_every_module_has_a_layer() -> None:
    assert MODULES.keys() == LEVEL.keys()


def test_imports_go_downwards() -> None:
    upward = {(module, other) for module in MODULES for other in imported(module) if LEVEL[other] >= LEVEL[module]}
    assert upward == set()


def test_the_scan_sees_imports() -> None:
    assert {"sparql", "errors"} <= imported("cli")
