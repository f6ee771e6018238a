"""The files of a release that a server gives as they are, such as its catalogue, VoID, tables and ontology."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from starlette.responses import FileResponse

from kgraph.publish.metadata.description import File, file
from kgraph.publish.pages import Site
from kgraph.publish.release import verify
from kgraph.publish.release.site import folder_address

RENDERED = ("api", "assets", "data", "page", "pictures")
"""The folders of a release with what a server renders itself."""


@dataclass(frozen=True)
class Published:
    """The folder of a release, its manifest, and its files by path."""

    folder: Path
    manifest: Mapping[str, Any]
    files: Mapping[str, File]

    def find(self, path: str) -> FileResponse | None:
        """A file of the manifest; None for any other path, and for settings of a web host."""
        known, target = self.files.get(path), self.folder / path
        if known is None or target.name.startswith(".ht") or not target.is_file():
            return None
        tag = {"ETag": f'"{known.sha256[:24]}"', "Cache-Control": "no-cache"}
        return FileResponse(target, headers=tag, media_type=known.media, stat_result=target.stat())


def published(folder: Path | None) -> Published | None:
    """The release in a folder; None for a folder without a manifest, BadData for one that cannot be read."""
    if folder is None or not (folder / verify.MANIFEST).is_file():
        return None
    known, own = verify.manifest(folder), file(verify.MANIFEST, (folder / verify.MANIFEST).read_bytes())
    return Published(folder, known, verify.listed(known) | {own.path: own})


def site_of(release: Published | None, base_url: str | None) -> Site:
    """The site of a server under the given address: of a release, with its version, day, files and contact."""
    address = folder_address(base_url).rstrip("/") if base_url else None
    if release is None:
        return Site(address)
    known = release.manifest
    beside = (path for path in release.files if PurePosixPath(path).parts[0] not in RENDERED)
    return Site(address, known["version"], known["issued"], tuple(beside), contact=known["contact"])
