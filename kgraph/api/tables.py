"""Tables of a graph, as results: claims, sources, disputes, prepared questions, chains, and measures of its network."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Literal

import pyoxigraph as ox

from kgraph.api import result
from kgraph.api.calling import checked
from kgraph.api.citation import call
from kgraph.api.functions import Lang, answered
from kgraph.api.opening import Graph, Name, open  # noqa: A004, F401 -- the examples open one
from kgraph.api.result import Result
from kgraph.api.values import Kind, day_text
from kgraph.base import paths, words
from kgraph.base.words import known
from kgraph.errors import BadQuery, NotFound
from kgraph.graph import questions as prepared
from kgraph.graph.network import analysis, networks
from kgraph.graph.statements import claims as claiming
from kgraph.graph.statements import disputes as differing

CLAIM_KINDS: Mapping[str, Kind] = {"issued": "date", "row": "integer", "start": "integer", "end": "integer"}
"""The kinds of columns of claims that are neither texts nor IRIs."""


@checked
def claims(
    graph: Graph,
    thing: Name | None = None,
    *,
    source: Name | None = None,
    status: str | None = None,
    until: str | int | date | None = None,
    undated: bool = False,
    offices: bool = False,
    lang: Lang = "en",
) -> Result:
    """The claims of sources: one row for each passage, with names, status, source and words.

    All, or those about a thing (by name, CURIE or IRI, at either end), of a source, of a status such as
    `status:opinion`, and of sources issued up to a day, or to the end of a year: `until="2019"`. Then sources without a
    day are left out, or kept with `undated=True`, as far as they do not state something of a later day. `doubts` counts
    the claims of those, `notes` the claims of later sources and of later days. The day of a register is its own.

    What is said of an office is about a tenure, not about the person or the organisation: `offices=True` adds the
    claims about the tenures and memberships of the thing. `since` and `until` are the first and last known day or year
    of the fact, by all sources; `issued` is the day of the source. `start` and `end` are characters of the source's
    text, `row` is one of a register.

    >>> found = claims(open(), "id:agreement-2018", source="source:mcps-2018-klaster")
    >>> sorted({row.status for row in found})
    ['status:alternative-reading', 'status:implied', 'status:stated']
    """
    about, by = (graph.resolve(name, lang) if name else None for name in (thing, source))
    how = claiming.status(graph.store, status) if status else None
    day = claiming.until(day_text(until)) if until else None
    asked = call(
        "claims", thing, source=source, status=status, until=until, undated=undated or None, offices=offices or None
    )
    started = time.perf_counter()
    if offices and about is None:
        raise BadQuery("offices=True adds the tenures of a thing; give the thing too")
    chosen = claiming.choose(
        graph.store, known(lang), thing=about, source=by, status=how, until=day, undated=undated, offices=offices
    )
    columns, rows = claiming.table(graph.store, lang, chosen)
    found = result.table(graph, columns, rows, asked, started, doubts=chosen.doubts(lang))
    return _of_all_times(replace(found, notes=chosen.notes(lang), kinds=CLAIM_KINDS), graph, "claims", lang)


@checked
def sources(graph: Graph, lang: Lang = "en") -> Result:
    """What each source contributes: facts that it shares or states alone, refinements, contradictions, unknowns.

    >>> [row.stated for row in sources(open()) if row.source == "source:mcps-2018-klaster"][0] > 50
    True
    """
    found = answered(graph, paths.query_text("contributions"), {"lang": ox.Literal(known(lang))}, None, None)
    return _of_all_times(replace(found, doubts=()), graph, "sources", lang)


@checked
def disputes(graph: Graph) -> Result:
    """Where sources contradict or refine each other: a row for each passage on either side.

    >>> disputes(open()).columns[:4]
    ('dispute', 'link', 'side', 'subject')
    """
    found = result.computed(graph, call("disputes"), lambda: differing.table(differing.disputes(graph.store)))
    return _of_all_times(found, graph, "disputes", "en")


@checked
def questions(graph: Graph, lang: Lang = "en") -> Result:
    """The prepared questions with their parameters; `ask` answers one of them.

    >>> next(iter(questions(open()))).name
    'asserted-or-inferred'
    """
    prepared_here = prepared.all_in(paths.folders().ontology).values()
    return result.computed(graph, call("questions"), lambda: prepared.table(prepared_here, known(lang)))


@checked
def chain(graph: Graph, one: Name, other: Name) -> Result:
    """The facts on a shortest path between two things, each with a source; on the day of the graph, if it has one.

    Raises NotFound where no path of facts joins them.

    >>> [row.object for row in chain(open(), "Zioła Siedleckie", "Artur Pozorek")]
    ['id:ziola-siedleckie', 'id:signing-2018', 'id:artur-pozorek']
    """
    start, end = (graph.resolve(name).value for name in (one, other))
    asked = call("chain", one, other)
    return result.computed(
        graph, asked, lambda: analysis.chain(networks.chain(graph.store, start, end, graph.day)), graph.on
    )


@checked
def analyse(
    graph: Graph,
    projection: Literal["bipartite", "signatories", "agreements"] = "bipartite",
    *,
    table: Literal["things", "ties", "network"] = "things",
    day: str | date | None = None,
    seed: int = 0,
    lang: Lang = "en",
) -> Result:
    """Measures of the network of agreements, of its things, its ties, or the whole.

    They are those of `day`, else of the day of the graph, else of the last change of the data. `seed` is that of the
    communities (Louvain).

    >>> analyse(open(), "signatories", table="ties").columns[:4]
    ('one', 'name', 'other', 'othername')
    """
    if table not in analysis.AS_TABLE:
        raise NotFound(f"no table {table!r}; there are {', '.join(analysis.AS_TABLE)}")
    on = day_text(day) if day else graph.on or analysis.day_of(graph.store)
    asked = call("analyse", projection, table=table, day=on, seed=seed)
    return result.computed(
        graph,
        asked,
        lambda: analysis.AS_TABLE[table](analysis.analyse(graph.store, projection, on, seed), known(lang)),
        on,
    )


def _of_all_times(found: Result, graph: Graph, name: str, lang: Lang) -> Result:
    """A table about all times, which says so when the graph has a day."""
    if graph.on is None:
        return found
    doubt = words.text(lang, "questions.no day", name=name, day=graph.on)
    basis = replace(found.basis, day=None) if found.basis else None
    return replace(found, doubts=(*found.doubts, doubt), basis=basis)
