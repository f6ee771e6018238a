"""The description of the endpoint, in the terms of https://www.w3.org/TR/sparql11-service-description/."""

from collections.abc import Iterator

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from kgraph.base.media import GRAPHS, TABLES
from kgraph.base.vocab import PREFIXES, TYPE
from kgraph.rdf import sparql
from kgraph.rdf.functions import FUNCTIONS
from kgraph.server.http import negotiation
from kgraph.server.served import Served

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
ENTAILMENT = "http://www.w3.org/ns/entailment/"
MEDIA = {known.media: known for known in GRAPHS}


def service_description(served: Served, request: Request) -> Response:
    media = negotiation.preferred(request, MEDIA, "the service is described as")
    prefixes = {"sd": SD, "formats": FORMATS, "call": PREFIXES["call"]}
    content = ox.serialize(description(served), format=sparql.GRAPHS[MEDIA[media].name], prefixes=prefixes)
    return Response(content, media_type=media, headers={"Vary": "Accept"})


def description(served: Served) -> Iterator[ox.Triple]:
    """The triples that describe the service as it runs."""
    service = ox.NamedNode(f"{served.base}sparql")
    dataset, default = (ox.NamedNode(f"{service.value}#{part}") for part in ("dataset", "default-graph"))
    yield ox.Triple(service, TYPE, _sd("Service"))
    yield ox.Triple(service, _sd("endpoint"), service)
    yield ox.Triple(service, _sd("defaultEntailmentRegime"), ox.NamedNode(f"{ENTAILMENT}Simple"))
    yield ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    if served.writer:
        yield ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update"))
    if served.federation.hosts:
        yield ox.Triple(service, _sd("feature"), _sd("BasicFederatedQuery"))
    yield from (ox.Triple(service, _sd("extensionFunction"), function) for function in FUNCTIONS)
    for known in (*TABLES, *GRAPHS):
        yield ox.Triple(service, _sd("resultFormat"), ox.NamedNode(FORMATS + known.w3c))
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
