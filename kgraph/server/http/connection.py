"""Connections of HTTP/1.1 (https://www.rfc-editor.org/rfc/rfc9112), with bounds on what each client may send and hold.

A request beyond a bound gets a problem document, and its connection ends. So no client takes the event loop, the memory
or the descriptors from all others.
"""

import asyncio
import json
import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import unquote

import httptools
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from kgraph.base.media import PROBLEM
from kgraph.server.http.capacity import ACCEPTED, Capacity, host_of
from kgraph.server.http.proxies import Proxies, scheme

HEAD_SECONDS = 10
"""Seconds for the head of a request, from the opening of the connection or the first byte of a later request."""

IDLE_SECONDS = 5
"""Seconds that a connection stays open between two requests."""

UNREAD_SECONDS = 30
"""Seconds after which a connection ends whose client takes no byte of its answer."""

LINGER_SECONDS = 2
"""Seconds in which the rest of a refused request is read and dropped, so that its client sees the refusal."""

TARGET_BYTES = 512 * 1024
"""Bytes of the target of a request: it may hold a query of 64 K characters, percent-encoded."""

FIELD_BYTES, FIELDS_BYTES, FIELDS = 8 * 1024, 64 * 1024, 100
"""Bytes of one header field and of all, and their number (RFC 6585, section 5)."""

CHUNKS, CHUNK_BYTES = 500, 64
"""Chunks of a body of any size; when there are more, bytes that they must have on average."""

FRAMING_BYTES = 512 * 1024
"""Bytes that the chunks of a body may take beyond twice its content."""

PIPELINED = 32
"""Requests that may wait for the answer to an earlier one on their connection."""

JOINED_BYTES = 16 * 1024
"""Bytes of a body that is copied behind its head, so that both are sent at once."""

LEAVING = "kgraph.leaving"
"""The extension of a scope by which a handler is told that its client has left, without a task that waits for it."""

PROBE_SECONDS = 0.2
"""Seconds from the end of what a client sends to the first look whether it is still there; each further one doubles."""


ADDED = {
    HTTPStatus.SERVICE_UNAVAILABLE: "retry-after: 5\r\n",
    HTTPStatus.METHOD_NOT_ALLOWED: "allow: GET, HEAD, POST\r\n",
}
"""The field that an answer with a status must or should have (RFC 9110, sections 15.5.6 and 15.6.4)."""


class Refusal(Exception):
    """A request that is not taken: its status, and a sentence."""

    def __init__(self, status: int, sentence: str, title: str = "") -> None:
        super().__init__(sentence)
        self.status = HTTPStatus(status)
        self.title = title or "".join(filter(str.isalpha, self.status.phrase.title()))

    def answer(self) -> bytes:
        """The whole answer: a problem document (RFC 9457) after which the connection ends."""
        told = {"type": "about:blank", "title": self.title, "status": self.status.value, "detail": str(self)}
        body = json.dumps(told).encode()
        added = ADDED.get(self.status, "")
        head = (
            f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\ncontent-type: {PROBLEM}\r\n{added}"
            f"content-length: {len(body)}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
        )
        return head.encode("ascii") + body


OVERLOADED = Refusal(503, "too many connections are open; try again later", "Busy")


