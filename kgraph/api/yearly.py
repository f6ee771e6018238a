"""Networks of agreements by year, as `kgraph.network(graph, by="year")` gives them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Never

from kgraph.api import result
from kgraph.api.calling import lacking
from kgraph.api.display import ShownNetwork
from kgraph.api.opening import Graph
from kgraph.api.result import Result
from kgraph.base.vocab import compact
from kgraph.errors import NotFound
from kgraph.graph.network import years
from kgraph.graph.network.years import Years
from kgraph.publish.formats.graphml import TIMED, gexf
from kgraph.rdf.sparql import Table
from kgraph.rdf.store import write_file

if TYPE_CHECKING:
    import networkx as nx


class NoSuchYear(NotFound, KeyError):
    """There is no network of a year; also a KeyError, as of any mapping."""

    __str__ = Exception.__str__


@dataclass(frozen=True, repr=False)
class Yearly(Mapping[int, ShownNetwork]):
    """The networks of agreements and their signatories by year of signing; `undated` are agreements without a year.

    >>> import kgraph
    >>> yearly = kgraph.network(kgraph.open(), by="year")
    >>> 2018 in yearly, yearly[2018].to_networkx().has_node("id:agreement-2018")
    (True, True)
    """

    graph: Graph
    years: Years
    lang: str

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Never:
            """AttributeError that names what there is."""
            raise lacking("a network by year", name, "it has ties(), signatures(), measures() and to_networkx()")

    def __getitem__(self, year: int) -> ShownNetwork:
        if isinstance(year, str) and year.isdecimal():
            year = int(year)
        if year not in self.years.networks:
            raise NoSuchYear(
                f"no agreement was signed in {year!r}; there are {', '.join(map(str, self)) or 'no years'}"
            )
        return ShownNetwork(self.years.networks[year], self.graph.store, self.lang)

    def __iter__(self) -> Iterator[int]:
        return iter(self.years.networks)

    def __len__(self) -> int:
        return len(self.years.networks)

    def __repr__(self) -> str:
        undated = f"; without a year: {', '.join(self.undated)}" if self.undated else ""
        return f"networks of {len(self)} years: {', '.join(map(str, self))}{undated}"

    @property
    def undated(self) -> tuple[str, ...]:
        return tuple(map(compact, self.years.undated))

    def ties(self, year: int | None = None) -> Result:
        """Who signed together, in all years or in one: a row for each source of each pair and agreement, with its days.

        A source states both signatures; where none does, `together` is false, and the sources are those of either.
        """
        return self._table("ties", lambda: years.ties(self.graph.store, self._of(year), self.lang), year)

    def signatures(self, year: int | None = None) -> Result:
        """Who signed what, alone or with others: a row for each passage that says so, with its source and words.

        >>> import kgraph
        >>> kgraph.network(kgraph.open(), by="year").signatures(2018)[0].words
        'Centrum Integracji Społecznej'
        """
        return self._table("signatures", lambda: years.signatures(self.graph.store, self._of(year), self.lang), year)

    def measures(
        self,
        year: int | None = None,
        projection: Literal["signatories", "bipartite", "agreements"] = "signatories",
    ) -> Result:
        """Degree, betweenness and the other measures of `analyse`, for each thing in the network of each year, or one.

        >>> import kgraph
        >>> kgraph.network(kgraph.open(), by="year").measures(2018).columns[:4]
        ('year', 'thing', 'name', 'kind')
        """
        found = partial(years.measures, self._of(year), projection, self.lang)
        return self._table("measures", found, year, projection=projection)

    def _of(self, year: int | None) -> Years:
        """The networks of all years, or of one."""
        if year is None:
            return self.years
        network = self[year].network
        return Years({int(year): network}, tuple(tie for tie in self.years.ties if tie.year == int(year)), ())

    def _table(self, method: str, compute: Callable[[], Table], year: int | None, **given: str) -> Result:
        named = [f"{name}={value!r}" for name, value in (({} if year is None else {"year": int(year)}) | given).items()]
        call = f'kgraph.network(graph, by="year").{method}({", ".join(named)})'
        return result.computed(self.graph, call, compute, self.graph.on)

    def to_networkx(self, year: int | None = None, *, curies: bool = True) -> "nx.MultiGraph[str]":
        """Signatories, joined once for each agreement: edges have `agreement`, `year`, `since`, `until` and sources.

        Those who signed alone have no edge; `years` of a node are those in which it signed. With a year, nodes have
        their measures in its network.

        >>> import kgraph
        >>> kgraph.network(kgraph.open(), by="year").to_networkx(2018).nodes["id:ziola-siedleckie"]["degree"]
        4
        """
        found = self._of(year)
        drawn = years.to_networkx(self.graph.store, found, self.lang, curies=curies)
        return drawn if year is None else years.measured(drawn, found, curies=curies)

    def to_gexf(self, path: str | Path, *, growing: bool = False) -> None:
        """Write a dynamic network for the timeline of Gephi (GEXF 1.3), whole or not at all; things are IRIs.

        A tie is there from its day to the end of its year; in a `growing` network it stays.
        """
        timed = years.dynamic(self.to_networkx(curies=False), growing=growing)
        last = max((years.first_day(tie.since) for tie in self.years.ties), default="1970-01-01")
        told = f"signatories of agreements, {min(self, default='')} to {max(self, default='')}"
        write_file(Path(path), gexf(timed, last, told, TIMED))
