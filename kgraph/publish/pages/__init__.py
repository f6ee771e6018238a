"""The pages that need no JavaScript: one for each thing, and lists. Links are relative, so that they work as files."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """The release of the pages: address without a final slash, version, day, and paths of its other files.

    `endpoint` answers SPARQL over its data.

    A server of unpublished data has none of them, and no pictures for links.
    """

    base_url: str | None = None
    version: str | None = None
    issued: str | None = None
    files: tuple[str, ...] = ()
    has_pictures: bool = False
    endpoint: str | None = None


UNPUBLISHED = Site()
