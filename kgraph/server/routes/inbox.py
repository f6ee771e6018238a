"""The inbox of curators: what waits in a queue, and answers, which the data folder keeps.

Any page of this server may read a queue. Writing takes the token, like updates.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kgraph.base import problems as faults
from kgraph.base.media import JSON
from kgraph.base.problems import fault
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadData, BadQuery, KgraphError, NotFound
from kgraph.server.http import protocol
from kgraph.server.http.openapi import TEXT, DescribedRoute, Json, Operation, get
from kgraph.server.http.problems import problem
from kgraph.server.http.protocol import UnsupportedMediaType
from kgraph.server.http.refusals import without_token
from kgraph.server.inbox import queue as writing
from kgraph.server.inbox.identity import IDENTITIES
from kgraph.server.inbox.queue import Answer, Conflict, Editing, Queue
from kgraph.server.pool.jobs import Query
from kgraph.server.served import Served
from kgraph.server.shown import RENDERED, Bind, Shown

QUEUES: Mapping[str, Queue] = {"identity": IDENTITIES}
LONGEST, NAME, REASON = 20_000, 200, 2_000
"""The most bytes of a request, and the most characters of a name and of a reason."""

FAILS = (401, 403, 404, 409, 413, 415, 503)
FRESH = {"Cache-Control": "no-store"}
SEEN: Json = {"type": ["string", "null"], "description": "the tag of the answer that the curator has seen"}
ANSWER: Json = {
    "type": "object",
    "required": ["item", "verdict", "by", "why", "seen"],
    "properties": {
        **dict.fromkeys(("item", "verdict", "by"), TEXT),
        "why": {"type": "object", "description": "the reason by language", "additionalProperties": TEXT},
        "seen": SEEN,
    },
}
UNDO: Json = {"type": "object", "required": ["item", "seen"], "properties": {"item": TEXT, "seen": SEEN}}
Write = Callable[[Editing, str, Queue, Mapping[str, object]], None]


def routes(served: Served, bind: Bind) -> list[DescribedRoute]:
    """The addresses of the queues, of a server that takes answers; none for others."""
    if served.editing is None:
        return []
    read = Operation("The answers in the file of a queue", fails=(404, 409))
    return [
        *items(bind),
        DescribedRoute(
            "/inbox/{queue}", partial(_queue, served), get=read, post=_operation("Answer an item of a queue", ANSWER)
        ),
        DescribedRoute(
            "/inbox/{queue}/undo", partial(_changed, served, _undo), post=_operation("Take an answer back", UNDO)
        ),
    ]


def _operation(summary: str, body: Json) -> Operation:
    return Operation(summary, fails=FAILS, body={JSON.media: body})


def items(bind: Bind) -> list[DescribedRoute]:
    """The addresses of what waits in the queues."""
    summary = "What waits in a queue, the most valuable first"
    return [get("/inbox/{queue}/items", bind(_items), summary, fails=(*RENDERED, 404))]


def _items(shown: Shown, request: Request) -> Response:
    return JSONResponse(_of(request)[1].items(shown.book))


def _of(request: Request) -> tuple[str, Queue]:
    name = request.path_params["queue"]
    if name not in QUEUES:
        raise NotFound(f"no queue {name!r}; there are {', '.join(QUEUES)}")
    return name, QUEUES[name]


async def _queue(served: Served, request: Request) -> Response:
    if request.method == "POST":
        return await _changed(served, _answer, request)
    _, queue = _of(request)
    assert served.editing is not None
    return await _told(served.editing, queue, lambda: None)


async def _changed(served: Served, write: Write, request: Request) -> Response:
    """The state of a queue after a write; a refusal, or what speaks against it, in every language."""
    editing, (name, queue) = served.editing, _of(request)
    assert editing is not None
    if refusal := without_token(served, request, editing.token):
        return refusal
    given = await _given(request)
    subjects = queue.subjects(_text(given, "item", NAME * 4))
    if write is _answer and (gone := await _gone(served, subjects)):
        return _refused(Conflict(fault("inbox-gone", thing=gone.value)))
    return await asyncio.shield(_written(editing, queue, partial(write, editing, name, queue, given)))


async def _written(editing: Editing, queue: Queue, write: Callable[[], None]) -> Response:
    """The state of a queue after a write; no other begins before it ends, even when its client disconnects."""
    async with editing.lock:
        return await _told(editing, queue, write)


async def _given(request: Request) -> Mapping[str, object]:
    """The JSON object in the body of a request."""
    if protocol.content_type(request)[0] != JSON.media:
        raise UnsupportedMediaType(f"send {JSON.media}")
    try:
        found = json.loads(await protocol.body(request, LONGEST))
    except (ValueError, RecursionError) as error:
        raise BadQuery("the body is not JSON") from error
    if not isinstance(found, dict):
        raise BadQuery("the body is not a JSON object")
    return found


def _text(given: Mapping[str, object], name: str, most: int) -> str:
    """A member of the body that is a text, with plain spaces only; BadQuery for another, an empty or a long one."""
    found = given.get(name)
    text = " ".join(found.split()) if isinstance(found, str) else ""
    if not text or len(text) > most or not text.isprintable():
        raise BadQuery(f"“{name}” takes a text of 1 to {most} characters")
    return text


def _seen(given: Mapping[str, object]) -> str | None:
    return None if given.get("seen") is None else _text(given, "seen", NAME)


def _answer(editing: Editing, name: str, queue: Queue, given: Mapping[str, object]) -> None:
    verdict, why = _text(given, "verdict", NAME), given.get("why")
    if verdict not in queue.verdicts:
        raise BadQuery(f"“verdict” takes {', '.join(queue.verdicts)}")
    if not isinstance(why, dict) or not why or not why.keys() <= {*LANGUAGES}:
        raise BadQuery(f"“why” takes an object with a text for {' or '.join(LANGUAGES)}")
    reasons = tuple((lang, _text(why, lang, REASON)) for lang in LANGUAGES if lang in why)
    made = Answer(_text(given, "item", NAME * 4), verdict, _text(given, "by", NAME), date.today().isoformat(), reasons)
    writing.answer(editing, name, queue, made, _seen(given))


def _undo(editing: Editing, name: str, queue: Queue, given: Mapping[str, object]) -> None:
    writing.undo(editing, name, queue, _text(given, "item", NAME * 4), _seen(given))


async def _gone(served: Served, things: Iterable[ox.NamedNode]) -> ox.NamedNode | None:
    """The first thing of which the graph says nothing."""
    for thing in things:
        found = await served.evaluator.evaluate(Query(f"ASK {{ {{ {thing} ?p ?o }} UNION {{ ?s ?p {thing} }} }}"))
        if not isinstance(found.content, bytes) or b"true" not in found.content:
            return thing
    return None


async def _told(editing: Editing, queue: Queue, act: Callable[[], None]) -> Response:
    """The state of a queue after an act; what cannot be done with its file as it is comes in every language."""

    def done() -> Mapping[str, object]:
        act()
        return writing.state(editing, queue)

    try:
        return JSONResponse(await asyncio.to_thread(done), headers=FRESH)
    except (Conflict, BadData) as error:
        return _refused(error)


def _refused(error: KgraphError) -> Response:
    said = {lang: faults.worded(error, lang) for lang in LANGUAGES}
    return problem(409, "Conflict", said["en"], FRESH, words=said)
