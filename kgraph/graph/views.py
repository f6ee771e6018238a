"""The explorer's views as JSON in both languages, for the server and for the files of a release."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from kgraph._version import __version__
from kgraph.base import paths
from kgraph.base.vocab import BASE, LICENCE, PREFIXES, term
from kgraph.base.words import texts
from kgraph.graph import as_json, cards, groups, layout, networks, search
from kgraph.graph import disputes as differing
from kgraph.graph.as_json import Dates, Json, Marks
from kgraph.graph.networks import Network
from kgraph.graph.questions import Question
from kgraph.graph.reasons import Reason
from kgraph.graph.states import states
from kgraph.rdf import sparql
from kgraph.rdf.functions import POINT


def marks(store: ox.Store, folder: Path | None = None) -> Marks:
    """What the explorer shows beside things; positions come from the build folder, else from a new layout."""
    contradicted = (side for dispute in differing.disputes(store) if dispute.contradiction for side in dispute.sides)
    found = groups.of(store, folder)
    overview = Network((), ()) if found else networks.overview(store)
    return Marks(
        overview=overview,
        groups=found,
        positions=(folder and layout.load(folder)) or ({} if found else _laid_out(store, overview)),
        dates={
            thing.value: Dates(first.value, last.value, begun.value == "true", is_open.value != "true")
            for thing, first, last, is_open, begun in sparql.named(store, "dates")
        },
        unknowns={thing.value: int(count.value) for thing, count in sparql.named(store, "unknown-counts")},
        disputed=frozenset((side.subject.value, side.predicate.value, side.object.value) for side in contradicted),
    )


def _laid_out(store: ox.Store, overview: Network) -> Mapping[str, tuple[float, float]]:
    """The position of each thing."""
    return layout.positions(networks.whole(store), {node.iri for node in overview.nodes})


def about(store: ox.Store, seconds: float, answer: int) -> Json:
    """The title, version and size of the graph, and the limits of a query: its seconds and the bytes of its answer."""
    dataset = term("id:dataset")
    return {
        "title": as_json.labels(store, [dataset]).get(dataset.value, {}),
        "version": __version__,
        "licence": LICENCE,
        "base": BASE,
        "triples": _count(store, "?subject ?predicate ?object"),
        "sources": _count(store, "?source a se:Source"),
        "timeout": seconds,
        "bytes": answer,
    }


def _count(store: ox.Store, pattern: str) -> int:
    ((count,),) = sparql.rows(sparql.run(store, f"SELECT (COUNT(*) AS ?count) WHERE {{ {pattern} }}"))
    assert count
    return int(count.value)


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
    lines = {iri: texts(f"explorer.groups.{iri.removeprefix(groups.GROUP)}") for iri in groups.LINES}
    for entry in content["nodes"]:  # type: ignore[attr-defined]
        entry |= {"holds": shown.counts[entry["iri"]]} if entry["iri"] in shown.counts else {}
    for entry in content["edges"]:  # type: ignore[attr-defined]
        entry |= {"asserted": True, "single": True} if entry["predicate"] in lines else {}
    names = content["names"] | lines  # type: ignore[operator]
    return {**content, "names": names, "grouped": True} | ({"origin": focus} if focus else {})


def found(store: ox.Store, hits: Sequence[search.Found]) -> Json:
    """The hits of a search, with their names."""
    called = as_json.labels(store, [ox.NamedNode(hit.iri) for hit in hits])
    return {"found": [{"iri": h.iri, "name": h.name, "kind": h.kind, "labels": called.get(h.iri, {})} for h in hits]}


def thing(store: ox.Store, node: ox.NamedNode, known: Marks, day: ox.Literal | None = None) -> Json:
    """The card of a thing, with the states of its facts on a day if one is given."""
    shown = cards.card(store, node, states=states(store, day) if day else None)
    return as_json.card(shown, known.disputed)


def reason(store: ox.Store, why: Reason) -> Json:
    """The reason of a fact, and the names in it."""
    return {"reason": as_json.reason(why), "names": as_json.labels(store, why.terms())}


def reasons(store: ox.Store, known: Sequence[Reason]) -> Json:
    """The reasons of several facts, and the names in them."""
    terms = chain.from_iterable(why.terms() for why in known)
    return {"reasons": [*map(as_json.reason, known)], "names": as_json.labels(store, terms)}


def table(store: ox.Store, kind: ox.NamedNode, dates: Mapping[str, Dates]) -> Json:
    """The things of a class: since when, classifications, seats, counts of facts and sources."""
    things: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for node, column, value in sparql.named(store, "table", kind=kind):
        things[node.value][column.value].append(value.value)
    mentioned = {value for entry in things.values() for column in LISTED for value in entry[column]}
    names = as_json.labels(store, map(ox.NamedNode, {*things, *mentioned}))
    return {
        "rows": [
            {"iri": iri, "from": dates[iri].first if iri in dates else None}
            | {column: entry[column] for column in LISTED}
            | {column: sum(map(int, entry[column])) for column in ("facts", "sources")}
            | {"labels": names.get(iri, {})}
            for iri, entry in sorted(things.items())
        ],
        "names": names,
    }


LISTED = ("classifications", "seats")


def places(store: ox.Store) -> Json:
    """The places on the map and the things in each."""
    known: dict[str, dict[str, list[sparql.Value]]] = defaultdict(lambda: defaultdict(list))
    for node, column, value in sparql.named(store, "places"):
        known[node.value][column.value].append(value)
    terms = {value for entry in known.values() for column in ("kind", "within", "thing") for value in entry[column]}
    names = as_json.labels(store, {*map(ox.NamedNode, known), *terms})
    return {"places": [_place(iri, entry, names) for iri, entry in known.items()], "names": names}


def _place(iri: str, entry: Mapping[str, Sequence[sparql.Value]], names: Json) -> Json:
    points = filter(None, (POINT.fullmatch(point.value) for point in entry.get("point", ())))
    lon, lat = next(((float(match[1]), float(match[2])) for match in points), (None, None))
    within, things = ([value.value for value in entry.get(column, ())] for column in ("within", "thing"))
    named = {"iri": iri, "labels": names.get(iri, {}), "kind": entry["kind"][0].value}
    return named | {"lat": lat, "lon": lon, "within": within, "things": things}


def timeline(store: ox.Store, dates: Mapping[str, Dates]) -> Json:
    """The things that can be dated, with and without dates."""
    datable = [node for (node,) in sparql.named(store, "datable")]
    kinds = {node.value: kind.value for node, _, kind in sparql.named(store, "nodes", node=datable)}
    names = as_json.labels(store, [*datable, *map(ox.NamedNode, set(kinds.values()))])
    things = [{"iri": n.value, "kind": kinds.get(n.value), "labels": names.get(n.value, {})} for n in datable]
    disputed = defaultdict(list)
    for node, date in sparql.named(store, "disputed-dates"):
        disputed[node.value].append(date)
    undated = [entry for entry in things if entry["iri"] not in dates]
    dated = [t | as_json.dates(dates[iri], disputed[iri]) for t in things if (iri := str(t["iri"])) in dates]
    return {"dated": dated, "undated": undated, "names": names}


def questions(asked: Iterable[Question]) -> Json:
    """The questions in both languages, with their parameters and SPARQL."""
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
            }
            for known in asked
        ]
    }


def sources(store: ox.Store, lang: str) -> bytes:
    """The contribution of each source, as SPARQL results in JSON."""
    return sparql.serialize(sparql.run(store, paths.query_text("contributions"), lang=ox.Literal(lang)), "json")


def disputes(store: ox.Store) -> Json:
    """The facts on which sources differ, and the names in them."""
    known = differing.disputes(store)
    terms = chain.from_iterable(shown.terms() for shown in known)
    return {"disputes": [*map(as_json.dispute, known)], "names": as_json.labels(store, terms)}


def names(store: ox.Store) -> Json:
    """Every name of every thing; those with the better rank in a search first."""
    known = sorted(search.labels(store), key=lambda row: (row[3], row[1], row[0]))
    called = as_json.labels(store, [ox.NamedNode(iri) for iri, *_ in known])
    keys = ("iri", "name", "kind", "rank")
    return {"found": [dict(zip(keys, row, strict=True)) | {"labels": called.get(row[0], {})} for row in known]}


def time_states(store: ox.Store) -> Json:
    """The query for the states of things on a day, and the names of the states."""
    scheme = term("skos:inScheme"), term("kind:time-state")
    nodes = (quad.subject for quad in store.quads_for_pattern(None, *scheme, ox.DefaultGraph()))
    return {"sparql": paths.query_text("states"), "names": as_json.labels(store, nodes)}
