"""The explorer's data: one request for each view, answered in both languages."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kgraph._version import __version__
from kgraph.base import paths
from kgraph.base.media import RESULTS_JSON
from kgraph.base.vocab import BASE, LICENCE, PREFIXES, term
from kgraph.errors import BadQuery, NotFound
from kgraph.graph import as_json, cards, disputes, layout, networks, questions, reasons, search, states
from kgraph.graph.as_json import Json
from kgraph.rdf import sparql
from kgraph.rdf.functions import POINT
from kgraph.server.served import Served

Handler = Callable[[Served, Request], Response]


def routes(served: Served) -> list[Route]:
    handlers: dict[str, Handler] = {
        "/about": about,
        "/schema": schema,
        "/network": network_,
        "/chain": chain,
        "/search": search_,
        "/things/{path:path}": thing,
        "/why": why_,
        "/table": table,
        "/places": places,
        "/timeline": timeline,
        "/questions": questions_,
        "/questions/{name}": question,
        "/sources": sources,
        "/disputes": disputes_,
    }
    return [Route(path, partial(handler, served), methods=["GET"]) for path, handler in handlers.items()]


def asked(request: Request, name: str) -> str:
    """A parameter that must be given."""
    value = request.query_params.get(name)
    if not value:
        raise BadQuery(f"the address needs ?{name}=…")
    return value


def asked_iri(request: Request, name: str) -> ox.NamedNode:
    """A parameter that is an IRI or a CURIE."""
    node = sparql.parse_term(asked(request, name))
    if not isinstance(node, ox.NamedNode):
        raise BadQuery(f"?{name}= takes an IRI or a CURIE such as id:mcps")
    return node


def asked_number(request: Request, name: str, default: int, most: int) -> int:
    value = request.query_params.get(name, str(default))
    if not re.fullmatch(r"\d{1,6}", value) or not 1 <= int(value) <= most:
        raise BadQuery(f"?{name}= takes a whole number from 1 to {most}")
    return int(value)


def asked_day(request: Request) -> ox.Literal | None:
    """The day as of which is asked, if one is."""
    return states.day(asked(request, "as-of")) if "as-of" in request.query_params else None


def about(served: Served, _: Request) -> Response:
    dataset = term("id:dataset")
    return JSONResponse(
        {
            "title": as_json.labels(served.store, [dataset]).get(dataset.value, {}),
            "version": __version__,
            "licence": LICENCE,
            "base": BASE,
            "triples": _count(served, "?subject ?predicate ?object"),
            "sources": _count(served, "?source a se:Source"),
            "timeout": served.evaluator.limits.seconds,
            "bytes": served.evaluator.limits.answer,
        }
    )


def _count(served: Served, pattern: str) -> int:
    ((count,),) = sparql.rows(sparql.run(served.store, f"SELECT (COUNT(*) AS ?count) WHERE {{ {pattern} }}"))
    assert count
    return int(count.value)


def schema(served: Served, _: Request) -> Response:
    terms: dict[str, dict[str, object]] = {}
    for node, type_, name, definition, domain, range_, count in _rows(served, "schema"):
        entry = terms.setdefault(
            node.value, {"iri": node.value, "class": type_ == term("owl:Class"), "labels": {}, "definitions": {}}
        )
        entry["labels"][name.language] = name.value  # type: ignore[index]
        entry["definitions"][definition.language] = definition.value  # type: ignore[index]
        entry |= {
            "domain": domain and domain.value,
            "range": range_ and range_.value,
            "count": int(count.value) if count else 0,
        }
    return JSONResponse(
        {
            "prefixes": dict(PREFIXES),
            "classes": [entry for entry in terms.values() if entry["class"]],
            "properties": [entry for entry in terms.values() if not entry["class"]],
        }
    )


def _rows(served: Served, name: str, **terms: sparql.Value) -> Iterable[Sequence[ox.Literal]]:
    """The rows of the package's own query, some of whose variables may be unbound."""
    return sparql.rows(sparql.run(served.store, paths.query_text(name), **terms))  # type: ignore[return-value]


def network_(served: Served, request: Request) -> Response:
    store, focus = served.store, None
    if "focus" in request.query_params:
        focus = asked_iri(request, "focus").value
        shown = networks.neighbourhood(store, focus, asked_number(request, "depth", 1, 3))
    elif "whole" in request.query_params:
        shown = networks.whole(store)
    else:
        shown = served.marks().overview
    if day := asked_day(request):
        shown = networks.as_of(store, shown, day)
    return JSONResponse(_payload(served, shown, focus))


def _payload(served: Served, shown: networks.Network, focus: str | None = None) -> Json:
    """A network as the explorer draws it; without a layout of the whole, laid out around its focus, the `origin`."""
    marks = served.marks()
    if marks.positions:
        return as_json.network(served.store, shown, marks)
    local = replace(marks, positions=layout.around(shown, focus))
    return as_json.network(served.store, shown, local) | {"origin": focus}


def chain(served: Served, request: Request) -> Response:
    """As of a day it is one of stated facts, and avoids what was not there."""
    ends = asked_iri(request, "from").value, asked_iri(request, "to").value
    found = networks.chain(served.store, *ends, asked_day(request))
    return JSONResponse(_payload(served, networks.with_ends(served.store, found), ends[0]))


def search_(served: Served, request: Request) -> Response:
    found = search.find(served.index, asked(request, "q"), asked_number(request, "limit", 20, 100))
    called = as_json.labels(served.store, [ox.NamedNode(hit.iri) for hit in found])
    return JSONResponse(
        {"found": [{"iri": h.iri, "name": h.name, "kind": h.kind, "labels": called.get(h.iri, {})} for h in found]}
    )


