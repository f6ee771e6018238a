"""What this endpoint does, and no more (https://www.w3.org/TR/sparql11-service-description/)."""

from collections.abc import Iterator

import pyoxigraph as ox
from starlette.responses import Response

from kgraph.base.media import GRAPHS, TABLES
from kgraph.base.vocab import PREFIXES, TYPE
from kgraph.rdf import sparql
from kgraph.rdf.functions import FUNCTIONS
from kgraph.server.http.negotiation import best
from kgraph.server.http.problems import problem
from kgraph.server.served import Served

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
MEDIA = {known.media: known for known in GRAPHS}


def answer(served: Served, accept: str) -> Response:
    media = best(accept, MEDIA)
    if media is None:
        return problem(406, "NotAcceptable", f"the service is described as {', '.join(MEDIA)}")
    prefixes = {"sd": SD, "formats": FORMATS, "call": PREFIXES["call"]}
    content = ox.serialize(description(served), format=sparql.GRAPHS[MEDIA[media].name], prefixes=prefixes)
    return Response(content, media_type=media, headers={"Vary": "Accept"})


def description(served: Served) -> Iterator[ox.Triple]:
    """The triples that describe the service as it runs."""
    service = ox.NamedNode(f"{served.base}sparql")
    dataset, default = (ox.NamedNode(f"{service.value}#{part}") for part in ("dataset", "default-graph"))
    yield ox.Triple(service, TYPE, _sd("Service"))
    yield ox.Triple(service, _sd("endpoint"), service)
    yield ox.Triple(service, _sd("defaultEntailmentRegime"), ox.NamedNode("http://www.w3.org/ns/entailment/Simple"))
    yield from (ox.Triple(service, _sd("supportedLanguage"), _sd(name)) for name in _languages(served))
    yield from (ox.Triple(service, _sd("feature"), _sd(name)) for name in _features(served))
    yield from (ox.Triple(service, _sd("extensionFunction"), function) for function in FUNCTIONS)
    yield from (
        ox.Triple(service, _sd("resultFormat"), ox.NamedNode(FORMATS + known.w3c)) for known in (*TABLES, *GRAPHS)
    )
    yield ox.Triple(service, _sd("defaultDataset"), dataset)
    yield ox.Triple(dataset, TYPE, _sd("Dataset"))
    yield ox.Triple(dataset, _sd("defaultGraph"), default)
    yield ox.Triple(default, TYPE, _sd("Graph"))
    for number, name in enumerate(sorted(served.store.named_graphs(), key=str), 1):
        node = ox.NamedNode(f"{service.value}#graph-{number}")
        yield ox.Triple(dataset, _sd("namedGraph"), node)
        yield ox.Triple(node, TYPE, _sd("NamedGraph"))
        yield ox.Triple(node, _sd("name"), name)


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)


def _languages(served: Served) -> tuple[str, ...]:
    return ("SPARQL11Query", "SPARQL11Update") if served.writer else ("SPARQL11Query",)


def _features(served: Served) -> tuple[str, ...]:
    return ("BasicFederatedQuery",) if served.federation.hosts else ()
