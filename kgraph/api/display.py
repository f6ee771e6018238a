"""A card, a reason, a network and a map as Python shows them: text in a terminal, HTML in a notebook."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Never

import pyoxigraph as ox
from markupsafe import Markup
from rich.tree import Tree

from kgraph.api.calling import lacking
from kgraph.api.citation import Basis
from kgraph.api.grid import filled, printed
from kgraph.api.result import Result
from kgraph.base import words
from kgraph.graph.entity import as_json, as_table, as_text
from kgraph.graph.entity.cards import Card
from kgraph.graph.names.labels import Names
from kgraph.graph.network import edges
from kgraph.graph.network.networks import Edge, Network, Node
from kgraph.graph.statements.reasons import Reason
from kgraph.publish.metadata.answer_citation import Citation
from kgraph.rdf.sparql import Table

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


@dataclass(frozen=True, repr=False)
class _ShownTree(ABC):
    """A tree: text in a terminal, nested lists in a notebook, open down to `depth`.

    `basis` is the graph that was asked, and when; `query` is the call.
    """

    basis: Basis
    query: str
    depth: ClassVar[int]

    @abstractmethod
    def _tree(self) -> Tree: ...

    @abstractmethod
    def _table(self) -> Table: ...

    @abstractmethod
    def to_dict(self) -> dict[str, object]:
        """What the command line prints with `--format json`: whole IRIs, and their names under `names`."""

    def to_pandas(self, *, curies: bool = True) -> "pd.DataFrame":
        """A row for each fact and passage, with rule, status, source and words."""
        columns, rows = self._table()
        return Result("table", tuple(columns), tuple(map(tuple, rows))).to_pandas(curies=curies)

    def cite(self, lang: str = "en") -> Citation:
        """The citation of what is shown: a sentence, BibTeX and CSL-JSON, with the call and the hash of the graph."""
        return self.basis.cite(self.query, words.known(lang))

    def __repr__(self) -> str:
        return printed(self._tree())

    def _repr_html_(self) -> str:
        return filled("tree.html", tree=self._tree(), depth=self.depth)


@dataclass(frozen=True, repr=False)
class ShownCard(_ShownTree):
    """The card of a thing, in one language."""

    card: Card
    lang: str
    depth = 2

    def _tree(self) -> Tree:
        return as_text.card(self.card, self.lang)

    def _table(self) -> Table:
        return as_table.card(self.card)

    def to_dict(self) -> dict[str, object]:
        return as_json.shown(self.card)


@dataclass(frozen=True, repr=False)
class ShownReason(_ShownTree):
    """The reason of a fact, in one language."""

    reason: Reason
    names: Names
    lang: str
    depth = 9

    def _tree(self) -> Tree:
        return as_text.reason(self.reason, self.names, self.lang)

    def _table(self) -> Table:
        return as_table.reason(self.reason, self.names)

    def to_dict(self) -> dict[str, object]:
        return as_json.explained(self.reason, self.names)


NETWORK_AS_TABLES = (
    'it has nodes, edges and to_networkx(); tables are kgraph.analyse(graph, "signatories", table="ties"),'
    ' and of a year kgraph.network(graph, by="year").measures(2018)'
)


@dataclass(frozen=True, repr=False)
class ShownNetwork:
    """A network, with the store for the names of kinds and relations; in a notebook it is a picture."""

    network: Network
    store: ox.Store
    lang: str

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Never:
            """AttributeError that leads to measures and ties as tables."""
            raise lacking("a network", name, NETWORK_AS_TABLES)

    @property
    def nodes(self) -> tuple[Node, ...]:
        return self.network.nodes

    @property
    def edges(self) -> tuple[Edge, ...]:
        return self.network.edges

    def to_networkx(self, *, curies: bool = True) -> "nx.MultiDiGraph[str]":
        """Nodes by CURIE, where there is one, with `label` and `kind`; edges keyed by predicate, with their sources.

        Edges have `asserted`, `inferred`, `sources` and their `titles` and days of issue (`issued`), and `since` and
        `until`, the days of the fact, as far as they are known. With `curies=False` all are whole IRIs.
        """
        return edges.to_networkx(self.store, self.network, self.lang, curies=curies)

    def page(self) -> str:
        """The picture as one HTML page that works offline."""
        from kgraph.publish import picture  # reads pyvis: slow

        return picture.page(self.store, self.network, self.lang)

    def __repr__(self) -> str:
        return f"a network of {len(self.nodes):,} things and {len(self.edges):,} facts"

    def _repr_html_(self) -> str:
        """The page in a sandboxed frame, in the light or dark theme of the notebook."""
        theme = (
            "const [r, g, b] = getComputedStyle(this).color.match(/[\\d.]+/g).map(Number);"
            "this.contentWindow.postMessage({ theme: r + g + b > 382 ? 'dark' : 'light' }, '*')"
        )
        return Markup(
            '<iframe srcdoc="{}" sandbox="allow-scripts" title="{}" onload="{}" width="100%" height="600" '
            'style="border: 0"></iframe>'
        ).format(self.page(), repr(self), theme)


@dataclass(frozen=True, repr=False)
class ShownMap:
    """A map as SVG, with its number of places."""

    svg: str
    places: int

    def __repr__(self) -> str:
        return f"a map of {self.places:,} places"

    def _repr_html_(self) -> str:
        return self.svg
