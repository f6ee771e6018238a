"""SERVICE for the hosts that the operator allows (https://www.w3.org/TR/sparql11-federated-query/).

The server sends the pattern of each SERVICE to its endpoint and replaces it by VALUES with the rows of the answer; the
worker that evaluates the query can open no socket.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pyoxigraph as ox

from kgraph.base import addresses
from kgraph.base.addresses import is_public
from kgraph.base.media import RESULTS_JSON
from kgraph.base.vocab import PREFIXES
from kgraph.errors import BadQuery, EndpointError, Forbidden, LimitExceeded
from kgraph.rdf import bounds
from kgraph.rdf.sparql_text import QUERIES, tokens
from kgraph.server import guards

if TYPE_CHECKING:
    import httpx

ROWS, BYTES, REDIRECTS, SECONDS, CALLS = 10_000, 8 * 1024**2, 3, 10.0, 5
"""The most rows, bytes, redirects and seconds of one SERVICE, and the most SERVICEs of a query."""


@dataclass(frozen=True)
class Federation:
    """The hosts that SERVICE may name, as `name` or `name:port`, and the test that their addresses must pass."""

    hosts: tuple[str, ...] = ()
    admits: Callable[[str], bool] = is_public


@dataclass(frozen=True)
class Call:
    """One SERVICE of a query: its span in the text, its endpoint and its pattern."""

    start: int
    end: int
    url: str
    pattern: str
    is_silent: bool


async def resolved(text: str, federation: Federation) -> str:
    """A query with each SERVICE replaced by its rows; Forbidden, BadQuery, EndpointError or LimitExceeded."""
    if not federation.hosts:
        raise Forbidden("this endpoint asks no other: SERVICE is not possible here")
    found = list(calls(text))
    if len(found) > CALLS:
        raise LimitExceeded(f"at most {CALLS} SERVICEs are possible in a query")
    for call in reversed(found):
        text = text[: call.start] + await _values(call, prologue(text), federation) + text[call.end :]
    return text


def calls(text: str) -> Iterator[Call]:
    """The SERVICEs of a query, in order; Forbidden for a variable endpoint, and for a SERVICE inside another."""
    found = iter(tokens(text))
    for token in found:
        if not guards.is_keyword("service", token):
            continue
        head = list(islice(found, 2))
        is_silent = bool(head) and head[0].word == "SILENT"
        head = [*head, *islice(found, is_silent)][is_silent:]
        if len(head) < 2 or head[0].kind != "iri" or head[1].text != "{":
            raise Forbidden("SERVICE is possible here with a whole address only: SERVICE <https://…> { … }")
        for inner, depth in bounds.depths(found):
            if guards.is_keyword("service", inner):
                raise Forbidden("a SERVICE inside a SERVICE is not possible here")
            if depth < 0:
                end = inner.start + 1
                yield Call(token.start, end, head[0].text[1:-1], text[head[1].start : end], is_silent)
                break
        else:
            raise BadQuery("a bracket of SERVICE is not closed")


def prologue(text: str) -> str:
    """The prologue of a query (SPARQL 1.1, production 4), after declarations of the known prefixes."""
    end = next((token.start for token in tokens(text) if token.word in QUERIES), 0)
    known = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    return known + text[:end]


async def _values(call: Call, before: str, federation: Federation) -> str:
    """The answer to a call as VALUES; an empty group when the call is SILENT and fails."""
    try:
        content = await fetch(call.url, f"{before}\nSELECT * WHERE {call.pattern} LIMIT {ROWS + 1}", federation)
        return await asyncio.to_thread(_block, content)
    except (SyntaxError, ValueError, EndpointError) as error:
        if call.is_silent:
            return "{}"
        if isinstance(error, EndpointError):
            raise
        raise EndpointError(f"{call.url} gave an answer that is not valid: {error}") from error


def _block(content: bytes) -> str:
    result = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
    if not isinstance(result, ox.QuerySolutions):
        raise ValueError("it is not a table")
    names = " ".join(f"?{variable.value}" for variable in result.variables)
    nodes: dict[str, str] = defaultdict(lambda: f"<{uuid4().urn}>")
    rows = [" ".join(_value(term, nodes) for term in solution) for solution in result]
    if len(rows) > ROWS:
        raise LimitExceeded(f"a SERVICE may give at most {ROWS} rows")
    return f"{{ VALUES ({names}) {{ {' '.join(f'({row})' for row in rows)} }} }}"


def _value(term: object, nodes: Mapping[str, str]) -> str:
    """A term for VALUES; a blank node becomes a new IRI, because its label means nothing outside its answer."""
    match term:
        case None:
            return "UNDEF"
        case ox.BlankNode():
            return nodes[term.value]
        case ox.Triple():
            return f"<<( {' '.join(_value(part, nodes) for part in term)} )>>"
    return str(term)


async def fetch(url: str, text: str, federation: Federation) -> bytes:
    """The answer of an allowed endpoint, after redirects; EndpointError when it fails or is late."""
    import httpx

    try:
        async with asyncio.timeout(SECONDS), httpx.AsyncClient(trust_env=False, timeout=None) as client:
            for _ in range(REDIRECTS + 1):
                address = await asyncio.to_thread(pinned, url, federation)
                answer = await client.send(_request(client, url, text, address), stream=True)
                if not answer.is_redirect:
                    return await _content(url, answer)
                url = urljoin(url, answer.headers["location"])
    except TimeoutError as error:
        raise EndpointError(f"{url} gave no whole answer within {SECONDS:g} s") from error
    except httpx.HTTPError as error:
        raise EndpointError(f"{url} cannot be asked: {error}") from error
    raise EndpointError(f"{url} is redirected too often")


def pinned(url: str, federation: Federation) -> str:
    """The IP address to connect to; Forbidden when the host, or any of its addresses, is not allowed."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (KeyError, ValueError) as error:
        raise Forbidden(f"{url} is no http or https address") from error
    if host not in federation.hosts and f"{host}:{port}" not in federation.hosts:
        raise Forbidden(f"{host} is not among the hosts that SERVICE may ask here")
    try:
        found = addresses.addresses_of(host, port)
    except OSError as error:
        raise EndpointError(f"{host} is not known: {error}") from error
    if not found or not all(map(federation.admits, found)):
        raise Forbidden(f"{host} is on a private network, which SERVICE may not ask")
    return found[0]


def _request(client: "httpx.AsyncClient", url: str, text: str, address: str) -> "httpx.Request":
    """A query sent to an address."""
    headers = {"Accept": RESULTS_JSON.media, "Accept-Encoding": "identity"}
    return addresses.pinned(client.build_request("POST", url, data={"query": text}, headers=headers), address)


async def _content(url: str, answer: "httpx.Response") -> bytes:
    if answer.status_code != 200:
        raise EndpointError(f"{url} answered {answer.status_code}")
    content = bytearray()
    async for part in answer.aiter_bytes():
        content += part
        if len(content) > BYTES:
            raise LimitExceeded(f"a SERVICE may give at most {BYTES} bytes")
    return bytes(content)
