"""The values that the server answers requests from."""

from dataclasses import dataclass, field

from kgraph.server.federation import Federation
from kgraph.server.http.cache import Cache
from kgraph.server.inbox.queue import Editing
from kgraph.server.pool.evaluator import Evaluator
from kgraph.server.published import Published
from kgraph.server.update.writer import Writer
from kgraph.server.watching import Watch


@dataclass(frozen=True)
class Served:
    """The worker processes, the pages that they have rendered, and the operator's options.

    Of a release, `published` has the files that are given as they are.
    """

    evaluator: Evaluator
    base_url: str | None = None
    writer: Writer | None = None
    cache: Cache = field(default_factory=Cache)
    federation: Federation = field(default_factory=Federation)
    address: str = "http://localhost/"
    hosts: frozenset[str] | None = None
    logs: bool = False
    origins: tuple[str, ...] = ()
    watch: Watch | None = None
    editing: Editing | None = None
    published: Published | None = None

    @property
    def base(self) -> str:
        """The address that links begin with: the operator's, never that of a request."""
        return f"{self.base_url}/" if self.base_url else self.address
