"""The pages that need no JavaScript: one for each thing, and lists. Links are relative, so that they work as files."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """The release of the pages: address without a final slash, version, day, and paths of its other files.

    `latest_url` is the address of the newest release, if that is another; `contact` is for corrections; `endpoint`
    answers SPARQL over its data. A server of unpublished data has none of them, and no pictures for links.
    """

    base_url: str | None = None
    version: str | None = None
    issued: str | None = None
    files: tuple[str, ...] = ()
    has_pictures: bool = False
    latest_url: str | None = None
    contact: str | None = None
    endpoint: str | None = None

    @property
    def lasting(self) -> str | None:
        """The address under which the pages are known from release to release."""
        return self.latest_url or self.base_url


UNPUBLISHED = Site()
