"""What an answer rests on, and its citation."""

from dataclasses import dataclass
from datetime import datetime

from kgraph.api.opening import Graph
from kgraph.publish.metadata.answer_citation import Citation, address, credited
from kgraph.rdf.endpoint import Endpoint


@dataclass(frozen=True)
class Basis:
    """The graph that was asked, when (UTC), and the day that the answer is about, if there is one.

    `remarks` are further details of a citation, by the key of their words.
    """

    graph: Graph
    asked: datetime
    day: str | None = None
    remarks: tuple[tuple[str, str], ...] = ()

    def attributes(self) -> dict[str, str | None]:
        """What a data frame keeps of it; the hash only where it takes a moment (`Graph.hash_at_once`)."""
        return {
            "graph": self.graph.name,
            "version": self.graph.version,
            "hash": self.graph.hash_at_once,
            "day": self.day,
            "asked": self.asked.isoformat(timespec="seconds"),
        }

    def cite(self, query: str, lang: str) -> Citation:
        """The citation of the answer to a query; the title is that of the data set, else what was opened."""
        graph = self.graph
        title, publishers = credited(graph.store, lang)
        own = ", ".join(one.name for one in graph.own)
        return Citation(
            title or graph.name,
            publishers,
            query,
            self.asked,
            lang,
            graph.version,
            self.day,
            graph.hash,
            own,
            self.remarks,
            address(graph.store) or (graph.name if isinstance(graph.store, Endpoint) else ""),
        )


def call(name: str, *given: object, **options: object) -> str:
    """The call as Python would write it, without what was not given."""
    named = [f"{option}={value!r}" for option, value in options.items() if value is not None]
    return f"kgraph.{name}({', '.join(['graph', *(repr(value) for value in given if value), *named])})"
