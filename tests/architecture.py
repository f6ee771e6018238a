"""The imports of Python and TypeScript by file, import cycles, and imports against the drawing of ARCHITECTURE.md.

    python tests/architecture.py

prints the cycles and the upward imports, with their numbers.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).parent.parent
DRAWING = re.compile(r"```rooms\n(.*?)```", re.DOTALL)
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']*)["']""")
GLOB = re.compile(r"import\.meta\.glob(?:<.*?>)?\((\[.*?\]|[^)]*)", re.DOTALL)
"""Match the relative imports of a TypeScript file: IMPORT those of ECMAScript (section 16.2), GLOB those of Vite."""

Imports = Mapping[str, frozenset[str]]


def python_imports(root: Path = ROOT) -> Imports:
    """The imports of each Python file, including those inside functions."""
    files = sorted((root / "kgraph").rglob("*.py"))
    modules = {_module(path, root): path.relative_to(root).as_posix() for path in files}
    return {
        path.relative_to(root).as_posix(): frozenset(
            modules[name] for name in _imported(path, modules) if modules[name] != path.relative_to(root).as_posix()
        )
        for path in files
    }


def lines_of_functions(root: Path = ROOT) -> Iterator[tuple[str, int]]:
    """Each function of the package, as `file:line name`, with the number of its lines."""
    for path in sorted((root / "kgraph").rglob("*.py")):
        for node in statements(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield f"{path.relative_to(root)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def _module(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """The statements in a syntax tree, each before those inside it; expressions, nine nodes of ten, are left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            yield node
            yield from statements(node)


def _imported(path: Path, modules: Mapping[str, str]) -> Iterator[str]:
    for node in statements(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield from (name for name in [whole if whole in modules else node.module] if name in modules)


def typescript_imports(root: Path = ROOT) -> Imports:
    """The imports of each TypeScript file, including types and dynamic imports."""
    source = root / "frontend" / "src"
    files = {path for path in source.rglob("*.ts") if not path.name.endswith(".test.ts")}
    return {
        path.relative_to(root).as_posix(): frozenset(
            found.relative_to(root).as_posix() for found in _named(path, files) if found != path
        )
        for path in sorted(files)
    }


def _named(path: Path, files: set[Path]) -> Iterator[Path]:
    text = path.read_text(encoding="utf-8")
    for name in IMPORT.findall(text):
        aim = (path.parent / name).resolve()
        yield from (file for file in (aim.with_name(f"{aim.name}.ts"), aim / "index.ts", aim) if file in files)
    for patterns in GLOB.findall(text):
        for pattern in re.findall(r"""["']([^"']+)["']""", patterns):
            yield from (found.resolve() for found in path.parent.glob(pattern) if found.resolve() in files)


def circles(imports: Imports) -> list[list[str]]:
    """The import cycles as sorted lists of files."""
    graph = nx.DiGraph([(file, other) for file, others in imports.items() for other in others])
    return sorted(sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1)


def floors(drawing: str) -> dict[str, int]:
    """The floor of each room in the drawing, the lowest floor last. A room may import from lower floors only."""
    found = DRAWING.search(drawing)
    assert found, "ARCHITECTURE.md has no block ```rooms"
    lines = [line.split("#")[0].split() for line in found[1].splitlines() if line.split("#")[0].split()]
    return {room: len(lines) - place for place, line in enumerate(lines) for room in line}


def room(file: str) -> str:
    """The room of a file: its subpackage, or the package for files at the top level."""
    parts = Path(file).parts
    return parts[1] if len(parts) > 2 else "kgraph"


def upward(imports: Imports, drawn: Mapping[str, int]) -> list[tuple[str, str]]:
    """The imports from a room to a room that is not below it. Every room may import the files at the top level."""
    return sorted(
        (file, other)
        for file, others in imports.items()
        for other in others
        if room(file) != room(other) and "kgraph" not in (room(file), room(other))
        if drawn[room(file)] <= drawn[room(other)]
    )


def main() -> int:
    found = [*circles(python_imports()), *circles(typescript_imports())]
    wrong = upward(python_imports(), floors((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")))
    for circle in found:
        print("circle:", " ".join(circle))
    for file, other in wrong:
        print("upwards:", file, "->", other)
    print(f"{len(found)} import cycles, {len(wrong)} imports upwards")
    return 1 if found or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
