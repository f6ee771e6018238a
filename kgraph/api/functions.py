"""The functions of `import kgraph`: open a graph, query it, and show the sources of its facts."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from math import inf
from numbers import Integral
from typing import TYPE_CHECKING, Literal, overload

import pyoxigraph as ox

from kgraph.api import result
from kgraph.api.calling import checked
from kgraph.api.citation import Basis, call
from kgraph.api.display import ShownCard, ShownNetwork, ShownReason
from kgraph.api.frames import optional
from kgraph.api.interruptible import wait_for
from kgraph.api.opening import Graph, Name, open, uses_states, written  # noqa: A004, F401 -- the examples open one
from kgraph.api.result import Result
from kgraph.api.values import Given, One, term_of, terms_of
from kgraph.api.values import written as term_text
from kgraph.api.yearly import Yearly
from kgraph.base import paths
from kgraph.base.vocab import CLAIM, PREFIXES, TYPE, compact
from kgraph.base.words import known
from kgraph.errors import BadData, BadQuery, NotFound
from kgraph.graph import questions
from kgraph.graph.entity.cards import card
from kgraph.graph.names import labels
from kgraph.graph.names import search as names
from kgraph.graph.network import networks, years
from kgraph.graph.statements import reasons
from kgraph.rdf import sparql
from kgraph.rdf.endpoint import Endpoint
from kgraph.rdf.sparql import Value

if TYPE_CHECKING:
    import rdflib

Lang = Literal["pl", "en"]


@checked
def query(
    graph: Graph, text: str, /, *, limit: int | None = None, seconds: float | None = None, **terms: Given
) -> Result:
    """The answer to a SPARQL query, at most `limit` rows, with `terms` in place of its variables.

    Known prefixes may be left out. Raises BadQuery for text that is not SPARQL 1.1, Timeout after `seconds`. After a
    timeout or Ctrl-C the engine runs until its next row; a count or a sort has none before its end. Terms that the
    graph does not know, probably typing errors, are in `doubts` of the answer. So is a day of the graph that the query
    does not ask about, with `se:state`.

    >>> query(open(), "SELECT ?signed { id:agreement-2018 se:signedAt/se:date ?signed }")
    ┏━━━━━━━━━━━━┓
    ┃ signed     ┃
    ┡━━━━━━━━━━━━┩
    │ 2018-03-22 │
    └────────────┘
    1 row
    >>> bool(query(open(), "ASK { ?who se:signatoryOf ?what }", who="id:ziola-siedleckie"))
    True
    """
    return answered(graph, text, {name: terms_of(value) for name, value in terms.items()}, limit, seconds)


def answered(graph: Graph, text: str, terms: sparql.Values, limit: int | None, seconds: float | None) -> Result:
    """The answer to a query; its variables may also be called `limit` or `seconds`."""
    if limit is not None:
        _must_count(limit)
    if seconds is not None and not (isinstance(seconds, int | float) and 0 < seconds < inf):
        raise BadQuery(f"seconds={seconds!r}; give how many seconds to wait, such as 10 or 0.5")
    started, now = time.perf_counter(), datetime.now(UTC)
    if text.strip() in paths.questions(paths.folders().ontology):
        raise BadQuery(f"{text.strip()} is a prepared question; write kgraph.ask(graph, {text.strip()!r})")
    asked = sparql.bind(text, terms)
    found = wait_for(
        lambda is_wanted: result.of(sparql.run(graph.store, asked), text, started, limit, is_wanted), seconds
    )
    mentioned = sparql.mentioned(asked)
    doubts = graph.doubts(mentioned, text=asked, is_empty=not found.terms)
    basis = Basis(graph, now, graph.on if uses_states(mentioned) else None, _first(found))
    return replace(found, query=asked, doubts=doubts, basis=basis)


def _first(found: Result) -> tuple[tuple[str, str], ...]:
    """What a citation says of an answer that was cut short."""
    return (("first", str(len(found))),) if found.truncated else ()


def _must_count(limit: int) -> None:
    if not isinstance(limit, Integral) or limit < 0:
        raise BadQuery(f"limit={limit!r}; give how many rows to take at most")


@checked
def ask(graph: Graph, question: str, /, lang: Lang = "en", **terms: One) -> Result:
    """The answer to a prepared question; NotFound, like `kgraph questions`, lists all of them.

    Its title will do, too. Strings among `terms` are read as after --param; where the question takes a thing, its name
    is enough. `kgraph.questions(graph)` lists the parameters, and which questions take a `day`.

    >>> [row.name for row in ask(open(), "founders")][-1]
    'Zioła Siedleckie Social Co-operative'
    """
    started, now = time.perf_counter(), datetime.now(UTC)
    one = questions.named(paths.folders().ontology, question)
    read = {name: term_of(value) for name, value in terms.items()}
    given: Mapping[str, Value] = {
        name: graph.meant(one, name, value) if isinstance(terms[name], str) else value for name, value in read.items()
    }
    asked = questions.given(one, known(lang), given, graph.day)
    found = result.of(asked.answer(graph.store, graph.folder), one.text, started)
    doubts = (*graph.doubts(given.values(), lang), *asked.doubts(lang))
    return replace(found, query=asked.text, doubts=doubts, basis=Basis(graph, now, asked.day, (one.cited_as,)))


@checked
def search(graph: Graph, words: str, limit: int = 20, lang: Lang = "en", *, kind: Name | None = None) -> Result:
    """Things by the beginnings of words in their names, with or without diacritics, the best first.

    `name` is the name in the language, or the one that was found. `kind` is a class, by name, CURIE or IRI.

    >>> [row.thing for row in search(open(), "ziola")][0]
    'id:ziola-siedleckie'
    >>> [row.thing for row in search(open(), "siedlce", kind="cluster")]
    ['id:cluster-siedlce']
    """
    _must_count(limit)
    started = time.perf_counter()
    among = labels.among(graph.store, labels.kind(graph.store, written(kind), known(lang))) if kind else None
    found = names.find(graph.index, words, limit + 1, among)
    called = labels.names(graph.store, [ox.NamedNode(hit.iri) for hit in found], known(lang))
    rows = tuple(
        (thing := ox.NamedNode(hit.iri), ox.Literal(called.get(thing, hit.name)), ox.NamedNode(hit.kind))
        for hit in found[:limit]
    )
    elapsed = time.perf_counter() - started
    return Result("table", ("thing", "name", "kind"), rows, words, elapsed=elapsed, truncated=len(found) > limit)


@checked
def thing(graph: Graph, name: Name) -> ox.NamedNode:
    """The thing meant by a name, a CURIE, an IRI or a node; NotFound lists the candidates of an ambiguous name.

    >>> thing(open(), "Zioła Siedleckie").value
    'https://w3id.org/sekg/id/ziola-siedleckie'
    """
    return graph.resolve(name)


@checked
def curie(thing: Name) -> str:
    """The short form of a thing, as in rows, frames and networks: `id:mcps`; the IRI where it has none.

    >>> curie("https://w3id.org/sekg/id/mcps"), curie(thing(open(), "Zioła Siedleckie"))
    ('id:mcps', 'id:ziola-siedleckie')
    """
    return compact(iri(thing))


@checked
def iri(thing: Name) -> str:
    """The whole IRI of a thing, as in files, tables of a release and answers of servers.

    >>> iri("id:mcps")
    'https://w3id.org/sekg/id/mcps'
    """
    found = sparql.parse_term(written(thing))
    if not isinstance(found, ox.NamedNode):
        raise BadQuery(f"{thing!r} is no CURIE or IRI; kgraph.thing(graph, name) finds a thing by its name")
    return found.value


@checked
def show(graph: Graph, name: Name, lang: Lang = "en") -> ShownCard:
    """The facts about a thing by relation, with the words of the sources, and its unknowns.

    >>> print(show(open(), "Zioła Siedleckie").card.unknowns[0])
    seat of the co-operative Zioła Siedleckie
    """
    found = thing(graph, name)
    basis = Basis(graph, datetime.now(UTC), graph.on)
    return ShownCard(basis, call("show", compact(found.value)), card(graph.store, found, known(lang)), lang)


@checked
def why(graph: Graph, subject: Name, predicate: Name, object: One, lang: Lang = "en") -> ShownReason:  # noqa: A002
    """Why a fact holds: the rule and its premises, down to the words of the sources; NotFound when it does not.

    Things and the relation are given by name, CURIE or IRI. The names that `show` prints will do, in either direction.

    >>> why(open(), "Relaksownia", "se:foundingMemberOf", "id:cluster-siedlce").reason.rule
    'rules/founding'
    """
    ways = labels.ways(graph.store, written(predicate), known(lang))
    end = thing(graph, object) if isinstance(object, Name) else term_of(object)
    reason = reasons.why_any(graph.store, thing(graph, subject), ways, end, graph.rules)
    fact = reason.fact
    asked = call("why", *map(term_text, (fact.subject, fact.predicate, fact.object)))
    basis = Basis(graph, datetime.now(UTC))
    return ShownReason(basis, asked, reason, labels.names(graph.store, reason.terms(), lang), lang)


@checked
def neighbourhood(graph: Graph, name: Name, depth: int = 1, lang: Lang = "en") -> ShownNetwork:
    """The things within `depth` steps (1 to 10) of a thing, and the facts between them; a picture in a notebook.

    Raises NotFound when the thing did not exist on the day of the graph.

    >>> neighbourhood(open(), "Zioła Siedleckie").to_networkx().has_node("id:agreement-2018")
    True
    """
    if depth not in range(1, 11):
        raise BadQuery(f"depth={depth!r}; give a number of steps from 1 to 10")
    focus = thing(graph, name).value
    return _drawn(graph, networks.neighbourhood(graph.store, focus, depth), lang, focus)


def _drawn(graph: Graph, found: networks.Network, lang: Lang, focus: str | None = None) -> ShownNetwork:
    if not found.edges and not any(graph.store.quads_for_pattern(None, TYPE, CLAIM, None)):
        raise BadData(
            f"{graph.name} does not say who says its facts (it has no se:Claim), and networks are drawn of such facts;"
            " draw what a CONSTRUCT gives, with “%%sparql --as graph” or to_networkx()"
        )
    shown = networks.as_of(graph.store, found, graph.day, focus) if graph.day else found
    return ShownNetwork(shown, graph.store, known(lang))


Projected = Literal["everything", "overview", "agreements"]
NETWORKS = {"everything": networks.whole, "overview": networks.overview, "agreements": networks.agreements}


@overload
def network(graph: Graph, of: Projected = "everything", lang: Lang = "en", *, by: None = None) -> ShownNetwork: ...


@overload
def network(graph: Graph, of: Projected = "everything", lang: Lang = "en", *, by: Literal["year"]) -> Yearly: ...


@checked
def network(
    graph: Graph, of: Projected = "everything", lang: Lang = "en", *, by: Literal["year"] | None = None
) -> ShownNetwork | Yearly:
    """All things and facts, the overview that the explorer begins with, or the agreements and their signatories.

    With `by="year"`, the agreements and signatories of each year, with measures, ties and a dynamic GEXF.

    >>> agreements = network(open(), "agreements")
    >>> {edge.predicate for edge in agreements.edges}
    {'https://w3id.org/sekg/ns#hasSignatory'}
    """
    if of not in NETWORKS:
        raise NotFound(
            f"no network {of!r}; there are {', '.join(NETWORKS)}; who signed together is in"
            ' kgraph.network(graph, by="year") and kgraph.analyse(graph, "signatories", table="ties")'
        )
    if by is not None:
        return _yearly(graph, of, by, lang)
    drawn = _drawn(graph, NETWORKS[of](graph.store), lang)
    return replace(drawn, network=networks.without_isolates(drawn.network)) if of == "agreements" else drawn


def _yearly(graph: Graph, of: str, by: str, lang: Lang) -> Yearly:
    if by != "year":
        raise BadQuery(f'by={by!r}; networks are made by "year"')
    if of == "overview":
        raise BadQuery("by year there are agreements and their signatories; leave “overview” out")
    found = _drawn(graph, networks.agreements(graph.store), lang).network
    return Yearly(graph, years.by_year(graph.store, found), known(lang))


@checked
def dataset(graph: Graph) -> "rdflib.Dataset":
    """The graph as an rdflib Dataset over the same store; needs oxrdflib.

    The default graph holds each fact once; the other graphs hold the facts by source.

    >>> from rdflib import SKOS
    >>> any(dataset(open()).triples((None, SKOS.prefLabel, None)))
    True
    """
    if isinstance(graph.store, Endpoint):
        raise BadQuery("rdflib asks an endpoint itself, with its SPARQLStore; dataset needs a graph on this machine")
    with optional("oxrdflib"):
        from oxrdflib import OxigraphStore
    import rdflib

    view = rdflib.Dataset(store=OxigraphStore(store=graph.store))
    for prefix, namespace in PREFIXES.items():
        view.bind(prefix, namespace)
    return view
