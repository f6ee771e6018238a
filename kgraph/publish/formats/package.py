"""Files of a release as one ZIP archive, or compressed one by one; equal files give equal bytes."""

import gzip
import zipfile
from collections.abc import Mapping
from io import BytesIO

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


def compressed(content: bytes) -> bytes:
    """A file in gzip, without name and time."""
    return gzip.compress(content, mtime=0)
