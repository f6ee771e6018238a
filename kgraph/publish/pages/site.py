"""What the pages know of the release they belong to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """Where and when the pages are published: their address (no slash at its end), version and day.

    All None on a server that nobody published. `files` are the paths of what lies beside the pages of a release.
    """

    base_url: str | None = None
    version: str | None = None
    issued: str | None = None
    files: tuple[str, ...] = ()


UNPUBLISHED = Site()
