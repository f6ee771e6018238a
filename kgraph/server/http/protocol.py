"""Requests of the SPARQL Protocol (https://www.w3.org/TR/sparql11-protocol/), and the bodies of others."""

import asyncio
from dataclasses import dataclass
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.requests import Request

from kgraph.base.media import FORM, GRAPHS, QUERY, TABLES, UPDATE, offered
from kgraph.errors import BadQuery, KgraphError, LimitExceeded

TIMEOUT = 30
"""Seconds in which the body of a request must arrive."""

PARAMETERS = 1000
"""The most pairs of name and value in a form or an address."""

Pairs = list[tuple[str, str]]


class UnsupportedMediaType(KgraphError):
    """The media type or encoding of the body is not supported (RFC 9110, section 15.5.16)."""


class TooSlow(KgraphError):
    """The body did not arrive in time (RFC 9110, section 15.5.9)."""


DAY = "as-of"
"""The parameter of pages and data that have a day."""


@dataclass(frozen=True)
class SparqlOperation:
    """A query or update operation with its dataset; without a text, a request for the service description.

    `form` is the media type that the parameter `format` asks for, in place of Accept.
    """

    text: str | None
    is_update: bool = False
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    form: str | None = None


async def operation(request: Request, most: int) -> SparqlOperation:
    """The one query or update in a request (sections 2.1 and 2.2), whose body has at most `most` bytes.

    Raises BadQuery, LimitExceeded, TooSlow or UnsupportedMediaType.
    """
    given, is_post = pairs(request.scope["query_string"]), request.method == "POST"
    if is_post:
        given += await _posted(request, most)
    named = dict(given)
    if "update" in named and not is_post:
        raise BadQuery("send an update with POST")
    texts = [(name == "update", value) for name, value in given if name in ("query", "update")]
    if DAY in named:
        raise BadQuery(f"a SPARQL query takes no day: leave {DAY} out, or compare dates in the query")
    if not texts and not is_post:
        return SparqlOperation(None)
    if len(texts) != 1:
        raise BadQuery("give one query or update, not several" if texts else "give a query or an update")
    is_update, text = texts[0]
    kinds = ("using-graph-uri", "using-named-graph-uri") if is_update else ("default-graph-uri", "named-graph-uri")
    default, others = (
        tuple(iri(value, kind) for key, value in given if key == kind) if kind in named else () for kind in kinds
    )
    return SparqlOperation(text, is_update, default, others, _form(named.get("format")))


def _form(name: str | None) -> str | None:
    """The media type of a format, given by its name, such as `csv`, or by a media type; BadQuery for an unknown one."""
    if not name:
        return None
    names = {known.name: known.media for known in (*TABLES, *GRAPHS)}
    medias = {*offered(TABLES), *offered(GRAPHS)}
    if name not in names and name not in medias:
        raise BadQuery(f"no format {name!r}; there are {', '.join(names)}")
    return names.get(name, name)


async def _posted(request: Request, most: int) -> Pairs:
    media, charset = content_type(request)
    if media not in (FORM, QUERY.media, UPDATE.media):
        raise UnsupportedMediaType(f"send {QUERY.media}, {UPDATE.media} or a form ({FORM})")
    if charset not in ("", "utf-8", "utf8"):
        raise BadQuery("send UTF-8")
    content = await body(request, most)
    if media == FORM:
        return await asyncio.to_thread(pairs, content)
    try:
        return [("query" if media == QUERY.media else "update", content.decode())]
    except UnicodeDecodeError as error:
        raise BadQuery(f"the text is not UTF-8 at byte {error.start}") from error


def content_type(request: Request) -> tuple[str, str]:
    """The media type of a body and its charset, in lower case."""
    media, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = next((p.partition("=")[2] for p in parameters.split(";") if p.strip().startswith("charset=")), "")
    return media.strip(), charset.strip(' "')


def pairs(encoded: bytes) -> Pairs:
    """The names and values of a form or an address; BadQuery when they are not UTF-8."""
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=PARAMETERS)
    except ValueError as error:
        raise BadQuery("the form or the address is not percent-encoded UTF-8") from error


async def body(request: Request, most: int) -> bytes:
    """The body of a request, of which at most `most` bytes are read."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedMediaType("send the body as it is, without Content-Encoding")
    too_long = LimitExceeded(f"at most {most} bytes are taken")
    if int(request.headers.get("content-length", "0")) > most:
        raise too_long
    parts = bytearray()
    try:
        async with asyncio.timeout(TIMEOUT):
            async for part in request.stream():
                parts += part
                if len(parts) > most:
                    raise too_long
    except TimeoutError as error:
        raise TooSlow(f"the body did not arrive within {TIMEOUT} s") from error
    return bytes(parts)


def iri(value: str, name: str) -> str:
    """The value of a parameter that is an absolute IRI; BadQuery when it is none."""
    try:
        return ox.NamedNode(value).value
    except ValueError as error:
        raise BadQuery(f"{name} takes an absolute IRI, not {value!r}") from error
