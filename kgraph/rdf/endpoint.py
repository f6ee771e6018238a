"""Queries to any SPARQL 1.1 endpoint (https://www.w3.org/TR/sparql11-protocol/)."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyoxigraph as ox

from kgraph._version import __version__
from kgraph.base.media import N_TRIPLES, PROBLEM, RESULTS_JSON, RESULTS_XML, TURTLE, offered
from kgraph.errors import BadQuery, Busy, EndpointError, LimitExceeded, Timeout
from kgraph.rdf import sparql_text
from kgraph.rdf.sparql import Result, rows
from kgraph.rdf.terms import Term

if TYPE_CHECKING:
    import ssl

    import httpx

ACCEPT_TABLE = f"{RESULTS_JSON.media}, {RESULTS_XML.media};q=0.5"
ACCEPT_GRAPH = f"{N_TRIPLES.media}, {TURTLE.media};q=0.8"
"""Only formats of triples: given the choice, some endpoints send a table instead."""

TABLE_MEDIA = {
    name: ox.QueryResultsFormat.from_media_type(known.media)
    for name, known in offered([RESULTS_JSON, RESULTS_XML]).items()
}
GRAPH_MEDIA = {known.media: ox.RdfFormat.from_media_type(known.media) for known in (N_TRIPLES, TURTLE)}

TRIES = 4
LONGEST_WAIT = 60.0
"""The most seconds to wait before the next try, even when the endpoint asks for more."""


@dataclass(frozen=True)
class Endpoint:
    """An endpoint by its address, with the methods of `ox.Store` that read."""

    url: str
    seconds: float = 60

    def query(
        self,
        text: str,
        *,
        prefixes: Mapping[str, str] | None = None,
        custom_functions: Mapping[ox.NamedNode, Callable[..., Term | None]] | None = None,
        **_: object,
    ) -> Result:
        """The endpoint's answer; raises EndpointError, Busy, Timeout, LimitExceeded, or BadQuery by the endpoint.

        A query with our own functions is answered here, from a copy of the triples with the predicates that it names.
        """
        plain = declared(_limited(text), prefixes or {})
        if any(function.value in sparql_text.iris(text, prefixes or {}) for function in custom_functions or {}):
            return _here(self, plain, text, prefixes or {}, dict(custom_functions or {}))
        return ask(self, plain)

    def quads_for_pattern(
        self,
        subject: Term | None,
        predicate: ox.NamedNode | None,
        object: Term | None,  # noqa: A002
        graph_name: ox.NamedNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads of a pattern, as `ox.Store` gives them."""
        given = {"s": subject, "p": predicate, "o": object}
        for s, p, o, g in rows(ask(self, _pattern(given, graph_name))):
            yield ox.Quad(subject or s, predicate or p, object or o, g or ox.DefaultGraph())  # type: ignore[arg-type]

    def __contains__(self, quad: ox.Quad) -> bool:
        graph = quad.graph_name
        assert not isinstance(graph, ox.BlankNode)
        return any(self.quads_for_pattern(quad.subject, quad.predicate, quad.object, graph))


def address(url: str) -> str:
    """The address of an endpoint unchanged; BadQuery when it is not an http or https address.

    >>> address("https://example.org/sparql")
    'https://example.org/sparql'
    """
    if not is_address(url):
        raise BadQuery(f"{url!r} is not the address of an endpoint; give one such as https://example.org/sparql")
    return url


