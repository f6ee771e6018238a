"""The paths of the ontology, the data, and the package's queries and templates."""

import errno
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kgraph.base.problems import fault, reason
from kgraph.errors import BadData, NotFound

_PACKAGE = Path(str(files("kgraph")))


IDENTITY = "identity.ttl"
"""The file of a data folder with decisions about identity."""


@dataclass(frozen=True)
class Folders:
    """The two folders that people edit: `ontology` and `data`; the `omitted` files of `data` are left out."""

    ontology: Path
    data: Path
    omitted: frozenset[Path] = frozenset()

    def ontologies(self) -> list[Path]:
        """The classes and properties and, if there is one, the file of axioms on reused ones."""
        bridge = self.ontology / "bridge.ttl"
        return [self.ontology / "sekg.ttl", *([bridge] if bridge.is_file() else [])]

    def sources(self) -> list[Path]:
        """The gazetteer, every source file, the head of every register, and the decisions about identity."""
        written = (file for folder in ("sources", "registers") for file in sorted((self.data / folder).glob("*.ttl")))
        chosen = (path for path in written if path.is_file() and path not in self.omitted)
        return [self.data / "places.ttl", *chosen, *self.decisions()]

    def decisions(self) -> list[Path]:
        """The file of decisions about identity, if there is one."""
        path = self.data / IDENTITY
        return [path] if path.is_file() else []

    def editorial(self) -> list[Path]:
        """The curators' description of the data set and, if there is one, their file of removed things."""
        removed = self.data / "removed.ttl"
        return [self.data / "dataset.ttl", *([removed] if removed.is_file() else [])]

    def texts(self) -> Path:
        """The folder beside the data in which the curator keeps the texts of sources."""
        return resolved(self.data).parent / "texts"

    def published(self) -> Path:
        """The generated graph for portals."""
        return self.data / "sekg.ttl"

    def context(self) -> Path:
        """The generated JSON-LD context."""
        return self.ontology / "context.jsonld"


def bundled() -> Folders:
    """The folders inside the wheel or, in an editable install, beside the package."""
    root = _PACKAGE if (_PACKAGE / "ontology").is_dir() else _PACKAGE.parent
    return Folders(root / "ontology", root / "data")


def is_checkout() -> bool:
    """Whether the bundled folders are those of a clone, not those of an installed wheel."""
    return not (_PACKAGE / "ontology").is_dir()


def folders(ontology: Path | None = None, data: Path | None = None) -> Folders:
    """The given folders, by default the bundled ones; NotFound when a file is missing."""
    default = bundled()
    chosen = Folders(ontology or default.ontology, data or default.data)
    for needed in (chosen.ontology / "sekg.ttl", chosen.data / "places.ttl"):
        if not needed.is_file():
            raise NotFound(fault("file-not-there", file=str(needed)))
    return chosen


LARGEST = 256 * 1024**2
"""The most bytes of a file that is read as a whole."""


def read_text(path: Path, *, pipes: bool = False) -> str:
    """The text of a file with its line ends, which offsets count; BadData when it cannot be read or is not UTF-8."""
    try:
        return read_bytes(path, pipes=pipes).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadData(fault("file-not-utf-8", file=str(path), byte=error.start)) from error


def read_bytes(path: Path, *, pipes: bool = False) -> bytes:
    """The bytes of a file, or also of a pipe; BadData for what is neither, is too large, or cannot be read."""
    try:
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or (pipes and stat.S_ISFIFO(mode))):
            raise BadData(fault("not-a-file", file=str(path)))
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise BadData(fault("file-unreadable", file=str(path), reason=reason(error))) from error
    if len(content) > LARGEST:
        raise BadData(fault("file-too-large", file=str(path), most=LARGEST // 1024**2))
    return content


def resolved(path: Path) -> Path:
    """The path without symbolic links; BadData when they lead in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: Python 3.11 and 3.12
        circle = OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        raise BadData(fault("file-unreadable", file=str(path), reason=reason(circle))) from error


CACHE = "KGRAPH_CACHE"
"""The environment variable with the folder of the cache; empty for no cache."""
KEPT = 100
"""The most files of a kind in the cache; the kind is what their names begin with, up to a hyphen."""


def cache_folder() -> Path | None:
    """The user's cache of what takes seconds to compute; None when there is none.

    https://specifications.freedesktop.org/basedir-spec/latest/
    """
    given = os.environ.get(CACHE)
    if given is not None:
        return Path(given) if given else None
    home = Path(os.environ.get("XDG_CACHE_HOME", ""))
    with suppress(RuntimeError):  # a user without a home
        return (home if home.is_absolute() else Path.home() / ".cache") / "kgraph"
    return None


def keep(path: Path, content: bytes) -> None:
    """Write a file of the cache at once, and remove the oldest of its kind; do nothing where that is not possible."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_suffix(f".{os.getpid()}")
        written.write_bytes(content)
        written.replace(path)
        alike = path.parent.glob(f"{path.name.partition('-')[0]}-*")
        for old in sorted(alike, key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink()


@cache
def query_text(name: str) -> str:
    """The package's own query of that name, from the folder `queries` of the room that asks it."""
    return _queries()[name].read_text(encoding="utf-8")


@cache
def _queries() -> Mapping[str, Path]:
    return {path.stem: path for path in _PACKAGE.glob("*/queries/*.rq")}


def packaged(path: str) -> Path:
    """A file or folder inside the package, by its path there."""
    return _PACKAGE / path


@cache
def packaged_text(path: str) -> str:
    """The text of a file inside the package."""
    return packaged(path).read_text(encoding="utf-8")


@cache
def packaged_json(path: str) -> Mapping[str, Any]:
    """The object in a JSON file inside the package."""
    found: Mapping[str, Any] = json.loads(packaged(path).read_bytes())
    return found


def questions(ontology: Path) -> dict[str, Path]:
    """The competency questions by name."""
    return {path.stem: path for path in sorted((ontology / "questions").glob("*.rq"))}
