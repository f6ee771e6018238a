"""The files of a register as they came, kept byte for byte: one file, or a ZIP of several."""

import csv
import gzip
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal

from kgraph.base.problems import fault, reason
from kgraph.base.workbooks import bounded
from kgraph.errors import BadData, NotFound
from kgraph.evidence.registers import METADATA

LARGEST = 2 * 1024**3
"""The most bytes of a file that is read, and of a ZIP when it is unpacked."""


@contextmanager
def one_file(files: Sequence[Path], name: str) -> Iterator[Path]:
    """The one file, or a ZIP of several with the same bytes for the same files."""
    for file in files:
        if not file.is_file():
            raise NotFound(fault("given-not-there", file=str(file)))
    if len(files) == 1:
        yield files[0]
        return
    with tempfile.TemporaryDirectory() as temporary:
        kept = Path(temporary) / f"{name}.zip"
        with zipfile.ZipFile(kept, "w") as packed:
            for file in sorted(files):
                packed.writestr(zipfile.ZipInfo(file.name), file.read_bytes())
        yield kept


def unpacked(kept: Path, fresh: Path) -> list[Path]:
    """The files in a kept ZIP, or the kept file; LimitExceeded for a ZIP that would fill the disk."""
    if kept.suffix.lower() != ".zip":
        return [kept]
    folder = fresh / "files"
    try:
        with zipfile.ZipFile(kept) as packed:
            bounded(packed, kept.name, LARGEST)
            packed.extractall(folder)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise BadData(fault("table-cut", file=kept.name, reason=reason(error))) from error
    return sorted(path for path in folder.rglob("*") if path.is_file())


@dataclass(frozen=True)
class Compressed:
    """A file that is compressed while it is written. Equal content gives equal bytes on machines of one kind."""

    file: BinaryIO
    packer: Any

    def write(self, content: bytes) -> None:
        self.file.write(self.packer.compress(content))


@contextmanager
def compressed(target: Path, mode: Literal["wb", "ab"] = "wb") -> Iterator[Compressed]:
    """A file in gzip to be written, or a further member of it (RFC 1952, section 2.2)."""
    with target.open(mode) as file:
        packer = _isal().compressobj(2, wbits=GZIP)
        yield Compressed(file, packer)
        file.write(packer.flush())


GZIP = 16 + zlib.MAX_WBITS
"""The window that also asks for the header of gzip, as in `zlib.compressobj`."""


def _isal() -> Any:
    """The module that is four times as fast as zlib, which has no types; NotFound without its package."""
    try:
        from isal import isal_zlib
    except ImportError as error:
        raise NotFound(fault("duckdb-missing")) from error
    return isal_zlib


def sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def metadata(folder: Path) -> dict[str, Any]:
    """The description of a kept file."""
    found: dict[str, Any] = json.loads((folder / METADATA).read_text(encoding="utf-8"))
    return found


def content(folder: Path) -> bytes:
    """The kept file as it came, in memory."""
    found: bytes = _isal().decompress((folder / f"{metadata(folder)['url']}.gz").read_bytes(), GZIP)
    return found


def unzip(folder: Path, target: Path) -> None:
    """Write the kept file as it came."""
    with gzip.open(folder / f"{metadata(folder)['url']}.gz") as content, target.open("wb") as out:
        shutil.copyfileobj(content, out)


def rows(folder: Path) -> list[dict[str, str]]:
    """The rows of a kept table, by the titles of its columns."""
    delimiter = metadata(folder).get("dialect", {}).get("delimiter", ",")
    with gzip.open(folder / f"{metadata(folder)['url']}.gz", "rt", encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def is_unfinished(content: BinaryIO | gzip.GzipFile) -> bool:
    """Whether the last line of a text has no line break: it was cut off, or is written so (RFC 4180, section 2.2)."""
    last = b"\n"
    for block in iter(partial(content.read, 1 << 20), b""):
        last = block[-1:]
    return last not in b"\r\n"


def must_end(kept: Path, before: Path | None) -> bool:
    """Whether a kept text is unfinished; BadData where that of an earlier edition, in its folder, is not."""
    with kept.open("rb") as content:
        content.seek(-min(kept.stat().st_size, 2), os.SEEK_END)
        unfinished = is_unfinished(content)
    if unfinished and before:
        name = metadata(before)["url"]
        with gzip.open(before / f"{name}.gz") as earlier:
            if not is_unfinished(earlier):
                raise BadData(fault("table-unfinished", file=kept.name, before=name))
    return unfinished
