"""The pages that need no JavaScript: one for each thing, and lists. Links are relative, so that they work as files."""

from dataclasses import dataclass

from kgraph.base.media import DATA, FILED, Format


@dataclass(frozen=True)
class Site:
    """The release of the pages: address without a final slash, version, day, and paths of its other files.

    `latest_url` is the address of the newest release, if that is another; `contact` is for corrections; `endpoint`
    answers SPARQL over its data. A server of unpublished data has none of them. A site of files (`is_static`) has
    pictures for links.
    """

    base_url: str | None = None
    version: str | None = None
    issued: str | None = None
    files: tuple[str, ...] = ()
    is_static: bool = False
    latest_url: str | None = None
    contact: str | None = None
    endpoint: str | None = None

    @property
    def lasting(self) -> str | None:
        """The address under which the pages are known from release to release."""
        return self.latest_url or self.base_url

    @property
    def forms(self) -> tuple[Format, ...]:
        """The formats in which it has the data of each thing."""
        return FILED if self.is_static else DATA


UNPUBLISHED = Site()
