"""A knowledge graph of the social economy: every fact with its source, every inference with its reason.

>>> import kgraph
>>> graph = kgraph.open()
>>> kgraph.search(graph, "pozorek", limit=1)
┏━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━┓
┃ thing            ┃ name          ┃ kind        ┃
┡━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━┩
│ id:artur-pozorek │ Artur Pozorek │ foaf:Person │
└──────────────────┴───────────────┴─────────────┘
1 row; there are more, the limit was reached
"""

from importlib import import_module
from typing import TYPE_CHECKING

from kgraph._version import __version__

if TYPE_CHECKING:
    from kgraph.api.functions import (
        ask,
        curie,
        dataset,
        iri,
        neighbourhood,
        network,
        query,
        search,
        show,
        thing,
        why,
    )
    from kgraph.api.jupyter import load_ipython_extension
    from kgraph.api.matching import match
    from kgraph.api.opening import Graph, open  # noqa: A004
    from kgraph.api.result import Result
    from kgraph.api.tables import analyse, chain, claims, disputes, questions, sources

__all__ = [
    "Graph",
    "Result",
    "__version__",
    "analyse",
    "ask",
    "chain",
    "claims",
    "curie",
    "dataset",
    "disputes",
    "iri",
    "load_ipython_extension",
    "match",
    "neighbourhood",
    "network",
    "open",
    "query",
    "questions",
    "search",
    "show",
    "sources",
    "thing",
    "why",
]

ELSEWHERE = {
    "Graph": "kgraph.api.opening",
    "Result": "kgraph.api.result",
    "load_ipython_extension": "kgraph.api.jupyter",
    "match": "kgraph.api.matching",
    "open": "kgraph.api.opening",
    **dict.fromkeys(("analyse", "chain", "claims", "disputes", "questions", "sources"), "kgraph.api.tables"),
}


MEANT = {
    **dict.fromkeys(("load", "read", "connect"), "open"),
    **dict.fromkeys(("sparql", "select"), "query"),
    **dict.fromkeys(("explain", "reason"), "why"),
    **dict.fromkeys(("card", "describe", "get"), "show"),
    **dict.fromkeys(("neighbors", "neighborhood", "neighbours"), "neighbourhood"),
    **dict.fromkeys(("analyze", "centrality", "measures"), "analyse"),
    **dict.fromkeys(("path", "shortest_path"), "chain"),
    **dict.fromkeys(("link", "reconcile"), "match"),
    **dict.fromkeys(("facts", "evidence"), "claims"),
    "cite": 'ask(graph, "founders").cite()',
    "find": "search",
    "resolve": "thing",
}
"""What people write for the functions."""


def __getattr__(name: str) -> object:
    """The public functions, read when they are first used: `import kgraph` alone takes no time."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{_advice(name)}")
    return getattr(import_module(ELSEWHERE.get(name, "kgraph.api.functions")), name)


def _advice(name: str) -> str:
    """What is meant by a name that is not there; nothing for those that Python itself asks for."""
    if name.startswith("_"):
        return ""
    from difflib import get_close_matches

    alike = [MEANT[name]] if name in MEANT else get_close_matches(name, __all__, 1)
    return f"; did you mean kgraph.{alike[0]}?" if alike else f"; there are {', '.join(__all__)}"


def __dir__() -> list[str]:
    return sorted(__all__)