class Cycle(RequestResponseCycle):
    """A request and its answer, whose handler can be told at once that the client has left.

    The head goes out in one packet with the beginning of the body, after one check of all fields: uvicorn searches each
    name and value, which takes longer than all else that it does for a small answer.
    """

    leave: Callable[[], object] | None = None
    head = b""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.scope["extensions"] = {LEAVING: {"register": self.on_leaving}}

    def on_leaving(self, leave: Callable[[], object] | None) -> None:
        """Have a function called when the client leaves, or none."""
        self.leave = leave
        if leave and self.disconnected:
            leave()

    def end(self) -> None:
        """Take note that the client has left, or gets no answer."""
        self.disconnected = True
        self.message_event.set()
        if self.leave:
            self.leave()

    async def send(self, message: Any) -> None:
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        if not self.response_started:
            self._start(message["status"], message["headers"])
        else:
            self._write(message.get("body", b""), more=message.get("more_body", False))

    def _start(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Hold the head back until the body begins; names of fields are in lower case (ASGI)."""
        self.response_started, self.waiting_for_100_continue = True, False
        fields = [*self.default_headers, *headers]
        given = dict(fields)
        self.expected_content_length = int(given.get(b"content-length", b"0"))
        has_body = self.scope["method"] != "HEAD" and status not in (204, 304)
        self.chunked_encoding = has_body and b"content-length" not in given
        if self.chunked_encoding:
            fields.append((b"transfer-encoding", b"chunked"))
        if b"close" in given.get(b"connection", b""):
            self.keep_alive = False
        elif not self.keep_alive:
            fields.append((b"connection", b"close"))
        self.head = b"".join([STATUS_LINE[status], *[b"%b: %b\r\n" % field for field in fields], b"\r\n"])
        if not self.head.count(b"\n") == self.head.count(b"\r") == len(fields) + 2:
            raise RuntimeError("a header field has a line break")

    def _write(self, body: bytes, *, more: bool) -> None:
        if self.scope["method"] == "HEAD":
            body, self.expected_content_length = b"", 0
        elif self.chunked_encoding:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"" if more else b"0\r\n\r\n")
        else:
            self.expected_content_length -= len(body)
        if self.expected_content_length < 0 or (self.expected_content_length and not more):
            raise RuntimeError("the body has not the length that its head says")
        if len(body) < JOINED_BYTES:
            self.transport.write(self.head + body)
        else:
            self.transport.writelines((self.head, body))
        self.head = b""
        if not more:
            self._complete()

    def _complete(self) -> None:
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


class Connection(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 protocol with bounds.

    It relies on attributes that uvicorn does not document, hence the upper bound of uvicorn in pyproject.toml.
    """

    def __init__(self, capacity: Capacity, proxies: Proxies, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.capacity = capacity
        self.proxies = proxies
        self.host = ""
        self.is_proxy = self.is_overload = self.is_refused = False
        self.running: Cycle | None = None
        self.is_in_head = self.is_chunked = False
        self.head_bytes = self.field_bytes = self.wire_bytes = self.body_bytes = self.chunks = 0
        self.deadline = math.inf
        self.unread, self.read_at = 0, 0.0

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self.running is None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.deadline = self.loop.time() + HEAD_SECONDS
        if self.client is None:
            return
        self.is_proxy = self.proxies.trust(self.client[0])
        self.host = "" if self.is_proxy else host_of(self.client[0])
        if not self.capacity.add(self, self.host):
            self.is_overload, self.deadline = True, self.loop.time() + LINGER_SECONDS
            if not self.capacity.refuse(self):
                self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.capacity.remove(self, self.host)
        for cycle in self._unanswered():
            cycle.end()
        self.pipeline.clear()
        super().connection_lost(exc)

    def abort(self) -> None:
        self.transport.abort()

    def check(self, now: float) -> None:
        """End the connection when a deadline is over, or when its client takes no byte of an answer."""
        unread = self.transport.get_write_buffer_size()
        if not unread or unread != self.unread:
            self.unread, self.read_at = unread, now
        elif now - self.read_at > UNREAD_SECONDS:
            self.abort()
        if now > self.deadline and self.is_refused:
            self.abort()
        elif now > self.deadline and not unread:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        if self.is_overload and not self.is_refused:
            self._end_with(OVERLOADED)
        if self.is_refused:
            return
        self.head_bytes += len(data)
        self.wire_bytes += len(data)
        try:
            self._parse(data)
            self._check_sizes()
        except (Refusal, httptools.HttpParserError) as error:
            cause = error if isinstance(error, Refusal) else error.__context__
            self.refuse(cause if isinstance(cause, Refusal) else Refusal(400, "this is no request of HTTP/1.1"))

    def _parse(self, data: bytes) -> None:
        """Parse bytes; a request for another protocol is read again as HTTP/1.1 (RFC 9110, section 7.8).

        The parser takes a body after `Upgrade` for another protocol, but Java's client asks for HTTP/2 in each first
        request and sends the body as usual.
        """
        rest = data
        while rest:
            try:
                self.parser.feed_data(rest)
                rest = b""
            except httptools.HttpParserUpgrade as upgrade:
                rest = self._without_upgrade() + rest[upgrade.args[0] :]

    def _without_upgrade(self) -> bytes:
        """The head of the request without its wish for another protocol, and a new parser for it."""
        ends = any(name == b"connection" and b"close" in value.lower() for name, value in self.headers)
        kept = [field for field in self.headers if field[0] not in (b"upgrade", b"connection")]
        kept += [(b"connection", b"close")] if ends else []
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        line = b" ".join((self.scope["method"].encode("ascii"), self.url, b"HTTP/1.1"))
        return b"\r\n".join((line, *map(b": ".join, kept), b"", b""))

    def _check_sizes(self) -> None:
        """Refuse a head whose unfinished field is too long, and a body with too much around its content."""
        if self.is_in_head and self.head_bytes - len(self.url) > FIELDS_BYTES:
            raise Refusal(431, f"at most {FIELDS_BYTES} bytes of header fields are taken")
        if self.is_chunked and self.wire_bytes > 2 * self.body_bytes + FRAMING_BYTES:
            raise Refusal(400, "the chunks of the body have too long extensions or trailers")

    def on_message_begin(self) -> None:
        self.is_in_head, self.is_chunked = True, False
        if len(self.pipeline) >= PIPELINED:
            raise Refusal(400, f"at most {PIPELINED} requests may wait for an answer")
        super().on_message_begin()
        if self.cycle is not None and self.running is None:
            self.deadline = self.loop.time() + HEAD_SECONDS
        self.head_bytes = self.field_bytes = self.body_bytes = self.chunks = 0

    def on_url(self, url: bytes) -> None:
        self.url += url
        if len(self.url) > TARGET_BYTES:
            raise Refusal(414, f"at most {TARGET_BYTES} bytes of an address are taken; send the query with POST")

    def on_header(self, name: bytes, value: bytes) -> None:
        size = len(name) + len(value)
        self.field_bytes += size
        if size > FIELD_BYTES or self.field_bytes > FIELDS_BYTES:
            raise Refusal(431, f"at most {FIELD_BYTES} bytes of a field and {FIELDS_BYTES} of all are taken")
        if len(self.headers) >= FIELDS:
            raise Refusal(431, f"at most {FIELDS} fields are taken")
        if self.is_in_head:  # a trailer must not become a field of the head (RFC 9110, section 6.5.1)
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self.is_in_head, self.wire_bytes = False, 0
        version, method = self.parser.get_http_version(), self.parser.get_method().decode("ascii")
        self.scope["method"], self.scope["http_version"] = method, version
        if method == "CONNECT":
            raise Refusal(405, "this server is no proxy")
        self._check_framing(version)
        if self.parser.should_upgrade():
            return
        self._describe()
        self.cycle = self._new_cycle(version)
        if self.running is None:
            self._run(self.cycle)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def _describe(self) -> None:
        """Fill the scope of a request."""
        scope = self.scope
        path, query = _split(self.url)
        scope["path"] = unquote(path.decode("ascii")) if b"%" in path else path.decode("ascii")
        scope["raw_path"], scope["query_string"] = path, query
        if self.is_proxy and self.client:
            scope["client"] = (self.proxies.client(self.client[0], self.headers), 0)
            scope["scheme"] = scheme(self.headers) or scope["scheme"]

    def _new_cycle(self, version: str) -> Cycle:
        return Cycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=version != "1.0" and self.parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )

    def _check_framing(self, version: str) -> None:
        """Refuse requests whose end or host is not certain (RFC 9112, sections 3.2 and 6)."""
        names = [name for name, _ in self.headers]
        if version == "1.1" and names.count(b"host") != 1:
            raise Refusal(400, "a request of HTTP/1.1 has one field Host")
        self.is_chunked = b"transfer-encoding" in names
        if self.is_chunked and (b"content-length" in names or version != "1.1"):
            raise Refusal(400, "Transfer-Encoding goes neither with Content-Length nor with HTTP/1.0")
        if self.is_chunked and b"authorization" not in names:
            raise Refusal(411, "a body without the token needs a Content-Length")

    def _run(self, cycle: Cycle) -> None:
        self.running, self.deadline = cycle, math.inf
        self._start_asgi_task(cycle, self.app)

    def on_chunk_header(self) -> None:
        self.chunks += 1
        if self.chunks > CHUNKS and self.chunks * CHUNK_BYTES > self.body_bytes:
            raise Refusal(400, f"the body has over {CHUNKS} chunks of fewer than {CHUNK_BYTES} bytes on average")

    def on_body(self, body: bytes) -> None:
        self.body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        self.running = None
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._run(cast("Cycle", self.pipeline.pop()[0]))
        elif self.is_refused:
            self._linger()
        else:
            is_within = self.is_in_head or self.cycle.more_body
            self.deadline = self.loop.time() + (HEAD_SECONDS if is_within else IDLE_SECONDS)

    def refuse(self, refusal: Refusal) -> None:
        """Answer what came before, or with a refusal where that is possible, and end the connection."""
        waiting = list(self._unanswered())
        if waiting and self.is_in_head:
            self.is_refused = True
            self.flow.resume_reading()
        elif waiting and (waiting[0] is not self.cycle or self.cycle.response_started):
            self.abort()
        else:
            self._end_with(refusal)

    def _end_with(self, refusal: Refusal) -> None:
        self.is_refused = True
        for cycle in self._unanswered():
            cycle.end()
        self.transport.write(refusal.answer())
        self._linger()

    def _linger(self) -> None:
        """Send no more, and drop what still comes: a close with unread bytes would reset the connection."""
        self.transport.write_eof()
        self.deadline = self.loop.time() + LINGER_SECONDS

    def _unanswered(self) -> Iterator[Cycle]:
        """The requests without a complete answer, in order."""
        if self.running and not self.running.response_complete:
            yield self.running
        yield from (cast("Cycle", cycle) for cycle, _ in reversed(self.pipeline))

    def eof_received(self) -> bool:  # type: ignore[override]
        """Whether the connection stays open: a client that sends no more may wait for its answers.

        One that has gone sends the same end. A second write to it fails, so interim answers tell the two apart
        (RFC 9110, section 15.2); HTTP/1.0 has none.
        """
        waiting = list(self._unanswered())
        if not waiting or self.is_refused or self.cycle.more_body:
            return False
        waiting[-1].keep_alive = False
        self.loop.call_later(PROBE_SECONDS, self._probe, PROBE_SECONDS)
        return True

    def _probe(self, wait: float) -> None:
        cycle = self.running
        if cycle is None or cycle.response_started or self.transport.is_closing():
            return
        if cycle.scope["http_version"] != "1.1":
            self.abort()
            return
        self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.loop.call_later(wait, self._probe, 2 * wait)


def _split(target: bytes) -> tuple[bytes, bytes]:
    """The path and query of a request's target (RFC 9112, section 3.2)."""
    if not target.startswith(b"/") and b"://" in target:
        rest = target.partition(b"://")[2]
        at = min((at for sign in b"/?" if (at := rest.find(sign)) >= 0), default=len(rest))
        target = rest[at:] if rest[at : at + 1] == b"/" else b"/" + rest[at:]
    elif not target.startswith(b"/") and target != b"*":
        raise Refusal(400, "the target of the request is no path")
    path, _, query = target.partition(b"#")[0].partition(b"?")
    return path, query


def configuration(app: ASGIApp, capacity: Capacity, proxies: Proxies) -> uvicorn.Config:
    """The settings of uvicorn for an application."""
    return uvicorn.Config(
        app,
        http=cast("type[asyncio.Protocol]", partial(Connection, capacity, proxies)),
        ws="none",
        backlog=ACCEPTED,
        lifespan="off",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
