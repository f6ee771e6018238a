"""Files of a release as one ZIP archive, or compressed one by one; equal files give equal bytes."""

import gzip
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

import brotli

from kgraph.base.media import BROTLI, GZIP
from kgraph.errors import BadData

DAY = (1980, 1, 1, 0, 0, 0)
"""The time of each file in an archive: the first that ZIP can say."""
READABLE = 0o644 << 16
"""The rights of each file, where ZIP keeps those of Unix."""


def package(files: Mapping[str, bytes]) -> bytes:
    """An archive of files by path."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, DAY)
            entry.create_system, entry.external_attr, entry.compress_type = 3, READABLE, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


QUALITY = 9
"""The quality of Brotli: 11 saves another tenth and takes a hundred times as long."""


def compressed(content: bytes) -> dict[str, bytes]:
    """A file in gzip, without name and time, and in Brotli, by the suffixes of these formats."""
    return {GZIP.name: gzip.compress(content, mtime=0), BROTLI.name: brotli.compress(content, quality=QUALITY)}


def unpacked(path: str, content: bytes, most: int) -> bytes:
    """The beginning of the content of a compressed file, at least so many bytes; BadData for a broken file."""
    try:
        if path.endswith(f".{GZIP.name}"):
            with gzip.open(BytesIO(content)) as file:
                return file.read(most)
        unpacking = brotli.Decompressor()
        found: bytes = unpacking.process(content, output_buffer_limit=most)
        if len(found) < most and not unpacking.is_finished():
            raise EOFError("Compressed file ended before the end-of-stream marker was reached")
        return found
    except (OSError, EOFError, zlib.error, brotli.error) as error:
        raise BadData(f"{path} is not a whole compressed file") from error