def is_address(url: str) -> bool:
    """Whether a text is an absolute http or https address and an IRI."""
    try:
        parts = urlsplit(ox.NamedNode(url).value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def ask(endpoint: Endpoint, text: str) -> Result:
    """The answer to a query that is sent unchanged, and again when the endpoint is busy."""
    for left in reversed(range(TRIES)):
        answer = _posted(endpoint, text)
        if answer.status_code not in (429, 503) or not left:
            break
        time.sleep(pause(answer.headers.get("retry-after", "")))
    return _read(endpoint, answer)


def _posted(endpoint: Endpoint, text: str) -> "httpx.Response":
    import httpx  # slow to import, and needed by endpoints only

    form = sparql_text.form(text)
    accept = ACCEPT_GRAPH if form and form.word in ("CONSTRUCT", "DESCRIBE") else ACCEPT_TABLE
    headers = {"Accept": accept, "User-Agent": f"kgraph/{__version__}"}
    try:
        return httpx.post(
            endpoint.url,
            data={"query": text},
            headers=headers,
            timeout=endpoint.seconds,
            follow_redirects=True,
            verify=_certificates(),
        )
    except httpx.TimeoutException as error:
        raise Timeout(f"{endpoint.url} gave no answer within {endpoint.seconds:g} s") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise EndpointError(f"{endpoint.url} cannot be asked: {error}") from error


@cache
def _certificates() -> "ssl.SSLContext":
    """The authorities that httpx trusts, read once: 30 ms of CPU."""
    import httpx

    return httpx.create_ssl_context()


def pause(retry_after: str) -> float:
    """Seconds to wait by the header Retry-After, which is a number of seconds or a date."""
    if retry_after.isdecimal():
        return min(float(retry_after), LONGEST_WAIT)
    try:
        return max(0.0, min(parsedate_to_datetime(retry_after).timestamp() - time.time(), LONGEST_WAIT))
    except ValueError:
        return 1.0


def _read(endpoint: Endpoint, answer: "httpx.Response") -> Result:
    if answer.status_code >= 400:
        raise _refusal(endpoint, answer)
    media = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.headers.get("x-kgraph-truncated") or b'"kgraph:truncated"' in answer.content[-40:]:
        raise LimitExceeded(f"{endpoint.url} cut its answer short; add a LIMIT, or ask for less")
    try:
        if media in TABLE_MEDIA:
            return ox.parse_query_results(answer.content, TABLE_MEDIA[media])
        if media in GRAPH_MEDIA:
            copied = _store(quad.triple for quad in ox.parse(answer.content, GRAPH_MEDIA[media]))
            return copied.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    except (SyntaxError, ValueError) as error:
        raise EndpointError(f"{endpoint.url} gave an answer that is not whole or not valid: {error}") from error
    raise EndpointError(f"{endpoint.url} answered with {media or 'nothing'}; is this a SPARQL endpoint?")


def _refusal(endpoint: Endpoint, answer: "httpx.Response") -> EndpointError | BadQuery:
    said = _sentence(answer)
    if answer.status_code == 400:
        return BadQuery(f"{endpoint.url} does not take the query: {said}")
    kind = Busy if answer.status_code in (429, 503) else EndpointError
    return kind(f"{endpoint.url} answered {answer.status_code}: {said}")


def _sentence(answer: "httpx.Response") -> str:
    """The endpoint's error message, 300 characters at most."""
    if answer.headers.get("content-type", "").startswith(PROBLEM):
        return str(answer.json().get("detail", ""))
    if "html" in answer.headers.get("content-type", ""):
        return answer.reason_phrase
    return " ".join(answer.text.split())[:300]


def _store(triples: Iterable[ox.Triple]) -> ox.Store:
    store = ox.Store()
    store.bulk_extend(ox.Quad(*triple) for triple in triples)
    return store


def _limited(text: str) -> str:
    """A query without `VALUES ?name { UNDEF }`, which restricts nothing except, against the standard, in Virtuoso."""
    undefined = (found for found in sparql_text.parameters(text) if found.default == "UNDEF")
    return sparql_text.spliced(text, ((found.start, found.closing + 1, "") for found in undefined))


def declared(text: str, prefixes: Mapping[str, str]) -> str:
    """A query with a declaration for each known prefix that it uses and does not declare."""
    missing = sorted(prefixes.keys() & sparql_text.undeclared(text))
    return "".join(f"PREFIX {prefix}: <{prefixes[prefix]}>\n" for prefix in missing) + text


def _here(
    endpoint: Endpoint,
    plain: str,
    text: str,
    prefixes: Mapping[str, str],
    functions: dict[ox.NamedNode, Callable[..., Term | None]],
) -> Result:
    """The answer to a query with our own functions, from a copy of the triples with the predicates that it names."""
    predicates = " ".join(f"<{iri}>" for iri in sorted(sparql_text.iris(text, prefixes)))
    copied = ask(endpoint, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?p {{ {predicates} }} ?s ?p ?o }}")
    assert isinstance(copied, ox.QueryTriples)
    try:
        return _store(copied).query(plain, custom_functions=functions)
    except SyntaxError as error:
        raise BadQuery(f"not valid SPARQL 1.1: {error.msg}") from error


def _pattern(given: Mapping[str, Term | None], graph: ox.NamedNode | ox.DefaultGraph | None) -> str:
    parts = " ".join(f"?{name}" if value is None else str(value) for name, value in given.items())
    default, named = f"{{ {parts} }}", f"{{ GRAPH ?g {{ {parts} }} }}"
    if isinstance(graph, ox.NamedNode):
        pattern = f"VALUES ?g {{ {graph} }} {named}"
    else:
        pattern = default if graph else f"{default} UNION {named}"
    return f"SELECT ?s ?p ?o ?g WHERE {{ {pattern} }}"
