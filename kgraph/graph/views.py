"""The explorer's views as JSON in both languages, for the server and for the files of a release."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from kgraph._version import __version__
from kgraph.base import paths
from kgraph.base.vocab import BASE, LICENCE, PREFIXES, SOURCE, TYPE, term
from kgraph.base.words import LANGUAGES
from kgraph.base.words import texts as texts_of
from kgraph.graph.entity import as_json, cards
from kgraph.graph.entity.as_json import Dates, Json, Marks
from kgraph.graph.faceting import facets
from kgraph.graph.faceting.facets import Index
from kgraph.graph.in_short import Short, in_short
from kgraph.graph.names import searchable
from kgraph.graph.names.finding import Hits
from kgraph.graph.names.labels import names_by_language
from kgraph.graph.network import groups, layout, networks
from kgraph.graph.network.networks import Network
from kgraph.graph.questions import Question, leading
from kgraph.graph.statements import disputes as differing
from kgraph.graph.statements.disputes import Dispute
from kgraph.graph.statements.reasons import Reason
from kgraph.graph.statements.states import states
from kgraph.rdf import sparql

STATEMENTS = 400
"""The most statements of a card in the explorer: a country has tens of thousands, and the browser shows a few."""


def marks(
    store: ox.Store,
    folder: Path | None = None,
    known: Sequence[Dispute] | None = None,
    dates: Mapping[str, Dates] | None = None,
) -> Marks:
    """What the explorer shows beside things; positions come from the build folder, else from a new layout.

    `known` are the disputes and `dates` the days of things, if they have been read.
    """
    known = differing.disputes(store) if known is None else known
    contradicted = (side for dispute in known if dispute.contradiction for side in dispute.sides)
    found = groups.of(store, folder)
    overview = Network((), ()) if found else networks.overview(store)
    return Marks(
        overview=overview,
        groups=found,
        positions=(folder and layout.load(folder)) or ({} if found else _laid_out(store, overview)),
        dates=facets.dates(store) if dates is None else dates,
        unknowns={thing.value: int(count.value) for thing, count in sparql.named(store, "unknown-counts")},
        disputed=frozenset((side.subject.value, side.predicate.value, side.object.value) for side in contradicted),
    )


def _laid_out(store: ox.Store, overview: Network) -> Mapping[str, tuple[float, float]]:
    return layout.positions(networks.whole(store), {node.iri for node in overview.nodes})


@dataclass(frozen=True)
class Size:
    """The numbers of triples, of named things but mere identifiers and the like, and of sources of a graph."""

    triples: int
    things: int
    sources: int


def size(store: ox.Store, known: Index) -> Size:
    """The size of a graph; things are counted as its table lists them."""
    sources = store.quads_for_pattern(None, TYPE, SOURCE, ox.DefaultGraph())
    triples = facets.triples(store) if known.triples is None else known.triples
    return Size(triples, int(known.is_main.sum()), sum(1 for _ in sources))


def about(store: ox.Store, size: Size, seconds: float, answer: int, version: str | None = None) -> Json:
    """The title, version and size of the graph, and the limits of a query: its seconds and the bytes of its answer.

    A graph without a release has the version of kgraph.
    """
    dataset = term("id:dataset")
    return {
        "title": as_json.labels(store, [dataset]).get(dataset.value, {}),
        "version": version or __version__,
        "licence": LICENCE,
        "base": BASE,
        "triples": size.triples,
        "things": size.things,
        "sources": size.sources,
        "timeout": seconds,
        "bytes": answer,
    }


def schema(store: ox.Store) -> Json:
    """The prefixes, classes and properties, with their domains, ranges and counts."""
    terms: dict[str, dict[str, object]] = {}
    rows = sparql.rows(sparql.run(store, paths.query_text("schema")))
    for node, type_, name, definition, domain, range_, count in rows:
        assert node and isinstance(name, ox.Literal) and isinstance(definition, ox.Literal)
        new = {"iri": node.value, "class": type_ == term("owl:Class"), "labels": {}, "definitions": {}}
        entry = terms.setdefault(node.value, new)
        entry["labels"][name.language] = name.value  # type: ignore[index]
        entry["definitions"][definition.language] = definition.value  # type: ignore[index]
        entry |= {"domain": domain and domain.value, "range": range_ and range_.value}
        entry["count"] = int(count.value) if count else 0
    return {
        "prefixes": dict(PREFIXES),
        "classes": [entry for entry in terms.values() if entry["class"]],
        "properties": [entry for entry in terms.values() if not entry["class"]],
    }


def network(store: ox.Store, shown: Network, known: Marks, focus: str | None = None) -> Json:
    """A network as the explorer draws it; without a layout of the whole, laid out around its focus (`origin`)."""
    if known.positions:
        return as_json.network(store, shown, known)
    local = replace(known, positions=layout.around(shown, focus))
    return as_json.network(store, shown, local) | {"origin": focus}


def grouped(store: ox.Store, known: Marks, focus: str | None = None) -> Json:
    """The groups of a large graph; around a group, some of its things. Counts are under `holds`."""
    assert known.groups
    shown = groups.portion(store, known.groups, focus) if focus else groups.overview(store, known.groups)
    content = as_json.network(store, shown.network, replace(known, positions=shown.positions))
    lines = {iri: texts_of(f"explorer.groups.{iri.removeprefix(groups.GROUP)}") for iri in groups.LINES}
    for entry in content["nodes"]:  # type: ignore[attr-defined]
        entry |= {"holds": shown.counts[entry["iri"]]} if entry["iri"] in shown.counts else {}
    for entry in content["edges"]:  # type: ignore[attr-defined]
        entry |= {"asserted": True, "single": True} if entry["predicate"] in lines else {}
    names = content["names"] | lines  # type: ignore[operator]
    return {**content, "names": names, "grouped": True} | ({"origin": focus} if focus else {})


def found(store: ox.Store, hits: Hits) -> Json:
    """What a search finds: things, questions with values of their parameters, passages and facts, and their names."""
    things = {ox.NamedNode(hit.iri) for hit in hits.things}
    called = as_json.labels(store, things | {*map(ox.NamedNode, hits.mentioned())})
    return {
        "found": [{"iri": h.iri, "name": h.name, "kind": h.kind, "labels": called.get(h.iri, {})} for h in hits.things],
        "questions": [asdict(one) for one in hits.questions],
        "passages": [asdict(one) for one in hits.passages],
        "facts": [dict(zip(("subject", "predicate", "object"), fact, strict=True)) for fact in hits.facts],
        "names": {iri: called[iri] for iri in sorted(hits.mentioned()) if iri in called},
    }


def thing(store: ox.Store, node: ox.NamedNode, known: Marks, day: ox.Literal | None = None) -> Json:
    """The card of a thing, with the states of its facts on a day if one is given."""
    shown = cards.card(store, node, states=states(store, day) if day else None, most=STATEMENTS)
    return as_json.card(shown, known.disputed)


def reason(store: ox.Store, why: Reason) -> Json:
    """The reason of a fact, and the names in it."""
    return {"reason": as_json.reason(why), "names": as_json.labels(store, why.terms())}


def reasons(store: ox.Store, known: Sequence[Reason]) -> Json:
    """The reasons of several facts, and the names in them."""
    terms = chain.from_iterable(why.terms() for why in known)
    return {"reasons": [*map(as_json.reason, known)], "names": as_json.labels(store, terms)}


def questions(store: ox.Store, asked: Iterable[Question]) -> Json:
    """The questions in both languages, with their parameters and SPARQL; leading ones with their answer in short."""
    asked = list(asked)
    told = {question.name: short for question in leading(asked) if (short := in_short(store, question))}
    return {
        "questions": [
            {
                "name": known.name,
                "title": dict(known.title),
                "meaning": dict(known.meaning),
                "askedBy": known.asked_by,
                "parameters": dict(known.takes),
                "sparql": known.text,
                "computed": known.computed_by is not None,
                "keywords": known.keywords,
                "leads": known.leads,
                "short": _short(told[known.name]) if known.name in told else None,
            }
            for known in asked
        ],
        "names": as_json.labels(store, chain.from_iterable(short.terms for short in told.values())),
    }


def _short(told: Short) -> Json:
    things = [thing.value for thing in told.things]
    return {"about": told.about.value, "things": things, "more": told.more, "day": told.day}


def sources(store: ox.Store, lang: str) -> bytes:
    """The contribution of each source, as SPARQL results in JSON."""
    return sparql.serialize(sparql.run(store, paths.query_text("contributions"), lang=ox.Literal(lang)), "json")


def disputes(store: ox.Store, known: Sequence[Dispute] | None = None) -> Json:
    """The facts on which sources differ, and the names in them; `known` are the disputes, if they have been read."""
    known = differing.disputes(store) if known is None else known
    terms = chain.from_iterable(shown.terms() for shown in known)
    called = names_by_language(store, {shown.one.predicate for shown in known}, LANGUAGES)
    return {"disputes": [as_json.dispute(one, called) for one in known], "names": as_json.labels(store, terms)}


def names(store: ox.Store) -> Json:
    """Every name of every thing; those with the better rank in a search first."""
    known = searchable.names(store)
    years = searchable.years(searchable.dated(store), searchable.linking(store))
    called = as_json.labels(store, [ox.NamedNode(one.iri) for one in known])
    return {
        "found": [
            one._asdict() | {"labels": called.get(one.iri, {}), "years": sorted(years.get(one.iri, ()))}
            for one in known
        ]
    }


def texts(store: ox.Store) -> Json:
    """The passages and facts that can be searched for, each with its years, and the names in them."""
    own = searchable.dated(store)
    quoted, linked = searchable.quotations(store), searchable.linking(store)
    told = searchable.relations(store, linked, searchable.names(store))
    passages = [asdict(one) | {"years": searchable.told_in(own, one.source, one.subject)} for one in quoted]
    facts = [_fact(one, searchable.told_in(own, one.subject, one.object)) for one in told]
    parts = {ox.NamedNode(iri) for one in told for iri in (one.subject, one.predicate, one.object)}
    sources = {ox.NamedNode(one.source) for one in quoted}
    return {"passages": passages, "facts": facts, "names": as_json.labels(store, parts | sources)}


def _fact(told: searchable.Relation, years: Sequence[int]) -> dict[str, object]:
    parts = {"subject": told.subject, "predicate": told.predicate, "object": told.object}
    return parts | {"names": told.names, "years": years}


def time_states(store: ox.Store) -> Json:
    """The query for the states of things on a day, and the names of the states."""
    scheme = term("skos:inScheme"), term("kind:time-state")
    nodes = (quad.subject for quad in store.quads_for_pattern(None, *scheme, ox.DefaultGraph()))
    return {"sparql": paths.query_text("states"), "names": as_json.labels(store, nodes)}
