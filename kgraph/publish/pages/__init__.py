"""The pages that people, crawlers and programs read without JavaScript: one for each thing, and those that list them.

They work unchanged as files: every address between them is relative and says its language and form.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """The release that pages belong to: its address without a slash at the end, its version and day of publication.

    All None on a server that nobody published. `files` are the paths of the other files of a release.
    """

    base_url: str | None = None
    version: str | None = None
    issued: str | None = None
    files: tuple[str, ...] = ()


UNPUBLISHED = Site()