def thing(served: Served, request: Request) -> Response:
    node = sparql.parse_term(f"<{BASE}{request.path_params['path']}>")
    assert isinstance(node, ox.NamedNode)
    day = asked_day(request)
    known = states.states(served.store, day) if day else None
    return JSONResponse(as_json.card(cards.card(served.store, node, states=known), served.marks().disputed))


def why_(served: Served, request: Request) -> Response:
    subject, predicate = asked_iri(request, "subject"), asked_iri(request, "predicate")
    fact = ox.Triple(subject, predicate, sparql.parse_term(asked(request, "object")))
    found = reasons.why(served.store, fact, served.rules)
    return JSONResponse({"reason": as_json.reason(found), "names": as_json.labels(served.store, found.terms())})


def table(served: Served, request: Request) -> Response:
    kind = asked_iri(request, "kind")
    things: dict[str, dict[str, object]] = defaultdict(
        lambda: {"classifications": [], "seats": [], "facts": 0, "sources": 0}
    )
    for node, column, value in sparql.named(served.store, "table", kind=kind):
        if column.value in ("facts", "sources"):
            things[node.value][column.value] = int(value.value)
        elif column.value == "itself":
            things[node.value].setdefault("facts", 0)
        else:
            things[node.value][column.value].append(value.value)  # type: ignore[attr-defined]
    known = served.marks().dates
    rows = [
        {"iri": iri, "from": known[iri].first if iri in known else None, **entry}
        for iri, entry in sorted(things.items())
    ]
    mentioned = {value for row in rows for column in ("classifications", "seats") for value in row[column]}  # type: ignore[attr-defined]
    names = as_json.labels(served.store, map(ox.NamedNode, {*things, *mentioned}))
    return JSONResponse({"rows": [row | {"labels": names.get(str(row["iri"]), {})} for row in rows], "names": names})


def places(served: Served, _: Request) -> Response:
    found: dict[str, dict[str, list[sparql.Value]]] = defaultdict(lambda: defaultdict(list))
    for node, column, value in sparql.named(served.store, "places"):
        found[node.value][column.value].append(value)
    terms = {value for entry in found.values() for column in ("kind", "within", "thing") for value in entry[column]}
    names = as_json.labels(served.store, {*map(ox.NamedNode, found), *terms})
    return JSONResponse({"places": [_place(iri, entry, names) for iri, entry in found.items()], "names": names})


def _place(iri: str, entry: Mapping[str, Sequence[sparql.Value]], names: Json) -> Json:
    points = filter(None, (POINT.fullmatch(point.value) for point in entry.get("point", ())))
    lon, lat = next(((float(match[1]), float(match[2])) for match in points), (None, None))
    within, things = ([value.value for value in entry.get(column, ())] for column in ("within", "thing"))
    called = {"iri": iri, "labels": names.get(iri, {}), "kind": entry["kind"][0].value}
    return called | {"lat": lat, "lon": lon, "within": within, "things": things}


def timeline(served: Served, _: Request) -> Response:
    known = served.marks().dates
    datable = [node for (node,) in sparql.named(served.store, "datable")]
    kinds = {node.value: kind.value for node, _, kind in sparql.named(served.store, "nodes", node=datable)}
    names = as_json.labels(served.store, [*datable, *map(ox.NamedNode, set(kinds.values()))])
    things = [{"iri": n.value, "kind": kinds.get(n.value), "labels": names.get(n.value, {})} for n in datable]
    disputed = defaultdict(list)
    for node, date in sparql.named(served.store, "disputed-dates"):
        disputed[node.value].append(date)
    dated = [
        entry | as_json.dates(known[iri], disputed[iri]) for entry in things if (iri := str(entry["iri"])) in known
    ]
    undated = [entry for entry in things if entry["iri"] not in known]
    return JSONResponse({"dated": dated, "undated": undated, "names": names})


def questions_(served: Served, _: Request) -> Response:
    return JSONResponse({"questions": [_question(known) for known in served.questions.values()]})


def _question(known: questions.Question) -> Json:
    return {
        "name": known.name,
        "title": dict(known.title),
        "meaning": dict(known.meaning),
        "askedBy": known.asked_by,
        "parameters": {name: default for name, default in known.parameters.items() if name != "lang"},
        "sparql": known.text,
        "computed": known.computed_by is not None,
    }


def question(served: Served, request: Request) -> Response:
    name = request.path_params["name"]
    if name not in served.questions:
        raise NotFound(f"no question {name!r}; there are {', '.join(served.questions)}")
    given = dict(request.query_params)
    lang = given.pop("lang", "en")
    terms = {key: sparql.parse_term(value) for key, value in given.items() if value != "UNDEF"}
    result = questions.ask(served.store, served.questions[name], lang, **terms)
    return Response(sparql.serialize(result, "json"), media_type=RESULTS_JSON.media)


def sources(served: Served, request: Request) -> Response:
    lang = ox.Literal(request.query_params.get("lang", "en"))
    result = sparql.run(served.store, paths.query_text("contributions"), lang=lang)
    return Response(sparql.serialize(result, "json"), media_type=RESULTS_JSON.media)


def disputes_(served: Served, _: Request) -> Response:
    found = disputes.disputes(served.store)
    names = as_json.labels(served.store, {term for shown in found for term in shown.terms()})
    return JSONResponse({"disputes": [as_json.dispute(shown) for shown in found], "names": names})
